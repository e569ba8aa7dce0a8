"""Make the environment of Effleurage when it is missing or out of date, then hand over to it.

    python3 start.py            open JupyterLab on the start page
    python3 start.py setup      only make the environment; 'setup --tests' adds what the tests need
    python3 start.py test       pass the tests; more words go to pytest
    python3 start.py lock       write the locks again from pyproject.toml
    python3 start.py WORDS      hand the words to the command 'effleurage', for example: check

Nothing but Python 3.11 or newer is needed, and the network the first time. Standard library only.
"""

# The environment is built in steps. A step is done when the stamp holds its fingerprint, and the stamp is
# written after the work: whatever interrupts a step, the next start does it again. An old Python must be
# able to read this file, or it could not say that it is too old.
from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO

if os.name == "nt":
    import msvcrt
else:
    import fcntl

OLDEST = (3, 11)
WINDOWS = os.name == "nt"
BACK = "\r" if sys.stderr and sys.stderr.isatty() else ""  # to write over a line that shows progress
MEGABYTES = {"packages": 900, "project": 20, "tests": 500}  # free room to ask for before a step begins

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
EFFLEURAGE = BIN / ("effleurage.exe" if WINDOWS else "effleurage")
STAMP = VENV / "effleurage-stamp.json"
BUSY = ROOT / ".venv.busy"
LOG = ROOT / ".venv.log"
TOOLS = ROOT / ".venv.tools"
BASE = getattr(sys, "_base_executable", None) or sys.executable  # never the Python inside .venv itself
LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "tests" / "requirements.lock"
PYPROJECT = ROOT / "pyproject.toml"
HASHED = ["--require-hashes", "--only-binary", ":all:", "--no-deps"]

# What the tools print when they fail, and what a person can do about it. The first that fits is told.
FULL = "The disk is full. Make room (about 1 GB), then start again."
REASONS = {
    r"No space left|not enough space|Disk quota|os error (28|112)\b": FULL,
    r"No module named '?(venv|ensurepip)|ensurepip is not available": (
        "This Python lacks its module 'venv'. On Debian and Ubuntu: sudo apt install python3-venv python3-pip"
    ),
    r"hash mismatch|do not match the hashes": (
        "A package that came is not the one that was locked, and was left out. Try another network."
    ),
    r"dns error|name resolution|getaddrinfo|unreachable|timed out|error sending request|Failed to fetch"
    r"|NewConnectionError|Connection (refused|reset|aborted)|ProxyError|SSLError|certificate": (
        "The packages could not be fetched. Connect to the network (this once), then start again."
    ),
    r"no (usable|compatible) wheels|No matching distribution": (
        "A package does not exist for this kind of machine. Take conda instead: README, 'Conda and Binder'."
    ),
    r"Read-only file system|Permission denied|Access is denied|os error (5|13|30)\b": (
        f"The folder {ROOT} cannot be written. Copy it to a folder of your own and start there."
    ),
}


class Stop(Exception):
    """A reason to stop, in a sentence that says what to do."""


def main(words: list[str]) -> int:
    """Do what the words ask for; give the exit code."""
    try:
        return run(words)
    except Stop as reason:
        say(str(reason))
    except KeyboardInterrupt:
        say("\nStopped. The next start goes on from here.")
        return 130
    except OSError as error:
        say(reason_in(f"{error} {error.strerror}") or f"{error}. Put that right, then start again.")
    return 1


def run(words: list[str]) -> int:
    """Make what is missing, then hand over to the command that was asked for."""
    check_python(sys.version_info[:3])
    command, rest = (words[0], words[1:]) if words else ("lab", [])
    if command in ("-h", "--help"):
        print(__doc__.strip())
        return 0
    if command == "setup" and rest not in ([], ["--tests"]):
        raise Stop(f"'setup' takes nothing or --tests, not {' '.join(rest)!r}.")
    with_tests = command in ("test", "lock") or (command == "setup" and bool(rest))
    make(["packages", "project", *(["tests"] if with_tests else [])])
    if command == "setup":
        say(f"The environment is ready: {VENV}")
        return 0
    return hand_over(line_for(command, rest))


def line_for(command: str, rest: list[str]) -> list[str]:
    """Give the command line that does the work inside the environment."""
    if command == "test":
        workers = str(min(4, max(2, os.cpu_count() or 2)))
        return [str(PYTHON), "-m", "pytest", "-n", workers, "--dist", "loadfile", *rest]
    if command == "lock":
        return [str(PYTHON), str(ROOT / ".ci" / "lock.py"), *rest]
    return [str(EFFLEURAGE), command, *rest]


def hand_over(line: list[str]) -> int:
    """Go on as another program; on Windows wait for it, since it cannot take this one's place."""
    environment = inside()
    sys.stdout.flush()
    sys.stderr.flush()
    if not WINDOWS:
        os.execve(line[0], line, environment)
    process = subprocess.Popen(line, env=environment)
    while True:
        with contextlib.suppress(KeyboardInterrupt):  # the program gets it as well, and decides
            return process.wait()


def inside() -> dict[str, str]:
    """Give the variables of a shell in which the environment is active."""
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONHOME"}
    variables["VIRTUAL_ENV"] = str(VENV)
    variables["PATH"] = os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)])
    return variables


def say(text: str, end: str = "\n") -> None:
    """Tell the person; standard output is left to the program that is handed over to."""
    print(text, end=end, file=sys.stderr, flush=True)


def check_python(version: tuple[int, ...]) -> None:
    """Refuse a Python that is too old, and name a newer one if the machine has it."""
    if version >= OLDEST:
        return
    names = [f"python3.{minor}" for minor in range(19, OLDEST[1] - 1, -1)]
    newer = next(filter(runs, names), None)
    do = f"Run: {newer} start.py" if newer else "Install a newer Python, then start again."
    raise Stop(f"Python 3.11 or newer is needed; this is {'.'.join(map(str, version))}. {do}")


def runs(python: str) -> bool:
    """Tell whether a Python of that name is on the machine and works."""
    path = shutil.which(python)
    return bool(path) and subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0


# What is there, what is due


def fingerprints() -> dict[str, str]:
    """Give for each step what its result depends on, as a short hash."""
    machine = f"{sys.platform} {platform.machine()} {sys.implementation.cache_tag}".encode()
    packages = digest(machine, LOCK.read_bytes())
    return {
        "packages": packages,
        "project": digest(packages.encode(), PYPROJECT.read_bytes(), os.fsencode(ROOT)),
        "tests": digest(packages.encode(), TEST_LOCK.read_bytes()),
    }


def digest(*parts: bytes) -> str:
    """Give one hash of several pieces."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def stamp() -> dict[str, str]:
    """Give the fingerprints of the steps that were finished; none when the stamp cannot be read."""
    try:
        done = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return done if isinstance(done, dict) and PYTHON.exists() else {}


def due(steps: list[str]) -> list[str]:
    """Give those of the steps that are not done, or not as the files now ask for."""
    wanted, done = fingerprints(), stamp()
    if done.get("packages") != wanted["packages"]:
        return steps  # the environment is made anew, so everything is due
    return [step for step in steps if done.get(step) != wanted[step]]


def mark(step: str, fingerprint: str) -> None:
    """Write down that a step is finished, in one move."""
    part = STAMP.with_suffix(".part")
    part.write_text(json.dumps({**stamp(), step: fingerprint}), encoding="utf-8")
    part.replace(STAMP)


def locked(path: Path) -> int:
    """Count the packages in a lock that every machine gets."""
    return len(re.findall(r"^[\w.-]+==[^;\n]+$", path.read_text(encoding="utf-8"), re.MULTILINE))


# Making it


def make(steps: list[str]) -> None:
    """Do the steps that are due, one start at a time; touch nothing when none is."""
    if not due(steps):
        return
    with alone():
        waiting, wanted = due(steps), fingerprints()
        check_room(waiting)
        for number, step in enumerate(waiting, 1):
            STEPS[step](f"[{number}/{len(waiting)}]")
            mark(step, wanted[step])


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let one start build at a time; the system lets go when this process and its helpers are gone."""
    with BUSY.open("a") as file:
        os.set_inheritable(file.fileno(), True)  # an installer that outlives us keeps the others waiting
        if taken(file):
            say("Another start is at work in this folder; waiting for it to finish.")
            while taken(file):
                time.sleep(0.5)
        yield


def taken(file: IO[str]) -> bool:
    """Try to take the lock on an open file; tell whether somebody else has it."""
    try:
        if WINDOWS:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return True
    except OSError:
        return False  # this kind of disk knows no locks: go on without
    return False


def check_room(steps: list[str]) -> None:
    """Refuse to begin what the disk cannot hold."""
    free, need = shutil.disk_usage(ROOT).free // 1_000_000, sum(MEGABYTES[step] for step in steps)
    if free < need:
        raise Stop(
            f"The disk has {free} MB left and about {need} MB are needed. Make room, then start again."
        )


def make_packages(step: str) -> None:
    """Make an empty environment in place of the old one and fill it from the lock."""
    say(f"{step} Making the environment; the first time this takes a minute or two.")
    remove_old()
    bare = ["--without-pip"] if base_has_pip() else []
    trouble = attempt([BASE, "-m", "venv", *bare, str(VENV)], "an empty environment")
    if trouble:
        raise Stop(trouble)
    install(f"{locked(LOCK)} packages", *HASHED, "-r", str(LOCK))


def make_project(step: str) -> None:
    """Put this checkout into the environment: without the network, and again when the folder was moved."""
    say(f"{step} Adding Effleurage itself.")
    install("effleurage", "--no-deps", "--no-build-isolation", "-e", str(ROOT))


def make_tests(step: str) -> None:
    """Add what the tests need."""
    say(f"{step} Adding what the tests need.")
    install(f"{locked(TEST_LOCK) - locked(LOCK)} packages", *HASHED, "-r", str(TEST_LOCK))


STEPS = {"packages": make_packages, "project": make_project, "tests": make_tests}


def remove_old() -> None:
    """Remove an old or half-made environment; its stamp goes first."""
    with contextlib.suppress(FileNotFoundError):
        STAMP.unlink()
    try:
        if VENV.exists():
            shutil.rmtree(VENV)
    except OSError as error:
        do = "Close every JupyterLab, then start again."
        raise Stop(f"The old environment {VENV} cannot be removed ({error.strerror}). {do}") from error


# Tools


def install(what: str, *words: str) -> None:
    """Install with the first tool that manages it."""
    trouble = None
    for name, tool in installers():
        trouble = attempt([*tool, *words], f"{what}, with {name}")
        if not trouble:
            return
        if trouble == FULL:
            break
    raise Stop(trouble)


def installers() -> Iterator[tuple[str, list[str]]]:
    """Yield the ways to install, best first: uv, uv with what it fetched before, plain pip."""
    uv = shutil.which("uv") or own_uv()
    if uv:
        words = [uv, "pip", "install", "--python", str(PYTHON), "--compile-bytecode"]
        yield "uv", words
        yield "uv and what it kept", [*words, "--offline"]
    yield "pip", pip("--python", str(PYTHON))


def own_uv() -> str | None:
    """Give our own uv, fetched by pip as the lock of the tests has it; None when that fails."""
    name = "uv.exe" if WINDOWS else "uv"
    if not any(TOOLS.glob(f"*/{name}")):
        fetch_uv()
    return next((str(path) for path in TOOLS.glob(f"*/{name}") if path.is_file()), None)


def fetch_uv() -> None:
    """Fetch uv into a folder of its own, which appears in one move."""
    part, wanted = TOOLS.with_suffix(".part"), TOOLS.with_suffix(".txt")
    entry = re.search(r"^uv==.*(\n    .*)+", TEST_LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    if not entry:
        return
    wanted.write_text(entry[0], encoding="utf-8")
    shutil.rmtree(part, ignore_errors=True)
    trouble = attempt(
        [*pip(), *HASHED, "-r", str(wanted), "--target", str(part)], "the installer uv, with pip"
    )
    wanted.unlink()
    if not trouble:
        shutil.rmtree(TOOLS, ignore_errors=True)
        part.replace(TOOLS)


def pip(*words: str) -> list[str]:
    """Give pip's own command to install: that of the base Python, else that of the environment."""
    start = [BASE, "-m", "pip", *words] if base_has_pip() else [str(PYTHON), "-m", "pip"]
    return [*start, "install", "--no-input", "--retries", "2", "--timeout", "20"]


@lru_cache(maxsize=None)
def base_has_pip() -> bool:
    """Tell whether the Python that makes the environment brings pip."""
    return subprocess.run([BASE, "-c", "import pip"], capture_output=True, check=False).returncode == 0


def attempt(line: list[str], label: str) -> str | None:
    """Run a tool and show that it is at work; give None, or the trouble in words."""
    began = time.monotonic()
    try:
        with LOG.open("wb") as log:
            code = watch(line, log, label)
    except OSError as error:
        return reason_in(str(error)) or f"{line[0]} does not run: {error.strerror}."
    said = LOG.read_text(encoding="utf-8", errors="replace")
    say(f"{BACK}  {label}: {'did not work' if code else 'done'} after {time.monotonic() - began:.0f} s")
    return (reason_in(said) or last_line(said)) if code else None


def watch(line: list[str], log: IO[bytes], label: str) -> int:
    """Run a tool to its end, with the time on the screen; when we are stopped, it is stopped as well."""
    began = time.monotonic()
    process = subprocess.Popen(
        line, cwd=ROOT, env=quiet(), close_fds=False, stdin=subprocess.DEVNULL, stdout=log, stderr=log
    )
    try:
        while process.poll() is None:
            time.sleep(0.1)
            if BACK:
                say(f"{BACK}  {label}: {arrived()} there after {time.monotonic() - began:.0f} s ", end="")
    except BaseException:
        process.kill()
        process.wait()
        raise
    return process.returncode


def arrived() -> int:
    """Count the packages that are in the environment by now."""
    folder = sysconfig.get_path("purelib", vars={"base": str(VENV)})
    return len(list(Path(folder).glob("*.dist-info")))


def quiet() -> dict[str, str]:
    """Give the variables for the tools: their settings as the user has them, without surprises for a log."""
    variables = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "VIRTUAL_ENV")
    }
    return {**variables, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "UV_NO_PROGRESS": "1"}


def reason_in(text: str) -> str | None:
    """Find in what a tool said the trouble that a person can do something about."""
    return next(
        (words for pattern, words in REASONS.items() if re.search(pattern, text, re.IGNORECASE)), None
    )


def last_line(text: str) -> str:
    """Give what a tool said last, and where the rest stands."""
    lines = [line.strip() for line in text.splitlines() if line.strip()] or ["It said nothing."]
    return f"{lines[-1]} All that was said stands in {LOG.name}; start again when it is put right."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
