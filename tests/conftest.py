"""What all tests share: the settings of hypothesis, and what happens where a machine has no browser."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]
BROWSER_TESTS = ROOT / "tests" / "browser"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
GET_ONE = "install Chromium (Debian, Ubuntu: sudo apt install chromium) or name one in EFFLEURAGE_BROWSER"

# No time limit: a busy machine is no defect. The same examples each time in CI, so that a failure repeats.
settings.register_profile("machine", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "machine")


def browser_required() -> bool:
    """Tell whether a browser test may not be skipped here."""
    return os.environ.get("CI") == "true" or os.environ.get("EFFLEURAGE_BROWSER") == "required"


def find_browser() -> str | None:
    """Find Chromium or a relative: the one named in EFFLEURAGE_BROWSER, else one on the PATH."""
    named = os.environ.get("EFFLEURAGE_BROWSER", "")
    return shutil.which(named) or next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser; the test waits, or fails where it is required, when there is none."""
    path = find_browser()
    if path is None:
        pytest.skip(f"waits for a browser: {GET_ONE}")
    return path


@dataclass
class Lab:
    """An `effleurage lab` that runs: its address, the working copy, the state folder, the process."""

    address: str
    work: Path
    state: Path
    process: subprocess.Popen

    def stop(self) -> tuple[int, str]:
        """Press Ctrl-C; return the exit code and the last words."""
        if self.process.poll() is None:
            self.process.send_signal(signal.CTRL_C_EVENT if os.name == "nt" else signal.SIGINT)
        try:
            said = self.process.communicate(timeout=60)[0]
        finally:
            self.process.kill()
        return self.process.returncode, said


@pytest.fixture(scope="session")
def open_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Lab]]:
    """Open `effleurage lab` as a newcomer does, without a browser; every one is closed at the end."""
    opened: list[Lab] = []

    def start(work: Path | None = None, state: Path | None = None, **variables: str) -> Lab:
        home = tmp_path_factory.mktemp("home")
        work, state = work or home / "Été 1" / "Effleurage", state or home / "state"
        command = [sys.executable, "-m", "effleurage.cli", "lab", "--work", str(work), "--no-browser"]
        environment = os.environ | {"EFFLEURAGE_STATE": str(state), "PYTHONUTF8": "1"} | variables
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment
        )
        said = iter(process.stdout.readline, "")
        address = next((found[0] for line in said if (found := re.search(r"http://\S+", line))), "")
        opened.append(Lab(address, work, state, process))
        assert address, f"effleurage lab said no address and ended with {process.wait(60)}"
        return opened[-1]

    yield start
    for lab in opened:
        lab.stop()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let the tests of the browser wait when the machine has none."""
    if BROWSER_TESTS in item.path.parents and find_browser() is None:
        pytest.skip(f"waits for a browser: {GET_ONE}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Turn a skipped test of the browser into a failed one where a browser is required."""
    report = yield
    if report.skipped and browser_required() and BROWSER_TESTS in item.path.parents:
        report.outcome = "failed"
        report.longrepr = f"skipped, but a browser is required here: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests that wait for a browser, and how to get one."""
    waiting = [
        report.nodeid
        for report in terminalreporter.stats.get("skipped", [])
        if "waits for a browser" in str(report.longrepr)
    ]
    if waiting:
        terminalreporter.section("these tests wait for a browser")
        terminalreporter.write_line("\n".join(waiting))
        terminalreporter.write_line(f"To run them, {GET_ONE}.")
