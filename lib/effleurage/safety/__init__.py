"""Protocol and client against the rules: stop, clearance, avoid the site, limit, adapt, and ask.

The screen decides nothing for the therapist. It shows which rule applies, why, from which source, and what
follows for the hands. Unknown is not clear: a question that a rule needs and nobody asked stands among
the asks.
"""

from effleurage.safety.matrix import OUTCOMES, Row, cell, matrix, outcome
from effleurage.safety.screen import (
    KIND_NAMES,
    Ask,
    Finding,
    Screen,
    check,
    reach,
    seal,
    spots_of,
)
from effleurage.safety.triggers import Verdict, judge, matches
from effleurage.safety.words import (
    SIGNS,
    STANDINGS,
    URGENCIES,
    ask_line,
    effect,
    finding_lines,
    in_words,
    source_names,
    summary,
    where,
)

__all__ = [
    "KIND_NAMES",
    "OUTCOMES",
    "SIGNS",
    "STANDINGS",
    "URGENCIES",
    "Ask",
    "Finding",
    "Row",
    "Screen",
    "Verdict",
    "ask_line",
    "cell",
    "check",
    "effect",
    "finding_lines",
    "in_words",
    "judge",
    "matches",
    "matrix",
    "outcome",
    "reach",
    "seal",
    "source_names",
    "spots_of",
    "summary",
    "where",
]
