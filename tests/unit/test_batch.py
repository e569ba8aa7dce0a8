"""Batches: parameters are checked first, finished reports are kept, what fails is told with its cell."""

import base64
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from effleurage import batch, files
from effleurage.batch import orders
from effleurage.errors import DataError, FileError, UsageError

FORKS = hasattr(os, "fork")
WAYS = [
    pytest.param("fork", marks=pytest.mark.skipif(not FORKS, reason="this system cannot fork")),
    "papermill",
]

PARAMETERS = "case = 'one'\nseed = 7\nscale = 1.5\nloud = False\nonly = None"
WORK = """\
import sys
from IPython.display import Markdown, display, update_display
print('hello', case, end='')
print(' again')
print('careful', file=sys.stderr)
display('first words', display_id='spot')
update_display('new words', display_id='spot')
Markdown('**bold**')"""
FIGURE = """\
import matplotlib.pyplot as plt
fig, ax = plt.subplots()
ax.plot([1, 2, seed])
display(fig, metadata={'image/png': {'alt': 'a line'}})
plt.close(fig)
plt.plot([1, 2, 3]);"""
TROUBLE = """\
if case == 'bad':
    raise ValueError('no such client')
if case == 'dead':
    import os
    os._exit(3)
seed * 2"""


def cell(source, *tags, kind="code"):
    """Make a cell."""
    made = {"cell_type": kind, "id": f"c{abs(hash(source)) % 10**6}", "metadata": {"tags": list(tags)}}
    more = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {**made, **more, "source": source}


def write(path, *cells):
    """Write a notebook of these cells."""
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    data = {"cells": list(cells), "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


@pytest.fixture
def small(tmp_path):
    """A report that is quickly made."""
    cells = cell(PARAMETERS, "parameters"), cell(TROUBLE), cell("print(case, seed)", "in-short")
    return write(tmp_path / "small.ipynb", *cells)


def whole(path):
    """Write a report with every kind of output."""
    return write(
        path,
        cell("# A report", kind="markdown"),
        cell(PARAMETERS, "parameters"),
        cell(WORK),
        cell(FIGURE),
        cell(TROUBLE),
        cell("print(case, 'has', seed)", "in-short"),
    )


def book(path):
    """Read a report."""
    return json.loads(path.read_text(encoding="utf-8"))


def outputs(path, nth):
    """Return the outputs of a cell, the injected one not counted."""
    own = [
        item for item in book(path)["cells"] if "injected-parameters" not in item["metadata"].get("tags", [])
    ]
    return own[nth].get("outputs", [])


def text(output):
    """Return the text of an output."""
    return "".join(output.get("text") or output["data"]["text/plain"])


# words of the command line


def test_assignments_are_typed():
    """Numbers, truth, lists and None are read as such, all else is text."""
    words = ["seed=3", "scale=0.5", "loud=True", "only=None", "weeks=[1, 5]", "case=my/own.yaml", "day=08"]
    assert batch.assignments(words) == {
        "seed": 3,
        "scale": 0.5,
        "loud": True,
        "only": None,
        "weeks": [1, 5],
        "case": "my/own.yaml",
        "day": "08",
    }


def test_all_wrong_words_are_told_at_once():
    """What is no assignment, and what is given twice, comes in one error."""
    with pytest.raises(UsageError) as caught:
        batch.assignments(["seed", "2x=3", "a=1", "a=2"])
    assert len(caught.value.problems) == 3


def test_an_assignment_runs_nothing():
    """A value that is an expression stays text."""
    assert batch.assignments(["case=__import__('os').getcwd()"]) == {"case": "__import__('os').getcwd()"}


# the parameters cell


def test_declared_parameters(small):
    """The names and defaults are read from the tagged cell."""
    assert batch.declared(small) == {"case": "one", "seed": 7, "scale": 1.5, "loud": False, "only": None}


@pytest.mark.parametrize(
    "cells",
    [
        [cell("print(1)")],
        [cell("seed = 1", "parameters"), cell("case = 2", "parameters")],
        [cell("seed = open('x')", "parameters")],
        [cell("seed +", "parameters")],
        [cell("import os", "parameters")],
    ],
    ids=["none", "two", "no value", "no Python", "no assignment"],
)
def test_a_page_without_plain_parameters_is_refused(tmp_path, cells):
    """A report has exactly one cell of plain assignments."""
    with pytest.raises(DataError, match=r"report\.ipynb"):
        batch.declared(write(tmp_path / "report.ipynb", *cells))


def test_wrong_names_are_refused_before_anything_runs(small, tmp_path):
    """An unknown name is told with the nearest one; no folder is made and nothing is run."""
    out = tmp_path / "out"
    with pytest.raises(UsageError, match="write 'seed'"):
        batch.run(small, {"a": {"case": "one"}, "b": {"sed": 3}}, out)
    assert not out.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("seed", "3"), ("seed", 3.5), ("seed", True), ("case", 4), ("loud", 1), ("scale", float("nan"))],
)
def test_wrong_types_are_refused(small, tmp_path, name, value):
    """A value of another type than the default is refused with the type that is wanted."""
    with pytest.raises(UsageError, match=f"{name}.*Allowed"):
        batch.run(small, {"a": {name: value}}, tmp_path / "out")


def test_a_whole_number_is_a_number_and_none_takes_anything(small, tmp_path):
    """1 fits where the default is 1.5; where the default is None any plain value fits."""
    made = batch.run(small, {"a": {"scale": 1, "only": "x"}}, tmp_path / "out")
    assert made[0].state == "made"


@pytest.mark.parametrize("name", ["../a", "a/b", "", ".hidden", "a" * 200, "a\n"])
def test_names_stay_in_the_folder(small, tmp_path, name):
    """A name that is no plain file name is refused."""
    with pytest.raises(UsageError, match="cannot name a report"):
        batch.run(small, {name: {}}, tmp_path / "out")


def test_names_that_differ_in_capitals_are_refused(small, tmp_path):
    """Some systems would put both into one file."""
    with pytest.raises(UsageError, match="capitals"):
        batch.run(small, {"Anna": {}, "anna": {}}, tmp_path / "out")


def test_a_folder_that_is_a_file_is_told(small, tmp_path):
    """A folder that cannot be made is one sentence, before anything runs."""
    (tmp_path / "out").write_text("mine")
    with pytest.raises(FileError, match="reports cannot be written here"):
        batch.run(small, {"a": {}}, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


# making reports


@pytest.fixture(scope="module", params=WAYS)
def made(request, tmp_path_factory):
    """A batch with two good reports, one that fails and one whose process dies, made in each way."""
    folder = tmp_path_factory.mktemp("batch")
    page = whole(folder / "page.ipynb")
    told = []
    jobs = {name: {"case": name, "seed": 3} for name in ("one", "bad", "dead", "two")}
    listened = lambda *what: told.append(what)  # noqa: E731
    found = batch.run(page, jobs, folder / "out", workers=2, progress=listened, way=request.param)
    return {item.name: item for item in found}, folder / "out", told, list(jobs)


def test_reports_come_in_the_order_of_the_jobs(made):
    """Whatever is finished first, the list keeps the order that was asked for."""
    found, _, _, order = made
    assert list(found) == order


def test_progress_is_told_after_each_report(made):
    """Each report is told once, with how many are done of how many."""
    _, _, told, order = made
    assert [(done, total) for _, done, total in told] == [(n, 4) for n in range(1, 5)]
    assert {item.name for item, _, _ in told} == set(order)


def test_parameters_reach_the_report(made):
    """What was given is what the report was made of, and it says itself in short."""
    found, out, _, _ = made
    assert found["two"].words == "two has 3"
    assert found["two"].path == out / "two.ipynb"
    assert book(out / "two.ipynb")["metadata"]["papermill"]["parameters"] == {"case": "two", "seed": 3}


def test_what_a_cell_prints_is_stored(made):
    """Printed lines are one output, errors another."""
    streams = [item for item in outputs(made[1] / "one.ipynb", 2) if item["output_type"] == "stream"]
    assert [(item["name"], text(item)) for item in streams] == [
        ("stdout", "hello one again\n"),
        ("stderr", "careful\n"),
    ]


def test_displays_and_results_are_stored_with_all_their_forms(made):
    """A display that was replaced shows its last words; the last line of a cell is its result."""
    found = [item for item in outputs(made[1] / "one.ipynb", 2) if item["output_type"] != "stream"]
    assert [item["output_type"] for item in found] == ["display_data", "execute_result"]
    assert text(found[0]) == "'new words'"
    assert "".join(found[1]["data"]["text/markdown"]) == "**bold**"


def test_figures_are_stored_as_pictures_with_their_alt_text(made):
    """A figure shown by hand keeps its alt text; one left open is shown at the end of its cell."""
    found = outputs(made[1] / "one.ipynb", 3)
    assert [base64.b64decode(item["data"]["image/png"])[:4] for item in found] == [b"\x89PNG"] * 2
    assert found[0]["metadata"] == {"image/png": {"alt": "a line"}}


def test_results_are_numbered_like_the_cells(made):
    """The number of a result is the number of its cell, and counting begins at 1."""
    cells = [item for item in book(made[1] / "one.ipynb")["cells"] if item["cell_type"] == "code"]
    assert [item["execution_count"] for item in cells] == [1, 2, 3, 4, 5, 6]
    assert outputs(made[1] / "one.ipynb", 4)[0]["execution_count"] == 5


def test_a_failure_is_told_with_its_cell(made):
    """The cell is counted as in the page that was asked for; what was shown until then is kept beside."""
    found, out, _, _ = made
    assert found["bad"].failed
    assert found["bad"].cell == 5
    assert str(found["bad"]) == "bad: failed in cell 5: ValueError: no such client"
    assert not (out / "bad.ipynb").exists()
    assert outputs(out / "bad.failed.ipynb", 2)


def test_a_process_that_dies_stops_its_own_report_only(made):
    """The report whose process ended is told as failed, the one after it is made."""
    found, out, _, _ = made
    assert found["dead"].failed
    assert not (out / "dead.ipynb").exists()
    assert found["two"].state == "made"


def test_reports_are_whole_notebooks(made):
    """What was made can be read by everybody who reads notebooks."""
    import nbformat

    for path in made[1].glob("*.ipynb"):
        nbformat.validate(nbformat.read(path, as_version=4))


@pytest.mark.skipif(not FORKS, reason="this system cannot fork")
def test_same_parameters_same_file(tmp_path):
    """A report made again is the same to the last byte, whatever was made beside it."""
    page = whole(tmp_path / "page.ipynb")
    batch.run(page, {"a": {"seed": 3}}, tmp_path / "one")
    batch.run(page, {name: {"seed": 3} for name in "ba"}, tmp_path / "two", workers=1)
    assert (tmp_path / "one/a.ipynb").read_bytes() == (tmp_path / "two/a.ipynb").read_bytes()


@pytest.mark.skipif(not FORKS, reason="this system cannot fork")
def test_reports_share_no_state(tmp_path):
    """What one report leaves behind, names as well as modules, no other report finds."""
    look = "import json\nseen = hasattr(json, 'mark') or 'mine' in dir()\njson.mark = mine = 1\nprint(seen)"
    path = write(tmp_path / "page.ipynb", cell("case = ''", "parameters"), cell(look, "in-short"))
    made = batch.run(path, {name: {"case": name} for name in "ab"}, tmp_path / "out", workers=1)
    assert [item.words for item in made] == ["False", "False"]


def test_a_good_report_is_not_lost_to_a_failed_one(small, tmp_path):
    """A report that fails later leaves the earlier good one; a good one clears the failed one away."""
    out = tmp_path / "out"
    batch.run(small, {"a": {}}, out)
    before = (out / "a.ipynb").read_bytes()
    batch.run(small, {"a": {"case": "bad"}}, out)
    assert (out / "a.ipynb").read_bytes() == before
    assert (out / "a.failed.ipynb").exists()
    batch.run(small, {"a": {}}, out)
    assert not (out / "a.failed.ipynb").exists()


def test_reports_are_made_in_any_folder(small, tmp_path, monkeypatch):
    """The folder may have blanks and accents, and the caller may stand anywhere."""
    home = tmp_path / "die Mappe é"
    home.mkdir()
    monkeypatch.chdir(home)
    made = batch.run(small, {"Zoë": {}}, Path("my reports"))
    assert [item.state for item in made] == ["made"]
    assert (home / "my reports" / "Zoë.ipynb").exists()


# a second run


@pytest.fixture
def still(monkeypatch):
    """Nobody works on the data of the suite meanwhile."""
    monkeypatch.setattr("effleurage.batch.orders.data_stamps", list)


def test_finished_reports_can_be_kept(small, tmp_path, still):
    """With 'keep' a report that fits is left alone, untouched; the others are made."""
    out = tmp_path / "out"
    batch.run(small, {"a": {"seed": 1}}, out)
    stamp = (out / "a.ipynb").stat().st_mtime_ns
    made = batch.run(small, {"a": {"seed": 1}, "b": {"seed": 2}}, out, finished="keep")
    assert [item.state for item in made] == ["kept", "made"]
    assert (out / "a.ipynb").stat().st_mtime_ns == stamp


def test_kept_reports_fit_what_is_asked(small, tmp_path, still):
    """Other parameters, another page or a changed file of the user's own are no reason to keep a report."""
    out, mine = tmp_path / "out", tmp_path / "mine.yaml"
    mine.write_text("id: first")
    jobs = {"a": {"case": str(mine)}}

    def state(page=small, jobs=jobs):
        return batch.run(page, jobs, out, finished="keep")[0].state

    assert [state(), state()] == ["made", "kept"]
    mine.write_text("id: other")
    assert [state(), state()] == ["made", "kept"]
    small.write_text(small.read_text().replace("print(case, seed)", "print(seed, case)"))
    assert state() == "made"


def test_a_change_of_the_data_is_seen(small, tmp_path, monkeypatch):
    """A report is not kept when a rule or a protocol of the suite was changed since."""
    batch.run(small, {"a": {}}, tmp_path / "out")
    changed = [*orders.data_stamps(), ("more.yaml", 1, 1)]
    monkeypatch.setattr("effleurage.batch.orders.data_stamps", lambda: changed)
    assert batch.run(small, {"a": {}}, tmp_path / "out", finished="keep")[0].state == "made"
    assert any(name.endswith("office-neck.yaml") for name, _, _ in changed)


def test_a_damaged_report_is_made_again(small, tmp_path):
    """Half a file is never taken for a finished report."""
    out = tmp_path / "out"
    batch.run(small, {"a": {}}, out)
    half = (out / "a.ipynb").read_text()[:200]
    (out / "a.ipynb").write_text(half)
    assert batch.run(small, {"a": {}}, out, finished="keep")[0].state == "made"


@pytest.mark.skipif(os.name != "posix", reason="sends a signal as a terminal does")
def test_an_interrupted_batch_keeps_what_is_finished(tmp_path):
    """After Ctrl+C finished reports are whole and nothing half is left; a second run makes the rest."""
    wait = "import time\nfrom pathlib import Path\nPath(case).mkdir()\ntime.sleep(seed)\nprint(seed)"
    page = write(tmp_path / "page.ipynb", cell("case = ''\nseed = 0.0", "parameters"), cell(wait))
    out, begun = tmp_path / "out", tmp_path / "begun"
    jobs = {"a": {"case": str(tmp_path / "x")}, "b": {"case": str(begun), "seed": 60.0}}
    code = (
        "import sys, json\nfrom pathlib import Path\nfrom effleurage import batch\n"
        "batch.run(Path(sys.argv[1]), json.loads(sys.argv[2]), Path(sys.argv[3]), workers=1)"
    )
    words = [sys.executable, "-c", code, str(page), json.dumps(jobs), str(out)]
    running = subprocess.Popen(words, stderr=subprocess.PIPE, start_new_session=True)
    limit = time.monotonic() + 60
    while not begun.exists() and time.monotonic() < limit:
        time.sleep(0.05)
    running.send_signal(2)
    _, said = running.communicate(timeout=30)
    assert b"KeyboardInterrupt" in said
    assert [path.name for path in out.iterdir()] == ["a.ipynb"]
    assert files.read_json(out / "a.ipynb").data["cells"]
    jobs["b"] = {"case": str(tmp_path / "again")}
    assert [item.state for item in batch.run(page, jobs, out, finished="keep")][1] == "made"


def test_a_batch_of_nothing_is_nothing(small, tmp_path):
    """No jobs, no reports, no trouble."""
    assert batch.run(small, {}, tmp_path / "out") == []


def test_progress_is_shown_on_a_terminal_alone(capsys, monkeypatch):
    """A count that stays in its line, on the error stream; nothing where nobody looks."""
    made = batch.Made("a", Path("out/a.ipynb"), "made")
    batch.show(made, 1, 2)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    batch.show(made, 1, 2)
    batch.show(made, 2, 2)
    assert capsys.readouterr() == ("", "\r1 of 2 reports\r2 of 2 reports\n")
