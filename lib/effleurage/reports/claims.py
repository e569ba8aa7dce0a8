"""What is said, what was found, how large a change must be, and where it was read."""

import re
from collections.abc import Iterable

from effleurage import knowledge
from effleurage.knowledge import Measure, Threshold
from effleurage.protocol import Protocol
from effleurage.reports.words import MARKS, Words, plain, standing, table
from effleurage.safety import Screen


def matters(measure: Measure) -> str:
    """Say the size of a change that matters: the one used here, then the others that were published."""
    if not measure.mcid:
        return "no published figure in what we hold"
    used = measure.used("mcid")
    others = sorted(item.value for item in measure.mcid if item is not used and not item.percent)
    span = (
        f"{others[0]:g} to {others[-1]:g}" if len(others) > 1 else "".join(f"{value:g}" for value in others)
    )
    rest = f" (other published figures: {span} points)" if others else ""
    return f"{_size(used)} {MARKS[measure.standing_for('mcid')]}{rest}"


def _size(given: Threshold) -> str:
    """Say the size of a threshold."""
    return f"{given.value:g}{' % of the first score' if given.percent else ' points'}"


def thresholds(measure: str) -> Words:
    """Return every published error and meaningful change of a measure, with its people and its source."""
    entry = knowledge.get("measure", measure)
    kinds = (("measurement error", entry.mdc), ("change that matters", entry.mcid))
    rows = [
        (
            what,
            f"{_size(item)} {MARKS[item.standing]}",
            "used here" if item.used else "",
            item.population,
            short_names(item.sources),
        )
        for what, given in kinds
        for item in given
    ]
    return Words(table(["what", "size", "", "found in", "source"], rows))


def effects(names: Iterable[str]) -> Words:
    """Return claims about massage beside what was found, with honest words, grade, source and standing."""
    return Words(
        table(["what is taught, our grade ○", "what was found", "say it like this"], map(_effect, names))
    )


def _effect(name: str) -> tuple[Words, Words, str]:
    """Return the row of one claim."""
    entry = knowledge.get("effect", name)
    taught = f"**{plain(entry.name)}.** {plain(entry.taught)} *{entry.grade}, certainty {entry.certainty}*"
    found = f"{plain(entry.found)} {MARKS[entry.standing]} {plain(short_names(entry.sources))}"
    return Words(taught), Words(found), f"“{entry.say}”"


def short_names(sources: Iterable[str]) -> str:
    """Return sources in short: who and when, or else the name up to its first comma."""
    names = (knowledge.get("source", word).name for word in sources)
    short = (re.match(r".{,45}?\b(?:19|20)\d\d\b|[^,;(]*", name) for name in names)
    return "; ".join(found.group().strip() for found in short)


def references(names: Iterable[str]) -> Words:
    """Return sources in full, each with how much of it was read and its standing."""
    found = sorted({knowledge.get("source", name) for name in names}, key=lambda item: item.name)
    lines = [
        f"- {plain(item.name)}. {plain(item.where)}. Read: {item.read}. {standing(item.standing)}."
        for item in found
    ]
    return Words("\n".join(lines))


def sources_of(design: Protocol, screen: Screen) -> tuple[str, ...]:
    """Return the sources behind a protocol, its measures and what the screen found."""
    found = [*design.sources, *knowledge.get("condition", design.condition).sources]
    found += [source for item in screen.findings for source in item.sources]
    for goal in design.goals:
        found += [source for given in knowledge.get("measure", goal.measure).mcid for source in given.sources]
    return tuple(dict.fromkeys(found))
