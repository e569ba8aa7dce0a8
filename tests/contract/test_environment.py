"""environment.yml is what conda, Binder and JupyterHub take, and says the same as the lock."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = YAML(typ="safe").load(ROOT / "environment.yml")

# What conda reads: a name, channels, and dependencies that are specs or one list for pip.
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "channels", "dependencies"],
    "properties": {
        "name": {"const": "effleurage"},
        "channels": {"type": "array", "items": {"enum": ["conda-forge", "nodefaults"]}, "minItems": 1},
        "dependencies": {
            "type": "array",
            "prefixItems": [
                {"type": "string", "pattern": r"^python=3\.\d+$"},
                {"const": "pip"},
                {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["pip"],
                    "properties": {"pip": {"type": "array", "items": {"type": "string"}, "minItems": 10}},
                },
            ],
            "minItems": 3,
            "items": False,
        },
    },
}


def pip_part() -> list[str]:
    """Give what is handed to pip."""
    return list(ENVIRONMENT["dependencies"][2]["pip"])


def test_file_has_the_shape_that_conda_reads():
    """The file holds a name, channels, a Python, pip, and one list for pip; nothing else."""
    jsonschema.validate(ENVIRONMENT, SCHEMA)


@pytest.mark.parametrize(
    "damage",
    [
        {"channels": ["defaults"]},
        {"dependencies": ["python", "pip", {"pip": pip_part()}]},
        {"dependencies": ["python=3.13", "pip", {"pip": []}]},
        {"prefix": "somewhere"},
    ],
)
def test_other_shapes_are_noticed(damage):
    """A foreign channel, an open Python, an empty list for pip or a path of a machine fails that check."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**ENVIRONMENT, **damage}, SCHEMA)


def test_pins_are_those_of_the_lock(lock_script):
    """What pip gets are the very versions of requirements.lock, then the checkout itself."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert pip_part() == [*lock_script.pins(lock), "-e ."]


def test_python_is_one_that_is_locked_for(lock_script):
    """The Python that conda brings is allowed by pyproject.toml and one the lock was checked for."""
    python = ENVIRONMENT["dependencies"][0].removeprefix("python=")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert python in SpecifierSet(project["requires-python"])
    assert python in lock_script.PYTHONS


def test_pip_takes_its_part(index, tmp_path):
    """A dry run of the pip part resolves every pin and the checkout together."""
    wanted, report = tmp_path / "pip.txt", tmp_path / "report.json"
    wanted.write_text("\n".join(pip_part()), encoding="utf-8")
    options = ["--dry-run", "--ignore-installed", "--only-binary", ":all:", "--report", str(report), "-q"]
    line = [sys.executable, "-m", "pip", "install", *options, "-r", str(wanted)]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    would = {item["metadata"]["name"].lower() for item in YAML(typ="safe").load(report)["install"]}
    apply = [Requirement(pin) for pin in pip_part()[:-1]]
    assert len(would) == 1 + sum(pin.marker is None or pin.marker.evaluate() for pin in apply)
    assert "effleurage" in would


def test_binder_takes_it(tmp_path):
    """repo2docker, which Binder runs, picks environment.yml, our Python, and copies the checkout first."""
    place = tmp_path / "checkout"
    place.mkdir()
    for name in ("environment.yml", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, place)
    command = shutil.which("jupyter-repo2docker", path=Path(sys.executable).parent)
    done = subprocess.run(
        [command, "--no-build", "--debug", str(place)], capture_output=True, text=True, check=False
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert f"python={ENVIRONMENT['dependencies'][0].removeprefix('python=')}" in said
    assert said.index("COPY --chown=0:0 src/") < said.index(
        'env update -p ${NB_PYTHON_PREFIX} --file "environment.yml"'
    )
