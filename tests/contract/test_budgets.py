"""The library stays easy to read: small modules, short functions, a docstring on every public name."""

import ast
from pathlib import Path
from statistics import median

import pytest

LIBRARY = Path(__file__).resolve().parents[2] / "lib" / "effleurage"
MODULES = sorted(LIBRARY.rglob("*.py"))
LONGEST_MODULE = 300
LONGEST_BODY = 40
MEDIAN_BODY = 8


def name(path):
    """The module as it is imported."""
    return path.relative_to(LIBRARY.parent).with_suffix("").as_posix()


def functions(path):
    """Every function of a module with the lines of its body, the docstring left out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            yield node, body[-1].end_lineno - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_is_read_in_one_sitting(path):
    """A module that outgrows its room becomes a folder with the same public names."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_function_is_long(path):
    """A body that does not fit on a screen is several functions."""
    long = {node.name: size for node, size in functions(path) if size > LONGEST_BODY}

    assert not long


def test_most_functions_are_short():
    """Half of all bodies have eight lines or fewer."""
    assert median(size for path in MODULES for _, size in functions(path)) <= MEDIAN_BODY


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_public_name_says_what_it_is(path):
    """Modules, classes and functions without a leading underscore carry a docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = ast.ClassDef | ast.FunctionDef
    silent = [node.name for node in ast.walk(tree) if isinstance(node, kinds) and _silent(node)]

    assert ast.get_docstring(tree)
    assert not silent


def _silent(node):
    """A public name without a docstring."""
    return not node.name.startswith("_") and not ast.get_docstring(node)
