"""A protocol as designed, before any client: goals, phases, sessions and steps.

>>> protocol = load("neck-pain-chronic-60")
>>> protocol.phases[0].session.minutes
60.0
"""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from effleurage import files, knowledge, paths
from effleurage.errors import Refused
from effleurage.knowledge import Id, Level, Number, Position, Record, Side, Standing, Text

Minutes = Annotated[float, Field(strict=True, gt=0, le=240)]
Count = Annotated[int, Field(strict=True, ge=1)]


class Goal(Record):
    """A change on a measure to reach by a week, e.g. NDI -5 by week 5."""

    measure: Id
    change: Number
    by_week: Count

    @model_validator(mode="after")
    def _known(self) -> Self:
        knowledge.refuse_unknown("measure", self.measure)
        return self


class Step(Record):
    """One technique on one region. Minutes are hands-on; pressure is the Walton level 0-5."""

    technique: Id
    region: Id
    side: Side
    minutes: Minutes
    pressure: Level | None = None
    purpose: Text
    position: Position = "prone"

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        knowledge.refuse_unknown("technique", self.technique)
        knowledge.refuse_unknown("region", self.region)
        inside = knowledge.parts(self.region)
        if inside != (self.region,):
            raise Refused(
                f"'{self.region}' is a group of regions", ", ".join(inside), "name one of its parts"
            )
        if (self.side == "middle") == knowledge.get("region", self.region).lateral:
            allowed = "middle" if self.side != "middle" else "left, right or both"
            raise Refused(f"side '{self.side}' does not fit {self.region}", allowed, f"write side: {allowed}")
        uses_pressure = knowledge.get("technique", self.technique).pressure is not None
        if uses_pressure and self.pressure is None:
            raise Refused(f"{self.technique} has no pressure", "a Walton level 0-5", "add pressure: 2")
        return self


class Session(Record):
    """What happens in one visit; the steps must fit the minutes."""

    minutes: Minutes
    steps: tuple[Step, ...] = Field(min_length=1, max_length=60)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.hands_on_minutes > self.minutes:
            over = self.hands_on_minutes - self.minutes
            found = f"the steps take {self.hands_on_minutes:g} minutes, the session has {self.minutes:g}"
            do = f"shorten the steps by {over:g} minutes, or lengthen the session"
            raise Refused(found, f"at most {self.minutes:g} minutes of steps", do)
        return self

    @property
    def hands_on_minutes(self) -> float:
        """Return the minutes of all steps together."""
        return sum(step.minutes for step in self.steps)


class Phase(Record):
    """Some weeks with the same session at the same frequency."""

    name: Text
    weeks: Annotated[int, Field(strict=True, ge=1, le=104)]
    sessions_per_week: Annotated[int, Field(strict=True, ge=1, le=7)]
    session: Session


class Protocol(Record):
    """A protocol for a condition and stage. Its sources say where the dose comes from."""

    id: Id
    name: Text
    condition: Id
    stage: Id
    summary: str = ""
    goals: tuple[Goal, ...] = ()
    phases: tuple[Phase, ...] = Field(min_length=1)
    reassess_every_sessions: Count | None = None
    refer_if: tuple[Id, ...] = ()
    home_care: tuple[Id, ...] = ()
    consent: tuple[Text, ...] = ()
    sources: tuple[Id, ...] = ()
    standing: Standing = "editorial"

    @model_validator(mode="after")
    def _known(self) -> Self:
        knowledge.refuse_unknown("condition", self.condition)
        stages = [stage.id for stage in knowledge.get("condition", self.condition).stages]
        if self.stage not in stages:
            found, do = f"{self.condition} has no stage '{self.stage}'", "choose one of these"
            raise Refused(found, ", ".join(stages), do)
        for kind, words in (("rule", self.refer_if), ("home-care", self.home_care), ("source", self.sources)):
            for word in words:
                knowledge.refuse_unknown(kind, word)
        return self

    @property
    def steps(self) -> tuple[Step, ...]:
        """Return the steps of all phases."""
        return tuple(step for phase in self.phases for step in phase.session.steps)


def load(name: str | Path) -> Protocol:
    """Return a protocol: one of the suite by its id, or a file of your own by its path.

    Raises:
        FileError: no such protocol; the names that exist are listed.
        DataError: the file holds mistakes; each is named with its line.
    """
    return read(files.read_yaml(paths.named(paths.protocols(), name)))


def read(document: files.Document) -> Protocol:
    """Return the protocol that a document holds, e.g. one put together on a page."""
    return files.build(Protocol, document)


def save(protocol: Protocol, path: Path) -> Path:
    """Write a protocol as YAML; comments of a file that is there survive, the version before is kept."""
    return files.write_yaml(path, plain(protocol))


def plain(protocol: Protocol) -> dict:
    """Return a protocol as plain values, without what is empty; the shape of the YAML file.

    >>> read(files.Document(plain(load("neck-pain-chronic-60")), "a copy")) == load("neck-pain-chronic-60")
    True
    """
    return protocol.model_dump(mode="json", exclude_defaults=True)


def protocols() -> tuple[str, ...]:
    """Return the ids of the protocols of the suite.

    >>> "neck-pain-chronic-60" in protocols()
    True
    """
    return tuple(sorted(path.stem for path in paths.protocols().glob("*.yaml")))
