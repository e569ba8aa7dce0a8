"""A small suite in a folder of its own, so that start.py is run for real, fast and without a network."""

import importlib.util
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[2]

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "effleurage"
version = "0"
"""

# The smallest backend that can put a folder into an environment: one wheel with a path and a command.
BACKEND = """
import pathlib, zipfile

HERE = pathlib.Path(__file__).parent
INFO = {
    "METADATA": ["Metadata-Version: 2.1", "Name: effleurage", "Version: 0"],
    "WHEEL": ["Wheel-Version: 1.0", "Root-Is-Purelib: true", "Tag: py3-none-any"],
    "entry_points.txt": ["[console_scripts]", "effleurage = effleurage_small:main"],
    "RECORD": [],
}

def get_requires_for_build_editable(settings=None):
    return []

def build_editable(folder, settings=None, metadata=None):
    name = "effleurage-0-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        wheel.writestr("effleurage.pth", str(HERE / "lib"))
        for file, lines in INFO.items():
            wheel.writestr("effleurage-0.dist-info/" + file, chr(10).join(lines))
    return name
"""

# Says with which words, in which environment and from which folder it was started; "fail" fails.
COMMAND = """
import json, os, pathlib, sys

def main():
    folder, active = str(pathlib.Path(__file__).parents[1]), os.environ["VIRTUAL_ENV"]
    print(json.dumps({"words": sys.argv[1:], "prefix": sys.prefix, "folder": folder, "active": active}))
    sys.exit(3 if "fail" in sys.argv else 0)
"""


def load(path: Path) -> ModuleType:
    """Load a file as a module of its own."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def place(tmp_path) -> Path:
    """A small suite in a folder whose name has a blank and accents."""
    folder = tmp_path / "Étude de pétrissage 1"
    (folder / "tests").mkdir(parents=True)
    (folder / "lib").mkdir()
    shutil.copy(ROOT / "start.py", folder)
    (folder / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (folder / "backend.py").write_text(BACKEND, encoding="utf-8")
    (folder / "lib" / "effleurage_small.py").write_text(COMMAND, encoding="utf-8")
    (folder / "requirements.lock").write_text("# nothing\n", encoding="utf-8")
    (folder / "tests" / "requirements.lock").write_text("# nothing\n", encoding="utf-8")
    return folder


@pytest.fixture
def start(place) -> ModuleType:
    """The start.py of the small suite, as a module."""
    return load(place / "start.py")


@pytest.fixture
def tools(tmp_path) -> SimpleNamespace:
    """A machine whose PATH we furnish: ``use`` puts a tool on it, ``run`` starts the small suite there."""
    folder = tmp_path / "on the path"
    folder.mkdir()
    settings = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    settings |= {"PATH": str(folder), "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}

    def use(name: str, script: str) -> Path:
        """Put a shell script on the PATH."""
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    def popen(place: Path, *words: str, **more: str) -> subprocess.Popen:
        """Start start.py and do not wait."""
        line = [sys.executable, str(place / "start.py"), *words]
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(line, env={**settings, **more}, text=True, encoding="utf-8", **pipes)

    def run(place: Path, *words: str, **more: str) -> SimpleNamespace:
        """Run start.py to its end."""
        process = popen(place, *words, **more)
        out, err = process.communicate()
        assert "Traceback" not in err, err
        return SimpleNamespace(code=process.returncode, out=out, err=err)

    return SimpleNamespace(use=use, run=run, popen=popen, folder=folder)


@pytest.fixture
def real_uv(tools) -> Path:
    """The uv of this environment, put on the PATH."""
    from uv import find_uv_bin

    return tools.use("uv", f'exec "{find_uv_bin()}" "$@"')


@pytest.fixture
def no_uv(tools) -> Path:
    """A uv on the PATH that does not work."""
    return tools.use("uv", "echo 'error: something odd'; exit 2")


@pytest.fixture(scope="session")
def lock_script() -> ModuleType:
    """The script that writes the locks, as a module."""
    return load(ROOT / ".ci" / "lock.py")


@pytest.fixture(scope="session")
def index(lock_script, tmp_path_factory) -> None:
    """Skip what asks the package index where it cannot be reached; in CI that is a failure."""
    empty = str(tmp_path_factory.mktemp("empty"))
    try:
        lock_script.uv("pip", "install", "--dry-run", "--no-deps", "--target", empty, "iniconfig==2.3.0")
    except lock_script.LockError as error:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"no package index here: {error}")
