"""The commands as a person or a script meets them."""

import json
import subprocess
import sys

import pytest
from effleurage import intake, paths


def run(*words, **options):
    """Run `effleurage` in a process of its own."""
    command = [sys.executable, "-m", "effleurage.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, **options)


def test_check_finds_nothing_wrong_in_the_suite():
    """Everything that is shipped passes, and the command says so."""
    done = run("check")

    assert done.returncode == 0, done.stdout
    counted, found = done.stdout.strip().splitlines()
    assert counted.startswith("Read: source ")
    assert "technique 21," in counted
    assert found == "0 problems found."


def test_check_names_each_problem_of_a_file_and_exits_with_one(tmp_path):
    """People read lines, machines read JSON."""
    text = paths.protocols("neck-pain-chronic-60.yaml").read_text(encoding="utf-8")
    path = tmp_path / "neck-pain-chronic-60.yaml"
    path.write_text(text.replace("petrissage", "petrisage", 1), encoding="utf-8")

    people, machines = run("check", path), run("check", path, "--json")

    assert people.returncode == machines.returncode == 1
    assert "1 problem found." in people.stdout
    (problem,) = json.loads(machines.stdout)
    assert set(problem) == {"where", "found", "allowed", "do"}
    assert problem["do"].startswith("write 'petrissage'")


@pytest.mark.parametrize(
    ("case", "code", "words"),
    [
        ("office-neck", 0, "Screen of office-neck"),
        ("gardener-neck", 0, "Avoid the site"),
        ("carpenter-neck", 0, "Limit"),
        ("driver-neck", 1, "Do not work today: stop and refer."),
        ("heart-neck", 1, "Get a written clearance"),
        ("courier-neck", 1, "could change everything"),
    ],
)
def test_screen_says_what_was_found(case, code, words):
    """Exit 1 means that no plan can be made yet."""
    done = run("screen", case, "neck-pain-chronic-60")

    assert done.returncode == code
    assert words in done.stdout


def test_screen_for_machines_is_one_document():
    """--json prints one document and nothing else."""
    done = run("screen", "driver-neck", "neck-pain-chronic-60", "--json")

    found = json.loads(done.stdout)
    assert found["client"] == "driver-neck"
    assert "stop" in {item["kind"] for item in found["findings"]}


def test_an_unknown_case_is_one_line_on_standard_error():
    """No traceback; the nearest name is offered."""
    done = run("screen", "ofice-neck", "neck-pain-chronic-60")

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "Allowed: office-neck" in done.stderr


def test_wrong_use_exits_with_two():
    """A word that is no command."""
    assert run("massage").returncode == 2


def test_simulate_writes_every_visit_and_says_what_it_is(tmp_path):
    """The same seed gives the same numbers; the file has a row per client, arm, measure and week."""
    out = tmp_path / "runs.csv"
    words = ("simulate", "neck-pain-chronic-60", "--case", "office-neck", "--clients", 50, "--seed", 3)
    first, second = run(*words, "--out", out), run(*words)

    assert first.returncode == 0, first.stderr
    assert "teaching model" in first.stdout
    assert second.stdout == first.stdout.replace(str(out), "")
    assert len(out.read_text(encoding="utf-8").splitlines()) > 50


def test_simulate_is_refused_while_a_stop_is_open():
    """No plan, no simulation."""
    done = run("simulate", "neck-pain-chronic-60", "--case", "driver-neck")

    assert done.returncode == 1
    assert "stop and refer" in done.stderr


def test_every_case_can_be_screened():
    """Six fictional clients and more."""
    assert len(intake.cases()) >= 6
