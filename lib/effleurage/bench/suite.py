"""Rows of the whole suite: imports, cohorts, reports, notebooks, checks, the lab."""

import subprocess
import sys
import tempfile
from pathlib import Path

from effleurage import batch, intake, paths, protocol, safety
from effleurage.bench.listed import clock, fresh, in_turn, row, seconds, seconds_of

LOUD = "logging.disable(logging.WARNING)"
SPLIT = ("-n", "2", "--dist", "loadfile")
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


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
