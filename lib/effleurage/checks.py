"""What ``effleurage check`` reads: every problem of the data, each with file, line, reason and repair.

>>> everything()
()
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from effleurage import (
    authoring,
    evidence,
    files,
    intake,
    knowledge,
    lessons,
    outcomes,
    paths,
    protocol,
    records,
    review,
)
from effleurage.errors import DataError, EffleurageError, FileError, Problem


def everything() -> tuple[Problem, ...]:
    """Return all problems in knowledge, cases and their sheets, protocols, trials, samples, notebooks."""
    found = [*_each(knowledge.KINDS, knowledge.entries)]
    if not found:
        found += knowledge.broken_references()
        found += _each(sorted(paths.datasets("cases").glob("*.yaml")), case)
        found += _each(sorted(paths.datasets("answers").glob("*.yaml")), sheet)
        found += _each(sorted(paths.protocols().glob("*.yaml")), sensible)
        found += _each(sorted(paths.notebooks().rglob("*.ipynb")), lessons.front_matter)
        found += _each(outcomes.sample_names(), outcomes.load)
        found += _each(["trials"], lambda _: evidence.results())
    return tuple(found)


def counts() -> dict[str, int]:
    """Return how many entries of each kind the suite holds.

    >>> counts()["technique"] >= 21
    True
    """
    kinds = {kind: len(knowledge.entries(kind)) for kind in knowledge.KINDS}
    return kinds | {"case": len(intake.cases()), "protocol": len(protocol.protocols())}


def _each(things: Iterable, read: Callable) -> list[Problem]:
    """Read each thing and keep the problems."""
    found: list[Problem] = []
    for thing in things:
        try:
            read(thing)
        except EffleurageError as error:
            found.extend(error.problems)
    return found


def case(path: Path) -> intake.Client:
    """Read a case file; its id must be its name."""
    return _named(path, intake.load(path))


def sheet(path: Path) -> intake.AnswerSheet:
    """Read the answer sheet of a case; its id must be its name."""
    return _named(path, intake.answer_sheet(path))


def design(path: Path) -> protocol.Protocol:
    """Read a protocol file; its id must be its name."""
    return _named(path, protocol.load(path))


def sensible(path: Path) -> protocol.Protocol:
    """Read a protocol of the suite; what its review says must be mended is a problem of it."""
    found, document = design(path), files.read_yaml(path)
    must = [item for item in review.check(found) if item.weight == "must"]
    if must:
        raise DataError.of(
            Problem(document.where(*item.keys), f"{item.what} {item.why}", "", item.do) for item in must
        )
    return found


def _named(path: Path, entry):  # noqa: ANN001, ANN202  (any record with an id)
    if entry.id != path.stem:
        found = f"the id is '{entry.id}', the file is called '{path.name}'"
        raise FileError(paths.shown(path), found, "the id as file name", f"rename it to {entry.id}.yaml")
    return entry


def one(path: Path) -> tuple[Problem, ...]:
    """Return the problems of one file: protocol, case, knowledge, record, notebook or table of visits."""
    return tuple(_each([path], _reader(path)))


def _reader(path: Path) -> Callable:
    """Choose how to read a file by its name, and for YAML and tables by what stands in it."""
    if path.name.endswith(".effleurage.json"):
        return records.load
    if path.suffix == ".ipynb":
        return lessons.front_matter
    return _by_content if path.suffix in (".yaml", ".yml", ".csv") else _unknown


def _by_content(path: Path) -> object:
    document = knowledge.document(path)
    kind = kind_of(document.data)
    read = {"protocol": design, "case": case, "answer-sheet": sheet}.get(kind or "")
    if read:
        return read(path)
    if kind:
        return knowledge.read(kind, document)
    if path.suffix == ".csv":
        return outcomes.read_visits(path)
    found = "neither a protocol (no 'phases'), nor a case (no 'complaint'), nor entries of the knowledge"
    do = "start from 'effleurage new', or from a copy of a file that works"
    raise FileError(paths.shown(path), found, "a protocol, a case, or entries with their fields", do)


def add(path: Path) -> Path:
    """Put a protocol, a case or an entry where the suite reads it, once nothing is wrong with it.

    Raises:
        EffleurageError: the file has problems, is of another kind, holds several entries, or is there.
    """
    if problems := one(path):
        raise EffleurageError.of(problems)
    data = knowledge.document(path).data if path.suffix in (".yaml", ".yml") else None
    kind, rows = kind_of(data), data if isinstance(data, list) else [data]
    if kind is None or len(rows) != 1:
        found, do = "this cannot be added as one entry", "put each entry into a file of its own"
        raise FileError(paths.shown(path), found, "one protocol, case or entry in YAML", do)
    return authoring.add(kind, path, rows[0]["id"])


def kind_of(data: object) -> str | None:
    """Tell what stands in a file by its fields: protocol, case, answer-sheet or a kind of knowledge.

    None means that it is none of them.

    >>> kind_of([{"id": "warm-stone", "name": "Warm stone", "family": "hot and cold", "aim": "ease"}])
    'technique'
    """
    rows = [row for row in (data if isinstance(data, list) else [data]) if isinstance(row, dict)]
    keys = {key for row in rows[:20] for key in row}
    models = {kind: model for kind, (model, _) in knowledge.KINDS.items()}
    if isinstance(data, dict):
        models |= {"protocol": protocol.Protocol, "case": intake.Client, "answer-sheet": intake.AnswerSheet}
    shared = set(knowledge.Entry.model_fields)
    marks = {kind: len(keys & (set(model.model_fields) - shared)) for kind, model in models.items()}
    strange = {kind: len(keys - set(model.model_fields)) for kind, model in models.items()}
    best = max(models, key=lambda kind: (marks[kind] - strange[kind], marks[kind]))
    return best if marks[best] > strange[best] else None


def _unknown(path: Path) -> object:
    allowed = ".yaml (protocol, case, knowledge), .csv (knowledge, visits), .effleurage.json, .ipynb"
    found = f"files ending in '{path.suffix}' are not read"
    raise FileError(paths.shown(path), found, allowed, "choose another")
