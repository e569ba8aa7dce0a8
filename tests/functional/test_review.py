"""`effleurage review` as a person or a script meets it."""

import json
import subprocess
import sys

import pytest
from effleurage import paths


def run(*words):
    """Run `effleurage` in a process of its own."""
    command = [sys.executable, "-m", "effleurage.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture
def without_goals(tmp_path):
    """A copy of a protocol of the suite whose goals were forgotten."""
    lines = paths.protocols("neck-pain-gentle.yaml").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "mine.yaml"
    path.write_text("\n".join(line for line in lines if "goals:" not in line and "measure:" not in line))
    return path


def test_a_sound_protocol_passes():
    """Nothing must be mended: exit 0, and what there is to think about is said."""
    done = run("review", "neck-pain-chronic-60")

    assert done.returncode == 0
    assert done.stdout.startswith("Review: ")
    assert "Must be mended" not in done.stdout


def test_a_must_is_exit_one(without_goals):
    """What must be mended is said with why and what to do."""
    done = run("review", without_goals)

    assert done.returncode == 1
    assert "Must be mended (1)" in done.stdout
    assert "do: Add one to three goals" in done.stdout


@pytest.mark.parametrize(
    ("case", "code", "rule"), [("office-neck", 0, "above-wish"), ("heart-neck", 1, "screen-open")]
)
def test_a_client_is_considered(case, code, rule):
    """--case reviews for that client; --json prints one document."""
    done = run("review", "neck-pain-chronic-60", "--case", case, "--json")

    assert done.returncode == code
    found = json.loads(done.stdout)
    assert rule in {item["rule"] for item in found}
    assert {"where", "what", "why", "do", "weight", "sources", "standing", "phase", "step"} <= set(found[0])


def test_an_unknown_name_is_one_sentence():
    """A wrong id names the nearest one and shows no traceback."""
    done = run("review", "neck-pain-chronic-6")

    assert done.returncode == 1
    assert "neck-pain-chronic-60" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_holds_the_protocols_of_the_suite_against_the_review(without_goals):
    """`effleurage check` names what must be mended in a protocol of the suite, with file and line."""
    from effleurage import checks
    from effleurage.errors import DataError

    renamed = without_goals.rename(without_goals.with_name("neck-pain-gentle.yaml"))
    with pytest.raises(DataError, match="No goal is written") as caught:
        checks.sensible(renamed)

    assert "neck-pain-gentle.yaml, line" in caught.value.problems[0].where
    assert checks.sensible(paths.protocols("neck-pain-gentle.yaml")).id == "neck-pain-gentle"
