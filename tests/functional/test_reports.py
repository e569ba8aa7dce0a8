"""Reports for many clients: all neck clients, wrong parameters, own files, what a stop looks like."""

import json
import re
import subprocess
import sys

import pytest
from effleurage import batch, cli, intake, lessons, paths
from effleurage.errors import DataError, FileError, UsageError

NECK = ("carpenter-neck", "courier-neck", "driver-neck", "gardener-neck", "heart-neck", "office-neck")
STOPPED = {"courier-neck", "driver-neck", "heart-neck"}
REPORTS = [page.path for page in lessons.index() if page.front.kind == "report"]


def told(path):
    """Return everything a report shows, as plain text."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    shown = [output for cell in cells for output in cell.get("outputs", [])]
    parts = [output.get("text") or output["data"]["text/plain"] for output in shown]
    return "\n".join("".join(part) for part in parts)


def pictures(path):
    """Return the alt text of each picture of a report."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    shown = [
        output
        for cell in cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    return [output["metadata"]["image/png"]["alt"] for output in shown]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The course reports of all neck clients, made once."""
    out = tmp_path_factory.mktemp("reports")
    found = batch.course_reports(out=out, parameters={"clients": 300})
    return {item.name.partition("--")[0]: item for item in found}


def test_a_protocol_without_cases_means_all_with_its_complaint(made):
    """The six neck clients, and nobody with another complaint."""
    assert tuple(made) == tuple(name for name in intake.cases() if name in made)
    assert set(NECK) <= set(made)
    assert {intake.load(name).complaint.condition for name in made} == {"neck-pain-chronic"}


@pytest.mark.parametrize("name", NECK)
def test_every_neck_client_gets_a_report(made, name):
    """A stop, a missing clearance and open questions are good results, not failures."""
    assert made[name].state == "made", made[name]
    assert made[name].path.name == f"{name}--neck-pain-chronic-60.ipynb"
    assert ("No plan is made." in made[name].words) == (name in STOPPED)


@pytest.mark.parametrize("name", sorted(STOPPED))
def test_no_plan_stands_beside_a_stop(made, name):
    """Stop, clearance or open questions are said in words; no session, no picture, no simulation."""
    text = told(made[name].path)
    assert re.search(r"stop and refer|written clearance|Ask first", text)
    assert "Not made: the screen comes first." in text
    assert "hands-on min" not in text
    assert "Nothing was simulated." in text
    assert pictures(made[name].path) == []


@pytest.mark.parametrize("name", sorted(set(NECK) - STOPPED))
def test_a_planned_course_is_told_in_words_tables_and_pictures(made, name):
    """Sessions, timeline, look ahead beside light touch and wait list; each picture has its words."""
    text, alts = told(made[name].path), pictures(made[name].path)
    assert text.count("measure again") == 2
    assert [alt.split()[0] for alt in alts] == ["Timeline", "Fan"]
    for words in (
        "light touch",
        "wait list",
        "not a prediction",
        "Seed 7, 300 simulated people",
        "teaching model",
    ):
        assert words in text


@pytest.mark.parametrize("name", NECK)
def test_a_report_names_sources_and_standing(made, name):
    """The trial behind the dose stands at the end, with how much of it was read."""
    text = told(made[name].path)
    assert "Sherman and others 2014" in text
    assert "Read: abstract. ● verified." in text


def test_the_screen_changes_the_steps_in_words(made):
    """A blood thinner: what was lowered and what was left out is told with its reason."""
    text = told(made["carpenter-neck"].path)
    assert "pressure 2 instead of 3" in text
    assert "left out. Blood thinner" in text
    assert "⇄ sources disagree" in text


def test_what_nobody_asked_comes_first_where_the_protocol_would_refer(made):
    """Of many open questions those about the arteries of the neck stand first."""
    text = told(made["courier-neck"].path)
    asked = text[text.index("### ? Ask") :].splitlines()[4]
    assert "dizzy" in asked


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_every_report_has_parameters_that_are_plain(path):
    """The defaults of each report can be read without running it."""
    found = batch.declared(path)
    assert found
    assert all(type(value) in (str, int, float, bool, list, type(None)) for value in found.values())


def test_wrong_parameter_names_are_refused_before_anything_runs(tmp_path):
    """A typo names the parameter that was meant; not even the folder is made."""
    with pytest.raises(UsageError, match="write 'clients'"):
        batch.course_reports(["office-neck"], out=tmp_path / "out", parameters={"client": 5})
    assert not (tmp_path / "out").exists()


def test_wrong_types_are_refused_even_when_no_case_can_be_read(tmp_path):
    """The parameters are checked whatever the cases are."""
    with pytest.raises(UsageError, match="seed"):
        batch.course_reports(["nobody"], out=tmp_path / "out", parameters={"seed": "seven"})


def test_case_and_protocol_are_no_parameters(tmp_path):
    """They are named on their own, so that the names of the reports are right."""
    with pytest.raises(UsageError, match="outside the parameters"):
        batch.course_reports(["office-neck"], out=tmp_path, parameters={"case": "office-neck"})


def test_an_unknown_protocol_stops_the_batch(tmp_path):
    """Nothing can be made without it."""
    with pytest.raises(FileError, match="neck-pain-chronic-60"):
        batch.course_reports(["office-neck"], protocol="neck-pain-chronic-61", out=tmp_path)


def test_a_case_that_cannot_be_read_is_named_and_the_rest_is_made(tmp_path):
    """One broken file of a class costs one report; own files work from any folder."""
    text = paths.datasets("cases", "office-neck.yaml").read_text(encoding="utf-8")
    (tmp_path / "mine é.yaml").write_text(text.replace("id: office-neck", "id: my-client"), encoding="utf-8")
    (tmp_path / "broken.yaml").write_text(text.replace("age_years: 42", "age_years: -3"), encoding="utf-8")
    cases = [tmp_path / "broken.yaml", tmp_path / "mine é.yaml", "offic-neck"]
    found = {
        item.name: item
        for item in batch.course_reports(cases, out=tmp_path / "out", parameters={"clients": 50})
    }
    assert [item.state for item in found.values()] == ["failed", "failed", "made"]
    assert "age_years" in found["broken"].words
    assert "office-neck" in found["offic-neck"].words
    assert (tmp_path / "out" / "my-client--neck-pain-chronic-60.ipynb").exists()


def test_two_files_of_one_client_are_refused(tmp_path):
    """One report would overwrite the other."""
    text = paths.datasets("cases", "office-neck.yaml").read_text(encoding="utf-8")
    (tmp_path / "copy.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="both the client 'office-neck'"):
        batch.course_reports(["office-neck", tmp_path / "copy.yaml"], out=tmp_path / "out")


def test_a_protocol_without_a_model_is_told_with_its_cell(tmp_path):
    """A report that fails says where and why; what it had shown is kept beside."""
    found = batch.course_reports(["office-neck"], out=tmp_path, parameters={"measure": "koos", "clients": 50})
    assert found[0].failed
    cells = json.loads((tmp_path / "office-neck--neck-pain-chronic-60.failed.ipynb").read_text())["cells"]
    own = [cell for cell in cells if "injected-parameters" not in cell["metadata"]["tags"]]
    assert "cohort" in "".join(own[found[0].cell - 1]["source"])
    assert f"failed in cell {found[0].cell}: " in str(found[0])


def test_the_command_makes_reports_and_keeps_them(tmp_path):
    """Exit 0; a second run with --keep leaves the report alone; --json is one document."""
    run = [sys.executable, "-m", "effleurage.cli", "report", "heart-neck", "--out", "my reports"]
    first = subprocess.run(run, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.startswith("heart-neck--neck-pain-chronic-60: made ")
    again = subprocess.run(
        [*run, "--keep", "--json"], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert [item["state"] for item in json.loads(again.stdout)] == ["kept"]


@pytest.mark.parametrize(
    "wrong",
    [
        (["office-neck", "--set", "sed=3"], 2, "write 'seed' if that is what you mean"),
        (["office-neck", "--set", "seed"], 2, "write it like seed=3"),
        (["office-neck", "--set", "clients=many"], 2, "a whole number"),
        (["office-neck", "--protocol", "nek"], 1, "there is no such file"),
        (["nobody-at-all"], 1, "there is no such file"),
    ],
)
def test_the_command_says_what_is_wrong(tmp_path, monkeypatch, capsys, wrong):
    """2 for wrong use, 1 for what was found; said in a sentence, and nothing is made."""
    words, code, said = wrong
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["effleurage", "report", *words, "--out", "out"])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == code
    captured = capsys.readouterr()
    assert said in captured.out + captured.err
    assert not list(tmp_path.rglob("*.ipynb"))


def test_reports_are_data_errors_free():
    """Every report of the suite is a page with front matter of its kind."""
    assert {path.stem for path in REPORTS} >= {"course-report", "sherman-comparison"}
    with pytest.raises(DataError):
        batch.declared(paths.notebooks("start-here.ipynb"))
