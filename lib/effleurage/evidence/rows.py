"""Published trials as plain rows, and the model beside them.

>>> row = results(study="sherman-2014", measure="nprs", arm="massage-60x3")[0]
>>> row.contrast, row.p, row.standing
(2.73, 0.001, 'verified')
"""

from functools import cache
from typing import Literal, Self

from pydantic import Field, model_validator

from effleurage import files, knowledge
from effleurage.errors import DataError, Problem, Refused, UnknownId, unknown
from effleurage.knowledge import Id, Record, Standing, Text
from effleurage.paths import datasets

ArmKind = Literal["massage", "light-touch", "sham", "wait-list", "usual-care", "self-care", "other"]
ContrastKind = Literal["rr", "difference", "not-different", "not-in-hand", "reference"]
NOT_IN_HAND = "not in what we hold"


class Study(Record):
    """A study: who took part, and how much of it was in hand."""

    id: Id
    name: Text
    year: int
    condition: Id
    people: int
    who: Text
    doi: Text
    read: Text
    read_at: Text
    standing: Standing
    adherence: dict[str, str | int] = Field(default_factory=dict)
    followed_pct: float | None = None
    followed_week: float | None = None
    note: Text


class Result(Record):
    """One published result of one arm, in points of its scale. None is not in what we hold."""

    row: Id
    study: Id
    condition: Id
    arm: Id
    arm_kind: ArmKind
    technique: Text | None = None
    minutes: float | None = None
    per_week: float | None = None
    weeks: float | None = None
    n: int | None = None
    measure: Id
    low: float | None = None
    high: float | None = None
    better: Literal["lower", "higher"]
    week: float
    mean: float | None = None
    spread_kind: Literal["sd", "se", "ci95"] | None = None
    spread: float | None = None
    change: float | None = None
    change_sd: float | None = None
    correlation: float | None = None
    responder_pct: float | None = None
    responder_rule: Text | None = None
    versus: Id | None = None
    contrast_kind: ContrastKind | None = None
    contrast: float | None = None
    contrast_low: float | None = None
    contrast_high: float | None = None
    p: float | None = None
    use: Literal["fit", "show"]
    source: Id
    standing: Standing
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.contrast_kind in ("rr", "difference")) != (self.contrast is not None):
            raise Refused(
                "a contrast needs its kind, and the kind its number", "both or none", "mend the row"
            )
        if (self.spread is None) != (self.spread_kind is None):
            raise Refused("a spread needs its kind (sd, se or ci95)", "both or none", "mend the row")
        if self.mean is not None and self.low is not None and not self.low <= self.mean <= self.high:
            raise Refused(
                f"the mean {self.mean:g} lies off the scale", f"{self.low:g}-{self.high:g}", "mend it"
            )
        return self

    @property
    def phase(self) -> str | None:
        """Return the dose in words, or None when a part of it is not in what we hold."""
        parts = (self.minutes, self.per_week, self.weeks)
        return None if None in parts else "x".join(f"{part:g}" for part in parts)


@cache
def studies() -> dict[str, Study]:
    """Return all studies: id -> record.

    >>> studies()["sherman-2009"].people
    64
    """
    document = files.read_yaml(datasets("trials", "studies.yaml"))
    found = [files.build(Study, document.part(place)) for place in range(len(document.data))]
    return {study.id: study for study in found}


@cache
def _rows() -> tuple[Result, ...]:
    """Read all rows; every problem of the table comes in one error."""
    document = files.read_csv(datasets("trials", "results.csv"))
    found: list[Result] = []
    problems: list[Problem] = []
    for place, cells in enumerate(document.data):
        part = files.Document(_values(cells), *_place(document, place))
        try:
            found.append(files.build(Result, part))
            problems.extend(_doubts(found[-1], part))
        except DataError as error:
            problems.extend(error.problems)
    names = [result.row for result in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    problems += [Problem(document.name, f"the row '{name}' stands twice", "each row once") for name in twice]
    if problems:
        raise DataError.of(problems)
    return tuple(found)


NUMBERS = {
    name
    for name, field in Result.model_fields.items()
    if field.annotation in (float, int, float | None, int | None)
}


def _values(cells: dict[str, str]) -> dict[str, str | float]:
    """Turn cells into values; an empty cell is left out, a cell that is no number stays as it is."""
    return {name: _number(cell) if name in NUMBERS else cell for name, cell in cells.items() if cell}


def _number(cell: str) -> float | str:
    try:
        value = float(cell)
    except ValueError:
        return cell
    return int(value) if value.is_integer() else value


def _place(document: files.Document, place: int) -> tuple[str, dict]:
    part = document.part(place)
    return part.name, part.lines


def _doubts(result: Result, part: files.Document) -> list[Problem]:
    """Return what contradicts the studies and the measure's entry."""
    found = []
    if result.study not in studies():
        found.append(unknown(part.where("study"), "study", result.study, studies()))
    known = knowledge.entries("measure").get(result.measure)
    if known and result.better != known.better:
        text = f"'{result.measure}' is better {result.better}"
        found.append(Problem(part.where("better"), text, known.better, "mend the direction"))
    if known and result.low is not None and (result.low, result.high) != (known.scale.low, known.scale.high):
        text = f"'{result.measure}' runs from {result.low:g} to {result.high:g}"
        found.append(Problem(part.where("low"), text, str(known.scale), "convert the row"))
    return found


def results(
    study: str | None = None,
    condition: str | None = None,
    measure: str | None = None,
    arm: str | None = None,
    use: str | None = None,
) -> tuple[Result, ...]:
    """Return published results, all or those that match what is given.

    Raises:
        UnknownId: no such study.
        DataError: a row of the table is wrong; every problem with its line.
    """
    if study is not None and study not in studies():
        raise UnknownId.of([unknown("evidence", "study", study, studies())])
    asked = {"study": study, "condition": condition, "measure": measure, "arm": arm, "use": use}
    wanted = {name: value for name, value in asked.items() if value is not None}
    return tuple(row for row in _rows() if all(getattr(row, name) == value for name, value in wanted.items()))
