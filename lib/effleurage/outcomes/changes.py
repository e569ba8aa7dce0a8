"""One change of one client: how large, against which errors and thresholds, and what may be said about it.

A change smaller than the measurement error is never called an improvement, also where only one of several
published errors is larger. No change names its cause. The verdicts:

- ``better``: beyond every published error, and the change that matters (the one in use) is reached;
- ``better beyond error``: beyond every published error, but less than the change that matters, or none known;
- ``depends on the error``: better than the error in use, but within another published one;
- ``cannot tell``: within the error in use, or no error is known;
- ``worse``: worse, and beyond the error in use (here the smaller error warns first);
- ``not measured``: a score is missing.
"""

from typing import Literal

from effleurage import knowledge
from effleurage.errors import DataError, Refused
from effleurage.knowledge import Id, Measure, Record, Standing, Threshold
from effleurage.outcomes import words

Kind = Literal["mdc", "mcid"]
Verdict = Literal[
    "better", "better beyond error", "depends on the error", "cannot tell", "worse", "not measured"
]
FINE = 9


class Against(Record):
    """A change beside one published threshold.

    ``kind`` is ``mdc`` (measurement error) or ``mcid`` (a change that matters). ``value`` is as published, in
    percent of the first score where ``percent`` is true; ``points`` is the same in points from this first
    score, or None where a percent of it means nothing. ``used`` marks the one that the verdict rests on.
    """

    kind: Kind
    value: float
    percent: bool
    points: float | None
    population: str
    sources: tuple[Id, ...]
    standing: Standing
    used: bool
    reached: bool


class Change(Record):
    """What became of a score. Points are ``after - before``; ``gain`` is the same in the direction of better.

    ``percent`` is the gain in percent of the first score; None where that means nothing (a first score of 0,
    or a scale that does not begin at 0).
    """

    measure: Id
    name: str
    unit: str
    before: float | None
    after: float | None
    points: float | None = None
    gain: float | None = None
    percent: float | None = None
    against: tuple[Against, ...] = ()
    verdict: Verdict = "not measured"
    sentence: str

    def used(self, kind: Kind) -> Against | None:
        """Return the threshold of a kind that the verdict rests on, or None when none is known."""
        return next((item for item in self.against if item.kind == kind and item.used), None)


def change(measure: str | Measure, before: float | None, after: float | None) -> Change:
    """Hold a change against every published threshold of its measure.

    Args:
        measure: id of a measure, or its record.
        before: first score in the unit of the measure (NDI: points of 50, never percent); None is missing.
        after: later score.

    Raises:
        UnknownId: no such measure.
        DataError: a score lies off the scale.

    >>> change("ndi", 22, 21).verdict
    'cannot tell'
    >>> change("ndi", 22, None).verdict
    'not measured'
    """
    entry = measure_of(measure)
    for name, score in (("first", before), ("later", after)):
        if score is not None:
            _refuse_off_scale(entry, score, f"{entry.id}, {name} score")
    if before is None or after is None:
        return _bare(entry, before, after, against=_against(entry, before, None))
    points = round(after - before, FINE)
    gain = -points if entry.better == "lower" else points
    against = _against(entry, before, gain)
    return _bare(
        entry,
        before,
        after,
        points=points + 0.0,
        gain=gain + 0.0,
        percent=100 * gain / before + 0.0 if _has_percent(entry, before) else None,
        against=against,
        verdict=_verdict(gain, against),
    )


def _bare(entry: Measure, before: float | None, after: float | None, **more: object) -> Change:
    """Put a change together and say it in words."""
    known = {"measure": entry.id, "name": entry.name, "unit": entry.unit, "before": before, "after": after}
    found = Change(**known, **more, sentence="-")
    return found.model_copy(update={"sentence": words.sentence(found, entry)})


def measure_of(measure: str | Measure) -> Measure:
    """Return the record of a measure.

    >>> measure_of("nprs").better
    'lower'
    """
    return measure if isinstance(measure, Measure) else knowledge.get("measure", measure, "outcomes")


def on_scale(entry: Measure, score: float) -> float:
    """Return the score, or refuse it when it lies off the scale; points and percent are told apart.

    Raises:
        Refused: it lies off the scale; the reader of rows or files adds where.
    """
    low, high = entry.scale.low, entry.scale.high
    if low <= score <= high:
        return score
    do = "correct the score"
    if low == 0 and high < score <= 100:
        points = f"{score * high / 100:g}"
        do = f"write {points} if {score:g} counts to 100 (percent): scores are points of {high:g} here"
    raise Refused(f"{entry.id} is {score:g}", f"{entry.scale} {entry.unit}", do)


def _refuse_off_scale(entry: Measure, score: float, where: str) -> None:
    try:
        on_scale(entry, score)
    except Refused as error:
        raise DataError(where, error.found, error.allowed, error.do) from None


def _has_percent(entry: Measure, before: float | None) -> bool:
    """Tell whether a percent of the first score means something."""
    return bool(before) and entry.scale.low == 0


def _against(entry: Measure, before: float | None, gain: float | None) -> tuple[Against, ...]:
    """Hold a gain against every threshold, errors first, each kind in the order of the entry."""
    kinds: tuple[tuple[Kind, tuple[Threshold, ...]], ...] = (("mdc", entry.mdc), ("mcid", entry.mcid))
    return tuple(_one(entry, kind, item, before, gain) for kind, given in kinds for item in given)


def _one(entry: Measure, kind: Kind, item: Threshold, before: float | None, gain: float | None) -> Against:
    if item.percent:
        points = round(item.value * before / 100, FINE) if before and _has_percent(entry, before) else None
    else:
        points = item.value
    size = None if gain is None else abs(gain) if kind == "mdc" else gain
    reached = size is not None and points is not None and size >= points
    shared = item.model_dump(include={"value", "percent", "population", "sources", "standing", "used"})
    return Against(kind=kind, points=points, reached=reached, **shared)


def _verdict(gain: float, against: tuple[Against, ...]) -> Verdict:
    """Say what the published figures allow to be said."""
    errors = [item for item in against if item.kind == "mdc"]
    if gain == 0 or not any(item.used and item.reached for item in errors):
        return "cannot tell"
    if gain < 0:
        return "worse"
    if not all(item.reached for item in errors):
        return "depends on the error"
    matters = any(item.kind == "mcid" and item.used and item.reached for item in against)
    return "better" if matters else "better beyond error"
