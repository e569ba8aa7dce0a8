"""Every rule of the review: a plan it speaks up about, and a plan it has nothing to say about."""

import inspect
import json
from copy import deepcopy

import pytest
from effleurage import files, intake, knowledge, paths, plan, protocol, review, safety
from effleurage.errors import SafetyError, UsageError
from effleurage.review.stages import meaning

BASE = "neck-pain-chronic-60"
STEP = {"technique": "petrissage", "region": "shoulder-top", "side": "both", "minutes": 15.0, "pressure": 3}
STEP |= {"purpose": "ease"}
SESSION, STEPS = "phases.0.session", "phases.0.session.steps"
GONE = object()


def changed(values, changes):
    """Nested values with some of them replaced, each named by its path."""
    found = deepcopy(values)
    for path, value in changes.items():
        *way, last = [int(key) if key.isdigit() else key for key in path.split(".")]
        inner = found
        for key in way:
            inner = inner[key]
        if value is GONE:
            del inner[last]
        else:
            inner[last] = value
    return found


def design(changes=None, base=BASE):
    """A protocol of the suite with changes."""
    values = changed(protocol.plain(protocol.load(base)), changes or {})
    return protocol.read(files.Document(values, "sample"))


def client(changes=None, base="office-neck"):
    """A case of the suite with changes."""
    return intake.Client.model_validate(changed(intake.load(base).model_dump(), changes or {}))


def goal(measure="ndi", change=-12.0, by_week=5):
    """A protocol with one goal."""
    return {"goals": [{"measure": measure, "change": float(change), "by_week": by_week}]}


def complaint(**values):
    """The usual client with another complaint."""
    return client({f"complaint.{name}": value for name, value in values.items()})


# rule: (plan it speaks up about, plan it is silent about); a plan is a protocol, or a protocol and a client
SAMPLES = {
    "no-goal": (design({"goals": GONE}), design()),
    "no-reassessment": (design({"reassess_every_sessions": GONE}), design()),
    "reassessment-never-due": (
        design({"reassess_every_sessions": 9}),
        design({"reassess_every_sessions": 8}),
    ),
    "reassessment-late": (design({"reassess_every_sessions": 7}), design({"reassess_every_sessions": 6})),
    "no-referral": (design({"refer_if": GONE}), design()),
    "no-sign-to-refer": (design({"refer_if": ["end-range-neck-work"]}), design({"refer_if": ["fever"]})),
    "no-home-care": (design({"home_care": GONE}), design()),
    "no-consent": (design({"consent": ["Drape to the waist."]}), design({"consent": ["Ask first."]})),
    "no-draping": (design({"consent": ["Ask first."]}), design({"consent": ["Uncover one arm at a time."]})),
    "sensitive-place": (
        design({f"{STEPS}.0.region": "chest"}),
        design({f"{STEPS}.0.region": "chest", "consent": ["Ask in writing before work on the chest."]}),
    ),
    "no-source": (design({"sources": GONE}), design({"sources": ["teaching-default"]})),
    "source-elsewhere": (
        design({"sources": ["perlman-2012"]}),
        design({"sources": ["sherman-2009", "teaching-default", "werner-2020-endangerment"]}),
    ),
    "standing-too-high": (
        design({"standing": "verified", "sources": ["teaching-default"]}),
        design({"standing": "verified"}),
    ),
    "goal-against-direction": (design(goal(change=5)), design(goal(change=-5))),
    "goal-measure-unfit": (design(goal("odi", -12)), design(goal("psfs", 4))),
    "goal-off-scale": (design(goal(change=-60)), design(goal(change=-20))),
    "goal-within-error": (design(goal(change=-4)), design(goal(change=-5))),
    "goal-within-another-error": (design(goal(change=-10)), design(goal(change=-11))),
    "goal-error-unknown": (design(goal("vas-pain", -30)), design()),
    "goal-below-meaning": (design(goal(change=-4)), design(goal(change=-5))),
    "goal-before-reassessment": (design(goal(by_week=1)), design(goal(by_week=2))),
    "goal-after-course": (design(goal(by_week=6)), design(goal(by_week=5))),
    "goal-only-pain": (design(goal("nprs", -5)), design()),
    "goal-without-baseline": ((design(), client({"baseline": {"ndi": 17.0}})), (design(), client())),
    "underfilled": (design({f"{SESSION}.minutes": 65.0}), design({f"{SESSION}.minutes": 64.0})),
    "dose-without-trial": (design({"condition": "thoracic-outlet", "stage": "by-symptoms"}), design()),
    "dose-far-from-trials": (design({"phases.0.weeks": 10}), design({"phases.0.weeks": 8})),
    "dose-without-effect": (design(base="neck-pain-chronic-30"), design()),
    "stage-avoid": (
        design({f"{STEPS}.4.region": "neck-anterior"}),
        design({f"{STEPS}.4.region": "neck-anterior", f"{STEPS}.4.pressure": 1}),
    ),
    "stage-unsuited": (design({f"{STEPS}.0.technique": "tapotement"}), design()),
    "pressure-above-usual": (design({f"{STEPS}.0.pressure": 4}), design({f"{STEPS}.0.pressure": 3})),
    "minutes-unusual": (design({f"{STEPS}.0.minutes": 1.0}), design({f"{STEPS}.0.minutes": 2.0})),
    "starts-strong": (
        design({STEPS: [STEP | {"pressure": 4}]}),
        design({STEPS: [STEP, STEP | {"pressure": 4}]}),
    ),
    "danger-for-anyone": (design({f"{STEPS}.5.pressure": 4}), design({f"{STEPS}.5.pressure": 3})),
    "care-for-anyone": (design({f"{STEPS}.7.technique": "passive-stretching"}), design()),
    "place-beside-condition": (design({f"{STEPS}.0.region": "calf"}), design()),
    "place-missed": (
        design({STEPS: [STEP | {"region": "calf"}]}),
        design({STEPS: [STEP | {"region": "calf"}, STEP]}),
    ),
    "step-repeated": (
        design({STEPS: [STEP, STEP | {"side": "left"}]}),
        design({STEPS: [STEP, STEP | {"purpose": "feel what changed"}]}),
    ),
    "one-technique": (
        design({STEPS: [STEP, STEP | {"region": "upper-back"}]}),
        design({STEPS: [STEP, STEP | {"technique": "effleurage"}]}),
    ),
    "turning": (
        design({f"{STEPS}.1.position": "supine", f"{STEPS}.7.position": "prone"}),
        design({f"{SESSION}.minutes": 59.0}),
    ),
    "diagnosing-words": (
        design({"summary": "To diagnose the cause."}),
        design({"summary": "Neck pain, diagnosed by Dr N, 3 May."}),
    ),
    "promising-words": (
        design({f"{STEPS}.2.purpose": "This cures it"}),
        design({f"{STEPS}.2.purpose": "secure the towel after the manicure"}),
    ),
    "unsupported-claim": (
        design({"phases.0.name": "Detoxing"}),
        design({f"{STEPS}.2.purpose": "straighten the knee within comfort"}),
    ),
    "other-condition": ((design(), complaint(condition="whiplash")), (design(), client())),
    "other-stage": ((design(), complaint(stage="acute")), (design(), client())),
    "complaint-unworked": (
        (design(), complaint(places=[{"region": "calf", "side": "left"}])),
        (design(), client()),
    ),
    "other-side": (
        (design({f"{STEPS}.1.side": "left"}), client()),
        (design({f"{STEPS}.1.side": "right"}), client()),
    ),
    "above-wish": ((design(), client({"pressure_wished": 3})), (design(), client({"pressure_wished": 4}))),
    "screen-open": ((design(), client(base="driver-neck")), (design(), client())),
    "against-screen": ((design(), client(base="gardener-neck")), (design(), client())),
    "course-thin": ((design(), client(base="gardener-neck")), (design(), client())),
}


def remarks(sample):
    """What the review says about a sample."""
    return review.check(*sample) if isinstance(sample, tuple) else review.check(sample)


def test_every_rule_has_both_samples():
    """A new rule needs a plan it speaks up about and one it is silent about."""
    assert sorted(SAMPLES) == sorted(rule.id for rule in review.rules())


@pytest.mark.parametrize("rule", SAMPLES)
def test_rule_speaks_up(rule):
    """A rule names where, what, why and what to do; a quoted fact has source and standing."""
    found = [item for item in remarks(SAMPLES[rule][0]) if item.rule == rule]

    assert found
    for item in found:
        assert all(
            text.strip()[-1] in ".?'" or text.endswith("more") for text in (item.what, item.why, item.do)
        )
        assert all(text[0].isupper() or text[0] in "'0123456789" for text in (item.what, item.why, item.do))
        assert bool(item.sources) == bool(item.standing)
        assert set(item.sources) <= set(knowledge.entries("source"))


@pytest.mark.parametrize("rule", SAMPLES)
def test_rule_is_silent(rule):
    """A rule says nothing where nothing is to be said."""
    assert [item.what for item in remarks(SAMPLES[rule][1]) if item.rule == rule] == []


@pytest.mark.parametrize("rule", review.rules(), ids=lambda rule: rule.id)
def test_rule_is_small_and_asks_a_question(rule):
    """A rule is one short function whose docstring is the question it asks."""
    lines = inspect.getsource(rule.find).splitlines()

    assert rule.asks.endswith("?")
    assert "\n" not in rule.asks
    assert len(lines) <= 22  # the line with the name and the one above it beside twenty


def test_the_gravest_come_first():
    """Must, then should, then consider."""
    bare = design({"goals": GONE, "home_care": GONE, "reassess_every_sessions": 7})
    weights = [item.weight for item in review.check(bare)]

    assert set(weights) == set(review.WEIGHTS)
    assert weights == sorted(weights, key=review.WEIGHTS.index)


def test_a_remark_leads_to_its_line_and_its_step():
    """The builder jumps to the step, the check names the line."""
    document = files.read_yaml(paths.protocols(f"{BASE}.yaml"))
    (item,) = [one for one in remarks(SAMPLES["danger-for-anyone"][0]) if one.rule == "danger-for-anyone"]

    assert (item.phase, item.step, item.goal) == (0, 5, None)
    assert item.where == "phase treat, step 6"
    line = int(document.where(*item.keys).split()[-1])
    text = paths.protocols(f"{BASE}.yaml").read_text(encoding="utf-8").splitlines()[line - 1]
    assert "region: neck-posterior, side: both, minutes: 10" in text


def test_a_goal_within_the_error_names_the_other_errors_with_their_people():
    """The error in use decides, the others are told with the people they were found in."""
    (item,) = [one for one in remarks(SAMPLES["goal-within-error"][0]) if one.rule == "goal-within-error"]

    used, other = knowledge.get("measure", "ndi").mdc
    assert f"5 points ({used.population})" in item.what
    assert f"10.2 points ({other.population})" in item.why


def test_a_percent_of_the_first_score_needs_the_first_score():
    """The change that matters on the pain scale is 30 % of where the client starts."""
    plan_of = design(goal("nprs", -2))
    alone = {item.rule for item in review.check(plan_of)}
    at_five = {item.rule for item in review.check(plan_of, client())}
    at_eight = {item.rule for item in review.check(plan_of, client({"baseline": {"nprs": 8.0}}))}

    assert "goal-below-meaning" not in alone | at_five
    assert "goal-below-meaning" in at_eight


def test_a_first_score_without_room_is_seen():
    """A client who starts at 3 cannot lose 5."""
    rules = {
        item.rule for item in review.check(design(goal("nprs", -5)), client({"baseline": {"nprs": 3.0}}))
    }

    assert "goal-off-scale" in rules


@pytest.mark.parametrize(("weeks", "per_week", "word"), [(1, 1, "less"), (20, 3, "more")])
def test_a_dose_far_from_trials_says_in_which_direction(weeks, per_week, word):
    """Less or more than trials used, with their range and sources."""
    far = design({"phases.0.weeks": weeks, "phases.0.sessions_per_week": per_week})
    found = [item for item in review.check(far) if item.rule == "dose-far-from-trials"]

    assert found
    assert all(f"far {word} than trials used" in item.what for item in found)
    assert any("240 to 720" in item.what and "sherman-2014" in item.sources for item in found)


def test_a_locked_place_is_not_missed():
    """Where the screen locks the place of the complaint, nobody asks for work there."""
    wounded = client(base="gardener-neck")
    without = design({STEPS: [STEP | {"region": "neck-posterior"}]})
    rules = [item.what for item in review.check(without, wounded) if item.rule == "complaint-unworked"]

    assert rules == []


def test_one_side_of_a_complaint_on_both_is_not_enough():
    """The side that nobody works on is named."""
    both = client()  # complains of both sides of the back of the neck
    left = design({f"{STEPS}.4.side": "left", f"{STEPS}.5.side": "left"})
    (item,) = [one for one in review.check(left, both) if one.rule == "complaint-unworked"]

    assert ", right:" in item.what
    assert ", left" not in item.what


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Deep work", 1),
        ("Deep work and sustained pressure", 2),
        ("Lying flat on the back or face down", 1),
        ("Percussion devices", 0),
        ("Friction on the injury", 0),
        ("Friction on a tendon that flares", 0),
        ("Strong work on a foot with less feeling", 0),
        ("Thrusts", 0),
    ],
)
def test_a_stage_line_is_read_or_left(line, number):
    """What a step cannot show is left to the therapist, never guessed."""
    assert len(meaning(line)) == number


def test_cold_is_no_heat():
    """A line about heat does not speak of a cold pack."""
    pack = {
        "technique": "hydrotherapy",
        "region": "ankle",
        "side": "left",
        "minutes": 10.0,
        "position": "supine",
    }
    flare = {"condition": "ankle-sprain", "stage": "acute"}
    found = {
        purpose: {item.what for item in review.check(design({**flare, STEPS: [pack | {"purpose": purpose}]}))}
        for purpose in ("warm pack", "cold pack")
    }

    assert any("avoids: heat" in what for what in found["warm pack"])
    assert not any("avoids: heat" in what for what in found["cold pack"])


def test_what_is_handed_over_must_belong_together():
    """A screen or a course of another pair is refused; so is one without its client."""
    office, gardener = client(), client(base="gardener-neck")
    screen = safety.check(design(), office)
    course = plan.build(design(), office, screen)

    assert review.check(design(), office, screen, course) == review.check(design(), office)
    with pytest.raises(UsageError, match="without its client"):
        review.check(design(), screen=screen)
    with pytest.raises(SafetyError, match="screen again"):
        review.check(design(), gardener, screen)
    with pytest.raises(UsageError, match="build it again"):
        review.check(design(), gardener, course=course)


def test_words_for_people():
    """The summary says what follows; each remark has its why and its do."""
    words = review.in_words(remarks(SAMPLES["no-goal"][0]))

    assert words.splitlines()[0].endswith("The plan cannot go to a client yet.")
    assert "Must be mended (1)" in words
    assert words.count("why: ") == words.count("do: ") == len(remarks(SAMPLES["no-goal"][0]))
    assert review.in_words(()) == "Review: nothing to mend and nothing to think about."


def test_remarks_can_be_written_as_json():
    """Machines get every field."""
    (first, *_) = remarks(SAMPLES["stage-avoid"][0])

    assert json.loads(first.model_dump_json())["rule"] == first.rule


@pytest.mark.parametrize("name", protocol.protocols())
@pytest.mark.parametrize("case", intake.cases())
def test_every_pair_can_be_reviewed(name, case):
    """No pair of protocol and client breaks the review."""
    found = review.check(protocol.load(name), intake.load(case))

    assert all(item.rule in SAMPLES for item in found)
