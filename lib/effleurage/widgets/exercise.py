"""Exercises and exit questions on a page: an answer, feedback with reasons, hints in steps, a model answer.

The answer is marked in the kernel; until an honest attempt the browser is not told what is right.

>>> asked = exercises("from-complaint-to-plan", keep=False).ask("first-look")
>>> asked.do("check")
>>> asked.shown["notice"]
'Choose an answer first.'
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from effleurage import quiz, safety
from effleurage.knowledge import get
from effleurage.widgets import style
from effleurage.widgets.answers import Answers

NOTHING: dict[str, Any] = {
    "answer": None,  # as it stands on the page
    "marked": None,  # as it was when it was last checked
    "first": None,  # as it was at the first check
    "tries": 0,
    "right": False,
    "hints": 0,
    "revealed": False,
}


class Exercise(anywidget.AnyWidget):
    """One item of a topic as somebody works on it.

    Traits:
        shown: all that the page draws.
        answered: the number of the last message that was answered.
    """

    _esm = style.script("exercise.js")
    _css = style.sheet("exercise.css")

    shown = traitlets.Dict().tag(sync=True)
    answered = traitlets.Int(0).tag(sync=True)

    def __init__(self, item: quiz.Item, answers: Answers | None = None) -> None:
        """Show an item with what the student has answered so far."""
        self.item, self._answers = item, answers
        self.state = begun(item, answers.kept(item.id) if answers else {})
        told = answers.told or answers.problem if answers else ""
        super().__init__(shown=self.face(told))
        self.on_msg(self._hear)

    # doing --------------------------------------------------------------------------------------------------

    def do(self, wish: str, value: Any = None, name: str = "", by: int = 0) -> None:
        """Do one thing: choose, write, tick, move, check, hint, reveal; what is no wish changes nothing."""
        kind, state, notice = self.item.kind, self.state, ""
        if (wish, kind) in ANSWERS:
            state["answer"] = ANSWERS[wish, kind](self.item, state["answer"], value, str(name), by)
        elif wish == "hint":
            state["hints"] = min(state["hints"] + 1, len(self.item.hints))
        elif wish == "check":
            notice = self._check()
        elif wish == "reveal" and state["tries"]:
            state["revealed"] = True
        self._keep()
        self.shown = self.face(notice or (self._answers.problem if self._answers else ""))

    def answer(self, answer: Any) -> None:
        """Put a whole answer in place, as if somebody had chosen or written it."""
        self.state["answer"] = list(answer) if isinstance(answer, tuple) else answer
        self.do("check")

    def _keep(self) -> None:
        """Keep what was done, once something was."""
        if self._answers and (self.state["tries"] or self.state["answer"] is not None or self.state["hints"]):
            self._answers.keep(self.item.id, self.state)

    def _check(self) -> str:
        """Mark the answer; say what it needs when it is no attempt."""
        if words := quiz.wanting(self.item, self.state["answer"]):
            return words
        mark = quiz.mark(self.item, self.state["answer"])
        first = self.state["answer"] if self.state["first"] is None else self.state["first"]
        self.state |= {"tries": self.state["tries"] + 1, "right": mark.right, "first": first}
        revealed = self.state["revealed"] or self.item.exit or mark.right
        self.state |= {"marked": self.state["answer"], "revealed": revealed}
        return ""

    def _hear(self, _: Any, content: Any, __: Any) -> None:
        """Take a message of the page; what is no wish is left alone."""
        if not isinstance(content, Mapping) or not isinstance(content.get("do"), str):
            return
        given = {name: content[name] for name in ("value", "name", "by") if name in content}
        with self.hold_sync():
            self.do(content["do"], **given)
            number = content.get("number")
            self.answered = number if isinstance(number, int) else self.answered

    # showing ------------------------------------------------------------------------------------------------

    def face(self, notice: str = "") -> dict[str, Any]:
        """Return all that the page shows; what is right only after an honest attempt."""
        item, state = self.item, self.state
        order = state["answer"] if item.kind == "order" else sorted(choice.id for choice in item.choices)
        mark = quiz.mark(item, state["marked"]) if state["tries"] else None
        return {
            "kind": item.kind,
            "exit": item.exit,
            "ask": item.ask,
            "choices": [{"name": name, "says": item.says(name)} for name in order],
            "unit": item.unit,
            "answer": state["answer"],
            "tries": state["tries"],
            "hints": list(item.hints[: state["hints"]]),
            "more_hints": len(item.hints) - state["hints"],
            "verdict": verdict(mark, item.kind) if mark else "",
            "right": bool(mark and mark.right),
            "lines": [line.model_dump() for line in mark.lines] if mark else [],
            "model": item.model if state["revealed"] else "",
            "reasons": self._reasons(mark) if mark and state["revealed"] else [],
            "source": source(item) if state["revealed"] else "",
            "notice": notice,
        }

    def _reasons(self, mark: quiz.Mark) -> list[dict[str, Any]]:
        """Return why each other choice is right or wrong."""
        told = {line.about for line in mark.lines}
        rest = [choice for choice in self.item.choices if choice.says not in told]
        return [choice.model_dump(include={"says", "right", "why"}) for choice in rest]

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Show the exercise; where widgets do not show, its words."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, *rest = bundle if isinstance(bundle, tuple) else (bundle,)
        return ({**(data or {}), "text/plain": self.in_words()}, *rest)

    def in_words(self) -> str:
        """Return the question as plain text, for paper and for a reader without widgets."""
        marks = {"one": "( )", "several": "[ ]", "order": "__", "number": "____", "sentence": "____"}
        choices = sorted(self.item.choices, key=lambda choice: choice.id)
        lines = [f"{marks[self.item.kind]} {choice.says}" for choice in choices]
        blank = [] if lines else [f"{marks[self.item.kind]} {self.item.unit}".rstrip()]
        return "\n".join([self.item.ask, *lines, *blank])


def begun(item: quiz.Item, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return how far somebody is with an item; what does not fit it any more is left out."""
    state = {**NOTHING, **{name: kept[name] for name in NOTHING if name in kept}}
    if state["tries"] and quiz.wanting(item, state["marked"]):
        state = dict(NOTHING)
    if item.kind == "order" and quiz.wanting(item, state["answer"]):
        state["answer"] = sorted(choice.id for choice in item.choices)
    return state


def taken(item: quiz.Item, value: Any) -> Any:
    """Return what somebody chose or wrote as an answer; None when it cannot be one.

    >>> taken(quiz.items("from-complaint-to-plan")["first-look"], "nonsense") is None
    True
    """
    if item.kind == "sentence":
        return value[: quiz.TOO_LONG] if isinstance(value, str) else None
    return None if quiz.wanting(item, value) else value


def ticked(item: quiz.Item, chosen: list[str] | None, name: str, on: bool) -> list[str]:
    """Return the choices with one more, or one less, in the order of the item."""
    now = {*(chosen or ()), name} if on else {*(chosen or ())} - {name}
    return [choice.id for choice in item.choices if choice.id in now]


def moved(order: list[str], name: str, by: int) -> list[str]:
    """Return an order with one thing moved up or down by one place.

    >>> moved(["a", "b", "c"], "c", -1), moved(["a", "b", "c"], "c", 1)
    (['a', 'c', 'b'], ['a', 'b', 'c'])
    """
    if name not in order or by not in (-1, 1):
        return order
    place = order.index(name)
    rest = [item for item in order if item != name]
    rest.insert(max(0, place + by), name)
    return rest


ANSWERS: Mapping[tuple[str, str], Callable[..., Any]] = {
    ("choose", "one"): lambda item, _, value, *__: taken(item, value),
    ("tick", "several"): lambda item, chosen, value, name, _: ticked(item, chosen, name, bool(value)),
    ("move", "order"): lambda _, order, __, name, by: moved(order, name, by),
    ("write", "number"): lambda item, _, value, *__: taken(item, value),
    ("write", "sentence"): lambda item, _, value, *__: taken(item, value),
}


def verdict(mark: quiz.Mark, kind: quiz.Kind = "one") -> str:
    """Say in one line how an answer was.

    >>> verdict(quiz.Mark(right=True, points=1, of=1, lines=()))
    'Right.'
    """
    if mark.right:
        return "Right."
    if kind in ("one", "number"):
        return "Not this one."
    if kind == "order":
        return f"{mark.points} of {mark.of} in order."
    wrong = sum(line.sign == "wrong" for line in mark.lines)
    rest = f"; {wrong} {'does' if wrong == 1 else 'do'} not belong" if wrong else ""
    return f"{mark.points} of {mark.of - wrong} found{rest}."


def source(item: quiz.Item) -> str:
    """Say on what an item stands, with its mark.

    >>> source(quiz.items("from-complaint-to-plan")["first-look"])[0] in "●◐○⇄"
    True
    """
    names = "; ".join(get("source", word).name for word in item.sources)
    return f"{safety.STANDINGS[item.standing]}: {names}"


class Exercises:
    """The exercises of a topic, and where the student's answers are kept."""

    def __init__(self, topic: str, answers: Answers | None) -> None:
        """Take a topic and the record of its answers; without a record nothing is kept."""
        self.topic, self.answers = topic, answers
        self.items = quiz.items(topic)
        self._asked: dict[str, Exercise] = {}

    def ask(self, name: str) -> Exercise:
        """Return one exercise; asked again, it begins where it was left.

        Raises:
            UnknownId: the topic has no such item; the nearest is named.
        """
        item = quiz.find(self.topic, name)
        if name in self._asked:
            self._asked[name].close()
        self._asked[name] = Exercise(item, self.answers)
        return self._asked[name]


def exercises(topic: str, keep: bool = True, folder: Path | None = None) -> Exercises:
    """Return the exercises of a topic, with the answers that the student has given so far.

    Args:
        topic: the topic, which is the id of its lesson.
        keep: whether answers are kept in the student's record.
        folder: the folder of the record; the default is the student's own.

    Raises:
        UnknownId: no such topic.
    """
    quiz.items(topic)
    return Exercises(topic, Answers(topic, folder) if keep else None)
