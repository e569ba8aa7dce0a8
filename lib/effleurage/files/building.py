"""From a document to a record: every problem with its file, line, choices and repair."""

from collections.abc import Iterator
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from effleurage.errors import DataError, Problem, Refused, nearest
from effleurage.files.reading import Document, Keys

Model = TypeVar("Model", bound=BaseModel)
FILL_IN = "FILL IN"
NUMBER_TYPES = ("int_", "float_", "less_", "greater_")


def build(model: type[Model], document: Document) -> Model:
    """Make a record of ``model`` from a document; all problems come in one error, each with its line."""
    problems = list(_unfilled(document, document.data, ()))
    try:
        record = model.model_validate(document.data)
    except ValidationError as error:
        problems += [_problem(model, document, item) for item in _own(error.errors())]
    if problems:
        raise DataError.of(problems)
    return record


def _unfilled(document: Document, value: Any, keys: Keys) -> Iterator[Problem]:
    """Name the places of a starting file that are still to be filled in; a page's own draft has none."""
    if not document.lines:
        return
    if value == FILL_IN:
        last = next((key for key in reversed(keys) if isinstance(key, str)), "it")
        do = "write it in your own words"
        yield Problem(document.where(*keys), f"'{last}' is still to be filled in", "", do)
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inside:
        yield from _unfilled(document, part, (*keys, key))


def _own(found: list[Any]) -> list[Any]:
    """Leave out that a list is too short when it is so only because its items have mistakes of their own."""
    places = [item["loc"] for item in found]
    return [
        item
        for item in found
        if item["type"] != "too_short"
        or not any(loc[: len(item["loc"])] == item["loc"] and loc != item["loc"] for loc in places)
    ]


def _problem(model: type[BaseModel], document: Document, item: Any) -> Problem:
    """Say one validation error of pydantic in our four parts."""
    keys = tuple(key for key in item["loc"] if key in _keys_at(document, item["loc"]))
    where, last = document.where(*keys), item["loc"][-1] if item["loc"] else "it"
    cause = item.get("ctx", {}).get("error")
    if isinstance(cause, Refused):
        return Problem(document.where(*keys, *cause.at), cause.found, cause.allowed, cause.do)
    if item["type"] == "extra_forbidden":
        names = _fields_at(model, item["loc"][:-1])
        close = nearest(str(last), names)
        do = f"write '{close}' if that is what you mean" if close else "leave it out"
        return Problem(where, f"the key '{last}' is not known here", ", ".join(names), do)
    if item["type"] == "missing":
        return Problem(where, f"'{last}' is missing", "", f"add a line '{last}: …'")
    found = f"'{last}' is {_short(item['input'])}"
    words = isinstance(item["input"], str) and item["type"].startswith(NUMBER_TYPES)
    do = "write a plain number, e.g. 90 for 1:30" if words else "correct this value"
    return Problem(where, found, _expected(item), do)


def _expected(item: Any) -> str:
    """Say in words what pydantic expected."""
    message = item["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return message[0].lower() + message[1:]


def _short(value: Any) -> str:
    """Show a value in a message, never longer than a line."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _keys_at(document: Document, loc: tuple[str | int, ...]) -> set[str | int]:
    """Return those parts of an error's place that stand in the document (unions add parts that do not)."""
    found, data = set(), document.data
    for key in loc:
        if (isinstance(data, dict) and key in data) or (
            isinstance(data, list) and isinstance(key, int) and key < len(data)
        ):
            found.add(key)
            data = data[key]
    return found


def _fields_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    """Return the field names allowed at a place inside a record."""
    for key in loc:
        if isinstance(key, int):
            continue
        inner = model.model_fields.get(key)
        found = _models_in(inner.annotation) if inner else []
        if len(found) == 1:
            model = found[0]
    return [field.alias or name for name, field in model.model_fields.items()]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    """Return the record types that a type annotation holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]
