"""Outcomes: scores of a client's visits, and what may be said about their change.

>>> course = load("neck-one-client").client()
>>> course.measures
('ndi', 'nprs')
"""

from effleurage.outcomes.changes import Against, Change, change, measure_of
from effleurage.outcomes.reading import from_rows, read_visits, to_rows
from effleurage.outcomes.samples import Sample, load, sample_names, samples
from effleurage.outcomes.scoring import Score, limb_volume, score, total
from effleurage.outcomes.tables import source_name, table, thresholds
from effleurage.outcomes.visits import Results, Visit, Visits

__all__ = [
    "Against",
    "Change",
    "Results",
    "Sample",
    "Score",
    "Visit",
    "Visits",
    "change",
    "from_rows",
    "limb_volume",
    "load",
    "measure_of",
    "read_visits",
    "sample_names",
    "samples",
    "score",
    "source_name",
    "table",
    "thresholds",
    "to_rows",
    "total",
]
