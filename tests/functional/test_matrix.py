"""Every case against every protocol: what must hold of each pair."""

from datetime import timedelta

import pytest
from effleurage import intake, protocol, safety
from effleurage import plan as planning
from effleurage.errors import SafetyError

CASES = [intake.load(name) for name in intake.cases()]
DESIGNS = [protocol.load(name) for name in protocol.protocols()]
EACH_CASE = pytest.mark.parametrize("client", CASES, ids=lambda client: client.id)


@pytest.fixture(scope="module")
def screens():
    """The screen of every pair."""
    return {(client.id, design.id): safety.check(design, client) for client in CASES for design in DESIGNS}


def built(client, design, screen):
    """The course of a pair, or None where the screen refuses it; nothing else may be raised."""
    try:
        return planning.build(design, client, screen)
    except SafetyError:
        return None


def test_every_pair_is_screened(screens):
    """As many screens as cases times protocols."""
    assert len(screens) == len(CASES) * len(DESIGNS)
    assert len(screens) >= 1_000


@EACH_CASE
def test_a_plan_is_made_unless_something_blocks_it(client, screens):
    """Stop, missing clearance or open question: refused. Otherwise there is a course."""
    for design in DESIGNS:
        screen = screens[client.id, design.id]

        assert (built(client, design, screen) is None) == bool(screen.blocking)


@EACH_CASE
def test_a_course_stays_inside_the_screen(client, screens):
    """No step on a locked site, above a cap, with a banned technique or position, or over the minutes."""
    for design in DESIGNS:
        screen = screens[client.id, design.id]
        course = built(client, design, screen)
        for session in course.sessions if course else ():
            assert session.hands_on_minutes <= (screen.max_minutes or session.minutes)
            for step in session.steps:
                assert not screen.objections(step)
                assert not screen.locked(step.region, step.side)
                assert (step.pressure or 0) <= screen.cap(step.region, step.side)


@EACH_CASE
def test_a_course_loses_no_step_in_silence(client, screens):
    """Each step of the protocol is in the session or among the dropped ones with a reason."""
    for design in DESIGNS:
        course = built(client, design, screens[client.id, design.id])
        phases = {phase.name: phase.session for phase in design.phases}
        for session in course.sessions if course else ():
            assert len(session.steps) + len(session.dropped) == len(phases[session.phase].steps)
            assert all(item.why for item in session.dropped)


@EACH_CASE
def test_the_screen_of_another_pair_is_refused(client, screens):
    """A screen of the next case, of the next protocol, or of another day makes no plan."""
    other = CASES[(CASES.index(client) + 1) % len(CASES)]
    for number, design in enumerate(DESIGNS):
        following = DESIGNS[(number + 1) % len(DESIGNS)]
        screen = screens[client.id, design.id]
        foreign = (
            screens[other.id, design.id],
            screens[client.id, following.id],
            screen.model_copy(update={"on": screen.on + timedelta(days=1)}),
        )
        for one in foreign:
            with pytest.raises(SafetyError, match="the screen was not made for"):
                planning.build(design, client, one)


@EACH_CASE
def test_a_screen_survives_a_file(client, screens):
    """Written as JSON and read back, it is the same screen and still makes the same plan."""
    for design in DESIGNS:
        screen = screens[client.id, design.id]

        assert safety.Screen.model_validate_json(screen.model_dump_json()) == screen


def test_one_word_says_what_a_screen_comes_to(screens):
    """Blocked pairs and only those stop, wait or ask; clear is said of nothing else."""
    for screen in screens.values():
        word = safety.outcome(screen)
        allowed = ("stop", "clearance", "ask") if screen.blocking else ("ask", "limits", "clear")

        assert word in allowed
        assert (word == "clear") == screen.clear
        assert (word == "stop") == bool(screen.stops)


def test_the_matrix_holds_the_words_of_the_screens(screens):
    """One row a case, one word a protocol, and counts that add up."""
    some = DESIGNS[:3]
    rows = safety.matrix(CASES, some)
    words = {(row.case, name): found for row in rows for name, found in row.outcomes.items()}

    assert len(words) == len(CASES) * len(some)
    assert all(words[pair] == safety.outcome(screens[pair]) for pair in words)
    assert all(sum(row.counts.values()) == len(some) for row in rows)


@EACH_CASE
def test_a_case_to_refer_stops_in_every_protocol(client, screens):
    """What a client brings does not depend on the plan; a sheet that says refer means all plans."""
    stops = [bool(screens[client.id, design.id].stops) for design in DESIGNS]

    assert all(stops) == any(stops) == (intake.answer_sheet(client.id).kind == "refer")
