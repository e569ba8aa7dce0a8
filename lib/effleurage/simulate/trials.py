"""What a trial would show: many small trials, each with its own posterior draw and its own people.

The intervals hold both: how well the model is known, and the luck of a trial of that size.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from effleurage.errors import UsageError
from effleurage.simulate import cohorts, engine, study
from effleurage.simulate.doses import ARMS, MOST_ARMS, Dose, as_dose, dose
from effleurage.simulate.parameters import NEW, Scale, model
from effleurage.simulate.rules import Rule
from effleurage.simulate.streams import COLUMNS, ROWS, Streams
from effleurage.simulate.study import Baseline

LEVELS = {"interval95": (0.025, 0.975), "interval50": (0.25, 0.75)}
CERTAIN = 1.959964


@dataclass(frozen=True)
class Expected:
    """A figure over many simulated trials: its middle, and where 95 % and 50 % of the trials fall."""

    middle: float
    interval95: tuple[float, float]
    interval50: tuple[float, float]
    figures: np.ndarray = field(repr=False, compare=False)

    def below(self, figure: float) -> float:
        """Return the share of trials that show less than a figure (ties count half)."""
        return float(np.mean(self.figures < figure) + np.mean(self.figures == figure) / 2)


@dataclass(frozen=True)
class TrialArm:
    """What one arm would report; ``sd`` and ``change_sd`` are the spread between its people (points)."""

    arm: str
    measure: str
    week: float
    mean: Expected
    change: Expected
    responder_share: Expected
    sd: float
    change_sd: float


@dataclass(frozen=True)
class TrialContrast:
    """What one arm would show against the last one; ``found`` is the share of trials with p below 0.05."""

    arm: str
    versus: str
    measure: str
    week: float
    difference: Expected
    responder_ratio: Expected
    found: float


@dataclass(frozen=True)
class Trial:
    """A trial that never was: arms and contrasts against the last arm."""

    n_per_arm: int
    replicates: int
    seed: int
    arms: tuple[TrialArm, ...]
    contrasts: tuple[TrialContrast, ...]


def trial(
    arms: Sequence[Dose | str],
    n_per_arm: int = 38,
    replicates: int = 1024,
    seed: int = 7,
    *,
    measures: Sequence[str] = cohorts.MEASURES,
    weeks: Sequence[float] = (5,),
    group: str = NEW,
    baseline: Mapping[str, Baseline] | None = None,
    rules: Mapping[str, str] | None = None,
) -> Trial:
    """Simulate a trial many times; each arm has people of its own.

    Args:
        arms: doses, phases such as ``"60x2x4"``, or kinds of care such as ``"wait-list"``; contrasts are
        against
            the last one.
        n_per_arm: people in each arm.
        replicates: how many trials, up to 1,024: one for each posterior draw.
        seed: same seed, same numbers.
        measures: ids of measures.
        weeks: when readings are taken.
        group: ``new`` for people no study has met, or the id of a fitted study.
        baseline: as for ``cohort``.
        rules: measure -> responder rule, where it is not the usual one.

    >>> small = trial(["60x2x4", "wait-list"], n_per_arm=20, replicates=50, measures=("nprs",))
    >>> [arm.arm for arm in small.arms]
    ['massage 60x2x4', 'wait-list']
    """
    doses = _doses(arms)
    cohorts.check_number("n_per_arm", n_per_arm, 2, 10_000)
    cohorts.check_number("replicates", replicates, 2, COLUMNS)
    cohorts.check_number("seed", seed, 0, 2**63 - 1)
    whole = model(doses[0].condition)
    scales = cohorts.check_measures(whole, measures)
    start = cohorts.check_baseline(whole, measures, baseline or {})
    weeks = cohorts.check_weeks(weeks)
    p = whole.values("posterior", group)
    readings = []
    for place, one in enumerate(doses):
        ready = study.prepare(p, scales, [one], [7 * week for week in weeks], start)
        readings.append(_people(ready, Streams(seed, place + 1), n_per_arm, replicates))
    labels = [one.label for one in doses]
    found_arms, found_contrasts = [], []
    for scale in scales:
        rule = Rule.read((rules or {}).get(scale.id, scale.responder))
        for place in range(1, len(weeks)):
            shown = [_Seen(scale, found[scale.id], place, rule) for found in readings]
            where = {"measure": scale.id, "week": weeks[place]}
            found_arms += [_arm(label, seen, where) for label, seen in zip(labels, shown, strict=True)]
            found_contrasts += [
                _contrast((label, labels[-1]), (seen, shown[-1]), where)
                for label, seen in zip(labels[:-1], shown[:-1], strict=True)
            ]
    return Trial(n_per_arm, replicates, seed, tuple(found_arms), tuple(found_contrasts))


def _doses(arms: Sequence[Dose | str]) -> list[Dose]:
    """Return the arms as doses; a kind of care in words takes the days of the first arm."""
    if not 2 <= len(arms) <= MOST_ARMS:
        raise UsageError("arms", f"{len(arms)} arms", f"2 to {MOST_ARMS}", "correct the list")
    first = as_dose(arms[0]) if arms[0] not in ARMS else dose(arm=arms[0])
    return [first, *(first.beside(arm) if arm in ARMS else as_dose(arm) for arm in arms[1:])]


Readings = Mapping[str, np.ndarray]


def _people(ready: study.Study, streams: Streams, n: int, replicates: int) -> Readings:
    """Return burdens by measure, shape (readings, people, trials); NaN where somebody has left."""
    found: dict[str, list] = {name: [] for name in ready.people}
    for block in range(-(-n // ROWS)):
        people = engine.luck(ready, streams, block)
        rows: dict[str, list] = {name: [] for name in ready.people}
        for state in engine.states(ready.arms[0], people, count=False):
            for name, read in engine.scores(ready.arms[0], ready, people, state):
                rows[name].append(np.where(read == engine.GONE, np.nan, read)[:, :replicates])
        for name, blocks in rows.items():
            found[name].append(np.stack(blocks))
    return {name: np.concatenate(blocks, axis=1)[:, :n] for name, blocks in found.items()}


class _Seen:
    """The figures of one arm in every trial."""

    def __init__(self, scale: Scale, burdens: np.ndarray, place: int, rule: Rule) -> None:
        before, after = scale.shown(burdens[0]), scale.shown(burdens[place])
        self.n = np.maximum(np.sum(~np.isnan(after), axis=0), 1)
        self.mean, self.change = (np.nansum(what, axis=0) / self.n for what in (after, after - before))
        self.sd, self.change_sd = (_spread(what, self.n) for what in (after, after - before))
        self.responders = np.sum(rule.meets(before, after), axis=0)
        self.share = self.responders / self.n
        self.half = (self.responders + 0.5) / (self.n + 1.0)


def _spread(what: np.ndarray, n: np.ndarray) -> float:
    """Return the SD between people within a trial, the trials taken together."""
    apart = what - np.nansum(what, axis=0) / n
    return float(np.sqrt(np.nansum(apart**2) / np.maximum(np.sum(n - 1), 1)))


def _arm(label: str, seen: _Seen, where: Mapping[str, Any]) -> TrialArm:
    """Return what one arm would report."""
    figures = (expected(seen.mean), expected(seen.change), expected(seen.share))
    return TrialArm(label, *where.values(), *figures, seen.sd, seen.change_sd)


def _contrast(labels: tuple[str, str], seen: tuple[_Seen, _Seen], where: Mapping[str, Any]) -> TrialContrast:
    """Compare two arms in every trial; where an arm has no responder, half a person is added to both."""
    here, there = seen
    none = (here.responders == 0) | (there.responders == 0)
    ratio = np.where(none, here.half / there.half, here.share / np.where(there.share == 0, 1, there.share))
    variance = sum((1 / one.half - 1) / one.n for one in seen)
    found = np.abs(np.log(ratio)) > CERTAIN * np.sqrt(variance)
    difference = expected(here.change - there.change)
    return TrialContrast(*labels, *where.values(), difference, expected(ratio), float(found.mean()))


def expected(figures: np.ndarray) -> Expected:
    """Return the middle of a figure and where 95 % and 50 % of the trials fall."""
    ends = {name: tuple(np.quantile(figures, levels).tolist()) for name, levels in LEVELS.items()}
    return Expected(float(np.median(figures)), **ends, figures=figures)
