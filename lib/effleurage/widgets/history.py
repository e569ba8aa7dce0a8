"""Undo and redo of plain values.

>>> past = History()
>>> past.remember({"a": 1}, {"a": 2})
>>> past.back({"a": 2})
{'a': 1}
>>> past.again({"a": 1})
{'a': 2}
"""

from collections.abc import Hashable
from typing import Any

MOST = 200


class History:
    """What stood there before, and what was undone."""

    def __init__(self) -> None:
        """Begin without a past."""
        self.past: list[Any] = []
        self.future: list[Any] = []
        self._last: Hashable = None

    def remember(self, before: Any, now: Any, what: Hashable = None) -> None:
        """Keep the state before a change. Changes in a row with the same ``what`` are undone in one go."""
        if before == now:
            return
        if what is None or what != self._last or not self.past:
            self.past = [*self.past[-MOST + 1 :], before]
        self._last, self.future = what, []

    def back(self, now: Any) -> Any:
        """Return the state before the last change; ``now`` when there is none."""
        return self._turn(self.past, self.future, now)

    def again(self, now: Any) -> Any:
        """Return the state that was undone last; ``now`` when there is none."""
        return self._turn(self.future, self.past, now)

    def _turn(self, source: list[Any], goal: list[Any], now: Any) -> Any:
        self._last = None
        if not source:
            return now
        goal.append(now)
        return source.pop()
