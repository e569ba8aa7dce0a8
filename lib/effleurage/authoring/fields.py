"""What each field of a record means and what may stand in it, in words."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from effleurage import files, knowledge, paths

POINTS: Mapping[str, str] = {
    "technique": "technique",
    "techniques": "technique",
    "avoid_techniques": "technique",
    "suits": "technique",
    "region": "region",
    "regions": "region",
    "parent": "region",
    "muscles": "muscle",
    "measure": "measure",
    "measures": "measure",
    "baseline": "measure",
    "readings": "reading",
    "reading": "reading",
    "condition": "condition",
    "fact": "fact",
    "asked_by": "fact",
    "denied": "fact",
    "not_known": "fact",
    "medicine": "medicine",
    "rule": "rule",
    "sources": "source",
}
OWN_POINTS: Mapping[tuple[str, str], str] = {
    ("Protocol", "refer_if"): "rule",
    ("Protocol", "home_care"): "home-care",
}
ID = "lower-case words with hyphens"
WORDS = {int: "a whole number", float: "a number", bool: "true or false", date: "a day like 2026-11-23"}


@cache
def _meanings() -> Mapping[str, Mapping[str, str]]:
    return files.read_yaml(paths.datasets("fields.yaml")).data


def meaning(model: type[BaseModel], name: str) -> str:
    """Return the sentence that says what a field is; empty when nobody wrote one.

    >>> from effleurage.protocol import Step
    >>> meaning(Step, "minutes")
    'Hands-on minutes, as a plain number.'
    """
    blocks = (_meanings().get(kind.__name__, {}) for kind in model.__mro__)
    return next((block[name] for block in blocks if name in block), "")


def points_at(model: type[BaseModel], name: str) -> str | None:
    """Return the kind of entry that a field names by id, or None."""
    return OWN_POINTS.get((model.__name__, name)) or POINTS.get(name)


def allowed(model: type[BaseModel], name: str) -> str:
    """Say what may stand in a field.

    >>> from effleurage.protocol import Step
    >>> allowed(Step, "side")
    'left, right, both or middle'
    >>> allowed(Step, "minutes")
    'a number above 0, at most 240'
    """
    field = model.model_fields[name]
    free = "" if field.is_required() else "; may be left out"
    return f"{_kind_of_value(model, name)}{free}"


def _kind_of_value(model: type[BaseModel], name: str) -> str:
    """Say what a field holds: ids of a kind, or a type in words."""
    field, kind = model.model_fields[name], points_at(model, name)
    if kind and not models_in(field.annotation):
        ids = list(knowledge.entries(kind))
        some = f"id of a {kind.replace('-', ' ')}, e.g. {', '.join(ids[:2])}"
        return f"a list, each the {some}" if get_origin(field.annotation) is tuple else f"the {some}"
    is_id = knowledge.Id.__metadata__[0] in field.metadata
    return ID if is_id else _words(field.annotation, _of(field.metadata))


def _words(annotation: Any, bounds: str) -> str:
    """Say a type in words."""
    inner = [part for part in get_args(annotation) if part not in (NoneType, ...)]
    if not inner:
        return "lines of its own" if models_in(annotation) else f"{WORDS.get(annotation, 'words')}{bounds}"
    if annotation == knowledge.Id:
        return ID
    if hasattr(annotation, "__metadata__"):
        return _words(inner[0], _of(annotation.__metadata__) or bounds)
    return _composed(get_origin(annotation), inner, bounds)


def _composed(origin: Any, inner: list[Any], bounds: str) -> str:
    """Say a type that is made of others: a choice, a list, or keys with values."""
    if origin is Literal:
        return " or ".join(filter(None, (", ".join(map(_said, inner[:-1])), _said(inner[-1]))))
    if origin is tuple:
        return "a list" if models_in(inner[0]) else f"a list, each {_words(inner[0], '')}"
    if origin is dict:
        return f"key: value, each {_words(inner[1], '')}"
    return " or ".join(_words(part, bounds) for part in inner)


def _said(word: Any) -> str:
    return "true" if word is True else str(word)


def _of(metadata: Any) -> str:
    """Say the limits that a type or a field carries."""
    limits: dict[str, Any] = {}
    for item in metadata:
        for part in getattr(item, "metadata", [item]):
            limits |= {name: getattr(part, name) for name in ("ge", "gt", "le") if hasattr(part, name)}
    said = {"ge": "from {:g}", "gt": "above {:g}", "le": "at most {:g}"}
    words = [said[name].format(limits[name]) for name in said if name in limits]
    return f" {', '.join(words)}" if words else ""


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """Return the records that a type holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in models_in(part)]
