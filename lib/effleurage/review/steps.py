"""Is each step sensible? Stage, pressure, minutes, order, place, and repetition."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from effleurage import knowledge
from effleurage.knowledge import Rule as SafetyRule
from effleurage.protocol import Step
from effleurage.review.registry import (
    OWN_SOURCE,
    Found,
    Plan,
    StepAt,
    listed,
    name_of,
    rule,
    standing_on,
    steps_of,
)
from effleurage.review.stages import avoided
from effleurage.safety import matches

STRONG = 4
MOST_TURNS = 2
LONG_SESSION = 20


@rule("stage-avoid", "must")
def stage_avoid(plan: Plan) -> Iterator[Found]:
    """Does each step keep to what the stage says to avoid?"""
    for item in plan.steps:
        for line in plan.stage.avoid:
            if avoided(line, item.step):
                what = (
                    f"This step is among what the stage '{plan.stage.name.lower()}' avoids: {line.lower()}."
                )
                why = f"The stage asks for something else: {plan.stage.how}"
                do = f"Take the step out, or choose what suits this stage: {_suiting(plan)}."
                yield Found(what, why, do, item.at, "technique", *standing_on(plan.condition, "stages"))


@rule("stage-unsuited", "consider")
def stage_unsuited(plan: Plan) -> Iterator[Found]:
    """Is each technique among those that suit the stage?"""
    for item in _first_of(plan, "technique"):
        if plan.stage.suits and item.step.technique not in plan.stage.suits:
            what = f"{item.technique.name} is not among what suits the stage '{plan.stage.name.lower()}'."
            why = f"Listed are: {_suiting(plan)}."
            do = "Say in the purpose why you choose it here, or take one of these."
            yield Found(what, why, do, item.at, "technique", *standing_on(plan.condition, "stages"))


def _suiting(plan: Plan) -> str:
    return listed("technique", plan.stage.suits) or "see the condition"


def _first_of(plan: Plan, field: str) -> list[StepAt]:
    """Return the first step with each value of a field."""
    found: dict[str, StepAt] = {}
    for item in plan.steps:
        found.setdefault(getattr(item.step, field), item)
    return list(found.values())


@rule("pressure-above-usual", "should")
def pressure_above_usual(plan: Plan) -> Iterator[Found]:
    """Does each step stay within the usual pressure of its technique?"""
    for item in plan.steps:
        usual, ours = item.technique.pressure, item.step.pressure
        if usual and ours is not None and ours > usual.high:
            what = f"Pressure {ours} is above what {item.technique.name.lower()} usually takes: {usual}."
            why = "More force makes it another technique, with other cautions."
            do = f"Work at {usual.high:g} or less, or choose the technique that you mean."
            yield Found(what, why, do, item.at, "pressure", *standing_on(item.technique, "pressure"))


@rule("minutes-unusual", "consider")
def minutes_unusual(plan: Plan) -> Iterator[Found]:
    """Does each step take about the minutes that its technique usually takes in one area?"""
    for item in plan.steps:
        usual, ours = item.technique.minutes, item.step.minutes
        each = ours / len(item.spots)
        if ours < usual.low or each > usual.high:
            side = f", {each:g} a side" if len(item.spots) > 1 else ""
            what = f"{ours:g} minutes{side}; {item.technique.name.lower()} usually takes {usual} in one area."
            why = "Too short shows nothing; too long makes one place sore and leaves others out."
            do = "Give the minutes to the place that needs them, or split the step."
            yield Found(what, why, do, item.at, "minutes", *standing_on(item.technique, "minutes"))


@rule("starts-strong", "should")
def starts_strong(plan: Plan) -> Iterator[Found]:
    """Does lighter work come before strong pressure on a part of the body?"""
    for at, phase in plan.phases:
        warm: set[str] = set()
        for item in steps_of(at, phase):
            part = knowledge.get("region", item.step.region).parent or item.step.region
            if (item.step.pressure or 0) >= STRONG and part not in warm:
                place = name_of("region", item.step.region)
                what = f"Pressure {item.step.pressure} on the {place} comes without lighter work before."
                why = (
                    "Tissue and client guard against sudden force, and you have not felt yet what lies there."
                )
                do = "Begin there with two or three minutes at level 1 to 3."
                yield Found(what, why, do, item.at, "pressure", (OWN_SOURCE,), "editorial")
            warm.add(part)


@rule("danger-for-anyone", "must")
def danger_for_anyone(plan: Plan) -> Iterator[Found]:
    """Does each step stay off what can harm anybody, whoever lies on the table?"""
    for item in plan.steps if plan.screen is None else ():
        for danger in _reaching(item.step, ("avoid-site", "limit")):
            if words := _against(danger, item.step):
                sources, standing = danger.sources, danger.standing
                what = f"{danger.name}: {words}."
                yield Found(what, danger.reason, danger.do, item.at, "", sources, standing)


@rule("care-for-anyone", "consider")
def care_for_anyone(plan: Plan) -> Iterator[Found]:
    """Is there something to mind at the place or with the technique of a step?"""
    for item in plan.steps:
        for care in _reaching(item.step, ("adapt",)):
            what = f"{care.name}: mind how you work here."
            yield Found(what, care.reason, care.do, item.at, "", care.sources, care.standing)


def _reaching(step: Step, kinds: tuple[str, ...]) -> list[SafetyRule]:
    """Return the safety rules that look at nothing but the step, and apply to it."""
    return [item for item in _step_rules() if item.kind in kinds and matches(item.when, step)]


@cache
def _step_rules() -> tuple[SafetyRule, ...]:
    return tuple(item for item in knowledge.entries("rule").values() if item.when.step)


def _against(danger: SafetyRule, step: Step) -> str:
    """Say what a safety rule has against a step; empty when nothing."""
    if danger.kind == "avoid-site":
        return "leave this place out"
    if step.technique in danger.avoid_techniques:
        return f"not with {name_of('technique', step.technique)}"
    if step.position in danger.avoid_positions:
        return f"not {step.position}"
    if danger.max_pressure is not None and (step.pressure or 0) > danger.max_pressure:
        return f"pressure {danger.max_pressure} at most, the step has {step.pressure}"
    return ""


@rule("place-beside-condition", "consider")
def place_beside_condition(plan: Plan) -> Iterator[Found]:
    """Does each step work where this condition is worked on?"""
    usual = _usual_places(plan)
    for item in _first_of(plan, "region"):
        if item.step.region not in usual:
            place = knowledge.get("region", item.step.region).name
            what = f"{place} is not among the places for {plan.condition.name.lower()}."
            why = f"Listed are: {listed('region', plan.condition.regions)}."
            do = "Say in the purpose what this place has to do with it, or give its minutes to another."
            yield Found(what, why, do, item.at, "region", *standing_on(plan.condition, "regions"))


@rule("place-missed", "should")
def place_missed(plan: Plan) -> Iterator[Found]:
    """Does at least one step work where this condition is?"""
    if not any(item.step.region in _usual_places(plan) for item in plan.steps):
        what = f"No step works on any place for {plan.condition.name.lower()}."
        why = f"Listed are: {listed('region', plan.condition.regions)}."
        do = "Add a step there, or choose the condition that you mean."
        yield Found(what, why, do, plan.phases[0][0], "", *standing_on(plan.condition, "regions"))


def _usual_places(plan: Plan) -> set[str]:
    return {leaf for region in plan.condition.regions for leaf in knowledge.parts(region)}


@rule("step-repeated", "should")
def step_repeated(plan: Plan) -> Iterator[Found]:
    """Has a technique that comes back to the same place a purpose of its own?"""
    for at, phase in plan.phases:
        seen: dict[tuple, StepAt] = {}
        for item in steps_of(at, phase):
            keys = [(item.step.technique, item.step.purpose.lower(), spot) for spot in item.spots]
            before = next((seen[key] for key in keys if key in seen), None)
            if before:
                what = f"This repeats step {(before.at.step or 0) + 1}: same technique, place and purpose."
                why = (
                    "Coming back can make sense, to feel what changed or to finish; then the purpose says so."
                )
                yield Found(what, why, "Join the two, or write what is new.", item.at, "purpose")
            seen |= dict.fromkeys(keys, item)


@rule("one-technique", "consider")
def one_technique(plan: Plan) -> Iterator[Found]:
    """Does a long session use more than one technique?"""
    for at, phase in plan.phases:
        used = {step.technique for step in phase.session.steps}
        if len(used) == 1 and len(phase.session.steps) > 1 and phase.session.hands_on_minutes > LONG_SESSION:
            only = knowledge.get("technique", *used)
            what = f"The whole session is {only.name.lower()}."
            why = f"It aims at one thing: {only.aim}"
            yield Found(what, why, "Ask of each step what it is for; another technique may fit better.", at)


@rule("turning", "consider")
def turning(plan: Plan) -> Iterator[Found]:
    """Does the client turn over seldom, and is there time for it?"""
    for at, phase in plan.phases:
        positions = [step.position for step in phase.session.steps]
        turns = sum(one != other for one, other in pairwise(positions))
        full = phase.session.hands_on_minutes >= phase.session.minutes
        if turns > MOST_TURNS or (turns and full):
            rest = ", and no minute is left for it." if full else "."
            what = f"The client turns {turns} time{'s' if turns > 1 else ''}{rest}"
            why = "Turning takes a minute or two, breaks the rest, and draping has to be done anew."
            yield Found(what, why, "Put steps of one position together; leave a minute for each turn.", at)
