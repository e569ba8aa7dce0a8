"""What is planned: goals, visits, steps, and what the screen changed."""

from collections.abc import Iterator

from effleurage import knowledge
from effleurage.charts.words import day
from effleurage.plan import Course, Dropped, PlannedSession
from effleurage.protocol import Protocol, Step
from effleurage.reports.claims import matters
from effleurage.reports.words import NOT_MADE, Words, plain, table
from effleurage.safety import Screen


def goals(design: Protocol) -> Words:
    """Say the goals of a protocol, and beside each the published size of a change that matters."""
    rows = []
    for goal in design.goals:
        measure = knowledge.get("measure", goal.measure)
        change = f"{goal.change:+g} {measure.unit}"
        rows.append((measure.name, change, f"week {goal.by_week}", matters(measure)))
    return Words(table(["measure", "change", "by", "a change that matters"], rows))


def sessions(course: Course | None, screen: Screen | None = None) -> Words:
    """Return the visits of a course as a table, with its notes; in words when there is none.

    Notes that only repeat a finding of the screen are left out where the screen is handed over.
    """
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
    told = tuple(f"{item.name}:" for item in screen.findings) if screen else ()
    notes = "".join(f"\n- {plain(line)}" for line in course.notes if not (told and line.startswith(told)))
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
