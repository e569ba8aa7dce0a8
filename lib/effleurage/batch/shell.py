"""Running a notebook in this process, without a kernel: cells in order, everything they show is kept."""

import io
import sys
from base64 import b64encode
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

NotebookNode = nbformat.NotebookNode
SILENT = Config({"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}})


def new_output(kind: str, **parts: Any) -> NotebookNode:
    """Make one output of a cell; pictures that are bytes become text, as notebooks store them."""
    if "data" in parts:
        data = parts["data"].items()
        parts["data"] = {
            mime: b64encode(value).decode() if isinstance(value, bytes) else value for mime, value in data
        }
    return nbformat.v4.new_output(kind, **parts)


class Results(DisplayHook):
    """Keeps the value of a cell's last line."""

    def write_output_prompt(self) -> None:
        """Write nothing: the number of the result stands in the output."""

    def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:
        """Keep one result in all its forms."""
        parts = {
            "data": format_dict,
            "metadata": md_dict or {},
            "execution_count": self.shell.number,
        }
        self.shell.heard.append(new_output("execute_result", **parts))

    def finish_displayhook(self) -> None:
        """Write nothing: notebooks need no empty line."""
        self._is_active = False


class Displays(DisplayPublisher):
    """Keeps what a cell displays: figures, tables, text."""

    def publish(
        self,
        data: dict,
        metadata: dict | None = None,
        source: Any = None,  # noqa: ARG002  (IPython hands it over by position)
        *,
        transient: dict | None = None,
        update: bool = False,
        **_more: Any,
    ) -> None:
        """Keep one display, or put it in the place of an earlier one with the same name."""
        output = new_output("display_data", data=data, metadata=metadata or {})
        name = (transient or {}).get("display_id")
        if update:
            for earlier in self.shell.named.get(name, ()):
                earlier.update(data=output.data, metadata=output.metadata)
            return
        self.shell.heard.append(output)
        if name:
            self.shell.named.setdefault(name, []).append(output)

    def clear_output(self, wait: bool = False) -> None:  # noqa: ARG002  (the notebook's own call)
        """Forget what the cell showed so far."""
        self.shell.heard.clear()


class Printed(io.TextIOBase):
    """Keeps what a cell prints, one output for lines that follow each other."""

    def __init__(self, name: str, heard: list) -> None:
        """Listen as ``stdout`` or ``stderr``."""
        self.stream, self.heard = name, heard

    def write(self, text: str) -> int:
        """Keep a piece of text."""
        last = self.heard[-1] if self.heard else {}
        if text and last.get("output_type") == "stream" and last["name"] == self.stream:
            last["text"] += text
        elif text:
            self.heard.append(new_output("stream", name=self.stream, text=text))
        return len(text)


class ReportShell(InteractiveShell):
    """IPython without a terminal and without a kernel."""

    displayhook_class = Type(Results)
    display_pub_class = Type(Displays)

    def __init__(self, **given: Any) -> None:
        """Make a shell that keeps no history."""
        self.heard: list[NotebookNode] = []
        self.named: dict[str, list[NotebookNode]] = {}
        self.number = 0
        super().__init__(**{"config": SILENT, **given})

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        """Keep an error as an output."""
        parts = {"ename": etype.__name__, "evalue": str(evalue), "traceback": stb}
        self.heard.append(new_output("error", **parts))

    def forget(self) -> None:
        """Forget the names, pictures and numbers of an earlier notebook."""
        self.reset(new_session=True)
        self.execution_count = 1
        self.named.clear()
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")


def run(book: NotebookNode, shell: ReportShell) -> bool:
    """Run the cells of a notebook in place; stop at the first that fails; tell whether all went well."""
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    return all(
        _run_cell(cell, shell) for cell in book.cells if cell.cell_type == "code" and cell.source.strip()
    )


def _run_cell(cell: NotebookNode, shell: ReportShell) -> bool:
    """Run one cell and store what it showed."""
    shell.heard.clear()
    shell.number = cell.execution_count = shell.execution_count
    with redirect_stdout(Printed("stdout", shell.heard)), redirect_stderr(Printed("stderr", shell.heard)):
        result = shell.run_cell(cell.source, store_history=True)
    cell.outputs = list(shell.heard)
    return result.success
