"""From answers to scores: each measure by hand, what becomes of missing answers, and what is refused."""

import re
from math import isclose

import pytest
from effleurage import knowledge, outcomes
from effleurage.errors import DataError, UnknownId
from hypothesis import given
from hypothesis import strategies as st

MEASURES = knowledge.entries("measure")
SCORED = {key: entry for key, entry in MEASURES.items() if entry.score_parts}
FIQR = {"function": [6] * 9, "overall": [7, 5], "symptoms": [4] * 10}

# Worked by hand from the rule of each entry; the ODI row is the example that its form gives.
BY_HAND = [
    ("nprs", [6], 6),
    ("vas-pain", [48], 48),
    ("ndi", [1, 2, 3, 0, 1, 2, 3, 0, 1, 2], 15),
    ("odi", [2, 2, 2, 2, 2, 2, 2, 1, None, 1], 35.555556),
    ("rmdq", [1] * 9 + [0] * 15, 9),
    ("womac-global", [2] * 12 + [1] * 12, 37.5),
    ("lefs", [3] * 20, 60),
    ("dash", [3] * 15 + [2] * 15, 37.5),
    ("quickdash", [3] * 10 + [None], 50),
    ("fiqr", FIQR, 18 + 12 + 20),
    ("hit-6", [6, 8, 10, 10, 11, 13], 58),
    ("headache-days", [1] * 7 + [0] * 21, 7),
    ("psqi", [1, 2, 1, 0, 1, 1, 2], 8),
    ("isi", [3, 2, 2, 3, 2, 2, 1], 15),
    ("pss-10", [4, 4, 4, 0, 0, 4, 0, 0, 4, 4], 40),
    ("gad-7", [2, 1, 1, 0, 2, 1, 1], 8),
    ("psfs", [3, 4, 5], 4),
    ("rand-36", [100, 75, 50], 75),
    ("ffi", [60, 45, 30], 45),
    ("spadi", [5] * 5 + [2] * 8, 35),
    ("constant", [10, 14, 30, 12], 66),
    ("rom", [48, 52], 50),
    ("ppt", [310, 290, 300], 300),
]


@pytest.mark.parametrize(("key", "answers", "value"), BY_HAND, ids=[row[0] for row in BY_HAND])
def test_a_score_is_what_the_rule_gives(key, answers, value):
    """Sum, mean or percent, with reversed questions and weights."""
    found = outcomes.score(key, answers)

    assert isclose(found.value, value, abs_tol=1e-6)
    assert (found.unit, found.better) == (MEASURES[key].unit, MEASURES[key].better)


def test_state_anxiety_reverses_the_calm_questions():
    """All 1 is neither least nor most: ten questions count from the other end."""
    calm = {1, 2, 5, 8, 10, 11, 15, 16, 19, 20}
    worst = [1 if place in calm else 4 for place in range(1, 21)]

    assert outcomes.score("stai-state", worst).value == 80
    assert outcomes.score("stai-state", [1] * 20).value == 50


def test_parts_that_are_told_apart_have_no_total():
    """KOOS and the carpal tunnel form give one score a part; KOOS goes up when people fare better."""
    koos = outcomes.score("koos", {"pain": [0] * 9, "sport": [4] * 5})
    wrist = outcomes.score("bctq", [2] * 11 + [3] * 8)

    assert (koos.value, koos.parts) == (None, {"pain": 100, "sport": 0})
    assert (wrist.value, wrist.parts) == (None, {"symptoms": 2, "function": 3})


def test_every_measure_is_scored_or_says_why_not():
    """28 measures: 26 by rule, PROMIS by its own tables, girth by its volume."""
    assert len(MEASURES) == 28
    assert set(MEASURES) - set(SCORED) == {"promis", "girth"}
    assert {row[0] for row in BY_HAND} | {"koos", "bctq", "stai-state"} == set(SCORED)
    with pytest.raises(DataError, match=r"no rule from answers to a score.*a total.*its own service"):
        outcomes.score("promis", [3, 3, 3, 3])


@pytest.mark.parametrize(
    ("key", "missing", "value"),
    [
        ("ndi", 2, 20),
        ("dash", 3, 25),
        ("quickdash", 1, 25),
        ("stai-state", 3, None),
        ("headache-days", 5, 28),
        ("fiqr", 0, None),
    ],
)
def test_as_many_may_be_missing_as_the_form_allows(key, missing, value):
    """With just so many missing there is a score, and it is said what stands in for them."""
    part = SCORED[key].score_parts[0]
    answers = [2 if part.high > 1 else 1] * (part.items - missing) + [None] * missing
    if key == "fiqr":
        answers = FIQR | {"function": [6] * 5 + [None] * 4, "overall": [7, None]}
    found = outcomes.score(key, answers)

    assert found.value is not None
    assert value is None or isclose(found.value, value)
    assert "missing, the mean of the others stands in" in found.said


@pytest.mark.parametrize(
    ("key", "missing"),
    [("dash", 4), ("quickdash", 2), ("stai-state", 4), ("headache-days", 6), ("ndi", 6), ("odi", 6),
     ("lefs", 1), ("hit-6", 1), ("psqi", 1), ("isi", 1), ("pss-10", 1), ("gad-7", 1), ("womac-global", 1)],
)  # fmt: skip
def test_one_more_missing_and_there_is_no_score(key, missing):
    """No number is invented; it is said how many answers are needed."""
    part = SCORED[key].score_parts[0]
    answers = [None] * missing + [part.answers[0] if part.answers else part.low] * (part.items - missing)
    found = outcomes.score(key, answers)

    assert found.value is None
    assert re.search(rf"{missing} of {part.items} missing, \d+ answers are needed: no score", found.said)


def test_the_fiq_weighs_a_part_by_what_was_answered():
    """Nine over the number answered, then a third: six activities at 6 count as nine at 6."""
    assert outcomes.score("fiqr", FIQR | {"function": [6] * 6 + [None] * 3}).value == 50


def test_an_open_statement_of_the_roland_form_counts_as_no():
    """Ticks are counted; a gap cannot be told from a no, and that is said."""
    found = outcomes.score("rmdq", [1, 1, None] + [0] * 21)

    assert found.value == 2
    assert "1 of 24 left open count as 0" in found.said


@pytest.mark.parametrize("key", SCORED)
def test_the_ends_of_the_form_are_the_ends_of_the_scale(key):
    """Best and worst answers give scores within the scale, and at its ends where the form reaches them."""
    entry = SCORED[key]
    ends = []
    for end in ("low", "high"):
        answers = {
            part.name: [_end(part, place, end) for place in range(1, part.items + 1)]
            for part in entry.score_parts
        }
        found = outcomes.score(key, answers)
        ends += [found.value] if found.value is not None else list(found.parts.values())

    assert min(ends) == entry.scale.low
    assert max(ends) == entry.scale.high


def _end(part, place, end):
    """The lowest or highest answer as it counts."""
    other = {"low": "high", "high": "low"}
    return getattr(part, other[end] if place in part.reversed else end)


@pytest.mark.parametrize(
    ("key", "answers", "message"),
    [
        ("ndi", [6] + [0] * 9, "ndi, questions, answer 1: 6. Allowed: 0 to 5. To do: correct it"),
        ("ndi", ["a"] + [0] * 9, "answer 1: a. Allowed: 0 to 5"),
        ("ndi", [True] + [0] * 9, "answer 1: True"),
        ("ndi", [0] * 9, "9 answers. Allowed: 10, None for a missing one"),
        ("ndi", [0] * 11, "11 answers. Allowed: 10"),
        ("hit-6", [6, 6, 6, 6, 6, 7], "answer 6: 7. Allowed: 6, 8, 10, 11, 13"),
        ("dash", [0] + [1] * 29, "answer 1: 0. Allowed: 1 to 5"),
        ("psfs", [], "0 answers. Allowed: 1 to 5"),
        ("psfs", [5] * 6, "6 answers. Allowed: 1 to 5"),
        ("koos", {"pains": [0]}, "part 'pains' is not known.*'pain'"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(key, answers, message):
    """Which part, which answer, what is allowed."""
    with pytest.raises(DataError, match=message):
        outcomes.score(key, answers)


def test_an_unknown_measure_names_the_nearest():
    """A typing error is told from a measure that is not there."""
    with pytest.raises(UnknownId, match=r"'ndii'.*'ndi'"):
        outcomes.score("ndii", [1])


def test_a_total_is_taken_or_refused():
    """A total on the scale stays; percent of a raw scale is told apart."""
    assert outcomes.total("hit-6", 60) == 60
    with pytest.raises(DataError, match=r"bctq is 0.*1-5"):
        outcomes.total("bctq", 0)
    with pytest.raises(DataError, match=r"ndi is 60.*write 30 if 60 counts to 100 \(percent\)"):
        outcomes.total("ndi", 60)


@given(st.data())
def test_a_score_never_leaves_its_scale(data):
    """Whatever is answered and whatever is missing."""
    entry = SCORED[data.draw(st.sampled_from(sorted(SCORED)))]
    answers = {}
    for part in entry.score_parts:
        one = st.sampled_from(part.answers) if part.answers else st.integers(int(part.low), int(part.high))
        answers[part.name] = data.draw(st.lists(one | st.none(), min_size=part.items, max_size=part.items))
    found = outcomes.score(entry, answers)

    for value in (found.value, *found.parts.values()):
        assert value is None or value <= entry.scale.high
        assert found.value is None or entry.scale.low <= found.value


@pytest.mark.parametrize(("girths", "apart"), [([30], 10), ([30, 0], 10), ([30, 31], 0), ([], 4)])
def test_a_volume_needs_girths(girths, apart):
    """Two or more, all above nothing."""
    with pytest.raises(DataError, match="girth"):
        outcomes.limb_volume(girths, apart)


def test_a_cylinder_has_the_volume_of_a_cylinder():
    """Equal girths: circumference squared over four pi, times the length."""
    assert outcomes.limb_volume([20, 20, 20], 5) == pytest.approx(20**2 / (4 * 3.14159265) * 10, rel=1e-6)
