"""Messages have four parts."""

import pytest
from effleurage import errors
from hypothesis import given
from hypothesis import strategies as st


def test_a_problem_is_one_line_of_four_parts():
    """Where, what was found, what is allowed, what to do."""
    problem = errors.Problem("a.yaml, line 3", "pressure 7", "0 to 5", "write 5 or less")

    assert str(problem) == "a.yaml, line 3: pressure 7. Allowed: 0 to 5. To do: write 5 or less."


def test_parts_that_say_nothing_are_left_out():
    """No empty 'Allowed:'."""
    assert str(errors.Problem("a.yaml", "it is empty.")) == "a.yaml: it is empty."


def test_an_error_of_many_problems_has_a_line_for_each():
    """One message, all problems."""
    error = errors.DataError.of(errors.Problem("a", f"problem {n}") for n in range(3))

    assert str(error).splitlines() == ["a: problem 0.", "a: problem 1.", "a: problem 2."]
    assert isinstance(error, errors.DataError)


@pytest.mark.parametrize("word", ["Effleurage", "efleurage", "effleurrage"])
def test_the_nearest_word_is_found_in_spite_of_case_and_typing(word):
    """One letter more or less, or a capital."""
    assert errors.nearest(word, ["petrissage", "effleurage"]) == "effleurage"


@given(st.text())
def test_there_is_no_nearest_word_among_none(word):
    """Nothing is invented."""
    assert errors.nearest(word, []) is None


def test_a_long_list_of_choices_is_cut():
    """A message stays readable."""
    problem = errors.unknown("x", "region", "zzz", [f"region-{n:02}" for n in range(40)])

    assert "and 28 more" in str(problem)
    assert "choose one of these" in str(problem)
