"""What ``effleurage check`` reads: every problem of the data, each with file, line, reason and repair.

>>> everything()
()
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from effleurage import evidence, files, intake, knowledge, lessons, outcomes, paths, protocol, records
from effleurage.errors import EffleurageError, FileError, Problem


def everything() -> tuple[Problem, ...]:
    """Return all problems in knowledge, cases, protocols, published trials, sample data and notebooks."""
    found = [*_each(knowledge.KINDS, knowledge.entries)]
    if not found:
        found += knowledge.broken_references()
        found += _each(sorted(paths.datasets("cases").glob("*.yaml")), case)
        found += _each(sorted(paths.protocols().glob("*.yaml")), design)
        found += _each(sorted(paths.notebooks().rglob("*.ipynb")), lessons.front_matter)
        found += _each(outcomes.sample_names(), outcomes.load)
        found += _each(["trials"], lambda _: evidence.results())
    return tuple(found)


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


def design(path: Path) -> protocol.Protocol:
    """Read a protocol file; its id must be its name."""
    return _named(path, protocol.load(path))


def _named(path: Path, entry):  # noqa: ANN001, ANN202  (any record with an id)
    if entry.id != path.stem:
        found = f"the id is '{entry.id}', the file is called '{path.name}'"
        raise FileError(paths.shown(path), found, "the id as file name", f"rename it to {entry.id}.yaml")
    return entry


def one(path: Path) -> tuple[Problem, ...]:
    """Return the problems of one file: a protocol, a case, a record, a notebook or a table of visits."""
    return tuple(_each([path], _reader(path)))


def _reader(path: Path) -> Callable:
    """Choose how to read a file by its name, and for YAML by what stands in it."""
    if path.name.endswith(".effleurage.json"):
        return records.load
    if path.suffix == ".ipynb":
        return lessons.front_matter
    if path.suffix == ".csv":
        return outcomes.read_visits
    if path.suffix in (".yaml", ".yml"):
        return _yaml
    return _unknown


def _yaml(path: Path) -> object:
    data = files.read_yaml(path).data
    if isinstance(data, dict) and "phases" in data:
        return design(path)
    if isinstance(data, dict) and {"fictional", "complaint"} & set(data):
        return case(path)
    found = "neither a protocol (no 'phases') nor a case (no 'complaint')"
    do = "start from a copy of a file in protocols/ or datasets/cases/"
    raise FileError(paths.shown(path), found, "a protocol or a case", do)


def _unknown(path: Path) -> object:
    allowed = ".yaml (protocol or case), .effleurage.json (record), .csv (visits), .ipynb (notebook)"
    found = f"files ending in '{path.suffix}' are not read"
    raise FileError(paths.shown(path), found, allowed, "choose another")
