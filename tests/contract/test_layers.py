"""The library's order: a module imports only from modules above it, and a foreign library has one home."""

import ast
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import effleurage
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "lib" / "effleurage"

# In import order, as the package itself lists them; a folder counts as one module.
ORDER = effleurage.MODULES

# Imported there and nowhere else, so that a change of such a library touches one module.
HOMES = {
    "ruamel": {"files"},
    "matplotlib": {"charts"},
    "ipywidgets": {"widgets"},
    "anywidget": {"widgets"},
    "papermill": {"batch"},
    "nbformat": {"batch"},
    "jinja2": {"publish"},
    "typer": {"cli"},
}
# Slow to import and of use in many modules: never at the top of one.
LATE = {"pandas"}
# Extras that the library itself uses, and says how to install when they are missing; never needed on loading.
EXTRAS = ("cluster", "yardstick")
# Who brings a module that this environment does not have.
ELSEWHERE = {"roadrunner": ["libroadrunner"]}


@cache
def tree(path: Path) -> ast.Module:
    """Give a source file as a tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def sources() -> list[Path]:
    """Give the source files of the library."""
    return sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)


def home(path: Path) -> str:
    """Give the module that a source file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


MODULES = [path for path in sources() if home(path) != "__init__"]


def dotted(node: ast.AST) -> list[str]:
    """Give the full names that an import statement asks for."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def imported(path: Path) -> set[str]:
    """Give the full names of all that a file imports, wherever in the file it does so."""
    return {name for node in ast.walk(tree(path)) for name in dotted(node)}


def imported_on_loading(path: Path) -> set[str]:
    """Give the full names of what is imported as soon as the file is: not inside a function."""
    waiting, found = list(tree(path).body), set()
    while waiting:
        node = waiting.pop()
        found.update(dotted(node))
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += [child for child in ast.iter_child_nodes(node) if not is_for_type_checkers(node)]
    return found


def is_for_type_checkers(node: ast.AST) -> bool:
    """Tell whether a block is never run: 'if TYPE_CHECKING'."""
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def neighbours(path: Path) -> set[str]:
    """Give the modules of the library that a file uses, by import or as 'ef.module'."""
    names = {name.split(".")[1] for name in imported(path) if name.startswith("effleurage.")}
    aliases = {
        alias.asname or alias.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name == "effleurage"
    }
    names |= {
        node.attr
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in aliases
    }
    return names - {"MODULES", "__version__"}


@cache
def installed() -> dict[str, list[str]]:
    """Give the packages that bring each importable name; slow to find out."""
    return dict(packages_distributions())


def shown(path: Path) -> str:
    """Give the name of a file for the name of its test."""
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_module_has_its_place(path):
    """A module is in the list of the package; a new one needs a place in the order first."""
    assert home(path) in ORDER


def test_list_names_what_there_is():
    """Each name in the list of the package is a module, and stands there once."""
    assert sorted(ORDER) == sorted({home(path) for path in MODULES})


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_module_imports_only_from_above(path):
    """A module uses only modules that stand above it in the order, or parts of itself."""
    own = ORDER.index(home(path))
    assert neighbours(path) - set(ORDER[: own + 1]) == set()


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_foreign_library_stays_in_its_home(path):
    """ruamel.yaml, matplotlib, the widgets, papermill and typer are each imported by one module."""
    roots = {name.split(".")[0] for name in imported(path)}
    assert {root for root in roots & HOMES.keys() if home(path) not in HOMES[root]} == set()


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_slow_library_is_imported_late(path):
    """The data frames are imported inside the functions that need them."""
    assert {name.split(".")[0] for name in imported_on_loading(path)} & LATE == set()


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_foreign_library_is_a_dependency(path):
    """Whatever is imported from elsewhere is named in pyproject.toml, not only brought along by another."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {item for extra in EXTRAS for item in project["optional-dependencies"][extra]}
    asked = {canonicalize_name(Requirement(item).name) for item in {*project["dependencies"], *extras}}
    providers = installed()
    roots = {name.split(".")[0] for name in imported(path)} - sys.stdlib_module_names - {"effleurage"}
    foreign = {
        root: {canonicalize_name(name) for name in providers.get(root, ELSEWHERE.get(root, []))}
        for root in roots
    }
    assert [root for root, names in foreign.items() if not names & asked] == []


@pytest.mark.parametrize("path", MODULES, ids=shown)
def test_random_numbers_have_one_home(path):
    """Only the simulator draws random numbers; the benchmark draws for its yardstick."""
    text = path.read_text(encoding="utf-8")
    draws = "random" in {name.split(".")[0] for name in imported(path)} or "np.random" in text
    assert not draws or home(path) in {"simulate", "bench"}


# The guard itself


@pytest.mark.parametrize(
    ("source", "check"),
    [
        ("from effleurage import charts", test_module_imports_only_from_above),
        ("def f():\n    from effleurage.cli import main", test_module_imports_only_from_above),
        (
            "import effleurage as ef\ndef f():\n    return ef.simulate.cohort",
            test_module_imports_only_from_above,
        ),
        ("def f():\n    import matplotlib.pyplot", test_foreign_library_stays_in_its_home),
        ("from ruamel.yaml import YAML", test_foreign_library_stays_in_its_home),
        ("class A:\n    import pandas as pd", test_slow_library_is_imported_late),
        ("import hypothesis", test_foreign_library_is_a_dependency),
        ("import random", test_random_numbers_have_one_home),
    ],
)
def test_guard_notices(source, check, tmp_path, monkeypatch):
    """Each check fails on a module that breaks its rule."""
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    path = tmp_path / "plan.py"
    path.write_text(source, encoding="utf-8")
    with pytest.raises(AssertionError):
        check(path)
