"""One block of clients, from their first reading to their last: draws, levels, sessions, scores.

All arms meet the same people with the same luck, so "would it have got better anyway?" is the same people
twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from effleurage.simulate.streams import Streams
from effleurage.simulate.study import Arm, Person, Recent, Study

GONE = -1


@dataclass(frozen=True)
class Luck:
    """What a block of people brings along, whatever the arm: arrays (8, 1024), in lists one a reading."""

    before: dict[str, np.ndarray]
    levels: dict[str, list[np.ndarray]]
    errors: dict[str, list[np.ndarray]]
    response: np.ndarray
    turns: np.ndarray
    chance: np.ndarray
    left: np.ndarray
    tolerance: np.ndarray | None


def luck(study: Study, streams: Streams, block: int) -> Luck:
    """Draw the people of a block."""
    count, most = len(study.days) - 1, study.most_sessions
    common = {cause: streams.normal(cause, block) for cause in ("start", "lasting")}
    waves = streams.normal("wobble", block, (count + 1,))
    before, levels, errors = {}, {}, {}
    for name, person in study.people.items():
        read = _start(study, person, streams, block, common["start"])
        before[name] = np.clip(np.rint(read), 1, person.scale.span)
        levels[name] = _levels(study, person, streams, block, (read, common["lasting"], waves))
        noise = streams.normal("error", block, (count,), name)
        errors[name] = [None, *(person.error * one for one in noise)]
    missed = np.square(streams.normal("adherence", block))
    missed *= study.missed
    sore = any(recent.load for arm in study.arms for recent in arm.recent.values())
    return Luck(
        before,
        levels,
        errors,
        response=1 + study.response_sd * streams.normal("response", block),
        turns=streams.uniform("attendance", block, (most,)) if most else np.empty((0,), np.float32),
        chance=missed,
        left=streams.uniform("dropout", block),
        tolerance=study.tolerance[0] + study.tolerance[1] * streams.normal("tolerance", block)
        if sore
        else None,
    )


def _start(study: Study, person: Person, streams: Streams, block: int, common: np.ndarray) -> np.ndarray:
    """Return the burden read at the start, before it is rounded."""
    shared, own = study.share
    if person.fixed is not None:
        return np.full_like(common, person.fixed)
    held = next((other for other in study.people.values() if other.fixed is not None), None)
    if held is not None:
        common = shared * ((held.fixed - held.mean) / held.sd) + own * common
    return person.mean + person.sd * (
        shared * common + own * streams.normal("start", block, (), person.scale.id)
    )


def _levels(
    study: Study,
    person: Person,
    streams: Streams,
    block: int,
    given: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> list[np.ndarray]:
    """Return the true burden at each reading, had nothing been done and nothing changed."""
    read, common, waves = given
    shared, own = study.share
    name, count = person.scale.id, len(person.steps) + 1
    above = read - person.centre
    slope, spread = person.lasting
    lasting = slope * above + spread * (shared * common + own * streams.normal("lasting", block, (), name))
    slope, spread = person.wobble
    own_waves = streams.normal("wobble", block, (count,), name)
    passing = slope * (above - lasting) + spread * (shared * waves[0] + own * own_waves[0])
    lasting += person.centre
    found = [lasting + passing]
    for place, (keep, spread) in enumerate(person.steps, start=1):
        passing = keep * passing + spread * (shared * waves[place] + own * own_waves[place])
        found.append(lasting + passing)
    return found


@dataclass(frozen=True)
class State:
    """An arm at one reading: the two stores, who came to the last session, how often people came so far."""

    reading: int
    massage: np.ndarray
    context: np.ndarray
    came: np.ndarray | None
    often: np.ndarray | None


def states(arm: Arm, people: Luck, count: bool) -> Iterator[State]:
    """Walk through an arm; at each reading say where people stand. ``count`` also counts sessions."""
    massage, context = np.zeros_like(people.left), np.zeros_like(people.left)
    often = np.zeros(people.left.shape, np.int16) if count else None
    came = None
    for step in arm.steps:
        massage *= step.left
        context *= step.left
        if step.reading is not None:
            yield State(step.reading, massage, context, came, None if often is None else often.copy())
            continue
        there = people.turns[step.session] >= people.chance
        there &= people.left <= step.staying
        came = there.view(np.uint8).astype(np.float32)
        _fill(context, arm.contact, came)
        if step.massage is not None:
            _fill(massage, step.massage, came)
        if often is not None:
            often += there


def _fill(store: np.ndarray, part: np.ndarray, came: np.ndarray) -> None:
    """Fill a part of what is still open, for those who came."""
    room = store * part
    np.subtract(part, room, out=room)
    room *= came
    store += room


def scores(arm: Arm, study: Study, people: Luck, state: State) -> Iterator[tuple[str, np.ndarray]]:
    """Return the burden each person reports at a reading, by measure; -1 for those who have left."""
    gone = people.left > study.staying[state.reading]
    for name, person in study.people.items():
        if state.reading == 0:
            yield name, people.before[name]
            continue
        by_massage, by_context = arm.pulls[name]
        fallen = by_massage * state.massage
        fallen += by_context * state.context
        recent = arm.recent.get(state.reading)
        if recent is not None:
            fallen += recent.relief * state.came
        fallen *= people.response
        level = people.levels[name][state.reading] * arm.left[name][state.reading]
        read = level - level * fallen
        read += people.errors[name][state.reading]
        if recent is not None and recent.load and person.scale.soreness:
            read += person.scale.soreness * soreness(study, people, recent, state)
        np.rint(read, out=read)
        np.maximum(read, 0, out=read)
        np.minimum(read, person.scale.span, out=read)
        read[gone] = GONE
        yield name, read


def soreness(study: Study, people: Luck, recent: Recent, state: State) -> np.ndarray:
    """Return soreness (points of 0-10) from pressure above what each person tolerates."""
    total = np.zeros_like(people.left)
    for level, minutes in recent.load:
        total += np.float32(minutes / 60) * np.maximum(np.float32(level) - people.tolerance, 0)
    total *= np.float32(recent.sore) * study.soreness
    total *= state.came
    return total
