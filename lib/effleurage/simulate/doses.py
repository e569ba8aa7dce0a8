"""What is done to a group: sessions laid on days, without any client.

A dose is written as ``MINUTESxPER_WEEKxWEEKS``; several follow one another. Nothing a week is a rest:

>>> dose("60x2x4", "60x0x4", "60x1x2").label
'massage 60x2x4, rest 4, 60x1x2'
>>> [session.day for session in dose("60x2x2").sessions]
[0, 3, 7, 10]
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from effleurage.errors import UsageError, unknown
from effleurage.plan import Course

ARMS = ("massage", "light-touch", "wait-list", "usual-care", "self-care")
TOUCHED = ("massage", "light-touch")
CONDITION = "neck-pain-chronic"
PHASE = re.compile(r"\s*(-?[0-9.]+)\s*[x×]\s*(-?[0-9.]+)\s*[x×]\s*(-?[0-9.]+)\s*")
LONGEST_SESSION, MOST_A_WEEK, LONGEST_COURSE, MOST_ARMS = 180, 14, 104, 12


@dataclass(frozen=True)
class Session:
    """One visit.

    ``day`` counts from 0, ``minutes`` are hands-on; ``load`` is (Walton level, minutes) by step,
    ``techniques`` is (id, minutes); both may be empty: then nothing is known about them.
    """

    day: float
    minutes: float
    load: tuple[tuple[float, float], ...] = ()
    techniques: tuple[tuple[str, float], ...] = ()

    @property
    def pressure(self) -> float | None:
        """Return the mean pressure by minutes, or None when no step has one."""
        total = sum(minutes for _, minutes in self.load)
        return sum(level * minutes for level, minutes in self.load) / total if total else None


@dataclass(frozen=True)
class Dose:
    """An arm of a study: what kind of care, on which days, for how long."""

    arm: str
    sessions: tuple[Session, ...]
    label: str
    condition: str = CONDITION

    def beside(self, arm: str) -> "Dose":
        """Return the same people and days with another kind of care.

        >>> dose("60x2x4").beside("wait-list").label
        'wait-list'
        """
        return replace(self, arm=_arm(arm), label=arm, sessions=self.sessions if arm in TOUCHED else ())

    @property
    def last_day(self) -> float:
        """Return the day of the last session; 0 when there is none."""
        return self.sessions[-1].day if self.sessions else 0


def dose(
    *phases: str, arm: str = "massage", pressure: float | None = None, condition: str = CONDITION
) -> Dose:
    """Make a dose from phases such as ``"60x2x4"``: minutes, sessions a week, weeks.

    Args:
        phases: one after another; sessions a week may be 0 (a rest) or a part (0.25 is one in four weeks).
        arm: massage, light-touch, wait-list, usual-care or self-care.
        pressure: Walton level 0-5 throughout; None leaves it open.
        condition: the complaint.

    Raises:
        UsageError: a phase cannot be read or cannot be done; the arm is not known.

    >>> dose("0x2x4")
    Traceback (most recent call last):
    ...
    effleurage.errors.UsageError: dose '0x2x4': 0 minutes. Allowed: more than 0, up to 180 minutes. ...
    """
    if pressure is not None and not 0 <= pressure <= 5:
        raise UsageError("dose", f"pressure {pressure:g}", "Walton level 0 to 5", "choose one of these")
    parts = [_phase(text) for text in phases]
    sessions = tuple(_lay(parts, pressure)) if _arm(arm) in TOUCHED else ()
    words = [f"rest {weeks:g}" if not often else f"{m:g}x{often:g}x{weeks:g}" for m, often, weeks in parts]
    return Dose(arm, sessions, " ".join([arm, ", ".join(words)]).strip(), condition)


def length(phase: str) -> int:
    """Return the weeks of a phase in words.

    >>> length("60x2x4")
    4
    """
    return int(_phase(phase)[2])


def _arm(arm: str) -> str:
    """Return a known kind of care."""
    if arm not in ARMS:
        raise UsageError.of([unknown("dose", "arm", arm, ARMS)])
    return arm


def _phase(text: str) -> tuple[float, float, float]:
    """Read one phase and refuse what nobody can do."""
    where, form = f"dose '{text}'", "MINUTESxPER_WEEKxWEEKS, such as 60x2x4"
    match = PHASE.fullmatch(str(text))
    try:
        minutes, often, weeks = (float(part) for part in match.groups())
    except (AttributeError, ValueError):
        raise UsageError(where, "this is no phase", form, "write it like 60x2x4") from None
    if minutes > 24 * 60:
        raise UsageError(
            where, f"{minutes:g} minutes are more than a day has", "up to 180 minutes", "shorten it"
        )
    if not 0 < minutes <= LONGEST_SESSION:
        raise UsageError(
            where, f"{minutes:g} minutes", "more than 0, up to 180 minutes", "correct the minutes"
        )
    if not 0 <= often <= MOST_A_WEEK:
        allowed = f"0 to {MOST_A_WEEK} sessions a week"
        raise UsageError(where, f"{often:g} sessions a week", allowed, "correct the sessions a week")
    if not 0 < weeks <= LONGEST_COURSE or weeks % 1:
        allowed = f"whole weeks, 1 to {LONGEST_COURSE}"
        raise UsageError(where, f"{weeks:g} weeks", allowed, "correct the weeks")
    return minutes, often, weeks


def _lay(parts: Sequence[tuple[float, float, float]], pressure: float | None) -> Iterator[Session]:
    """Spread the sessions of each phase evenly over its weeks, as ``plan.build`` does."""
    start = 0
    for minutes, often, weeks in parts:
        load = () if pressure is None else ((float(pressure), minutes),)
        for turn in range(round(often * weeks)):
            yield Session(start + int(turn * 7 / often + 1e-9), minutes, load)
        start += int(weeks) * 7


def from_course(course: Course, label: str = "massage") -> Dose:
    """Make a dose from a planned course: hands-on minutes, pressure and techniques of each session.

    >>> from effleurage import intake, plan, protocol, safety
    >>> design, client = protocol.load("neck-pain-chronic-60"), intake.load("office-neck")
    >>> given = from_course(plan.build(design, client, safety.check(design, client)))
    >>> len(given.sessions), given.label
    (8, 'massage')
    """
    sessions = []
    for session in course.sessions:
        if session.hands_on_minutes > 0:
            load = tuple((float(s.pressure), s.minutes) for s in session.steps if s.pressure is not None)
            techniques = tuple((step.technique, step.minutes) for step in session.steps)
            sessions.append(Session(session.day, session.hands_on_minutes, load, techniques))
    return Dose("massage", tuple(sessions), label, course.condition)


def as_dose(what: "Dose | Course | str") -> Dose:
    """Take a dose, a planned course, or a phase in words."""
    if isinstance(what, Dose):
        return what
    return dose(what) if isinstance(what, str) else from_course(what)


def with_comparators(first: Dose, versus: Sequence[str | Dose]) -> tuple[Dose, ...]:
    """Put the comparators beside an arm; each label stands once."""
    if isinstance(versus, str):
        raise UsageError("versus", f"one word ('{versus}')", "a list of arms", f"write versus=('{versus}',)")
    if len(versus) >= MOST_ARMS:
        raise UsageError(
            "versus", f"{len(versus)} comparators", f"up to {MOST_ARMS - 1}", "compare fewer at once"
        )
    arms = (first, *(item if isinstance(item, Dose) else first.beside(item) for item in versus))
    labels = [arm.label for arm in arms]
    if len(set(labels)) != len(labels):
        twice = next(label for label in labels if labels.count(label) > 1)
        raise UsageError("versus", f"the arm '{twice}' stands twice", "each arm once", "leave one out")
    return arms
