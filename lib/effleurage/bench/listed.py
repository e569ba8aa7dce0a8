"""Figures of the suite, each beside its yardstick, measured in the same run.

A row is a function that measures and returns a :class:`Row`; ``@row`` puts it on the list. Rows that need a
browser say so and wait until they are asked for.

>>> Row("a", 1.0, 2.0, "s", 0.5, 0.4, "why").reached
False
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from effleurage.errors import UsageError, unknown

REPEATS = 5


@dataclass(frozen=True)
class Row:
    """One figure. ``ratio`` is ours over yardstick, ``reach`` the ratio to reach.

    Where the yardstick is not installed, it and the ratio are None and the note says how to get it.
    """

    what: str
    ours: float
    yardstick: float | None
    unit: str
    ratio: float | None
    reach: float
    note: str

    @property
    def reached(self) -> bool:
        """Tell whether the ratio is small enough."""
        return self.ratio is not None and self.ratio <= self.reach


@dataclass(frozen=True)
class Item:
    """A row that can be measured: its name, what to reach, whether it needs a browser, how to measure it."""

    what: str
    reach: float
    unit: str
    browser: bool
    measure: Callable[[], tuple[float, float | None, str]]

    def __call__(self) -> Row:
        """Measure it."""
        ours, yardstick, note = self.measure()
        ratio = None if yardstick is None else ours / yardstick
        return Row(self.what, ours, yardstick, self.unit, ratio, self.reach, note)


REGISTRY: list[Item] = []


def row(what: str, reach: float, unit: str = "s", browser: bool = False) -> Callable:
    """Put a measurement on the list. It returns (ours, yardstick, note), both in ``unit``.

    >>> @row("a word", reach=2.0)
    ... def _word():
    ...     return 1.0, 1.0, "as long as it takes"
    >>> REGISTRY.pop()().ratio
    1.0
    """

    def _listed(measure: Callable[[], tuple[float, float, str]]) -> Callable:
        REGISTRY.append(Item(what, reach, unit, browser, measure))
        return measure

    return _listed


def rows(
    browser: bool = False,
    only: Iterable[str] | None = None,
    progress: Callable[[dict[str, Any]], None] | None = None,
) -> list[dict[str, Any]]:
    """Measure all rows, or those whose name holds one of the words; one dictionary each.

    Args:
        browser: also rows that need a browser.
        only: words to choose by.
        progress: told each row as soon as it is measured.

    Raises:
        UsageError: no row holds any of the words.
    """
    chosen = [item for item in REGISTRY if browser or not item.browser]
    if only is not None:
        words = [word.lower() for word in only]
        chosen = [item for item in chosen if any(word in item.what.lower() for word in words)]
        if not chosen:
            raise UsageError.of([unknown("bench", "row", " ".join(words), [item.what for item in REGISTRY])])
    found = []
    for item in chosen:
        found.append(asdict(item()))
        if progress:
            progress(found[-1])
    return found


def in_words(found: Iterable[dict[str, Any]]) -> str:
    """Say the rows, one line each.

    >>> print(in_words([asdict(Row("a", 1.0, 2.0, "s", 0.5, 0.4, "why"))]))
    a: 1 s, yardstick 2 s, ratio 0.5 (reach 0.4: not reached); why
    """
    return "\n".join(_line(Row(**one)) for one in found)


def _line(one: Row) -> str:
    note = f"; {one.note}" if one.note else ""
    if one.yardstick is None:
        return f"{one.what}: {one.ours:.3g} {one.unit}, no yardstick (reach {one.reach:g}){note}"
    reached = "reached" if one.reached else "not reached"
    figures = f"{one.ours:.3g} {one.unit}, yardstick {one.yardstick:.3g} {one.unit}"
    return f"{one.what}: {figures}, ratio {one.ratio:.2g} (reach {one.reach:g}: {reached}){note}"


def seconds(code: str) -> float:
    """Return the seconds a fresh Python takes for some code, without its own start: measured inside."""
    timed = f"import time; t = time.perf_counter(); {code}; print(time.perf_counter() - t)"
    return float(fresh(timed))


def fresh(code: str) -> str:
    """Return what some code prints in a fresh Python."""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    return found.stdout.strip().splitlines()[-1]


def seconds_of(first: str, then: str) -> float:
    """Return the seconds that some code takes in a fresh Python, after other code has prepared it."""
    return float(
        fresh(f"{first}\nimport time; t = time.perf_counter()\n{then}\nprint(time.perf_counter() - t)")
    )


def in_turn(*measures: Callable[[], float], repeats: int = REPEATS) -> tuple[float, ...]:
    """Return the median of each measure; they take turns, so that a slow moment hits all of them."""
    found = [[measure() for measure in measures] for _ in range(repeats)]
    return tuple(median(column) for column in zip(*found, strict=True))


def clock(work: Callable[[], Any]) -> float:
    """Return the seconds that some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
