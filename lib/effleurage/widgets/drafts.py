"""A protocol while it is being written: a plain dictionary shaped as the file, often not yet valid.

Nothing here judges: what is wrong is what :func:`effleurage.protocol.read` refuses, said at its place.

>>> draft = from_template("neck-pain-chronic-60")
>>> problems(draft)
()
>>> draft["phases"][0]["session"]["steps"][0]["minutes"] = -5
>>> [(item.where, item.found) for item in problems(draft)]
[('Step 1', "'minutes' is -5")]
"""

import copy
from pathlib import Path
from typing import Any

from effleurage import files, knowledge, protocol
from effleurage.errors import DataError, Problem
from effleurage.protocol import Phase, Protocol, Session, Step

Draft = dict[str, Any]

EMPTY = "there is no step yet"


class Sheet(files.Document):
    """A draft as a document; its places are named as the page names them."""

    def where(self, *keys: str | int) -> str:
        """Name the step, the part or the goal that a value belongs to."""
        several = len(self.data.get("phases", ())) > 1
        match keys:
            case ("phases", int(part), "session", "steps", int(step), *_):
                return step_place(part, step, several)
            case ("phases", int(part), *_):
                return f"Part {part + 1}" if several else "The course"
            case ("goals", int(goal), *_):
                return f"Goal {goal + 1}"
        return "This protocol"


def step_place(part: int, step: int, several: bool) -> str:
    """Name a step: ``Step 2``, or ``Part 1, step 2`` where there are several parts."""
    return f"Part {part + 1}, step {step + 1}" if several else f"Step {step + 1}"


def blank(condition: str, stage: str) -> Draft:
    """Return a protocol without steps."""
    session = {"minutes": 60, "steps": []}
    return {
        "id": f"{condition}-mine",
        "name": f"{knowledge.get('condition', condition).name}, my course",
        "condition": condition,
        "stage": stage,
        "goals": [],
        "phases": [{"name": "treat", "weeks": 4, "sessions_per_week": 2, "session": session}],
        "reassess_every_sessions": 4,
        "sources": ["teaching-default"],
    }


def from_template(name: str | Path) -> Draft:
    """Return a copy of a protocol of the suite (its id) or of a file of the user's own (its path)."""
    return protocol.plain(protocol.load(name))


def read(draft: Draft) -> Protocol:
    """Return the draft as a protocol.

    Raises:
        DataError: every problem, each with the name of its place on the page.
    """
    return protocol.read(Sheet(draft, "This protocol"))


def problems(draft: Draft) -> tuple[Problem, ...]:
    """Return what keeps the draft from being a protocol; a session without steps is said in its own words."""
    try:
        read(draft)
    except DataError as error:
        return tuple(map(_said, error.problems))
    return ()


def _said(problem: Problem) -> Problem:
    """Say a session without steps as what it is: a beginning."""
    if problem.found == "'steps' is []":
        return Problem(problem.where, EMPTY, "", "add a step, or start from a template")
    return problem


def told(item: Problem) -> str:
    """Say a problem without its place, for the place it stands at.

    >>> told(Problem("Step 1", "'minutes' is -5", "more than 0", "correct this value"))
    "'minutes' is -5. Allowed: more than 0. Correct this value."
    """
    parts = (_capital(item.found), item.allowed and f"Allowed: {item.allowed}", _capital(item.do))
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def screenable(draft: Draft) -> Protocol:
    """Return what can be screened of a draft: its steps that are whole, in sessions long enough for them.

    The result is for looking only; a plan is built from :func:`read` alone.
    """
    phases = [_phase(part) for part in draft["phases"]]
    whole = {
        "id": draft["id"],
        "name": draft["name"],
        "condition": draft["condition"],
        "stage": draft["stage"],
    }
    return Protocol.model_construct(**whole, phases=tuple(phases))


def _phase(part: Draft) -> Phase:
    steps = tuple(filter(None, map(_whole, part["session"]["steps"])))
    minutes = max(float(sum(step.minutes for step in steps)), 1.0)
    session = Session.model_construct(minutes=minutes, steps=steps)
    return Phase.model_construct(name="", weeks=1, sessions_per_week=1, session=session)


def _whole(step: Draft) -> Step | None:
    """Return a step, or None while it is not whole."""
    return as_step(step)[0]


def as_step(step: Draft, place: str = "step") -> tuple[Step | None, tuple[Problem, ...]]:
    """Return a step and no problem, or None and what is wrong with it."""
    try:
        return files.build(Step, files.Document(step, place)), ()
    except DataError as error:
        return None, error.problems


def new_step(like: Draft | None, left: float) -> Draft:
    """Return a step to begin with: where the last one was, as long as its technique usually takes.

    >>> new_step({"region": "shoulder-top", "side": "left", "position": "prone"}, left=3)["minutes"]
    3
    """
    place = like or {"region": "upper-back", "side": "both", "position": "prone"}
    step = {name: place[name] for name in ("region", "side", "position") if name in place}
    step = with_technique(step, "effleurage")
    usual = knowledge.get("technique", "effleurage").minutes.high
    return step | {"minutes": tidy(min(usual, left) if left >= 1 else usual)}


def with_technique(step: Draft, technique: str) -> Draft:
    """Return a step with another technique: its usual pressure, and its aim where no purpose was written."""
    entry = knowledge.get("technique", technique)
    before = knowledge.entries("technique").get(step.get("technique"))
    changed = step | {"technique": technique}
    if not step.get("purpose") or (before and step["purpose"] == _aim(before)):
        changed["purpose"] = _aim(entry)
    if entry.pressure is None:
        changed.pop("pressure", None)
    else:
        low, high = round(entry.pressure.low), round(entry.pressure.high)
        changed["pressure"] = min(max(step.get("pressure") or low, low), high)
    return changed


def _aim(technique: knowledge.Technique) -> str:
    """Return what a technique is for, as a purpose on one line."""
    return technique.aim.rstrip(".")[:120]


def with_region(step: Draft, region: str) -> Draft:
    """Return a step on another region; the side follows where the region has none, or has two."""
    lateral = knowledge.get("region", region).lateral
    side = step.get("side", "both")
    fitting = ("both" if side == "middle" else side) if lateral else "middle"
    return step | {"region": region, "side": fitting}


def tidy(value: float) -> float | int:
    """Return a whole number as one, as a person writes it.

    >>> tidy(8.0), tidy(7.5)
    (8, 7.5)
    """
    return int(value) if isinstance(value, float) and value.is_integer() else value


def minutes_of(session: Draft) -> float:
    """Return the minutes of all steps that have some."""
    found = [step.get("minutes") for step in session["steps"]]
    return tidy(float(sum(value for value in found if isinstance(value, int | float) and value > 0)))


def moved(items: list, place: int, by: int) -> list:
    """Return a list with one item moved, as far as there is room.

    >>> moved(["a", "b", "c"], 0, 5)
    ['b', 'c', 'a']
    """
    rest = [item for spot, item in enumerate(items) if spot != place]
    goal = min(max(place + by, 0), len(rest))
    return [*rest[:goal], items[place], *rest[goal:]]


def slug(name: str) -> str:
    """Return an id made of a name.

    >>> slug("Büro: Nacken, 45 min.")
    'buro-nacken-45-min'
    """
    import unicodedata

    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    found = "-".join("".join(c if c.isalnum() else " " for c in plain).split())
    return found[:60].strip("-") or "my-protocol"


def copied(draft: Draft) -> Draft:
    """Return a deep copy."""
    return copy.deepcopy(draft)
