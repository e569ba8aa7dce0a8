"""What a report may be given: the names and types of its one ``parameters`` cell."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from pathlib import Path
from typing import Any

from effleurage import files
from effleurage.errors import DataError, Problem, UsageError, unknown
from effleurage.paths import shown

TAG = "parameters"
TYPES = {bool: "true or false", int: "a whole number", float: "a number", str: "text", list: "a list"}
MISTAKES = (ValueError, SyntaxError, TypeError, MemoryError, RecursionError)


def assignments(words: Iterable[str]) -> dict[str, Any]:
    """Read ``NAME=VALUE`` words; a value is a number, True, False, None, a list, or else text.

    Raises:
        UsageError: a word is no assignment, or a name stands twice; all are named.

    >>> assignments(["clients=500", "case=office-neck"])
    {'clients': 500, 'case': 'office-neck'}
    """
    found: dict[str, Any] = {}
    problems = []
    for word in words:
        name, sign, value = (part.strip() for part in word.partition("="))
        if not sign or not name.isidentifier():
            problems.append(
                Problem("--set", f"'{word}' is no assignment", "NAME=VALUE", "write it like seed=3")
            )
        elif name in found:
            problems.append(Problem("--set", f"'{name}' is given twice", "each name once", "leave one out"))
        else:
            found[name] = _value(value)
    if problems:
        raise UsageError.of(problems)
    return found


def _value(text: str) -> Any:
    """Read a value; what is no plain value is text."""
    try:
        value = ast.literal_eval(text)
    except MISTAKES:
        return text
    return value if value is None or type(value) in TYPES else text


def declared(notebook: Path) -> dict[str, Any]:
    """Return the parameters of a notebook: name -> default value. Nothing is run.

    Raises:
        FileError: the notebook is missing or unreadable.
        DataError: it has no or more than one cell tagged ``parameters``, or a default is not a plain value.

    >>> from effleurage import paths
    >>> declared(paths.notebooks("reports", "course-report.ipynb"))["protocol"]
    'neck-pain-chronic-60'
    """
    data = files.read_json(notebook).data
    cells = data.get("cells", ()) if isinstance(data, dict) else ()
    tagged = [cell for cell in cells if TAG in cell.get("metadata", {}).get("tags", ())]
    if len(tagged) != 1:
        found = f"{len(tagged)} cells are tagged '{TAG}'"
        raise DataError(shown(notebook), found, "exactly one", "take a report of the suite as a pattern")
    try:
        return dict(_defaults("".join(tagged[0]["source"])))
    except MISTAKES as error:
        found = f"the {TAG} cell cannot be read ({error})"
        raise DataError(shown(notebook), found, "lines such as seed = 7", "give each a plain value") from None


def _defaults(source: str) -> Iterator[tuple[str, Any]]:
    """Yield name and value of each assignment."""
    for line in ast.parse(source).body:
        target = line.targets[0] if isinstance(line, ast.Assign) else getattr(line, "target", None)
        if not isinstance(target, ast.Name):
            raise ValueError(f"line {line.lineno} is not NAME = VALUE")
        yield target.id, ast.literal_eval(line.value)


def refuse_wrong(notebook: Path, jobs: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse names that the notebook does not have and values of another type, before anything runs.

    Raises:
        UsageError: every problem of every job, each once.
    """
    defaults = declared(notebook)
    where = f"report '{notebook.stem}'"
    given = [(name, value) for job in jobs.values() for name, value in job.items()]
    found = (_problem(where, defaults, name, value) for name, value in given)
    if problems := dict.fromkeys(problem for problem in found if problem):
        raise UsageError.of(problems)


def _problem(where: str, defaults: Mapping[str, Any], name: str, value: Any) -> Problem | None:
    """Say what is wrong with one parameter, or nothing."""
    if name not in defaults:
        return unknown(where, "parameter", name, defaults)
    default = defaults[name]
    if default is None or _fits(value, default):
        return None
    allowed = TYPES.get(type(default), type(default).__name__)
    return Problem(
        f"{where}, {name}", f"the value is {value!r}", allowed, f"write it like {name}={default!r}"
    )


def _fits(value: Any, default: Any) -> bool:
    """Tell whether a value is of the type of the default; a whole number is a number too."""
    if isinstance(default, float):
        return type(value) in (int, float) and isfinite(value)
    return type(value) is type(default)
