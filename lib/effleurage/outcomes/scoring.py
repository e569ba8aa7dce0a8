"""From answers to a score, by the rule in the entry of the measure; and the volume of a limb from its girths.

No question text is needed or kept: answers are numbers in the order of the form, None where one is missing.

>>> score("ndi", [2, 1, 0, 3, 2, 1, 1, None, 2, 1]).value
14.444444
>>> score("koos", {"pain": [1, 0, 2, 1, 1, 0, 1, 2, 1]}).parts["pain"]
75.0
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import pi

from effleurage.errors import DataError, Refused, unknown
from effleurage.knowledge import Id, Measure, Record, ScorePart, Standing
from effleurage.outcomes.changes import measure_of, on_scale

Answers = Sequence[float | None]


class Score(Record):
    """A score. ``value`` is None where parts are told apart or too many answers are missing; ``said`` why.

    ``missing_standing`` is the standing of the rule for missing answers.
    """

    measure: Id
    value: float | None
    unit: str
    better: str
    parts: dict[str, float | None]
    answered: int
    of: int
    said: str
    sources: tuple[Id, ...]
    missing_standing: Standing


def score(measure: str | Measure, answers: Answers | Mapping[str, Answers]) -> Score:
    """Return the score of one form.

    Args:
        measure: a measure or its id.
        answers: numbers in the order of the form, or lists by the name of a part; None is a missing answer.
            A part that is left out altogether is not scored.

    Raises:
        UnknownId: no such measure or part.
        DataError: too many or too few answers, or one out of range, with its place.

    >>> score("hit-6", [6, 8, 9, 10, 11, 13])
    Traceback (most recent call last):
    ...
    effleurage.errors.DataError: hit-6, questions, answer 3: 9. Allowed: 6, 8, 10, 11, 13. To do: ...
    """
    entry = measure_of(measure)
    given = _by_part(entry, answers)
    found = {
        part.name: _part(entry, part, given[part.name]) for part in entry.score_parts if part.name in given
    }
    held = [one for part in given.values() for one in part if one is not None]
    words = [said for _, said in found.values() if said]
    value = _together(entry, [value for value, _ in found.values()])
    return Score(
        measure=entry.id,
        value=value,
        unit=entry.unit,
        better=entry.better,
        parts={name: value for name, (value, _) in found.items()},
        answered=len(held),
        of=sum(map(len, given.values())),
        said=" ".join(words) or "All answers are there.",
        sources=entry.sources,
        missing_standing=entry.standing_for("missing"),
    )


def total(measure: str | Measure, value: float) -> float:
    """Return a total that was worked out elsewhere, or refuse it when it lies off the scale.

    >>> total("stai-state", 12)
    Traceback (most recent call last):
    ...
    effleurage.errors.DataError: stai-state: stai-state is 12. Allowed: 20-80 points. ...
    """
    entry = measure_of(measure)
    try:
        return on_scale(entry, value)
    except Refused as error:
        raise DataError(entry.id, error.found, error.allowed, error.do) from None


def _by_part(entry: Measure, answers: Answers | Mapping[str, Answers]) -> dict[str, list[float | None]]:
    """Return the answers of each part."""
    parts = entry.score_parts
    if not parts:
        do = "enter the total; its own service or table scores it"
        raise DataError(entry.id, "no rule from answers to a score", "a total", do)
    if isinstance(answers, Mapping):
        names = [part.name for part in parts]
        for name in answers:
            if name not in names:
                raise DataError.of([unknown(entry.id, "part", name, names)])
        given = {name: list(one) for name, one in answers.items()}
    else:
        ends = [sum(part.items for part in parts[:place]) for place in range(len(parts) + 1)]
        given = {part.name: list(answers[ends[place] : ends[place + 1]]) for place, part in enumerate(parts)}
        given[parts[-1].name] += answers[ends[-1] :]
    for part in parts:
        if part.name in given:
            _count(entry, part, given[part.name])
    return given


def _count(entry: Measure, part: ScorePart, answers: Answers) -> None:
    """Refuse another number of answers than the form has."""
    if len(answers) == part.items or (part.up_to and 1 <= len(answers) < part.items):
        return
    allowed = f"{'1 to ' if part.up_to else ''}{part.items}, None for a missing one"
    raise DataError(f"{entry.id}, {part.name}", f"{len(answers)} answers", allowed, "add or take out answers")


def _part(entry: Measure, part: ScorePart, answers: Answers) -> tuple[float | None, str]:
    """Return the score of a part, and what was done about missing answers."""
    held = [_answer(entry, part, place, one) for place, one in enumerate(answers, start=1) if one is not None]
    missing = len(answers) - len(held)
    least = _least(part, len(answers))
    if len(held) < least:
        return (
            None,
            f"{part.name}: {missing} of {len(answers)} missing, {least} answers are needed: no score.",
        )
    mean = sum(held) / (len(answers) if part.blank == "zero" else len(held))
    value = {
        "sum": mean * len(answers),
        "mean": mean,
        "percent": 100 * (mean - part.low) / (part.high - part.low),
    }[part.rule]
    value = (100 - value if part.turned else value) / part.divide
    return round(value, 6), _filled(part, missing, len(answers))


def _least(part: ScorePart, asked: int) -> int:
    """Return how many answers a score needs; half of them where the form names no number (our default)."""
    if part.blank == "zero":
        return 0
    if part.blank == "no score":
        return asked
    return part.fewest or -(-asked // 2)


def _filled(part: ScorePart, missing: int, asked: int) -> str:
    """Say what stands in for missing answers."""
    if not missing:
        return ""
    if part.blank == "zero":
        return f"{part.name}: {missing} of {asked} left open count as 0."
    own = "" if part.fewest else "; half of the answers at least is a teaching default"
    return f"{part.name}: {missing} of {asked} missing, the mean of the others stands in{own}."


def _answer(entry: Measure, part: ScorePart, place: int, one: float) -> float:
    """Return an answer, counted from the other end where the form asks so; refuse what it cannot be."""
    number = isinstance(one, int | float) and not isinstance(one, bool)
    fits = number and part.low <= one <= part.high and (not part.answers or one in part.answers)
    if not fits:
        allowed = ", ".join(map(str, part.answers)) or f"{part.low:g} to {part.high:g}"
        where = f"{entry.id}, {part.name}, answer {place}"
        raise DataError(where, f"{one}", allowed, "correct it, or write None if it is missing")
    return part.low + part.high - one if place in part.reversed else one


def _together(entry: Measure, values: Sequence[float | None]) -> float | None:
    """Return the total of the parts; None where parts are told apart or one has no score."""
    if entry.combine == "apart" or None in values or len(values) < len(entry.score_parts):
        return None
    whole = sum(values) / (len(values) if entry.combine == "mean" else 1)
    return round(whole, 6)


def limb_volume(girths_cm: Sequence[float], apart_cm: float) -> float:
    """Return the volume of a limb in mL from girths taken at even distances: a row of truncated cones.

    Source: measure ``girth``. Compare with the other limb or with the first visit.

    Raises:
        DataError: fewer than two girths, or one that is not above 0.

    >>> round(limb_volume([20, 24], apart_cm=10))
    386
    """
    if len(girths_cm) < 2 or min(*girths_cm, apart_cm) <= 0:
        found = f"{list(girths_cm)}, {apart_cm:g} cm apart"
        raise DataError("girth", found, "two girths or more, all above 0 cm", "measure again")
    cones = (one**2 + one * two + two**2 for one, two in pairwise(girths_cm))
    return sum(apart_cm * cone / (12 * pi) for cone in cones)
