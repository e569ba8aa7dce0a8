"""Schemas for editors, made from the records: an editor completes and checks while you type.

>>> schema("protocol")["$defs"]["Step"]["properties"]["side"]["enum"]
['left', 'right', 'both', 'middle']
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from effleurage import files, intake, knowledge, paths, protocol
from effleurage.authoring.fields import meaning, models_in, points_at
from effleurage.knowledge.basics import ID

EXAMPLES: Mapping[str, str] = {
    "protocol": "neck-pain-chronic-60",
    "case": "office-neck",
    "technique": "petrissage",
    "condition": "neck-pain-chronic",
    "rule": "anticoagulant",
}
OFFERED = ("technique", "region", "muscle", "measure", "reading")


def model_of(kind: str) -> type[BaseModel]:
    """Return the record that a kind of file holds."""
    own = {"protocol": protocol.Protocol, "case": intake.Client}
    return own[kind] if kind in own else knowledge.KINDS[kind][0]


def place_of(kind: str) -> Path:
    """Return where the schema of a kind is kept."""
    return paths.datasets("schemas", f"{kind}.schema.json")


def schema(kind: str) -> dict[str, Any]:
    """Return the schema of a kind of file: a protocol, a case, or a list of entries.

    Ids of techniques, regions, muscles, measures and readings are offered while typing; others are free.
    """
    model = model_of(kind)
    made = model.model_json_schema()
    parts = made.pop("$defs", {})
    for record in _inside(model):
        _explain(record, made if record is model else parts[record.__name__])
    name = model.__name__
    root = {"$ref": f"#/$defs/{name}"}
    if kind in knowledge.KINDS:
        root = {"anyOf": [{"type": "array", "items": root}, root]}
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": kind}
    return {**head, **root, "$defs": {**parts, name: made}}


def _inside(model: type[BaseModel], seen: tuple[type[BaseModel], ...] = ()) -> tuple[type[BaseModel], ...]:
    """Return a record and all records in it, each once."""
    seen = (*seen, model)
    for field in model.model_fields.values():
        for inner in models_in(field.annotation):
            seen = seen if inner in seen else _inside(inner, seen)
    return seen


def _explain(model: type[BaseModel], made: dict[str, Any]) -> None:
    """Add what each field means and the ids that may be meant."""
    made.pop("description", None)
    for name, item in made["properties"].items():
        item.pop("title", None)
        kind, words = points_at(model, name), meaning(model, name)
        if kind in OFFERED and not models_in(model.model_fields[name].annotation):
            made["properties"][name] = _offer(item, list(knowledge.entries(kind)))
        if words:
            made["properties"][name]["description"] = words


def _offer(item: dict[str, Any], ids: list[str]) -> dict[str, Any]:
    """Offer ids where a word is expected: the word itself, each of a list, or each key."""
    choice = {"anyOf": [{"enum": ids}, {"type": "string", "pattern": f"^{ID.pattern}$"}]}
    if item.get("type") == "array":
        return {**item, "items": choice}
    if item.get("type") == "object":
        return {**item, "propertyNames": choice}
    null = [{"type": "null"}] if any(part.get("type") == "null" for part in item.get("anyOf", ())) else []
    return {"anyOf": [*choice["anyOf"], *null]}


def schemas() -> Mapping[Path, str]:
    """Return the text of every schema by the file it belongs in."""
    return {
        place_of(kind): json.dumps(schema(kind), indent=1, ensure_ascii=False) + "\n" for kind in EXAMPLES
    }


def write_schemas() -> tuple[Path, ...]:
    """Write every schema again, after a record, a sentence or a word list has changed."""
    return tuple(files.write_text(path, text, keep=False) for path, text in schemas().items())
