"""The work on outcomes, without any widget: whose visits, which measure, and the rows that a student enters.

>>> work = Scores()
>>> work.do("choose_source", value="neck-one-client")
>>> work.visits.measures
('ndi', 'nprs')
>>> work.change == work.visits.change("ndi")
True
"""

import copy
from collections.abc import Mapping
from typing import Any

from effleurage import knowledge, outcomes
from effleurage.errors import DataError, EffleurageError, Problem, UsageError, unknown
from effleurage.outcomes import Change, Results, Visits
from effleurage.widgets.drafts import tidy
from effleurage.widgets.history import History

Row = dict[str, Any]

MINE = "mine"
NO_CLIENT = "client"
FIRST_MEASURE = "ndi"


class Scores:
    """The state of the outcomes page and everything that can be done with it.

    Attributes:
        rows: the visits that the student entered, as typed; some may not be right yet.
        source: ``mine``, or the name of sample data; ``person``: which client of the sample.
        notice: the last thing that was done or refused, in words.
    """

    def __init__(
        self, rows: list[Row] | None = None, client: str | None = None, settings: Mapping | None = None
    ) -> None:
        """Take up the rows, the client and the settings of a record."""
        told = settings or {}
        self.rows = copy.deepcopy(list(rows or ()))
        self.owner = client or NO_CLIENT
        known = (MINE, *outcomes.sample_names())
        self.source = told.get("source") if told.get("source") in known else self._first(known)
        self.measure = told.get("measure") or FIRST_MEASURE
        self.person: str | None = None
        self.history = History()
        self.notice, self.focus = "", ""

    def _first(self, known: tuple[str, ...]) -> str:
        """Begin with the student's own visits where there are some, else with the first sample."""
        return MINE if self.rows or len(known) == 1 else known[1]

    # what is known ------------------------------------------------------------------------------------------

    @property
    def sample(self) -> Results | None:
        """Return the sample data in view, or None for the student's own visits."""
        return None if self.source == MINE else outcomes.load(self.source)

    @property
    def whose(self) -> str:
        """Return the client in view: the one chosen, else the first of the sample, else the student's own."""
        return self.person or (self.sample.clients[0].client if self.sample else self.owner)

    @property
    def visits(self) -> Visits:
        """Return the visits in view; of the student's own, those that are right."""
        if self.sample:
            return self.sample.client(self.whose)
        return _without(self.rows, self.problems, self.owner)

    @property
    def problems(self) -> dict[int, tuple[Problem, ...]]:
        """Return what is wrong with the student's own rows: number of the row -> problems."""
        try:
            outcomes.from_rows(self.rows, client=self.owner)
        except DataError as error:
            return _by_row(error.problems, len(self.rows))
        return {}

    @property
    def measures(self) -> tuple[str, ...]:
        """Return the measures to choose from: those of a sample, or all that have a scale."""
        return self.sample.client(self.whose).measures if self.sample else tuple(knowledge.entries("measure"))

    @property
    def shown(self) -> str:
        """Return the measure in view; where the visits lack it, their first one."""
        return self.measure if self.measure in self.measures or not self.measures else self.measures[0]

    @property
    def scored(self) -> bool:
        """Tell whether the visits in view hold the measure in view."""
        return self.shown in self.visits.measures

    @property
    def change(self) -> Change:
        """Return what became of the measure in view, from the first to the latest score."""
        return self.visits.change(self.shown) if self.scored else outcomes.change(self.shown, None, None)

    # doing --------------------------------------------------------------------------------------------------

    def do(self, wish: str, **given: Any) -> None:
        """Do one thing by its name; what cannot be done changes nothing and is said in ``notice``."""
        self.notice, self.focus = "", ""
        before = copy.deepcopy(self.rows)
        try:
            if wish not in DOINGS:
                raise UsageError.of([unknown("the page", "wish", wish, DOINGS)])
            DOINGS[wish](self, **given)
        except EffleurageError as error:
            self.rows, self.notice = before, str(error)
        except (TypeError, KeyError, IndexError) as error:
            self.rows, self.notice = before, f"'{wish}' cannot be done ({error!r})."
        if wish not in ("undo", "redo"):
            self.history.remember(before, copy.deepcopy(self.rows))

    def choose_source(self, value: str) -> None:
        """Look at the student's own visits (``mine``) or at sample data."""
        if value != MINE:
            outcomes.load(value)
        self.source, self.person = value, None

    def choose_person(self, value: str) -> None:
        """Look at another client of the sample."""
        self.visits_of(value)
        self.person = value

    def visits_of(self, person: str) -> Visits:
        """Return the visits of a client of the sample."""
        if self.sample is None:
            raise UsageError("the page", "your own visits have one client", "", "choose sample data first")
        return self.sample.client(person)

    def choose_measure(self, value: str) -> None:
        """Look at another measure."""
        self.measure = knowledge.get("measure", value).id

    def add_visit(self) -> None:
        """Add a visit for the measure in view, on the day of that visit where another measure has one."""
        number = 1 + max((row["visit"] for row in self.rows if row["measure"] == self.shown), default=0)
        same = next((row.get("date") for row in self.rows if row["visit"] == number), "")
        self.rows.append(
            {"visit": number, "date": same or "", "measure": self.shown, "score": None, "note": ""}
        )
        self.focus = f"date-{len(self.rows) - 1}"
        self.notice = f"Visit {number} added."

    def set_visit(self, row: int, field: str, value: Any) -> None:
        """Set the day, the score or the note of a row."""
        if field not in ("date", "score", "note"):
            raise UsageError.of([unknown("the page", "field", field, ("date", "score", "note"))])
        self.rows[row][field] = tidy(value) if field == "score" else str(value or "")

    def remove_visit(self, row: int) -> None:
        """Take a row out."""
        number = self.rows.pop(row)["visit"]
        self.focus = "add-visit"
        self.notice = f"Visit {number} removed. Undo brings it back."

    def undo(self) -> None:
        """Undo the last change of the rows."""
        self.rows = self.history.back(self.rows)

    def redo(self) -> None:
        """Do again what was undone."""
        self.rows = self.history.again(self.rows)


def _by_row(problems: tuple[Problem, ...], count: int) -> dict[int, tuple[Problem, ...]]:
    """Sort problems by the row that they name."""
    places = {row: f"visits, row {row + 1}," for row in range(count)}
    found = {
        row: tuple(item for item in problems if item.where.startswith(place)) for row, place in places.items()
    }
    return {row: items for row, items in found.items() if items}


def _without(rows: list[Row], wrong: Mapping[int, Any], client: str) -> Visits:
    """Return the visits of the rows that are right; none when even those do not fit together."""
    try:
        return outcomes.from_rows(
            [row for place, row in enumerate(rows) if place not in wrong], client=client
        )
    except DataError:
        return Visits(client=client, visits=())


DOINGS = {
    doing.__name__: doing
    for doing in (
        Scores.choose_source,
        Scores.choose_person,
        Scores.choose_measure,
        Scores.add_visit,
        Scores.set_visit,
        Scores.remove_visit,
        Scores.undo,
        Scores.redo,
    )
}
