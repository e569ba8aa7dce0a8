"""Knowledge entries as what a page shows: labelled values, lists and links, with nothing left out."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel

from effleurage import knowledge
from effleurage.authoring import meaning, scope_words, trigger_words
from effleurage.authoring.fields import points_at
from effleurage.knowledge import Range, Scope, Trigger

HEAD = {"id", "name", "aliases", "sources", "standing", "checked", "standing_of", "positions"}
UNSAID = (None, "", ())


class Link(NamedTuple):
    """A way to another entry."""

    anchor: str
    name: str


class Shown(NamedTuple):
    """One field: its label, what it means, its standing where it differs, and its value.

    ``form`` says what the value is: ``text``, ``links`` (of :class:`Link`), ``list`` (of texts) or ``parts``
    (of tuples of further fields).
    """

    label: str
    hint: str
    standing: str
    form: str
    value: Any


class Item(NamedTuple):
    """One entry with all its fields, its sources and what each side says where they disagree."""

    anchor: str
    name: str
    aliases: tuple[str, ...]
    standing: str
    checked: str
    fields: tuple[Shown, ...]
    sources: tuple[Link, ...]
    positions: tuple[tuple[str, tuple[Link, ...]], ...]


def anchor(kind: str, word: str) -> str:
    """Return the place of an entry on the page.

    >>> anchor("rule", "fever")
    'rule-fever'
    """
    return f"{kind}-{word}"


def link(kind: str, word: str) -> Link:
    """Return the way to an entry."""
    return Link(anchor(kind, word), knowledge.get(kind, word).name)


def item(kind: str, entry: Any) -> Item:
    """Return an entry as it is shown.

    >>> shown = item("rule", knowledge.get("rule", "anticoagulant"))
    >>> shown.name, shown.standing, [field.value for field in shown.fields if field.label == "When"]
    ('Blood thinner', 'conflict', ['Anticoagulant'])
    """
    return Item(
        anchor(kind, entry.id),
        entry.name,
        getattr(entry, "aliases", ()),
        entry.standing,
        str(getattr(entry, "checked", "")),
        tuple(fields(entry, HEAD)),
        tuple(link("source", word) for word in getattr(entry, "sources", ())),
        tuple(
            (claim.says, tuple(link("source", word) for word in claim.sources))
            for claim in getattr(entry, "positions", ())
        ),
    )


def fields(entry: BaseModel, without: set[str] = frozenset()) -> Iterator[Shown]:
    """Return the fields of a record that say something."""
    model = type(entry)
    for name, field in model.model_fields.items():
        value = getattr(entry, name)
        if name in without or value in UNSAID or value is field.default is False:
            continue
        own = getattr(entry, "standing_of", {}).get(name, "")
        label = name.replace("_", " ").capitalize()
        yield Shown(label, meaning(model, name), own, *_form(points_at(model, name), value))


def _form(kind: str | None, value: Any) -> tuple[str, Any]:
    """Return how a value is shown, and what of it."""
    if isinstance(value, Trigger | Scope):
        return "text", trigger_words(value) if isinstance(value, Trigger) else scope_words(value)
    if isinstance(value, BaseModel) and not isinstance(value, Range):
        return "parts", (tuple(fields(value)),)
    values = value if isinstance(value, tuple) else (value,)
    if kind and all(word in knowledge.entries(kind) for word in values):
        return "links", tuple(link(kind, word) for word in values)
    if isinstance(value, tuple):
        if isinstance(value[0], BaseModel):
            return "parts", tuple(tuple(fields(part)) for part in value)
        return "list", tuple(map(str, value))
    return "text", _said(value)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
