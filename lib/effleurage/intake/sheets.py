"""Answer sheets: what a case teaches, for instructors, apart from the case."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal, Self

from pydantic import model_validator

from effleurage import files, knowledge, paths
from effleurage.errors import Refused
from effleurage.intake.clients import Present, Taken
from effleurage.knowledge import FindingKind, Id, Record, Standing, Text


class Expected(Record):
    """A rule that must apply to the client of a case, whatever the protocol, and why."""

    rule: Id
    kind: FindingKind
    why: Text

    @model_validator(mode="after")
    def _known(self) -> Self:
        knowledge.refuse_unknown("rule", self.rule)
        kind = knowledge.get("rule", self.rule).kind
        if self.kind != kind:
            raise Refused(f"the kind of '{self.rule}' is '{self.kind}'", kind, f"write kind: {kind}")
        return self


class Question(Record):
    """A question that is still open in a case, and the rule that hangs on it."""

    rule: Id
    ask: Text


class Catch(Record):
    """Words of the story that the form does not bear out; ``follows`` are the rules once it is entered."""

    says: Text
    but: Text
    facts: tuple[Present, ...] = ()
    medicines: tuple[Taken, ...] = ()
    follows: tuple[Id, ...] = ()


class AnswerSheet(Record):
    """What a case teaches, for instructors: written by hand, and kept apart from the case.

    The facts behind a finding stand in its rule, with source and standing; the sheet's own words are a
    teaching default of the project.
    """

    id: Id
    kind: Literal["clean", "site", "limits", "clearance", "refer", "contradicts", "incomplete"]
    teaches: Text
    findings: tuple[Expected, ...] = ()
    sections_to_ask: tuple[Id, ...] = ()
    questions: tuple[Question, ...] = ()
    catches: tuple[Catch, ...] = ()
    say: Text
    plan: Text
    standing: Standing = "editorial"

    @model_validator(mode="after")
    def _known(self) -> Self:
        asked = (item.rule for item in self.questions)
        for rule in (*asked, *(rule for item in self.catches for rule in item.follows)):
            knowledge.refuse_unknown("rule", rule)
        return self


def answer_sheet(case: str | Path) -> AnswerSheet:
    """Return the answer sheet of a case of the suite; builds for students leave the sheets out.

    Raises:
        FileError: there is no such sheet here.
        DataError: the sheet holds mistakes; each is named with its line.

    >>> answer_sheet("office-neck").kind
    'clean'
    """
    return files.build(AnswerSheet, files.read_yaml(paths.named(paths.datasets("answers"), case)))


def kinds(cases: Iterable[str]) -> dict[str, str]:
    """Return the kind of each case by its answer sheet; a case without a sheet is left out.

    >>> kinds(["driver-neck"])
    {'driver-neck': 'refer'}
    """
    folder = paths.datasets("answers")
    return {name: answer_sheet(name).kind for name in cases if (folder / f"{name}.yaml").is_file()}
