"""Combinations in a rule's trigger: counts, numbers that need not be taken, sides of a step."""

import pytest
from effleurage.knowledge import Trigger
from effleurage.protocol import Step
from effleurage.safety.triggers import NO, Verdict, any_of, matches

YES, OPEN = Verdict("yes", ("held",)), Verdict("unknown", asks=("Is it so?",))


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        ([YES, YES, NO], "yes"),
        ([YES, NO, NO], "no"),
        ([YES, OPEN, NO], "unknown"),
        ([OPEN, OPEN, NO], "unknown"),
        ([OPEN, NO, NO], "no"),
        ([YES, YES, OPEN], "yes"),
    ],
)
def test_a_count_is_met_missed_or_open(verdicts: list[Verdict], state: str) -> None:
    """Two of three hold when two are yes, and stay open while the unknown ones could still make two."""
    assert any_of(verdicts, 2).state == state


def test_an_open_count_asks_what_is_open() -> None:
    """A count that is not yet met names the questions that could meet it."""
    assert any_of([YES, OPEN, NO], 2).asks == ("Is it so?",)


@pytest.mark.parametrize(
    "trigger",
    [
        {"any": [{"fact": "fever"}], "count_at_least": 2},
        {"fact": "fever", "count_at_least": 2},
        {"fact": "fever", "asked_by": "fever"},
    ],
)
def test_counts_and_questions_need_their_partner(trigger: dict) -> None:
    """A count beyond its list, a count without a list and a question without a reading are refused."""
    with pytest.raises(ValueError, match=r"count_at_least|asked_by"):
        Trigger.model_validate(trigger)


def test_a_step_matches_by_its_side() -> None:
    """A rule about both sides of the front of the neck does not touch work on one side."""
    trigger = Trigger.model_validate({"step": {"regions": ["neck-anterior"], "sides": ["both"]}})
    step = {
        "technique": "effleurage",
        "region": "neck-anterior",
        "minutes": 2.0,
        "pressure": 1,
        "purpose": "calm",
    }
    assert matches(trigger, Step.model_validate({**step, "side": "both"}))
    assert not matches(trigger, Step.model_validate({**step, "side": "left"}))
