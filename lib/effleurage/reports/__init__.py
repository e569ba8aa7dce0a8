"""The parts of reports and lessons in words and tables: Markdown that reads on screen, on paper and aloud.

>>> from effleurage import intake, protocol, safety
>>> design, person = protocol.load("neck-pain-chronic-60"), intake.load("driver-neck")
>>> print(in_short(safety.check(design, person), None))
Do not work today: stop and refer. No plan is made.
"""

from effleurage.reports.claims import effects, references, sources_of, thresholds
from effleurage.reports.model import WHAT_IT_IS_NOT, attended, compared, listed, outlook, side_by_side
from effleurage.reports.pairs import outcomes_legend, pairs, pairs_by_case, pairs_in_short
from effleurage.reports.people import client, in_short, screened
from effleurage.reports.plans import first_of_each_phase, goals, sessions, steps
from effleurage.reports.words import Words, plain, table, together

__all__ = [
    "WHAT_IT_IS_NOT",
    "Words",
    "attended",
    "client",
    "compared",
    "effects",
    "first_of_each_phase",
    "goals",
    "in_short",
    "listed",
    "outcomes_legend",
    "outlook",
    "pairs",
    "pairs_by_case",
    "pairs_in_short",
    "plain",
    "references",
    "screened",
    "sessions",
    "side_by_side",
    "sources_of",
    "steps",
    "table",
    "thresholds",
    "together",
]
