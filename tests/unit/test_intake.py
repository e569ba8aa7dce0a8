"""What a client answered, and what nobody asked."""

from datetime import timedelta

import pytest
from effleurage import files, intake
from effleurage.errors import DataError

OFFICE = intake.load("office-neck")
COURIER = intake.load("courier-neck")


def changed(client=OFFICE, **values):
    """A client with other values, read as from a file."""
    plain = client.model_dump(mode="json") | values
    return files.build(intake.Client, files.Document(plain, "a case"))


def test_an_answer_is_yes_no_or_unknown():
    """Present, denied with its section, or never asked."""
    assert changed(facts=[{"fact": "fever"}]).answer("fever") == "yes"
    assert OFFICE.answer("fever") == "no"
    assert COURIER.answer("fever") == "unknown"


def test_not_known_is_not_no():
    """A client who does not know leaves the question open, though the section was asked."""
    assert changed(not_known=["osteoporosis"]).answer("osteoporosis") == "unknown"


def test_one_denied_fact_does_not_answer_its_section():
    """What was asked alone is answered alone."""
    client = changed(COURIER, denied=["fever"])

    assert client.answer("fever") == "no"
    assert client.answer("chest-pain") == "unknown"


def test_a_medicine_counts_as_its_class():
    """Apixaban is an anticoagulant, and the finding names the medicine."""
    client = changed(medicines=[{"medicine": "apixaban"}])

    assert client.answer("anticoagulant") == "yes"
    assert client.found("anticoagulant")[0].note == "apixaban"


def test_an_unlisted_medicine_is_taken_with_its_class():
    """What the list does not hold is written with class and name."""
    client = changed(medicines=[{"medicine": "other", "fact": "opioid", "note": "a cough syrup"}])

    assert client.answer("opioid") == "yes"


def test_what_is_missing_is_listed_in_the_order_of_the_form():
    """The clean client has nothing missing; the courier a lot."""
    assert intake.missing(OFFICE) == ()
    assert "dizziness" in intake.missing(COURIER)
    assert "fever" not in intake.missing(changed(COURIER, denied=["fever"]))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"facts": [{"fact": "fever"}], "denied": ["fever"]}, "'fever' is both present and denied"),
        ({"facts": [{"fact": "fever"}], "not_known": ["fever"]}, "'fever' is both present and denied"),
        ({"facts": [{"fact": "fevr"}]}, "fact 'fevr' is not known"),
        ({"sections_answered": ["todayy"]}, "section 'todayy' is not known"),
        ({"readings": {"systolic": 120}}, "reading 'systolic' is not known"),
        ({"baseline": {"ndi": -1}}, "ndi is -1. Allowed: 0-50"),
        ({"age_years": "old"}, "'age_years' is 'old'"),
        ({"visit": "yesterday"}, "'visit' is 'yesterday'"),
        ({"medicines": [{"medicine": "warfarine"}]}, "medicine 'warfarine' is not known"),
        (
            {"clearances": [{"rule": "no-such", "by": "x", "on": "2026-01-01", "allows": "y"}]},
            "rule 'no-such'",
        ),
    ],
)
def test_contradictions_and_unknown_words_are_refused(values, words):
    """Each with what was found; nothing is guessed."""
    with pytest.raises(DataError) as caught:
        changed(**values)

    assert words in str(caught.value)


def test_an_event_after_the_visit_is_refused():
    """A date that cannot be is corrected, not computed with."""
    later = OFFICE.visit + timedelta(days=1)
    with pytest.raises(DataError, match="after the visit"):
        changed(facts=[{"fact": "fall-or-blow", "on": later.isoformat()}])


def test_the_six_clients_are_what_they_are_for():
    """Clean, local, clearance, refer, incomplete, too much pressure: each is there, all are fictional."""
    names = {"office-neck", "gardener-neck", "heart-neck", "driver-neck", "courier-neck", "carpenter-neck"}

    assert names <= set(intake.cases())
    assert all(intake.load(name).fictional for name in names)
    assert intake.load("carpenter-neck").pressure_wished == 5
