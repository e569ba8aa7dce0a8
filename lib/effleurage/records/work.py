"""What a student did, as one frozen record of plain values."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, Field, JsonValue, model_validator

from effleurage import files
from effleurage.errors import Refused
from effleurage.knowledge import Id, Record

SCHEMA = 1
DEEPEST = 30
Plain = dict[str, JsonValue]


class Work(Record):
    """One piece of work: what was designed, answered, measured and written down, and how the pages stood.

    ``revision`` counts the saves (0 was never saved). ``client`` is the id of a fictional client.
    ``protocol`` has the shape of a protocol file, ``visits`` that of ``outcomes.to_rows``. Times are in UTC.
    """

    schema_version: Annotated[int, Field(ge=SCHEMA, le=SCHEMA)] = SCHEMA
    kind: Id
    id: Id
    title: Annotated[str, Field(min_length=1, max_length=200)]
    created: AwareDatetime
    saved: AwareDatetime | None = None
    revision: Annotated[int, Field(strict=True, ge=0)] = 0
    client: str | None = None
    protocol: Plain | None = None
    answers: Plain = Field(default_factory=dict)
    visits: tuple[Plain, ...] = ()
    notes: dict[str, str] = Field(default_factory=dict)
    settings: Plain = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _own_copy(cls, data: Any) -> Any:
        """Hold values of our own, no deeper than can be written: a page may go on changing its draft."""
        return _copied(data)

    @model_validator(mode="after")
    def _finite(self) -> Self:
        for value in _leaves([self.protocol, self.answers, self.visits, self.settings]):
            if isinstance(value, float) and value - value != 0:
                raise Refused(f"{value} is not a number that can be kept", "plain numbers", "leave it empty")
        return self

    def having(self, **changes: Any) -> "Work":
        """Return this work with some fields changed; the values are copied.

        Raises:
            DataError: a field is not known, or a value cannot be written as plain JSON.

        >>> new("Neck, office worker").having(client="office-neck", notes={"plan": "start gently"}).client
        'office-neck'
        """
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return _built({**fields, **changes})

    def content(self) -> dict[str, Any]:
        """Return what was done, without the count and the time of saving."""
        return self.model_dump(mode="json", exclude={"revision", "saved"})


def new(title: str, kind: str = "protocol-builder", now: datetime | None = None, **content: Any) -> Work:
    """Return a new piece of work that is not on disk yet.

    Args:
        title: what the student calls it.
        kind: the page it belongs to, an id.
        now: when it was made; default is the clock.
        content: other fields of :class:`Work`.

    >>> new("Neck, office worker").revision
    0
    """
    made = now or datetime.now(UTC)
    return _built({"kind": kind, "id": secrets.token_hex(6), "title": title, "created": made, **content})


def _built(fields: dict[str, Any]) -> Work:
    return files.build(Work, files.Document(fields, "record"))


def _copied(value: Any, depth: int = 0) -> Any:
    """Copy lists, tables and texts; half an emoji, which no file can hold, becomes a question mark."""
    if depth > DEEPEST:
        raise Refused("it is nested too deeply", f"{DEEPEST} levels", "make it flatter")
    if isinstance(value, dict):
        return {_copied(name, depth + 1): _copied(inner, depth + 1) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_copied(inner, depth + 1) for inner in value]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _leaves(value: Any) -> Iterator[Any]:
    """Yield every single value inside a value."""
    if isinstance(value, dict | list | tuple):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _leaves(inner)
    else:
        yield value
