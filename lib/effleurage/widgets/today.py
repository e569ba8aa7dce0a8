"""What the client says on the day, on top of the case: signs reported, questions answered, numbers measured.

The case file is never changed; the answers of the day lie in the student's record.

>>> from effleurage import intake
>>> client = intake.load("courier-neck")
>>> with_answers(client, report(NOTHING, "dizziness", "yes", client)).answer("dizziness")
'yes'
"""

from typing import Any

from effleurage import files, intake, knowledge
from effleurage.errors import UsageError
from effleurage.intake import Client

Today = dict[str, Any]

NOTHING: Today = {"yes": [], "no": [], "readings": {}, "dates": {}}


def report(today: Today, fact: str, answer: str, client: Client, place: Today | None = None) -> Today:
    """Return the answers of the day with one more: yes, no, or taken back (``unknown``).

    Raises:
        UnknownId: no such fact.
        UsageError: the case says otherwise, so that it cannot be a no.
    """
    entry = knowledge.get("fact", fact, "the report")
    if answer == "no" and client.found(fact):
        raise UsageError(
            entry.name, "the intake says yes", "what the client says on the day", "ask once more"
        )
    rest = {
        **today,
        "yes": [item for item in today["yes"] if item["fact"] != fact],
        "no": [word for word in today["no"] if word != fact],
    }
    if answer == "yes":
        where = {name: value for name, value in (place or {}).items() if value}
        rest["yes"] = [*rest["yes"], {"fact": fact, "on": client.visit.isoformat(), **where}]
    elif answer == "no":
        rest["no"] = [*rest["no"], fact]
    return rest


def measured(today: Today, reading: str, value: float | None) -> Today:
    """Return the answers of the day with a number measured, or without it."""
    knowledge.get("reading", reading, "the measurement")
    kept = {name: number for name, number in today["readings"].items() if name != reading}
    return {**today, "readings": kept if value is None else {**kept, reading: float(value)}}


def dated(today: Today, fact: str, day: str | None) -> Today:
    """Return the answers of the day with the day of something that was present without one."""
    kept = {name: on for name, on in today["dates"].items() if name != fact}
    return {**today, "dates": {**kept, fact: day} if day else kept}


def with_answers(client: Client, today: Today) -> Client:
    """Return the client as known with the answers of the day.

    Raises:
        DataError: an answer is not possible (a number off its range, a day after the visit); it is named.
    """
    plain = client.model_dump(mode="json", exclude_defaults=True)
    said = {item["fact"] for item in today["yes"]} | set(today["no"])
    facts = [_with_date(item, today["dates"]) for item in plain.get("facts", ()) if item["fact"] not in said]
    denied = [word for word in plain.get("denied", ()) if word not in said]
    plain |= {
        "facts": [*facts, *today["yes"]],
        "denied": [*denied, *today["no"]],
        "not_known": [word for word in plain.get("not_known", ()) if word not in said],
        "readings": {**plain.get("readings", {}), **today["readings"]},
    }
    return files.build(Client, files.Document(plain, "Today"))


def _with_date(item: Today, dates: dict[str, str]) -> Today:
    on = item.get("on") or dates.get(item["fact"])
    return {**item, "on": on} if on else item


def in_words(today: Today) -> list[Today]:
    """List the answers of the day for the page, each with its name and answer."""
    yes = [_answer(item["fact"], "yes", _place(item)) for item in today["yes"]]
    no = [_answer(fact, "no", "") for fact in today["no"]]
    numbers = [
        {
            "reading": name,
            "name": knowledge.get("reading", name).name,
            "answer": _number(name, value),
            "place": "",
        }
        for name, value in today["readings"].items()
    ]
    return [*yes, *no, *numbers]


def _answer(fact: str, answer: str, place: str) -> Today:
    return {"fact": fact, "name": knowledge.get("fact", fact).name, "answer": answer, "place": place}


def _number(name: str, value: float) -> str:
    return f"{value:g} {knowledge.get('reading', name).unit}"


def _place(item: Today) -> str:
    """Name the place of a sign."""
    if not item.get("region"):
        return ""
    region = knowledge.get("region", item["region"]).name.lower()
    return ", ".join(filter(None, (region, item.get("side"))))


def sections() -> tuple[str, ...]:
    """Return the sections of the intake form, what is asked on the day first."""
    return tuple(sorted(intake.sections(), key=lambda name: name != "today"))
