"""What may be asked of a run: each refusal is one clear line.

>>> check_weeks([10, 5])
[0.0, 5.0, 10.0]
"""

from collections.abc import Mapping, Sequence

import numpy as np

from effleurage.errors import UsageError, unknown
from effleurage.simulate.parameters import Model, Scale
from effleurage.simulate.study import Baseline

LAST_WEEK, MOST_READINGS = 520, 60


def check_number(name: str, value: object, low: int, high: int) -> None:
    """Refuse what is no whole number in a range."""
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or not low <= value <= high:
        allowed = f"a whole number from {low:,} to {high:,}"
        raise UsageError(name, f"{value}", allowed, "correct the number")


def check_weeks(weeks: Sequence[float]) -> list[float]:
    """Return the weeks of readings in order, with week 0."""
    given = [weeks] if isinstance(weeks, int | float) else list(weeks)
    for week in given:
        if not isinstance(week, int | float | np.number) or not 0 <= week <= LAST_WEEK:
            allowed = f"weeks from the start, 0 to {LAST_WEEK}"
            raise UsageError(
                "weeks", f"{week}", allowed, "leave out what lies before the start or too far on"
            )
    found = sorted({0.0, *(float(week) for week in given)})
    if len(found) > MOST_READINGS:
        raise UsageError("weeks", f"{len(found)} readings", f"up to {MOST_READINGS}", "read less often")
    return found


def check_measures(whole: Model, measures: Sequence[str]) -> list[Scale]:
    """Return the scales of the measures that were asked for."""
    known = [scale.id for scale in whole.scales]
    if isinstance(measures, str):
        raise UsageError("measures", f"one word ('{measures}')", "a list", f"write measures=('{measures}',)")
    for name in measures:
        if name not in known:
            raise UsageError.of([unknown("measures", "measure", name, known)])
    if not measures or len(set(measures)) != len(measures):
        raise UsageError("measures", f"{list(measures)}", "one or more, each once", "correct the list")
    return [whole.scale(name) for name in measures]


def check_baseline(whole: Model, measures: Sequence[str], baseline: Mapping) -> dict[str, Baseline]:
    """Return scores at the start; a score off the scale is refused."""
    found: dict[str, Baseline] = {}
    for name, given in baseline.items():
        scale = check_measures(whole, [name])[0]
        pair = isinstance(given, tuple | list)
        mean, sd = given if pair else (given, 1)
        if not scale.low <= mean <= scale.high or not 0 < sd <= scale.span:
            allowed = f"a score from {scale.low} to {scale.high}, or (mean, SD) with an SD above 0"
            raise UsageError(f"baseline of {name}", f"{given}", allowed, "correct the score")
        if name in measures:
            found[name] = (float(mean), float(sd)) if pair else float(mean)
    return found


def read_weeks(text: str) -> list[float]:
    """Read weeks in words.

    >>> read_weeks("0, 5,10")
    [0.0, 5.0, 10.0]
    """
    try:
        return check_weeks([float(part) for part in text.split(",")])
    except ValueError:
        raise UsageError("weeks", f"'{text}'", "numbers with commas", "write it like 0,5,10") from None
