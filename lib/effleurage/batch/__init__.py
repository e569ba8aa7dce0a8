"""One report notebook for many clients: names and types checked first, finished reports are never lost.

A report notebook has one cell tagged ``parameters`` whose defaults run. A cell tagged ``in-short`` says the
report in one line; that line is told beside the name of the report.

>>> assignments(["seed=3", "protocol=neck-pain-gentle"])
{'seed': 3, 'protocol': 'neck-pain-gentle'}
"""

from effleurage.batch.orders import Made, Way, run, show
from effleurage.batch.parameters import assignments, declared
from effleurage.batch.reports import COURSE_REPORT, course_reports

__all__ = ["COURSE_REPORT", "Made", "Way", "assignments", "course_reports", "declared", "run", "show"]
