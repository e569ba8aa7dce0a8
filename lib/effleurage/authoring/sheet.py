"""The rules as a spreadsheet: export, edit, see what would change, and only then write.

Triggers and scopes are shown in words and kept as they are. A cell never starts a formula.

>>> kept("-5 degrees"), given(kept("-5 degrees"))
("'-5 degrees", '-5 degrees')
"""

import csv
import io
import re
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from effleurage import files, knowledge, paths
from effleurage.authoring.rule_words import scope_words, trigger_words
from effleurage.errors import DataError, EffleurageError, FileError, Problem, unknown
from effleurage.knowledge import Rule

SHOWN = ("when", "where")
LIMITS = ("max_pressure", "max_minutes", "avoid_techniques", "avoid_positions")
TEXTS = ("aliases", "do", "reason", "sources", "standing")
COLUMNS = ("id", "name", "kind", *SHOWN, "urgency", "red_flag", "window", *LIMITS, *TEXTS)
LISTS = {"avoid_techniques", "avoid_positions", "aliases", "sources"}
COUNTS = {"max_pressure", "max_minutes"}
ANSWERS = {"yes": True, "no": False}
STARTS_FORMULA = frozenset("=+-@\t\r")
WIDE = 110
NOTHING = "Nothing would change."


class Change(NamedTuple):
    """What one cell would change in one rule."""

    rule: str
    field: str
    before: str
    after: str


def kept(cell: str) -> str:
    """Return a cell that starts no formula: an apostrophe stands before it where it could."""
    risky = cell[:1] in STARTS_FORMULA or (cell[:1] == "'" and cell[1:2] in STARTS_FORMULA | {"'"})
    return f"'{cell}" if cell and risky else cell


def given(cell: str) -> str:
    """Return what a cell meant before :func:`kept`."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in STARTS_FORMULA | {"'"} and cell[1:] else cell


def export(path: Path) -> Path:
    """Write all rules to a CSV table, one row a rule; lists are parted by ``;``."""
    stream = io.StringIO()
    table = csv.writer(stream)
    table.writerow(COLUMNS)
    table.writerows([kept(_cell(rule, name)) for name in COLUMNS] for rule in _rules().values())
    return files.write_text(path, "\ufeff" + stream.getvalue())


def _rules() -> Mapping[str, Rule]:
    return knowledge.entries("rule")


def _cell(rule: Rule, name: str) -> str:
    """Return one field of a rule as the text of a cell."""
    if name in SHOWN:
        return trigger_words(rule.when) if name == "when" else scope_words(rule.scope)
    value = getattr(rule, name)
    if name == "red_flag":
        return "yes" if value else "no"
    return "; ".join(value) if name in LISTS else "" if value is None else str(value)


def _tidy(name: str, cell: str) -> str:
    """Return a cell with single blanks, however a spreadsheet or a hand set them."""
    if name in LISTS:
        return "; ".join(" ".join(part.split()) for part in cell.split(";") if part.strip())
    return cell.strip().lower() if name == "red_flag" else " ".join(cell.split())


def _value(name: str, cell: str) -> Any:
    """Return what a cell means; None where it is empty. What cannot be right the record will refuse."""
    if name in LISTS:
        return [part.strip() for part in cell.split(";") if part.strip()] or None
    if name == "red_flag":
        return ANSWERS.get(cell, cell) or None
    return int(cell) if name in COUNTS and re.fullmatch("[0-9]{1,4}", cell) else cell or None


def read(path: Path) -> tuple[Change, ...]:
    """Return what a table would change; nothing is written.

    Rules that are not in the table stay as they are; columns may be left out, except ``id``.

    Raises:
        DataError: an unknown column or rule, a rule twice, a trigger that was edited, or a value that is not
            allowed; each with its line.
    """
    document = files.read_csv(path)
    _refuse_columns(document)
    changes: list[Change] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for place, row in enumerate(document.data):
        try:
            changes += _row(document.where(place), row, seen)
        except EffleurageError as error:
            problems += error.problems
    if problems:
        raise DataError.of(problems)
    return tuple(changes)


def _refuse_columns(document: files.Document) -> None:
    names = list(document.data[0]) if document.data else []
    problems = [unknown(document.where(), "column", name, COLUMNS) for name in names if name not in COLUMNS]
    if "id" not in names:
        do = "export the rules again; save the table with commas between the cells"
        problems.append(Problem(document.where(), "there is no column 'id' with a row below it", "", do))
    if problems:
        raise DataError.of(problems)


def _row(where: str, row: Mapping[str, str], seen: set[str]) -> tuple[Change, ...]:
    """Return the changes of one row, after the changed rule has passed every check."""
    if row["id"] not in _rules():
        raise DataError.of([unknown(where, "rule", row["id"], _rules())])
    if row["id"] in seen:
        raise DataError(where, f"the rule '{row['id']}' stands twice", "one row a rule", "leave one out")
    seen.add(row["id"])
    rule = _rules()[row["id"]]
    cells = {name: _tidy(name, given(cell)) for name, cell in row.items()}
    changed = {name: cell for name, cell in cells.items() if cell != _tidy(name, _cell(rule, name))}
    if fixed := [name for name in SHOWN if name in changed]:
        do = "put the words back; what makes a rule apply is changed in its YAML file"
        raise DataError(where, f"'{fixed[0]}' was edited", "the words as they were exported", do)
    _passes(where, rule, changed)
    return tuple(Change(rule.id, name, _cell(rule, name), cell) for name, cell in changed.items())


def _passes(where: str, rule: Rule, changed: Mapping[str, str]) -> Rule:
    """Return the rule as it would be; refuse it with the line of the table where it is not allowed."""
    data = rule.model_dump(mode="json", exclude_defaults=True) | {
        name: _value(name, cell) for name, cell in changed.items()
    }
    data = {name: value for name, value in data.items() if value is not None}
    name, _, line = where.rpartition(", line ")
    return knowledge.read("rule", files.Document([data], name, {(0,): int(line)}))[rule.id]


def in_words(changes: Iterable[Change]) -> str:
    """Say what would change, rule by rule.

    >>> print(in_words([Change("anticoagulant", "max_pressure", "2", "1")]))
    Blood thinner (anticoagulant)
      max_pressure: 2 → 1
    """
    rules: dict[str, list[str]] = {}
    for rule, field, before, after in changes:
        words = f"  {field}: {before or 'nothing'} → {after or 'nothing'}"
        rules.setdefault(f"{_rules()[rule].name} ({rule})", []).append(words)
    return "\n".join(line for rule, lines in rules.items() for line in (rule, *lines)) or NOTHING


def apply(changes: Iterable[Change]) -> tuple[Path, ...]:
    """Write changes into the YAML files of the rules and return those; every other line stays as it is.

    Raises:
        FileError: the rules lie in an installed package, or a file cannot be written.
        DataError: an entry is laid out so that a line of it cannot be replaced; nothing is written.
    """
    by_rule: dict[str, list[Change]] = {}
    for change in changes:
        by_rule.setdefault(change.rule, []).append(change)
    if by_rule and not paths.is_checkout():
        do = "work in a copy of the suite's folder"
        raise FileError("rules", "the rules of an installed package are not edited", "a checkout", do)
    made = [(path, text) for path in _files() if (text := _edited(path, by_rule)) is not None]
    written = tuple(files.write_text(path, text) for path, text in made)
    knowledge.entries.cache_clear()
    return written


def _files() -> list[Path]:
    return sorted(paths.datasets("knowledge", "rules").glob("*.yaml"))


def _edited(path: Path, by_rule: Mapping[str, list[Change]]) -> str | None:
    """Return the new text of a file, or None when nothing in it changes; what it says is read back first."""
    old, name = files.read_text(path), paths.shown(path)
    document, lines = files.parse_yaml(old, name), old.splitlines()
    rows = {row["id"]: place for place, row in enumerate(document.data)}
    mine = [change for rule in rows for change in by_rule.get(rule, ())]
    spots = [_spot(document, lines, rows[change.rule], change) for change in mine]
    for start, end, new in sorted(spots, reverse=True):  # from the end, so that the numbers above stay true
        lines[start:end] = new
    if not spots:
        return None
    text = "\n".join(lines) + "\n"
    found = knowledge.read("rule", files.parse_yaml(text, name))
    for change in mine:
        if _tidy(change.field, _cell(found[change.rule], change.field)) != change.after:
            _cannot(name, change)
    return text


def _spot(
    document: files.Document, lines: list[str], place: int, change: Change
) -> tuple[int, int, list[str]]:
    """Return which lines give way to which: those of a field, or none before ``do`` when it is new."""
    field = change.field if change.field in document.data[place] else "do"
    start, end = _span(document, lines, place, field)
    head = re.match(rf"(  |- ){field}:", lines[start])
    if not head:
        _cannot(document.where(place, field), change)
    value = _value(change.field, change.after)
    new = [] if value is None else _written(change.field, value, _note(lines[start:end])).splitlines()
    new = [f"{'  ' if number else head[1]}{line}" for number, line in enumerate(new)]
    return start, end if field == change.field else start, new


def _cannot(where: str, change: Change) -> None:
    found = f"'{change.field}' of '{change.rule}' cannot be replaced here"
    raise DataError(where, found, "a field with lines of its own", "change it by hand")


def _span(document: files.Document, lines: list[str], place: int, field: str) -> tuple[int, int]:
    """Return the first line of a field and the line after its last (from 0), without notes that follow."""
    start = document.lines[(place, field)]
    later = [line for keys, line in document.lines.items() if 0 < len(keys) < 3 and line > start]
    end = min(later, default=len(lines) + 1) - 1
    while end > start and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return start - 1, end


def _note(lines: list[str]) -> str:
    """Return the note behind a value of one line."""
    found = re.search(r"\s+#[^'\"\]]*$", lines[0]) if len(lines) == 1 else None
    return found[0] if found else ""


def _written(field: str, value: Any, note: str) -> str:
    """Write a field as the files do: on one line where it fits and reads back, else folded or as a list."""
    said = f"[{', '.join(value)}]" if isinstance(value, list) else "true" if value is True else value
    plain, wrapped = f"{field}: {said}{note}", textwrap.wrap(str(said), WIDE - 4, break_on_hyphens=False)
    folded = "\n  ".join((f"{field}: >-", *wrapped))
    quoted = re.sub(" +\n", "\n", files.dump_yaml({field: value}))
    fitting = [text for text in (plain, folded) if max(map(len, text.splitlines())) <= WIDE - 2]
    return next((text for text in fitting if _reads_back(text, field, value)), quoted).rstrip()


def _reads_back(text: str, field: str, value: Any) -> bool:
    try:
        return files.parse_yaml(text, "").data == {field: value}
    except EffleurageError:
        return False
