"""The process that makes reports: one order on standard input, one line of JSON for each finished report.

Where the system can fork, libraries and data are loaded once and each report is made in a copy of this
process, without a kernel. Elsewhere papermill makes them with kernels of their own, some at a time.
"""

import gc
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import Any

# A check of internationalised addresses that no notebook needs; it costs a second at the import of nbformat.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

from effleurage.batch import books  # noqa: E402
from effleurage.errors import EffleurageError  # noqa: E402

WORTH_WARMING = 3
Order = dict[str, Any]
Told = dict[str, Any]


def main() -> None:
    """Make the reports of one order. What notebooks print past their cells goes to the error stream."""
    order = json.load(sys.stdin)
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)
        for told in by_fork(order) if order["way"] == "fork" else by_papermill(order):
            out.write(json.dumps(told) + "\n")
            out.flush()


def by_fork(order: Order) -> Iterator[Told]:
    """Make each report in a forked copy of this process, at most ``workers`` at a time."""
    from effleurage.batch import shell

    hands = shell.ReportShell.instance()
    if len(order["jobs"]) >= WORTH_WARMING:
        shell.run(books.filled(order["notebook"], {}), hands)  # loads what all reports share
        hands.forget()
    gc.collect()
    gc.freeze()
    waiting = list(order["jobs"])
    running: dict[int, tuple[Told, int]] = {}
    while waiting or running:
        while waiting and len(running) < order["workers"]:
            job = waiting.pop(0)
            pid, ear = _copy(lambda job=job: _made(order, job, lambda book: shell.run(book, hands)))
            running[pid] = job, ear
        pid, status = os.wait()
        if pid in running:
            yield _heard(*running.pop(pid), status)


def _copy(work: Callable[[], Told]) -> tuple[int, int]:
    """Do some work in a copy of this process; return its number and the pipe on which it answers."""
    ear, mouth = os.pipe()
    pid = os.fork()
    if pid:
        os.close(mouth)
        return pid, ear
    try:
        os.close(ear)
        with os.fdopen(mouth, "w", encoding="utf-8") as pipe:
            json.dump(work(), pipe)
    finally:
        os._exit(0)


def _heard(job: Told, ear: int, status: int) -> Told:
    """Read the answer of a copy that has ended."""
    with os.fdopen(ear, encoding="utf-8") as pipe:
        text = pipe.read()
    if text:
        return json.loads(text)
    how = os.waitstatus_to_exitcode(status)
    words = f"its process was stopped by signal {-how}" if how < 0 else "its process ended without an answer"
    return {"name": job["name"], "failed": True, "cell": None, "words": words, "seconds": 0.0}


def by_papermill(order: Order) -> Iterator[Told]:
    """Make the reports with papermill and a kernel each, ``workers`` at a time."""
    with ThreadPoolExecutor(order["workers"]) as pool:
        jobs = [pool.submit(_made, order, job, _with_kernel) for job in order["jobs"]]
        yield from (job.result() for job in as_completed(jobs))


def _with_kernel(book: books.NotebookNode) -> None:
    """Run a notebook that is filled in, in place."""
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import execute_notebook

    with tempfile.TemporaryDirectory() as folder:
        page, done = Path(folder, "page.ipynb"), Path(folder, "done.ipynb")
        page.write_text(books.nbformat.writes(book), encoding="utf-8")
        with suppress(PapermillExecutionError):  # the finished page holds the error and its cell
            execute_notebook(page, done, kernel_name="python3", progress_bar=False)
        book.cells = books.own(books.load_notebook_node(str(done)))


def _made(order: Order, job: Told, run: Callable[[books.NotebookNode], object]) -> Told:
    """Make one report and say how it went."""
    started = perf_counter()
    told: Told = {"name": job["name"], "failed": False, "cell": None}
    try:
        book = books.filled(order["notebook"], job["parameters"])
        run(book)
        books.store(book, Path(job["place"]), job["seal"])
        broken = books.failure(book)
        told["words"] = broken[1] if broken else books.in_short(book)
        told |= {"failed": True, "cell": broken[0]} if broken else {}
    except (EffleurageError, OSError, RuntimeError) as error:
        told |= {"failed": True, "words": str(error)}
    return told | {"seconds": round(perf_counter() - started, 3)}


if __name__ == "__main__":
    main()
