"""Every protocol of the suite passes its own review: nothing must and nothing should be mended."""

import pytest
from effleurage import knowledge, protocol, review


@pytest.mark.parametrize("name", protocol.protocols())
def test_protocol_passes_the_review(name):
    """What is left is to think about, never to mend."""
    found = review.check(protocol.load(name))

    assert [f"{item.where}: {item.what} {item.do}" for item in found if item.weight != "consider"] == []


@pytest.mark.parametrize("entry", knowledge.entries("wording").values(), ids=lambda entry: entry.id)
def test_wording_is_found_and_its_better_words_pass(entry):
    """Each of the words is found; what an entry advises instead is not what the review objects to."""
    avoided = [
        item
        for item in knowledge.entries("wording").values()
        if item.role in ("diagnosing", "promising", "claim")
    ]

    assert all(entry.found(f"The plan: {words.replace('*', 's')} here.") for words in entry.says)
    assert not any(item.found(entry.instead) for item in avoided)


@pytest.mark.parametrize("entry", knowledge.entries("condition").values(), ids=lambda entry: entry.id)
def test_stages_do_not_advise_what_they_avoid(entry):
    """A technique that suits a stage is never among what its 'avoid' lines bar everywhere."""
    from effleurage.review.stages import meaning

    for stage in entry.stages:
        for line in stage.avoid:
            for meant in meaning(line):
                if not meant.step.regions and meant.step.pressure_at_least is None:
                    assert not set(stage.suits) & set(meant.step.techniques), f"{stage.id}: {line}"
