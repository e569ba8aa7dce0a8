"""The ten things that are got wrong most often about these facts, one test each."""

import re

import pytest
from effleurage import intake, knowledge, outcomes, plan, protocol, safety
from effleurage.errors import UsageError
from effleurage.protocol import Step
from pydantic import ValidationError

MEASURES = knowledge.entries("measure")
RULES = knowledge.entries("rule")
DESIGN = protocol.load("neck-pain-chronic-60")
HIGHER = {"koos", "lefs", "psfs", "rand-36", "constant", "ppt", "rom"}
OWNED = {"stai-state", "hit-6", "womac-global", "dash", "quickdash", "odi", "ndi", "isi", "psqi"}


def screened(*facts):
    """The clean office worker with these facts besides."""
    client = intake.load("office-neck")
    return safety.check(DESIGN, intake.Client.model_validate(client.model_dump() | {"facts": facts}))


def test_1_ndi_thresholds_are_raw_points_and_odi_is_percent():
    """NDI of 50 with bands and changes in raw points; ODI in percent."""
    ndi, odi = MEASURES["ndi"], MEASURES["odi"]

    assert (ndi.scale.high, ndi.unit) == (50, "points")
    assert {item.value for item in (*ndi.mdc, *ndi.mcid)} == {5, 7.5, 10.2}
    assert not any(item.percent for item in (*ndi.mdc, *ndi.mcid))
    assert [band.low for band in ndi.bands] == [0, 5, 15, 25, 35]
    assert (odi.scale.high, odi.unit) == (100, "%")


def test_2_directions():
    """Seven go up when people fare better, all others down; where it hangs on the version, it says so."""
    assert {key for key, entry in MEASURES.items() if entry.better == "higher"} == HIGHER
    assert MEASURES["promis"].direction_note
    assert MEASURES["psfs"].direction_note


def test_3_scales_that_do_not_begin_at_nothing():
    """HIT-6, STAI and BCTQ have their own lower end, and a score below it is refused."""
    ends = {key: (entry.scale.low, entry.scale.high) for key, entry in MEASURES.items() if entry.scale.low}

    assert ends == {"hit-6": (36, 78), "stai-state": (20, 80), "bctq": (1, 5), "promis": (20, 80)}


def test_4_fiqr_is_weighted():
    """A third of function, all of overall, half of symptoms; the change of 14 % belongs to the older form."""
    assert re.search(r"divided by 3.*overall.*divided by 2.*not a mean", MEASURES["fiqr"].scoring)
    assert "older FIQ" in MEASURES["fiqr"].used("mcid").population


@pytest.mark.parametrize("key", ["ndi", "dash"])
def test_5_a_change_that_matters_can_be_smaller_than_the_error(key):
    """Both are kept with people and source, and a change inside the error is never called better."""
    entry = MEASURES[key]
    error, matters = max(item.value for item in entry.mdc), min(item.value for item in entry.mcid)

    assert matters < error
    assert all(item.population and item.sources for item in (*entry.mdc, *entry.mcid))
    assert outcomes.change(key, before=20, after=20 - entry.used("mdc").value / 2).verdict == "cannot tell"


def test_6_pressure_is_applied_pressure():
    """Walton 0 to 5: a pressure of 7 is no pressure and is not turned into one; caps say whose they are."""
    step = DESIGN.steps[0].model_dump()
    with pytest.raises(ValidationError, match="less than or equal to 5"):
        Step.model_validate(step | {"pressure": 7})

    assert {rule.max_pressure for rule in RULES.values()} <= {None, 0, 1, 2, 3, 4, 5}
    assert all(rule.standing_for("max_pressure") for rule in RULES.values())


def test_7_findings_combine_as_union_of_locks_and_lowest_cap():
    """A wound here and a bruise there lock both; blood thinner and frailty leave the lower level."""
    screen = screened(
        {"fact": "open-wound", "region": "shoulder-top", "side": "left"},
        {"fact": "anticoagulant"},
        {"fact": "pregnancy"},
    )

    assert screen.locked("shoulder-top", "left")
    assert not screen.locked("shoulder-top", "right")
    assert screen.cap("neck-posterior") == 2
    assert len(screen.why("shoulder-top", "left")) >= 3


def test_8_codes_are_copied_and_never_chosen():
    """The code that ended in October 2021 stands nowhere as valid, and every condition says who chooses."""
    for entry in knowledge.entries("condition").values():
        assert not re.search(r"\bM54\.5\b(?!\d)", entry.icd), entry.id
        assert "prescriber" in entry.icd_note
    assert not any("icd" in name for name in intake.Client.model_fields)


@pytest.mark.parametrize(
    ("minutes", "units"),
    [
        (0, 0),
        (7, 0),
        (8, 1),
        (22, 1),
        (23, 2),
        (37, 2),
        (38, 3),
        (52, 3),
        (53, 4),
        (68, 5),
        (83, 6),
        (113, 8),
    ],
)
def test_9_units_come_from_the_total(minutes, units):
    """None below 8 minutes, then one for each 15 begun past the seventh; two codes never share a minute."""
    assert plan.billed_units({"97124": minutes}, hands_on=120) == {"97124": units}
    half = minutes // 2
    assert sum(plan.billed_units({"97124": half, "97140": minutes - half}, hands_on=120).values()) == units
    assert plan.billed_units({"97110": 33, "97140": 7}, hands_on=40) == {"97110": 2, "97140": 1}
    with pytest.raises(UsageError, match=r"60 minutes under the codes, 30 hands-on.*one code"):
        plan.billed_units({"97124": 30, "97140": 30}, hands_on=30)
    with pytest.raises(UsageError, match="0 minutes or more"):
        plan.billed_units({"97124": -5}, hands_on=30)
    for key in ("eight-minute-rule", "midpoint-rule", "massage-codes", "medicare-and-massage-therapists"):
        assert knowledge.get("practice", key).standing in ("secondary", "editorial")


def test_10_the_guideline_is_of_2014_and_questions_that_are_owned_stay_out():
    """CARE for massage is of 2014, the paper of 2016 is the audit; no owned question is shipped."""
    guide, audit = (knowledge.find("practice", word)[0] for word in ("CARE", "audit of case reports"))

    assert (guide.id, guide.sources, len(guide.parts)) == ("care-for-massage", ("munk-2014",), 13)
    assert (audit.sources, "audit" in audit.says) == (("munk-2016",), True)
    assert "2014" in knowledge.get("source", "munk-2014").name
    assert not any(MEASURES[key].item_text for key in OWNED)
    assert all("no question text here" in MEASURES[key].licence.lower() for key in OWNED)
