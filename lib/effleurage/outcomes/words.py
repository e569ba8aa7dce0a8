"""What may be said about a change, in plain words. No sentence names a cause."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from effleurage.knowledge import Measure

if TYPE_CHECKING:
    from effleurage.outcomes.changes import Against, Change

NO_CAUSE = "It does not say why: time, attention and other care change scores too."


def sentence(change: "Change", entry: Measure) -> str:
    """Return the whole story of a change: what was scored, what it is held against, what cannot be said."""
    return " ".join(_parts(change, entry))


def _parts(change: "Change", entry: Measure) -> Iterator[str]:
    if change.before is None or change.after is None:
        which = "a first score" if change.before is None else "a later score"
        yield f"{entry.name}: {which} is missing, so there is no change to read. Nothing was filled in."
        return
    yield _what(change, entry)
    yield _judged(change)
    yield from _room(change, entry)
    yield from _disagree(change)
    if change.verdict != "cannot tell":
        yield NO_CAUSE


def _what(change: "Change", entry: Measure) -> str:
    """Say from where to where."""
    start = f"{entry.name}: from {change.before:g} to {change.after:g} {entry.unit} (scale {entry.scale})"
    if not change.gain:
        return f"{start}, the same score."
    share = f", {abs(change.percent):.0f} % of the first score" if change.percent is not None else ""
    way = "better" if change.gain > 0 else "worse"
    return f"{start}, that is {amount(abs(change.gain), entry.unit)} {way}{share}."


def _judged(change: "Change") -> str:
    """Say what the thresholds in use make of it."""
    error, matters = change.used("mdc"), change.used("mcid")
    if error is None:
        return (
            "No measurement error of this scale is in what we hold, so nobody can tell if anything changed."
        )
    beyond = f"That is beyond the measurement error used here ({size(error)})"
    larger = [size(item) for item in change.against if item.kind == "mdc" and not item.reached]
    within = f", but within another published one ({', '.join(larger)})" if larger else ""
    if change.verdict == "worse":
        return f"{beyond}{within}: look for the reason."
    if change.verdict == "depends on the error":
        unsure = "It depends on which figure fits your client: do not call it an improvement yet."
        return f"{beyond}{within}. {unsure}"
    if change.verdict == "better":
        return f"{beyond}, and it reaches the change that matters used here ({size(matters)})."
    if change.verdict == "better beyond error":
        short = f"less than the change that matters used here ({size(matters)})" if matters else ""
        return f"{beyond}, but {short or 'which change matters to people is not in what we hold'}."
    return _cannot_tell(change, error)


def _cannot_tell(change: "Change", error: "Against") -> str:
    """Say that the error is larger than the change, also where a smaller threshold is reached."""
    text = (
        f"That is within the measurement error used here ({size(error)}), "
        "so you cannot tell from these two scores if anything changed."
    )
    smaller = [item for item in change.against if item.kind == "mcid" and item.reached]
    if smaller:
        inside = f"It reaches a published change that matters ({size(smaller[0])}), inside the error."
        return f"{text} {inside}"
    return text


def _room(change: "Change", entry: Measure) -> Iterator[str]:
    """Say when the scale has no room to show an improvement larger than its error."""
    error = change.used("mdc")
    room = change.before - entry.scale.low if entry.better == "lower" else entry.scale.high - change.before
    if error and error.points is not None and room < error.points:
        start = f"From a first score of {change.before:g}"
        yield f"{start} this scale cannot show an improvement larger than its error."


def _disagree(change: "Change") -> Iterator[str]:
    """Say when the published changes that matter would not all say the same."""
    reached = [item.reached for item in change.against if item.kind == "mcid"]
    if change.gain and change.verdict != "cannot tell" and len(set(reached)) > 1:
        told = f"this change reaches {sum(reached)} of {len(reached)}"
        yield f"Published figures for a change that matters differ: {told}."


def amount(value: float, unit: str) -> str:
    """Return a number with its unit.

    >>> amount(1, "points"), amount(2.5, "points")
    ('1 point', '2.5 points')
    """
    return f"{value:g} {unit.removesuffix('s') if value == 1 and unit == 'points' else unit}"


def size(item: "Against") -> str:
    """Return a threshold as it is read: points, and percent where it was published so."""
    if not item.percent:
        return f"{item.value:g}"
    return f"{item.value:g} %" + (f" = {item.points:.3g}" if item.points is not None else "")


def brief(change: "Change") -> str:
    """Return a change as a line under a chart's title.

    >>> from effleurage import outcomes
    >>> brief(outcomes.change("ndi", 22, 20))
    '22 → 20 points, 2 points better: cannot tell'
    """
    if change.before is None:
        return "no score yet"
    if change.after is None:
        return f"first score {amount(change.before, change.unit)}: nothing to compare yet"
    way = f"{amount(abs(change.gain), change.unit)} {'better' if change.gain > 0 else 'worse'}"
    moved = f"{change.before:g} → {change.after:g} {change.unit}"
    return f"{moved}, {way if change.gain else 'the same'}: {change.verdict}"
