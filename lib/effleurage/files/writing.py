"""Atomic writing: the whole new version or the old one untouched, and the version before kept beside it."""

import json
import os
import secrets
import shutil
from pathlib import Path
from typing import Any

from effleurage.errors import FileError


def write_text(path: Path, text: str, keep: bool = True) -> Path:
    """Write a text file atomically; with ``keep``, the version before stays beside it as ``NAME.previous``.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     note = write_text(Path(folder) / "note.txt", "first")
    ...     _ = write_text(note, "second")
    ...     note.read_text(), previous(note).read_text()
    ('second', 'first')
    """
    return write_bytes(path, text.encode(), keep)


def write_bytes(path: Path, raw: bytes, keep: bool = True) -> Path:
    """Write a file atomically: the whole new version, or the old one untouched."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if keep and path.exists():
            _replace(previous(path), path.read_bytes())
        _replace(path, raw)
    except OSError as error:
        do = "free some space, or choose another folder; nothing was overwritten"
        raise FileError(
            str(path), f"it cannot be written ({error.strerror})", "a folder of your own", do
        ) from None
    return path


def previous(path: Path) -> Path:
    """Return where the version before the last save is kept."""
    return path.with_name(f"{path.name}.previous")


def _replace(path: Path, raw: bytes) -> None:
    """Put ``raw`` in the place of ``path`` in one step."""
    name = path.parent / f".{path.name[:40]}.{secrets.token_hex(4)}.part"
    try:
        with name.open("xb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, name)
        name.replace(path)
    except BaseException:
        name.unlink(missing_ok=True)
        raise


def write_json(path: Path, data: Any, keep: bool = True) -> Path:
    """Write readable JSON atomically."""
    return write_text(path, json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n", keep)
