"""The safety knowledge as a whole: nothing of the evidence lost, nothing upgraded, nothing asked in vain."""

import csv
import re
from datetime import timedelta
from pathlib import Path

import pytest
from effleurage import intake, knowledge, protocol, safety
from effleurage.paths import datasets

HERE = Path(__file__).parent
RULES, FACTS = knowledge.entries("rule"), knowledge.entries("fact")
KINDS = {
    "absolute_general": "stop",
    "absolute_local": "avoid-site",
    "needs_medical_clearance": "clearance",
    "precaution": "limit",
}
RANK = {"verified": 3, "secondary": 2, "conflict": 2, "editorial": 1}
CAPS_FROM_A_SOURCE = {"neuropathy", "frailty", "recovering", "new-skin-graft-elsewhere"}
FORBIDDEN = re.compile(r"diagnos|\bcure[sd]?\b|treats? (the )?disease|guarantee|\bwill heal\b", re.IGNORECASE)
CLEAN = intake.load("office-neck")
HOUR = protocol.load("neck-pain-chronic-60")


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table beside the tests."""
    with (HERE / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def with_facts(*facts: dict, client: intake.Client = CLEAN) -> intake.Client:
    """The clean client with more facts."""
    return intake.Client.model_validate({**client.model_dump(), "facts": [*client.facts, *facts]})


def screened(*facts: dict) -> safety.Screen:
    """The screen of the clean client with more facts."""
    return safety.check(HOUR, with_facts(*facts))


DOSSIER = rows("rules-of-the-dossier.csv")
FLAGS = rows("red-flags.csv")


def test_all_106_contraindications_are_rules():
    """Rows 1 to 106 each name the rules that carry them, and those rules exist."""
    assert [int(row["row"]) for row in DOSSIER] == list(range(1, 107))
    assert {rule for row in DOSSIER for rule in row["rules"].split(";")} <= set(RULES)


def test_the_kinds_of_the_dossier_are_counted():
    """27 for the whole body, 30 for a site, 20 that need clearance, 29 precautions."""
    found = {kind: sum(row["kind"] == kind for row in DOSSIER) for kind in KINDS}

    assert list(found.values()) == [27, 30, 20, 29]


@pytest.mark.parametrize("row", DOSSIER, ids=lambda row: f"{row['row']}-{row['rules'].split(';')[0]}")
def test_kind_and_level_are_carried_over(row: dict[str, str]):
    """The first rule of a row has its kind and level; where it differs, the row says why and is not laxer."""
    rule = RULES[row["rules"].split(";")[0]]
    same_kind = rule.kind == KINDS[row["kind"]]
    same_cap = row["cap"] == "" or rule.max_pressure == int(row["cap"])

    assert (same_kind and same_cap) == (row["differs"] == "")
    if row["differs"] and row["cap"]:
        caps = [RULES[word].max_pressure for word in row["rules"].split(";")]
        assert any(cap is not None and cap <= int(row["cap"]) for cap in caps) or rule.avoid_techniques


@pytest.mark.parametrize("row", DOSSIER, ids=lambda row: f"{row['row']}-{row['rules'].split(';')[0]}")
def test_no_standing_is_upgraded(row: dict[str, str]):
    """A rule never stands higher than the evidence notes put it, and a conflict is shown as one."""
    rules = [RULES[word] for word in row["rules"].split(";")]

    if row["standing"] == "conflict":
        assert any(rule.standing == "conflict" for rule in rules)
    else:
        assert RANK[rules[0].standing] <= RANK[row["standing"]]


@pytest.mark.parametrize("row", FLAGS, ids=lambda row: f"{row['region']}: {row['flag']}")
def test_red_flags_of_every_region(row: dict[str, str]):
    """Each region's flags are rules that say how soon to refer."""
    rules = [RULES[word] for word in row["rules"].split(";")]

    assert all(rule.urgency for rule in rules)
    assert any(rule.red_flag for rule in rules)


def test_the_neck_session_alone_has_forty_rules():
    """More than forty rules can touch a neck session: whole-body ones and those that reach head or neck."""
    head_and_neck = {*knowledge.parts("neck"), *knowledge.parts("head"), *knowledge.parts("shoulder")}
    touching = [
        rule
        for rule in RULES.values()
        if rule.scope.whole_body
        or rule.scope.site
        or any(leaf in head_and_neck for region in rule.scope.regions for leaf in knowledge.parts(region))
    ]

    assert len(touching) >= 40


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_is_sourced_plain_and_honest(rule: knowledge.Rule):
    """A rule names known sources, promises nothing, and speaks to the therapist in short words."""
    assert set(rule.sources) <= set(knowledge.entries("source"))
    assert not FORBIDDEN.search(" ".join((rule.name, rule.do, rule.reason, rule.window)))
    assert len(rule.do.split()) <= 45
    assert len(rule.reason.split()) <= 45
    if set(rule.sources) == {"teaching-default"}:
        assert rule.standing == "editorial"
    if rule.red_flag and rule.kind in ("stop", "clearance"):
        assert rule.urgency


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_dated_windows_and_sites_can_be_answered(rule: knowledge.Rule):
    """A rule with a window asks a dated fact and says the window; a rule for a site asks a located one."""
    leaves = [leaf for leaf in rule.when.leaves() if leaf.fact]
    windows = [leaf for leaf in leaves if leaf.within_days]

    assert all(FACTS[leaf.fact].dated for leaf in windows)
    assert rule.window or not windows
    assert not rule.scope.site or any(FACTS[leaf.fact].located for leaf in leaves)


def test_every_fact_is_needed_by_a_rule():
    """The intake asks nothing that no rule uses; medicines without a rule share one fact."""
    leaves = [leaf for rule in RULES.values() for leaf in rule.when.leaves()]
    used = {leaf.fact for leaf in leaves} | {leaf.asked_by for leaf in leaves}

    assert set(FACTS) - used == {"other-medicine"}
    assert {leaf.reading for leaf in leaves} - {None} == set(knowledge.entries("reading"))


def test_every_medicine_has_a_class_that_is_asked():
    """Each medicine maps to a medication fact; the classes of the evidence notes all have medicines."""
    classes = {entry.fact for entry in knowledge.entries("medicine").values()}

    assert {FACTS[word].kind for word in classes} == {"medication"}
    assert {word for word, fact in FACTS.items() if fact.kind == "medication"} == classes
    assert len(knowledge.entries("medicine")) >= 80


@pytest.mark.parametrize(
    ("kind", "words", "found"),
    [
        ("rule", "blood thinners", "anticoagulant"),
        ("fact", "blood thinners", "anticoagulant"),
        ("medicine", "Tylenol", "paracetamol"),
        ("medicine", "Eliquis", "apixaban"),
        ("rule", "slipped disc", "nerve-root-signs"),
        ("rule", "blood clot", "suspected-dvt"),
        ("fact", "botox", "botulinum"),
    ],
)
def test_ordinary_words_find_the_entry(kind: str, words: str, found: str):
    """A therapist need not know the id."""
    assert found in [entry.id for entry in knowledge.find(kind, words)]


@pytest.mark.parametrize(
    "name",
    ["facts.yaml", "readings.yaml", *sorted(path.name for path in datasets("knowledge", "rules").glob("*"))],
)
def test_each_file_tells_how_to_add_an_entry(name: str):
    """The first lines are a comment for the next writer, and no file is too long to read."""
    place = datasets("knowledge", name if name in ("facts.yaml", "readings.yaml") else f"rules/{name}")
    lines = place.read_text(encoding="utf-8").splitlines()

    assert [line[:1] for line in lines[:2]] == ["#", "#"]
    assert "add" in " ".join(lines[:4])
    assert name == "facts.yaml" or len(lines) < 700


def test_levels_are_whole_walton_levels_and_editorial_unless_a_source_gives_them():
    """Trap 6: caps are Walton levels 0-5; four come from a source, all others are marked as our proposal."""
    caps = {word: rule for word, rule in RULES.items() if rule.max_pressure}

    assert {rule.max_pressure for rule in RULES.values()} <= {None, 0, 1, 2, 3, 4, 5}
    marked = {word for word, rule in caps.items() if rule.standing_for("max_pressure") != "editorial"}
    assert marked == CAPS_FROM_A_SOURCE


def test_a_clot_is_not_one_thing():
    """Trap 7: a clot now stops the session; a clot of the past locks its place and nothing else."""
    past = {"fact": "past-dvt", "on": CLEAN.visit - timedelta(days=900), "region": "calf", "side": "left"}
    now = screened({"fact": "acute-dvt", "region": "calf", "side": "left"})
    later = screened(past)

    assert [item.rule for item in now.stops] == ["acute-dvt"]
    assert later.stops == ()
    assert later.locked("calf", "left")
    assert not later.locked("calf", "right")
    assert not later.locked("neck-posterior")


def test_pregnancy_cancer_and_blood_thinners_are_no_refusal():
    """Trap 7: they limit or ask for clearance; none of them stops a session by itself."""
    pregnant = screened({"fact": "pregnancy"})
    cancer = screened({"fact": "cancer-treatment"})
    thinner = screened({"fact": "anticoagulant"})

    assert (pregnant.stops, cancer.stops, thinner.stops) == ((), (), ())
    assert pregnant.cap("neck-posterior") == 3
    assert [item.rule for item in cancer.clearances] == ["cancer-treatment"]
    assert cancer.cap("neck-posterior") == 2
    assert [item.rule for item in thinner.clearances] == ["anticoagulant"]
    assert thinner.cap("neck-posterior") == 2
    assert "deep-tissue-stripping" in thinner.findings[0].avoid_techniques


def test_no_late_sign_does_not_clear_the_neck():
    """Trap 7: without any of the five Ds and three Ns an unfamiliar neck pain still stops the session."""
    screen = screened({"fact": "new-unusual-neck-or-head-pain"})

    assert CLEAN.answer("dizziness") == "no"
    assert [item.rule for item in screen.stops] == ["early-arterial-picture"]
    assert "does not clear" in RULES["early-arterial-picture"].reason.replace("\n", " ")


def test_findings_combine_as_union_of_locks_and_lowest_level():
    """Trap 7: a wound on one side and a bruise on the other lock both; of two levels the lower one holds."""
    screen = screened(
        {"fact": "open-wound", "region": "shoulder-top", "side": "left"},
        {"fact": "bruise-fresh", "region": "shoulder-top", "side": "right"},
        {"fact": "antiplatelet"},
        {"fact": "opioid"},
    )

    assert screen.locked("shoulder-top", "left")
    assert screen.locked("shoulder-top", "right")
    assert not screen.locked("neck-posterior")
    assert screen.cap("neck-posterior") == 2


def test_a_place_nobody_named_counts_as_everywhere():
    """An open wound without a place locks the whole body until someone asks where it is."""
    screen = screened({"fact": "open-wound"})

    assert screen.locked("neck-posterior")
    assert screen.locked("foot-sole", "left")


def test_a_day_nobody_named_is_asked_for():
    """A filler without a date is neither inside nor outside its window: the screen asks for the day."""
    asks = {item.rule: item for item in screened({"fact": "filler", "region": "face", "side": "both"}).asks}

    assert "on which day" in asks["dermal-filler"].questions[0]


@pytest.mark.parametrize(
    ("rule", "strictest"),
    [
        ("botulinum-toxin", 1),
        ("dermal-filler", 14),
        ("hip-replacement-posterior", 91),
        ("surgery", 56),
        ("legs-in-pregnancy", 56),
    ],
)
def test_where_windows_differ_the_longest_governs(rule: str, strictest: int):
    """Sources give ranges; the screen waits the longest of them."""
    windows = [leaf.within_days for leaf in RULES[rule].when.leaves() if leaf.within_days]

    assert windows == [strictest]


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES.values() if rule.standing == "conflict"], ids=lambda r: r.id
)
def test_a_conflict_names_who_says_what(rule: knowledge.Rule):
    """Each position has its source, and at least two different sources disagree."""
    assert len({claim.says for claim in rule.positions}) >= 2
    assert len({word for claim in rule.positions for word in claim.sources}) >= 2 or rule.id == "dvt-likely"


KIND_ORDER = ("adapt", "limit", "clearance", "avoid-site", "stop")

# What each position asks for, in the order of the entry, on the scale that the rule is judged by. A position
# that bars until the doctor who treats the client agrees is a clearance; one that asks for nothing is "none".
POSITIONS = {
    "back-pain-that-needs-a-look": ("age", (50, 55)),
    "botulinum-toxin": ("days", (1, 8 / 24)),
    "dermal-filler": ("days", (3, 7, 14)),
    "dvt-likely": ("days", (84, 28)),
    "acute-dvt": ("kind", ("stop", "clearance")),
    "dvt-site": ("kind", ("avoid-site", "avoid-site")),
    "fever": ("degrees", (None, 38.5, 38.0)),
    "hip-replacement-posterior": ("days", (91, 0)),
    "anticoagulant": ("kind", ("clearance", "limit")),
    "chemotherapy-last-days": ("kind", ("stop", "limit")),
    "new-headache-over-50": ("age", (50, 65)),
    "pregnancy-on-the-back": ("weeks", (12, 20)),
    "legs-in-pregnancy": ("kind", ("limit", "none")),
    "high-risk-pregnancy": ("kind", ("clearance", "none")),
}


def governs(rule: knowledge.Rule, scale: str) -> object:
    """What the rule itself does, on a scale; of several numbers the one that catches most."""
    leaves = rule.when.leaves()
    if scale == "kind":
        return rule.kind
    if scale == "days":
        return max(leaf.within_days for leaf in leaves if leaf.within_days)
    if scale == "age":
        return min(leaf.age_at_least for leaf in leaves if leaf.age_at_least)
    return min(leaf.at_least for leaf in leaves if leaf.reading)


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.positions], ids=lambda r: r.id)
def test_the_strictest_position_governs(rule: knowledge.Rule):
    """Longest wait, lowest age, lowest reading, gravest kind: no position is stricter than the rule."""
    scale, asked = POSITIONS[rule.id]
    asked = [item for item in asked if item not in ("none", None)]
    own = governs(rule, scale)

    assert len(POSITIONS[rule.id][1]) == len(rule.positions)
    if scale == "kind":
        assert KIND_ORDER.index(own) == max(map(KIND_ORDER.index, asked))
    else:
        assert own == (max if scale == "days" else min)(asked)
