"""start.py, run for real on a small suite: with uv, with pip, interrupted, moved, twice at once."""

import hashlib
import json
import os
import signal
import subprocess
import time
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the doctored tools are shell scripts")


def seen(result) -> dict:
    """What the command of the small suite saw."""
    assert result.code in (0, 3), result.err
    return json.loads(result.out)


def steps(result) -> list[str]:
    """The steps that were done, as start.py counted them."""
    return [line.split("]")[0] + "]" for line in result.err.splitlines() if line.startswith("[")]


def made(place: Path) -> dict:
    """What the stamp says is finished; empty without one."""
    stamp = place / ".venv" / "effleurage-stamp.json"
    return json.loads(stamp.read_text(encoding="utf-8")) if stamp.exists() else {}


@pytest.fixture
def ready(place, tools, real_uv):
    """A small suite whose environment is made."""
    assert tools.run(place, "setup").code == 0
    return place


@pytest.mark.parametrize("installer", ["real_uv", "no_uv"])
def test_first_start_makes_the_environment_and_hands_over(place, tools, installer, request):
    """From nothing, with uv or with plain pip, the words reach the command inside the new environment."""
    request.getfixturevalue(installer)
    result = tools.run(place, "check", "a b.yaml", "--json")
    assert seen(result) == {
        "words": ["check", "a b.yaml", "--json"],
        "prefix": str(place / ".venv"),
        "folder": str(place),
        "active": str(place / ".venv"),
    }
    assert steps(result) == ["[1/2]", "[2/2]"]
    assert ("with pip: done" in result.err) == (installer == "no_uv")


def test_no_words_open_the_lab(ready, tools):
    """Without words the command is 'lab'."""
    assert seen(tools.run(ready))["words"] == ["lab"]


def test_exit_code_is_handed_on(ready, tools):
    """The exit code is that of the command."""
    assert tools.run(ready, "fail").code == 3


def test_second_start_touches_nothing(ready, tools):
    """When nothing changed, no step is done, no tool is called and no file of the suite is written."""
    tools.use("uv", "exit 9")
    before = {path: path.stat().st_mtime_ns for path in ready.rglob("*") if "__pycache__" not in path.parts}
    result = tools.run(ready, "check")
    after = {path: path.stat().st_mtime_ns for path in ready.rglob("*") if "__pycache__" not in path.parts}
    assert (result.code, result.err, before) == (0, "", after)


def test_changed_lock_makes_the_environment_anew(ready, tools):
    """Another lock means another environment: what stood in the old one is gone."""
    (ready / ".venv" / "old").touch()
    (ready / "requirements.lock").write_text("# other\n", encoding="utf-8")
    result = tools.run(ready, "setup")
    assert (result.code, steps(result)) == (0, ["[1/2]", "[2/2]"])
    assert not (ready / ".venv" / "old").exists()


def test_changed_pyproject_adds_the_project_again(ready, tools):
    """A changed pyproject.toml renews the command and leaves the packages alone."""
    (ready / ".venv" / "kept").touch()
    with (ready / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    result = tools.run(ready, "setup")
    assert (result.code, steps(result)) == (0, ["[1/1]"])
    assert (ready / ".venv" / "kept").exists()


def test_tests_are_added_once_and_only_when_asked_for(ready, tools):
    """'setup --tests' adds the tools of the tests to the environment that is there."""
    assert "tests" not in made(ready)
    assert steps(tools.run(ready, "setup", "--tests")) == ["[1/1]"]
    assert "tests" in made(ready)
    assert steps(tools.run(ready, "setup", "--tests")) == []
    assert steps(tools.run(ready, "setup")) == []


@pytest.mark.parametrize("installer", ["real_uv", "no_uv"])
def test_moved_folder_repairs_itself(place, tools, installer, request):
    """After the folder was moved the command runs from the new place, without a new environment."""
    request.getfixturevalue(installer)
    assert tools.run(place, "setup").code == 0
    moved = place.rename(place.with_name("verschoben übers Jahr"))
    result = tools.run(moved, "check")
    assert (seen(result)["folder"], seen(result)["prefix"]) == (str(moved), str(moved / ".venv"))
    assert steps(result) == ["[1/1]"]


@pytest.mark.parametrize("damage", ["no stamp", "half a stamp", "no python"])
def test_damaged_environment_is_made_anew(ready, tools, damage):
    """An environment without a whole stamp or without its Python is not trusted."""
    stamp = ready / ".venv" / "effleurage-stamp.json"
    {
        "no stamp": stamp.unlink,
        "half a stamp": lambda: stamp.write_text(stamp.read_text()[:20]),
        "no python": (ready / ".venv" / "bin" / "python").unlink,
    }[damage]()
    result = tools.run(ready, "check")
    assert (result.code, steps(result)) == (0, ["[1/2]", "[2/2]"])


def slow_uv(tools) -> Path:
    """Put a uv on the PATH that never ends by itself; it writes its process id into the file returned."""
    note = tools.folder / "slow.pid"
    tools.use("uv", f'echo $$ > "{note}.part"; /bin/mv "{note}.part" "{note}"; exec /bin/sleep 600')
    return note


def pid_in(note: Path) -> int:
    """Wait for the slow tool to be at work; give its process id."""
    while not note.exists():
        time.sleep(0.02)
    return int(note.read_text())


def alive(pid: int) -> bool:
    """Tell whether a process still runs."""
    state = Path(f"/proc/{pid}/stat")
    if state.exists():
        return state.read_text().split(") ")[1][0] != "Z"
    return subprocess.run(["/bin/kill", "-0", str(pid)], capture_output=True, check=False).returncode == 0


def test_interrupted_start_stops_its_tool_and_leaves_no_stamp(place, tools):
    """Ctrl-C says so in words, ends the installer, and the next start does the work."""
    note = slow_uv(tools)
    process = tools.popen(place, "check")
    pid = pid_in(note)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130
    assert "The next start goes on from here" in err
    assert "Traceback" not in err
    assert (alive(pid), made(place)) == (False, {})
    tools.use("uv", "exit 2")
    assert tools.run(place, "check").code == 0


def test_killed_start_is_repaired_after_its_tool_has_ended(place, tools):
    """A start killed outright leaves its installer behind: the next one waits for it, then builds anew."""
    note = slow_uv(tools)
    first = tools.popen(place, "check")
    pid = pid_in(note)
    first.kill()
    first.communicate()
    assert (alive(pid), made(place)) == (True, {})
    tools.use("uv", "exit 2")
    second = tools.popen(place, "check")
    assert "waiting for it to finish" in second.stderr.readline()
    os.kill(pid, signal.SIGKILL)
    out, err = second.communicate()
    assert (second.returncode, json.loads(out)["words"]) == (0, ["check"]), err


def test_two_starts_at_once_build_once(place, tools, real_uv):
    """A double click does no harm: one start builds, the other waits, both go on."""
    pair = [tools.popen(place, "check") for _ in range(2)]
    results = [process.communicate() for process in pair]
    assert [process.returncode for process in pair] == [0, 0], results
    assert sum(err.count("[1/2]") for _, err in results) == 1


def test_no_network_is_said_in_words(place, tools):
    """When neither uv nor pip can fetch, a sentence says what to do, and nothing is half there."""
    tools.use("uv", "echo 'error: Request failed: dns error: failed to lookup address' >&2; exit 2")
    hashed = "ghost-of-a-package==1.0 --hash=sha256:" + "0" * 64 + "\n"
    (place / "requirements.lock").write_text(hashed, encoding="utf-8")
    closed = {"PIP_NO_INDEX": "0", "PIP_INDEX_URL": "http://127.0.0.1:9/simple"}
    result = tools.run(place, "check", **closed)
    assert (result.code, made(place)) == (1, {})
    assert result.err.splitlines()[-1] == (
        "The packages could not be fetched. Connect to the network (this once), then start again."
    )


def test_full_disk_stops_at_once(place, tools):
    """When the installer says that the disk is full, no other way is tried."""
    tools.use("uv", "echo 'error: failed to write: No space left on device (os error 28)' >&2; exit 2")
    result = tools.run(place, "check")
    assert (result.code, made(place)) == (1, {})
    assert result.err.splitlines()[-1].startswith("The disk is full.")
    assert "with pip" not in result.err


def wheel_of_uv(folder: Path) -> tuple[Path, str]:
    """Make a wheel of a uv that notes its use and lets the real one do the work; give its hash."""
    from uv import find_uv_bin

    folder.mkdir()
    path, info = folder / "uv-99.0-py3-none-any.whl", "uv-99.0.dist-info"
    script = zipfile.ZipInfo("uv-99.0.data/scripts/uv")
    script.external_attr = 0o100755 << 16
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(script, f'#!/bin/sh\necho "$@" >> "{folder}/used"\nexec "{find_uv_bin()}" "$@"\n')
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: uv\nVersion: 99.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


def lock_uv(place: Path, digest: str) -> None:
    """Write uv into the lock of the tests."""
    entry = f"uv==99.0 \\\n    --hash=sha256:{digest}\n"
    (place / "tests" / "requirements.lock").write_text(entry, encoding="utf-8")


def test_uv_comes_from_the_lock_when_the_machine_has_none(place, tools, tmp_path):
    """Where there is no uv, the locked one is fetched and does the work, and is kept for the next time."""
    path, digest = wheel_of_uv(tmp_path / "index")
    lock_uv(place, digest)
    result = tools.run(place, "check", PIP_FIND_LINKS=str(path.parent))
    assert result.code == 0, result.err
    assert "pip install" in (path.parent / "used").read_text()
    path.unlink()
    (place / ".venv" / "effleurage-stamp.json").unlink()
    result = tools.run(place, "check")
    assert result.code == 0
    assert "installer uv" not in result.err


def test_uv_that_is_not_the_locked_one_is_not_used(place, tools, tmp_path):
    """A uv with another hash is refused, and pip does the work."""
    path, digest = wheel_of_uv(tmp_path / "index")
    lock_uv(place, digest[::-1])
    result = tools.run(place, "check", PIP_FIND_LINKS=str(path.parent))
    assert result.code == 0
    assert not (path.parent / "used").exists()
    assert "with pip: done" in result.err


def test_package_that_is_not_the_locked_one_is_refused(place, tools, tmp_path, no_uv):
    """A package with another hash than the lock's stops the set-up in words."""
    path, digest = wheel_of_uv(tmp_path / "index")
    (place / "requirements.lock").write_text(f"uv==99.0 --hash=sha256:{digest[::-1]}\n", encoding="utf-8")
    result = tools.run(place, "check", PIP_FIND_LINKS=str(path.parent))
    assert (result.code, made(place)) == (1, {})
    assert "not the one that was locked" in result.err.splitlines()[-1]
