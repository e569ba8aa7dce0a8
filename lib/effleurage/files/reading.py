"""Reading text, CSV and JSON, and the :class:`Document` that knows the line of every value."""

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from effleurage.errors import DataError, FileError, nearest
from effleurage.paths import shown

LARGEST_BYTES = 5_000_000
MARKUP = re.compile(r"<[a-zA-Z/!?][^<>]{0,20}")

Keys = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """The content of a file and the line of every value in it."""

    data: Any
    name: str
    lines: Mapping[Keys, int] = field(default_factory=dict)

    def where(self, *keys: str | int) -> str:
        """Return file and line of a value, or of the nearest thing around it."""
        for size in range(len(keys), -1, -1):
            if keys[:size] in self.lines:
                return f"{self.name}, line {self.lines[keys[:size]]}"
        return self.name

    def part(self, *keys: str | int) -> "Document":
        """Return one value of this document as a document of its own."""
        data = self.data
        for key in keys:
            data = data[key]
        size = len(keys)
        lines = {key[size:]: line for key, line in self.lines.items() if key[:size] == keys}
        return Document(data, self.name, lines)


def read_text(path: Path) -> str:
    """Return the text of a file of reasonable size, or say what is wrong with it."""
    name = shown(path)
    try:
        with path.open("rb") as handle:
            raw = handle.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        raise FileError(name, "there is no such file", _neighbours(path), "check the name") from None
    except OSError as error:
        raise FileError(name, f"it cannot be read ({error.strerror})", "", "check its rights") from None
    if len(raw) > LARGEST_BYTES:
        raise FileError(name, "it is too large", f"up to {LARGEST_BYTES // 1_000_000} MB", "split it")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        do = "save it as plain text (UTF-8)"
        raise FileError(f"{name}, line {line}", "it is not plain text", "UTF-8 text", do) from None


def _neighbours(path: Path) -> str:
    """Name what lies beside a missing file, the nearest name first."""
    folder = path.parent
    if not folder.is_dir():
        return f"a file in a folder that exists; '{folder}' does not"
    names = sorted(item.stem for item in folder.glob(f"*{path.suffix}"))
    close = nearest(path.stem, names)
    listed = ([close] if close else []) + [name for name in names if name != close]
    return ", ".join(listed[:12])


def read_csv(path: Path) -> Document:
    """Read a CSV table with a header line into a list of rows (column -> text).

    An empty cell is the empty text. A row that is too long or too short is refused with its line.
    """
    name = shown(path)
    reader = csv.reader(io.StringIO(read_text(path)), strict=True)
    rows: list[dict[str, str]] = []
    lines: dict[Keys, int] = {(): 1}
    try:
        header = next(reader, None)
        if not header or len(set(header)) != len(header):
            raise DataError(f"{name}, line 1", "the header is empty or repeats a name", "one name a column")
        for cells in reader:
            if len(cells) != len(header):
                found = f"{len(cells)} cells, but {len(header)} columns"
                raise DataError(f"{name}, line {reader.line_num}", found, "one cell a column", "mend the row")
            if mark := MARKUP.search("\n".join(cells)):
                found, do = f"markup ({mark[0]}…) stands in a cell", "leave the angle brackets out"
                raise DataError(f"{name}, line {reader.line_num}", found, "plain words", do)
            for key in ((len(rows),), *((len(rows), column) for column in header)):
                lines[key] = reader.line_num
            rows.append(dict(zip(header, (cell.strip() for cell in cells), strict=True)))
    except csv.Error as error:
        raise DataError(f"{name}, line {reader.line_num}", f"this is not CSV ({error})") from None
    return Document(rows, name, lines)


def read_json(path: Path) -> Document:
    """Read a JSON file, refusing repeated keys, NaN, halves of letters and what was cut off."""
    name = shown(path)
    try:
        data = json.loads(read_text(path), object_pairs_hook=_once, parse_constant=_no_constant)
        json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
    except json.JSONDecodeError as error:
        where = f"{name}, line {error.lineno}"
        do = "take the version before it (the file ending in .previous) or a fresh copy"
        raise DataError(where, f"this is not complete JSON ({error.msg})", "", do) from None
    except ValueError as error:
        raise DataError(name, str(error), "plain JSON", "mend it or take a fresh copy") from None
    except RecursionError:
        raise DataError(name, "it is nested too deeply", "", "make it flatter") from None
    return Document(data, name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object, refusing a key that stands twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key '{twice}' stands twice in one object")
    return found


def _no_constant(word: str) -> None:
    """Refuse NaN and Infinity."""
    raise ValueError(f"{word} is not a number that can be used")
