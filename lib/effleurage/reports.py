"""The parts of reports and lessons in words and tables: Markdown that reads on screen, on paper and aloud.

>>> from effleurage import intake, protocol, safety
>>> design, person = protocol.load("neck-pain-chronic-60"), intake.load("driver-neck")
>>> print(in_short(safety.check(design, person), None))
Do not work today: stop and refer. No plan is made.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from effleurage import knowledge, safety
from effleurage.intake import Client
from effleurage.knowledge import Measure, Standing, Threshold
from effleurage.plan import Course, Dropped, PlannedSession
from effleurage.protocol import Protocol, Step
from effleurage.safety import Ask, Finding, Screen

MARKS = {name: words[0] for name, words in safety.STANDINGS.items()}
MOST_QUESTIONS = 12
NOT_MADE = "*Not made: the screen above comes first.*"


class Words(str):
    """Markdown that a notebook shows as such, and everything else as plain text."""

    __slots__ = ()

    def _repr_mimebundle_(self, **_given: object) -> dict[str, str]:
        """Return both forms."""
        return {"text/markdown": str(self), "text/plain": str(self)}


def plain(text: object) -> str:
    """Return somebody's words so that Markdown shows them as they are.

    >>> plain("a|b *c* <d>")
    'a\\\\|b \\\\*c\\\\* &lt;d&gt;'
    """
    words = re.sub(r"\s+", " ", str(text)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|#~$])", r"\\\1", words)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; cells are shown as they are.

    >>> print(table(["week", "points"], [[1, 17]]))
    | week | points |
    | --- | --- |
    | 1 | 17 |
    """
    lines = [list(head), ["---"] * len(head), *([plain(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def standing(name: Standing) -> str:
    """Return the mark of a standing with its word.

    >>> standing("editorial")
    '○ teaching default'
    """
    return safety.STANDINGS[name]


def day(on: date) -> str:
    """Return a date as people say it.

    >>> day(date(2026, 3, 2))
    'Mon 2 Mar 2026'
    """
    return f"{on:%a} {on.day} {on:%b %Y}"


# who --------------------------------------------------------------------------------------------------------


def client(who: Client, design: Protocol | None = None) -> Words:
    """Say who comes, with what, since when, and what they want."""
    complaint = who.complaint
    condition = knowledge.get("condition", complaint.condition)
    places = [
        f"{knowledge.get('region', item.region).name.lower()} ({item.side})" for item in complaint.places
    ]
    scores = [f"{knowledge.get('measure', name).name} {value:g}" for name, value in who.baseline.items()]
    rows = [
        ("Complaint", f"“{complaint.words}”"),
        ("Known as", f"{condition.name}, {complaint.stage}, for {_weeks(complaint.weeks)}"),
        ("Where", "; ".join(places)),
        ("Worse with", ", ".join(complaint.worse_with)),
        ("Better with", ", ".join(complaint.better_with)),
        ("Wants to", "; ".join(who.goals)),
        ("Baseline", "; ".join(scores)),
        ("Pressure wished for", "" if who.pressure_wished is None else f"Walton level {who.pressure_wished}"),
        ("Protocol", design.name if design else ""),
    ]
    body = table(["", f"{plain(who.name)} (fictional)"], [row for row in rows if row[1]])
    return Words(f"{plain(who.story)}\n\n{body}")


def _weeks(count: int) -> str:
    """Say a number of weeks."""
    return "less than a week" if count == 0 else f"{count} week{'' if count == 1 else 's'}"


def in_short(screen: Screen, course: Course | None) -> Words:
    """Say the whole report in one line."""
    if course is None:
        return Words(f"{safety.summary(screen)} No plan is made.")
    found = len(screen.findings)
    rest = (
        "nothing to avoid or limit" if not found else f"{found} finding{'s' if found > 1 else ''} to keep to"
    )
    hours = f"{course.hands_on_minutes:g} hands-on minutes"
    return Words(f"{len(course.sessions)} sessions in {course.weeks} weeks, {hours}; {rest}.")


# the screen -------------------------------------------------------------------------------------------------


def screened(screen: Screen, design: Protocol | None = None) -> Words:
    """Say what the screen found, the gravest first, each finding with its source and standing.

    Of the questions still to ask, those come first that the protocol itself names as reasons to refer.
    """
    parts = [f"**{plain(safety.summary(screen))}** Screened on {day(screen.on)}."]
    for kind, name in safety.KIND_NAMES.items():
        found = [item for item in screen.findings if item.kind == kind]
        if found:
            parts.append(f"### {safety.SIGNS[kind]} {name}")
            parts.extend(_finding(item) for item in found)
    if screen.asks:
        parts.append(_asks(screen, design.refer_if if design else ()))
    return Words("\n\n".join(parts))


def _finding(item: Finding) -> str:
    """Say one finding: the safety module has the words, this gives them shape."""
    name, *lines = (plain(line.strip()) for line in safety.finding_lines(item))
    return "\n".join([f"**{name}**", "", *(f"- {line}" for line in lines)])


def _asks(screen: Screen, first: Sequence[str]) -> str:
    """Say what is still to ask: what could change everything first, then how much more there is."""
    by_weight = sorted(screen.questions.items(), key=lambda item: _weight(item[1], first))
    told = [line for line, _ in by_weight[:MOST_QUESTIONS]]
    rest = len(by_weight) - len(told)
    more = f"\n\n…and {rest} more: finish the intake, then screen again." if rest else ""
    lines = "\n".join(f"- {plain(line)}" for line in told)
    said = "What nobody asked is not known, and never counts as no."
    return f"### {safety.SIGNS['ask']} Ask\n\n{said}\n\n{lines}{more}"


def _weight(asks: Sequence[Ask], first: Sequence[str]) -> tuple[bool, bool]:
    """Return how late a question may come."""
    return not any(item.rule in first for item in asks), not any(item.open for item in asks)


# the plan ---------------------------------------------------------------------------------------------------


def goals(design: Protocol) -> Words:
    """Say the goals of a protocol, and beside each the published size of a change that matters."""
    rows = []
    for goal in design.goals:
        measure = knowledge.get("measure", goal.measure)
        change = f"{goal.change:+g} {measure.unit}"
        rows.append((measure.name, change, f"week {goal.by_week}", _matters(measure)))
    return Words(table(["measure", "change", "by", "a change that matters"], rows))


def _matters(measure: Measure) -> str:
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
            _names(item.sources),
        )
        for what, given in kinds
        for item in given
    ]
    return Words(table(["what", "size", "", "found in", "source"], rows))


def sessions(course: Course | None) -> Words:
    """Return the visits of a course as a table; in words when there is none."""
    if course is None:
        return Words(NOT_MADE)
    rows = [
        (
            item.number,
            day(item.on),
            item.week,
            f"{item.minutes:g}",
            f"{item.hands_on_minutes:g}",
            "measure again" if item.reassess else "",
        )
        for item in course.sessions
    ]
    notes = "".join(f"\n- {plain(line)}" for line in course.notes)
    body = table(["session", "date", "week", "booked min", "hands-on min", ""], rows)
    return Words(f"{body}\n{notes}" if notes else body)


def steps(session: PlannedSession | None) -> Words:
    """Return the steps of a visit, and what the screen changed or left out."""
    if session is None:
        return Words(NOT_MADE)
    rows = [
        (
            knowledge.get("technique", step.technique).name,
            f"{knowledge.get('region', step.region).name.lower()}, {step.side}",
            f"{step.minutes:g}",
            "" if step.pressure is None else step.pressure,
            step.position,
            step.purpose,
        )
        for step in session.steps
    ]
    body = table(["step", "where", "min", "pressure", "position", "purpose"], rows)
    changed = [f"\n- {line}" for line in _changes(session)]
    return Words(f"{body}\n\nWhat the screen changed:\n{''.join(changed)}" if changed else body)


def _changes(session: PlannedSession) -> Iterator[str]:
    """Say each step that was changed or left out, and why."""
    for step in session.steps:
        yield from (f"{_step(step)}: {plain(words)}" for words in step.changed)
    for left in session.dropped:
        yield f"{_step(left)}: left out. {plain('; '.join(left.why))}"


def _step(step: Step | Dropped) -> str:
    """Name a step by technique and place."""
    technique, region = knowledge.get("technique", step.technique), knowledge.get("region", step.region)
    return f"{technique.name}, {region.name.lower()}"


def first_of_each_phase(course: Course | None) -> tuple[PlannedSession, ...]:
    """Return the first visit of each phase; later ones of the phase have the same steps."""
    found = {item.phase: item for item in reversed(course.sessions)} if course else {}
    return tuple(reversed(found.values()))


# what is said and what was found ----------------------------------------------------------------------------


def effects(names: Iterable[str]) -> Words:
    """Return claims about massage beside what was found, with honest words, grade, source and standing."""
    rows = []
    for name in names:
        entry = knowledge.get("effect", name)
        found = f"{entry.found} {MARKS[entry.standing]} {_names(entry.sources)}"
        rows.append((entry.name, entry.taught, entry.grade, found, f"“{entry.say}”"))
    return Words(table(["", "what is taught", "our grade ○", "what was found", "say it like this"], rows))


def _names(sources: Iterable[str]) -> str:
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
