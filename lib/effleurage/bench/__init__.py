"""Figures of the suite, each beside its yardstick, measured in the same run.

>>> [item.what for item in REGISTRY][:2]
['import effleurage', 'cohort of 1,000,000 clients, 12 sessions, 4 visits']
"""

from effleurage.bench import (
    engine,  # noqa: F401  (the same)
    suite,  # noqa: F401  (puts its rows on the list)
)
from effleurage.bench.listed import REGISTRY, Item, Row, clock, in_turn, in_words, row, rows

__all__ = ["REGISTRY", "Item", "Row", "clock", "in_turn", "in_words", "row", "rows"]
