"""The stages of healing: they overlap, and say so."""

import pytest
from effleurage import knowledge

STAGES = knowledge.entries("healing-stage")


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_says_what_it_means_for_the_hands(stage):
    """What to do is a teaching default, wherever the days come from."""
    entry = STAGES[stage]

    assert entry.hands
    assert entry.standing_for("hands") == "editorial"


def test_tissue_and_pain_have_three_stages_each():
    """Inflammation, repair, remodelling; acute, subacute, chronic."""
    assert [entry.of for entry in STAGES.values()] == ["tissue"] * 3 + ["pain"] * 3


@pytest.mark.parametrize("stage", ["inflammation", "repair", "remodelling"])
def test_where_the_books_disagree_both_are_told(stage):
    """The days of tissue stages differ between texts."""
    assert STAGES[stage].standing == "conflict"
    assert len(STAGES[stage].positions) >= 2
