"""Contraindications and red flags as rules that a machine can apply: trigger, scope, effect."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from effleurage.errors import Refused
from effleurage.knowledge.basics import Entry, Id, Level, Number, Position, Record, Side, Text

FindingKind = Literal["stop", "clearance", "avoid-site", "limit", "adapt"]
Urgency = Literal["emergency", "same-day", "urgent", "routine"]


class Stepwise(Record):
    """Matches steps of a protocol: all that is given must hold."""

    techniques: tuple[Id, ...] = ()
    regions: tuple[Id, ...] = ()
    sides: tuple[Side, ...] = ()
    positions: tuple[Position, ...] = ()
    pressure_at_least: Level | None = None


class Trigger(Record):
    """What in the client or the protocol makes a rule apply. One kind of test, or any/all of several.

    ``count_at_least`` asks for that many of ``any`` together, e.g. two items of a score. ``asked_by`` names
    the question that stands for a number nobody measured: denied there, the number need not be taken.
    """

    any: tuple["Trigger", ...] | None = Field(default=None, min_length=1)
    count_at_least: int | None = Field(default=None, ge=2)
    all: tuple["Trigger", ...] | None = Field(default=None, min_length=1)
    fact: Id | None = None
    within_days: int | None = Field(default=None, ge=1)
    reading: Id | None = None
    asked_by: Id | None = None
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
        if self.asked_by is not None and self.reading is None:
            raise Refused("asked_by stands without a reading", "", "name the reading it asks for")
        if self.count_at_least is not None and len(self.any or ()) < self.count_at_least:
            raise Refused("count_at_least asks for more than 'any' holds", "", "list enough tests under any:")
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
