"""What a page offers to choose from: ids and names from the knowledge base, as plain values."""

from pathlib import Path
from typing import Any

from effleurage import intake, knowledge, protocol, safety
from effleurage.errors import EffleurageError
from effleurage.knowledge.basics import Position
from effleurage.widgets import faces, today

Choice = dict[str, Any]

POSITIONS = Position.__args__
SIDES = ("left", "right", "both", "middle")


def builder_choices() -> dict[str, Any]:
    """Return everything that the protocol builder offers."""
    return {
        "clients": [_named(intake.load(name)) for name in intake.cases()],
        "conditions": [condition(entry) for entry in knowledge.entries("condition").values()],
        "techniques": [technique(entry) for entry in knowledge.entries("technique").values()],
        "regions": regions(),
        "positions": [{"id": word, "name": word.capitalize()} for word in POSITIONS],
        "measures": [measure(entry) for entry in knowledge.entries("measure").values()],
        "facts": facts(),
        "templates": [_named(protocol.load(name)) for name in protocol.protocols()],
        **words(),
    }


def words() -> dict[str, Any]:
    """Return the signs and names of kinds and standings."""
    kinds = [
        {"id": kind, "name": name, "sign": safety.SIGNS[kind]} for kind, name in safety.KIND_NAMES.items()
    ]
    standings = {
        kind: dict(zip(("sign", "name"), text.split(" ", 1), strict=True))
        for kind, text in safety.STANDINGS.items()
    }
    return {
        "kinds": [*kinds, {"id": "ask", "name": "Ask", "sign": safety.SIGNS["ask"]}],
        "standings": standings,
    }


def _named(entry: Any) -> Choice:
    return {"id": entry.id, "name": entry.name}


def condition(entry: knowledge.Condition) -> Choice:
    """Return a condition: aims, what suits each stage and what to avoid, evidence, sources, standing."""
    names = knowledge.entries("technique")
    stages = [
        {
            **_named(stage),
            "lasts": stage.lasts,
            "how": stage.how,
            "suits": [names[word].name for word in stage.suits],
            "avoid": list(stage.avoid),
        }
        for stage in entry.stages
    ]
    sources = [{"name": item.name, "where": item.where} for item in _sources(entry)]
    return {
        **_named(entry),
        "aims": list(entry.aims),
        "evidence": entry.evidence,
        "refer": list(entry.refer_if),
        "stages": stages,
        "sources": sources,
        "standing": entry.standing,
        "stage_standing": entry.standing_for("stages"),
    }


def _sources(entry: knowledge.Entry) -> list[knowledge.Source]:
    return [knowledge.get("source", word) for word in entry.sources]


def technique(entry: knowledge.Technique) -> Choice:
    """Return a technique: its family, usual pressure and minutes, and what it is."""
    return {
        **_named(entry),
        "group": entry.family.capitalize(),
        "pressure": str(entry.pressure) if entry.pressure else None,
        "minutes": str(entry.minutes),
        "about": entry.definition,
        "cautions": list(entry.cautions),
        "standing": entry.standing_for("pressure"),
    }


def regions() -> list[Choice]:
    """Return the parts of the body that can be worked on, grouped as the body is."""
    known = knowledge.entries("region")
    groups = {entry.parent for entry in known.values()}
    return [
        {
            **_named(entry),
            "group": known[entry.parent].name if entry.parent else entry.name,
            "lateral": entry.lateral,
        }
        for entry in known.values()
        if entry.id not in groups
    ]


def measure(entry: knowledge.Measure) -> Choice:
    """Return a measure: its unit, scale and direction, and the change that matters, with its population."""
    return {
        **_named(entry),
        "unit": entry.unit,
        "low": entry.scale.low,
        "high": entry.scale.high,
        "step": entry.step,
        "better": entry.better,
        "mcid": threshold(entry, "mcid"),
        "mdc": threshold(entry, "mdc"),
    }


def threshold(entry: knowledge.Measure, kind: str) -> Choice | None:
    """Return the threshold in use of a measure, with its population and standing, or None."""
    used = entry.used(kind)
    return (
        used.model_dump(mode="json", include={"value", "percent", "population", "standing"}) if used else None
    )


def facts() -> list[Choice]:
    """Return what a client can report, by section, what is asked on the day first."""
    order = today.sections()
    found = sorted(knowledge.entries("fact").values(), key=lambda entry: order.index(entry.section))
    return [
        {**_named(entry), "group": faces.section_name(entry.section), "located": entry.located}
        for entry in found
    ]


def own_protocols(folder: Path) -> tuple[list[Choice], list[str]]:
    """Return the protocol files in a folder, and in words those that cannot be read."""
    found, unread = [], []
    for path in sorted(folder.glob("*.yaml")):
        try:
            found.append({"id": path.name, "name": protocol.load(path).name})
        except EffleurageError as error:
            unread.append(f"{path.name} cannot be read: {error.problems[0].found}")
    return found, unread
