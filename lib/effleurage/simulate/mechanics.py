"""The formulas of the teaching model, once for everyone: the engine, the group averages and the fit script.

Every function takes ``p``, numbers by name (arrays of draws here, random variables in the fit script), and
works on the burden: points away from the good end of the scale. Effects are shares of the burden. Times are
weeks or days as named.

>>> from effleurage.simulate import doses, parameters
>>> p = parameters.model("neck-pain-chronic").values("mean")
>>> hour, half = (stimulus(p, doses.Session(0, minutes)) for minutes in (60, 30))
>>> bool(hour > half > 0)
True
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import erf, sqrt
from typing import Any

import numpy as np

from effleurage.simulate.doses import Dose, Session

GONE_HOURS = 36.0
SORE_PEAK_HOURS = 12.0
USUAL_PRESSURE, MOST_PRESSURE = 2.5, 3.0


class Numbers(Mapping):
    """Numbers by name, each an array of shape (draws,) or a random variable. Remembers what was worked out.

    >>> Numbers({"a": 2})["a"]
    2
    """

    def __init__(self, numbers: Mapping[str, Any]) -> None:
        """Hold the numbers."""
        self._numbers, self._known = dict(numbers), {}

    def __getitem__(self, name: str) -> Any:
        return self._numbers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def once(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return what ``make`` gives, worked out at most once for a key; what cannot be a key, each time."""
        try:
            hash(key)
        except TypeError:
            return make()
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]

    def technique(self, name: str) -> Any:  # noqa: ARG002  (draws know more)
        """Return how far a technique departs from the average one, in SDs."""
        return 0.0


@dataclass(frozen=True)
class Maths:
    """The two functions that plain arithmetic does not have."""

    exp: Callable
    normal_below: Callable


def normal_below(z: np.ndarray) -> np.ndarray:
    """Return the share of a standard normal below z, to 1e-7 (Abramowitz and Stegun 7.1.26).

    >>> round(float(normal_below(np.array(1.96))), 4)
    0.975
    """
    x = np.abs(z) / sqrt(2)
    t = 1 / (1 + 0.3275911 * x)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    tail = 0.5 * series * np.exp(-x * x)
    return np.where(np.asarray(z) > 0, 1 - tail, tail)


NUMPY = Maths(np.exp, normal_below)


def share_below(z: float) -> float:
    """Return the share of a standard normal below one number."""
    return 0.5 * (1 + erf(z / sqrt(2)))


def source_variance(p: Numbers, measure: str) -> Any:
    """Return the variance of a reading among all who have the complaint."""
    return p[f"true_sd_{measure}"] ** 2 + p[f"error_{measure}"] ** 2


def source_mean(p: Numbers, measure: str, entry_mean: Any) -> Any:
    """Return the mean burden of all who have the complaint; those who enter a course stand above it."""
    return entry_mean - p["selection"] * source_variance(p, measure) ** 0.5


def persistence(p: Numbers, weeks: float) -> Any:
    """Return the correlation of the part that comes and goes, over some weeks."""
    return 2.0 ** (-weeks / p["wobble_weeks"])


def follow(p: Numbers, measure: str, weeks: float) -> tuple[Any, Any]:
    """Return the slope of the true burden on the reading at the start, and the variance left around it."""
    true = p[f"true_sd_{measure}"] ** 2
    kept = p["lasting"] + (1 - p["lasting"]) * persistence(p, weeks)
    slope = kept * true / source_variance(p, measure)
    return slope, true - slope * kept * true


def untreated(p: Numbers, measure: str, weeks: float) -> Any:
    """Return the untreated fall: early, then level."""
    return (p[f"natural_{measure}"] + p["natural_between"] * p["shift"]) * levelling(p, weeks)


def levelling(p: Numbers, weeks: float) -> Any:
    """Return how much of an early change has happened."""
    return 1 - 2.0 ** (-weeks / p["natural_weeks"])


def without_touch(p: Numbers, arm: str, weeks: float) -> Any:
    """Return the fall that an arm without sessions adds to the untreated one."""
    if arm not in ("self-care", "usual-care"):
        return 0.0
    share = p["usual_care_share"] if arm == "usual-care" else 1.0
    return share * p["self_care"] * levelling(p, weeks)


def character(p: Numbers, session: Session) -> Any:
    """Return what pressure and techniques make of a session: close to 1."""
    factor = 1.0
    if session.pressure is not None:
        factor = 1 + p["pressure_gain"] * (min(session.pressure, MOST_PRESSURE) - USUAL_PRESSURE)
    if session.techniques:
        total = sum(minutes for _, minutes in session.techniques)
        departure = sum(p.technique(name) * (minutes / total) for name, minutes in session.techniques)
        factor = factor * np.maximum(1 + p["technique_sd"] * departure, 0.0)
    return factor


def stimulus(p: Numbers, session: Session, maths: Maths = NUMPY) -> Any:
    """Return which part of what is still open in the course effect one session fills."""
    weight = (session.minutes / 60.0) ** p["minutes_power"]
    return 1 - maths.exp(-p["session_rate"] * weight * character(p, session))


def contact(p: Numbers, maths: Maths = NUMPY) -> Any:
    """Return which part of what is still open in the context effect one contact fills."""
    return 1 - maths.exp(-p["contact_rate"])


def fading(p: Numbers, days: float) -> Any:
    """Return what is left of the course effect after some days without a session."""
    return 2.0 ** (-days / (7.0 * p["half_life_weeks"]))


def stores(p: Numbers, dose: Dose, day: float, maths: Maths = NUMPY) -> tuple[Any, Any]:
    """Return the two stores (massage, context; each 0 to 1) on a day, for average attendance."""
    before = tuple(session for session in dose.sessions if session.day < day)
    if not before:
        return 0.0, 0.0
    fills, left = p.once((dose.arm, before), lambda: _fill(p, dose.arm, before, maths)), day - before[-1].day
    return tuple(fill * p.once(("fading", left), lambda: fading(p, left)) for fill in fills)


def _fill(p: Numbers, arm: str, sessions: tuple[Session, ...], maths: Maths) -> tuple[Any, Any]:
    """Return the two stores straight after the last of these sessions."""
    touch = p.once("contact", lambda: 1 - (1 - p["missed"]) * contact(p, maths))
    gaps = [session.day - last.day for session, last in zip(sessions, sessions[:1] + sessions, strict=False)]
    lefts = [p.once(("fading", gap), lambda gap=gap: fading(p, gap)) for gap in gaps]
    by_context = 1 - still_open(lefts, [touch] * len(lefts))
    if arm != "massage":
        return 0.0, by_context
    misses = [1 - (1 - p["missed"]) * stimulus_once(p, session, maths) for session in sessions]
    return 1 - still_open(lefts, misses), by_context


def stimulus_once(p: Numbers, session: Session, maths: Maths) -> Any:
    """Return what a session fills; sessions alike are worked out once."""
    kind = ("stimulus", session.minutes, session.load, session.techniques)
    return p.once(kind, lambda: stimulus(p, session, maths))


def still_open(lefts: Sequence[Any], misses: Sequence[Any]) -> Any:
    """Return what of a store is still open after sessions: each fades the store, then leaves its miss open.

    >>> round(still_open([1.0, 0.5], [0.8, 0.8]), 2)  # 0.2 filled, half of it fades, then 0.2 of the rest
    0.72
    """
    still = 1.0
    for left, miss in zip(lefts, misses, strict=True):
        still = (1 - left * (1 - still)) * miss
    return still


def pull(p: Numbers, measure: str, maths: Maths = NUMPY) -> tuple[Any, Any]:
    """Return the largest fall from the massage store and from the context store."""
    group = maths.exp(p["effect_between"] * p["boost"])
    return group * p[f"effect_{measure}"], group * p[f"context_{measure}"]


def relief(p: Numbers, arm: str, hours: float) -> Any:
    """Return the session effect some hours after a session; nothing after 36 hours."""
    share = {"massage": 1.0, "light-touch": p["relief_touch_share"]}[arm]
    return share * p["relief"] * 2.0 ** (-hours / p["relief_hours"]) if hours < GONE_HOURS else 0.0


def soreness_left(hours: float) -> float:
    """Return how much of the peak soreness is felt: up to 12 hours rising, over at 36.

    >>> [soreness_left(hours) for hours in (0, 12, 24, 36)]
    [0.0, 1.0, 0.5, 0.0]
    """
    if hours <= SORE_PEAK_HOURS:
        return hours / SORE_PEAK_HOURS
    return max(0.0, (GONE_HOURS - hours) / (GONE_HOURS - SORE_PEAK_HOURS))
