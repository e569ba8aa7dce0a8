"""The kinds of knowledge as frozen records. Every entry names its sources and its standing."""

from typing import Literal, Self

from pydantic import Field, model_validator

from effleurage.errors import Refused
from effleurage.knowledge.basics import Entry, Id, Number, Range, Record, Standing, Text


class Source(Record):
    """Where something was read. ``read`` says how much of it was."""

    id: Id
    name: Text
    where: Text
    read: Literal["full text", "abstract", "secondary page", "project", "not read"]
    standing: Standing = "secondary"


class Technique(Entry):
    """A way of working with the hands. Pressure is the Walton level, minutes are per area."""

    family: Literal[
        "stroking",
        "kneading",
        "friction",
        "percussion",
        "vibration",
        "compression",
        "deep tissue",
        "myofascial",
        "stretching",
        "drainage",
        "holding",
        "tools",
        "hot and cold",
    ]
    definition: Text
    aim: Text
    target: Text
    pressure: Range | None
    minutes: Range
    claimed: Text
    evidence: Text
    cautions: tuple[Text, ...]
    differs: Text


class Region(Entry):
    """A part of the body. Work is planned on regions without parts of their own."""

    parent: Id | None = None
    lateral: bool
    views: tuple[Literal["front", "back"], ...] = Field(min_length=1)
    where: Text


class Muscle(Entry):
    """A muscle or group as it is commonly taught; referral patterns are teaching conventions."""

    regions: tuple[Id, ...] = Field(min_length=1)
    origin: Text
    insertion: Text
    actions: Text
    referral: str
    caution: str


class Site(Entry):
    """An endangerment site: what lies there and how to work near it."""

    regions: tuple[Id, ...] = Field(min_length=1)
    where: Text
    structures: Text
    how_to_work: Text


class Fact(Entry):
    """Something the intake asks: a condition, a class of medicine, a sign, a device or an event."""

    kind: Literal["condition", "medication", "sign", "device", "event"]
    section: Id
    ask: Text
    located: bool = False
    dated: bool = False


class Reading(Entry):
    """A number the intake measures or asks, with its unit and what is possible."""

    section: Id
    ask: Text
    unit: Text
    possible: Range


class Medicine(Record):
    """A medicine by its generic name, and the class (a fact) that it belongs to."""

    id: Id
    name: Text
    aliases: tuple[Text, ...] = ()
    fact: Id
    sources: tuple[Id, ...] = Field(min_length=1)
    standing: Standing


class Threshold(Record):
    """A published change: its size, what it means for whom, and where it stands."""

    value: Number
    percent: bool = False
    population: Text
    sources: tuple[Id, ...] = Field(min_length=1)
    standing: Standing
    used: bool = False


class ScorePart(Record):
    """A part of a measure as it is scored: how many answers, their range, and what becomes of them.

    ``rule``: sum; mean; or percent of what the answered questions allow. ``turned`` counts it from the other
    end, ``divide`` weighs it. ``blank``: what a missing answer means: no score, the mean of the others, or
    nothing (0). ``fewest`` answers are needed; with ``up_to`` there may be fewer than ``items`` and none is
    missing.
    """

    name: Text
    items: int = Field(ge=1)
    low: Number = 0
    high: Number
    answers: tuple[int, ...] = ()
    reversed: tuple[int, ...] = ()
    rule: Literal["sum", "mean", "percent"] = "sum"
    turned: bool = False
    divide: Number = 1
    blank: Literal["no score", "mean", "zero"] = "no score"
    fewest: int | None = None
    up_to: bool = False


class Band(Record):
    """A named part of a scale, both ends included."""

    name: Text
    low: Number
    high: Number


class Measure(Entry):
    """An outcome measure: scale, direction, error and meaningful change with their populations.

    ``direction_note`` says what to mind where the direction hangs on the version or the domain.
    """

    domain: Text
    unit: Text
    scale: Range
    step: Number = 1
    better: Literal["lower", "higher"]
    direction_note: str = ""
    items: Text
    scoring: Text
    missing: Text
    score_parts: tuple[ScorePart, ...] = ()
    combine: Literal["sum", "mean", "apart"] = "sum"
    mdc: tuple[Threshold, ...] = ()
    mcid: tuple[Threshold, ...] = ()
    bands: tuple[Band, ...] = ()
    licence: Text
    item_text: bool

    @model_validator(mode="after")
    def _one_used(self) -> Self:
        for name, given in (("mdc", self.mdc), ("mcid", self.mcid)):
            if given and sum(item.used for item in given) != 1:
                raise Refused(f"{name} must mark exactly one threshold as used", "used: true on one of them")
        return self

    def used(self, kind: Literal["mdc", "mcid"]) -> Threshold | None:
        """Return the threshold that the suite uses where it must name one, or None."""
        return next((item for item in getattr(self, kind) if item.used), None)


class RomNorm(Entry):
    """A reference value for a joint movement, in degrees (mm for the jaw), and other published values."""

    joint: Text
    movement: Text
    regions: tuple[Id, ...] = Field(min_length=1)
    degrees: Number
    unit: Literal["degrees", "mm"] = "degrees"
    reference: Text
    others: str
    note: str


class HealingStage(Entry):
    """A stage of healing tissue, or of pain by how long it lasts. Stages overlap."""

    of: Literal["tissue", "pain"]
    lasts: Text
    happens: Text
    hands: Text


class HomeCare(Entry):
    """Something the client can do between sessions, and when not to."""

    how: Text
    not_when: Text


class Effect(Entry):
    """A claim about what massage does: how it is taught, what was found, and honest words for it.

    ``grade`` judges the claim as it is taught; a safety rule stands on case reports and on sense.
    ``certainty`` says how sure one can be of what was found.
    """

    taught: Text
    found: Text
    say: Text
    grade: Literal[
        "well supported", "some support", "weak or mixed", "not supported", "little tested", "safety rule"
    ]
    certainty: Literal["high", "moderate", "low", "very low"]


class Stage(Record):
    """A stage of a condition: what to aim for, what suits it, what to avoid."""

    id: Id
    name: Text
    lasts: Text
    suits: tuple[Id, ...] = ()
    how: Text
    avoid: tuple[Text, ...]


class Condition(Entry):
    """A condition as a massage therapist meets it: stages, aims, measures, referral signs, home care."""

    icd: Text
    icd_note: str = ""
    aims: tuple[Text, ...] = Field(min_length=1)
    stages: tuple[Stage, ...] = Field(min_length=1)
    regions: tuple[Id, ...] = Field(min_length=1)
    muscles: tuple[Id, ...] = ()
    measures: tuple[Id, ...]
    refer_if: tuple[Text, ...]
    home_care: tuple[Text, ...]
    evidence: Text


class Practice(Entry):
    """What belongs around the session: notes, case reports, the count of billed units. A fact, in words."""

    about: Literal["notes", "case report", "billing"]
    says: Text
    parts: tuple[Text, ...] = ()
