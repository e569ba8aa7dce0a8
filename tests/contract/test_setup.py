"""start.py, function by function: what it refuses, what it says, what it hands on."""

import ast
import errno
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = (ROOT / "start.py").read_text(encoding="utf-8")

# What uv, pip, venv and the system really print, and the beginning of the sentence that it becomes.
SAID = [
    ("error: failed to copy file: No space left on device (os error 28)", "The disk is full."),
    ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left", "The disk is full."),
    ("error: There is not enough space on the disk. (os error 112)", "The disk is full."),
    (
        "cause: dns error: failed to lookup address information: Name or service not known",
        "The packages could",
    ),
    (
        "WARNING: Retrying (Retry(total=1)) NewConnectionError: [Errno 111] Connection refused",
        "The packages could",
    ),
    ("ReadTimeoutError: HTTPSConnectionPool: Read timed out.", "The packages could"),
    ("cause: invalid peer certificate: UnknownIssuer", "The packages could"),
    ("/usr/bin/python3: No module named venv", "This Python lacks its module 'venv'."),
    ("not created successfully because ensurepip is not available.", "This Python lacks its module 'venv'."),
    ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "A package that came"),
    ("error: Hash mismatch for `numpy==2.4.6`", "A package that came"),
    ("cause: Because x==1 has no usable wheels and you require x==1", "A package does not exist"),
    ("ERROR: No matching distribution found for pywinpty==3.1.2", "A package does not exist"),
    ("[Errno 30] Read-only file system: '.venv'", "The folder"),
    ("error: failed to create directory: Permission denied (os error 13)", "The folder"),
]


@pytest.mark.parametrize(("said", "sentence"), SAID)
def test_trouble_becomes_a_sentence(start, said, sentence):
    """What a tool prints when it fails is told as something a person can do."""
    assert start.reason_in(f"Using Python 3.11\n{said}\nhint: see above\n").startswith(sentence)


def test_unknown_trouble_is_shown_with_the_place_of_the_rest(start):
    """Trouble that nobody foresaw is shown as the tool said it, with the name of the log."""
    assert start.reason_in("error: gremlins") is None
    assert start.last_line("hm\nerror: gremlins\n\n").startswith("error: gremlins")
    assert ".venv.log" in start.last_line("")


@pytest.mark.parametrize("version", [(3, 8, 18), (3, 10, 99), (2, 7, 18)])
def test_old_python_is_refused_in_a_sentence(start, version, monkeypatch):
    """A Python below 3.11 is refused, and the sentence names the version found and what to do."""
    monkeypatch.setattr(start, "runs", lambda name: False)
    with pytest.raises(start.Stop, match=r"3\.11 or newer is needed; this is ") as refused:
        start.check_python(version)
    assert ".".join(map(str, version)) in str(refused.value)
    assert "Install a newer Python" in str(refused.value)


def test_newer_python_on_the_machine_is_named(start, monkeypatch):
    """When a newer Python is there and works, the sentence says how to use it."""
    monkeypatch.setattr(start, "runs", lambda name: name == "python3.12")
    with pytest.raises(start.Stop, match=r"Run: python3\.12 start\.py"):
        start.check_python((3, 9, 2))


def test_python_counts_as_there_only_when_it_runs(start, tools, monkeypatch):
    """A name on the PATH that does not start, as version managers leave them, is not offered."""
    monkeypatch.setenv("PATH", str(tools.folder))
    tools.use("python3.12", "exit 127")
    tools.use("python3.11", "exit 0")
    assert [start.runs(f"python3.{minor}") for minor in (11, 12, 13)] == [True, False, False]


def test_python_of_today_is_accepted(start):
    """3.11 and later pass without a word."""
    assert [start.check_python(version) for version in ((3, 11, 0), (3, 14, 1), (4, 0, 0))] == [None] * 3


def test_old_python_can_read_the_file(start):
    """The file holds no word that Python 3.8 could not read, or it could not say that it is too old."""
    assert ast.parse(SOURCE, feature_version=(3, 8)).body


def test_standard_library_only(start):
    """start.py runs before anything is installed."""
    found = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(SOURCE))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert found - {"__future__"} <= sys.stdlib_module_names


def test_full_disk_is_refused_before_anything_is_made(start, monkeypatch):
    """The room is checked first; the sentence names what is left and what is needed."""
    monkeypatch.setattr(start.shutil, "disk_usage", lambda path: SimpleNamespace(free=120_000_000))
    with pytest.raises(start.Stop, match=r"120 MB left and about 920 MB are needed\. Make room"):
        start.make(["packages", "project"])
    assert not start.VENV.exists()


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(errno.EROFS, "The folder "), (errno.EACCES, "The folder "), (errno.ENOSPC, "The disk is full")],
)
def test_errors_of_the_system_become_sentences(start, monkeypatch, capsys, number, sentence):
    """A folder that cannot be written, or a disk that fills up while we write, ends in words and in 1."""

    def fail(steps):
        raise OSError(number, os.strerror(number), str(start.BUSY))

    monkeypatch.setattr(start, "make", fail)
    assert start.main(["check"]) == 1
    out, err = capsys.readouterr()
    assert (out, err.startswith(sentence)) == ("", True)


def test_environment_in_use_is_not_torn_down_without_a_word(start, monkeypatch):
    """When the old environment cannot be removed, the sentence says to close JupyterLab."""

    def fail(path):
        raise OSError(errno.EACCES, "Access is denied", str(path))

    start.VENV.mkdir()
    monkeypatch.setattr(start.shutil, "rmtree", fail)
    with pytest.raises(start.Stop, match=r"cannot be removed \(Access is denied\)\. Close every JupyterLab"):
        start.remove_old()


def test_missing_venv_module_is_said(start, monkeypatch, tools):
    """A Python without its venv module, as Debian has it, leads to the command that adds it."""
    fake = tools.use("python3", 'case "$*" in *venv*) echo "$0: No module named venv"; exit 1;; esac')
    monkeypatch.setattr(start, "BASE", str(fake))
    with pytest.raises(start.Stop, match="sudo apt install python3-venv"):
        start.make_packages("[1/1]")


def test_python_without_pip_gets_it_from_the_environment(start, monkeypatch, tools):
    """When the base Python has no pip, the environment is made with one and that one is used."""
    fake = tools.use("python3", 'case "$*" in *"import pip"*) exit 1;; esac')
    monkeypatch.setattr(start, "BASE", str(fake))
    assert start.pip("--python", "x")[:3] == [str(start.PYTHON), "-m", "pip"]


def test_pip_is_asked_to_work_in_the_environment(start):
    """The base pip installs into the environment, not beside itself."""
    start.base_has_pip.cache_clear()
    assert start.pip("--python", "x")[:6] == [start.BASE, "-m", "pip", "--python", "x", "install"]


def test_tool_that_cannot_be_started_is_trouble_not_a_crash(start, tmp_path):
    """A program that is missing or is no program is reported in words."""
    text = tmp_path / "uv"
    text.write_text("no program")
    assert "does not run" in start.attempt([str(tmp_path / "nothing")], "x")
    assert start.attempt([str(text)], "x")


def test_environment_is_active_for_what_is_handed_to(start, monkeypatch):
    """The program finds the environment first on its PATH, and no PYTHONHOME of another Python."""
    monkeypatch.setenv("PYTHONHOME", "/somewhere")
    variables = start.inside()
    assert variables["PATH"].split(os.pathsep)[0] == str(start.BIN)
    assert (variables["VIRTUAL_ENV"], "PYTHONHOME" in variables) == (str(start.VENV), False)


def test_words_lead_to_programs(start):
    """'test' is pytest on several workers, 'lock' the script for the locks, all else effleurage."""
    test = start.line_for("test", ["-k", "plan"])
    assert test[:4] == [str(start.PYTHON), "-m", "pytest", "-n"]
    assert int(test[4]) >= 2
    assert test[5:] == ["--dist", "loadfile", "-k", "plan"]
    assert start.line_for("lock", ["--upgrade"])[1:] == [str(start.ROOT / ".ci" / "lock.py"), "--upgrade"]
    assert start.line_for("check", ["a.yaml"]) == [str(start.EFFLEURAGE), "check", "a.yaml"]


@pytest.mark.parametrize(
    ("words", "steps"),
    [
        ([], ["packages", "project"]),
        (["setup"], ["packages", "project"]),
        (["check"], ["packages", "project"]),
        (["setup", "--tests"], ["packages", "project", "tests"]),
        (["test"], ["packages", "project", "tests"]),
        (["lock"], ["packages", "project", "tests"]),
    ],
)
def test_words_ask_for_steps(start, monkeypatch, words, steps):
    """Only what runs or locks the tests installs their tools."""
    asked = []
    monkeypatch.setattr(start, "make", asked.extend)
    monkeypatch.setattr(start, "hand_over", lambda line: 0)
    assert (start.main(words), asked) == (0, steps)


def test_wrong_word_after_setup_is_told(start, capsys):
    """A slip such as '--test' is named, and nothing is made."""
    assert start.main(["setup", "--test"]) == 1
    assert "'setup' takes nothing or --tests, not '--test'" in capsys.readouterr().err
    assert not start.VENV.exists()


def test_help_makes_nothing(start, capsys):
    """--help prints the words that start.py knows and leaves the folder alone."""
    assert start.main(["--help"]) == 0
    assert "start.py setup" in capsys.readouterr().out
    assert not start.VENV.exists()


def test_windows_waits_for_the_program(start, monkeypatch, tools):
    """Where a program cannot be replaced, start.py waits for it and hands on its exit code."""
    monkeypatch.setattr(start, "WINDOWS", True)
    assert start.hand_over([sys.executable, "-c", "raise SystemExit(5)"]) == 5


@pytest.mark.parametrize("others", [0, 2])
def test_windows_takes_its_lock_once(start, monkeypatch, capsys, others):
    """Windows refuses a second lock even to the holder: it is asked for until it is given, and no longer."""
    answers = [PermissionError(errno.EACCES, "Permission denied")] * others + [None]

    def locking(number, mode, length):
        answer = answers.pop(0)
        if answer:
            raise answer

    monkeypatch.setattr(start, "WINDOWS", True)
    monkeypatch.setattr(start, "msvcrt", SimpleNamespace(locking=locking, LK_NBLCK=2), raising=False)
    monkeypatch.setattr(start.time, "sleep", lambda seconds: None)
    with start.alone():
        assert answers == []
    assert ("waiting for it to finish" in capsys.readouterr().err) == bool(others)


def test_packages_that_every_machine_gets_are_counted(start):
    """Entries with a condition are left out of the count that is shown."""
    start.LOCK.write_text(
        "a==1 \\\n    --hash=sha256:0\nb-c==2 ; os_name == 'nt' \\\n    --hash=sha256:0\nd==3\n"
    )
    assert start.locked(start.LOCK) == 2
