"""A client on the day of a visit, as a case file holds them."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from effleurage import files, knowledge, paths
from effleurage.errors import Problem, Refused, unknown
from effleurage.knowledge import Id, Level, Number, Record, Side, Text

Answer = Literal["yes", "no", "unknown"]
Amount = Annotated[int, Field(strict=True, ge=0)]


class Present(Record):
    """Something present in the client: which fact, since or on which day, and where."""

    fact: Id
    on: date | None = None
    region: Id | None = None
    side: Side | None = None
    note: str = ""

    @model_validator(mode="after")
    def _known(self) -> Self:
        knowledge.refuse_unknown("fact", self.fact)
        if self.region is not None:
            knowledge.refuse_unknown("region", self.region)
        return self


class Taken(Record):
    """A medicine the client takes; one that is not listed is written as ``other`` with its class."""

    medicine: Id
    fact: Id | None = None
    note: str = ""

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.medicine == "other":
            if self.fact is None or not self.note:
                do = "write {medicine: other, fact: CLASS, note: NAME}; ask a pharmacist for the class"
                raise Refused("a medicine that is not listed has no class or no name", "", do)
            knowledge.refuse_unknown("fact", self.fact)
        else:
            knowledge.refuse_unknown("medicine", self.medicine, " (or 'other' with its class and name)")
        return self

    @property
    def drug_class(self) -> str:
        """Return the fact that stands for the class of this medicine."""
        return self.fact or knowledge.get("medicine", self.medicine).fact


class Place(Record):
    """A part of the body and its side."""

    region: Id
    side: Side = "both"

    @model_validator(mode="after")
    def _known(self) -> Self:
        knowledge.refuse_unknown("region", self.region)
        return self


class Complaint(Record):
    """What the client comes for, in their words and in ours."""

    condition: Id
    stage: Id
    words: Text
    places: tuple[Place, ...] = Field(min_length=1)
    weeks: Amount
    worse_with: tuple[Text, ...] = ()
    better_with: tuple[Text, ...] = ()


class Clearance(Record):
    """A written clearance by another professional: for which rule, by whom, when, and what it allows."""

    rule: Id
    by: Text
    on: date
    allows: Text


class Client(Record):
    """A fictional client on the day of a visit."""

    id: Id
    name: Text
    fictional: Literal[True]
    story: Text
    visit: date
    age_years: Annotated[int, Field(strict=True, ge=0, le=120)]
    sex: Literal["female", "male", "intersex", "not said"]
    occupation: Text
    language: Text = "English"
    complaint: Complaint
    goals: tuple[Text, ...] = ()
    sections_answered: tuple[Id, ...] = ()
    facts: tuple[Present, ...] = ()
    denied: tuple[Id, ...] = ()
    not_known: tuple[Id, ...] = ()
    medicines: tuple[Taken, ...] = ()
    readings: dict[Id, Number] = Field(default_factory=dict)
    baseline: dict[Id, Number] = Field(default_factory=dict)
    pressure_wished: Level | None = None
    clearances: tuple[Clearance, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for kind, words in (
            ("fact", (*self.denied, *self.not_known)),
            ("reading", self.readings),
            ("measure", self.baseline),
            ("rule", [item.rule for item in self.clearances]),
            ("condition", [self.complaint.condition]),
        ):
            for word in words:
                knowledge.refuse_unknown(kind, word)
        self._refuse_contradictions()
        self._refuse_impossible()
        for section in self.sections_answered:
            if section not in sections():
                raise _refusal(unknown("", "section", section, sections()))
        return self

    def _refuse_contradictions(self) -> None:
        present = {item.fact for item in self.facts} | {item.drug_class for item in self.medicines}
        for fact in (*self.denied, *self.not_known):
            if fact in present:
                do = "ask again, then keep one of the two"
                raise Refused(f"'{fact}' is both present and denied or not known", "one answer", do)
        for item in self.facts:
            if item.on and item.on > self.visit:
                raise Refused(f"'{item.fact}' is dated {item.on}, after the visit", "", "correct the date")

    def _refuse_impossible(self) -> None:
        for kind, values in (("reading", self.readings), ("measure", self.baseline)):
            for name, value in values.items():
                entry = knowledge.get(kind, name)
                possible = entry.possible if kind == "reading" else entry.scale
                if not possible.low <= value <= possible.high:
                    found, do = f"{name} is {value:g}", "correct the value, and mind the unit"
                    at = ("readings" if kind == "reading" else "baseline", name)
                    raise Refused(found, f"{possible} {entry.unit}", do, at)

    def answer(self, fact: str) -> Answer:
        """Return whether a fact is present: yes, no or unknown.

        Args:
            fact: id of a fact of the knowledge base.

        Raises:
            UnknownId: no such fact.
        """
        entry = knowledge.get("fact", fact, "the question")
        if self.found(fact):
            return "yes"
        if fact in self.not_known:
            return "unknown"
        return "no" if fact in self.denied or entry.section in self.sections_answered else "unknown"

    def found(self, fact: str) -> tuple[Present, ...]:
        """Return every place and date at which a fact is present.

        A medicine counts as its class, unless the class is noted itself: a note may hold date or place.
        """
        noted = tuple(item for item in self.facts if item.fact == fact)
        taken = (Present(fact=fact, note=item.medicine) for item in self.medicines if item.drug_class == fact)
        return noted or tuple(taken)


def _refusal(problem: Problem) -> Refused:
    return Refused(problem.found, problem.allowed, problem.do)


def sections() -> tuple[str, ...]:
    """Return the sections of the intake form in their order.

    >>> "today" in sections()
    True
    """
    kinds = (knowledge.entries("fact"), knowledge.entries("reading"))
    return tuple(dict.fromkeys(entry.section for kind in kinds for entry in kind.values()))


def load(name: str | Path) -> Client:
    """Return a client: a case of the suite by its id, or a case file of your own by its path.

    Raises:
        FileError: no such case; the names that exist are listed.
        DataError: the file holds mistakes; each is named with its line.
    """
    document = files.read_yaml(paths.named(paths.datasets("cases"), name))
    return files.build(Client, document)


def cases() -> tuple[str, ...]:
    """Return the ids of the fictional clients of the suite.

    >>> "office-neck" in cases()
    True
    """
    return tuple(sorted(path.stem for path in paths.datasets("cases").glob("*.yaml")))


def missing(client: Client, facts: Iterable[str] | None = None) -> tuple[str, ...]:
    """Return the facts that nobody has answered yet, in the order of the form."""
    asked = knowledge.entries("fact") if facts is None else facts
    return tuple(fact for fact in asked if client.answer(fact) == "unknown")
