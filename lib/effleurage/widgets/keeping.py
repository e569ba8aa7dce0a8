"""Keeps a page's work in its record: within a second of each change, nothing overwritten unseen.

A page owns some fields of the record (the builder the protocol, the outcomes page the visits). What another
page saved in other fields is taken over; what it saved in the same fields, a person decides about.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from effleurage import records
from effleurage.errors import EffleurageError, FileError
from effleurage.records import RecordConflict, Work

SOON_SECONDS = 0.4
KIND, TITLE = "protocol-builder", "My course of care"


class Keeper:
    """One page's hold on one record.

    Attributes:
        work: the record as this page knows it on disk.
        path: where it lies.
        theirs: what another page saved in our fields since, or None.
        problem: why it could not be saved, in words; empty when all is well.
        told: what a reader must know about how it was opened; empty most of the time.
    """

    def __init__(self, record: Path | str | None, owns: tuple[str, ...]) -> None:
        """Open a record: a file, or the newest piece of work of the student, or a new one."""
        self.owns, self.theirs, self.problem, self.told = owns, None, "", ""
        self.after: Callable[[], None] = lambda: None
        self._mine: dict[str, Any] = {}
        self._timer: asyncio.TimerHandle | None = None
        self.path, self.work = self._opened(record)

    def aside(self, why: str) -> None:
        """Leave a record alone that this page cannot show, and begin a new one."""
        self.told = (
            f"{self.path.name} cannot be shown ({why}). It stays as it is; a new piece of work was begun."
        )
        self.work = records.new(TITLE, kind=KIND)
        self.path = records.path_for(self.work, self.path.parent)

    def _opened(self, record: Path | str | None) -> tuple[Path, Work]:
        """Read the record, or make a new one that is not on disk until something changes."""
        path = Path(record) if record else newest()
        if path is None or not path.exists():
            work = records.new(TITLE, kind=KIND)
            return path or records.path_for(work), work
        found = records.restore(path)
        self.told = found.notice
        return path, found.work

    @property
    def waiting(self) -> bool:
        """Tell whether something is not saved yet."""
        return bool(self._mine)

    def content(self, name: str) -> Any:
        """Return a field of the record as this page has it."""
        return self._mine.get(name, getattr(self.work, name))

    def keep(self, **fields: Any) -> None:
        """Keep these fields, soon: at once where no loop runs, else within half a second."""
        self._mine |= {name: value for name, value in fields.items() if value != self.content(name)}
        if not self._mine or self.theirs:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.save()
            return
        if self._timer is None:
            self._timer = loop.call_later(SOON_SECONDS, self._due)

    def set(self, **settings: Any) -> None:
        """Keep how the page stood."""
        self.keep(settings={**self.content("settings"), **settings})

    def _due(self) -> None:
        self.save()
        self.after()

    def save(self) -> None:
        """Save now what is not saved yet; what cannot be saved is told in ``problem`` and tried again."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if not self._mine or self.theirs:
            return
        try:
            self._write()
        except EffleurageError as error:
            self.problem = str(error)
            return
        self.problem = ""
        if not self.theirs:
            self._mine = {}

    def _write(self) -> None:
        try:
            self.work = records.save(self.work.having(**self._mine), self.path)
        except RecordConflict as error:
            if self._differs(error.theirs):
                self.theirs = error.theirs
                return
            self.work = records.save(error.theirs.having(**self._beside(error.theirs)), self.path)

    def _beside(self, theirs: Work) -> dict[str, Any]:
        """Return our fields for the record of another page; its settings stay beside ours."""
        mine = dict(self._mine)
        if "settings" in mine:
            mine["settings"] = {**theirs.settings, **mine["settings"]}
        return mine

    def _differs(self, theirs: Work) -> bool:
        """Tell whether somebody else changed a field that is ours."""
        return any(getattr(theirs, name) != getattr(self.work, name) for name in self.owns)

    def look(self) -> bool:
        """Look whether another page saved, and take it over unless we changed the same. True for news."""
        if not self.path.exists() or self.theirs:
            return False
        try:
            found = records.load(self.path)
        except FileError:
            return False
        except EffleurageError as error:
            self.problem = str(error)
            return False
        if found.revision == self.work.revision:
            return False
        if self._mine and self._differs(found):
            self.theirs = found
        else:
            self.work = found
        return True

    def take_theirs(self) -> None:
        """Go on with what the other page saved; ours is laid beside it as a copy first."""
        theirs, self.theirs = self.theirs, None
        if theirs:
            self._copy(self.work.having(**self._mine), "What was here")
            self.work, self._mine = theirs, {}

    def keep_mine(self) -> None:
        """Go on with what is here; what the other page saved is laid beside it as a copy first."""
        theirs, self.theirs = self.theirs, None
        if theirs:
            mine = {name: self.content(name) for name in self.owns}
            self._copy(theirs, "What the other page saved")
            self.work, self._mine = theirs, mine
            self.save()

    def _copy(self, work: Work, what: str) -> None:
        _, path = records.save_copy(work, self.path)
        self.told = f"{what} is kept as {path.name}."

    def in_words(self) -> dict[str, Any]:
        """Say how things stand: ``ok``, ``words`` (for the top line), ``short``, ``long``, ``conflict``."""
        clock = "" if not self.work.revision else moment(self.work.saved)
        words = (
            "Not saved"
            if self.problem
            else "Saving …"
            if self.waiting
            else f"Saved {clock}"
            if clock
            else "Nothing to save yet"
        )
        other = (
            "Another page saved this work while you changed it here. Nothing is lost: "
            "choose which one to go on with; the other is kept as a copy."
        )
        return {
            "ok": not self.problem and not self.theirs,
            "words": "Two versions" if self.theirs else words,
            "short": words.lower(),
            "long": self.problem
            or f"Your work is saved by itself within a second of each change, in {self.path.name}.",
            "conflict": other if self.theirs else "",
        }


def moment(saved: datetime | str) -> str:
    """Return the time of day of a save, as a clock shows it.

    >>> moment("2026-03-02T10:42:07+00:00")[2]
    ':'
    """
    when = datetime.fromisoformat(saved) if isinstance(saved, str) else saved
    return when.astimezone().strftime("%H:%M")


def newest() -> Path | None:
    """Return the student's newest piece of work that can be read, or None. All pages share it.

    A copy that was laid aside is not taken up by itself.
    """
    found = (item for item in records.listed() if item.kind == KIND and not item.problem)
    return next((item.path for item in found if not item.title.endswith("(copy)")), None)
