"""What all records and all knowledge entries share: ids, ranges, sources, standing."""

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from effleurage.errors import Refused

Standing = Literal["verified", "secondary", "editorial", "conflict"]
Side = Literal["left", "right", "both", "middle"]
Position = Literal["prone", "supine", "side-lying", "seated", "semi-reclined"]

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
