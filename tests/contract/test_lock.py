"""The locks and the pins say what pyproject.toml says, for every system, without an address."""

import re
import shutil
import tomllib
from importlib.metadata import PackageNotFoundError, requires, version
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "tests" / "requirements.lock"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
ASKED = {
    LOCK: PROJECT["dependencies"] + EXTRAS["setup"],
    TEST_LOCK: PROJECT["dependencies"] + EXTRAS["setup"] + EXTRAS["test"],
}


def entries(lock: Path) -> dict[str, list[str]]:
    """Give the entries of a lock with the hashes of each."""
    blocks = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip())
    return {
        block.splitlines()[0].rstrip(" \\"): re.findall(r"--hash=sha256:([0-9a-f]{64})", block)
        for block in blocks
    }


def locked(lock: Path) -> list[Requirement]:
    """Give the entries of a lock as requirements."""
    return [Requirement(entry) for entry in entries(lock)]


def here(lock: Path) -> dict[str, str]:
    """Give name and version of what a lock installs on this machine."""
    return {
        canonicalize_name(entry.name): str(entry.specifier).removeprefix("==")
        for entry in locked(lock)
        if entry.marker is None or entry.marker.evaluate()
    }


def needs(name: str, extras: frozenset[str]) -> list[Requirement]:
    """Give what an installed package needs on this machine, with the extras that were asked for."""
    found = map(Requirement, requires(name) or [])
    choices = [{"extra": extra} for extra in extras or [""]]
    return [need for need in found if need.marker is None or any(map(need.marker.evaluate, choices))]


def closure(asked: list[str]) -> dict[str, list[Requirement]]:
    """Follow what is asked for through the installed packages; give all that is asked of each."""
    waiting, seen, found = [Requirement(item) for item in asked], set(), {}
    while waiting:
        need = waiting.pop()
        name = canonicalize_name(need.name)
        found.setdefault(name, []).append(need)
        if (name, frozenset(need.extras)) not in seen:
            seen.add((name, frozenset(need.extras)))
            waiting += needs(name, frozenset(need.extras))
    return found


def installed(name: str) -> str | None:
    """Give the version of an installed package."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


@pytest.mark.parametrize("path", [LOCK, TEST_LOCK, ROOT / "environment.yml"], ids=lambda path: path.name)
def test_no_address_and_no_path(path):
    """No address of an index and no path of a machine stands in a generated file."""
    text = path.read_text(encoding="utf-8")
    assert not re.findall(r"://|index-url|find-links|file:|/home/|/root/|/tmp/", text)


@pytest.mark.parametrize("lock", [LOCK, TEST_LOCK], ids=["base", "tests"])
def test_every_entry_is_exact_and_has_hashes(lock):
    """Each line of a lock is one exact version followed by its hashes."""
    for entry, hashes in entries(lock).items():
        assert [item.operator for item in Requirement(entry).specifier] == ["=="], entry
        assert len(hashes) == len(set(hashes)) >= 1, entry


@pytest.mark.parametrize("lock", [LOCK, TEST_LOCK], ids=["base", "tests"])
def test_lock_holds_what_pyproject_asks_for(lock):
    """Every dependency in pyproject.toml is locked, and every locked version of it satisfies it."""
    for asked in map(Requirement, ASKED[lock]):
        name = canonicalize_name(asked.name)
        versions = [entry for entry in locked(lock) if canonicalize_name(entry.name) == name]
        assert versions, f"{asked} is not locked: python3 start.py lock"
        for entry in versions:
            assert asked.specifier.contains(str(entry.specifier)[2:]), (
                f"{entry} is locked, {asked} is asked for"
            )


@pytest.mark.parametrize("lock", [LOCK, TEST_LOCK], ids=["base", "tests"])
def test_lock_is_whole_and_holds_nothing_else(lock):
    """On this machine a lock is what pyproject.toml needs, directly and through others: no more, no less."""
    pins = here(lock)
    strangers = {name: installed(name) for name in pins if installed(name) != pins[name]}
    if strangers:
        pytest.skip(f"this environment was not made from the lock (start.py setup --tests): {strangers}")
    found = closure(ASKED[lock])
    assert found.keys() == pins.keys()
    for name, wishes in found.items():
        for wish in wishes:
            assert wish.specifier.contains(pins[name], prereleases=True), f"{wish}, locked is {pins[name]}"


def test_tests_run_on_the_versions_that_people_get():
    """The lock of the tests holds the other one, entry by entry, hash by hash."""
    base, tests = entries(LOCK), entries(TEST_LOCK)
    for entry, hashes in base.items():  # what the tests need everywhere has no condition there
        assert tests.get(entry, tests.get(entry.partition(" ;")[0])) == hashes, entry


def test_what_fits_and_measures_the_model_is_never_locked():
    """No student waits for the tools that fit the simulator or that it is measured against."""
    names = {canonicalize_name(entry.name) for entry in locked(TEST_LOCK)}
    for extra in ("fit", "yardstick"):
        assert not names & {canonicalize_name(Requirement(item).name) for item in EXTRAS[extra]}


def test_every_dependency_has_a_reason():
    """Each line of a dependency in pyproject.toml ends with why it is there."""
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    for asked in [*PROJECT["dependencies"], *chain.from_iterable(EXTRAS.values())]:
        found = [line for line in lines if line.strip().startswith(f'"{asked}"')]
        assert found
        assert all(len(line.partition("#")[2].split()) >= 2 for line in found), found


def test_pins_drop_hashes_and_keep_conditions(lock_script):
    """A pin is the entry of the lock without its hashes."""
    text = "a==1 ; os_name == 'nt' \\\n    --hash=sha256:0 \\\n    --hash=sha256:1\nb==2\n"
    assert lock_script.pins(text) == ["a==1 ; os_name == 'nt'", "b==2"]


def test_pins_are_put_between_the_two_comments(lock_script):
    """Only the lines between the comments of environment.yml are written again."""
    old = f"name: x\n{lock_script.FIRST}\n      - gone==1\n{lock_script.LAST}\n      - -e .\n"
    new = lock_script.with_pins(old, ["a==1 ; os_name == 'nt'", "b==2"])
    middle = "      - \"a==1 ; os_name == 'nt'\"\n      - b==2\n"
    assert new == f"name: x\n{lock_script.FIRST}\n{middle}{lock_script.LAST}\n      - -e .\n"


def test_missing_comment_is_told(lock_script):
    """Without its comments environment.yml is left as it is, and the message says which to put back."""
    with pytest.raises(lock_script.LockError, match="put it back"):
        lock_script.with_pins("name: x\n", ["b==2"])


def test_package_without_a_wheel_is_refused(lock_script, index, tmp_path):
    """A package that has no wheel for one of the systems stops the lock, and is named."""
    lock = tmp_path / "one.lock"
    digest = "c097078b8031190c934ed0ebfee8cc5f9ba9642e6eb88322b9958b649750f72b"
    lock.write_text(f"uvloop==0.21.0 \\\n    --hash=sha256:{digest}\n", encoding="utf-8")
    with pytest.raises(lock_script.LockError, match=r"uvloop.*no usable wheels"):
        lock_script.check_wheels(lock, "x86_64-pc-windows-msvc", "3.12")


@pytest.mark.parametrize(
    "system", ["x86_64-manylinux_2_28", "aarch64-apple-darwin", "x86_64-pc-windows-msvc"]
)
def test_every_locked_package_has_a_wheel(lock_script, index, system):
    """The lock can be installed from wheels alone on each system, for the oldest and the newest Python."""
    assert system in lock_script.SYSTEMS
    for python in (lock_script.PYTHONS[0], lock_script.PYTHONS[-1]):
        lock_script.check_wheels(TEST_LOCK, system, python)


def test_locks_are_what_the_command_writes(lock_script, index, tmp_path):
    """Resolving again, with locked versions kept where they fit, gives the very files that are committed."""
    for fresh, committed in zip(lock_script.compiled(tmp_path), (LOCK, TEST_LOCK), strict=True):
        assert fresh.read_text(encoding="utf-8") == committed.read_text(encoding="utf-8")


def test_other_wish_makes_another_lock(lock_script, index, tmp_path, monkeypatch):
    """A changed dependency in pyproject.toml is noticed: the locks come out different."""
    for name in ("pyproject.toml", "README.md", "LICENSE", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path)
    text = (tmp_path / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(re.sub(r'(?m)^  "typer.*\n', "", text), encoding="utf-8")
    monkeypatch.setattr(lock_script, "ROOT", tmp_path)
    base, _ = lock_script.compiled(tmp_path)
    assert "typer==" in LOCK.read_text(encoding="utf-8")
    assert "typer==" not in base.read_text(encoding="utf-8")
