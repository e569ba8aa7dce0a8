"""`effleurage dose`: what a trial of a dose would show, its doubt, and wrong questions in one line."""

import json
import math
import re

import pytest
from effleurage import cli, simulate
from effleurage.errors import UsageError

NECK = ("--condition", "neck-pain-chronic", "--measure", "ndi")
EVERYONE = tuple(arm for arm in simulate.answers.COMPARED if arm != "same-then-nothing")


def ask(phases=("60x2x4",), measure="ndi", **more):
    """Ask the library; small trials are quick."""
    return simulate.answer("neck-pain-chronic", measure, phases, **{"n_per_arm": 40, **more})


def said(capsys, monkeypatch, *words):
    """Say the command and return exit code, output and errors."""
    monkeypatch.setattr("sys.argv", ["effleurage", "dose", *words])
    with pytest.raises(SystemExit) as left:
        cli.main()
    return (left.value.code or 0, *capsys.readouterr())


def test_the_answer_as_json_has_the_agreed_shape(capsys, monkeypatch):
    """Names and nesting of the contract, finite numbers, every interval around its middle."""
    more = (
        "--phase",
        "60x2x4",
        "--compare",
        ",".join(EVERYONE),
        "--at",
        "5,12",
        "--n-per-arm",
        "30",
        "--json",
    )
    code, out, err = said(capsys, monkeypatch, *NECK, *more)
    found = json.loads(out)

    assert (code, err) == (0, "")
    assert list(found) == [
        "condition", "measure", "better", "weeks", "n_per_arm", "seed", "arms", "contrasts", "model",
    ]  # fmt: skip
    assert (found["better"], found["weeks"], found["n_per_arm"]) == ("lower", 4, 30)
    assert [(arm["arm"], arm["week"]) for arm in found["arms"]] == [
        (arm, week) for arm in ("massage", *EVERYONE) for week in (5, 12)
    ]
    assert {contrast["versus"] for contrast in found["contrasts"]} == set(EVERYONE)
    for arm in found["arms"]:
        low, high = arm["change_interval95"]
        assert low < arm["change"] < high
        assert 0 <= arm["responder_share"] <= 1
        assert all(math.isfinite(arm[name]) and arm[name] > 0 for name in ("mean", "sd", "change_sd"))
    for contrast in found["contrasts"]:
        low, high = contrast["interval95"]
        assert low < contrast["difference"] < high
        assert contrast["responder_ratio_interval95"][0] < contrast["responder_ratio"]
    assert found["model"]["fitted_on"]
    assert "not a predictor" in found["model"]["note"]


def test_for_people_it_says_what_the_brackets_hold(capsys, monkeypatch):
    """Each arm and contrast is a line; the standing words stand below."""
    code, out, _ = said(capsys, monkeypatch, *NECK, "--phase", "30x2x4", "--n-per-arm", "20")

    assert code == 0
    assert "massage against wait-list, week 4: " in out
    assert simulate.answers.BRACKETS in out
    assert "not a predictor for a real client" in out


def test_same_seed_same_answer():
    """Another seed is another set of trials; the same one is the same to the last digit."""
    assert ask(seed=3).plain() == ask(seed=3).plain()
    assert ask(seed=3).plain() != ask(seed=4).plain()


def test_small_trials_say_less():
    """The interval of a difference narrows with people, and keeps the doubt about the model."""
    widths = []
    for n in (10, 40, 640):
        [contrast] = ask(n_per_arm=n).contrasts
        widths.append(contrast.difference.interval95[1] - contrast.difference.interval95[0])

    assert widths[0] > widths[1] > widths[2] > 1


def test_stopping_early_is_the_first_phase_alone():
    """Same-then-nothing is the course without what follows; the massage arm is the same in both."""
    more = {"at": (12,), "seed": 2}
    both = ask(("60x2x4", "60x1x8"), compare=("same-then-nothing", "wait-list"), **more)
    [first, *_] = ask(("60x2x4",), **more).arms

    assert [arm.arm for arm in both.arms] == ["massage", "same-then-nothing", "wait-list"]
    assert both.weeks == 12
    assert both.doses[1].sessions == simulate.dose("60x2x4").sessions
    assert both.arms[0].change.middle < both.arms[1].change.middle < both.arms[2].change.middle
    assert both.arms[1].change.middle == pytest.approx(first.change.middle, abs=0.5)


def test_another_population_and_another_rule():
    """A worse start has more to lose; a harder rule has fewer responders; the ends of the scale hold."""
    usual, worse = ask(), ask(baseline=(30, 5))

    assert worse.arms[0].change.middle < usual.arms[0].change.middle
    assert worse.arms[0].mean.middle > usual.arms[0].mean.middle
    assert ask(responder="change<=-10").arms[0].responder_share.middle < usual.arms[0].responder_share.middle
    assert all(
        0 <= arm.mean.interval95[0] <= arm.mean.interval95[1] <= 50 for arm in ask(baseline=(49, 3)).arms
    )


def test_where_the_data_end_is_said():
    """A dose and a week that no trial tried are named; a tried one is not."""
    assert "the model guesses" in ask(("90x5x4",)).note
    assert "no fitted trial reports after week 26" in ask(at=(52,)).note
    assert "guess" not in ask(("60x2x4",), at=(5,)).note


WRONG = [
    (("--phase", "0x2x4"), "0 minutes. Allowed: more than 0, up to 180 minutes"),
    (("--phase", "-5x2x4"), "-5 minutes"),
    (("--phase", "1500x1x4"), "more than a day has"),
    (("--phase", "60x2"), "this is no phase"),
    (("--phase", "60x2x0"), "whole weeks, 1 to 104"),
    (("--phase", "60x2x4", "--condition", "neck-pain-cronic"), "'neck-pain-cronic' is not known"),
    (("--phase", "60x2x4", "--measure", "ndy"), "'ndy' is not known.*'ndi'"),
    (("--phase", "60x2x4", "--compare", "nothing"), "comparator 'nothing' is not known"),
    (("--phase", "60x2x4", "--compare", "wait-list,wait-list"), "each once"),
    (("--phase", "60x2x4", "--compare", "same-then-nothing"), "two phases or more"),
    (("--phase", "60x2x4", "--at", "-1"), "weeks after the start"),
    (("--phase", "60x2x4", "--at", "0"), "weeks after the start"),
    (("--phase", "60x2x4", "--at", "nan"), "weeks from the start, 0 to 520"),
    (("--phase", "60x2x4", "--at", "900"), "weeks from the start, 0 to 520"),
    (("--phase", "60x2x4", "--at", "five"), "numbers with commas between"),
    (("--phase", "60x2x4", "--n-per-arm", "1000000"), "a whole number from 2 to 10,000"),
    (("--phase", "60x2x4", "--n-per-arm", "0"), "a whole number from 2 to 10,000"),
    (("--phase", "60x2x4", "--baseline", "20"), "MEAN,SD"),
    (("--phase", "60x2x4", "--baseline", "70,5"), "a score from 0 to 50"),
    (("--phase", "60x2x4", "--baseline", "20,0"), "an SD above 0"),
    (("--phase", "60x2x4", "--responder", "better"), "this is no rule"),
    (("--phase", "60x2x4", "--pressure", "7"), "Walton level 0 to 5"),
]


@pytest.mark.parametrize(
    ("words", "message"), WRONG, ids=[" ".join(words[2:] or words) for words, _ in WRONG]
)
def test_a_wrong_question_gets_one_clear_line(capsys, monkeypatch, words, message):
    """Exit 2; what was found, what is allowed and what to do, and nothing on standard output."""
    code, out, err = said(capsys, monkeypatch, *NECK, *words, "--json")

    assert (code, out, len(err.strip().splitlines())) == (2, "", 1)
    assert re.search(message, err)
    assert "To do: " in err


def test_an_answer_needs_a_phase_and_a_comparator():
    """The library refuses what the command cannot even ask."""
    with pytest.raises(UsageError, match="no phase"):
        ask(())
    with pytest.raises(UsageError, match="one or more, each once"):
        ask(compare=())
