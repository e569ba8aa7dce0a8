"""The kinds of knowledge as frozen records. Every entry names its sources and its standing."""

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from effleurage.errors import Refused

Standing = Literal["verified", "secondary", "editorial", "conflict"]
Side = Literal["left", "right", "both", "middle"]
Position = Literal["prone", "supine", "side-lying", "seated", "semi-reclined"]
FindingKind = Literal["stop", "clearance", "avoid-site", "limit", "adapt"]
Urgency = Literal["emergency", "same-day", "urgent", "routine"]

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _as_id(value: object) -> object:
    """Refuse what is no id: lower-case words with hyphens."""
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise Refused(
            f"{value!r} is not an id", "lower-case words with hyphens", "write it like neck-posterior"
        )
    return value


Id = Annotated[str, BeforeValidator(_as_id)]
Text = Annotated[str, Field(min_length=1)]
Level = Annotated[int, Field(strict=True, ge=0, le=5)]
Number = Annotated[float, Field(strict=True)]


class Record(BaseModel):
    """A record that cannot be changed and has no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Range(Record):
    """From low to high, both included."""

    low: Number
    high: Number

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise Refused(f"low {self.low:g} lies above high {self.high:g}", "low first", "swap them")
        return self

    def __str__(self) -> str:
        """Give the range as a person writes it."""
        return f"{self.low:g}" if self.low == self.high else f"{self.low:g}-{self.high:g}"


class Claim(Record):
    """What one source says, where sources disagree."""

    says: Text
    sources: tuple[Id, ...] = Field(min_length=1)


class Entry(Record):
    """What all knowledge entries share."""

    id: Id
    name: Text
    aliases: tuple[Text, ...] = ()
    sources: tuple[Id, ...] = Field(min_length=1)
    standing: Standing
    checked: date
    standing_of: dict[str, Standing] = {}
    positions: tuple[Claim, ...] = ()

    @model_validator(mode="after")
    def _honest(self) -> Self:
        for name in self.standing_of:
            if name not in type(self).model_fields:
                raise Refused(
                    f"standing_of names '{name}', which is no field", "", "name a field of this entry"
                )
        if self.standing == "conflict" and len(self.positions) < 2:
            raise Refused(
                "the sources disagree, but fewer than two positions are given", "two or more 'positions'"
            )
        return self

    def standing_for(self, name: str) -> Standing:
        """Return the standing of one field: its own where it differs from the entry's."""
        return self.standing_of.get(name, self.standing)


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


class Stepwise(Record):
    """Matches steps of a protocol: all that is given must hold."""

    techniques: tuple[Id, ...] = ()
    regions: tuple[Id, ...] = ()
    positions: tuple[Position, ...] = ()
    pressure_at_least: Level | None = None


class Trigger(Record):
    """What in the client or the protocol makes a rule apply. One kind of test, or any/all of several."""

    any: tuple["Trigger", ...] | None = Field(default=None, min_length=1)
    all: tuple["Trigger", ...] | None = Field(default=None, min_length=1)
    fact: Id | None = None
    within_days: int | None = Field(default=None, ge=1)
    reading: Id | None = None
    at_least: Number | None = None
    below: Number | None = None
    age_at_least: int | None = None
    age_below: int | None = None
    wish_at_least: Level | None = None
    step: Stepwise | None = None

    @model_validator(mode="after")
    def _one_test(self) -> Self:
        tests = ("any", "all", "fact", "reading", "age_at_least", "age_below", "wish_at_least", "step")
        given = [name for name in tests if getattr(self, name) is not None]
        if len(given) != 1:
            raise Refused(
                f"{len(given)} tests in one trigger", f"one of {', '.join(tests)}", "use any: or all:"
            )
        if self.within_days is not None and self.fact is None:
            raise Refused("within_days stands without a fact", "", "name the fact that is dated")
        if (self.reading is None) != (self.at_least is None and self.below is None):
            raise Refused("a reading needs a limit, and a limit a reading", "at_least or below", "give both")
        return self

    def leaves(self) -> tuple["Trigger", ...]:
        """Return the simple tests inside."""
        parts = self.any or self.all
        return tuple(leaf for part in parts for leaf in part.leaves()) if parts else (self,)


class Scope(Record):
    """Where a rule reaches: the whole body, named regions, or where the client's fact is (site)."""

    whole_body: bool = False
    regions: tuple[Id, ...] = ()
    site: bool = False
    around: bool = False

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if (self.whole_body, bool(self.regions), self.site).count(True) != 1:
            raise Refused("a scope needs exactly one of three", "whole_body, regions or site")
        if self.around and not self.site:
            raise Refused("'around' widens a site", "", "use it with site: true, or name the regions")
        return self


class Rule(Entry):
    """A contraindication or red flag that a machine can apply."""

    kind: FindingKind
    red_flag: bool = False
    urgency: Urgency | None = None
    when: Trigger
    window: str = ""
    scope: Scope
    max_pressure: Level | None = None
    avoid_techniques: tuple[Id, ...] = ()
    avoid_positions: tuple[Position, ...] = ()
    max_minutes: Annotated[int, Field(strict=True, ge=1)] | None = None
    do: Text
    reason: Text

    @model_validator(mode="after")
    def _effective(self) -> Self:
        if self.kind == "stop" and self.urgency is None:
            raise Refused("a stop without an urgency", "emergency, same-day, urgent, routine", "say how soon")
        if self.kind in ("stop", "avoid-site") and self.max_pressure not in (0, None):
            raise Refused(
                f"a {self.kind} with pressure {self.max_pressure}", "0 or none", "use limit or clearance"
            )
        effects = (
            self.max_pressure,
            self.max_minutes,
            self.avoid_techniques or None,
            self.avoid_positions or None,
        )
        if self.kind == "limit" and effects == (None,) * 4:
            raise Refused("a limit that limits nothing", "a pressure, minutes, techniques or positions")
        return self


class Threshold(Record):
    """A published change: its size, what it means for whom, and where it stands."""

    value: Number
    percent: bool = False
    population: Text
    sources: tuple[Id, ...] = Field(min_length=1)
    standing: Standing
    used: bool = False


class Band(Record):
    """A named part of a scale, both ends included."""

    name: Text
    low: Number
    high: Number


class Measure(Entry):
    """An outcome measure: scale, direction, error and meaningful change with their populations."""

    construct: Text
    unit: Text
    scale: Range
    step: Number = 1
    better: Literal["lower", "higher"]
    items: Text
    scoring: Text
    missing: Text
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
    """A reference value for a joint movement in degrees, and other published values."""

    joint: Text
    movement: Text
    regions: tuple[Id, ...] = Field(min_length=1)
    degrees: Number
    reference: Text
    others: str
    note: str


class HomeCare(Entry):
    """Something the client can do between sessions, and when not to."""

    how: Text
    not_when: Text


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
