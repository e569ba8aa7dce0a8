"""Where the model and a study part, in words; attendance; rows for the chart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from effleurage.evidence.compare import Comparison
from effleurage.evidence.predicted import completers
from effleurage.evidence.rows import results, studies
from effleurage.simulate.parameters import model

CHART = ("arm", "kind", "value", "low", "high", "note")


@dataclass(frozen=True)
class Attendance:
    """Share of people who came to 75 % of their sessions or more (percent): published beside expected."""

    arm: str
    sessions: int
    published: str
    simulated: float
    low: float
    high: float

    @property
    def fits(self) -> bool:
        """Tell whether the published words or figure lie within the interval, give or take two of 100."""
        figure = float(self.published.split()[-1])
        return figure <= self.high + 2 and (self.published.startswith("at least") or figure >= self.low - 2)


def attendance(study: str) -> tuple[Attendance, ...]:
    """Return attendance by arm where a study tells it.

    >>> [row.published for row in attendance("sherman-2014")][:2]
    ['at least 95', '84']
    """
    told = studies()[study].adherence
    found = []
    for row in {row.arm: row for row in results(study) if row.arm in told}.values():
        sessions, p = round(row.per_week * row.weeks), model(row.condition).values("posterior")
        share = 100 * completers(p, sessions)
        low, high = np.quantile(share, (0.025, 0.975))
        found.append(
            Attendance(row.arm, sessions, str(told[row.arm]), float(share.mean()), float(low), float(high))
        )
    return tuple(found)


def where_off(rows: Sequence[Comparison]) -> tuple[str, ...]:
    """Say where the model and a study part, from the numbers alone; the largest doubt first."""
    told = [row for row in rows if row.place is not None]
    out = [row for row in told if not 0.025 <= row.place <= 0.975]
    out += [row for row in rows if row.place is None and "not fit well" in row.words]
    found = [f"{row.arm}, {row.measure}, week {row.week:g}: {row.words}" for row in out]
    for key in dict.fromkeys((row.measure, row.week) for row in told):
        found += _one_sided([row for row in told if (row.measure, row.week) == key])
    for study in dict.fromkeys(row.study for row in rows):
        found += [_attended(one) for one in attendance(study) if not one.fits]
    if told and not out:
        found.append(f"None of the {len(told)} published figures lies outside its simulated 95 % interval.")
    wide = max(rows, key=lambda row: row.simulated_high / row.simulated_low)
    span = f"{wide.simulated_low:.2f} to {wide.simulated_high:.2f}"
    found.append(
        f"The widest interval is {wide.arm}, {wide.measure}: {span}. A trial of that size says little."
    )
    if missing := [f"{row.arm} ({row.measure})" for row in rows if row.published is None]:
        found.append(f"No relative risk in what we hold for {', '.join(missing)}.")
    return tuple(found)


def _one_sided(rows: Sequence[Comparison]) -> Iterator[str]:
    """Say when all relative risks of a measure err to one side, and what the published widths imply."""
    name = f"{rows[0].measure}, week {rows[0].week:g}"
    above = [row for row in rows if row.published > row.simulated]
    if len(rows) > 1 and len(above) in (0, len(rows)):
        side = "smaller" if above else "larger"
        yield f"{name}: all {len(rows)} simulated relative risks are {side} than the published ones."
    implied = sum(row.versus_implied for row in rows) / len(rows)
    yield (
        f"{name}: the width of the published intervals implies about {100 * implied:.0f} of 100 responders "
        f"in the arm {rows[0].versus}; the model has {100 * rows[0].versus_share:.0f}."
    )


def _attended(one: Attendance) -> str:
    """Say that attendance does not fit."""
    return (
        f"{one.arm}: {one.published} % came to 75 % of their sessions, in the model {one.simulated:.0f} % "
        f"({one.low:.0f} to {one.high:.0f})."
    )


def chart_rows(rows: Sequence[Comparison], what: str = "relative risk") -> list[dict[str, Any]]:
    """Return rows for ``charts.responders``: relative risks, or with ``what="share"`` shares in percent."""
    several = len({(row.measure, row.week) for row in rows}) > 1
    found = []
    for row in rows:
        arm = f"{row.arm}, {row.measure}, week {row.week:g}" if several else row.arm
        if what == "share":
            ends = (100 * one for one in (row.share, row.share_low, row.share_high))
            found.append(dict(zip(CHART, (arm, "simulated", *ends, ""), strict=True)))
            continue
        from_p = f"p = {row.p:g}, interval from p" if row.interval_from == "p-value" else ""
        published = (row.published, row.low, row.high, row.said if row.published is None else from_p)
        simulated = (row.simulated, row.simulated_low, row.simulated_high, "")
        found += [
            dict(zip(CHART, (arm, kind, *figures), strict=True))
            for kind, figures in (("published", published), ("simulated", simulated))
        ]
    return found
