"""The screen as the page shows it: plain values, grouped by kind, each with its words, sources and steps."""

from collections.abc import Iterable
from typing import Any

from effleurage import knowledge, safety
from effleurage.intake import Client
from effleurage.knowledge import Trigger
from effleurage.safety import Ask, Finding, Screen
from effleurage.widgets import drafts

Face = dict[str, Any]

LEVELS = ("stop", "clearance", "ask", "open", "clear")


def screen_face(screen: Screen, draft: drafts.Draft, client: Client) -> Face:
    """Return a whole screen for the page.

    Keys: ``level`` (the gravest thing that is open: stop, clearance, ask, open or clear), ``summary``,
    ``counts`` by kind, ``findings`` (the gravest first), ``questions``.
    """
    questions = question_faces(screen.asks, client)
    counts = {kind: sum(item.kind == kind for item in screen.findings) for kind in safety.KIND_NAMES}
    return {
        "level": level(screen),
        "summary": safety.summary(screen),
        "counts": {**counts, "ask": len(questions)},
        "findings": [finding_face(item, objected(item, draft)) for item in screen.findings],
        "questions": questions,
    }


def level(screen: Screen) -> str:
    """Return the gravest thing that is open."""
    if screen.stops:
        return "stop"
    if screen.clearances:
        return "clearance"
    if screen.blocking:
        return "ask"
    return "clear" if screen.clear else "open"


def finding_face(item: Finding, steps: list[Face]) -> Face:
    """Return one finding: what for the hands, why, because of what, on which sources, against which steps."""
    return {
        "rule": item.rule,
        "kind": item.kind,
        "name": item.name,
        "urgency": safety.URGENCIES.get(item.urgency, "") if item.kind == "stop" else "",
        "where": safety.where(item),
        "hands": safety.effect(item).removeprefix("hands: "),
        "do": item.do,
        "reason": item.reason,
        "because": list(item.because),
        "standing": item.standing,
        "sources": source_faces(item.sources),
        "cleared": f"{item.clearance.by}, {item.clearance.on}: {item.clearance.allows}"
        if item.clearance
        else "",
        "steps": steps,
    }


def source_faces(sources: Iterable[str]) -> list[Face]:
    """Return sources with their names, addresses and standing."""
    found = [knowledge.get("source", word) for word in sources]
    return [{"name": item.name, "where": item.where, "standing": item.standing} for item in found]


def objected(item: Finding, draft: drafts.Draft) -> list[Face]:
    """List the steps that a finding has something against, with its words."""
    return [
        {"part": part, "step": place, "words": words}
        for part, place, step in whole_steps(draft)
        if item.kind != "stop" and (words := item.objection(step))
    ]


def whole_steps(draft: drafts.Draft) -> list[tuple[int, int, Any]]:
    """List the steps of a draft that are whole, with their places."""
    return [
        (part, place, step)
        for part, phase in enumerate(draft["phases"])
        for place, plain in enumerate(phase["session"]["steps"])
        if (step := drafts.as_step(plain)[0])
    ]


def step_marks(screen: Screen, draft: drafts.Draft, part: int) -> list[list[Face]]:
    """Return for each step of a part what the screen has against it."""
    marks: list[list[Face]] = [[] for _ in draft["phases"][part]["session"]["steps"]]
    for found, place, step in whole_steps(draft):
        if found == part:
            marks[place] = [
                {"rule": item.rule, "kind": item.kind, "words": f"{item.name}: {words}"}
                for item, words in screen.objections(step)
                if item.kind != "stop"
            ]
    return marks


def caps(screen: Screen, steps: list[drafts.Draft]) -> list[int]:
    """Return for each step the highest pressure that the screen allows there."""
    known = knowledge.entries("region")
    return [
        screen.cap(step["region"], step.get("side", "both")) if step.get("region") in known else 5
        for step in steps
    ]


def question_faces(asks: Iterable[Ask], client: Client) -> list[Face]:
    """Gather the open questions: each once, with everything that its answer decides, the gravest first."""
    found: dict[tuple[str, str], Face] = {}
    for item in asks:
        for question in _questions(knowledge.get("rule", item.rule).when, client):
            face = found.setdefault(
                (question["kind"], question["id"]), {**question, "decides": [], "open": False}
            )
            decides = {"name": item.name, "kind": item.kind}
            if decides not in face["decides"]:
                face["decides"].append(decides)
            face["open"] = face["open"] or item.open
    return sorted(found.values(), key=lambda face: not face["open"])


def _questions(when: Trigger, client: Client) -> Iterable[Face]:
    """Yield what is not known yet of the tests of a rule: facts, days and numbers."""
    for leaf in when.leaves():
        if leaf.fact and client.answer(leaf.fact) == "unknown":
            entry = knowledge.get("fact", leaf.fact)
            yield {"kind": "fact", **_asked(entry), "ask": entry.ask}
        elif leaf.fact and leaf.within_days and any(item.on is None for item in client.found(leaf.fact)):
            entry = knowledge.get("fact", leaf.fact)
            yield {"kind": "date", **_asked(entry), "ask": f"{entry.name}: on which day?"}
        elif leaf.reading and leaf.reading not in client.readings:
            entry = knowledge.get("reading", leaf.reading)
            if getattr(leaf, "asked_by", None) and client.answer(leaf.asked_by) == "no":
                continue
            limits = {"unit": entry.unit, "low": entry.possible.low, "high": entry.possible.high}
            yield {"kind": "reading", **_asked(entry), "ask": entry.ask, **limits}


def _asked(entry: knowledge.Fact | knowledge.Reading) -> Face:
    return {"id": entry.id, "name": entry.name, "section": section_name(entry.section)}


def section_name(section: str) -> str:
    """Return the name of a section of the intake form.

    >>> section_name("heart-and-circulation")
    'Heart and circulation'
    """
    return section.replace("-", " ").capitalize()


def client_face(client: Client) -> dict[str, Any]:
    """Return a client for the page: in their words, what the intake holds, what was measured."""
    complaint = client.complaint
    regions = knowledge.entries("region")
    places = [f"{regions[item.region].name.lower()}, {item.side}" for item in complaint.places]
    facts = knowledge.entries("fact")
    held = [facts[item.fact].name for item in client.facts]
    measures = knowledge.entries("measure")
    baseline = [f"{measures[name].name} {value:g}" for name, value in client.baseline.items()]
    lines = [
        ("Where", "; ".join(places)),
        ("Since", f"{complaint.weeks} weeks"),
        ("Worse with", ", ".join(complaint.worse_with)),
        ("Better with", ", ".join(complaint.better_with)),
        ("Intake holds", ", ".join(held)),
        ("Medicines", ", ".join(item.note or item.medicine for item in client.medicines)),
        ("At the start", ", ".join(baseline)),
        ("Wants", ", ".join(client.goals)),
        ("Wishes pressure", "" if client.pressure_wished is None else str(client.pressure_wished)),
    ]
    return {
        "id": client.id,
        "name": client.name,
        "line": f"{knowledge.get('condition', complaint.condition).name.lower()}, {complaint.weeks} weeks",
        "words": complaint.words,
        "story": client.story,
        "lines": [list(line) for line in lines if line[1]],
    }
