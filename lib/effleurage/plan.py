"""Protocol, client and screen become a course: dated sessions, minute by minute, within the screen.

No course exists without the screen made for that very client and protocol, and none while a stop is open.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from effleurage.errors import Problem, SafetyError, UsageError
from effleurage.intake import Client
from effleurage.knowledge import Id, Record, Side
from effleurage.protocol import Protocol, Step
from effleurage.safety import Screen, seal, spots_of

UNIT, UNIT_FROM = 15, 8  # minutes of a billed unit, and from how many on one counts
POSITIONS = ("side-lying", "seated", "semi-reclined", "supine", "prone")


class PlannedStep(Step):
    """A step as it will be done; ``changed`` says what the screen made of it."""

    changed: tuple[str, ...] = ()


class Dropped(Record):
    """A step that the screen does not allow, and why."""

    technique: Id
    region: Id
    side: Side
    minutes: float
    why: tuple[str, ...]


class PlannedSession(Record):
    """One visit: its number, date and steps. ``day`` counts from 0 at the first session, ``week`` from 1."""

    number: int
    phase: str
    week: int
    day: int
    on: date
    minutes: float
    steps: tuple[PlannedStep, ...]
    dropped: tuple[Dropped, ...] = ()
    reassess: bool = False

    @property
    def hands_on_minutes(self) -> float:
        """Return the minutes of the steps that are left."""
        return sum(step.minutes for step in self.steps)


class Course(Record):
    """The dated sessions of one client under one protocol."""

    protocol_id: Id
    client_id: Id
    condition: Id
    start: date
    weeks: int
    sessions: tuple[PlannedSession, ...]
    notes: tuple[str, ...] = ()

    @property
    def hands_on_minutes(self) -> float:
        """Return the hands-on minutes of all sessions."""
        return sum(session.hands_on_minutes for session in self.sessions)


def build(protocol: Protocol, client: Client, screen: Screen, start: date | None = None) -> Course:
    """Make the course of a client under a protocol.

    Args:
        protocol: the protocol as designed.
        client: the client it is for.
        screen: the result of ``safety.check`` for these two.
        start: date of the first session; default is the day after the screen.

    Raises:
        SafetyError: the screen was made for another client, protocol or version of them; or a stop, a missing
            clearance or an unanswered question that could stop the session is open.

    >>> from effleurage import intake, protocol, safety
    >>> design, client = protocol.load("neck-pain-chronic-60"), intake.load("office-neck")
    >>> course = build(design, client, safety.check(design, client))
    >>> len(course.sessions), course.sessions[0].minutes
    (8, 60.0)
    """
    if not isinstance(screen, Screen) or screen.seal != seal(protocol, client, screen.on):
        found = (
            f"the screen was not made for client '{client.id}' and protocol '{protocol.id}' as they are now"
        )
        raise SafetyError("plan", found, "the result of safety.check(protocol, client)", "screen again")
    if screen.blocking:
        raise SafetyError.of(_refusals(screen))
    first = start or screen.on + timedelta(days=1)
    sessions = tuple(_sessions(protocol, screen, first))
    return Course(
        protocol_id=protocol.id,
        client_id=client.id,
        condition=protocol.condition,
        start=first,
        weeks=sum(phase.weeks for phase in protocol.phases),
        sessions=sessions,
        notes=tuple(_notes(protocol, screen)),
    )


def _refusals(screen: Screen) -> Iterator[Problem]:
    """Say why there is no plan yet, and what comes first."""
    for item in (*screen.stops, *screen.clearances):
        first = "stop and refer" if item.kind == "stop" else "a written clearance is missing"
        yield Problem("plan", f"{first}: {item.name} ({'; '.join(item.because)})", "", item.do)
    open_asks = [item for item in screen.asks if item.open]
    if open_asks:
        names = "; ".join(item.name for item in open_asks)
        found = f"not asked yet, and an answer could stand against a plan: {names}"
        yield Problem("plan", found, "", "ask the questions that the screen lists, then screen again")


def _sessions(protocol: Protocol, screen: Screen, first: date) -> list[PlannedSession]:
    """Lay the sessions of all phases on days, spread evenly over each week."""
    found: list[PlannedSession] = []
    weeks_before = 0
    for phase in protocol.phases:
        minutes = min(phase.session.minutes, screen.max_minutes or phase.session.minutes)
        steps, dropped = fit(phase.session.steps, screen, minutes)
        for visit in range(phase.weeks * phase.sessions_per_week):
            week, turn = divmod(visit, phase.sessions_per_week)
            day = (weeks_before + week) * 7 + turn * 7 // phase.sessions_per_week
            number, every = len(found) + 1, protocol.reassess_every_sessions
            found.append(
                PlannedSession(
                    number=number,
                    phase=phase.name,
                    week=weeks_before + week + 1,
                    day=day,
                    on=first + timedelta(days=day),
                    minutes=minutes,
                    steps=steps,
                    dropped=dropped,
                    reassess=bool(every) and number % every == 0,
                )
            )
        weeks_before += phase.weeks
    return found


def fit(
    steps: tuple[Step, ...], screen: Screen, minutes: float
) -> tuple[tuple[PlannedStep, ...], tuple[Dropped, ...]]:
    """Put steps under the locks, caps, bans and minutes of a screen."""
    kept: list[PlannedStep] = []
    dropped: list[Dropped] = []
    left = minutes
    for step in steps:
        allowed, why = _allowed(step, screen)
        if allowed is None or left <= 0:
            reasons = why if allowed is None else (f"no minutes left of {minutes:g}",)
            dropped.append(Dropped(**_bare(step, "technique", "region", "side", "minutes"), why=reasons))
            continue
        kept.append(allowed.model_copy(update={"minutes": min(allowed.minutes, left)}))
        left -= kept[-1].minutes
    return tuple(kept), tuple(dropped)


def _bare(step: Step, *names: str) -> dict:
    return {name: getattr(step, name) for name in names or Step.model_fields}


def _allowed(step: Step, screen: Screen) -> tuple[PlannedStep | None, tuple[str, ...]]:
    """Return the step as the screen allows it, or None with the reasons."""
    changed: list[str] = []
    values = _bare(step)
    free = [side for region, side in spots_of(step.region, step.side) if not screen.locked(region, side)]
    if not free:
        return None, screen.why(step.region, step.side)
    if len(free) < len(spots_of(step.region, step.side)):
        values |= {"side": free[0], "minutes": step.minutes / 2}
        changed.append(f"{free[0]} side only: {'; '.join(screen.why(step.region, step.side))}")
    for finding in screen.reaching(step.region, values["side"]):
        if step.technique in finding.avoid_techniques:
            return None, (f"{finding.name}: {finding.objection(step)}",)
    if barred := _turn(values, changed, screen):
        return None, barred
    cap = screen.cap(step.region, values["side"])
    if step.pressure is not None and step.pressure > cap:
        values["pressure"] = cap
        changed.append(
            f"pressure {cap} instead of {step.pressure}: {'; '.join(screen.why(step.region, values['side']))}"
        )
    return PlannedStep(**values, changed=tuple(changed)), ()


def _turn(values: dict, changed: list[str], screen: Screen) -> tuple[str, ...]:
    """Choose another position when the screen rules this one out; the reasons when none is left."""
    reaching = screen.reaching(values["region"], values["side"])
    barred = {position for item in reaching for position in item.avoid_positions}
    if values["position"] not in barred:
        return ()
    choices = [one for one in POSITIONS if one not in barred]
    names = "; ".join(item.name for item in reaching if values["position"] in item.avoid_positions)
    if not choices:
        return (f"no position is left: {names}",)
    changed.append(f"{choices[0]} instead of {values['position']}: {names}")
    values["position"] = choices[0]
    return ()


def _notes(protocol: Protocol, screen: Screen) -> list[str]:
    """Say what a reader of the course must know beside its steps."""
    shorter = [
        f"sessions are held to {screen.max_minutes} minutes"
        for phase in protocol.phases
        if screen.max_minutes and phase.session.minutes > screen.max_minutes
    ]
    open_asks = [f"still to ask: {item.name}" for item in screen.asks]
    adapt = [f"{item.name}: {item.do}" for item in screen.findings if item.kind in ("adapt", "limit")]
    return [*dict.fromkeys(shorter), *adapt, *open_asks]


def billed_units(minutes: Mapping[str, int], hands_on: int) -> dict[str, int]:
    """Share out 15-minute units by the eight-minute rule: counted from the total of all timed minutes.

    Source: knowledge entry ``eight-minute-rule``. For teaching; no code is chosen here.

    Args:
        minutes: timed minutes under each code.
        hands_on: hands-on minutes of the visit; the codes together cannot hold more.

    Raises:
        UsageError: negative minutes, or the same minutes under two codes.

    >>> billed_units({"97124": 33, "97140": 7}, hands_on=40)
    {'97124': 2, '97140': 1}
    >>> billed_units({"97124": 7}, hands_on=60)
    {'97124': 0}
    """
    total = sum(minutes.values())
    if min(minutes.values(), default=0) < 0:
        raise UsageError("billed units", f"{dict(minutes)}", "0 minutes or more", "correct the minutes")
    if total > hands_on:
        found = f"{total} minutes under the codes, {hands_on} hands-on"
        do = "count each minute under one code"
        raise UsageError("billed units", found, f"up to {hands_on} minutes in all", do)
    units = {code: given // UNIT for code, given in minutes.items()}
    rest = (0 if total < UNIT_FROM else (total + UNIT - UNIT_FROM) // UNIT) - sum(units.values())
    for code in sorted(minutes, key=lambda code: -(minutes[code] % UNIT))[:rest]:
        units[code] += 1
    return units
