"""A trial as published beside the same trial in the teaching model.

>>> rows = compare("sherman-2014", replicates=100)
>>> [(row.arm, row.published) for row in rows if row.measure == "nprs"][3]
('massage-60x2', 2.3)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, log
from statistics import NormalDist
from typing import Any

import numpy as np

from effleurage.errors import UsageError
from effleurage.evidence.predicted import Arm, arm_of, completers, control_of
from effleurage.evidence.rows import NOT_IN_HAND, Result, results, studies
from effleurage.simulate import parameters
from effleurage.simulate.mechanics import Numbers
from effleurage.simulate.parameters import Model, model
from effleurage.simulate.trials import Trial, trial

CERTAIN = 1.959964
CHART = ("arm", "kind", "value", "low", "high", "note")
MODELLED = ("massage", "wait-list", "self-care")


@dataclass(frozen=True)
class Comparison:
    """One arm against its comparator in one week: relative risk of responding, published beside simulated.

    ``published`` is None where no figure is in what we hold; ``interval_from`` says where its interval
    comes from (``published`` or ``p-value``). Simulated intervals hold 95 of 100 simulated trials of that
    size. ``place`` is the share of simulated trials that show less than the published figure; ``found`` the
    share of simulated trials with p below 0.05.
    """

    study: str
    arm: str
    versus: str
    measure: str
    week: float
    rule: str
    said: str
    published: float | None
    low: float | None
    high: float | None
    p: float | None
    interval_from: str
    simulated: float
    simulated_low: float
    simulated_high: float
    share: float
    share_low: float
    share_high: float
    versus_share: float
    place: float | None
    found: float
    words: str


def compare(
    study: str, replicates: int = 1024, seed: int = 7, group: str | None = None
) -> tuple[Comparison, ...]:
    """Return every contrast of a study that the model can speak about, beside what it says.

    Args:
        study: id of a study.
        replicates: simulated trials, up to 1,024.
        seed: same seed, same numbers.
        group: the study itself where it was fitted (default), or ``new`` for people like its own in general.

    Raises:
        UnknownId: no such study. UsageError: none of its arms is in the model.
    """
    found = [row for row in results(study) if row.versus and row.arm_kind in MODELLED]
    if not found:
        allowed = "a study of massage against a comparator"
        raise UsageError(
            "evidence.compare", f"'{study}' has no arm the model knows", allowed, "choose another"
        )
    whole = model(found[0].condition)
    group = group or (study if study in whole.groups else parameters.NEW)
    means = Numbers({name: float(column.mean()) for name, column in parameters.draws(whole.id).items()})
    rows = []
    for measure, week in dict.fromkeys((row.measure, row.week) for row in found):
        these = [row for row in found if (row.measure, row.week) == (measure, week)]
        rows += _one_week(whole, means, these, (replicates, seed, group))
    return tuple(rows)


def _one_week(
    whole: Model, means: Numbers, rows: list[Result], run: tuple[int, int, str]
) -> Iterator[Comparison]:
    """Simulate all arms of one measure and week together, and put the rows beside them."""
    arms = [arm_of(whole, row, means) for row in (*rows, control_of(rows[0]))]
    scale, replicates, seed = arms[0].scale, run[0], run[1]
    shown = trial(
        [arm.dose for arm in arms],
        n_per_arm=rows[0].n,
        replicates=replicates,
        seed=seed,
        measures=(scale.id,),
        weeks=(rows[0].week,),
        group=run[2],
        rules={scale.id: str(arms[0].rule)},
    )
    for place, row in enumerate(rows):
        yield _comparison(row, arms[place], shown, place)


def _comparison(row: Result, arm: Arm, shown: Trial, place: int) -> Comparison:
    """Put one row beside one simulated contrast."""
    contrast, share, other = (
        shown.contrasts[place],
        shown.arms[place].responder_share,
        shown.arms[-1].responder_share,
    )
    ratio = contrast.responder_ratio
    low, high, source = interval_of(row)
    where = None if row.contrast is None else ratio.below(row.contrast)
    return Comparison(
        row.study,
        row.arm,
        row.versus,
        row.measure,
        row.week,
        str(arm.rule),
        said(row),
        row.contrast,
        low,
        high,
        row.p,
        source,
        ratio.middle,
        *ratio.interval95,
        share.middle,
        *share.interval95,
        other.middle,
        where,
        contrast.found,
        _words(row, ratio.middle, where, contrast.found),
    )


def interval_of(row: Result) -> tuple[float | None, float | None, str]:
    """Return the 95 % interval of a relative risk: as published, else worked out from its p-value.

    >>> low, high, source = interval_of(results("sherman-2014", measure="nprs", arm="massage-60x3")[0])
    >>> round(low, 2), round(high, 2), source
    (1.5, 4.97, 'p-value')
    """
    if row.contrast is None or row.contrast_kind != "rr":
        return None, None, NOT_IN_HAND
    if row.contrast_low is not None:
        return row.contrast_low, row.contrast_high, "published"
    half = CERTAIN * standard_error(row)
    return row.contrast / exp(half), row.contrast * exp(half), "p-value"


def standard_error(row: Result) -> float:
    """Return the standard error of the log of a relative risk, from its interval or else from its p-value.

    From a p-value it is the log divided by the z that belongs to p (a Wald test of the log): an
    approximation.
    """
    if row.contrast_low is not None:
        return log(row.contrast_high / row.contrast_low) / (2 * CERTAIN)
    return abs(log(row.contrast)) / NormalDist().inv_cdf(1 - row.p / 2)


def said(row: Result) -> str:
    """Say what the study says, in short."""
    if row.contrast_kind == "not-different":
        return "no significant difference; no figure in what we hold"
    return NOT_IN_HAND if row.contrast is None else f"{row.contrast:g}"


def _words(row: Result, middle: float, place: float | None, found: float) -> str:
    """Say how the two agree, from the numbers alone."""
    hundred = round(100 * found)
    if row.contrast_kind == "not-different":
        verdict = "does not fit well" if found > 0.5 else "fits"
        return (
            f"No significant difference was published; {hundred} of 100 simulated trials find one: {verdict}."
        )
    if place is None:
        return f"{said(row).capitalize()}; the model expects {middle:.2f}."
    start = f"Published {row.contrast:.2f}, simulated {middle:.2f}: "
    if 0.25 <= place <= 0.75:
        return f"{start}in the middle half of the simulated trials."
    side, beyond = ("below", 1 - place) if place < 0.5 else ("above", place)
    verdict = "inside" if 0.025 <= place <= 0.975 else "outside"
    return f"{start}{verdict} the 95 % interval; {side} {100 * beyond:.0f} of 100 simulated trials."


@dataclass(frozen=True)
class Attendance:
    """Share of people who came to 75 % of their sessions or more (percent): published beside expected."""

    arm: str
    sessions: int
    published: str
    simulated: float
    low: float
    high: float


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
    found = [f"{row.arm}, {row.measure}, week {row.week:g}: {row.words}" for row in out]
    found += [
        f"{row.arm}, {row.measure}, week {row.week:g}: {row.words}"
        for row in rows
        if row.place is None and row.published is None and "not fit well" in row.words
    ]
    higher = [row for row in told if row.published > row.simulated]
    if len(told) > 1 and len(higher) in (0, len(told)):
        side = "smaller" if higher else "larger"
        found.append(f"All {len(told)} simulated relative risks are {side} than the published ones.")
    if not out:
        found.append(f"None of the {len(told)} published figures lies outside its simulated 95 % interval.")
    wide = max(rows, key=lambda row: row.simulated_high / row.simulated_low)
    span = f"{wide.simulated_low:.2f} to {wide.simulated_high:.2f}"
    found.append(
        f"The widest interval is {wide.arm}, {wide.measure}: {span}. A trial of that size says little."
    )
    missing = [row for row in rows if row.published is None]
    if missing:
        arms = ", ".join(dict.fromkeys(f"{row.arm} ({row.measure})" for row in missing))
        found.append(f"No relative risk in what we hold for {arms}.")
    return tuple(found)


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
