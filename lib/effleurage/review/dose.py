"""Minutes and dose: does the session fit its time, and how far is the course from what trials used?"""

from collections.abc import Iterator

from effleurage import evidence
from effleurage.evidence import Result
from effleurage.knowledge import Standing
from effleurage.review.registry import WHOLE, Found, Plan, name_of, rule

FILLED = 0.9
FAR = 1.5
WEAKEST: tuple[Standing, ...] = ("conflict", "editorial", "secondary", "verified")


@rule("underfilled", "should")
def underfilled(plan: Plan) -> Iterator[Found]:
    """Do the steps fill the session to about nine tenths?"""
    for at, phase in plan.phases:
        used, minutes = phase.session.hands_on_minutes, phase.session.minutes
        if used < FILLED * minutes:
            what = f"The steps take {used:g} of {minutes:g} minutes."
            why = (
                "The client pays for and the dose counts hands-on minutes; an empty rest is filled by chance."
            )
            do = f"Give {minutes - used:g} minutes more to the steps, or book {used:g} minutes."
            yield Found(what, why, do, at)


@rule("dose-without-trial", "consider")
def dose_without_trial(plan: Plan) -> Iterator[Found]:
    """Is there a trial of massage for this condition?"""
    if not _arms(plan):
        what = f"No trial of massage for {name_of('condition', plan.condition.id)} stands in what we hold."
        why = "Minutes, frequency and weeks are a teaching default; nobody has tested them here."
        do = "Keep standing: editorial, tell the client, and let the reassessment decide early."
        yield Found(what, why, do)


@rule("dose-far-from-trials", "should")
def dose_far_from_trials(plan: Plan) -> Iterator[Found]:
    """Is the dose within reach of what trials of this condition used?"""
    visits, total = len(plan.weeks), _total(plan)
    for what, ours, read in (
        ("minutes a session", total / visits, lambda row: row.minutes),
        ("sessions", visits, _visits),
        ("minutes in all", total, _minutes),
    ):
        rows = [row for row in _arms(plan) if read(row)]
        theirs = [read(row) for row in rows]
        if rows and not min(theirs) / FAR <= ours <= max(theirs) * FAR:
            yield _far(plan, what, ours, theirs, rows)


def _far(plan: Plan, what: str, ours: float, theirs: list[float], rows: list[Result]) -> Found:
    less = ours < min(theirs)
    word, near = ("less", min(theirs)) if less else ("more", max(theirs))
    span = f"{min(theirs):g}" + (f" to {max(theirs):g}" if max(theirs) > min(theirs) else "")
    said = f"{ours:.0f} {what} are far {word} than trials used: {span}."
    condition = name_of("condition", plan.condition.id)
    why = f"What {word} does in {condition} is not known from what we hold."
    do = f"Come {'up' if less else 'down'} to {near:g} {what}, or be ready to say why not."
    sources = tuple(dict.fromkeys(row.source for row in rows))
    return Found(said, why, do, WHOLE, "phases", sources, _weakest(rows))


@rule("dose-without-effect", "consider")
def dose_without_effect(plan: Plan) -> Iterator[Found]:
    """Did a trial arm of this very dose do better than what it was compared with?"""
    if len(plan.phases) != 1:
        return
    phase = plan.protocol.phases[0]
    dose = f"{phase.session.minutes:g}x{phase.sessions_per_week}x{phase.weeks}"
    rows = [row for row in _arms(plan) if row.phase == dose and row.contrast_kind == "not-different"]
    if rows:
        seen = dict.fromkeys(f"{row.measure} in week {row.week:g} against {row.versus}" for row in rows)
        what = f"A trial arm of this dose did not differ: {'; '.join(seen)}."
        why = "The same minutes in the same weeks were tested, and the difference was not shown."
        do = "Compare it with a longer session in the simulator before you choose it."
        sources = tuple(dict.fromkeys(row.source for row in rows))
        yield Found(what, why, do, WHOLE, "phases", sources, _weakest(rows))


def _arms(plan: Plan) -> list[Result]:
    """Return the results of massage arms in this condition."""
    return [row for row in evidence.results(condition=plan.condition.id) if row.arm_kind == "massage"]


def _total(plan: Plan) -> float:
    phases = plan.protocol.phases
    return sum(phase.session.minutes * phase.weeks * phase.sessions_per_week for phase in phases)


def _visits(row: Result) -> float | None:
    return round(row.per_week * row.weeks) if row.per_week and row.weeks else None


def _minutes(row: Result) -> float | None:
    visits = _visits(row)
    return visits * row.minutes if visits and row.minutes else None


def _weakest(rows: list[Result]) -> Standing:
    return min((row.standing for row in rows), key=WEAKEST.index)
