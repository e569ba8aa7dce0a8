"""The README tells the truth: its commands run, its files exist."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")

# A block marked 'sh' is run; one marked 'console' needs what the suite does not bring, such as conda.
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
COMMANDS = [line for mark, block in BLOCKS if mark == "sh" for line in block.splitlines()]
INLINE = re.findall(r"`(python3 start\.py[^`]*)`", README)
SHOWN = re.sub(r"<!--.*?-->", "", README, flags=re.DOTALL)
LINKS = re.findall(r"\]\(([^)#]+)\)", SHOWN)
NAMED = sorted({*LINKS, *re.findall(r"`([\w./-]+/|[\w./-]+\.(?:md|py|yml|toml|lock|ipynb))`", SHOWN)})
STARTS = {"python3 start.py", "python3 start.py test"}
WORDS_OF_START = {"setup", "test", "lock", "--help"}


def words(command: str) -> list[str]:
    """Give what follows 'python3 start.py'."""
    assert command.startswith("python3 start.py"), (
        f"{command!r} is not for everybody: it does not use start.py"
    )
    return shlex.split(command.removeprefix("python3 start.py"))


def effleurage(*said: str, where: Path) -> subprocess.CompletedProcess:
    """Run the installed command."""
    name = "effleurage.exe" if sys.platform == "win32" else "effleurage"
    line = [str(Path(sys.executable).with_name(name)), *said]
    return subprocess.run(line, cwd=where, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A folder in which a path of the checkout means the same, and new files do not touch it."""
    for name in ("protocols", "datasets", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def test_two_commands_come_first():
    """The first two commands are the start and the tests, as start.py knows them."""
    assert COMMANDS[:2] == ["python3 start.py", "python3 start.py test"]


def test_every_block_says_what_it_is():
    """A fenced block is marked 'sh' and run here, or 'console' and not ours."""
    assert {mark for mark, _ in BLOCKS} <= {"sh", "console"}
    assert all("start.py" not in block for mark, block in BLOCKS if mark == "console")


@pytest.mark.parametrize("command", [line for line in COMMANDS if line not in STARTS])
def test_command_runs(command, checkout):
    """A command of the README does what it says, in the folder of the suite."""
    done = effleurage(*words(command), where=checkout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("command", INLINE)
def test_command_in_a_sentence_exists(command, checkout):
    """A command named within a sentence is one of start.py, or one that effleurage knows."""
    first = [*words(command), "lab"][0]
    if first in WORDS_OF_START:
        assert first == "--help" or f"start.py {first}" in (ROOT / "start.py").read_text(encoding="utf-8")
    else:
        assert effleurage(first, "--help", where=checkout).returncode == 0


def test_parts_of_the_tests_exist():
    """The part of the tests that the README runs is there."""
    for command in INLINE:
        if words(command)[:1] == ["test"]:
            assert all((ROOT / name).exists() for name in words(command)[1:])


@pytest.mark.parametrize("name", NAMED)
def test_files_exist(name):
    """Every file, folder and picture that the README names is in the checkout."""
    assert (ROOT / name).exists()
