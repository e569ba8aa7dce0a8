"""What can be done with the work on a protocol, one small function each; :data:`ACTIONS` names them all.

Each changes the work it is given and returns what was done, in words, where that is worth saying.
"""

import copy
from collections.abc import Callable
from typing import Any

from effleurage import knowledge
from effleurage.errors import UsageError
from effleurage.widgets import drafts, today
from effleurage.widgets.work import Work, beginning, case

# the client and the day


def choose_client(work: Work, id: str) -> str:  # noqa: A002 (an id is what it is)
    """Take another client; the answers of the day belonged to the one before."""
    client = case(id)
    if not any(part["session"]["steps"] for part in work.draft["phases"]):
        work.data = beginning(client.id)
    work.data |= {"client": client.id, "today": copy.deepcopy(today.NOTHING)}
    return f"{client.name} is here."


def report(work: Work, fact: str, answer: str, region: str = "", side: str = "") -> str:
    """Note a sign or an answer of the day: yes, no, or unknown to take it back."""
    place = {"region": region, "side": side if region else ""}
    base = case(work.data["client"])
    work.data["today"] = today.report(work.data["today"], fact, answer, base, place)
    name = knowledge.get("fact", fact).name
    return f"{name}: {answer}." if answer in ("yes", "no") else f"{name}: taken back."


def deny(work: Work, facts: list[str]) -> str:
    """Note several questions as asked and answered with no, e.g. a whole section of the form."""
    base = case(work.data["client"])
    for fact in facts:
        work.data["today"] = today.report(work.data["today"], fact, "no", base)
    return f"{len(facts)} answers noted: no."


def measure_today(work: Work, reading: str, value: float | None) -> str:
    """Note a number measured on the day, or take it back."""
    work.data["today"] = today.measured(work.data["today"], reading, value)
    return f"{knowledge.get('reading', reading).name} noted." if value is not None else "Taken back."


def date_fact(work: Work, fact: str, value: str) -> str:
    """Note on which day something was that the intake holds without a day."""
    work.data["today"] = today.dated(work.data["today"], fact, value)
    return f"{knowledge.get('fact', fact).name}: day noted."


# the protocol -----------------------------------------------------------------------------------------------


def start_from(work: Work, id: str = "") -> str:  # noqa: A002
    """Begin with a copy of a protocol of the suite, or with an empty one."""
    keep = work.draft
    work.data["draft"] = drafts.from_template(id) if id else drafts.blank(keep["condition"], keep["stage"])
    work.data["part"] = 0
    return f"Begun from {work.draft['name']}. Undo brings back what was here." if id else "Begun empty."


def choose_condition(work: Work, value: str) -> None:
    """Plan for another condition; its last stage is taken where the present one does not exist."""
    stages = [stage.id for stage in knowledge.get("condition", value).stages]
    stage = work.draft["stage"] if work.draft["stage"] in stages else stages[-1]
    work.draft.update(condition=value, stage=stage)


def choose_stage(work: Work, value: str) -> None:
    """Plan for another stage of the condition."""
    work.draft["stage"] = value


def rename(work: Work, value: str) -> None:
    """Name the protocol; its id, and so its file name, follows."""
    work.draft.update(name=value, id=drafts.slug(value))


def set_reassess(work: Work, value: int | None) -> None:
    """Reassess every so many sessions, or never."""
    if value is None:
        work.draft.pop("reassess_every_sessions", None)
    else:
        work.draft["reassess_every_sessions"] = value


def add_goal(work: Work) -> str:
    """Add a goal: the change that matters, of the first measure of the condition that has no goal yet."""
    goals = work.draft.setdefault("goals", [])
    known, taken = (
        knowledge.get("condition", work.draft["condition"]).measures,
        {goal["measure"] for goal in goals},
    )
    free = [name for name in known if name not in taken]
    used = [name for name in free if knowledge.get("measure", name).used("mcid")]
    measure = (used or free or list(known) or ["nprs"])[0]
    weeks = sum(part["weeks"] for part in work.draft["phases"] if isinstance(part["weeks"], int))
    goals.append({"measure": measure, "change": usual_change(measure), "by_week": weeks + 1})
    work.focus = f"goal-{len(goals) - 1}"
    return "Goal added."


def usual_change(measure: str) -> float | int:
    """Return the change that matters on a measure, in its good direction; 0 where none is known in points."""
    entry = knowledge.get("measure", measure)
    used = entry.used("mcid")
    size = used.value if used and not used.percent else 0
    return drafts.tidy(float(-size if entry.better == "lower" else size))


def set_goal(work: Work, goal: int, field: str, value: Any) -> None:
    """Set the measure, the change or the week of a goal; a new measure brings its own usual change."""
    work.draft["goals"][goal][field] = drafts.tidy(value)
    if field == "measure":
        work.draft["goals"][goal]["change"] = usual_change(value)


def remove_goal(work: Work, goal: int) -> str:
    """Take a goal out."""
    del work.draft["goals"][goal]
    work.focus = "add-goal"
    return f"Goal {goal + 1} removed."


def choose_part(work: Work, part: int) -> None:
    """Look at another part of the course."""
    work.data["part"] = min(max(part, 0), len(work.draft["phases"]) - 1)


def add_part(work: Work) -> str:
    """Add a part after the one in view, with a copy of its session."""
    new = drafts.copied(work.phase) | {"name": f"part {len(work.draft['phases']) + 1}"}
    work.draft["phases"].insert(work.part + 1, new)
    work.data["part"] = work.part + 1
    return f"Part {work.part + 1} added, with a copy of the session before."


def remove_part(work: Work) -> str:
    """Take out the part in view; the last one stays."""
    if len(work.draft["phases"]) == 1:
        raise UsageError("The course", "it has one part only", "one or more", "change this one")
    place = work.part
    del work.draft["phases"][place]
    work.data["part"] = max(place - 1, 0)
    return f"Part {place + 1} removed."


def set_part(work: Work, field: str, value: Any) -> None:
    """Set the name, weeks or sessions a week of the part in view, or the minutes of its session."""
    goal = work.phase["session"] if field == "minutes" else work.phase
    goal[field] = drafts.tidy(value)


# the steps --------------------------------------------------------------------------------------------------


def add_step(work: Work, after: int | None = None) -> str:
    """Add a step at the end, or after another one, in the same place on the body."""
    place = len(work.steps) if after is None else after + 1
    planned = work.phase["session"]["minutes"] or 0
    left = planned - drafts.minutes_of(work.phase["session"])
    work.steps.insert(place, drafts.new_step(work.steps[place - 1] if place else None, left))
    work.focus = f"step-{place}"
    return f"Step {place + 1} added."


def set_step(work: Work, step: int, field: str, value: Any) -> None:
    """Set one field of a step; what depends on it follows."""
    known = work.steps[step]
    follow = {"technique": drafts.with_technique, "region": drafts.with_region}.get(field)
    if follow:
        work.steps[step] = follow(known, value)
    elif value is None and field == "pressure":
        known.pop("pressure", None)
    else:
        known[field] = drafts.tidy(value)


def remove_step(work: Work, step: int) -> str:
    """Take a step out."""
    del work.steps[step]
    work.focus = f"step-{min(step, len(work.steps) - 1)}" if work.steps else "add-step"
    return f"Step {step + 1} removed. Undo brings it back."


def move_step(work: Work, step: int, by: int) -> str:
    """Move a step up (-1) or down (1)."""
    goal = min(max(step + by, 0), len(work.steps) - 1)
    work.phase["session"]["steps"] = drafts.moved(work.steps, step, by)
    work.focus = f"step-{goal}"
    return f"Step {step + 1} is step {goal + 1} now."


def copy_step(work: Work, step: int) -> str:
    """Put a copy of a step behind it."""
    work.steps.insert(step + 1, drafts.copied(work.steps[step]))
    work.focus = f"step-{step + 1}"
    return f"Step {step + 1} copied."


ACTIONS: dict[str, Callable[..., str | None]] = {
    action.__name__: action
    for action in (
        choose_client,
        report,
        deny,
        measure_today,
        date_fact,
        start_from,
        choose_condition,
        choose_stage,
        rename,
        set_reassess,
        add_goal,
        set_goal,
        remove_goal,
        choose_part,
        add_part,
        remove_part,
        set_part,
        add_step,
        set_step,
        remove_step,
        move_step,
        copy_step,
    )
}
