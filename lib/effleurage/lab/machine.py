"""Does this machine have what the suite needs? Answered in words, with what to do when it does not."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from effleurage import paths

OLDEST_PYTHON = (3, 11)
LEAST_FREE_BYTES = 500_000_000
REPAIR = "Close JupyterLab and start again with 'python3 start.py': it mends the environment."


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: its name, whether all is well, and what was found in words."""

    name: str
    ok: bool
    words: str


def check_machine(work: Path) -> tuple[Check, ...]:
    """Look at Python, the packages, the working folder and the disk.

    Args:
        work: The folder of the working copy.

    >>> [check.name for check in check_machine(Path("."))]
    ['Python', 'Packages', 'Your folder', 'Free space']
    """
    return python(sys.version_info[:3]), packages(wanted()), folder(work), space(work)


def python(version: tuple[int, ...]) -> Check:
    """Look at the version of Python.

    >>> python((3, 9, 1)).ok
    False
    """
    shown, oldest = ".".join(map(str, version)), ".".join(map(str, OLDEST_PYTHON))
    if version >= OLDEST_PYTHON:
        return Check("Python", ok=True, words=f"Version {shown} is new enough.")
    return Check("Python", ok=False, words=f"Version {shown} is too old. Install Python {oldest} or newer.")


def wanted() -> tuple[Requirement, ...]:
    """Return the packages of the lock that lies beside a checkout, else what the installed suite asks for."""
    lock = paths.root() / "requirements.lock"
    if lock.is_file():
        return tuple(_pins(lock.read_text(encoding="utf-8").splitlines()))
    try:
        return tuple(_pins(metadata.requires("effleurage") or []))
    except metadata.PackageNotFoundError:
        return ()


def _pins(lines: list[str]) -> Iterator[Requirement]:
    """Yield the requirements that hold on this machine; hashes, comments and extras are left out."""
    for line in lines:
        try:
            pin = Requirement(line.split(" --hash")[0].rstrip(" \\"))
        except InvalidRequirement:
            continue
        if pin.marker is None or pin.marker.evaluate({"extra": ""}):
            yield pin


def packages(pins: tuple[Requirement, ...]) -> Check:
    """Compare the installed packages with those that are wanted.

    >>> packages((Requirement("pydantic>=2"), Requirement("pydantic==0.1"))).words
    "Differs: pydantic ... (0.1 is wanted). Close JupyterLab and start again with ..."
    """
    if not pins:
        found = f"The list of packages is missing, so they were not compared. {REPAIR}"
        return Check("Packages", ok=False, words=found)
    wrong = [words for pin in pins if (words := _difference(pin))]
    if not wrong:
        return Check(
            "Packages", ok=True, words=f"All {len(pins)} are there, in the versions that were tried."
        )
    more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
    return Check("Packages", ok=False, words=f"{'; '.join(wrong[:3])}{more}. {REPAIR}")


def _difference(pin: Requirement) -> str:
    """Say how the installed version differs from the wanted one; empty when it does not."""
    want = str(pin.specifier).removeprefix("==")
    try:
        version = metadata.version(pin.name)
    except metadata.PackageNotFoundError:
        return f"Missing: {pin.name} {want}"
    if pin.specifier.contains(version, prereleases=True):
        return ""
    return f"Differs: {pin.name} {version} ({want} is wanted)"


def folder(work: Path) -> Check:
    """Try to write a file into the working folder."""
    do = "Give yourself the right to write there, or start with '--work' and another folder."
    try:
        with tempfile.NamedTemporaryFile(dir=work, prefix=".can-write-") as handle:
            handle.write(b"yes")
            handle.flush()
            os.fsync(handle.fileno())
    except OSError as error:
        return Check("Your folder", ok=False, words=f"{work} cannot be written ({error.strerror}). {do}")
    return Check("Your folder", ok=True, words=f"{work} can be written.")


def space(work: Path) -> Check:
    """Look at the free space of the disk that holds the working folder."""
    try:
        free = shutil.disk_usage(work).free
    except OSError as error:
        return Check("Free space", ok=False, words=f"It cannot be told ({error.strerror}).")
    if free >= LEAST_FREE_BYTES:
        return Check("Free space", ok=True, words=f"{_size(free)} are free.")
    words = (
        f"Only {_size(free)} are free. Make room: {_size(LEAST_FREE_BYTES)} or more, so that saving works."
    )
    return Check("Free space", ok=False, words=words)


def _size(count: float) -> str:
    """Say a number of bytes in words.

    >>> _size(1_234_000_000), _size(99_000_000)
    ('1.2 GB', '99 MB')
    """
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
