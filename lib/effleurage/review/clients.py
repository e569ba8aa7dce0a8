"""Does the plan fit this client? Complaint, sides, wishes, safety screen, and what is left of the course."""

from collections.abc import Iterator

from effleurage import knowledge
from effleurage.plan import PlannedSession
from effleurage.review.dose import FILLED
from effleurage.review.registry import Found, Plan, name_of, rule
from effleurage.safety import spots_of


@rule("other-condition", "must", needs="client")
def other_condition(plan: Plan) -> Iterator[Found]:
    """Is the protocol for what the client comes with?"""
    ours, theirs = plan.protocol.condition, plan.client.complaint.condition
    if ours != theirs:
        for_, with_ = name_of("condition", ours), name_of("condition", theirs)
        what = f"The protocol is for {for_}; {plan.client.name} comes with {with_}."
        why = "Stage, places, measures and dose are chosen for one condition."
        yield Found(what, why, "Choose a protocol for it, or begin one from the template.", field="condition")


@rule("other-stage", "should", needs="client")
def other_stage(plan: Plan) -> Iterator[Found]:
    """Is the protocol for the stage that the client is in?"""
    ours, theirs = plan.protocol.stage, plan.client.complaint.stage
    if plan.protocol.condition == plan.client.complaint.condition and ours != theirs:
        weeks = plan.client.complaint.weeks
        what = f"The protocol is for the stage '{ours}'; the complaint is '{theirs}' ({weeks} weeks)."
        why = "What helps in one stage can be too much, or too little, in another."
        yield Found(what, why, f"Choose a protocol for '{theirs}', or set the stage anew.", field="stage")


@rule("complaint-unworked", "should", needs="client")
def complaint_unworked(plan: Plan) -> Iterator[Found]:
    """Does a step work on each place of the complaint, on its side, where the screen leaves it free?"""
    worked = {spot for item in plan.steps for spot in item.spots}
    for place in plan.client.complaint.places:
        spots = [spot for spot in spots_of(place.region, place.side) if not plan.screen.locked(*spot)]
        done = {side for spot, side in worked if (spot, side) in spots}
        left = sorted({side for _, side in spots} - done)
        if left:
            name = knowledge.get("region", place.region).name
            sides = "" if left == ["middle"] else f", {' and '.join(left)}"
            what = f"{name}{sides}: {plan.client.name} complains of it, and no step works there."
            why = f"In their words: '{plan.client.complaint.words}' They will expect your hands there."
            yield Found(what, why, "Add a step there, or say to the client why you leave it out.")


@rule("other-side", "should", needs="client")
def other_side(plan: Plan) -> Iterator[Found]:
    """Is each one-sided step on the side of the complaint?"""
    for item in plan.steps:
        places = [place for place in plan.client.complaint.places if place.region == item.step.region]
        sides = {place.side for place in places}
        if item.step.side in ("left", "right") and sides and not sides & {item.step.side, "both"}:
            what = (
                f"This step is on the {item.step.side}; the complaint here is on the {' and '.join(sides)}."
            )
            why = "A wrong side is the mistake that is easiest to make and hardest to see."
            yield Found(what, why, "Set the side, or say in the purpose why the other one.", item.at, "side")


@rule("above-wish", "should", needs="client")
def above_wish(plan: Plan) -> Iterator[Found]:
    """Does each step stay at the pressure that the client wishes, or below?"""
    wish = plan.client.pressure_wished
    for item in plan.steps if wish is not None else ():
        if (item.step.pressure or 0) > wish:
            what = f"Pressure {item.step.pressure}; {plan.client.name} wishes {wish}."
            why = "Beyond their comfort muscles guard, soreness follows, and consent ends."
            do = f"Stay at {wish}, or agree on more during the step and go back on a word."
            yield Found(what, why, do, item.at, "pressure")


@rule("screen-open", "must", needs="client")
def screen_open(plan: Plan) -> Iterator[Found]:
    """Is nothing open that keeps the plan from being made?"""
    for item in (*plan.screen.stops, *plan.screen.clearances):
        first = "Stop and refer" if item.kind == "stop" else "A written clearance is missing"
        what = f"{first}: {item.name} ({'; '.join(item.because)})."
        yield Found(what, item.reason, item.do, sources=item.sources, standing=item.standing)
    asks = [item for item in plan.screen.asks if item.open]
    if asks:
        questions = list(dict.fromkeys(question for item in asks for question in item.questions))
        more = f" and {len(questions) - 3} more" if len(questions) > 3 else ""
        what = f"Not asked yet: {' '.join(questions[:3])}{more}"
        why = f"An answer could mean: {'; '.join(item.name for item in asks[:3])}."
        yield Found(what, why, "Ask what the screen lists, then review again.")


@rule("against-screen", "must", needs="client")
def against_screen(plan: Plan) -> Iterator[Found]:
    """Does each step keep within the locks, caps, techniques and positions of the screen?"""
    for item in plan.steps:
        for finding, words in plan.screen.objections(item.step):
            if finding.kind != "stop":
                what, shared = f"{finding.name}: {words}.", (finding.sources, finding.standing)
                yield Found(what, finding.reason, finding.do, item.at, "", *shared)


@rule("course-thin", "should", needs="course")
def course_thin(plan: Plan) -> Iterator[Found]:
    """Is each session still filled after the screen took steps out?"""
    for at, phase in plan.phases:
        whole = phase.session.hands_on_minutes >= FILLED * phase.session.minutes
        session = next((item for item in plan.course.sessions if item.phase == phase.name), None)
        if whole and session and session.hands_on_minutes < FILLED * session.minutes:
            used, minutes = session.hands_on_minutes, session.minutes
            what = f"After the screen {used:g} of {minutes:g} minutes are left; out: {_out(session)}."
            why = "What the screen takes out leaves a hole that somebody fills on the day, without a plan."
            yield Found(what, why, "Put other work on free places into these minutes, or book less.", at)


def _out(session: PlannedSession) -> str:
    """Name what the screen took out of a session, or shortened."""
    gone = [
        f"{name_of('technique', item.technique)} on {name_of('region', item.region)}"
        for item in session.dropped
    ]
    half = [
        f"one side of {name_of('region', step.region)}"
        for step in session.steps
        if "side only" in str(step.changed)
    ]
    return ", ".join(dict.fromkeys((*gone, *half))) or "minutes"
