"""What came out of a run: the table of single clients, the summary of groups, the comparison of arms.

Summaries are exact counts of whole scores: they do not depend on how the work was cut. Intervals say how
well the average of a large group is known (all posterior draws); the spread between people stands in ``sd``
and quantiles.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from effleurage.errors import UsageError
from effleurage.simulate import averages
from effleurage.simulate.averages import Average
from effleurage.simulate.doses import Dose
from effleurage.simulate.parameters import Model, Scale, Values
from effleurage.simulate.rules import Rule
from effleurage.simulate.study import Baseline, entry_of

if TYPE_CHECKING:
    import pandas as pd

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
INTERVAL = (0.025, 0.975)


@dataclass(frozen=True)
class Group:
    """One arm, measure and week. Scores and changes in points, shares from 0 to 1, intervals 95 %."""

    arm: str
    measure: str
    week: float
    n: int
    mean: float
    sd: float
    quantiles: tuple[float, ...]
    change: float
    change_sd: float
    change_interval95: tuple[float, float]
    responder_share: float
    responder_interval95: tuple[float, float]
    rule: str


@dataclass(frozen=True)
class Contrast:
    """One arm against another in one week: difference of changes in points, ratio of responder shares."""

    arm: str
    versus: str
    measure: str
    week: float
    difference: float
    interval95: tuple[float, float]
    responder_ratio: float | None
    responder_ratio_interval95: tuple[float, float]


@dataclass(frozen=True)
class Path:
    """One client under one arm: scores by week, None where the client had left."""

    client: int
    arm: str
    measure: str
    weeks: tuple[float, ...]
    scores: tuple[int | None, ...]


@dataclass(frozen=True)
class Runs:
    """A simulated cohort. ``complete`` is False when it was stopped early."""

    model: Model
    values: Values = field(repr=False)
    doses: tuple[Dose, ...] = field(repr=False)
    measures: tuple[str, ...]
    weeks: tuple[float, ...]
    clients: int
    asked: int
    seed: int
    baseline: Mapping[str, Baseline]
    counts: Mapping[tuple[str, str], np.ndarray] = field(repr=False)
    kept: Mapping[tuple[str, str], np.ndarray] = field(repr=False)
    often: Mapping[str, np.ndarray] = field(repr=False)

    @property
    def arms(self) -> tuple[str, ...]:
        """Return the labels of the arms, the first one first."""
        return tuple(dose.label for dose in self.doses)

    @property
    def parameters(self) -> str:
        """Return ``posterior`` or ``mean``."""
        return self.values.kind

    @property
    def complete(self) -> bool:
        """Tell whether all clients that were asked for are in."""
        return self.clients == self.asked

    @property
    def condition(self) -> str:
        """Return the complaint."""
        return self.model.condition

    @cached_property
    def note(self) -> str:
        """Say what this is, and where the data end."""
        parts = [self.model.note, *self._beyond()]
        if not self.complete:
            parts.append(f"Stopped after {self.clients:,} of {self.asked:,} clients.")
        return " ".join(parts)

    def summary(self, rule: str | None = None) -> tuple[Group, ...]:
        """Return one record for each arm, measure and week.

        Args:
            rule: who is a responder, such as ``change<=-5``; default is the rule of each measure.

        >>> from effleurage import simulate
        >>> runs = simulate.cohort("60x2x4", clients=500, measures=("ndi",), weeks=(0, 5))
        >>> [(group.arm, group.week) for group in runs.summary()][:2]
        [('massage 60x2x4', 0.0), ('massage 60x2x4', 5.0)]
        """
        return tuple(
            self._group(dose, self.model.scale(name), place, Rule.read(rule) if rule else None)
            for dose in self.doses
            for name in self.measures
            for place in range(len(self.weeks))
        )

    def contrasts(self, rule: str | None = None) -> tuple[Contrast, ...]:
        """Return the first arm against each of the others, for each measure and week after the start."""
        groups = {(group.arm, group.measure, group.week): group for group in self.summary(rule)}
        chosen = Rule.read(rule) if rule else None
        return tuple(
            self._contrast(groups, dose, self.model.scale(name), week, chosen)
            for dose in self.doses[1:]
            for name in self.measures
            for week in self.weeks[1:]
        )

    def table(self) -> "pd.DataFrame":
        """Return one row for each client, arm, measure and week; columns as in ``datasets/dictionary.yaml``.

        Raises:
            UsageError: the scores were not kept.
        """
        from effleurage.simulate import tables

        return tables.table(self)

    def paths(self, k: int = 10) -> tuple[Path, ...]:
        """Return the first k clients, for a chart: scores by week, in each arm and measure."""
        self.must_keep()
        first = range(min(k, self.clients))
        return tuple(
            Path(client + 1, arm, name, self.weeks, self._scores(arm, name, client))
            for (arm, name) in self.kept
            for client in first
        )

    def must_keep(self) -> None:
        """Refuse when the scores of single clients were not kept."""
        if not self.kept:
            found = "only the summary of this run was kept"
            raise UsageError("runs", found, "up to 200,000 clients, or keep=True", "run again with keep=True")

    def _scores(self, arm: str, name: str, client: int) -> tuple[int | None, ...]:
        scale, column = self.model.scale(name), self.kept[arm, name][:, client]
        return tuple(None if score < 0 else int(scale.shown(score)) for score in column)

    def _group(self, dose: Dose, scale: Scale, place: int, rule: Rule | None) -> Group:
        week, rule = self.weeks[place], rule or scale.rule
        seen = Counted(scale, self.counts[dose.label, scale.id][place])
        change, share = seen.change(), seen.share(rule)
        known = self._known(dose, scale, week, rule)
        return Group(
            dose.label,
            scale.id,
            week,
            seen.n,
            *seen.score(),
            seen.quantiles(),
            *change,
            interval(known.change - np.mean(known.change) + change[0]) if week else (0.0, 0.0),
            share,
            tuple(np.clip(interval(known.share - np.mean(known.share) + share), 0, 1).tolist())
            if week
            else (0.0, 0.0),
            str(rule),
        )

    def _known(self, dose: Dose, scale: Scale, week: float, rule: Rule) -> Average:
        """Return the group average under each posterior draw; worked out once."""
        entry = (
            entry_of(self.values, scale, self.baseline.get(scale.id)) if scale.id in self.baseline else None
        )
        key = ("average", dose, scale.id, week, rule)
        return self.values.once(
            key, lambda: averages.average(self.values, scale, dose, week, entry, rule=rule)
        )

    def _contrast(
        self, groups: Mapping, dose: Dose, scale: Scale, week: float, rule: Rule | None
    ) -> Contrast:
        first, other = (groups[arm, scale.id, week] for arm in (self.arms[0], dose.label))
        here, there = (self._known(one, scale, week, rule or scale.rule) for one in (self.doses[0], dose))
        apart, ratios = here.change - there.change, here.share / np.maximum(there.share, 1e-9)
        difference = first.change - other.change
        ratio = first.responder_share / other.responder_share if other.responder_share else None
        shift = ratio / np.exp(np.mean(np.log(ratios))) if ratio else 1.0
        return Contrast(
            first.arm,
            other.arm,
            scale.id,
            week,
            difference,
            interval(apart - np.mean(apart) + difference),
            ratio,
            interval(ratios * shift),
        )

    def _beyond(self) -> list[str]:
        """Say which parts of the doses and weeks no fitted trial has tried."""
        from effleurage.simulate import tables

        return tables.beyond(self.model, self.doses, self.measures, self.weeks[-1])


def interval(numbers: np.ndarray) -> tuple[float, float]:
    """Return the 95 % interval of posterior draws; one number twice when there is only one."""
    low, high = np.quantile(np.atleast_1d(numbers), INTERVAL)
    return float(low), float(high)


class Counted:
    """People counted by score before and after."""

    def __init__(self, scale: Scale, cells: np.ndarray) -> None:
        """Take the cells of one arm, measure and week."""
        width = scale.span + 1
        self.scale, self.cells = scale, cells[:-1].reshape(width, width)
        self.n = int(self.cells.sum())
        self.scores = scale.shown(np.arange(width))

    def score(self) -> tuple[float, float]:
        """Return mean and SD of the scores."""
        return _moments(self.scores, self.cells.sum(axis=0))

    def change(self) -> tuple[float, float]:
        """Return mean and SD of the change."""
        apart = self.scores[None, :] - self.scores[:, None]
        return _moments(apart.ravel(), self.cells.ravel())

    def quantiles(self) -> tuple[float, ...]:
        """Return scores that 5, 25, 50, 75 and 95 % do not exceed."""
        order = np.argsort(self.scores)
        below = np.cumsum(self.cells.sum(axis=0)[order])
        found = np.searchsorted(below, np.multiply(QUANTILES, self.n))
        return tuple(float(self.scores[order][min(place, len(order) - 1)]) for place in found)

    def share(self, rule: Rule) -> float:
        """Return the share of responders."""
        met = rule.meets(self.scores[:, None], self.scores[None, :])
        return float(self.cells[met].sum() / self.n) if self.n else 0.0


def _moments(values: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """Return mean and SD of whole numbers, from exact sums."""
    n = int(weights.sum())
    total, squares = int((values * weights).sum()), int((values**2 * weights).sum())
    if not n:
        return 0.0, 0.0
    return total / n, ((squares - total * total / n) / max(n - 1, 1)) ** 0.5
