"""JupyterLab for people who do not program: their own copy of the notebooks, and the place to open it.

* :func:`run` opens JupyterLab on the working copy.
* :func:`prepare`, :func:`update`, :func:`start_again` and :func:`pages` look after the working copy: what its
  owner changed is never overwritten.
* :func:`check_machine` says in words whether this machine has what the suite needs.
* :func:`start_page` is the page that greets.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from effleurage.lab.desk import Desk
from effleurage.lab.listing import PageState, pages
from effleurage.lab.machine import Check, check_machine
from effleurage.lab.server import run
from effleurage.lab.working import (
    RECORDS,
    Change,
    default_folder,
    prepare,
    start_again,
    update,
    work_folder,
)

if TYPE_CHECKING:
    from effleurage.widgets.start import StartPage

__all__ = [
    "RECORDS",
    "Change",
    "Check",
    "PageState",
    "check_machine",
    "default_folder",
    "pages",
    "prepare",
    "run",
    "start_again",
    "start_page",
    "update",
    "work_folder",
]


def start_page(work: Path | None = None) -> "StartPage":
    """Return the start page of a working copy (default: the one this page was opened in).

    >>> start_page().alive
    False
    """
    from effleurage.widgets import StartPage  # JupyterLab starts sooner without them

    return StartPage(Desk(work or work_folder()))
