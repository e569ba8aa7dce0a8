"""From a screen to dated sessions."""

from datetime import date

import pytest
from effleurage import intake, plan, protocol, safety
from effleurage.errors import SafetyError

CLIENT = intake.load("office-neck")
DESIGN = protocol.load("neck-pain-chronic-60")


def course(client=CLIENT, design=DESIGN, **changes):
    """The course of a client under a protocol."""
    return plan.build(design, client, safety.check(design, client), **changes)


def test_sessions_are_spread_evenly_over_the_weeks():
    """Twice a week means days 0 and 3; weeks count from one."""
    found = course(start=date(2026, 3, 3))

    assert [session.day for session in found.sessions] == [0, 3, 7, 10, 14, 17, 21, 24]
    assert [session.week for session in found.sessions] == [1, 1, 2, 2, 3, 3, 4, 4]
    assert found.sessions[2].on == date(2026, 3, 10)
    assert found.weeks == 4


def test_reassessment_comes_every_so_many_sessions():
    """Every fourth session is marked."""
    assert [session.number for session in course().sessions if session.reassess] == [4, 8]


def test_phases_follow_each_other():
    """The gentle course begins with one half hour a week and goes on with two of 45 minutes."""
    found = course(design=protocol.load("neck-pain-gentle"))

    assert [(session.week, session.minutes) for session in found.sessions] == [
        (1, 30),
        (2, 30),
        (3, 45),
        (3, 45),
        (4, 45),
        (4, 45),
    ]


def test_there_is_no_plan_without_the_screen_of_this_very_pair():
    """A screen of another client, another protocol or an older version is refused."""
    screen = safety.check(DESIGN, CLIENT)
    other = CLIENT.model_copy(update={"age_years": 77})
    for design, client in ((DESIGN, other), (protocol.load("neck-pain-gentle"), CLIENT)):
        with pytest.raises(SafetyError, match="was not made for client 'office-neck'"):
            plan.build(design, client, screen)
    with pytest.raises(SafetyError, match=r"the result of safety\.check"):
        plan.build(DESIGN, CLIENT, None)


def test_a_stop_refuses_the_plan_and_says_what_comes_first():
    """The message names the rule, what was found, and what to do."""
    with pytest.raises(SafetyError) as caught:
        course(intake.load("driver-neck"))

    assert "stop and refer" in str(caught.value)
    assert "To do:" in str(caught.value)


def test_a_missing_clearance_refuses_and_a_written_one_allows():
    """With the clearance the plan is made, and the caps of the rule stay."""
    client = intake.load("heart-neck")
    screen = safety.check(DESIGN, client)
    with pytest.raises(SafetyError, match="a written clearance is missing"):
        plan.build(DESIGN, client, screen)

    papers = tuple(
        intake.Clearance(rule=item.rule, by="cardiologist", on=client.visit, allows="light work, seated")
        for item in screen.clearances
    )
    cleared = client.model_copy(update={"clearances": papers})
    found = course(cleared)

    assert safety.check(DESIGN, cleared).cap("neck-posterior") <= 2
    assert max(step.pressure or 0 for step in found.sessions[0].steps) <= 2


def test_an_unasked_question_that_could_stop_the_session_refuses_the_plan():
    """Unknown is not clear."""
    with pytest.raises(SafetyError, match="not asked yet"):
        course(intake.load("courier-neck"))


def test_a_locked_side_leaves_the_other_side_its_half():
    """A step on both sides goes on at the free side with half the minutes."""
    session = course(intake.load("gardener-neck")).sessions[0]
    shoulder = next(step for step in session.steps if step.region == "shoulder-top")
    wanted = next(step for step in DESIGN.steps if step.region == "shoulder-top")

    assert shoulder.side in ("left", "right")
    assert shoulder.minutes == wanted.minutes / 2
    assert "side only" in shoulder.changed[0]


def test_what_the_screen_forbids_is_dropped_with_its_reason():
    """A technique that is not for this client is left out, not replaced."""
    session = course(intake.load("carpenter-neck")).sessions[0]

    assert {item.technique for item in session.dropped} >= {"deep-tissue-stripping"}
    assert all(item.why for item in session.dropped)
    assert "deep-tissue-stripping" not in {step.technique for step in session.steps}
