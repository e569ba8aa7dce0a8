"""Work on other processes and machines: pieces go out, results come back in order, few at a time.

A scheduler is a Dask client, the address of a Dask cluster, or any ``concurrent.futures`` executor. What all
pieces share goes to the workers once. A worker that dies costs time: its pieces are done again elsewhere.

>>> from concurrent.futures import ThreadPoolExecutor
>>> with ThreadPoolExecutor(2) as pool:
...     list(in_order(pool, pow, 2, [(3,), (4,)]))
[8, 16]
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from typing import Any

from effleurage.errors import UsageError

AHEAD, TRIES = 16, 5
ALLOWED = "a Dask client, the address of a cluster such as tcp://127.0.0.1:8786, or an executor"


def in_order(
    scheduler: Any, work: Callable, shared: object, jobs: Iterable[tuple], ahead: int | None = None
) -> Iterator[Any]:
    """Yield ``work(shared, *job)`` for each job, in the order of the jobs.

    Args:
        scheduler: where to work; None works here.
        work: a function that can be pickled.
        shared: sent to the workers once.
        jobs: the rest of the arguments of each call.
        ahead: most pieces under way or waiting to be fetched: it bounds the memory.

    Raises:
        UsageError: the scheduler is none, or does not answer.
    """
    if scheduler is None:
        yield from (work(shared, *job) for job in jobs)
        return
    crew = Crew(scheduler, work, shared)
    try:
        yield from _fetch(crew, iter(jobs), ahead or crew.ahead)
    finally:
        crew.leave()


def _fetch(crew: "Crew", jobs: Iterator[tuple], ahead: int) -> Iterator[Any]:
    """Keep some jobs under way; hand over the first of them as soon as it is there."""
    for job in jobs:
        crew.send(job)
        if len(crew.under_way) >= ahead:
            yield crew.first()
    while crew.under_way:
        yield crew.first()


class Crew:
    """The workers of a scheduler and what they have in hand."""

    def __init__(self, scheduler: Any, work: Callable, shared: object) -> None:
        """Find the scheduler and send what is shared."""
        self.own = isinstance(scheduler, str)
        self.scheduler = connect(scheduler) if self.own else scheduler
        if not callable(getattr(self.scheduler, "submit", None)):
            raise UsageError("scheduler", f"{scheduler!r}", ALLOWED, "hand over one of these")
        self.dask = hasattr(self.scheduler, "scatter")
        self.more = {"pure": False} if self.dask else {}
        self.work, self.given = work, shared
        self.under_way: deque[tuple[Any, tuple]] = deque()
        self._share()

    @property
    def ahead(self) -> int:
        """Return how many pieces keep all workers busy."""
        return max(AHEAD, 3 * sum(self.scheduler.nthreads().values())) if self.dask else AHEAD

    def _share(self) -> None:
        """Send what is shared to every worker, so that the death of one does not lose it."""
        self.shared = self.given
        if self.dask:
            self.shared = self.scheduler.scatter(self.given, broadcast=True, hash=False)

    def send(self, job: tuple) -> None:
        """Put a job under way."""
        self.under_way.append((self.scheduler.submit(self.work, self.shared, *job, **self.more), job))

    def first(self) -> Any:
        """Return the result of the oldest job; send everything again when its data were lost on the way."""
        for _ in range(TRIES):
            try:
                found = self.under_way[0][0].result()
            except CancelledError:
                self._again()
                continue
            self.under_way.popleft()
            return found
        found = f"the work was lost {TRIES} times"
        raise UsageError("scheduler", found, "workers that stay alive", "look at the logs of the cluster")

    def _again(self) -> None:
        jobs = [job for _, job in self.under_way]
        self.under_way.clear()
        self._share()
        for job in jobs:
            self.send(job)

    def leave(self) -> None:
        """Call back what is still under way; close a connection of our own."""
        for future, _ in self.under_way:
            future.cancel()
        if self.own:
            self.scheduler.close()


def connect(address: str) -> Any:
    """Return a Dask client for an address.

    Raises:
        UsageError: Dask is not installed, or nothing answers there.
    """
    try:
        from distributed import Client
    except ImportError:
        do = "pip install 'effleurage[cluster]'"
        raise UsageError("scheduler", "the package distributed is not installed", "", do) from None
    try:
        return Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError) as error:
        found = f"no cluster answers at '{address}' ({type(error).__name__})"
        raise UsageError("scheduler", found, ALLOWED, "start it, or correct the address") from None
