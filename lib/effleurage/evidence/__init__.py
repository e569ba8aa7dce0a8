"""Published trials as plain rows, and the teaching model beside them.

``results`` and ``studies`` are what was published; ``compare`` puts a whole study beside the same study in
the model; ``fitted`` holds every figure the model was fitted on beside what it says about it.
"""

from effleurage.evidence.agreement import Attendance, attendance, chart_rows, where_off
from effleurage.evidence.compare import Comparison, compare, implied_share, interval_of
from effleurage.evidence.fitted import Figure, fitted
from effleurage.evidence.rows import NOT_IN_HAND, Result, Study, results, studies

__all__ = [
    "NOT_IN_HAND",
    "Attendance",
    "Comparison",
    "Figure",
    "Result",
    "Study",
    "attendance",
    "chart_rows",
    "compare",
    "fitted",
    "implied_share",
    "interval_of",
    "results",
    "studies",
    "where_off",
]
