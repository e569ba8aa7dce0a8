"""What is known, as data with sources: techniques, regions, muscles, rules, measures, conditions and more.

Every entry carries its sources and its standing: ``verified``, ``secondary``, ``editorial`` (a teaching
default of this project) or ``conflict`` (sources disagree; each position is given). Users see the standing.

>>> technique = get("technique", "effleurage")
>>> technique.standing_for("minutes")
'editorial'
"""

from effleurage.knowledge.basics import (
    Claim,
    Entry,
    Id,
    Level,
    Number,
    Position,
    Range,
    Record,
    Side,
    Standing,
    Text,
)
from effleurage.knowledge.entries import (
    Band,
    Condition,
    Effect,
    Fact,
    HealingStage,
    HomeCare,
    Measure,
    Medicine,
    Muscle,
    Reading,
    Region,
    RomNorm,
    ScorePart,
    Site,
    Source,
    Stage,
    Technique,
    Threshold,
)
from effleurage.knowledge.known import refuse_unknown
from effleurage.knowledge.rules import FindingKind, Rule, Scope, Stepwise, Trigger, Urgency
from effleurage.knowledge.sayings import StageWord, Wording
from effleurage.knowledge.store import (
    KINDS,
    broken_references,
    document,
    entries,
    find,
    get,
    parts,
    read,
)

__all__ = [
    "KINDS",
    "Band",
    "Claim",
    "Condition",
    "Effect",
    "Entry",
    "Fact",
    "FindingKind",
    "HealingStage",
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
    "ScorePart",
    "Side",
    "Site",
    "Source",
    "Stage",
    "StageWord",
    "Standing",
    "Stepwise",
    "Technique",
    "Text",
    "Threshold",
    "Trigger",
    "Urgency",
    "Wording",
    "broken_references",
    "document",
    "entries",
    "find",
    "get",
    "parts",
    "read",
    "refuse_unknown",
]
