"""Published trials as plain rows, and the teaching model beside them.

``results`` and ``studies`` are what was published; ``compare`` puts a whole study beside the same study in
the model; ``fitted`` holds every figure the model was fitted on beside what it says about it.
"""

from effleurage.evidence.compare import (
    Attendance,
    Comparison,
    attendance,
    chart_rows,
    compare,
    interval_of,
    where_off,
)
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
    "interval_of",
    "results",
    "studies",
    "where_off",
]
