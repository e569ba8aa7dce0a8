"""Commented starting files, made from the records and a good example, so that they never go stale."""

import os
import re
import textwrap
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from effleurage import files, intake, knowledge, paths, protocol
from effleurage.authoring.fields import allowed, meaning, models_in
from effleurage.authoring.schemas import EXAMPLES, model_of, place_of
from effleurage.errors import FileError, UsageError, unknown

WIDE = 110
DAY = re.compile(r"'(\d{4}-\d\d-\d\d)'")
OWN = {"sources": ["teaching-default"], "standing": "editorial"}


def start(kind: str, name: str, like: str | None = None, at: Path | None = None) -> str:
    """Return the text of a starting file: every field with what it is and what is allowed.

    A protocol and a case are a copy of an example that works. An entry of the knowledge asks for its texts
    (``FILL IN``), unless it is made ``like`` another; its standing is editorial until its author says more.

    Raises:
        UsageError: no such kind, or the name is no id.
        UnknownId: the example to copy is not known.

    >>> "minutes: 60" in start("protocol", "my-neck")
    True
    """
    if kind not in EXAMPLES:
        raise UsageError.of([unknown("new", "kind", kind, EXAMPLES)])
    if not _as_id(name) == name != "":
        found, do = f"'{name}' is not an id", f"write it like '{_as_id(name)}'"
        raise UsageError("new", found, "lower-case words with hyphens", do)
    model, data = model_of(kind), _example(kind, like)
    data |= {"id": name, "name": name.replace("-", " ").capitalize()} | OWN
    if kind in knowledge.KINDS:
        data |= {"checked": date.today().isoformat(), "aliases": []}
        data = data if like else _emptied(model, data)
    data = {key: value for key, value in data.items() if key in model.model_fields}
    body = list(_lines(model, data, 0, set()))
    if kind in knowledge.KINDS:
        body = _as_item(body, 0)
    return "\n".join((*_head(kind, like or EXAMPLES[kind], at), *body)) + "\n"


def _as_id(name: str) -> str:
    """Return what a name looks like as an id."""
    plain = "".join(mark if mark.isascii() and mark.isalnum() else " " for mark in name.lower())
    return "-".join(plain.split())


def _example(kind: str, like: str | None) -> dict[str, Any]:
    """Return the plain values of the entry that is copied."""
    word = like or EXAMPLES[kind]
    if kind == "protocol":
        return protocol.plain(protocol.load(word))
    entry = intake.load(word) if kind == "case" else knowledge.get(kind, word, "new --like")
    data = entry.model_dump(mode="json", exclude_defaults=True)
    return {key: value for key, value in data.items() if key not in ("standing_of", "positions")}


def _emptied(model: type[BaseModel], data: dict[str, Any]) -> dict[str, Any]:
    """Put ``FILL IN`` in the place of every text that its author must write."""
    kept = {"id", "name", "checked"}
    return {key: value if key in kept else _blank(model, key, value) for key, value in data.items()}


def _blank(model: type[BaseModel], key: str, value: Any) -> Any:
    inner = models_in(model.model_fields[key].annotation)
    if inner and isinstance(value, list):
        return [_emptied(inner[0], item) for item in value[:1]]
    if inner and isinstance(value, dict):
        return _emptied(inner[0], value)
    written = "words" in allowed(model, key) and "hyphens" not in allowed(model, key)
    if not written:
        return value
    return [files.FILL_IN] if isinstance(value, list) and value else files.FILL_IN if value else value


def _head(kind: str, example: str, at: Path | None) -> Iterator[str]:
    """Say what the file is, how to go on, and where an editor finds the word lists."""
    yield f"# yaml-language-server: $schema={_relative(place_of(kind), at)}"
    more = "; to add another, copy the whole block" if kind in knowledge.KINDS else ""
    yield from _comment(
        f"A {kind}, begun as a copy of '{example}'{more}. Each field says what it is and what is allowed; a "
        f"line that begins with '#' is a note and may go. '{files.FILL_IN}' waits for your words. "
        "'effleurage check' with the name of this file tells what is still wrong.",
        "",
    )


def _relative(schema: Path, at: Path | None) -> str:
    """Return the way from the new file to its schema; whole where there is no way (another drive)."""
    try:
        return Path(os.path.relpath(schema, (at or place_of("")).resolve().parent)).as_posix()
    except ValueError:
        return schema.as_uri()


def _lines(model: type[BaseModel], data: dict[str, Any], pad: int, seen: set[type]) -> Iterator[str]:
    """Write a record field by field, each with its comment; fields that are not used stand as a comment."""
    notes = model not in seen
    seen.add(model)
    for name in model.model_fields:
        if notes:
            yield from _comment(f"{meaning(model, name)} Allowed: {allowed(model, name)}.", " " * pad)
        if name in data:
            yield from _value(model, name, data[name], pad, seen)
        elif notes:
            yield f"{' ' * pad}# {name}:"


def _value(model: type[BaseModel], name: str, value: Any, pad: int, seen: set[type]) -> Iterator[str]:
    """Write one field: records inside with their own comments, everything else as plain YAML."""
    inner = models_in(model.model_fields[name].annotation)
    nested = bool(inner) and bool(value) and isinstance(value, dict | list)
    if not nested or (isinstance(value, dict) and not set(value) <= set(inner[0].model_fields)):
        text = DAY.sub(r"\1", files.dump_yaml({name: _whole(value)}))
        yield from (line.rstrip() for line in textwrap.indent(text, " " * pad).splitlines())
        return
    yield f"{' ' * pad}{name}:"
    if isinstance(value, dict):
        yield from _lines(inner[0], value, pad + 2, seen)
        return
    for item in value:
        yield from _as_item(list(_lines(inner[0], item, pad + 4, seen)), pad + 2)


def _whole(value: Any) -> Any:
    """Write 6 for 6.0, as a person would."""
    if isinstance(value, dict):
        return {key: _whole(part) for key, part in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _as_item(lines: list[str], pad: int) -> list[str]:
    """Turn the lines of a record into an item of a list: a dash before its first field."""
    shift = 2 if pad == 0 else 0
    moved = [f"{' ' * shift}{line}" if line else line for line in lines]
    first = next(place for place, line in enumerate(moved) if not line.lstrip().startswith("#"))
    head = [f"{' ' * pad}{line.lstrip()}" for line in moved[:first]]
    return [*head, f"{' ' * pad}- {moved[first].lstrip()}", *moved[first + 1 :]]


def _comment(text: str, pad: str) -> Iterator[str]:
    mark = f"{pad}# "
    yield from textwrap.wrap(text, WIDE, initial_indent=mark, subsequent_indent=mark, break_on_hyphens=False)


def place(kind: str, name: str) -> Path:
    """Return where the suite reads a file of this kind: in its folder, or the one beside its file.

    Raises:
        FileError: entries of this kind are rows of a table.
    """
    folders = {"protocol": paths.protocols(), "case": paths.datasets("cases")}
    if kind not in folders:
        file = knowledge.KINDS[kind][1]
        if file.endswith(".csv"):
            found = f"a {kind} is a row of a table"
            raise FileError(f"datasets/knowledge/{file}", found, "", "add a row there")
        folders[kind] = paths.datasets("knowledge", file).with_suffix("")
    return folders[kind] / f"{name}.yaml"


def write(kind: str, name: str, like: str | None = None, out: Path | None = None) -> Path:
    """Write a starting file (default: in the folder you are in) and return its path.

    Raises:
        FileError: a file is there already (none is ever overwritten), or cannot be written.
    """
    path = Path(f"{name}.yaml") if out is None else out / f"{name}.yaml" if out.is_dir() else out
    return _put(path, start(kind, name, like, path))


def add(kind: str, path: Path, name: str) -> Path:
    """Put a file that was checked where the suite reads it, under its id, and return that place.

    Raises:
        FileError: there is such a file or entry already, or the suite is an installed package.
    """
    target = place(kind, name)
    if not paths.is_checkout():
        do = "work in a copy of the suite's folder"
        raise FileError(str(target), "nothing is added to an installed package", "a checkout", do)
    if kind in knowledge.KINDS and name in knowledge.entries(kind):
        raise FileError(paths.shown(path), f"{kind} '{name}' is there already", "a new id", "rename it")
    text = re.sub(r"(?<=\$schema=)\S+", _relative(place_of(kind), target), files.read_text(path), count=1)
    return _put(target, text)


def _put(path: Path, text: str) -> Path:
    """Write a new file; one that is there is left alone."""
    if path.exists():
        raise FileError(paths.shown(path), "there is such a file already", "a new name", "choose another id")
    return files.write_text(path, text)
