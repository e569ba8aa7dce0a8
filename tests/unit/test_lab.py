"""The working copy, the checks of the machine, and the desk of the start page."""

import errno
import io
import json
import os
import shutil
import socket
from datetime import date
from pathlib import Path

import pytest
from effleurage import lab, lessons, paths
from effleurage.errors import FileError, UnknownId, UsageError
from effleurage.lab import machine, manifest, server, working
from effleurage.lab.desk import NO_COPY, Desk
from packaging.requirements import Requirement

LESSON = "lessons/01-first.ipynb"
TODAY = "2026-01-31"


def page(path: Path, text: str, kind: str = "lesson", **more) -> Path:
    """Write a page of one cell."""
    front = {
        "id": path.stem,
        "title": path.stem.title(),
        "kind": kind,
        "objectives": ["Know more"],
        "minutes": 5,
        "tags": {"mblex": ["MBLEx-5"]},
    }
    cell = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": text,
    }
    notebook = {"cells": [cell], "metadata": {"effleurage": front | more}, "nbformat": 4, "nbformat_minor": 5}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def edit(path: Path, text: str) -> None:
    """Change what stands in the only cell of a page."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][0]["source"] = text
    path.write_text(json.dumps(notebook), encoding="utf-8")


def source(path: Path) -> str:
    """Return what stands in the first cell of a page."""
    return json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"]


def ran(path: Path) -> None:
    """Change a page as JupyterLab does when it is run and saved."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][0] |= {"execution_count": 3, "outputs": [{"output_type": "stream"}]}
    notebook["cells"][0]["metadata"] = {"jupyter": {"source_hidden": False}}
    notebook["cells"].append({"cell_type": "code", "metadata": {}, "outputs": [], "source": ""})
    notebook["metadata"]["language_info"] = {"name": "python", "version": "3.99"}
    path.write_text(json.dumps(notebook, indent=1), encoding="utf-8")


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """The day stands still: a run over midnight names its copies by one date."""

    class Day(date):
        @classmethod
        def today(cls):
            return cls.fromisoformat(TODAY)

    monkeypatch.setattr(working, "date", Day)


@pytest.fixture
def suite(tmp_path, monkeypatch):
    """A suite of two pages."""
    folder = tmp_path / "suite"
    page(folder / "start-here.ipynb", "hello", kind="start")
    page(folder / LESSON, "one")
    monkeypatch.setattr(paths, "notebooks", folder.joinpath)
    return folder


@pytest.fixture
def work(suite, tmp_path):
    """A working copy of it, in a folder with a blank and an accent."""
    return lab.prepare(tmp_path / "Mon Cours é")


def states(work: Path) -> dict[str, str]:
    """Return the state of each page."""
    return {state.path: state.state for state in lab.pages(work)}


def test_a_new_copy_holds_all_pages_and_a_place_for_work(work):
    """The first start delivers every page and makes the folder for records."""
    assert states(work) == {"start-here.ipynb": "delivered", LESSON: "delivered"}
    assert (work / lab.RECORDS).is_dir()


def test_nothing_is_written_when_nothing_is_new(work):
    """A second start touches no page."""
    before = {path: path.stat().st_mtime_ns for path in work.rglob("*")}

    assert lab.update(work) == ()
    assert {path: path.stat().st_mtime_ns for path in work.rglob("*")} == before


def test_a_page_that_was_only_run_is_brought_up_to_date(work, suite):
    """Outputs, counters, unfolded code and an empty last cell are no edits."""
    ran(work / LESSON)
    page(suite / LESSON, "two")

    assert states(work)[LESSON] == "newer"
    assert [change.words for change in lab.update(work)] == ["brought up to date"]
    assert source(work / LESSON) == "two"
    assert states(work)[LESSON] == "delivered"


def test_a_page_that_was_changed_is_kept_and_the_new_one_lies_beside_it(work, suite):
    """Edits are never overwritten; the new page has the date in its name, and the list says so."""
    edit(work / LESSON, "mine")
    page(suite / LESSON, "two")
    lab.update(work)
    [state] = [state for state in lab.pages(work) if state.path == LESSON]

    assert source(work / LESSON) == "mine"
    assert state.copies == (f"01-first (new {TODAY}).ipynb",)
    assert source(work / "lessons" / state.copies[0]) == "two"
    assert state.words == "changed by you; a newer version lies beside it"
    assert lab.update(work) == ()


def test_a_newer_page_takes_the_place_of_an_older_one_laid_beside(work, suite):
    """The one laid beside earlier goes when nobody wrote in it, and stays when somebody did."""
    beside = work / "lessons" / f"01-first (new {TODAY}).ipynb"
    edit(work / LESSON, "mine")
    for text in ("two", "three"):
        page(suite / LESSON, text)
        lab.update(work)
    assert [path.name for path in beside.parent.glob("*(new*")] == [beside.name]
    assert source(beside) == "three"

    edit(beside, "my notes")
    page(suite / LESSON, "four")
    lab.update(work)
    assert source(beside) == "my notes"
    assert source(beside.with_stem(f"01-first (new {TODAY}, 2)")) == "four"


def test_a_change_that_both_made_is_no_change(work, suite):
    """When the suite comes to say what the owner wrote, the page counts as delivered again."""
    edit(work / LESSON, "two")
    page(suite / LESSON, "two")
    lab.update(work)

    assert states(work)[LESSON] == "delivered"
    assert not list(work.glob("lessons/*(*"))


def test_a_missing_page_comes_back(work):
    """A page that was thrown away is put back at the next start."""
    (work / LESSON).unlink()
    assert states(work)[LESSON] == "missing"
    assert [str(change) for change in lab.update(work)] == [f"{LESSON}: put in place"]
    assert source(work / LESSON) == "one"


def test_a_file_of_the_same_name_is_kept(suite, tmp_path):
    """A folder that holds a page of that name already keeps it; ours lies beside."""
    page(tmp_path / "old" / LESSON, "not yours")
    lab.prepare(tmp_path / "old")

    assert source(tmp_path / "old" / LESSON) == "not yours"
    assert source(tmp_path / "old" / "lessons" / f"01-first (new {TODAY}).ipynb") == "one"


@pytest.mark.parametrize("damage", ["", "{", '{"pages": 3}', None])
def test_a_damaged_manifest_loses_nothing(work, suite, damage):
    """Without our notes a changed page counts as changed, and an unchanged one as delivered."""
    place = work / manifest.HIDDEN / "manifest.json"
    place.write_text(damage) if damage is not None else place.unlink()
    edit(work / LESSON, "mine")
    lab.update(work)

    assert source(work / LESSON) == "mine"
    assert states(work)["start-here.ipynb"] == "delivered"


def test_start_again_keeps_a_dated_copy(work):
    """Starting again puts a fresh page in place and keeps the old one, as often as it is asked for."""
    for number, text in enumerate(("mine", "mine again")):
        edit(work / LESSON, text)
        [change] = lab.start_again(work, "01-first")
        name = f"01-first (kept {TODAY}{', 2' if number else ''}).ipynb"
        assert change.words == f"fresh; yours is kept as {name}"
        assert source(work / "lessons" / name) == text
        assert source(work / LESSON) == "one"


def test_start_again_takes_the_newest_page_and_clears_the_one_beside(work, suite):
    """After a page was kept for its edits, starting again brings the newest one."""
    edit(work / LESSON, "mine")
    page(suite / LESSON, "two")
    lab.update(work)
    lab.start_again(work, LESSON)

    assert source(work / LESSON) == "two"
    assert states(work)[LESSON] == "delivered"
    assert [path.name for path in work.glob("lessons/*(*")] == [f"01-first (kept {TODAY}).ipynb"]


def test_start_again_with_all_pages_leaves_out_what_is_named(work):
    """All pages start again but the one that is open."""
    for name in (LESSON, "start-here.ipynb"):
        edit(work / name, "mine")
    changes = lab.start_again(work, leave=("start-here.ipynb",))

    assert [change.path for change in changes] == [LESSON]
    assert states(work) == {"start-here.ipynb": "changed", LESSON: "delivered"}


def test_start_again_with_an_unknown_page_names_the_nearest(work):
    """A typo in the name of a page is answered with the page that was meant."""
    with pytest.raises(UnknownId, match="write '01-first' if that is what you mean"):
        lab.start_again(work, "01-frist")


def test_a_page_cut_in_half_is_kept_and_can_start_again(work):
    """A damaged page is listed with what to do; its remains are kept."""
    (work / LESSON).write_text('{"cells": [')
    assert states(work)[LESSON] == "unreadable"
    lab.start_again(work, LESSON)

    assert source(work / LESSON) == "one"
    assert (work / "lessons" / f"01-first (kept {TODAY}).ipynb").read_text() == '{"cells": ['


def test_a_full_disk_loses_nothing(work, suite, monkeypatch):
    """When writing fails half-way, every page is as it was and one sentence says what to do."""

    def full(_handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    page(suite / LESSON, "two")
    edit(work / "start-here.ipynb", "mine")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match=r"No space left on device.*To do: free some space"):
        lab.update(work)
    with pytest.raises(FileError, match="No space left"):
        lab.start_again(work, "start-here")

    assert source(work / LESSON) == "one"
    assert source(work / "start-here.ipynb") == "mine"
    assert not list(work.rglob("*.part"))


def test_a_copy_that_cannot_be_written_leaves_no_half_file(work, monkeypatch):
    """Without a dated copy there is no fresh page."""

    class Full(io.BytesIO):
        def write(self, _raw):
            raise OSError(errno.EIO, "Input/output error")

    def opened(path, mode="r", *more, **named):
        return (path.touch(), Full())[1] if mode == "xb" else really(path, mode, *more, **named)

    really = Path.open
    edit(work / LESSON, "mine")
    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(FileError, match="Input/output error"):
        lab.start_again(work, LESSON)
    monkeypatch.undo()

    assert source(work / LESSON) == "mine"
    assert not list(work.glob("lessons/*(*"))


def test_a_folder_that_cannot_be_made_is_one_error(suite, tmp_path):
    """A file in the way is named, and what to do."""
    (tmp_path / "taken").write_text("a letter")
    with pytest.raises(FileError, match=r"it is a file.*name another folder with --work"):
        lab.prepare(tmp_path / "taken")
    with pytest.raises(FileError, match=r"taken.*nothing was overwritten"):
        lab.prepare(tmp_path / "taken" / "below")
    assert (tmp_path / "taken").read_text() == "a letter"


@pytest.mark.parametrize("below", ["", "lessons"])
def test_the_suite_itself_is_no_working_copy(suite, below):
    """The delivered pages are never taken for a copy."""
    with pytest.raises(UsageError, match="the folder of the suite itself"):
        lab.prepare(suite / below)


def test_pages_of_ones_own_are_listed(work):
    """A page with front matter is listed though the suite does not know it; other notebooks are not."""
    page(work / "workbench" / "mine.ipynb", "x", kind="workbench", title="My tool")
    (work / "scratch.ipynb").write_text('{"cells": [], "metadata": {}}')
    [own] = [state for state in lab.pages(work) if state.state == "own"]

    assert (own.path, own.front.title) == ("workbench/mine.ipynb", "My tool")
    assert "scratch.ipynb" not in states(work)


def test_the_checks_say_what_is_wrong_and_what_to_do(tmp_path):
    """Each check that fails names the repair."""
    old = machine.python((3, 9, 1))
    missing = machine.packages((Requirement("no-such-package==1"), Requirement("pydantic>=2")))
    lost = machine.folder(tmp_path / "nowhere")

    assert (old.ok, old.words) == (False, "Version 3.9.1 is too old. Install Python 3.11 or newer.")
    assert not missing.ok
    assert missing.words == f"Missing: no-such-package 1. {machine.REPAIR}"
    assert not lost.ok
    assert "cannot be written (No such file or directory)" in lost.words
    assert not machine.packages(()).ok


def test_little_space_is_a_finding(tmp_path, monkeypatch):
    """A nearly full disk is named before saving fails."""
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=99_000_000))
    found = machine.space(tmp_path)

    assert not found.ok
    assert found.words.startswith("Only 99 MB are free. Make room: 500 MB")


def test_pins_that_hold_elsewhere_are_left_out():
    """A pin for another system or an extra is not asked for here."""
    lines = [
        "pydantic==2.14.3 \\",
        "    --hash=sha256:00",
        "pywin32==1 ; sys_platform == 'nowhere' \\",
        "pytest>=9 ; extra == 'test'",
        "# a comment",
        "numpy==2.4.6 ; python_full_version < '99' \\",
    ]
    assert [pin.name for pin in machine._pins(lines)] == ["pydantic", "numpy"]


def test_the_locked_packages_are_those_installed_here():
    """The environment of the tests is the one of the lock, so a fresh set-up greets without a finding."""
    assert len(machine.wanted()) > 10
    assert {"jupyterlab", "ipywidgets", "pydantic"} <= {pin.name for pin in machine.wanted()}


def test_the_desk_grants_wishes_in_words(work):
    """The buttons of the start page do what they say and say what they did."""
    desk = Desk(work)
    edit(work / LESSON, "mine")

    assert desk.grant("update", "") == "All pages are up to date."
    assert desk.grant("start-again", "") == f"{LESSON}: fresh; yours is kept as 01-first (kept {TODAY}).ipynb"
    assert desk.grant("start-again", "") == "Every page is fresh already."
    assert "'x' is not known" in desk.grant("start-again", "x")
    assert "Reload this page" in desk.grant("start-again", "start-here.ipynb")
    assert desk.grant("launch", "") == ""


def test_the_desk_without_a_copy_looks_after_nothing(suite):
    """In the suite's own folder nothing is replaced, and the page says how to get a copy."""
    desk = Desk(None)

    assert desk.grant("start-again", "") == NO_COPY
    assert desk.checks()[-1]["words"] == NO_COPY
    assert [row["path"] for row in desk.pages()] == [LESSON]
    assert source(suite / LESSON) == "one"


def test_the_start_page_is_alive_only_after_an_answer(work):
    """A wrong answer, or none, is no life."""
    widget = lab.start_page(work)
    assert widget.checks[0]["ok"] is None

    widget.pong = "something else"
    assert not widget.alive
    widget.pong = widget.ping
    assert widget.alive
    assert widget.checks[0] == {"name": "This page", "ok": True, "words": widget.checks[0]["words"]}


def test_the_start_page_can_be_read_without_widgets(work):
    """Where widgets do not show, the page is its words."""
    bundle = lab.start_page(work)._repr_mimebundle_()
    words = (bundle[0] if isinstance(bundle, tuple) else bundle)["text/plain"]

    assert "Waiting for an answer of the page" in words
    assert f"01-First (5 min, as delivered): {LESSON}" in words


def test_the_start_page_shows_what_its_buttons_did(work):
    """A wish is granted, told, and the list follows."""
    widget = lab.start_page(work)
    edit(work / LESSON, "mine")
    widget.wish = {"do": "look"}
    assert [row["state"] for row in widget.pages] == ["changed"]

    widget.wish = {"do": "start-again", "page": LESSON}
    assert "kept as" in widget.notice
    assert [row["state"] for row in widget.pages] == ["delivered"]


def test_the_work_folder_is_the_one_the_server_was_started_on(work, monkeypatch, tmp_path):
    """A page knows its copy from the server, else from the folder it lies in, else not at all."""
    monkeypatch.delenv("EFFLEURAGE_WORK", raising=False)
    monkeypatch.chdir(work / "lessons")
    assert lab.work_folder() == work
    monkeypatch.chdir(tmp_path)
    assert lab.work_folder() is None
    monkeypatch.setenv("EFFLEURAGE_WORK", str(work))
    assert lab.work_folder() == work


def test_the_front_matter_of_every_state_comes_from_the_page(work):
    """Titles are those that stand in the copy."""
    notebook = json.loads((work / LESSON).read_text())
    notebook["metadata"]["effleurage"]["title"] = "Renamed"
    (work / LESSON).write_text(json.dumps(notebook))

    assert [state.front.title for state in lab.pages(work)] == ["Start-Here", "Renamed"]
    assert lessons.KINDS.index("start") == 0


def test_a_port_that_is_taken_is_refused_before_anything_starts():
    """Another programme on the port is named with the way out."""
    with socket.socket() as other:
        other.bind((server.HOST, 0))
        other.listen()
        with pytest.raises(UsageError, match=r"cannot be used .*leave --port out"):
            server._must_be_free(other.getsockname()[1])
    with pytest.raises(UsageError, match="port 99999 cannot be used"):
        server._must_be_free(99_999)


def test_a_note_without_a_server_is_not_believed(tmp_path):
    """A server that died leaves its note behind; it does not count as running."""
    notes = tmp_path / "runtime"
    notes.mkdir()
    note = {"url": "http://127.0.0.1:9/", "token": "t", "root_dir": str(tmp_path)}
    (notes / "jpserver-1.json").write_text(json.dumps(note))
    (notes / "jpserver-2.json").write_text("{cut")

    assert server.running(tmp_path, tmp_path) is None


def test_settings_that_cannot_be_written_are_one_error(tmp_path):
    """Where the state folder cannot be made, the sentence names the variable that moves it."""
    (tmp_path / "state").write_text("in the way")
    with pytest.raises(FileError, match="EFFLEURAGE_STATE"):
        server._settle(tmp_path / "state")
