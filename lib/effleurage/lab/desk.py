"""What stands behind the start page: the checks of the machine, the pages, and what its buttons do."""

from pathlib import Path
from typing import Any

from effleurage import lessons, paths
from effleurage.errors import EffleurageError
from effleurage.lab import listing, machine, working
from effleurage.lab.listing import PageState

START = "start-here.ipynb"
RELOAD = "Reload this page in the browser to see the fresh one."
NO_COPY = (
    "This is the folder of the suite itself. Start with 'python3 start.py' to work in a copy of your own."
)


class Desk:
    """The desk of a working copy; without one it shows the pages of the suite and looks after nothing.

    Raises nothing: what goes wrong is said in words on the page.
    """

    def __init__(self, work: Path | None) -> None:
        """Take the folder of the working copy, or None."""
        self.work, self.own = work, work is not None

    def checks(self) -> list[dict[str, Any]]:
        """Return what was looked at on this machine."""
        found = [vars(check) for check in machine.check_machine(self.work or paths.notebooks())]
        return found if self.own else [*found, {"name": "Your copy", "ok": False, "words": NO_COPY}]

    def pages(self) -> list[dict[str, Any]]:
        """Return the pages that can be opened; the start page when there is something to say about it."""
        states = listing.pages(self.work) if self.work else _suite()
        told = (page for page in states if page.path != START or page.state != "delivered" or page.copies)
        return [_row(page) for page in told]

    def grant(self, wish: str, page: str) -> str:
        """Do what a button asks for; the start page, which is open now, is left for its own button."""
        leave = () if page else (START,)
        try:
            if self.work is None:
                return NO_COPY
            if wish == "update":
                return _told(working.update(self.work, leave), "All pages are up to date.")
            if wish == "start-again":
                done = _told(working.start_again(self.work, page, leave), "Every page is fresh already.")
                return f"{done}\n{RELOAD}" if page == START else done
        except EffleurageError as error:
            return str(error)
        return ""


def _suite() -> tuple[PageState, ...]:
    home = paths.notebooks()
    return tuple(
        PageState(page.path.relative_to(home).as_posix(), page.front, "delivered") for page in lessons.index()
    )


def _row(page: PageState) -> dict[str, Any]:
    """Return what the start page shows of one page."""
    front = page.front
    return {
        "path": page.path,
        "title": front.title,
        "kind": front.kind,
        "minutes": front.minutes,
        "aim": front.objectives[0],
        "state": page.state,
        "words": page.words,
        "copies": list(page.copies),
    }


def _told(changes: tuple[working.Change, ...], nothing: str) -> str:
    """Say what was done.

    >>> _told((), "All pages are up to date.")
    'All pages are up to date.'
    """
    return "\n".join(map(str, changes)) or nothing
