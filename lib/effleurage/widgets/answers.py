"""The answers of a lesson in the student's record: one file for each lesson, saved at every answer.

>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     Answers("from-complaint-to-plan", Path(folder)).keep("first-look", {"answer": "ask"})
...     Answers("from-complaint-to-plan", Path(folder)).kept("first-look")
{'answer': 'ask'}
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from effleurage import records
from effleurage.errors import EffleurageError, FileError
from effleurage.records import RecordConflict, Work

KIND = "lesson"


class Answers:
    """The record of one lesson.

    Attributes:
        path: where it lies; it is made with the first answer.
        problem: why an answer is not kept, in words; empty when all is well.
        told: what a reader must know about how the record was opened; empty most of the time.
    """

    def __init__(self, lesson: str, folder: Path | None = None) -> None:
        """Open the record of a lesson in the student's folder, or begin one."""
        self.path = (folder or records.default_folder()) / f"lesson-{lesson}{records.SUFFIX}"
        self.problem = self.told = ""
        self._readable = True
        self._work = self._opened(lesson)

    def _opened(self, lesson: str) -> Work:
        """Read the record; one that cannot be read is left as it is, and nothing is kept in it."""
        try:
            found = records.restore(self.path)
        except FileError:
            if not self.path.exists():
                return records.new(lesson.replace("-", " ").capitalize(), kind=KIND)
            raise
        except EffleurageError as error:
            self.problem, self._readable = str(error), False
            return records.new(lesson, kind=KIND)
        self.told = found.notice
        return found.work

    def kept(self, name: str) -> dict[str, Any]:
        """Return what is kept of an exercise; nothing when it was not answered."""
        found = self._work.answers.get(name)
        return dict(found) if isinstance(found, Mapping) else {}

    def keep(self, name: str, state: Mapping[str, Any]) -> None:
        """Keep the answer to an exercise. What another page answered meanwhile stays."""
        self._work = self._with(self._work, name, state)
        if not self._readable:
            return
        try:
            self._save(name, state)
        except EffleurageError as error:
            self.problem = str(error)
        else:
            self.problem = ""

    def _save(self, name: str, state: Mapping[str, Any]) -> None:
        try:
            self._work = records.save(self._work, self.path)
        except RecordConflict as error:
            self._work = records.save(self._with(error.theirs, name, state), self.path)

    @staticmethod
    def _with(work: Work, name: str, state: Mapping[str, Any]) -> Work:
        return work.having(answers={**work.answers, name: dict(state)})
