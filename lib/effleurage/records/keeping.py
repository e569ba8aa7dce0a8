"""Keeping work on disk: written in one step, the version before kept, nothing overwritten unseen."""

import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import filelock

from effleurage import files
from effleurage.errors import DataError, EffleurageError, FileError
from effleurage.paths import shown
from effleurage.records.reading import SUFFIX, Damaged, clock, load
from effleurage.records.work import Work, new

FOLDER = "my-work"
VARIABLE = "EFFLEURAGE_WORK"
LARGEST_BYTES = 2_000_000
LOCK = ".effleurage.lock"
LOCK_SECONDS = 10
MOST_LISTED = 500
CONTENT = ("client", "protocol", "answers", "visits", "notes", "settings")


class RecordConflict(EffleurageError):
    """The work was saved somewhere else since it was opened here; nothing was overwritten.

    ``mine`` is the work that was to be saved, ``theirs`` the one on disk, ``path`` where it lies. Ways out:
    keep mine as a copy (``save_copy(mine, path)``), or go on with theirs.
    """

    mine: Work
    theirs: Work
    path: Path

    @classmethod
    def between(cls, mine: Work, theirs: Work, path: Path) -> "RecordConflict":
        """Make the error of two versions of one work."""
        when = f"at {clock(theirs.saved)} (revision {theirs.revision})" if theirs.saved else "before"
        found = (
            f"'{theirs.title}' was saved on another page {when}; this page began at revision {mine.revision}"
        )
        do = "keep yours as a copy, or take the other version; nothing was overwritten"
        error = cls(shown(path), found, "one page at a time", do)
        error.mine, error.theirs, error.path = mine, theirs, path
        return error


class Listed(NamedTuple):
    """One file of a folder; ``problem`` is empty when it can be opened."""

    path: Path
    title: str
    kind: str
    client: str | None
    saved: datetime | None
    revision: int
    problem: str


def default_folder() -> Path:
    """Return where work is kept: ``my-work`` of the user's working copy, else the current folder.

    >>> default_folder().is_absolute()
    True
    """
    named = os.environ.get(VARIABLE)
    return Path(named) / FOLDER if named else Path.cwd()


def path_for(work: Work, folder: Path | None = None) -> Path:
    """Return a place for a work that is not on disk yet; no title can lead out of the folder.

    >>> path_for(new("Büro: ../Nacken", id="3f9a2c"), Path("my-work")).as_posix()
    'my-work/buro-nacken-3f9a2c.effleurage.json'
    """
    plain = unicodedata.normalize("NFKD", work.title).encode("ascii", "ignore").decode().lower()
    name = "-".join(re.findall(r"[a-z0-9]+", plain))[:48].strip("-") or "work"
    return (folder or default_folder()) / f"{name}-{work.id}{SUFFIX}"


def save(work: Work, path: str | Path, now: datetime | None = None) -> Work:
    """Write a work and return it as it now stands on disk: go on with that one.

    The version before stays beside it (``NAME.previous``). What has not changed is not written again.
    A damaged file in its place is set aside (``NAME.damaged``), never lost.

    Raises:
        RecordConflict: another page has saved since; nothing was overwritten.
        FileError: the folder is read-only, the disk is full, or another page is saving; nothing is lost.
        DataError: the work is too large, or the file in its place is none of ours.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     save(new("Neck"), Path(folder) / "neck.effleurage.json").revision
    1
    """
    place = Path(path)
    with _alone(place):
        on_disk = _on_disk(place)
        if on_disk is not None and (on_disk.revision, on_disk.saved) != (work.revision, work.saved):
            raise RecordConflict.between(work, on_disk, place)
        if on_disk is not None and on_disk.content() == work.content():
            return on_disk
        done = work.model_copy(update={"revision": work.revision + 1, "saved": now or datetime.now(UTC)})
        _refuse_large(place, done)
        files.write_json(place, done.model_dump(mode="json"), keep=on_disk is not None)
    return done


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Let one page at a time save in a folder."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(place.parent / LOCK, timeout=LOCK_SECONDS):
            yield
    except filelock.Timeout:
        do = "save again in a moment; nothing was overwritten"
        raise FileError(shown(place), "another page is saving in this folder", "", do) from None
    except OSError as error:
        do = (
            "choose another folder, or free some space; nothing was overwritten, and the page still holds all"
        )
        found = f"it cannot be saved ({error.strerror or error})"
        raise FileError(shown(place), found, "a folder of your own", do) from None


def _on_disk(place: Path) -> Work | None:
    """Return the work in the place, or None; a damaged file is set aside first."""
    if not place.exists():
        return None
    try:
        return load(place)
    except Damaged:
        aside = place.with_name(f"{place.name}.damaged")
        files.write_bytes(aside, place.read_bytes(), keep=False)
        return None


def _refuse_large(place: Path, work: Work) -> None:
    """Refuse to write what could not be read again."""
    size = len(work.model_dump_json(indent=2).encode())
    if size > LARGEST_BYTES:
        found = f"the work takes {size / 1e6:.1f} MB"
        do = "shorten the notes or split it in two; nothing was overwritten"
        raise DataError(shown(place), found, f"up to {LARGEST_BYTES // 1_000_000} MB", do)


def save_copy(work: Work, path: str | Path, now: datetime | None = None) -> tuple[Work, Path]:
    """Write a work as a copy beside ``path``, under a name and an id of its own; return both.

    Raises:
        FileError, DataError: as :func:`save`.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     save_copy(new("Neck"), Path(folder) / "neck.effleurage.json")[0].title
    'Neck (copy)'
    """
    fields = {name: getattr(work, name) for name in CONTENT}
    copied = new(f"{work.title} (copy)"[-200:], work.kind, now, **fields)
    place = path_for(copied, Path(path).parent)
    return save(copied, place, now), place


def listed(folder: str | Path | None = None) -> tuple[Listed, ...]:
    """Return the work in a folder, the newest first; what cannot be opened comes last, with its problem.

    >>> listed("no such folder")
    ()
    """
    home = Path(folder) if folder is not None else default_folder()
    found = [_listed(path) for path in sorted(home.glob(f"*{SUFFIX}"))[:MOST_LISTED]]
    return tuple(sorted(found, key=lambda item: item.saved.timestamp() if item.saved else 0.0, reverse=True))


def _listed(path: Path) -> Listed:
    try:
        work = load(path)
    except EffleurageError as error:
        return Listed(path, path.name.removesuffix(SUFFIX), "", None, None, 0, str(error))
    return Listed(path, work.title, work.kind, work.client, work.saved, work.revision, "")
