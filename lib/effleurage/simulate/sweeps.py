"""Many doses, conditions and comparators in one call.

A sweep asks about averages, so it uses the formulas over all posterior draws (``averages``) and no single
people: exact, without sampling noise, and a row costs milliseconds. For people, their spread and their paths
run ``cohort``.
"""

from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

import numpy as np

from effleurage.errors import UsageError
from effleurage.simulate import averages, cluster
from effleurage.simulate.asked import LAST_WEEK, check_measures, check_weeks
from effleurage.simulate.cohorts import Progress
from effleurage.simulate.doses import CONDITION, dose, with_comparators
from effleurage.simulate.parameters import model
from effleurage.simulate.runs import interval
from effleurage.simulate.showing import Bar

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 200_000


class SweepStopped(KeyboardInterrupt):
    """Somebody interrupted a sweep. ``table`` holds the rows that were done."""

    def __init__(self, table: "pd.DataFrame", done: int, asked: int) -> None:
        """Hold what was done."""
        super().__init__(f"stopped after {done:,} of {asked:,} doses")
        self.table = table


def sweep(
    doses: Sequence[str | Sequence[str]],
    conditions: Sequence[str] = (CONDITION,),
    versus: Sequence[str] = ("wait-list",),
    *,
    measures: Sequence[str] | None = None,
    weeks: Sequence[float] = (5, 10, 26),
    progress: Progress | None = None,
    scheduler: Any = None,
) -> "pd.DataFrame":
    """Work out a grid of doses, conditions and comparators.

    Args:
        doses: phases such as ``"60x2x4"``; several phases of one dose as a list of their own.
        conditions: ids of conditions.
        versus: names of the arms to compare with.
        measures: ids of measures; default is all that the model of a condition has.
        weeks: from the start.
        progress: called with (done, all); returning False stops. Default is a bar after a second.
        scheduler: as for ``cohort``.

    Returns:
        One row for each condition, dose, comparator, measure and week: ``change`` (points), ``share`` of
        responders (0 to 1) and ``difference`` (points, dose minus comparator), each with the ends of its
        95 % interval (``_low``, ``_high``).

    Raises:
        UsageError: something asked for cannot be done.
        UnknownId: no model for a condition.
        SweepStopped: interrupted; holds the rows that were done.

    >>> found = sweep(["30x2x4", "60x2x4"], measures=["ndi"], weeks=[5])
    >>> len(found), bool(found["change"][1] < found["change"][0])
    (2, True)
    """
    import pandas as pd

    read = [week for week in check_weeks(weeks) if week in {float(w) for w in np.atleast_1d(weeks)}]
    grid = _grid(doses, conditions, versus, measures, read)
    rows, done, stopped = [], 0, False
    bar = None if progress else Bar()
    with closing(cluster.in_order(scheduler, rows_of, tuple(read), grid)) as found:
        try:
            for done, part in enumerate(found, start=1):
                rows += part
                if (progress or bar)(done, len(grid)) is False:
                    break
        except KeyboardInterrupt:
            stopped = True
    if bar:
        bar.close()
    table = pd.DataFrame(rows)
    if stopped:
        raise SweepStopped(table, done, len(grid))
    return table


def _grid(doses: Any, conditions: Any, versus: Any, measures: Any, weeks: Sequence[float]) -> list[tuple]:
    """Return one job for each condition and dose; refuse what cannot be done before any work."""
    for name, given in (("doses", doses), ("conditions", conditions), ("versus", versus)):
        if isinstance(given, str) or not given:
            raise UsageError(name, f"{given!r}", "a list of one or more", f'write {name}=["…"]')
    if not weeks:
        raise UsageError("weeks", "none", f"weeks from the start, 0 to {LAST_WEEK}", "name at least one")
    jobs = []
    for condition in conditions:
        known = model(condition)
        names = tuple(scale.id for scale in check_measures(known, measures or [s.id for s in known.scales]))
        for phases in doses:
            first = dose(*([phases] if isinstance(phases, str) else phases), condition=condition)
            jobs.append((with_comparators(first, versus), names))
    rows = sum(len(names) for _, names in jobs) * len(versus) * len(weeks)
    if rows > MOST_ROWS:
        raise UsageError("sweep", f"{rows:,} rows", f"up to {MOST_ROWS:,}", "ask for fewer at once")
    return jobs


def rows_of(weeks: Iterable[float], arms: tuple, measures: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the rows of one condition and dose."""
    known, rows = model(arms[0].condition), []
    p = known.values("posterior")
    for scale in (known.scale(name) for name in measures):
        for week in weeks:
            first, *others = (averages.average(p, scale, arm, week) for arm in arms)
            for arm, other in zip(arms[1:], others, strict=True):
                place = {"condition": known.condition, "dose": arms[0].label, "versus": arm.label}
                found = {"change": first.change, "share": first.share}
                found["difference"] = first.change - other.change
                rows.append({**place, "measure": scale.id, "week": week, **_figures(found)})
    return rows


def _figures(found: dict[str, np.ndarray]) -> dict[str, float]:
    """Return the mean of each figure and the ends of its interval."""
    figures = {}
    for name, draws in found.items():
        low, high = interval(draws)
        figures |= {name: float(np.mean(draws)), f"{name}_low": low, f"{name}_high": high}
    return figures
