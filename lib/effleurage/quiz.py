"""Exercises and exit questions: items as data, and marking that says what was missed and why.

An item is asked by a page, on paper or in a quiz; the page never holds its answer.

>>> item = items("from-complaint-to-plan")["first-look"]
>>> mark(item, "dose").right
False
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from math import isfinite
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from effleurage import files, knowledge, paths
from effleurage.errors import DataError, Refused, UnknownId, UsageError, unknown
from effleurage.knowledge import Id, Range, Record, Standing, Text

Kind = Literal["one", "several", "order", "number", "sentence"]
HONEST_WORDS = 6
TOO_LONG = 2000
Answer = str | float | int | tuple[str, ...]


class Choice(Record):
    """Something to choose, or to put in its place, and why it is right or wrong there."""

    id: Id
    says: Text
    right: bool = False
    why: Text


class Part(Record):
    """Something a sentence should name, the words by which it is found, and why it matters."""

    names: Text
    words: tuple[Text, ...] = Field(min_length=1)
    why: Text


class Item(Record):
    """A question with its answer, its reasons, where they come from, and its area of the licensing exam.

    ``choices`` serve the kinds one, several and order (there they stand in the right order); ``number`` is
    the range that is right; ``parts`` are what a sentence should name. ``model`` is the model answer.
    """

    id: Id
    kind: Kind
    exit: bool = False
    ask: Text
    choices: tuple[Choice, ...] = ()
    number: Range | None = None
    unit: str = ""
    parts: tuple[Part, ...] = ()
    hints: tuple[Text, ...] = ()
    model: Text
    mblex: Annotated[int, Field(ge=1, le=7)]
    sources: tuple[Id, ...] = Field(min_length=1)
    standing: Standing

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for source in self.sources:
            knowledge.refuse_unknown("source", source)
        names = [choice.id for choice in self.choices]
        if len(set(names)) != len(names):
            raise Refused("two choices share an id", "each id once", "rename one")
        if reason := _NEEDS[self.kind](self):
            raise Refused(f"an item of kind '{self.kind}' {reason}", "", "mend the item")
        return self

    def says(self, choice: str) -> str:
        """Return the words of a choice."""
        return next(item.says for item in self.choices if item.id == choice)


def _needs_right(item: Item, least: int, most: int) -> str:
    right = sum(choice.right for choice in item.choices)
    if len(item.choices) < 3:
        return "needs three choices or more"
    return "" if least <= right <= most else f"has {right} right choices"


_NEEDS: Mapping[Kind, Callable[[Item], str]] = {
    "one": lambda item: _needs_right(item, 1, 1),
    "several": lambda item: _needs_right(item, 2, len(item.choices) - 1),
    "order": lambda item: "" if len(item.choices) >= 3 else "needs three choices or more",
    "number": lambda item: "" if item.number else "needs the range that is right under 'number'",
    "sentence": lambda item: "" if item.parts else "needs parts to look for",
}


class Line(Record):
    """One thing that feedback says: about what, and why."""

    sign: Literal["right", "wrong", "missed"]
    about: str
    why: str


class Mark(Record):
    """How an answer was: points reached of points possible, and a line for each thing to say."""

    right: bool
    points: int
    of: int
    lines: tuple[Line, ...]


@cache
def items(topic: str) -> Mapping[str, Item]:
    """Return the items of a topic (a lesson has its own): id -> item, in the order of the file.

    Raises:
        UnknownId: no such topic; those that exist are listed.
        DataError: the file holds mistakes; each is named with its line.
    """
    if topic not in topics():
        raise UnknownId.of([unknown("quiz", "topic", topic, topics())])
    document = files.read_yaml(paths.datasets("quiz", f"{topic}.yaml"))
    found = [files.build(Item, document.part(place)) for place in range(len(document.data))]
    names = [item.id for item in found]
    for place, name in enumerate(names):
        if name in names[:place]:
            where = document.where(place, "id")
            raise DataError(where, f"the item '{name}' stands twice", "each id once", "rename one")
    return dict(zip(names, found, strict=True))


def topics() -> tuple[str, ...]:
    """Return the topics that have items.

    >>> "from-complaint-to-plan" in topics()
    True
    """
    return tuple(sorted(path.stem for path in paths.datasets("quiz").glob("*.yaml")))


def find(topic: str, name: str) -> Item:
    """Return one item of a topic.

    Raises:
        UnknownId: no such topic or item; the nearest is named.
    """
    known = items(topic)
    if name not in known:
        raise UnknownId.of([unknown(f"quiz '{topic}'", "item", name, known)])
    return known[name]


def right_answer(item: Item) -> Answer:
    """Return an answer that is right, for keys and checks; pages never hold it.

    >>> item = items("from-complaint-to-plan")["first-look"]
    >>> mark(item, right_answer(item)).right
    True
    """
    if item.kind == "number":
        return (item.number.low + item.number.high) / 2
    if item.kind == "sentence":
        return item.model
    names = tuple(choice.id for choice in item.choices if choice.right or item.kind == "order")
    return names[0] if item.kind == "one" else names


def wanting(item: Item, answer: Any) -> str:
    """Say what an answer needs before it can be marked; empty when it is an honest attempt.

    >>> wanting(items("from-complaint-to-plan")["first-look"], None)
    'Choose an answer first.'
    """
    if item.kind == "number":
        fits = type(answer) in (int, float) and isfinite(answer)
        return "" if fits else "Write a number first."
    if item.kind == "sentence":
        enough = isinstance(answer, str) and len(answer.split()) >= HONEST_WORDS and len(answer) <= TOO_LONG
        return "" if enough else f"Write a sentence of {HONEST_WORDS} words or more first."
    return "" if _chosen(item, answer) else "Choose an answer first."


def _chosen(item: Item, answer: Any) -> tuple[str, ...]:
    """Return the choices of an answer; none when it is not one."""
    given = (answer,) if item.kind == "one" else answer
    if not isinstance(given, list | tuple) or not all(isinstance(name, str) for name in given):
        return ()
    known = {choice.id for choice in item.choices}
    whole = set(given) <= known and len(set(given)) == len(given)
    enough = len(given) == len(known) if item.kind == "order" else bool(given)
    return tuple(given) if whole and enough else ()


def mark(item: Item, answer: Any) -> Mark:
    """Mark an honest attempt.

    Args:
        item: the question.
        answer: a choice (one), choices (several, or in order), a number, or a sentence.

    Raises:
        UsageError: the answer is no attempt; :func:`wanting` says why.
    """
    if words := wanting(item, answer):
        raise UsageError(f"item '{item.id}'", f"the answer {answer!r} cannot be marked", "", words)
    lines = tuple(_MARKERS[item.kind](item, answer))
    good = sum(line.sign == "right" for line in lines)
    return Mark(right=good == len(lines), points=good, of=len(lines), lines=lines)


def _mark_one(item: Item, answer: Any) -> list[Line]:
    chosen = next(choice for choice in item.choices if choice.id in _chosen(item, answer))
    return [Line(sign="right" if chosen.right else "wrong", about=chosen.says, why=chosen.why)]


def _mark_several(item: Item, answer: Any) -> list[Line]:
    chosen = set(_chosen(item, answer))
    signs = {(True, True): "right", (False, True): "wrong", (True, False): "missed"}
    told = [(signs.get((choice.right, choice.id in chosen)), choice) for choice in item.choices]
    return [Line(sign=sign, about=choice.says, why=choice.why) for sign, choice in told if sign]


def _mark_order(item: Item, answer: Any) -> list[Line]:
    """Mark what stands behind the one it follows in the right order; the first must come first."""
    places = {name: place for place, name in enumerate(_chosen(item, answer))}
    found = []
    for before, choice in zip((None, *item.choices), item.choices, strict=False):
        fits = places[choice.id] == 0 if before is None else places[before.id] < places[choice.id]
        where = "It comes first." if before is None else f"It comes after “{before.says}”."
        why = choice.why if fits else f"{where} {choice.why}"
        found.append(Line(sign="right" if fits else "wrong", about=choice.says, why=why))
    return found


def _mark_number(item: Item, answer: Any) -> list[Line]:
    fits = item.number.low <= answer <= item.number.high
    about = f"{answer:g} {item.unit}".strip()
    return [
        Line(sign="right" if fits else "wrong", about=about, why=item.model if fits else _first_hint(item))
    ]


def _first_hint(item: Item) -> str:
    return item.hints[0] if item.hints else "Look again at what is asked."


def _mark_sentence(item: Item, answer: str) -> list[Line]:
    return [
        Line(sign="right" if _names(part, answer) else "missed", about=part.names, why=part.why)
        for part in item.parts
    ]


def _names(part: Part, answer: str) -> bool:
    """Tell whether a sentence holds one of the words; ``#`` stands for any number."""
    patterns = (r"\d" if word == "#" else rf"\b{re.escape(word)}" for word in part.words)
    return any(re.search(pattern, answer, re.IGNORECASE) for pattern in patterns)


_MARKERS: Mapping[Kind, Callable[[Item, Any], list[Line]]] = {
    "one": _mark_one,
    "several": _mark_several,
    "order": _mark_order,
    "number": _mark_number,
    "sentence": _mark_sentence,
}
