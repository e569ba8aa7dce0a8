"""Opening work from disk: whole, or the version before it in words, or a clear error."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from effleurage import files
from effleurage.errors import DataError, FileError, Problem
from effleurage.paths import shown
from effleurage.records.work import SCHEMA, Work

SUFFIX = ".effleurage.json"


class Damaged(DataError):
    """A record that was cut off or changed by hand so that it cannot be read."""


class Restored(NamedTuple):
    """Work as it could be opened; ``notice`` is empty, or says that the version before it had to be taken."""

    work: Work
    notice: str


def load(path: str | Path) -> Work:
    """Return the work in a file, or say what is wrong with it; see :func:`restore` for pages.

    Raises:
        FileError: the file is missing, unreadable or too large.
        Damaged: it was cut off or changed; the message names the version before it.
        DataError: it is no record, or one of a newer version of the suite.

    >>> load("nothing.effleurage.json")
    Traceback (most recent call last):
    ...
    effleurage.errors.FileError: nothing.effleurage.json: there is no such file. To do: check the name.
    """
    place = Path(path)
    data = _parsed(place)
    _refuse_foreign(data)
    try:
        return files.build(Work, data)
    except DataError as error:
        raise _damaged(error, place) from None


def _parsed(place: Path) -> files.Document:
    """Read the JSON of a record; a file cut off in the middle of a letter is damaged too."""
    try:
        return files.read_json(place)
    except DataError as error:
        raise _damaged(error, place) from None
    except FileError:
        if not _is_cut(place):
            raise
        found = "it was cut off, or is no text"
        raise Damaged(shown(place), found, "", _before(place)) from None


def _damaged(error: DataError, place: Path) -> Damaged:
    """Add the way out to what is wrong with a file."""
    problems = [Problem(item.where, item.found, item.allowed, _before(place)) for item in error.problems]
    return Damaged.of(problems)


def _is_cut(place: Path) -> bool:
    """Tell whether a file can be read, but not as text."""
    try:
        place.read_bytes().decode()
    except UnicodeDecodeError:
        return True
    except OSError:
        return False
    return False


def _before(place: Path) -> str:
    """Name the way out of a damaged file."""
    if files.previous(place).exists():
        return f"open the version before it ({files.previous(place).name}); a page does this by itself"
    return "take a copy from elsewhere; there is no version before it"


def _refuse_foreign(document: files.Document) -> None:
    """Refuse what is no record, and what a newer suite wrote."""
    data = document.data
    version = data.get("schema_version") if isinstance(data, dict) else None
    if not isinstance(version, int) or isinstance(version, bool):
        allowed = f"a file ending in {SUFFIX} that a page saved"
        raise DataError(document.name, "this is no record of the suite", allowed, "choose another file")
    if version != SCHEMA:
        found = f"its form has version {version}; this suite knows version {SCHEMA}"
        do = "bring the suite up to date, then open it again; the file was not touched"
        raise DataError(document.name, found, f"version {SCHEMA}", do)


def restore(path: str | Path) -> Restored:
    """Return the work in a file; when it is damaged or gone, the version before it, and say so.

    Raises:
        FileError: there is neither the file nor a version before it, or it cannot be read.
        DataError: both are damaged; or it is no record, or one of a newer version of the suite.

    >>> from tempfile import TemporaryDirectory
    >>> from effleurage import records
    >>> with TemporaryDirectory() as folder:
    ...     place = Path(folder) / "neck.effleurage.json"
    ...     first = records.save(records.new("Neck"), place)
    ...     second = records.save(first.having(title="Neck, again"), place)
    ...     _ = place.write_text("{ half a file")
    ...     found = restore(place)
    >>> found.work.title, found.notice.split(".")[2]
    ('Neck', "json' could not be read to its end")
    """
    place = Path(path)
    try:
        return Restored(load(place), "")
    except (Damaged, FileError) as error:
        earlier = files.previous(place)
        if not earlier.exists() or (isinstance(error, FileError) and place.exists()):
            raise
        what = "could not be read to its end" if isinstance(error, Damaged) else "is not there any more"
    work = load(earlier)
    return Restored(work, _notice(place, what, work))


def _notice(place: Path, what: str, work: Work) -> str:
    """Say that an earlier version was taken, and what that means."""
    when = f"saved {clock(work.saved)}, " if work.saved else ""
    return (
        f"'{place.name}' {what}. This is the version before it ({when}revision {work.revision}); "
        "what was done after that is not in it. Look it over, then save."
    )


def clock(when: datetime) -> str:
    """Return a time as people here read it.

    >>> " on 2 March 2026" in clock(datetime(2026, 3, 2, 12).astimezone())
    True
    """
    return when.astimezone().strftime("%H:%M on %d %B %Y").replace(" 0", " ")
