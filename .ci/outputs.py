"""Run notebooks and store what they show, as the tests compare it: python .ci/outputs.py [NOTEBOOK…].

For whoever changes a page, a chart or the model. Views of widgets are left out: they live in a kernel, and
the page shows their words until it is run. Times of this run are left out too.
"""

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
VIEW = "application/vnd.jupyter.widget-view+json"
IGNORED = "nbval-ignore-output"


def main() -> None:
    """Store the outputs of the notebooks that are named, or of all."""
    os.environ["PYTHONPATH"] = str(ROOT / "lib")
    for path in [Path(word).resolve() for word in sys.argv[1:]] or sorted(
        (ROOT / "notebooks").rglob("*.ipynb")
    ):
        book = nbformat.read(path, as_version=4)
        run(book)
        text = nbformat.writes(tidy(book)) + "\n"
        changed = text != path.read_text(encoding="utf-8")
        path.write_text(text, encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: {'stored' if changed else 'as it was'}")


def run(book: nbformat.NotebookNode) -> None:
    """Run a notebook in an empty folder; it may leave nothing behind."""
    with tempfile.TemporaryDirectory() as folder:
        place = {"metadata": {"path": folder}}
        NotebookClient(book, kernel_name="python3", resources=place, store_widget_state=False).execute()
        if left := list(Path(folder).iterdir()):
            sys.exit(f"the notebook wrote {', '.join(item.name for item in left)}")


def tidy(book: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Keep what is compared, and nothing of this run alone."""
    book.metadata.pop("widgets", None)
    book.metadata.update(kernelspec=KERNEL, language_info={"name": "python"})
    for cell in book.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code" and IGNORED in cell.metadata.get("tags", ()):
            cell.update(outputs=[], execution_count=None)
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(VIEW, None)
    return book


if __name__ == "__main__":
    main()
