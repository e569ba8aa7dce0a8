"""What must always hold of the screen and of the plan made from it."""

from datetime import timedelta

import pytest
from effleurage import intake, knowledge, plan, protocol, safety
from effleurage.errors import SafetyError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FACTS = sorted(knowledge.entries("fact"))
LEAVES = sorted(leaf for leaf in knowledge.entries("region") if knowledge.parts(leaf) == (leaf,))
PROTOCOLS = [protocol.load(name) for name in protocol.protocols()]
BASE = intake.load("office-neck")
MANY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def with_facts(client, found, **changes):
    """A client in whom these facts are present besides what was there, and nobody denies them."""
    names = {item.fact for item in found}
    values = client.model_dump()
    values |= {
        "facts": [*(item.model_dump() for item in client.facts), *(item.model_dump() for item in found)],
        "denied": [name for name in client.denied if name not in names],
        "not_known": [name for name in client.not_known if name not in names],
        **changes,
    }
    return intake.Client.model_validate(values)


def place(region):
    """A region with a side that fits it."""
    side = "left" if knowledge.get("region", region).lateral else "middle"
    return {"region": region, "side": side}


present = st.builds(
    lambda fact, days, region: intake.Present(
        fact=fact, on=BASE.visit - timedelta(days=days), **(place(region) if region else {})
    ),
    st.sampled_from(FACTS),
    st.integers(0, 400),
    st.none() | st.sampled_from(LEAVES),
)
several = st.lists(present, max_size=4)


def spots():
    """Every region and side of the body."""
    return [spot for leaf in LEAVES for spot in safety.spots_of(leaf, "both")]


@MANY
@given(several, present, st.sampled_from(PROTOCOLS))
def test_one_more_finding_never_loosens_the_screen(found, more, design):
    """Caps never rise, locks never open, what blocked a plan goes on blocking it."""
    before = safety.check(design, with_facts(BASE, found))
    after = safety.check(design, with_facts(BASE, [*found, more]))

    for region, side in spots():
        assert after.cap(region, side) <= before.cap(region, side)
        assert after.locked(region, side) >= before.locked(region, side)
    assert {item.rule for item in before.findings} <= {item.rule for item in after.findings}
    assert {item.rule for item in before.blocking} <= {item.rule for item in after.blocking}


@MANY
@given(several, st.randoms(use_true_random=False), st.sampled_from(PROTOCOLS))
def test_the_order_of_answers_never_matters(found, random, design):
    """The same facts in another order give the same screen."""
    shuffled = random.sample(found, len(found))
    first, second = (safety.check(design, with_facts(BASE, facts)) for facts in (found, shuffled))

    assert {item.rule for item in first.findings} == {item.rule for item in second.findings}
    assert first.asks == second.asks
    assert [first.cap(*spot) for spot in spots()] == [second.cap(*spot) for spot in spots()]


@MANY
@given(several, st.sets(st.sampled_from(intake.sections()), min_size=1), st.sampled_from(PROTOCOLS))
def test_what_was_not_asked_is_never_clear(found, unasked, design):
    """Taking answers away never takes a finding away and turns what is open into questions."""
    answered = tuple(name for name in BASE.sections_answered if name not in unasked)
    full = safety.check(design, with_facts(BASE, found))
    less = safety.check(design, with_facts(BASE, found, sections_answered=answered))

    assert {item.rule for item in full.findings} <= {item.rule for item in less.findings}
    assert {item.rule for item in full.asks} <= {item.rule for item in less.asks}
    assert not less.clear


@MANY
@given(several, st.sampled_from(PROTOCOLS))
def test_a_plan_stays_inside_its_screen(found, design):
    """After plan.build no step is on a locked site, above a cap, banned, or in a position ruled out."""
    client = with_facts(BASE, found)
    screen = safety.check(design, client)
    if screen.blocking:
        with pytest.raises(SafetyError):
            plan.build(design, client, screen)
        return
    for session in plan.build(design, client, screen).sessions:
        assert session.hands_on_minutes <= session.minutes
        assert session.minutes <= (screen.max_minutes or session.minutes)
        for step in session.steps:
            assert screen.objections(step) == ()


@MANY
@given(several)
def test_a_plan_never_does_more_than_was_designed(found):
    """The screen only takes away: fewer minutes, less pressure, never more."""
    design = PROTOCOLS[0]
    client = with_facts(BASE, found)
    screen = safety.check(design, client)
    if screen.blocking:
        return
    session = plan.build(design, client, screen).sessions[0]
    wanted = {(step.technique, step.region): step for step in design.phases[0].session.steps}
    for step in session.steps:
        assert step.minutes <= wanted[step.technique, step.region].minutes
        assert (step.pressure or 0) <= (wanted[step.technique, step.region].pressure or 0)


def test_an_explanation_names_the_rule_of_each_lock():
    """`why` says which rule gave which lock or cap."""
    wound = intake.Present(fact="open-wound", region="shoulder-top", side="left")
    screen = safety.check(PROTOCOLS[0], with_facts(BASE, [wound]))

    assert screen.locked("shoulder-top", "left")
    assert not screen.locked("shoulder-top", "right")
    assert any("locked" in line for line in screen.why("shoulder-top", "left"))
    assert screen.why("shoulder-top", "right") == ()


def test_a_site_nobody_named_is_everywhere():
    """A wound without a place locks the whole body until the place is known."""
    screen = safety.check(PROTOCOLS[0], with_facts(BASE, [intake.Present(fact="open-wound")]))

    assert all(screen.locked(*spot) for spot in spots())


def test_an_event_on_an_unknown_day_counts_until_the_day_is_known():
    """A neck injury without a date applies at once, and the day is asked for; an old one does not apply."""
    undated = safety.check(PROTOCOLS[0], with_facts(BASE, [intake.Present(fact="neck-injury")]))
    long_ago = intake.Present(fact="neck-injury", on=BASE.visit - timedelta(days=300))
    dated = safety.check(PROTOCOLS[0], with_facts(BASE, [long_ago]))

    assert "neck-injury-fresh" in {item.rule for item in undated.findings}
    assert any("on which day?" in question for question in undated.questions)
    assert "neck-injury-fresh" not in {item.rule for item in dated.findings}
