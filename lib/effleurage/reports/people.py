"""Who comes, and what the screen found."""

from collections.abc import Sequence

from effleurage import knowledge, safety
from effleurage.charts.words import day
from effleurage.intake import Client
from effleurage.plan import Course
from effleurage.protocol import Protocol
from effleurage.reports.words import Words, plain, table
from effleurage.safety import Ask, Finding, Screen

MOST_QUESTIONS = 12


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
