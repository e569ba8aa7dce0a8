"""The user's own copy of the notebooks: delivered, brought up to date, started again; nothing is lost.

A page whose cells are those that were delivered is replaced when a newer one is there. A page that its owner
changed stays, and the newer one is laid beside it under a name with the date. Starting again keeps a dated
copy first.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from effleurage import files, lessons, paths
from effleurage.errors import FileError, UnknownId, UsageError, nearest
from effleurage.lab import manifest
from effleurage.lab.manifest import Entry, Manifest
from effleurage.records.keeping import FOLDER as RECORDS
from effleurage.records.keeping import VARIABLE


@dataclass(frozen=True)
class Change:
    """What was done with one page."""

    path: str
    words: str

    def __str__(self) -> str:
        """Give the change as one line."""
        return f"{self.path}: {self.words}"


def default_folder() -> Path:
    """Return the folder of the working copy when none was named."""
    return Path.home() / "Effleurage"


def work_folder() -> Path | None:
    """Return the working copy this process was started in, or None outside of one."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / manifest.HIDDEN).is_dir()), None)


def prepare(work: Path | None = None) -> Path:
    """Make the working copy complete and up to date; return its folder.

    Raises:
        UsageError: The folder is the suite's own.
        FileError: The folder cannot be made or written; nothing was overwritten.
    """
    folder = (work or default_folder()).expanduser().absolute()
    suite = paths.notebooks().resolve()
    if folder.resolve() == suite or suite in folder.resolve().parents:
        do = "name another folder, such as one in your documents"
        raise UsageError(str(folder), "this is the folder of the suite itself", "a folder of your own", do)
    if folder.exists() and not folder.is_dir():
        raise FileError(str(folder), "it is a file", "a folder", "name another folder with --work")
    _make(folder / RECORDS)
    update(folder)
    return folder


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        do = "name another folder with --work; nothing was overwritten"
        found = f"the folder cannot be made ({error.strerror})"
        raise FileError(str(folder), found, "a folder of your own", do) from None


def delivered() -> dict[str, bytes]:
    """Return the pages that the suite delivers: place -> content."""
    home = paths.notebooks()
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in lessons.notebooks()}


def update(work: Path, leave: tuple[str, ...] = ()) -> tuple[Change, ...]:
    """Bring the pages of a working copy up to date, and put back what is missing; return what was done.

    ``leave`` names pages that are left alone for now.

    Raises:
        FileError: A page cannot be written; the pages done so far are done, all others are as they were.
    """
    known = manifest.read(work)
    entries, changes = dict(known.pages), []
    try:
        for name, fresh in delivered().items():
            if name not in leave:
                entries[name], words = _bring(work / name, fresh, entries.get(name))
                changes += [Change(name, words)] if words else []
    finally:
        manifest.write(work, Manifest(pages=entries))
    return tuple(changes)


def _bring(page: Path, fresh: bytes, known: Entry | None) -> tuple[Entry, str]:
    """Bring one page up to date; return what is known of it now, and what was done in words."""
    new, mine = Entry.of(fresh), content(page)
    if mine is None:
        files.write_bytes(page, fresh, keep=False)
        return new, "put in place"
    if known and known.file == new.file:
        return known, ""
    written = manifest.sources(mine)
    if known is None and written == new.sources:
        return new, ""
    if known and written is not None and written in (known.sources, new.sources):
        files.write_bytes(page, fresh, keep=False)
        return new, "brought up to date"
    if known and known.beside_file == new.file:
        return known, ""
    _clear_beside(page, known)
    beside = _lay(page, fresh, "new")
    return (known or Entry()).with_beside(beside.name, fresh), f"kept as you changed it; {beside.name} is new"


def content(page: Path) -> bytes | None:
    """Return what stands in a page, or None when there is none."""
    try:
        return page.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FileError(str(page), f"it cannot be read ({error.strerror})", "", "check its rights") from None


def _clear_beside(page: Path, known: Entry | None) -> None:
    """Take away the version laid beside a page earlier, unless somebody wrote in it."""
    if known and known.beside:
        old = page.with_name(known.beside)
        laid = content(old)
        if laid is not None and manifest.sources(laid) == known.beside_sources:
            old.unlink(missing_ok=True)


def _lay(page: Path, raw: bytes, word: str) -> Path:
    """Write ``raw`` beside a page under a free name with the date."""
    for copy in _dated(page, word):
        try:
            with copy.open("xb") as handle:
                handle.write(raw)
        except FileExistsError:
            continue
        except OSError as error:
            copy.unlink(missing_ok=True)
            do = "free some space, or choose another folder; nothing was overwritten"
            found = f"it cannot be written ({error.strerror})"
            raise FileError(str(copy), found, "a folder of your own", do) from None
        return copy
    raise FileError(str(page), "there are too many copies of today", "", "put some of them away")


def _dated(page: Path, word: str) -> Iterator[Path]:
    """Yield names for a copy of today."""
    today = date.today().isoformat()
    yield page.with_name(f"{page.stem} ({word} {today}){page.suffix}")
    for number in range(2, 100):
        yield page.with_name(f"{page.stem} ({word} {today}, {number}){page.suffix}")


def start_again(work: Path, page: str | None = None, leave: tuple[str, ...] = ()) -> tuple[Change, ...]:
    """Put a fresh page in place of one page (its id or place), or of all; a dated copy is kept first.

    Raises:
        UnknownId: There is no such page; the nearest one is named.
        FileError: The copy or the page cannot be written; what was there is still there.
    """
    fresh = delivered()
    names = [page_named(page)] if page not in (None, "", "all") else [n for n in fresh if n not in leave]
    known = manifest.read(work)
    entries, changes = dict(known.pages), []
    try:
        for name in names:
            entry = entries.get(name)
            entries[name], words = _afresh(work / name, fresh[name], entry)
            changes += [Change(name, words)] if words else []
    finally:
        manifest.write(work, Manifest(pages=entries))
    return tuple(changes)


def _afresh(page: Path, fresh: bytes, known: Entry | None) -> tuple[Entry, str]:
    """Put one fresh page in place; keep what was there under a dated name."""
    mine = content(page)
    if mine == fresh:
        return Entry.of(fresh), ""
    kept = _lay(page, mine, "kept") if mine is not None else None
    files.write_bytes(page, fresh, keep=False)
    _clear_beside(page, known)
    return Entry.of(fresh), f"fresh; yours is kept as {kept.name}" if kept else "put in place"


def page_named(word: str) -> str:
    """Return the place of a delivered page by its id, its name or its place.

    >>> page_named("start-here"), page_named("start-here.ipynb")
    ('start-here.ipynb', 'start-here.ipynb')
    """
    places = {name: name for name in delivered()}
    names = places | {Path(name).stem: name for name in places}
    names |= {page.front.id: page.path.relative_to(paths.notebooks()).as_posix() for page in lessons.index()}
    if word in names:
        return names[word]
    close = nearest(word, names)
    do = f"write '{close}' if that is what you mean" if close else "choose one of these"
    raise UnknownId("the page to start again", f"'{word}' is not known", ", ".join(sorted(places)), do)
