"""Write requirements.lock, tests/requirements.lock and the pins in environment.yml from pyproject.toml.

    python3 start.py lock               keep the versions that still fit
    python3 start.py lock --upgrade     take the newest that fit

The locks hold exact versions with hashes for every system, and no address. Nothing is written when a
package has no wheel for one of the three systems.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "tests" / "requirements.lock"
ENVIRONMENT = ROOT / "environment.yml"
SYSTEMS = ("x86_64-manylinux_2_28", "aarch64-apple-darwin", "x86_64-pc-windows-msvc")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")

COMPILE = ("--universal", "--python-version", PYTHONS[0], "--generate-hashes", "--no-header", "--no-annotate")
FIRST = "      # from here on written by 'python3 start.py lock'"
LAST = "      # the checkout itself"


class LockError(Exception):
    """The locks cannot be made; says which package is to blame."""


def main(words: list[str]) -> int:
    """Make all three files, or none."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            locks = compiled(Path(folder), *words)
            for system, python in product(SYSTEMS, PYTHONS):
                check_wheels(locks[1], system, python)  # it holds all that the other holds
            texts = [lock.read_text(encoding="utf-8") for lock in locks]
        environment = with_pins(ENVIRONMENT.read_text(encoding="utf-8"), pins(texts[0]))
    except LockError as error:
        print(error, file=sys.stderr)
        return 1
    for path, text in zip((LOCK, TEST_LOCK, ENVIRONMENT), (*texts, environment), strict=True):
        path.write_text(text, encoding="utf-8", newline="\n")
    return 0


def compiled(folder: Path, *more: str) -> tuple[Path, Path]:
    """Resolve into a folder: the lock of everybody and that of the tests, with the same versions in both."""
    base, tests = folder / "base.lock", folder / "tests.lock"
    for old, new in ((LOCK, base), (TEST_LOCK, tests)):
        if old.exists():
            shutil.copy(old, new)  # uv keeps the versions that it finds in its output
    words = ("pip", "compile", "pyproject.toml", *COMPILE, "--no-build", "--extra", "setup", *more)
    uv(*words, "--extra", "test", "--output-file", str(tests))
    uv(*words, "--constraint", str(tests), "--output-file", str(base))
    return base, tests


def check_wheels(lock: Path, system: str, python: str) -> None:
    """Refuse a lock that one of the systems could not install from wheels alone."""
    options = ("--dry-run", "--no-build", "--require-hashes", "-r", str(lock))
    with tempfile.TemporaryDirectory() as empty:
        where = ("--python-platform", system, "--python-version", python, "--target", empty)
        uv("pip", "install", *options, *where)


def uv(*words: str) -> None:
    """Run the uv of the environment in the checkout."""
    line = [sys.executable, "-m", "uv", *words]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise LockError(f"uv {' '.join(words)}\n{done.stderr.strip()}")


def pins(lock: str) -> list[str]:
    """Give the exact versions of a lock without their hashes.

    >>> pins("numpy==2.4.6 ; python_version < '3.12' \\\\\n    --hash=sha256:00\npandas==3.1.1\n")
    ["numpy==2.4.6 ; python_version < '3.12'", 'pandas==3.1.1']
    """
    return [line.rstrip(" \\") for line in lock.splitlines() if re.match(r"[A-Za-z0-9]", line)]


def with_pins(environment: str, pins: list[str]) -> str:
    """Give environment.yml with these pins between its two comments."""
    before, first, rest = environment.partition(f"{FIRST}\n")
    _, last, after = rest.partition(f"{LAST}\n")
    if not first or not last:
        raise LockError(f"environment.yml lacks the line {FIRST.strip()!r} or {LAST.strip()!r}; put it back.")
    return before + first + "".join(f"      - {quoted(pin)}\n" for pin in pins) + last + after


def quoted(pin: str) -> str:
    """Give a pin as YAML takes it: in quotes when it has a marker."""
    return f'"{pin}"' if ";" in pin else pin


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
