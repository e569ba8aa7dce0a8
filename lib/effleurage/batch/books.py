"""A report as a notebook: filled in, stored, and asked how it went."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from effleurage import files

NotebookNode = nbformat.NotebookNode
IN_SHORT = "in-short"
GIVEN = "injected-parameters"
POINTER = "papermill-error-cell-tag"


def filled(notebook: str, given: Mapping[str, Any]) -> NotebookNode:
    """Return a notebook with its parameters set; papermill writes the cell, folded away like the others."""
    book = parameterize_notebook(load_notebook_node(notebook), dict(given), report_mode=True)
    for cell in book.cells:
        if GIVEN in tags(cell):
            cell.id = GIVEN
    return book


def tags(cell: NotebookNode) -> set[str]:
    """Return the tags of a cell."""
    return set(cell.metadata.get("tags", ()))


def own(book: NotebookNode) -> list[NotebookNode]:
    """Return the cells of a report without the pointers that papermill puts before an error."""
    return [cell for cell in book.cells if POINTER not in tags(cell)]


def store(book: NotebookNode, place: Path, seal: str) -> None:
    """Write a report atomically; a failed one stands beside a good one of the same name, not in its place."""
    failed = place.with_suffix(".failed.ipynb")
    book.metadata.setdefault("effleurage", {})["report"] = {"seal": seal}
    for cell in book.cells:  # same parameters, same file: no clock times
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
    broken = failure(book) is not None
    files.write_text(failed if broken else place, nbformat.writes(book, version=4) + "\n", keep=False)
    if not broken:
        failed.unlink(missing_ok=True)


def failure(book: NotebookNode) -> tuple[int, str] | None:
    """Return the number of the cell that failed, as counted in the page itself from 1, and what it said."""
    counted = (cell for cell in book.cells if GIVEN not in tags(cell))
    for number, cell in enumerate(counted, start=1):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                return number, f"{output.ename}: {output.evalue}"
    return None


def in_short(book: NotebookNode) -> str:
    """Return the first line that a cell tagged ``in-short`` showed, or nothing."""
    return next((line for cell in book.cells if IN_SHORT in tags(cell) for line in _lines(cell)), "")


def _lines(cell: NotebookNode) -> Iterator[str]:
    """Yield the lines of plain text that a cell showed."""
    for output in cell.get("outputs", ()):
        text = output.get("text") or output.get("data", {}).get("text/plain", "")
        yield from (line.strip() for line in text.splitlines() if line.strip())
