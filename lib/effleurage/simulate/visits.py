"""One fictional client, session by session: for practice with outcome charts.

Pain is read before and straight after each session, disability and pain at the readings in between. Both
clocks show: relief that is gone the next day, and a course effect that builds over weeks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from effleurage.plan import Course
from effleurage.simulate import cohorts, engine, study
from effleurage.simulate.doses import Dose, as_dose
from effleurage.simulate.mechanics import SORE_PEAK_HOURS
from effleurage.simulate.parameters import NEW, model
from effleurage.simulate.streams import Streams
from effleurage.simulate.study import Baseline

AFTER_DAYS = 1 / 24
SORE_DAYS = SORE_PEAK_HOURS / 24
SORE = "soreness"


@dataclass(frozen=True)
class Reading:
    """One score of one client.

    ``kind`` is start, before, after, next-day or follow-up; ``session`` counts
    from 1 and is None between sessions; ``day`` counts from 0.
    """

    day: float
    week: float
    kind: str
    session: int | None
    measure: str
    score: int


def client_course(
    what: Dose | Course | str,
    seed: int = 1,
    *,
    measures: Sequence[str] = cohorts.MEASURES,
    weeks: Sequence[float] = cohorts.WEEKS,
    baseline: Mapping[str, Baseline] | None = None,
    parameters: str = "mean",
    group: str = NEW,
) -> tuple[Reading, ...]:
    """Return the readings of one fictional client in the order of time; missed sessions have none.

    Args:
        what: a dose, a planned course, or a phase such as ``"60x2x4"``.
        seed: same seed, same client.
        measures: ids of measures.
        weeks: readings between and after sessions, from the start.
        baseline: measure -> score at the start, or (mean, SD) to draw it from.
        parameters: ``mean``, or ``posterior`` for a client under one posterior draw.
        group: as for ``cohort``.

    >>> course = client_course("60x2x4", seed=3)
    >>> [(reading.kind, reading.measure) for reading in course][:2]
    [('start', 'ndi'), ('start', 'nprs')]
    """
    dose = as_dose(what)
    cohorts.check_number("seed", seed, 0, 2**63 - 1)
    whole = model(dose.condition)
    scales = cohorts.check_measures(whole, measures)
    start = cohorts.check_baseline(whole, measures, baseline or {})
    week_days = {7 * week for week in cohorts.check_weeks(weeks)}
    days = sorted(week_days | set(_session_moments(dose)))
    ready = study.prepare(whole.values(parameters, group), scales, [dose], days, start)
    seen = _Seen(ready, seed)
    found = [reading for day in week_days for reading in _between(seen, dose, day)]
    for place, session in enumerate(dose.sessions):
        if seen.came(session.day + AFTER_DAYS):
            found += _around(seen, place + 1, session.day, bool(session.load))
    return tuple(sorted(found, key=lambda reading: reading.day))


def _session_moments(dose: Dose) -> Iterator[float]:
    """Return the moments at which a session is looked at: before, straight after, at the peak of soreness."""
    for session in dose.sessions:
        yield from (session.day, session.day + AFTER_DAYS, session.day + SORE_DAYS)


class _Seen:
    """One client of a block at every moment: burden by measure (None after leaving), attendance, soreness."""

    def __init__(self, ready: study.Study, seed: int) -> None:
        arm, self.ready = ready.arms[0], ready
        people = engine.luck(ready, Streams(seed), 0)
        self.burden: dict[tuple[float, str], int | None] = {}
        self.there: dict[float, bool] = {}
        self.sore: dict[float, int] = {}
        for state in engine.states(arm, people, count=False):
            day, recent = ready.days[state.reading], arm.recent.get(state.reading)
            self.there[day] = state.came is not None and bool(state.came[0, 0])
            for name, read in engine.scores(arm, ready, people, state):
                self.burden[day, name] = None if read[0, 0] == engine.GONE else int(read[0, 0])
            if recent is not None and recent.load:
                self.sore[day] = int(min(10, np.rint(engine.soreness(ready, people, recent, state)[0, 0])))

    def came(self, day: float) -> bool:
        """Tell whether the client came to the last session before a moment."""
        return self.there[day]

    def scores(self, day: float, momentary: bool | None = None) -> Iterator[tuple[str, int]]:
        """Return what is read at a moment: all measures, or only those that are asked at every session."""
        for name, person in self.ready.people.items():
            burden = self.burden[day, name]
            if burden is not None and momentary in (None, person.scale.each_session):
                yield name, int(person.scale.shown(burden))


def _between(seen: _Seen, dose: Dose, day: float) -> Iterator[Reading]:
    """Return the readings at the start or at a follow-up; on the day of a session some are taken there."""
    at_session = any(session.day == day and seen.came(day + AFTER_DAYS) for session in dose.sessions)
    momentary = False if day and at_session else None
    for name, score in seen.scores(day, momentary):
        yield Reading(day, day / 7, "follow-up" if day else "start", None, name, score)


def _around(seen: _Seen, number: int, day: float, pressed: bool) -> Iterator[Reading]:
    """Return the readings before and straight after a session, and the soreness it left."""
    for kind, moment in (("before", day), ("after", day + AFTER_DAYS)):
        if moment:
            for name, score in seen.scores(moment, momentary=True):
                yield Reading(moment, moment / 7, kind, number, name, score)
    moment = day + SORE_DAYS
    if pressed:
        yield Reading(moment, moment / 7, "next-day", number, SORE, seen.sore[moment])
