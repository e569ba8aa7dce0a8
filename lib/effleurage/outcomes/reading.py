"""Reading visits from CSV or from rows typed on a page: every problem with its row, column and repair."""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from effleurage import files, knowledge
from effleurage.errors import DataError, Problem, Refused, nearest, unknown
from effleurage.outcomes.changes import measure_of, on_scale
from effleurage.outcomes.visits import Results, Visit, Visits, contradictions

COLUMNS = ("client", "visit", "date", "week", "measure", "score", "note")
NEEDED = ("visit", "measure", "score")
NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?", re.ASCII)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
ABSENT = {"na", "n/a", "nan", "none", "null", "missing", "-", "–", "?", ".", "x"}
DAYS_APART = 4
SHOWN_PROBLEMS = 50


def read_visits(path: str | Path) -> Results:
    """Read visits from a CSV table.

    Columns: ``visit`` (from 1), ``measure`` (id), ``score`` (in the unit of the measure; empty is missing),
    and ``date`` (2026-03-09) or ``week`` (0 is the first visit) or both; ``client``, ``note`` where wanted.

    Raises:
        FileError: the file is missing, unreadable, too large or no text.
        DataError: rows that cannot be right; each with line, column and repair. Nothing is read by half.

    >>> from effleurage import paths
    >>> read_visits(paths.datasets("results", "neck-one-client.csv")).client().measures
    ('ndi', 'nprs')
    """
    place = Path(path)
    document = files.read_csv(place)
    if not document.data:
        raise DataError(
            document.name, "there is no visit in it", "one row a visit and measure", "add the rows"
        )
    _refuse_columns(document)
    places = [document.where(row) for row in range(len(document.data))]
    return Results(name=place.stem, title=place.stem, clients=_clients(document.data, places, "client"))


def _refuse_columns(document: files.Document) -> None:
    """Refuse columns that are missing or not known."""
    found, where = tuple(document.data[0]), f"{document.name}, line 1"
    problems = [unknown(where, "column", name, COLUMNS) for name in found if name not in COLUMNS]
    missing = [name for name in NEEDED if name not in found]
    if not {"date", "week"} & set(found):
        missing.append("date")
    for name in missing:
        close = nearest(name, [other for other in found if other not in COLUMNS])
        do = f"rename '{close}' to '{name}'" if close else f"add a column '{name}'"
        problems.append(Problem(where, f"the column '{name}' is missing", ", ".join(COLUMNS), do))
    if problems:
        raise DataError.of(problems)


def from_rows(rows: Sequence[Mapping[str, Any]], where: str = "visits", client: str = "client") -> Visits:
    """Make the visits of one client from rows as they are typed on a page or kept in a record.

    Raises:
        DataError: rows that cannot be right; each with its number, column and repair.

    >>> from_rows([{"visit": 1, "week": 0, "measure": "ndi", "score": 62}])
    Traceback (most recent call last):
    ...
    effleurage.errors.DataError: visits, row 1, column score: ndi is 62. Allowed: 0-50 ... To do: write 31 ...
    """
    plain = [{**row, "client": client} for row in rows]
    found = _clients(plain, [f"{where}, row {row + 1}" for row in range(len(plain))], client)
    return found[0] if found else Visits(client=client, visits=())


def to_rows(visits: Visits) -> list[dict[str, Any]]:
    """Return visits as plain values for a record; :func:`from_rows` makes the same visits again.

    >>> rows = [{"visit": 1, "date": "2026-03-09", "measure": "ndi", "score": 22, "note": "tired"}]
    >>> to_rows(from_rows(rows)) == [{**rows[0], "week": 0.0}]
    True
    """
    found = []
    for visit in visits.visits:
        row = visit.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        found.append({"date" if name == "on" else name: value for name, value in row.items()})
    return found


def _clients(rows: Sequence[Mapping[str, Any]], places: Sequence[str], one: str) -> tuple[Visits, ...]:
    """Build the visits of each client; all problems of the table come in one error."""
    problems: list[Problem] = []
    grouped: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for row, place in zip(rows, places, strict=True):
        values = _values(row, place, problems)
        if values is not None:
            grouped.setdefault(_client(row, one), []).append((place, values))
    found = []
    for client, items in grouped.items():
        visits = _timed(items, problems)
        wrong = [
            Problem(f"{items[c.row][0]}, column {c.column}", c.found, "", c.do)
            for c in contradictions(visits)
        ]
        problems.extend(wrong)
        if not problems:
            found.append(Visits(client=client, visits=visits))
    _refuse(problems)
    return tuple(found)


def _refuse(problems: list[Problem]) -> None:
    """Raise what was found; a table that is wrong from top to bottom is cut short, in words."""
    if len(problems) > SHOWN_PROBLEMS:
        rest = f"{len(problems) - SHOWN_PROBLEMS} more problems like these"
        problems = [
            *problems[:SHOWN_PROBLEMS],
            Problem("and", rest, "", "mend the first ones and read it again"),
        ]
    if problems:
        raise DataError.of(problems)


def _client(row: Mapping[str, Any], one: str) -> str:
    return (str(row.get("client") or "").strip() or one)[:60]


def _values(row: Mapping[str, Any], place: str, problems: list[Problem]) -> dict[str, Any] | None:
    """Read the cells of a row; None when one of them cannot be right."""
    found: dict[str, Any] = {}
    good = True
    for column, (field, read) in CELLS.items():
        try:
            found[field] = read(row.get(column))
            if column == "score" and found["score"] is not None and good:
                on_scale(measure_of(found["measure"]), found["score"])
        except Refused as error:
            good = False
            problems.append(Problem(f"{place}, column {column}", error.found, error.allowed, error.do))
    return found if good else None


def _number(value: Any) -> float | None:
    """Read a number; empty is None."""
    text = "" if value is None else str(value).strip()
    if text == "":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    if NUMBER.fullmatch(text) and len(text) < 30:
        return float(text)
    do = "write a plain number"
    if text.lower() in ABSENT:
        do = "leave it empty: it is shown as missing, and never filled"
    elif NUMBER.fullmatch(text.replace(",", ".", 1)):
        do = f"write {text.replace(',', '.', 1)} with a point"
    raise Refused(f"'{text[:40]}' is no number", "a number, or empty where nothing was measured", do)


def _count(value: Any) -> int:
    number = _number(value)
    if number is None or not number.is_integer() or not 1 <= number <= 10_000:
        shown = "empty" if number is None else f"{number:g}"
        raise Refused(f"the number of the visit is {shown}", "1, 2, 3 …", "number the visits from 1")
    return int(number)


def _week(value: Any) -> float | None:
    number = _number(value)
    if number is not None and not 0 <= number <= 5_000:
        raise Refused(f"the week is {number:g}", "0 (the first visit) or more", "count from the first visit")
    return number


def _day(value: Any) -> date | None:
    """Read a day; empty is None."""
    text = "" if value is None else str(value).strip()
    try:
        return date.fromisoformat(text) if text and DAY.fullmatch(text) else _no_day(text)
    except ValueError:
        return _no_day(text)


def _no_day(text: str) -> None:
    if text:
        found = f"'{text[:40]}' is no date"
        raise Refused(found, "year-month-day, such as 2026-03-09", "write it like 2026-03-09")


def _measure(value: Any) -> str:
    """Read the id of a measure; capitals do not matter."""
    text = str(value or "").strip().lower()
    if text not in (known := knowledge.entries("measure")):
        problem = unknown("", "measure", value if value is not None else "", known)
        raise Refused(problem.found, problem.allowed, problem.do)
    return text


def _note(value: Any) -> str:
    text = str(value or "").strip()
    if len(text) > 1000:
        raise Refused(f"the note has {len(text)} letters", "up to 1000", "shorten it")
    return text


CELLS = {
    "visit": ("visit", _count),
    "date": ("on", _day),
    "week": ("week", _week),
    "measure": ("measure", _measure),
    "score": ("score", _number),
    "note": ("note", _note),
}


def _timed(items: Sequence[tuple[str, dict[str, Any]]], problems: list[Problem]) -> tuple[Visit, ...]:
    """Put the weeks beside the dates; where both are given, they must tell the same."""
    origin = _origin([values for _, values in items])
    found = []
    for place, values in items:
        on, week = values["on"], values["week"]
        if on is not None and week is None:
            week = max((on - origin).days / 7, 0.0)
            if on < origin:
                text = f"{on} is before week 0 ({origin})"
                problems.append(Problem(f"{place}, column date", text, "", "correct the date or the week"))
        elif on is not None and abs((on - origin).days - 7 * week) > DAYS_APART:
            text = f"{on} is not in week {week:g} after {origin}"
            problems.append(Problem(f"{place}, column week", text, "", "correct the week or the date"))
        found.append(Visit(**{**values, "week": week}))
    return tuple(found)


def _origin(rows: Sequence[Mapping[str, Any]]) -> date:
    """Return the day of week 0: told by the first row with both, else the earliest day."""
    dated = [values for values in rows if values["on"] is not None]
    both = [values for values in dated if values["week"] is not None]
    if both:
        return both[0]["on"] - timedelta(days=round(7 * both[0]["week"]))
    return min((values["on"] for values in dated), default=date.min)
