"""Figures of the suite, each beside its yardstick, measured in the same run.

>>> 'import effleurage' in [item.what for item in REGISTRY]
True
"""

from effleurage.bench import (
    engine,  # noqa: F401  (the same)
    suite,  # noqa: F401  (puts its rows on the list)
)
from effleurage.bench.listed import REGISTRY, Item, Row, clock, in_turn, in_words, row, rows

__all__ = ["REGISTRY", "Item", "Row", "clock", "in_turn", "in_words", "row", "rows"]
