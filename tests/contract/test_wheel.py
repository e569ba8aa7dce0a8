"""The wheel holds every module and every data file, and works without the checkout."""

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ("datasets", "protocols", "notebooks")
LEFT_OUT = {"__pycache__", ".ipynb_checkpoints"}


def files(folder: Path) -> set[str]:
    """Give the files below a folder, without caches, as paths from that folder."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in found if not LEFT_OUT & set(path.parts)}


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A folder with the wheel and the source archive of the checkout; built without a network."""
    folder = tmp_path_factory.mktemp("built")
    line = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built) -> zipfile.ZipFile:
    """The wheel."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as archive:
        yield archive


@pytest.fixture(scope="module")
def unpacked(wheel, tmp_path_factory) -> Path:
    """The wheel unpacked into a folder that is not the checkout."""
    folder = tmp_path_factory.mktemp("élsewhere with blanks")
    wheel.extractall(folder)  # noqa: S202 - our own, built a moment ago
    return folder


def run(folder: Path, code: str) -> object:
    """Run code on the unpacked wheel, away from the checkout; give what it prints as JSON."""
    line = [sys.executable, "-c", f"import json\nimport effleurage as ef\nprint(json.dumps({code}))"]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_wheel_holds_what_the_checkout_holds(wheel):
    """Every module of lib/ and every file of the data folders is in the wheel, and nothing else is."""
    expected = {f"effleurage/{name}" for name in files(ROOT / "lib" / "effleurage")}
    for folder in DATA:
        expected |= {f"effleurage/_data/{folder}/{name}" for name in files(ROOT / folder)}
    assert {name for name in wheel.namelist() if ".dist-info/" not in name} == expected


def test_wheel_brings_command_and_licence(wheel):
    """The wheel installs the command 'effleurage' and carries the licence."""
    names = {name.split(".dist-info/")[1]: name for name in wheel.namelist() if ".dist-info/" in name}
    assert "effleurage = effleurage.cli:main" in wheel.read(names["entry_points.txt"]).decode()
    assert "CC BY 4.0" in wheel.read(names["licenses/LICENSE"]).decode()


def test_source_archive_holds_what_makes_the_suite(built):
    """The source archive brings the data, the tests, the start and the locks as well."""
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {
        "start.py",
        "requirements.lock",
        "environment.yml",
        "tests/requirements.lock",
        "tests/conftest.py",
    }
    wanted |= {f"{folder}/{name}" for folder in ("lib", *DATA) for name in files(ROOT / folder)}
    assert wanted - names == set()


def test_installed_package_finds_its_data(unpacked):
    """Away from the checkout, the data are those inside the package."""
    assert Path(run(unpacked, "str(ef.paths.root())")) == unpacked / "effleurage" / "_data"
    assert run(unpacked, "ef.paths.is_checkout()") is False


def test_installed_package_reads_knowledge_and_protocols(unpacked):
    """A technique and every protocol can be loaded from the installed package."""
    assert run(unpacked, "ef.knowledge.get('technique', 'effleurage').name") == "Effleurage"
    ids = sorted(path.stem for path in (ROOT / "protocols").glob("*.yaml"))
    assert len(ids) >= 3
    assert run(unpacked, f"[ef.protocol.load(name).id for name in {ids}]") == ids
