"""The package is light to import: what is heavy is loaded when it is first used."""

import json
import subprocess
import sys

import pytest

HEAVY = [
    "pandas",
    "matplotlib",
    "numpy",
    "ipywidgets",
    "anywidget",
    "IPython",
    "nbformat",
    "papermill",
    "jupyterlab",
]
DATA_MODULES = ["errors", "paths", "files", "knowledge", "intake", "protocol", "safety", "plan", "records"]


def loaded(statement: str) -> list[str]:
    """Run a statement in a fresh Python; give the heavy libraries that it loaded."""
    code = (
        f"import json, sys\n{statement}\nprint(json.dumps([name for name in {HEAVY} if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_import_loads_nothing_heavy():
    """'import effleurage' loads no plotting, widget, notebook, array or data-frame library."""
    assert loaded("import effleurage") == []


@pytest.mark.parametrize("module", DATA_MODULES)
def test_data_modules_load_nothing_heavy(module):
    """What reads, checks and plans needs no plotting, widget, notebook or data-frame library either."""
    assert set(loaded(f"import effleurage.{module}")) <= {"numpy"}


def test_check_would_notice():
    """The check sees a heavy library when there is one."""
    assert "numpy" in loaded("import effleurage, numpy")


def test_modules_are_loaded_on_first_use():
    """A module is there as an attribute of the package, without an import of its own."""
    use = "import effleurage as ef; ef.errors.EffleurageError; assert 'effleurage.files' not in sys.modules"
    assert loaded(use) == []


def test_unknown_module_is_told_with_what_there_is():
    """A wrong name is an AttributeError that lists the modules."""
    import effleurage

    with pytest.raises(AttributeError, match="its modules are errors, paths"):
        _ = effleurage.nothing
