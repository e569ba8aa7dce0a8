"""What was delivered into a working copy, page by page; kept in a hidden folder of that copy."""

import hashlib
import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from effleurage import files
from effleurage.errors import EffleurageError

HIDDEN = ".effleurage"


class Entry(BaseModel):
    """What we know of one page: the version its owner has, and the newer one that was laid beside it."""

    model_config = ConfigDict(frozen=True)

    file: str = ""
    sources: str = ""
    beside: str = ""
    beside_file: str = ""
    beside_sources: str = ""

    @classmethod
    def of(cls, raw: bytes) -> "Entry":
        """Make the entry of a page that was just put in place."""
        return cls(file=digest(raw), sources=sources(raw) or "")

    def with_beside(self, name: str, raw: bytes) -> "Entry":
        """Return this entry with a newer version laid beside the page."""
        new = {"beside": name, "beside_file": digest(raw), "beside_sources": sources(raw) or ""}
        return self.model_copy(update=new)


class Manifest(BaseModel):
    """The entries by place of the page in the working copy."""

    model_config = ConfigDict(frozen=True)

    pages: dict[str, Entry] = {}


def read(work: Path) -> Manifest:
    """Read the manifest of a working copy; a damaged one is replaced by the one before, or by an empty one.

    With an empty one, nothing is lost: every page that differs from the delivered one counts as changed.
    """
    for path in (_place(work), files.previous(_place(work))):
        try:
            return Manifest.model_validate(files.read_json(path).data)
        except (EffleurageError, ValidationError):
            continue
    return Manifest()


def write(work: Path, manifest: Manifest) -> None:
    """Write the manifest when it says something new."""
    if manifest != read(work):
        files.write_json(_place(work), manifest.model_dump())


def _place(work: Path) -> Path:
    return work / HIDDEN / "manifest.json"


def digest(raw: bytes) -> str:
    """Return the fingerprint of a file."""
    return hashlib.sha256(raw).hexdigest()


def sources(raw: bytes) -> str | None:
    """Return the fingerprint of what is written in a notebook's cells, or None when it is no notebook.

    Outputs, counters, folded cells and empty cells do not count: running a page is not editing it. The same
    sum is made by ``labextensions/effleurage-lab/static/extension.js``.

    >>> page = {"cells": [{"cell_type": "code", "source": ["a = 1\\n", "a"], "outputs": []}]}
    >>> again = {"cells": [{"cell_type": "code", "source": "a = 1\\na", "outputs": [1]},
    ...                    {"cell_type": "code", "source": " "}]}
    >>> sources(json.dumps(page).encode()) == sources(json.dumps(again).encode())
    True
    >>> sources(b"cut in ha") is None
    True
    """
    try:
        cells = [(cell["cell_type"], _text(cell["source"])) for cell in json.loads(raw)["cells"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return digest("\0".join(f"{kind}\n{text}" for kind, text in cells if text.strip()).encode())


def _text(source: Any) -> str:
    return source if isinstance(source, str) else "".join(source)
