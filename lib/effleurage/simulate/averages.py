"""What a large group reports on average, worked out with formulas instead of single people.

The intervals of a cohort come from here (every posterior draw, no sampling noise), and so do the
likelihoods of the fit script. A test holds it against the engine.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from effleurage.simulate import mechanics
from effleurage.simulate.doses import Dose
from effleurage.simulate.mechanics import NUMPY, Maths, Numbers
from effleurage.simulate.parameters import Scale
from effleurage.simulate.rules import Rule


@dataclass(frozen=True)
class Entry:
    """Readings at the start (burden): mean, SD, and the mean of all people with the complaint."""

    mean: Any
    sd: Any
    centre: Any


@dataclass(frozen=True)
class Average:
    """Mean change in points and share of responders (0 to 1), one number for each draw."""

    change: Any
    share: Any


def usual_entry(p: Numbers, measure: str) -> Entry:
    """Return the people who usually enter a course."""
    mean = p[f"entry_mean_{measure}"]
    return Entry(mean, p[f"entry_sd_{measure}"], mechanics.source_mean(p, measure, mean))


@dataclass(frozen=True)
class Fall:
    """Shares of the burden that go: the same for everyone, and what people respond to differently."""

    plain: Any
    varying: Any

    @property
    def rest(self) -> Any:
        """Return what is left of the burden on average: care takes its share of what time has left."""
        return (1 - self.plain) * (1 - self.varying)


def fall(p: Numbers, measure: str, dose: Dose, week: float, maths: Maths = NUMPY) -> Fall:
    """Return the average fall of an arm in some week."""
    plain = mechanics.untreated(p, measure, week) + mechanics.without_touch(p, dose.arm, week)
    return Fall(plain, varying(p, measure, mechanics.stores(p, dose, 7.0 * week, maths), maths))


def varying(p: Numbers, measure: str, stores: tuple[Any, Any], maths: Maths) -> Any:
    """Return the fall that the two stores cause."""
    by_massage, by_context = mechanics.pull(p, measure, maths)
    return by_massage * stores[0] + by_context * stores[1]


def reading(  # noqa: PLR0917  (each is a word of its own, and half of them are arrays)
    p: Numbers, measure: str, week: Any, fallen: Fall, start: Any, centre: Any
) -> tuple[Any, Any]:
    """Return mean and SD of the burden read in some week from people who read ``start`` at the start."""
    slope, variance = mechanics.follow(p, measure, week)
    level = centre + slope * (start - centre)
    plain, rest = 1 - fallen.plain, fallen.rest
    uneven = (p["response_sd"] * plain * fallen.varying) ** 2 * (level**2 + variance)
    return level * rest, (variance * rest**2 + uneven + p[f"error_{measure}"] ** 2) ** 0.5


def average(
    p: Numbers,
    scale: Scale,
    dose: Dose,
    week: float,
    entry: Entry | None = None,
    *,
    rule: Rule | None = None,
    maths: Maths = NUMPY,
    fine: int = 1,
) -> Average:
    """Return what a large group reports: mean change (score, not burden) and share of responders.

    Args:
        p: numbers by name.
        scale: the measure.
        dose: the arm.
        week: weeks from the start.
        entry: who starts; default is who usually does.
        rule: who is a responder; default is the rule of the measure.
        maths: where exp and the normal distribution come from.
        fine: steps the scale has for each point (10 for a line in mm on a scale of 10).
    """
    entry, start = _start(p, scale, entry, maths, fine)
    read = reading(p, scale.id, week, fall(p, scale.id, dose, week, maths), start.nodes, entry.centre)
    limit = highest_response(scale, rule or scale.rule, start.before, fine)
    return outcome(scale, start, limit, read, maths)


@dataclass(frozen=True)
class Start:
    """Burdens at the start, shape (nodes, 1): exact, how many people stand there, and as read."""

    nodes: np.ndarray
    weights: Any
    before: np.ndarray


def outcome(scale: Scale, start: Start, limit: np.ndarray, read: tuple[Any, Any], maths: Maths) -> Average:
    """Put together people who stand at different places at the start (first axis)."""
    mean, sd = read
    responds = maths.normal_below((limit - mean) / sd) * (limit > 0)
    direction = 1.0 if scale.better == "lower" else -1.0
    change = direction * (held(mean, sd, scale.span, maths) - start.before)
    return Average((start.weights * change).sum(axis=0), (start.weights * responds).sum(axis=0))


def _start(p: Numbers, scale: Scale, entry: Entry | None, maths: Maths, fine: int) -> tuple[Entry, Start]:
    """Return who starts and where they stand; the usual people are worked out once."""
    if entry is not None:
        return entry, starts(scale, entry, maths, fine)
    usual = p.once(("entry", scale.id), lambda: usual_entry(p, scale.id))
    return usual, p.once(("starts", scale.id, fine), lambda: starts(scale, usual, maths, fine))


def starts(scale: Scale, entry: Entry, maths: Maths, fine: int) -> Start:
    """Return where people stand at the start."""
    if isinstance(entry.sd, int | float) and entry.sd == 0:
        nodes, weights = np.full((1, 1), float(np.max(entry.mean))), np.ones((1, 1))
    else:
        low, high, step = _reach(scale, entry)
        nodes = np.arange(low + step / 2, high, step)[:, None]
        weights = maths.exp(-0.5 * ((nodes - entry.mean) / entry.sd) ** 2)
        weights = weights / weights.sum(axis=0)
    return Start(nodes, weights, np.clip(np.rint(nodes * fine) / fine, 1 / fine, scale.span))


def _reach(scale: Scale, entry: Entry) -> tuple[int, int, float]:
    """Return the burdens between which people start, and a step fine enough; all there are for variables."""
    low, high, step = round(-0.2 * scale.span), round(1.2 * scale.span), 2.0 if scale.span > 20 else 0.5
    try:
        least, most = np.min(entry.mean - 4.5 * entry.sd), np.max(entry.mean + 4.5 * entry.sd)
        thinnest = float(np.min(entry.sd))
    except TypeError:
        return low, high, step
    while step > thinnest / 1.5 and step > 0.1:
        step /= 4
    return max(low, 2 * int(least // 2)), min(high, 2 * int(most // 2 + 1)), step


def highest_response(scale: Scale, rule: Rule, before: np.ndarray, fine: int) -> np.ndarray:
    """Return the burden below which a reading counts as a response, for each start; -1 where none does."""
    if fine > 1 and rule.kind == "change":
        rule = replace(rule, limit=rule.limit * fine)
    ticks = np.arange(scale.span * fine + 1)
    first = np.rint(scale.shown(before) * fine)
    met = rule.meets(first, np.rint(scale.shown(ticks / fine) * fine))
    last = np.where(met.any(axis=1), met.shape[1] - 1 - met[:, ::-1].argmax(axis=1), -1)
    return np.where(last >= 0, (last + 0.5) / fine, -1.0)[:, None]


def held(mean: Any, sd: Any, span: float, maths: Maths) -> Any:
    """Return the mean of normal readings that cannot leave the scale."""
    low, high = (0 - mean) / sd, (span - mean) / sd
    below, under = maths.normal_below(low), maths.normal_below(high)
    bells = (maths.exp(-0.5 * low**2) - maths.exp(-0.5 * high**2)) * 0.3989422804014327
    return span * (1 - under) + mean * (under - below) + sd * bells


def spread(p: Numbers, measure: str, week: Any, fallen: Fall, entry: Entry) -> tuple[Any, Any]:
    """Return the SD of change and the correlation with the start, on a scale without ends."""
    slope, _ = mechanics.follow(p, measure, week)
    _, sd = reading(p, measure, week, fallen, entry.mean, entry.centre)
    carried = slope * fallen.rest * entry.sd
    uneven = p["response_sd"] * (1 - fallen.plain) * fallen.varying * slope * entry.sd
    variance = carried**2 + sd**2 + uneven**2
    change = (variance + entry.sd**2 - 2 * carried * entry.sd) ** 0.5
    return change, carried / variance**0.5
