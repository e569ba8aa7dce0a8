"""Every notebook keeps the contract of its kind: at its head, in its cells, and in its outputs."""

import ast
import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from effleurage import lessons
from effleurage.errors import DataError

NOTEBOOKS = list(lessons.notebooks())
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
MOST_LINES = 15
MOST_WORDS = 2_000
MOST_BYTES = 300_000
NOT_COMPARED = {"nbval-ignore-output", "nbval-skip", "raises-exception"}
RELATIVE = re.compile(r"\.{1,2}[/\\]|(?:datasets|lib|notebooks|protocols)[/\\]")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def load(path: Path) -> dict:
    """Read a notebook."""
    return json.loads(path.read_text(encoding="utf-8"))


def text(cell: dict) -> str:
    """Return what is written in a cell."""
    return "".join(cell["source"])


def code(notebook: dict) -> list[dict]:
    """Return the code cells."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def kind(notebook: dict) -> str:
    """Return the kind of page."""
    return notebook["metadata"].get("effleurage", {}).get("kind", "")


def shows_something(source: str) -> bool:
    """Tell whether a cell prints, displays, or ends in a value."""
    body = ast.parse(source).body
    calls = {node.func.id for node in ast.walk(ast.parse(source)) if _is_plain_call(node)}
    return bool(calls & {"print", "display"}) or (bool(body) and isinstance(body[-1], ast.Expr))


def _is_plain_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


def in_cell(cell: dict) -> Iterator[str]:
    """Name what is wrong with one code cell of any page."""
    source, meta = text(cell), cell["metadata"]
    if not meta.get("jupyter", {}).get("source_hidden"):
        yield "the code is not folded away"
    if len(source.splitlines()) > MOST_LINES:
        yield f"more than {MOST_LINES} lines"
    if "sys.path" in source or "chdir" in source:
        yield "it changes where Python looks"
    if any(RELATIVE.match(word) for word in words(source)):
        yield "a relative path"
    if NOT_COMPARED & set(meta.get("tags", [])) or "NBVAL_IGNORE_OUTPUT" in source or "NBVAL_SKIP" in source:
        return
    if cell["execution_count"] is None:
        yield "compared, but it was never run"
    elif shows_something(source) and not cell["outputs"]:
        yield "compared, but nothing is stored"


def words(source: str) -> list[str]:
    """Return the texts that stand in code."""
    nodes = ast.walk(ast.parse(source))
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def in_page(notebook: dict) -> Iterator[str]:
    """Name what is wrong with a page as a whole."""
    meta, ids = notebook["metadata"], [cell.get("id") for cell in notebook["cells"]]
    if meta.get("kernelspec") != KERNEL:
        yield "another kernel"
    if "widgets" in meta:
        yield "stored widget state"
    if None in ids or len(set(ids)) < len(ids):
        yield "cells without an id of their own"
    if len(json.dumps(notebook)) > MOST_BYTES:
        yield f"more than {MOST_BYTES} bytes"


def in_kind(notebook: dict) -> Iterator[str]:
    """Name what is wrong with a page of its kind."""
    cells, page = code(notebook), kind(notebook)
    if page == "lesson":
        trees = [ast.parse(text(cell)) for cell in cells]
        if any(isinstance(node, ast.FunctionDef | ast.ClassDef) for tree in trees for node in ast.walk(tree)):
            yield "a lesson defines a function"
        if sum(len(text(cell).split()) for cell in notebook["cells"]) > MOST_WORDS:
            yield f"more than {MOST_WORDS} words"
    if page in ("start", "workbench") and (not cells or cells[-1].get("id") != "self-check"):
        yield "no self-check at the end"
    if page == "report" and sum("parameters" in cell["metadata"].get("tags", []) for cell in cells) != 1:
        yield "a report has one cell of parameters"


def faults(notebook: dict) -> list[str]:
    """Name everything that is wrong with a notebook."""
    cells = [f"cell {cell.get('id')}: {fault}" for cell in code(notebook) for fault in in_cell(cell)]
    return [*cells, *in_page(notebook), *in_kind(notebook)]


def test_there_are_notebooks():
    """The start page is among them."""
    assert "start-here.ipynb" in {path.name for path in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_keeps_its_contract(path):
    """Folded short cells, no paths, the right kernel, outputs where they are compared, no widget state."""
    assert faults(load(path)) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_front_matter_is_valid_and_belongs_to_the_folder(path):
    """Id, title, objectives, minutes and tags hold; a page lies in the folder of its kind."""
    front = lessons.front_matter(path)
    homes = {"lesson": "lessons", "workbench": "workbench", "workshop": "workshops", "report": "reports"}

    assert path.parent.name == homes.get(front.kind, "notebooks")
    assert path.stem.endswith(front.id)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_links_lead_somewhere(path):
    """A link in the text names a page that is there."""
    linked = [found for cell in load(path)["cells"] for found in LINK.findall(text(cell))]

    assert [link for link in linked if not (path.parent / link).exists()] == []


def test_ids_are_their_own():
    """No two pages share an id; the index takes them all."""
    assert len(lessons.index()) == len(NOTEBOOKS)


GOOD = {
    "cells": [
        {
            "cell_type": "code",
            "id": "self-check",
            "metadata": {"jupyter": {"source_hidden": True}},
            "execution_count": 1,
            "outputs": [{"output_type": "stream", "name": "stdout", "text": ["1\n"]}],
            "source": ["print(1)"],
        }
    ],
    "metadata": {"kernelspec": KERNEL, "effleurage": {"kind": "workbench"}},
}


@pytest.mark.parametrize(
    ("where", "value", "fault"),
    [
        (("cells", 0, "metadata"), {}, "cell self-check: the code is not folded away"),
        (("cells", 0, "source"), ["print(1)\n"] * 16, "cell self-check: more than 15 lines"),
        (
            ("cells", 0, "source"),
            ["import sys\nsys.path.append('x')\n1"],
            "cell self-check: it changes where",
        ),
        (("cells", 0, "source"), ["open('../x')"], "cell self-check: a relative path"),
        (("cells", 0, "source"), ["open('datasets/x')"], "cell self-check: a relative path"),
        (("cells", 0, "execution_count"), None, "cell self-check: compared, but it was never run"),
        (("cells", 0, "outputs"), [], "cell self-check: compared, but nothing is stored"),
        (("cells", 0, "id"), "end", "no self-check at the end"),
        (("cells", 0, "id"), None, "cells without an id of their own"),
        (("metadata", "kernelspec", "display_name"), "Python 3", "another kernel"),
        (("metadata", "widgets"), {"state": {}}, "stored widget state"),
        (("metadata", "more"), "x" * 300_000, "more than 300000 bytes"),
        (("metadata", "effleurage", "kind"), "report", "a report has one cell of parameters"),
    ],
)
def test_a_broken_page_is_found(where, value, fault):
    """Each rule is broken once, and said."""
    notebook = spot = copy.deepcopy(GOOD)
    assert faults(notebook) == []
    for key in where[:-1]:
        spot = spot[key]
    spot[where[-1]] = value

    assert any(found.startswith(fault) for found in faults(notebook))


def test_a_lesson_defines_nothing_and_is_not_long():
    """A function and an endless text are refused in a lesson."""
    notebook = copy.deepcopy(GOOD)
    notebook["metadata"]["effleurage"]["kind"] = "lesson"
    notebook["cells"][0]["source"] = ["def f():\n    print(1)\n"]
    notebook["cells"].append(
        {"cell_type": "markdown", "id": "t", "metadata": {}, "source": ["word " * 2_001]}
    )

    assert faults(notebook) == ["a lesson defines a function", "more than 2000 words"]


def test_a_cell_that_shows_nothing_needs_no_output():
    """An import alone is compared with nothing."""
    assert not shows_something("import effleurage\nx = 1")
    assert shows_something("x = 1\nx")
    assert shows_something("for n in range(3):\n    print(n)")


def front(**changes) -> dict:
    """Return front matter that holds, with changes."""
    good = {"id": "a-b", "title": "T", "kind": "lesson", "objectives": ["o"], "minutes": 10}
    return good | {"tags": {"mblex": ["MBLEx-3"]}, "sections": [{"title": "s", "minutes": 10}]} | changes


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"minutes": 12}, "the sections take 10 minutes, the page says 12"),
        ({"minutes": 0}, "'minutes' is 0"),
        ({"id": "A b"}, "'id' is 'A b'"),
        ({"objectives": []}, "'objectives' is"),
        ({"kind": "lecture"}, "'kind' is 'lecture'"),
        ({"tags": {"mblex": ["MBLEx-8"]}}, "the mblex tag 'MBLEx-8' is not known"),
        ({"tags": {"mblx": ["MBLEx-3"]}}, "write 'mblex' if that is what you mean"),
        ({"tags": {}}, "a lesson has no 'mblex' tag"),
        ({"titel": "T"}, "write 'title' if that is what you mean"),
    ],
)
def test_wrong_front_matter_is_refused(tmp_path, changes, words):
    """Each mistake is named with what is allowed."""
    path = tmp_path / "a-b.ipynb"
    path.write_text(json.dumps({"cells": [], "metadata": {"effleurage": front(**changes)}}), encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(words)):
        lessons.front_matter(path)


def test_two_pages_with_one_id_are_refused(tmp_path):
    """The index names the second page and the first."""
    for name in ("one", "two"):
        page = {"cells": [], "metadata": {"effleurage": front()}}
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(page), encoding="utf-8")
    with pytest.raises(DataError, match=r"two\.ipynb: the id 'a-b' is that of 'one\.ipynb' too"):
        lessons.index(tmp_path)
