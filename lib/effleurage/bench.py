"""Figures of the suite, each beside its yardstick, measured in the same run.

A row is a function that measures and returns a :class:`Row`; ``@row`` puts it on the list. Rows that need a
browser say so and wait until they are asked for.

>>> [item.what for item in REGISTRY][:2]
['import effleurage', 'cohort of 1,000,000 clients, 12 sessions, 4 visits']
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from effleurage import batch, intake, paths, protocol, safety
from effleurage.errors import UsageError, unknown

REPEATS = 5
LOUD = "logging.disable(logging.WARNING)"
SPLIT = ("-n", "2", "--dist", "loadfile")
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@dataclass(frozen=True)
class Row:
    """One figure. ``ratio`` is ours over yardstick, ``reach`` the ratio to reach."""

    what: str
    ours: float
    yardstick: float
    unit: str
    ratio: float
    reach: float
    note: str

    @property
    def reached(self) -> bool:
        """Tell whether the ratio is small enough."""
        return self.ratio <= self.reach


@dataclass(frozen=True)
class Item:
    """A row that can be measured: its name, what to reach, whether it needs a browser, how to measure it."""

    what: str
    reach: float
    unit: str
    browser: bool
    measure: Callable[[], tuple[float, float, str]]

    def __call__(self) -> Row:
        """Measure it."""
        ours, yardstick, note = self.measure()
        return Row(self.what, ours, yardstick, self.unit, ours / yardstick, self.reach, note)


REGISTRY: list[Item] = []


def row(what: str, reach: float, unit: str = "s", browser: bool = False) -> Callable:
    """Put a measurement on the list. It returns (ours, yardstick, note), both in ``unit``.

    >>> @row("a word", reach=2.0)
    ... def _word():
    ...     return 1.0, 1.0, "as long as it takes"
    >>> REGISTRY.pop()().ratio
    1.0
    """

    def _listed(measure: Callable[[], tuple[float, float, str]]) -> Callable:
        REGISTRY.append(Item(what, reach, unit, browser, measure))
        return measure

    return _listed


def rows(
    browser: bool = False,
    only: Iterable[str] | None = None,
    progress: Callable[[dict[str, Any]], None] | None = None,
) -> list[dict[str, Any]]:
    """Measure all rows, or those whose name holds one of the words; one dictionary each.

    Args:
        browser: also rows that need a browser.
        only: words to choose by.
        progress: told each row as soon as it is measured.

    Raises:
        UsageError: no row holds any of the words.
    """
    chosen = [item for item in REGISTRY if browser or not item.browser]
    if only is not None:
        words = [word.lower() for word in only]
        chosen = [item for item in chosen if any(word in item.what.lower() for word in words)]
        if not chosen:
            raise UsageError.of([unknown("bench", "row", " ".join(words), [item.what for item in REGISTRY])])
    found = []
    for item in chosen:
        found.append(asdict(item()))
        if progress:
            progress(found[-1])
    return found


def in_words(found: Iterable[dict[str, Any]]) -> str:
    """Say the rows, one line each.

    >>> print(in_words([asdict(Row("a", 1.0, 2.0, "s", 0.5, 0.4, "why"))]))
    a: 1 s, yardstick 2 s, ratio 0.50 (reach 0.4: not reached); why
    """
    return "\n".join(_line(Row(**one)) for one in found)


def _line(one: Row) -> str:
    reached = "reached" if one.reached else "not reached"
    figures = f"{one.ours:.3g} {one.unit}, yardstick {one.yardstick:.3g} {one.unit}"
    note = f"; {one.note}" if one.note else ""
    return f"{one.what}: {figures}, ratio {one.ratio:.2f} (reach {one.reach:g}: {reached}){note}"


def seconds(code: str) -> float:
    """Return the seconds a fresh Python takes for some code, without its own start: measured inside."""
    timed = f"import time; t = time.perf_counter(); {code}; print(time.perf_counter() - t)"
    return float(fresh(timed))


def fresh(code: str) -> str:
    """Return what some code prints in a fresh Python."""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    return found.stdout.strip().splitlines()[-1]


def seconds_of(first: str, then: str) -> float:
    """Return the seconds that some code takes in a fresh Python, after other code has prepared it."""
    return float(
        fresh(f"{first}\nimport time; t = time.perf_counter()\n{then}\nprint(time.perf_counter() - t)")
    )


def in_turn(*measures: Callable[[], float], repeats: int = REPEATS) -> tuple[float, ...]:
    """Return the median of each measure; they take turns, so that a slow moment hits all of them."""
    found = [[measure() for measure in measures] for _ in range(repeats)]
    return tuple(median(column) for column in zip(*found, strict=True))


def clock(work: Callable[[], Any]) -> float:
    """Return the seconds that some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@row("import effleurage", reach=0.4)
def _import() -> tuple[float, float, str]:
    """Import the package, beside pandas, each in fresh processes."""
    ours, pandas = in_turn(lambda: seconds("import effleurage"), lambda: seconds("import pandas"))
    return ours, pandas, "yardstick: import pandas; fresh processes in turn, median of 5"


DOSE, CLIENTS = "60x3x4", 1_000_000


@row("cohort of 1,000,000 clients, 12 sessions, 4 visits", reach=2.0)
def _cohort() -> tuple[float, float, str]:
    """Simulate a million clients in one measure, beside drawing as many normals as the run draws numbers."""
    import numpy as np

    from effleurage import simulate
    from effleurage.simulate import cohorts

    numbers = CLIENTS * cohorts.numbers_drawn(DOSE, measures=("ndi",), versus=())
    drawer, room = np.random.default_rng(7), np.empty(8192, np.float32)

    def _cohort() -> None:
        simulate.cohort(DOSE, clients=CLIENTS, measures=("ndi",), versus=(), keep=False)

    def _normals() -> None:
        for _ in range(numbers // room.size):
            drawer.standard_normal(out=room, dtype=np.float32)

    ours, plain = in_turn(lambda: clock(_cohort), lambda: clock(_normals), repeats=3)
    note = f"yardstick: {numbers:,} float32 normals into a small reused array; median of 3, in turn"
    return ours, plain, note


PEAK = """
import tracemalloc
from effleurage import simulate
simulate.cohort("60x3x4", clients=100, keep=False)
tracemalloc.start()
simulate.cohort("60x3x4", clients={clients}, keep=False)
print(tracemalloc.get_traced_memory()[1] / 2**20)
"""


@row("memory of 10,000,000 clients, summary only", reach=2.0, unit="MiB")
def _memory() -> tuple[float, float, str]:
    """Return the highest memory of a large and a small run, each in a fresh process."""
    large, small = (float(fresh(PEAK.format(clients=clients))) for clients in (10_000_000, 100_000))
    return (
        large,
        small,
        "yardstick: 100,000 clients; peak of what the run itself asks for, two measures, two arms",
    )


@row("a course report as a notebook with figures", reach=0.1)
def _reports() -> tuple[float, float, str]:
    """Make 100 reports, beside papermill.execute_notebook in a loop (three of them); seconds a report."""
    notebook = paths.notebooks("reports", "course-report.ipynb")
    jobs = {f"report-{seed}": {"seed": seed} for seed in range(100)}
    with tempfile.TemporaryDirectory() as folder:
        ours = clock(lambda: batch.run(notebook, jobs, Path(folder))) / len(jobs)
        loop = f"for n in range(3): papermill.execute_notebook({str(notebook)!r}, None, progress_bar=False)"
        plain = seconds_of(f"import logging, papermill; {LOUD}", loop) / 3
    return ours, plain, "yardstick: papermill.execute_notebook in one process, three in a loop; per report"


@row("all notebooks under nbval", reach=0.5)
def _notebooks() -> tuple[float, float, str]:
    """Run every notebook as a test with two workers, beside one; needs the test extra."""
    nbval = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(paths.notebooks())]
    two, one = (clock(lambda: subprocess.run([*nbval, *more], check=True, **QUIET)) for more in (SPLIT, ()))  # noqa: B023, S603
    return two, one, "yardstick: pytest --nbval without xdist"


CHECK = "from effleurage import checks; assert not checks.everything()"
PARSE = (
    "from effleurage import files, paths; places = (paths.datasets(), paths.protocols()); "
    "[files.read_yaml(path) for place in places for path in place.rglob('*.yaml')]"
)


@row("effleurage check over everything", reach=2.5)
def _check() -> tuple[float, float, str]:
    """Read and check all data, beside only reading the YAML files of it, each in fresh processes."""
    ours, parsed = in_turn(lambda: seconds(CHECK), lambda: seconds(PARSE), repeats=3)
    return ours, parsed, "yardstick: only parsing the same YAML files; to stay well under 5 s"


@row("one screen, once loaded", reach=1.0, unit="ms")
def _screen() -> tuple[float, float, str]:
    """Judge every rule for one client and protocol, beside reading that client from its file."""
    design, client = protocol.load("neck-pain-chronic-60"), intake.load("carpenter-neck")
    safety.check(design, client)
    ours, load = in_turn(
        lambda: 1000 * min(clock(lambda: safety.check(design, client)) for _ in range(50)),
        lambda: 1000 * min(clock(lambda: intake.load("carpenter-neck")) for _ in range(10)),
    )
    return ours, load, "yardstick: reading the client's file; to stay under 2 ms"


@row("slider to new picture in JupyterLab, 95th percentile", reach=0.35, unit="ms", browser=True)
def _slider() -> tuple[float, float, str]:
    """Press keys on a slider of the builder's look ahead, beside stock interact with the same chart."""
    from effleurage.lab import speed

    return speed.slider_to_picture()


@row("second start of effleurage lab to a usable page", reach=1.2, browser=True)
def _second_start() -> tuple[float, float, str]:
    """Start the lab again until its start page answers, beside jupyter lab until its kernel is idle."""
    from effleurage.lab import speed

    return speed.second_start()
