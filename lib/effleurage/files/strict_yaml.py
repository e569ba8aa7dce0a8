"""Strict YAML: runs nothing, guesses nothing, and saves without losing comments."""

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as ev
from ruamel.yaml.error import YAMLError

from effleurage.errors import DataError
from effleurage.files.reading import MARKUP, Document, Keys, read_text
from effleurage.files.writing import write_text
from effleurage.paths import shown

DEEPEST = 30
LARGEST = 1e15
NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


def read_yaml(path: Path) -> Document:
    """Read a YAML file strictly."""
    return parse_yaml(read_text(path), shown(path))


def parse_yaml(text: str, name: str) -> Document:
    """Read YAML text strictly; ``name`` stands for the file in messages."""
    lines: dict[Keys, int] = {}
    try:
        events = YAML(typ="safe", pure=True).parse(text)
        data = _Builder(iter(events), name, lines).document()
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        found = getattr(error, "problem", None) or str(error).splitlines()[0]
        do = "check the indentation, the colons and the brackets of this line"
        raise DataError(f"{name}{line}", f"this is not YAML ({found})", "", do) from None
    except RecursionError:
        raise DataError(name, "it is nested too deeply", f"{DEEPEST} levels", "make it flatter") from None
    return Document(data, name, lines)


class _Builder:
    """Builds plain values from the events of a YAML parser."""

    def __init__(self, events: Iterator[ev.Event], name: str, lines: dict[Keys, int]) -> None:
        self.events, self.name, self.lines = events, name, lines

    def document(self) -> Any:
        """Return the only document of the stream."""
        seen: list[Any] = []
        for event in self.events:
            if isinstance(event, ev.DocumentStartEvent):
                if seen:
                    self.refuse(event, "a second document begins here", "one document", "use two files")
                seen.append(self.value(next(self.events), ()))
        if not seen or seen[0] is None:
            raise DataError(self.name, "it is empty", "", "start from a copy of a file that works")
        return seen[0]

    def value(self, event: ev.Event, keys: Keys) -> Any:
        """Return the value that begins with ``event``."""
        self.lines[keys] = event.start_mark.line + 1
        if len(keys) > DEEPEST:
            self.refuse(event, "it is nested too deeply", f"{DEEPEST} levels", "make it flatter")
        if isinstance(event, ev.AliasEvent) or getattr(event, "anchor", None):
            self.refuse(event, "an anchor or alias (& or *) is used", "plain values", "write it out")
        if getattr(event, "tag", None):
            self.refuse(event, f"a tag ({event.tag}) is used", "plain values", "leave it out")
        if isinstance(event, ev.MappingStartEvent):
            return self.mapping(keys)
        if isinstance(event, ev.SequenceStartEvent):
            return self.sequence(keys)
        return self.scalar(event)

    def scalar(self, event: ev.ScalarEvent) -> Any:
        """Return a word, a number, true, false or null; markup and numbers nobody can use are refused."""
        if mark := MARKUP.search(event.value):
            found = f"markup ({mark[0]}…) stands in a text"
            self.refuse(event, found, "plain words", "leave the angle brackets out")
        if event.value.encode(errors="ignore").decode() != event.value:
            self.refuse(event, "half a letter stands in a text", "whole letters", "type it again")
        value = _scalar(event.value) if event.implicit[0] else event.value
        if isinstance(value, int | float) and abs(value) > LARGEST:
            self.refuse(event, "a number is too large", f"up to {LARGEST:g}", "correct this value")
        return value

    def mapping(self, keys: Keys) -> dict[str, Any]:
        """Return a mapping, refusing repeated keys."""
        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), ev.MappingEndEvent):
            if not isinstance(event, ev.ScalarEvent):
                self.refuse(event, "a key is not a word", "a word before the colon", "mend the key")
            self.scalar(event)
            key = event.value
            if key in found:
                first = self.lines[(*keys, key)]
                where = f"the first is on line {first}; keep one"
                self.refuse(event, f"the key '{key}' stands here twice", "each key once", where)
            found[key] = self.value(next(self.events), (*keys, key))
            self.lines[(*keys, key)] = event.start_mark.line + 1
        return found

    def sequence(self, keys: Keys) -> list[Any]:
        """Return a list."""
        found: list[Any] = []
        while not isinstance(event := next(self.events), ev.SequenceEndEvent):
            found.append(self.value(event, (*keys, len(found))))
        return found

    def refuse(self, event: ev.Event, found: str, allowed: str, do: str) -> None:
        """Stop, saying on which line."""
        raise DataError(f"{self.name}, line {event.start_mark.line + 1}", found, allowed, do)


def _scalar(text: str) -> Any:
    """Convert plain numbers, true, false and null; everything else stays a word."""
    if text in WORDS:
        return WORDS[text]
    if not NUMBER.fullmatch(text):
        return text
    return float(text) if any(mark in text for mark in ".eE") or len(text) > 20 else int(text)


def write_yaml(path: Path, data: Mapping[str, Any], keep: bool = True) -> Path:
    """Write YAML atomically; the comments of the file that is there survive."""
    return write_text(path, dump_yaml(data, read_text(path) if path.exists() else ""), keep)


def dump_yaml(data: Mapping[str, Any], like: str = "") -> str:
    """Return YAML text of plain values; comments and layout of ``like`` survive where the keys do.

    >>> print(dump_yaml({"id": "neck", "weeks": 5}, "id: neck\\nweeks: 4  # one month\\n"), end="")
    id: neck
    weeks: 5  # one month
    """
    if mark := MARKUP.search(repr(data)):
        found, do = f"markup ({mark[0]}…) stands in a text", "leave the angle brackets out"
        raise DataError("what is to be written", found, "plain words", do)
    yaml = YAML(typ="rt")
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    base = yaml.load(like) if like.strip() else None
    merged = _merge(base, data) if isinstance(base, dict) else data
    stream = io.StringIO()
    yaml.dump(merged, stream)
    return stream.getvalue()


def _merge(old: Any, new: Any) -> Any:
    """Put new values into an old tree, keeping the comments that hang on it."""
    if isinstance(old, dict) and isinstance(new, Mapping):
        for key in [key for key in old if key not in new]:
            del old[key]
        for key, value in new.items():
            old[key] = _merge(old.get(key), value)
        return old
    if isinstance(old, list) and isinstance(new, list):
        del old[len(new) :]
        for place, value in enumerate(new):
            if place < len(old):
                old[place] = _merge(old[place], value)
            else:
                old.append(value)
        return old
    return old if old == new and type(old) is not bool else new
