"""Loading the entries once, finding them by id or by ordinary words, and checking what points at what."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from effleurage import files
from effleurage.errors import DataError, Problem, UnknownId, nearest, unknown
from effleurage.knowledge import entries as kinds
from effleurage.knowledge.rules import Rule, Stepwise
from effleurage.knowledge.sayings import StageWord, Wording
from effleurage.paths import datasets

KINDS: Mapping[str, tuple[type[BaseModel], str]] = MappingProxyType(
    {
        "source": (kinds.Source, "sources.csv"),
        "technique": (kinds.Technique, "techniques.yaml"),
        "region": (kinds.Region, "regions.yaml"),
        "muscle": (kinds.Muscle, "muscles.csv"),
        "site": (kinds.Site, "endangerment-sites.yaml"),
        "fact": (kinds.Fact, "facts.yaml"),
        "reading": (kinds.Reading, "readings.yaml"),
        "medicine": (kinds.Medicine, "medicines.csv"),
        "rule": (Rule, "rules"),
        "measure": (kinds.Measure, "measures.yaml"),
        "rom-norm": (kinds.RomNorm, "rom-norms.csv"),
        "healing-stage": (kinds.HealingStage, "healing-stages.yaml"),
        "home-care": (kinds.HomeCare, "home-care.yaml"),
        "practice": (kinds.Practice, "practice.yaml"),
        "condition": (kinds.Condition, "conditions"),
        "effect": (kinds.Effect, "effects.yaml"),
        "wording": (Wording, "wording.yaml"),
        "stage-word": (StageWord, "stage-words.yaml"),
    }
)

LISTS = {"aliases", "sources", "regions"}
NUMBERS = {"degrees"}
PLAIN_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")
MAY_BE_EMPTY = {"referral", "caution", "others", "note"}


@cache
def entries(kind: str) -> Mapping[str, Any]:
    """Return all entries of a kind: id -> frozen record, in the order of the files.

    >>> list(entries("technique"))[:2]
    ['effleurage', 'petrissage']
    """
    if kind not in KINDS:
        raise UnknownId.of([unknown("knowledge", "kind", kind, KINDS)])
    model, name = KINDS[kind]
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for document in _documents(datasets("knowledge", name)):
        _collect(model, document, found, problems)
    problems += _loops(found, lambda word: _line(kind, word)) if kind == "region" else ()
    if problems:
        raise DataError.of(problems)
    return MappingProxyType(found)


def _documents(place: Path) -> Iterator[files.Document]:
    """Read the file of a kind and the files in the folder of the same name, where there are any."""
    more = sorted(place.with_suffix("").glob("*.yaml"))
    for path in more if place.is_dir() else [place, *more]:
        yield document(path)


def document(path: Path) -> files.Document:
    """Read one file of the knowledge, YAML or CSV, with the line of every value."""
    return _table(files.read_csv(path)) if path.suffix == ".csv" else files.read_yaml(path)


def read(kind: str, given: files.Document) -> Mapping[str, Any]:
    """Return the entries of one file of a kind; what they point at must be known or stand in the file itself.

    Raises:
        DataError: the file holds mistakes; each is named with its line.
    """
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    _collect(KINDS[kind][0], given, found, problems)
    if kind == "region" and not problems:
        problems += _loops({**entries(kind), **found}, lambda word: given.where(*_place(given.data, word)))
    if not problems:
        for what, word in (pair for entry in found.values() for pair in _references(kind, entry)):
            known = {**entries(what), **found} if what == kind else entries(what)
            if word not in known:
                problems.append(unknown(given.where(*_place(given.data, word)), what, word, known))
    if problems:
        raise DataError.of(dict.fromkeys(problems))
    return found


def _place(value: Any, word: str, keys: files.Keys = ()) -> files.Keys:
    """Return where a word stands in a document, by its keys."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inside:
        if part == word or (found := _place(part, word, (*keys, key))):
            return (*keys, key) if part == word else found
    return ()


def _loops(regions: Mapping[str, Any], where: Callable[[str], str]) -> Iterator[Problem]:
    """Name the regions that are a part of themselves, directly or by way of others."""
    for start, entry in regions.items():
        seen, parent = {start}, entry.parent
        while parent in regions and parent not in seen:
            seen.add(parent)
            parent = regions[parent].parent
        if parent == start:
            found, do = f"region '{start}' is a part of itself", "name the larger region, or leave parent out"
            yield Problem(where(start), found, "a parent above it", do)


def _table(document: files.Document) -> files.Document:
    """Turn the text cells of a table into the values that records take; an empty cell is left out."""
    rows = [
        {name: _cell(name, cell) for name, cell in row.items() if cell or name in MAY_BE_EMPTY}
        for row in document.data
    ]
    return files.Document(rows, document.name, document.lines)


def _cell(name: str, cell: str) -> Any:
    """Read one cell: lists are parted by ``;``, positions by ``/`` with their sources in brackets.

    >>> _cell("regions", "neck-posterior; suboccipital")
    ['neck-posterior', 'suboccipital']
    >>> _cell("positions", "C1-C3 [deck-a] / C2-C4 [deck-b]")[1]
    {'says': 'C2-C4', 'sources': ['deck-b']}
    >>> _cell("standing_of", "referral=editorial")
    {'referral': 'editorial'}
    """
    if name in LISTS:
        return _split(cell, ";")
    if name == "standing_of":
        return {field: word for field, _, word in (part.partition("=") for part in _split(cell, ";"))}
    if name == "positions":
        found = [re.fullmatch(r"(.*?)\s*\[(.*)\]", part) for part in _split(cell, " / ")]
        return [{"says": item[1], "sources": _split(item[2], ";")} if item else cell for item in found]
    return float(cell) if name in NUMBERS and PLAIN_NUMBER.fullmatch(cell) else cell


def _split(cell: str, mark: str) -> list[str]:
    return [part.strip() for part in cell.split(mark) if part.strip()]


def _collect(model: type[BaseModel], document: files.Document, found: dict, problems: list[Problem]) -> None:
    """Add the entries of one file, keeping every problem."""
    rows = document.data if isinstance(document.data, list) else [document.data]
    for place, _ in enumerate(rows):
        part = document.part(place) if isinstance(document.data, list) else document
        try:
            entry = files.build(model, part)
        except DataError as error:
            problems.extend(error.problems)
            continue
        if entry.id in found:
            problems.append(Problem(part.where("id"), f"the id '{entry.id}' stands twice", "", "rename one"))
        found[entry.id] = entry


def get(kind: str, word: str, where: str = "knowledge") -> Any:
    """Return the entry with this id; an unknown id names the nearest one.

    >>> get("technique", "petrissage").family
    'kneading'
    >>> get("technique", "petrisage")
    Traceback (most recent call last):
    ...
    effleurage.errors.UnknownId: knowledge: technique 'petrisage' is not known. ...
    """
    found = entries(kind)
    if word not in found:
        raise UnknownId.of([unknown(where, kind, word, found)])
    return found[word]


def find(kind: str, words: str) -> tuple[Any, ...]:
    """Return the entries that ordinary words point to, best first; the near match when nothing fits.

    >>> [entry.id for entry in find("technique", "kneading")][0]
    'petrissage'
    """
    asked = _plain(words)
    names = {key: [_plain(name) for name in _names(entry)] for key, entry in entries(kind).items()}
    exact = [key for key, known in names.items() if asked in known]
    inside = [
        key for key, known in names.items() if key not in exact and any(asked in name for name in known)
    ]
    keys = exact + inside
    if not keys:
        close = nearest(asked, (name for known in names.values() for name in known))
        keys = [key for key, known in names.items() if close in known]
    return tuple(entries(kind)[key] for key in keys)


def _names(entry: Any) -> tuple[str, ...]:
    """Return all names an entry answers to."""
    return (entry.id, entry.name, *getattr(entry, "aliases", ()))


def _plain(words: str) -> str:
    """Fold case, hyphens and blanks."""
    return re.sub(r"[\W_]+", " ", words.lower()).strip()


@cache
def parts(region: str) -> tuple[str, ...]:
    """Return the workable regions inside a region: itself when it has no parts.

    >>> parts("neck-posterior")
    ('neck-posterior',)
    """
    inner = [entry.id for entry in entries("region").values() if entry.parent == region]
    return tuple(leaf for child in inner for leaf in parts(child)) if inner else (get("region", region).id,)


def broken_references() -> tuple[Problem, ...]:
    """Return every id in the knowledge that points at nothing; an empty tuple when all is well.

    >>> broken_references()
    ()
    """
    problems: list[Problem] = []
    for kind in KINDS:
        for entry in entries(kind).values():
            for what, word in _references(kind, entry):
                if word not in entries(what):
                    where = f"{kind} '{entry.id}' ({_line(kind, entry.id, word)})"
                    problems.append(unknown(where, what, word, entries(what)))
    return tuple(problems)


def _line(kind: str, entry: str, word: str = "") -> str:
    """Return file and line of an entry, or of a word in it; reads the files again, so only for problems."""
    for given in _documents(datasets("knowledge", KINDS[kind][1])):
        rows = given.data if isinstance(given.data, list) else [given.data]
        for place, row in enumerate(rows):
            if isinstance(row, dict) and row.get("id") == entry:
                keys = (place,) if rows is given.data else ()
                return given.where(*keys, *(_place(row, word) if word else ()))
    return f"datasets/knowledge/{KINDS[kind][1]}"


POINTS = {
    "sources": "source",
    "regions": "region",
    "muscles": "muscle",
    "measures": "measure",
    "parent": "region",
}


def _references(kind: str, entry: Any) -> Iterator[tuple[str, str]]:
    """List what an entry points at as (kind, id)."""
    for name, what in POINTS.items():
        value = getattr(entry, name, None) or ()
        yield from ((what, word) for word in ((value,) if isinstance(value, str) else value))
    for claim in (*getattr(entry, "positions", ()), *getattr(entry, "mdc", ()), *getattr(entry, "mcid", ())):
        yield from (("source", word) for word in claim.sources)
    if kind == "medicine":
        yield "fact", entry.fact
    if kind == "condition":
        yield from (("technique", word) for stage in entry.stages for word in stage.suits)
    if kind == "stage-word" and entry.means:
        yield from _step_references(entry.means)
    if kind == "rule":
        yield from _rule_references(entry)


def _rule_references(rule: Rule) -> Iterator[tuple[str, str]]:
    """List what a rule's trigger, scope and effects point at."""
    yield from (("region", word) for word in rule.scope.regions)
    yield from (("technique", word) for word in rule.avoid_techniques)
    for leaf in rule.when.leaves():
        if leaf.fact:
            yield "fact", leaf.fact
        if leaf.reading:
            yield "reading", leaf.reading
        if leaf.asked_by:
            yield "fact", leaf.asked_by
        if leaf.step:
            yield from _step_references(leaf.step)


def _step_references(step: Stepwise) -> Iterator[tuple[str, str]]:
    """List what a description of steps points at."""
    yield from (("technique", word) for word in step.techniques)
    yield from (("region", word) for word in step.regions)
