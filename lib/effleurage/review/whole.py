"""Is the plan complete? Goals, reassessment, referral, home care, consent, draping, sources."""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from effleurage import evidence, knowledge
from effleurage.knowledge import Wording
from effleurage.review.registry import OWN_SOURCE, WHOLE, Found, Plan, listed, rule

MOST_SESSIONS_UNSEEN = 6
MOST_WEEKS_UNSEEN = 4


@rule("no-goal", "must")
def no_goal(plan: Plan) -> Iterator[Found]:
    """Does the plan say what shall change, on which measure, by when?"""
    if not plan.protocol.goals:
        why = "Without a goal nobody can tell whether the plan worked, or when to stop."
        fitting = listed("measure", plan.condition.measures)
        do = f"Add one to three goals: a measure, a change, a week. Fitting here: {fitting}."
        yield Found("No goal is written.", why, do, WHOLE, "goals")


@rule("no-reassessment", "must")
def no_reassessment(plan: Plan) -> Iterator[Found]:
    """Does the plan say when to measure again?"""
    if plan.protocol.reassess_every_sessions is None:
        why = "You would go on without knowing whether it helps, and miss that the client gets worse."
        do = "Add reassess_every_sessions: 4, and measure the goals again on those days."
        yield Found("No reassessment is planned.", why, do, WHOLE)


@rule("reassessment-never-due", "must")
def reassessment_never_due(plan: Plan) -> Iterator[Found]:
    """Does a reassessment fall within the course?"""
    every, sessions = plan.protocol.reassess_every_sessions, len(plan.weeks)
    if every and every > sessions:
        what = f"The first reassessment comes after {every} sessions; the course has {sessions}."
        why = "It would end before anybody measures."
        yield Found(
            what, why, f"Reassess after {sessions} sessions or sooner.", WHOLE, "reassess_every_sessions"
        )


@rule("reassessment-late", "consider")
def reassessment_late(plan: Plan) -> Iterator[Found]:
    """Does the first reassessment come within about six sessions and four weeks?"""
    every = plan.protocol.reassess_every_sessions
    if not every or every > len(plan.weeks):
        return
    week = plan.weeks[every - 1]
    if every > MOST_SESSIONS_UNSEEN or week > MOST_WEEKS_UNSEEN:
        what = f"The first reassessment comes in session {every}, week {week}."
        why = "A plan that does not help is usually seen within six sessions or four weeks."
        do = "Measure sooner, or write down what you watch for in between."
        yield Found(what, why, do, WHOLE, "reassess_every_sessions", (OWN_SOURCE,), "editorial")


@rule("no-referral", "must")
def no_referral(plan: Plan) -> Iterator[Found]:
    """Does the plan name the signs that send the client to somebody else?"""
    if not plan.protocol.refer_if:
        signs = "; ".join(plan.condition.refer_if) or "see the red flags of the regions you work on"
        why = "Signs can turn up in any session. Who has to think of them then will miss one."
        do = f"List the rules under refer_if. Signs with this condition: {signs}."
        yield Found("No referral path is written: refer_if is empty.", why, do, WHOLE)


@rule("no-sign-to-refer", "should")
def no_sign_to_refer(plan: Plan) -> Iterator[Found]:
    """Is at least one of the referral rules a reason to stop or to get clearance?"""
    rules = [knowledge.get("rule", word) for word in plan.protocol.refer_if]
    if rules and not any(item.kind in ("stop", "clearance") or item.red_flag for item in rules):
        what = (
            f"None of the rules under refer_if sends anybody away: {listed('rule', plan.protocol.refer_if)}."
        )
        why = "A referral path needs a sign on which you stop and refer."
        yield Found(what, why, "Add a red flag of the regions that you work on.", WHOLE, "refer_if")


@rule("no-home-care", "should")
def no_home_care(plan: Plan) -> Iterator[Found]:
    """Does the client have something to do between sessions?"""
    if not plan.protocol.home_care:
        ideas = "; ".join(plan.condition.home_care) or "movement within comfort"
        why = "What the client does on the other days decides with you, and lasts when the course is over."
        do = f"Choose one to three things under home_care. With this condition: {ideas}."
        yield Found("No home care is planned.", why, do, WHOLE)


@rule("no-consent", "must")
def no_consent(plan: Plan) -> Iterator[Found]:
    """Do the notes say how consent is asked?"""
    yield from _unspoken(plan, "consent", "No note says how consent is asked.")


@rule("no-draping", "should")
def no_draping(plan: Plan) -> Iterator[Found]:
    """Do the notes say what stays covered?"""
    yield from _unspoken(plan, "draping", "No note says how the client is draped.")


@rule("sensitive-place", "should")
def sensitive_place(plan: Plan) -> Iterator[Found]:
    """Do the notes speak of consent for chest, groin, buttock, inner thigh or armpit if a step goes there?"""
    asking = {region for item in _wordings("sensitive") for region in item.regions}
    worked = tuple(dict.fromkeys(item.step.region for item in plan.steps if item.step.region in asking))
    if worked:
        yield from _unspoken(
            plan, "sensitive", f"No note asks for consent of its own: {listed('region', worked)}."
        )


def _wordings(role: str) -> tuple[Wording, ...]:
    return tuple(item for item in knowledge.entries("wording").values() if item.role == role)


def _unspoken(plan: Plan, role: str, what: str) -> Iterator[Found]:
    """Say that none of the words that the notes need stands in them."""
    known = _wordings(role)
    if not any(item.found(note) for note in plan.protocol.consent for item in known):
        for item in known[:1]:
            yield Found(what, item.why, item.instead, WHOLE, "consent", item.sources, item.standing)


@rule("no-source", "should")
def no_source(plan: Plan) -> Iterator[Found]:
    """Does the plan say where its dose comes from?"""
    if not plan.protocol.sources:
        why = "A reader cannot tell a tested dose from a habit."
        do = f"Name the source of the dose; where there is none, write {OWN_SOURCE} and standing: editorial."
        yield Found("No source is named.", why, do, WHOLE)


@rule("source-elsewhere", "should")
def source_elsewhere(plan: Plan) -> Iterator[Found]:
    """Does each source speak of this condition?"""
    for word in plan.protocol.sources:
        spoken = speaking_of().get(word, frozenset())
        if spoken and plan.condition.id not in spoken:
            what = f"'{word}' speaks of {listed('condition', tuple(sorted(spoken)))}, not of this condition."
            why = "What was found in other people with another complaint does not carry over by itself."
            do = "Name a source that speaks of it, or call the plan a teaching default (standing: editorial)."
            source = knowledge.get("source", word)
            yield Found(what, why, do, WHOLE, "sources", (word,), source.standing)


@rule("standing-too-high", "should")
def standing_too_high(plan: Plan) -> Iterator[Found]:
    """Does a plan that calls itself verified name a source that speaks of its condition?"""
    spoken = [plan.condition.id in speaking_of().get(word, ()) for word in plan.protocol.sources]
    if plan.protocol.standing != "editorial" and not any(spoken):
        what = (
            f"The plan calls itself '{plan.protocol.standing}', but no source of it speaks of this condition."
        )
        why = "Readers trust this word. It belongs to what was read in a source."
        yield Found(what, why, "Write standing: editorial, or name the source.", WHOLE, "standing")


@cache
def speaking_of() -> Mapping[str, frozenset[str]]:
    """Return the conditions that each source speaks of, as far as the suite holds it; not the project's own.

    >>> sorted(speaking_of()["sherman-2014"])
    ['neck-pain-chronic']
    """
    known = knowledge.entries("condition")
    found: dict[str, set[str]] = {}
    for entry in known.values():
        for word in (*entry.sources, *(source for item in entry.positions for source in item.sources)):
            found.setdefault(word, set()).add(entry.id)
    for study in evidence.studies().values():
        if study.condition in known:
            found.setdefault(study.id, set()).add(study.condition)
    found.pop(OWN_SOURCE, None)
    return MappingProxyType({word: frozenset(spoken) for word, spoken in found.items()})
