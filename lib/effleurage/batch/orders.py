"""From jobs to finished reports: checked first, made by a process of its own, told one by one."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Literal

from effleurage import __version__, files, paths
from effleurage.batch.parameters import refuse_wrong
from effleurage.errors import EffleurageError, FileError, UsageError

Way = Literal["fork", "papermill"]
NAME = re.compile(r"\w[\w.-]{0,120}")
NAME_ALLOWED = "up to 120 letters, digits and - . _"
KEPT_BYTES = 300_000_000
Progress = Callable[["Made", int, int], None]


@dataclass(frozen=True)
class Made:
    """How one report went: made, kept (it was there and still fits) or failed; ``cell`` counts from 1.

    >>> print(Made("office-neck", Path("reports/office-neck.ipynb"), "failed", "ValueError: no", cell=4))
    office-neck: failed in cell 4: ValueError: no
    """

    name: str
    path: Path
    state: Literal["made", "kept", "failed"]
    words: str = ""
    cell: int | None = None
    seconds: float = 0.0

    @property
    def failed(self) -> bool:
        """Tell whether there is no report."""
        return self.state == "failed"

    def plain(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {**vars(self), "path": str(self.path)}

    def __str__(self) -> str:
        """Say it in one line."""
        if self.failed:
            place = f" in cell {self.cell}" if self.cell else ""
            return f"{self.name}: failed{place}: {' / '.join(self.words.splitlines())}"
        words = f" ({self.words})" if self.words else ""
        return f"{self.name}: {self.state} {self.path}{words}"


def show(_made: Made, done: int, total: int) -> None:
    """Show on a terminal how many reports are done; elsewhere show nothing."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done} of {total} reports" + ("\n" if done == total else ""))
        sys.stderr.flush()


def run(
    notebook: Path,
    jobs: Mapping[str, Mapping[str, Any]],
    out: Path,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    finished: Literal["renew", "keep"] = "renew",
    way: Way | None = None,
) -> list[Made]:
    """Make one report of a notebook for each job.

    Args:
        notebook: a report with one ``parameters`` cell.
        jobs: name of the report -> its parameters; the name becomes the name of the file.
        out: the folder for the reports; it is made.
        workers: reports at the same time; default is one for each processor.
        progress: told after each report: the report, how many are done, how many there are.
        finished: ``keep`` leaves a report alone that was made of the same page, parameters and data.
        way: ``fork`` or ``papermill``; default is fork where the system can.

    Returns:
        What became of each job, in the order of the jobs. A report that fails does not stop the others: it is
        told with the cell, and what it had shown until then is kept as ``NAME.failed.ipynb``.

    Raises:
        UsageError: a parameter is not known or of another type, or a name cannot be a file; nothing was run.
        FileError: the notebook cannot be read or the folder cannot be written.
    """
    _refuse_names(jobs)
    refuse_wrong(notebook, jobs)
    _prepare(out)
    state = _state(notebook)
    orders = [
        {
            "name": name,
            "parameters": dict(given),
            "place": str(out / f"{name}.ipynb"),
            "seal": _seal(state, given),
        }
        for name, given in jobs.items()
    ]
    kept = [order for order in orders if finished == "keep" and _still_fits(order)]
    todo = [order for order in orders if order not in kept]
    found = {order["name"]: Made(order["name"], Path(order["place"]), "kept") for order in kept}
    order = {
        "notebook": str(notebook),
        "jobs": todo,
        "workers": max(1, min(workers or os.cpu_count() or 1, len(todo))),
        "way": way or ("fork" if hasattr(os, "fork") else "papermill"),
    }
    for made in _worked(order, out) if todo else ():
        found[made.name] = made
        if progress:
            progress(made, len(found), len(jobs))
    return [found[name] for name in jobs]


def _refuse_names(jobs: Mapping[str, Any]) -> None:
    """Refuse what cannot be the name of a file, and names that some systems hold for the same."""
    for name in jobs:
        if not NAME.fullmatch(name):
            raise UsageError("report", f"'{name}' cannot name a report", NAME_ALLOWED, "choose another name")
    if len({name.casefold() for name in jobs}) < len(jobs):
        raise UsageError("report", "two names differ in capitals alone", "each name once", "rename one")


def _prepare(out: Path) -> None:
    """Make the folder and see that it can be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        found = f"reports cannot be written here ({error.strerror})"
        raise FileError(str(out), found, "a folder of your own", "choose another folder with --out") from None


def _state(notebook: Path) -> str:
    """Return what all reports rest on: the page, the version and the data of the suite."""
    return json.dumps([__version__, files.read_text(notebook), data_stamps()])


def data_stamps() -> list[tuple[str, int, int]]:
    """Return size and time of every file of data and protocols, so that a change is seen."""
    homes = (paths.datasets(), paths.protocols())
    found = [path for home in homes for path in sorted(home.rglob("*.*")) if path.is_file()]
    return [(path.as_posix(), path.stat().st_size, path.stat().st_mtime_ns) for path in found]


def _seal(state: str, given: Mapping[str, Any]) -> str:
    """Return a mark of everything that a report rests on, own files of the user included."""
    own = [Path(value) for value in given.values() if isinstance(value, str) and Path(value).is_file()]
    text = json.dumps(
        [state, dict(given), [files.read_text(path) for path in own]], sort_keys=True, default=str
    )
    return sha256(text.encode()).hexdigest()[:32]


def _still_fits(order: Mapping[str, Any]) -> bool:
    """Tell whether a report is there, whole, and made of the same things."""
    try:
        data = files.read_json(Path(order["place"])).data
        return data["metadata"]["effleurage"]["report"]["seal"] == order["seal"]
    except (EffleurageError, KeyError, TypeError):
        return False


def _worked(order: Mapping[str, Any], out: Path) -> Iterator[Made]:
    """Yield the reports as they are finished; when interrupted, stop the work and keep what is finished."""
    places = {job["name"]: Path(job["place"]) for job in order["jobs"]}
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as noise:
        process = _start(noise)
        try:
            process.stdin.write(json.dumps(order))
            process.stdin.close()
            for line in process.stdout:
                told = json.loads(line)
                state = "failed" if told.pop("failed") else "made"
                yield Made(path=places.pop(told["name"]), state=state, **told)
            process.wait()
        except BrokenPipeError:
            process.wait()  # it ended before it listened; what it said is told below
        finally:
            _stop(process, out)
        words = f"the process that makes the reports ended early. {_last_line(noise)}".strip()
        yield from (Made(name, path, "failed", words) for name, path in places.items())


def _start(noise: IO[str]) -> subprocess.Popen:
    """Start the process that makes reports."""
    apart: dict[str, Any] = (
        {"start_new_session": True} if os.name == "posix" else {"creationflags": 0x00000200}
    )
    return subprocess.Popen(
        [sys.executable, "-m", "effleurage.batch.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=noise,
        text=True,
        encoding="utf-8",
        env={**os.environ, **_surroundings()},
        **apart,
    )


def _surroundings() -> dict[str, str]:
    """Return the variables under which reports are made.

    The library is this one; pictures are drawn without a window; one thread computes in each process; and the
    C library keeps the memory that it has, rather than ask for the same again.
    """
    home = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    kept = dict.fromkeys(("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"), str(KEPT_BYTES))
    return {"PYTHONPATH": path, "MPLBACKEND": "module://matplotlib_inline.backend_inline", **single, **kept}


def _stop(process: subprocess.Popen, out: Path) -> None:
    """End the process and its copies if they still run, and clear away what they had half written."""
    if process.poll() is None:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
        for half in out.glob(".*.ipynb.*.part"):
            half.unlink(missing_ok=True)
    process.stdout.close()


def _last_line(noise: IO[str]) -> str:
    """Return the last thing that a process said before it ended."""
    noise.seek(0)
    lines: Sequence[str] = [line.strip() for line in noise.read()[-4000:].splitlines() if line.strip()]
    return lines[-1] if lines else ""
