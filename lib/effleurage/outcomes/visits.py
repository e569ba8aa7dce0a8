"""The visits of one client as frozen records. What was not measured is missing, never filled."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Annotated, NamedTuple, Self

from pydantic import Field, model_validator

from effleurage.errors import Refused, UnknownId, UsageError, unknown
from effleurage.knowledge import Id, Record, Text
from effleurage.outcomes.changes import Change, change, measure_of, on_scale

Count = Annotated[int, Field(strict=True, ge=1, le=10_000)]
Week = Annotated[float, Field(strict=True, ge=0, le=5_000)]
Client = Annotated[str, Field(min_length=1, max_length=60)]


class Visit(Record):
    """One score of one visit. ``week`` counts from the first visit (0); ``score`` None is missing."""

    visit: Count
    on: date | None = None
    week: Week | None = None
    measure: Id
    score: float | None = None
    note: Annotated[str, Field(max_length=1000)] = ""

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.score is not None:
            on_scale(measure_of(self.measure), self.score)
        return self

    @property
    def timed(self) -> bool:
        """Whether it is known when the visit was."""
        return self.week is not None


class Contradiction(NamedTuple):
    """Two rows that cannot both be right: which row (from 0), in which column, and how to mend it."""

    row: int
    column: str
    found: str
    do: str


class Visits(Record):
    """The visits of one client, in the order in which they were given.

    >>> from effleurage import outcomes
    >>> first, third = {"visit": 1, "week": 0, "score": 22}, {"visit": 3, "week": 2}
    >>> rows = [{"measure": "ndi", **row} for row in (first, third)]
    >>> [(visit.visit, visit.score) for visit in outcomes.from_rows(rows).of("ndi")]
    [(1, 22.0), (2, None), (3, None)]
    """

    client: Client
    visits: tuple[Visit, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for item in contradictions(self.visits):
            raise Refused(item.found, "", item.do)
        return self

    @property
    def measures(self) -> tuple[str, ...]:
        """Return the measures that were taken, in the order in which they come."""
        return tuple(dict.fromkeys(visit.measure for visit in self.visits))

    def of(self, measure: str) -> tuple[Visit, ...]:
        """Return the visits of a measure by number; a score that should be there and is not is None.

        A visit at which only other measures were taken is left out. A visit of which nothing at all is known
        stands there without day, week and score.

        Raises:
            UnknownId: the measure was never taken.
        """
        if measure not in self.measures:
            raise UnknownId.of([unknown(f"client {self.client}", "measure", measure, self.measures)])
        times = {visit.visit: {"on": visit.on, "week": visit.week} for visit in self.visits if visit.timed}
        taken = {visit.visit: visit for visit in self.visits if visit.measure == measure}
        known = {visit.visit for visit in self.visits}
        wanted = [number for number in range(1, max(known) + 1) if number in taken or number not in known]
        return tuple(_at(number, measure, taken, times) for number in wanted)

    def change(self, measure: str) -> Change:
        """Return the change from the first score of a measure to the latest one.

        >>> from effleurage import outcomes
        >>> rows = [{"visit": turn, "week": turn, "measure": "ndi", "score": 24 - turn} for turn in (1, 2, 3)]
        >>> outcomes.from_rows(rows).change("ndi").points
        -2.0
        """
        scored = [visit for visit in self.of(measure) if visit.score is not None]
        before = scored[0].score if scored else None
        found = change(measure, before, scored[-1].score if len(scored) > 1 else None)
        if not scored or scored[0].visit == 1:
            return found
        late = f"The first score is from visit {scored[0].visit}; what was before it is not known."
        return found.model_copy(update={"sentence": f"{found.sentence} {late}"})


def _at(number: int, measure: str, taken: dict[int, Visit], times: dict[int, dict]) -> Visit:
    """Return a visit as it was scored, or without a score; at its time when any of its rows tells it."""
    if number in taken and taken[number].timed:
        return taken[number]
    note = taken[number].note if number in taken else ""
    return Visit(visit=number, measure=measure, note=note, **times.get(number, {}))


class Results(Record):
    """A table of visits: of one client or many. ``synthetic`` is None when nobody said so."""

    name: str
    title: Text
    story: str = ""
    synthetic: bool | None = None
    seed: int | None = None
    licence: str = ""
    clients: tuple[Visits, ...] = Field(min_length=1)

    def client(self, name: str | None = None) -> Visits:
        """Return one client: the only one, or the one of that name.

        Raises:
            UsageError: no name was given, and there are several.
            UnknownId: there is no such client.
        """
        names = [item.client for item in self.clients]
        if name is None and len(names) > 1:
            found = f"{len(names)} clients are in it"
            raise UsageError(self.name, found, ", ".join(names[:12]), f"name one: .client('{names[0]}')")
        if name is not None and name not in names:
            raise UnknownId.of([unknown(self.name, "client", name, names)])
        return self.clients[names.index(name) if name is not None else 0]


def contradictions(visits: Sequence[Visit]) -> Iterator[Contradiction]:
    """Yield what cannot be right among the rows of one client."""
    yield from _untimed(visits)
    yield from _twice(visits)
    yield from _torn(visits)
    yield from _backwards(visits)


def _untimed(visits: Sequence[Visit]) -> Iterator[Contradiction]:
    """Yield scores of which nobody knows when they were taken."""
    for row, visit in enumerate(visits):
        if visit.score is not None and not visit.timed:
            found = f"visit {visit.visit} has a score, but neither date nor week"
            yield Contradiction(row, "week", found, "write the date or the week (0 is the first visit)")


def _twice(visits: Sequence[Visit]) -> Iterator[Contradiction]:
    """Yield a measure that was scored twice in one visit."""
    seen: set[tuple[int, str]] = set()
    for row, visit in enumerate(visits):
        if (visit.visit, visit.measure) in seen:
            found = f"visit {visit.visit} has two scores of {visit.measure}"
            yield Contradiction(row, "visit", found, "keep one, or correct the number of the visit")
        seen.add((visit.visit, visit.measure))


def _torn(visits: Sequence[Visit]) -> Iterator[Contradiction]:
    """Yield a visit that is said to be at two times."""
    first: dict[int, Visit] = {}
    for row, visit in enumerate(visits):
        if not visit.timed:
            continue
        other = first.setdefault(visit.visit, visit)
        if visit.on != other.on:
            days = [item.on or "no day" for item in (visit, other)]
            found = f"visit {visit.visit} is on {days[0]} here and on {days[1]} before"
            yield Contradiction(row, "date", found, "one visit is on one day: correct the date or the number")
        elif visit.week != other.week:
            do = "one visit is at one time: correct the week or the number"
            yield Contradiction(row, "week", f"visit {visit.visit} is in two weeks", do)


def _backwards(visits: Sequence[Visit]) -> Iterator[Contradiction]:
    """Yield a visit that is not after the one before it."""
    timed: dict[int, tuple[int, Visit]] = {}
    for row, visit in enumerate(visits):
        if visit.timed:
            timed.setdefault(visit.visit, (row, visit))
    ordered = [timed[number] for number in sorted(timed)]
    for (_, before), (row, visit) in pairwise(ordered):
        if visit.week <= before.week:
            column = "date" if visit.on else "week"
            when = "on the same day as" if visit.week == before.week else "before"
            found = f"visit {visit.visit} is {when} visit {before.visit}"
            yield Contradiction(row, column, found, f"correct the {column}, or the number of the visit")
