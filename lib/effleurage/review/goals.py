"""Can the goals be seen? Direction, scale, measurement error, a change that matters, the day of measuring."""

from collections.abc import Iterator

from effleurage.knowledge import Measure, Threshold
from effleurage.protocol import Goal
from effleurage.review.registry import Found, Plan, listed, rule, standing_on


def _gain(goal: Goal, measure: Measure) -> float:
    """Return the change in the direction of better."""
    return -goal.change if measure.better == "lower" else goal.change


def _points(item: Threshold, measure: Measure, plan: Plan) -> float | None:
    """Return a threshold in points; a percent of a first score that nobody knows is None."""
    if not item.percent:
        return item.value
    first = plan.client.baseline.get(measure.id) if plan.client else None
    return None if first is None else item.value * first / 100


def _said(item: Threshold, measure: Measure) -> str:
    unit = "% of the first score" if item.percent else measure.unit
    return f"{item.value:g} {unit} ({item.population})"


@rule("goal-against-direction", "must")
def goal_against_direction(plan: Plan) -> Iterator[Found]:
    """Does each goal go in the direction of better on its measure?"""
    for at, goal, measure in plan.goals:
        if _gain(goal, measure) <= 0:
            said = "a change for the worse" if goal.change else "no change"
            what = f"A change of {goal.change:+g} is {said}."
            why = f"On this measure {measure.better} is better."
            do = f"Write a {'negative' if measure.better == 'lower' else 'positive'} number."
            yield Found(what, why, do, at, "change", measure.sources, measure.standing)


@rule("goal-measure-unfit", "should")
def goal_measure_unfit(plan: Plan) -> Iterator[Found]:
    """Can the measure of each goal show a change in this condition?"""
    for at, _, measure in plan.goals:
        if measure.id not in plan.condition.measures:
            what = f"{measure.name} is not among the measures for {plan.condition.name.lower()}."
            why = f"It asks about {measure.domain}; what you work on may change without its noticing."
            do = f"Choose one of these: {listed('measure', plan.condition.measures)}."
            yield Found(what, why, do, at, "measure", *standing_on(plan.condition, "measures"))


@rule("goal-off-scale", "must")
def goal_off_scale(plan: Plan) -> Iterator[Found]:
    """Is there room on the scale for the change that each goal wants?"""
    for at, goal, measure in plan.goals:
        first = plan.client.baseline.get(measure.id) if plan.client else None
        low, high = measure.scale.low, measure.scale.high
        after = None if first is None else first + goal.change
        if abs(goal.change) > high - low or (after is not None and not low <= after <= high):
            start = "" if first is None else f", and the client starts at {first:g}"
            what = f"A change of {goal.change:+g} runs off the scale: it goes from {measure.scale}{start}."
            why = "A goal that no score can show is missed by everybody."
            do = f"Choose a change that fits, in {measure.unit} (not in percent of the scale)."
            yield Found(what, why, do, at, "change", measure.sources, measure.standing)


@rule("goal-within-error", "should")
def goal_within_error(plan: Plan) -> Iterator[Found]:
    """Is each goal larger than the measurement error in use?"""
    for at, goal, measure in plan.goals:
        used = measure.used("mdc")
        error = _points(used, measure, plan) if used else None
        if error is not None and 0 < _gain(goal, measure) < error:
            others = "; ".join(_said(item, measure) for item in measure.mdc if not item.used)
            what = f"A change of {goal.change:+g} lies within the error in use: {_said(used, measure)}."
            also = f" Other published errors: {others}." if others else ""
            why = f"A change this small can come from the measuring alone.{also}"
            do = f"Aim for {error:g} or more, or choose a measure with a smaller error."
            yield Found(what, why, do, at, "change", used.sources, used.standing)


@rule("goal-within-another-error", "consider")
def goal_within_another_error(plan: Plan) -> Iterator[Found]:
    """Is each goal larger than every published measurement error of its measure?"""
    for at, goal, measure in plan.goals:
        used, gain = measure.used("mdc"), _gain(goal, measure)
        if used is None or gain < (_points(used, measure, plan) or 0):
            continue
        larger = [item for item in measure.mdc if (_points(item, measure, plan) or 0) > gain > 0]
        if larger:
            what = (
                f"A change of {goal.change:+g} is beyond the error in use ({used.value:g}), within another."
            )
            why = f"Also published: {'; '.join(_said(item, measure) for item in larger)}."
            do = "Say which error you hold the result against, or aim higher where the client can."
            sources = tuple(dict.fromkeys(word for item in larger for word in item.sources))
            yield Found(what, why, do, at, "change", sources, larger[0].standing)


@rule("goal-error-unknown", "consider")
def goal_error_unknown(plan: Plan) -> Iterator[Found]:
    """Is the measurement error of each goal's measure known?"""
    for at, _, measure in plan.goals:
        if not measure.mdc:
            what = f"What we hold names no measurement error for {measure.name}."
            why = "You cannot tell a small change from the wobble of the measure."
            do = "Add a goal on a measure whose error is known, and read this one with care."
            yield Found(what, why, do, at, "measure")


@rule("goal-below-meaning", "consider")
def goal_below_meaning(plan: Plan) -> Iterator[Found]:
    """Is each goal as large as a change that matters to people?"""
    for at, goal, measure in plan.goals:
        used = measure.used("mcid")
        matters = _points(used, measure, plan) if used else None
        if matters is not None and 0 < _gain(goal, measure) < matters:
            what = f"A change of {goal.change:+g} is less than a change that matters: {_said(used, measure)}."
            why = "The client may reach the goal and feel no difference."
            do = f"Aim for {matters:g}, or make this a first step and add the next one."
            yield Found(what, why, do, at, "change", used.sources, used.standing)


@rule("goal-before-reassessment", "should")
def goal_before_reassessment(plan: Plan) -> Iterator[Found]:
    """Does anybody measure before the week of each goal is over?"""
    every = plan.protocol.reassess_every_sessions
    if not every or every > len(plan.weeks):
        return
    first = plan.weeks[every - 1]
    for at, goal, _ in plan.goals:
        if goal.by_week < first:
            what = f"The goal is for week {goal.by_week}; the first reassessment comes in week {first}."
            why = "Nobody will know whether it was reached."
            yield Found(what, why, f"Reassess sooner, or set the goal for week {first}.", at, "by_week")


@rule("goal-after-course", "consider")
def goal_after_course(plan: Plan) -> Iterator[Found]:
    """Does each goal fall within the course or the week after it?"""
    weeks = sum(phase.weeks for phase in plan.protocol.phases)
    for at, goal, _ in plan.goals:
        if goal.by_week > weeks + 1:
            what = f"The goal is for week {goal.by_week}; the course ends in week {weeks}."
            why = (
                "Without a visit in that week the goal is never measured, and other things happen meanwhile."
            )
            yield Found(what, why, "Book a visit for measuring then, or set the goal sooner.", at, "by_week")


@rule("goal-only-pain", "consider")
def goal_only_pain(plan: Plan) -> Iterator[Found]:
    """Does a goal look beyond pain, at what the client can do?"""
    wider = tuple(word for word in plan.condition.measures if word not in ("nprs", "vas-pain", "ppt"))
    if plan.goals and wider and all(measure.domain.startswith("pain") for *_, measure in plan.goals):
        why = "Clients come back for what they can do again; pain alone swings from day to day."
        do = f"Add a goal on one of these: {listed('measure', wider)}."
        yield Found("All goals are about pain.", why, do, plan.goals[0][0], "measure")


@rule("goal-without-baseline", "should", needs="client")
def goal_without_baseline(plan: Plan) -> Iterator[Found]:
    """Was each goal's measure taken before the first session?"""
    for at, _, measure in plan.goals:
        if measure.id not in plan.client.baseline:
            what = f"{plan.client.name} has no first score on {measure.name}."
            why = "A change needs a score to start from; it cannot be taken later."
            yield Found(what, why, "Take it before the first session.", at, "measure")
