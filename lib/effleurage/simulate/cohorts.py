"""Running a cohort: block after block, one pass, bounded memory, stopped whenever somebody wants.

>>> runs = cohort("60x2x4", clients=500, seed=7, versus=("wait-list",))
>>> runs.arms
('massage 60x2x4', 'wait-list')
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from effleurage.plan import Course
from effleurage.simulate import cluster, engine, study
from effleurage.simulate.asked import check_baseline, check_measures, check_number, check_weeks
from effleurage.simulate.doses import Dose, as_dose, with_comparators
from effleurage.simulate.parameters import NEW, Model, model
from effleurage.simulate.runs import Runs
from effleurage.simulate.showing import Bar
from effleurage.simulate.streams import BLOCK, Streams
from effleurage.simulate.study import Baseline

MEASURES, WEEKS = ("ndi", "nprs"), (0, 5, 10, 26)
MOST_CLIENTS, KEEP_UP_TO = 100_000_000, 200_000
Progress = Callable[[int, int], bool | None]


class Stopped(KeyboardInterrupt):
    """Somebody interrupted a run. ``runs`` holds all clients that were done."""

    def __init__(self, runs: Runs) -> None:
        """Hold what was done."""
        super().__init__(f"stopped after {runs.clients:,} of {runs.asked:,} clients")
        self.runs = runs


def cohort(
    what: Dose | Course | str,
    clients: int = 2_000,
    seed: int = 7,
    *,
    measures: Sequence[str] = MEASURES,
    weeks: Sequence[float] = WEEKS,
    versus: Sequence[str | Dose] = ("wait-list",),
    parameters: str = "posterior",
    baseline: Mapping[str, Baseline] | None = None,
    group: str = NEW,
    keep: bool | None = None,
    chunk: int = 8 * BLOCK,
    progress: Progress | None = None,
    scheduler: Any = None,
) -> Runs:
    """Simulate a group of clients under a dose, and the very same clients under its comparators.

    Args:
        what: a dose, a planned course, or a phase such as ``"60x2x4"``.
        clients: how many.
        seed: same seed, same numbers, however the work is cut.
        measures: ids of measures.
        weeks: when readings are taken, from the start; week 0 is always among them.
        versus: comparators: names of arms, or doses.
        parameters: ``posterior`` (each client lives under one posterior draw) or ``mean``.
        baseline: measure -> (mean, SD) of another population, or one score everybody starts with.
        group: ``new`` for people no study has met, or the id of a fitted study.
        keep: keep every score for ``table()``; default is to keep up to 200,000 clients.
        chunk: clients between two calls of ``progress``; changes no number.
        progress: called with (done, clients); returning False stops the run. Default is a bar after a second.
        scheduler: a Dask client or its address, or an executor: the same numbers from many workers.

    Raises:
        UsageError: something asked for cannot be done.
        UnknownId: no model for the condition.
        Stopped: interrupted; holds what was done.

    >>> cohort("60x2x4", clients=0)
    Traceback (most recent call last):
    ...
    effleurage.errors.UsageError: clients: 0. Allowed: a whole number from 1 to 100,000,000. ...
    """
    arms = with_comparators(as_dose(what), versus)
    whole = model(arms[0].condition)
    check_number("clients", clients, 1, MOST_CLIENTS)
    check_number("seed", seed, 0, 2**63 - 1)
    check_number("chunk", chunk, 1, MOST_CLIENTS)
    days = [7.0 * week for week in check_weeks(weeks)]
    scales = check_measures(whole, measures)
    start = check_baseline(whole, measures, baseline or {})
    p = whole.values(parameters, group)
    ready = study.prepare(p, scales, arms, days, start)
    tally = Tally(ready, clients, clients <= KEEP_UP_TO if keep is None else keep)
    stopped = _fill(tally, seed, chunk, progress, scheduler)
    runs = tally.runs(whole, p, arms, seed, start)
    if stopped:
        raise Stopped(runs)
    return runs


def numbers_drawn(
    what: Dose | Course | str,
    measures: Sequence[str] = MEASURES,
    versus: Sequence[str | Dose] = ("wait-list",),
) -> int:
    """Return how many random numbers a run over four readings draws for each client.

    >>> numbers_drawn("60x3x4", measures=("ndi",), versus=())
    30
    """
    arms = with_comparators(as_dose(what), versus)
    whole, streams = model(arms[0].condition), Streams(0)
    p, scales = whole.values("mean"), check_measures(whole, measures)
    engine.luck(study.prepare(p, scales, arms, [7.0 * week for week in WEEKS], {}), streams, 0)
    return streams.drawn // BLOCK


def _fill(tally: "Tally", seed: int, chunk: int, progress: Progress | None, scheduler: Any) -> bool:
    """Run part after part; True when somebody interrupted."""
    bar = None if progress else Bar()
    tell = progress or bar
    parts = _here(tally, seed, chunk) if scheduler is None else _elsewhere(tally, seed, chunk, scheduler)
    try:
        for _ in parts:
            if tell(tally.done, tally.clients) is False:
                break
    except KeyboardInterrupt:
        return True
    finally:
        parts.close()
        if bar:
            bar.close()
    return False


def _here(tally: "Tally", seed: int, chunk: int) -> Iterator[None]:
    """Run block after block in this process; stop for a word after each chunk."""
    streams, said = Streams(seed), 0
    for block in range(tally.blocks):
        tally.add(block, streams)
        if tally.done - said >= chunk or tally.done == tally.clients:
            said = tally.done
            yield


def _elsewhere(tally: "Tally", seed: int, chunk: int, scheduler: Any) -> Iterator[None]:
    """Let workers run chunks of whole blocks; add them up in order."""
    step = -(-chunk // BLOCK)
    parts = ((first, min(first + step, tally.blocks)) for first in range(0, tally.blocks, step))
    shared = (tally.study, tally.clients, tally.keep, seed)
    with closing(cluster.in_order(scheduler, count_part, shared, parts)) as found:
        for part in found:
            tally.merge(*part)
            yield


def count_part(
    shared: tuple[study.Study, int, bool, int], first: int, last: int
) -> tuple[int, Mapping, Mapping, Mapping]:
    """Return what a worker counts in some blocks: clients, counts, scores and visits kept."""
    ready, clients, keep, seed = shared
    offset, streams = first * BLOCK, Streams(seed)
    part = Tally(ready, min(last * BLOCK, clients) - offset, keep, offset)
    for block in range(first, last):
        part.add(block, streams)
    return part.clients, part.counts, part.kept, part.often


@dataclass
class Tally:
    """What is counted while blocks go by: how many people went from which score to which."""

    study: study.Study
    clients: int
    keep: bool
    offset: int = 0
    done: int = 0
    counts: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)
    kept: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)
    often: dict[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make room."""
        readings = len(self.study.days)
        for arm in self.study.arms:
            for name, person in self.study.people.items():
                cells = (person.scale.span + 1) ** 2 + 1
                self.counts[arm.label, name] = np.zeros((readings, cells), np.int64)
                if self.keep:
                    self.kept[arm.label, name] = np.empty((readings, self.clients), np.int16)
            if self.keep:
                self.often[arm.label] = np.empty((readings, self.clients), np.int16)

    def add(self, block: int, streams: Streams) -> None:
        """Simulate one block and count it; a block that is not finished leaves no trace."""
        people = engine.luck(self.study, streams, block)
        first = block * BLOCK - self.offset
        size = min(BLOCK, self.clients - first)
        found = list(self._one(people, slice(first, first + size), size))
        for key, place, counted in found:
            self.counts[key][place] += counted
        self.done = first + size

    @property
    def blocks(self) -> int:
        """Return how many blocks all clients fill."""
        return -(-self.clients // BLOCK)

    def merge(self, clients: int, counted: Mapping, kept: Mapping, often: Mapping) -> None:
        """Add the clients that come next, counted elsewhere."""
        where = slice(self.done, self.done + clients)
        for key, cells in counted.items():
            self.counts[key] += cells
        for mine, theirs in ((self.kept, kept), (self.often, often)):
            for key, table in theirs.items():
                mine[key][:, where] = table
        self.done += clients

    def _one(
        self, people: engine.Luck, where: slice, size: int
    ) -> Iterator[tuple[tuple[str, str], int, np.ndarray]]:
        for arm in self.study.arms:
            for state in engine.states(arm, people, self.keep):
                if self.keep:
                    self.often[arm.label][state.reading, where] = state.often.ravel()[:size]
                for name, read in engine.scores(arm, self.study, people, state):
                    if self.keep:
                        self.kept[arm.label, name][state.reading, where] = read.ravel()[:size]
                    width = self.study.people[name].scale.span + 1
                    yield (arm.label, name), state.reading, counts(people.before[name], read, width, size)

    def runs(self, whole: Model, p: Mapping, arms: tuple[Dose, ...], seed: int, start: Mapping) -> Runs:
        """Close the books."""
        cut = slice(0, self.done)
        return Runs(
            model=whole,
            values=p,
            doses=arms,
            measures=tuple(self.study.people),
            weeks=tuple(day / 7 for day in self.study.days),
            clients=self.done,
            asked=self.clients,
            seed=seed,
            baseline=dict(start),
            counts=self.counts,
            kept={key: table[:, cut] for key, table in self.kept.items()},
            often={key: table[:, cut] for key, table in self.often.items()},
        )


def counts(before: np.ndarray, after: np.ndarray, width: int, size: int) -> np.ndarray:
    """Count people by score before and after (burden); the last cell counts those who have left."""
    place = before * np.float32(width)
    place += after
    place[after == engine.GONE] = width * width
    return np.bincount(place.ravel()[:size].astype(np.intp), minlength=width * width + 1)
