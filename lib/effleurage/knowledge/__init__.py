"""What is known, as data with sources: techniques, regions, muscles, rules, measures, conditions and more.

Every entry carries its sources and its standing: ``verified``, ``secondary``, ``editorial`` (a teaching
default of this project) or ``conflict`` (sources disagree; each position is given). Users see the standing.

>>> technique = get("technique", "effleurage")
>>> technique.standing_for("minutes")
'editorial'
"""

from effleurage.knowledge.entries import (
    Claim,
    Condition,
    Entry,
    Fact,
    FindingKind,
    HomeCare,
    Id,
    Level,
    Measure,
    Medicine,
    Muscle,
    Number,
    Position,
    Range,
    Reading,
    Record,
    Region,
    RomNorm,
    Rule,
    Scope,
    Side,
    Site,
    Source,
    Stage,
    Standing,
    Technique,
    Text,
    Threshold,
    Trigger,
    Urgency,
)
from effleurage.knowledge.store import KINDS, broken_references, entries, find, get, parts

__all__ = [
    "KINDS",
    "Claim",
    "Condition",
    "Entry",
    "Fact",
    "FindingKind",
    "HomeCare",
    "Id",
    "Level",
    "Measure",
    "Medicine",
    "Muscle",
    "Number",
    "Position",
    "Range",
    "Reading",
    "Record",
    "Region",
    "RomNorm",
    "Rule",
    "Scope",
    "Side",
    "Site",
    "Source",
    "Stage",
    "Standing",
    "Technique",
    "Text",
    "Threshold",
    "Trigger",
    "Urgency",
    "broken_references",
    "entries",
    "find",
    "get",
    "parts",
]
