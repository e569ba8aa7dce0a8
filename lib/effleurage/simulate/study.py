"""What a run needs before the first client: every formula worked out once, as plain arrays by posterior draw.

Nothing here is random and nothing depends on the number of clients. What the engine does with single people
is then addition, multiplication and rounding alone, which give the same bits on every platform.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from effleurage.simulate import averages, mechanics
from effleurage.simulate.averages import Entry
from effleurage.simulate.doses import Dose
from effleurage.simulate.mechanics import NUMPY, Numbers
from effleurage.simulate.parameters import Scale

Column = np.ndarray
Baseline = float | tuple[float, float]


def column(value: object) -> Column:
    """Return a number, or one for each draw, as float32."""
    return np.atleast_1d(np.asarray(value, dtype=np.float64)).astype(np.float32)


@dataclass(frozen=True)
class Person:
    """How single people differ under one measure; each a column (one number for each draw)."""

    scale: Scale
    mean: Column
    sd: Column
    fixed: float | None
    centre: Column
    lasting: tuple[Column, Column]
    wobble: tuple[Column, Column]
    steps: tuple[tuple[Column, Column], ...]
    error: Column


@dataclass(frozen=True)
class Step:
    """One thing that happens to an arm: time fades the stores, then a session or a reading."""

    left: Column
    session: int | None = None
    staying: Column | None = None
    massage: Column | None = None
    reading: int | None = None


@dataclass(frozen=True)
class Recent:
    """What a session of the last 36 hours still does at a reading."""

    session: int
    relief: Column
    sore: float
    load: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Arm:
    """One arm: its steps in time, and what it does to each measure at each reading."""

    label: str
    kind: str
    steps: tuple[Step, ...]
    contact: Column
    pulls: Mapping[str, tuple[Column, Column]]
    left: Mapping[str, tuple[Column, ...]]
    recent: Mapping[int, Recent]


@dataclass(frozen=True)
class Study:
    """Everything a run needs."""

    people: Mapping[str, Person]
    arms: tuple[Arm, ...]
    days: tuple[float, ...]
    most_sessions: int
    share: tuple[Column, Column]
    response_sd: Column
    missed: Column
    staying: tuple[Column, ...]
    tolerance: tuple[Column, Column]
    soreness: Column


def prepare(
    p: Numbers,
    scales: Sequence[Scale],
    arms: Sequence[Dose],
    days: Sequence[float],
    baseline: Mapping[str, Baseline],
) -> Study:
    """Work out all that does not depend on single people.

    Args:
        p: numbers by name.
        scales: the measures.
        arms: the doses.
        days: when readings are taken, from 0; a reading comes before a session of the same moment.
        baseline: measure -> (mean, SD) of another population, or one score that everybody starts with.
    """
    share = np.sqrt(p["together"]), np.sqrt(1 - p["together"])
    return Study(
        people={scale.id: _person(p, scale, days, baseline.get(scale.id)) for scale in scales},
        arms=tuple(_arm(p, dose, scales, days) for dose in arms),
        days=tuple(days),
        most_sessions=max(len(dose.sessions) for dose in arms),
        share=(column(share[0]), column(share[1])),
        response_sd=column(p["response_sd"]),
        missed=column(p["missed"]),
        staying=tuple(column(np.exp(-p["dropout"] * day / 7)) for day in days),
        tolerance=(column(p["tolerance_mean"]), column(p["tolerance_sd"])),
        soreness=column(p["soreness"]),
    )


def entry_of(p: Numbers, scale: Scale, baseline: Baseline | None) -> Entry:
    """Return who starts: the usual people, another population, or people who all read the same.

    People who all read the same are taken out of the usual population and drift back to its mean; another
    population has a mean of its own behind it.
    """
    usual = averages.usual_entry(p, scale.id)
    if baseline is None:
        return usual
    if not isinstance(baseline, tuple):
        return Entry(burden(scale, baseline), 0, usual.centre)
    mean = burden(scale, baseline[0])
    return Entry(mean, baseline[1], mechanics.source_mean(p, scale.id, mean))


def burden(scale: Scale, score: float) -> float:
    """Return the distance of a score from the good end of its scale."""
    return float(score - scale.low if scale.better == "lower" else scale.high - score)


def _person(p: Numbers, scale: Scale, days: Sequence[float], baseline: Baseline | None) -> Person:
    """Work out how people differ: given a reading at the start, what lasts, what comes and goes."""
    entry, usual = entry_of(p, scale, baseline), averages.usual_entry(p, scale.id)
    fixed = None if baseline is None or isinstance(baseline, tuple) else burden(scale, baseline)
    true, noise = p[f"true_sd_{scale.id}"] ** 2, p[f"error_{scale.id}"] ** 2
    lasting, passing = p["lasting"] * true, (1 - p["lasting"]) * true
    keeps = [mechanics.persistence(p, (now - then) / 7) for then, now in pairwise(days)]
    return Person(
        scale=scale,
        mean=column(usual.mean if fixed is not None else entry.mean),
        sd=column(usual.sd if fixed is not None else entry.sd),
        fixed=fixed,
        centre=column(entry.centre),
        lasting=_given(lasting, passing + noise),
        wobble=_given(passing, noise),
        steps=tuple((column(keep), column(np.sqrt((1 - keep**2) * passing))) for keep in keeps),
        error=column(np.sqrt(noise)),
    )


def _given(part: Column, rest: Column) -> tuple[Column, Column]:
    """Return slope and SD of a normal part, once the sum of the part and the rest is known."""
    return column(part / (part + rest)), column(np.sqrt(part * rest / (part + rest)))


def _arm(p: Numbers, dose: Dose, scales: Sequence[Scale], days: Sequence[float]) -> Arm:
    """Work out the steps of an arm and what they do."""
    return Arm(
        label=dose.label,
        kind=dose.arm,
        steps=tuple(_steps(p, dose, days)),
        contact=column(mechanics.contact(p)),
        pulls={scale.id: tuple(column(pull) for pull in mechanics.pull(p, scale.id)) for scale in scales},
        left={scale.id: tuple(column(_left(p, scale, dose, day / 7)) for day in days) for scale in scales},
        recent={place: found for place, day in enumerate(days) if (found := _recent(p, dose, day))},
    )


def _left(p: Numbers, scale: Scale, dose: Dose, week: float) -> Any:
    """Return what time, and care without sessions, leave of the burden."""
    return 1 - mechanics.untreated(p, scale.id, week) - mechanics.without_touch(p, dose.arm, week)


def _steps(p: Numbers, dose: Dose, days: Sequence[float]) -> list[Step]:
    """Put sessions and readings in the order of time."""
    what = [(day, 0, place) for place, day in enumerate(days)]
    what += [(session.day, 1, place) for place, session in enumerate(dose.sessions)]
    found, before = [], 0.0
    for day, is_session, place in sorted(what):
        left = column(p.once(("fading", day - before), lambda gap=day - before: mechanics.fading(p, gap)))
        before = day
        if not is_session:
            found.append(Step(left, reading=place))
            continue
        given = dose.arm == "massage"
        massage = column(mechanics.stimulus_once(p, dose.sessions[place], NUMPY)) if given else None
        staying = p.once(("staying", day), lambda day=day: column(np.exp(-p["dropout"] * day / 7)))
        found.append(Step(left, place, staying, massage))
    return found


def _recent(p: Numbers, dose: Dose, day: float) -> Recent | None:
    """Return what the last session before a reading still does."""
    before = [place for place, session in enumerate(dose.sessions) if session.day < day]
    if not before or (hours := (day - dose.sessions[before[-1]].day) * 24) >= mechanics.GONE_HOURS:
        return None
    load = dose.sessions[before[-1]].load if dose.arm == "massage" else ()
    relief = column(mechanics.relief(p, dose.arm, hours))
    return Recent(before[-1], relief, mechanics.soreness_left(hours), load)
