"""What the schema cannot hold about techniques, regions, muscles and sites, and about all entries."""

import re
from collections import Counter

import pytest
from effleurage import knowledge
from effleurage.paths import datasets

KINDS = ("technique", "region", "muscle", "site", "measure", "rom-norm")
OWN = "teaching-default"
UNUSED = {  # no hand pressure: stretching, joint work, suction, temperature
    "muscle-energy",
    "passive-stretching",
    "joint-mobilisation",
    "cupping",
    "hydrotherapy",
}
CORE = (  # complete enough to teach from
    "effleurage",
    "petrissage",
    "compression",
    "deep-tissue-stripping",
    "myofascial-release-direct",
)
FORBIDDEN = re.compile(r"diagnos|\bcure[sd]?\b|treats? (the )?disease|guarantee|\bwill heal\b", re.IGNORECASE)


def each(kind):
    """One test an entry, named after it."""
    return [pytest.param(entry, id=key) for key, entry in knowledge.entries(kind).items()]


def everything():
    """All entries of these kinds, named kind and id."""
    return [
        pytest.param(entry, id=f"{kind}-{key}")
        for kind in KINDS
        for key, entry in knowledge.entries(kind).items()
    ]


def texts(value):
    """All texts inside a value of a record."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts(part)]
    if isinstance(value, (list, tuple)):
        return [text for part in value for text in texts(part)]
    return []


def leaf(region):
    """A region to work on: it has no parts."""
    return knowledge.parts(region) == (region,)


@pytest.mark.parametrize(
    ("kind", "number"), [("technique", 21), ("muscle", 67), ("site", 28), ("measure", 28), ("rom-norm", 37)]
)
def test_no_entry_is_lost(kind, number):
    """The counts of the evidence notes; whoever adds one adds to them."""
    assert len(knowledge.entries(kind)) >= number


@pytest.mark.parametrize("kind", KINDS)
def test_every_pointer_of_a_kind_hits_an_entry(kind):
    """Sources, regions and parents exist."""
    broken = [problem for problem in knowledge.broken_references() if problem.where.startswith(f"{kind} '")]

    assert broken == []


@pytest.mark.parametrize(
    "name", ["techniques.yaml", "regions.yaml", "endangerment-sites.yaml", "measures.yaml"]
)
def test_each_file_tells_how_to_add_an_entry(name):
    """The first lines are a comment for the next writer."""
    lines = datasets("knowledge", name).read_text(encoding="utf-8").splitlines()
    head = [line for line in lines[:4] if line.startswith("#")]

    assert len(head) in (2, 3)
    assert "To add one" in " ".join(head)


@pytest.mark.parametrize("entry", everything())
def test_an_entry_neither_names_an_illness_nor_promises(entry):
    """No word that belongs to another profession or to advertising."""
    found = [text for text in texts(entry.model_dump()) if FORBIDDEN.search(text)]

    assert found == []


@pytest.mark.parametrize("entry", everything())
def test_no_standing_is_higher_than_its_sources(entry):
    """Verified needs a verified source; a teaching default alone is editorial; a conflict has two voices."""
    sources = [knowledge.get("source", word) for word in entry.sources]
    standings = {entry.standing, *entry.standing_of.values()}

    if "verified" in standings:
        assert "verified" in {source.standing for source in sources}
    if {source.id for source in sources} == {OWN}:
        assert standings == {"editorial"}
    if "conflict" in standings:
        assert len({claim.sources for claim in entry.positions}) >= 2
    assert not entry.positions or "conflict" in standings


@pytest.mark.parametrize("entry", everything())
def test_a_position_is_held_by_a_source_of_the_entry(entry):
    """Who says so stands in the list of sources too."""
    assert {word for claim in entry.positions for word in claim.sources} <= set(entry.sources)


class TestTechniques:
    """The 21 ways of working."""

    @pytest.mark.parametrize("entry", each("technique"))
    def test_pressure_is_a_walton_level(self, entry):
        """Within 0 to 5, in whole levels, and only where the hands press."""
        assert (entry.pressure is None) == (entry.id in UNUSED)
        if entry.pressure is not None:
            assert 0 <= entry.pressure.low <= entry.pressure.high <= 5
            assert entry.pressure.low == int(entry.pressure.low)
            assert entry.pressure.high == int(entry.pressure.high)

    @pytest.mark.parametrize("entry", each("technique"))
    def test_minutes_are_possible_in_a_session(self, entry):
        """More than nothing; a whole hour only for what is taught as a session of its own."""
        whole = entry.id == "manual-lymphatic-drainage"

        assert 0.5 <= entry.minutes.low <= entry.minutes.high <= (60 if whole else 30)

    @pytest.mark.parametrize("entry", each("technique"))
    def test_evidence_has_a_source_or_is_called_our_own(self, entry):
        """What a study says cannot rest on a teaching default."""
        assert set(entry.sources) - {OWN} or entry.standing_for("evidence") == "editorial"

    @pytest.mark.parametrize("entry", each("technique"))
    def test_minutes_and_pressure_are_never_sold_as_measured(self, entry):
        """No published table gives them."""
        assert entry.standing_for("pressure") == "editorial"
        assert entry.standing_for("minutes") in ("editorial", "secondary")

    @pytest.mark.parametrize("entry", each("technique"))
    def test_it_is_short_and_has_cautions(self, entry):
        """A therapist reads it between two clients."""
        assert 1 <= len(entry.cautions) <= 5
        assert all(len(text.split()) <= 120 for text in texts(entry.model_dump()))

    @pytest.mark.parametrize("key", CORE)
    def test_the_core_is_complete_enough_to_teach_from(self, key):
        """How to do it, why, on what, what is known, and what its neighbours are."""
        entry = knowledge.get("technique", key)

        assert len(entry.definition.split()) >= 40
        assert len(entry.evidence.split()) >= 30
        assert len(entry.cautions) >= 3
        assert len(entry.differs.split()) >= 15

    def test_no_word_points_to_two_techniques(self):
        """An alias belongs to one."""
        names = Counter(
            name.lower() for e in knowledge.entries("technique").values() for name in (e.name, *e.aliases)
        )

        assert [name for name, number in names.items() if number > 1] == []

    @pytest.mark.parametrize(
        ("words", "key"),
        [
            ("kneading", "petrissage"),
            ("gliding", "effleurage"),
            ("stroking", "effleurage"),
            ("gua sha", "instrument-assisted"),
            ("trigger point therapy", "trigger-point-compression"),
            ("PNF", "muscle-energy"),
            ("deep tissue massage", "deep-tissue-stripping"),
            ("pressure work", "compression"),
            ("MFR", "myofascial-release-direct"),
            ("percussion", "tapotement"),
            ("lymph drainage", "manual-lymphatic-drainage"),
            ("joint mobilization", "joint-mobilisation"),
            ("Cyriax friction", "cross-fibre-friction"),
        ],
    )
    def test_everyday_words_find_it(self, words, key):
        """The name on the clinic door is enough."""
        assert knowledge.find("technique", words)[0].id == key


class TestRegions:
    """The map that everything lies on."""

    @pytest.mark.parametrize("entry", each("region"))
    def test_a_group_has_sides_when_all_its_parts_have(self, entry):
        """The neck has a left and a right, the back has a midline too."""
        leaves = knowledge.parts(entry.id)
        if leaves != (entry.id,):
            assert entry.lateral == all(knowledge.get("region", part).lateral for part in leaves)

    @pytest.mark.parametrize("entry", each("region"))
    def test_it_is_a_group_or_lies_in_one(self, entry):
        """Two storeys, no more."""
        assert (entry.parent is None) != leaf(entry.id)
        assert entry.parent is None or knowledge.get("region", entry.parent).parent is None

    @pytest.mark.parametrize("entry", each("region"))
    def test_a_group_is_drawn_wherever_a_part_is(self, entry):
        """The body map shows it from the same sides."""
        parts = [knowledge.get("region", part).views for part in knowledge.parts(entry.id)]

        assert set(entry.views) == {view for views in parts for view in views}

    def test_the_midline_is_the_midline(self):
        """What lies in the middle has no side."""
        middle = {key for key, e in knowledge.entries("region").items() if leaf(key) and not e.lateral}

        assert middle == {"spine-line", "sacrum", "sternum", "abdomen"}

    def test_every_region_has_a_muscle_or_says_why_not(self):
        """Only bone, skin and hollows may be without."""
        covered = {region for e in knowledge.entries("muscle").values() for region in e.regions}
        bare = {key for key in knowledge.entries("region") if leaf(key)} - covered

        assert bare == {"spine-line", "sacrum", "sternum"}


class TestMuscles:
    """The 67 muscles and groups."""

    @pytest.mark.parametrize("entry", each("muscle"))
    def test_it_lies_in_regions_that_can_be_worked(self, entry):
        """Leaves, not groups."""
        assert all(leaf(region) for region in entry.regions)

    @pytest.mark.parametrize("entry", each("muscle"))
    def test_referral_is_called_a_teaching_convention(self, entry):
        """Never a finding, never verified."""
        assert entry.referral.startswith("Commonly taught: ")
        assert entry.standing_for("referral") in ("editorial", "secondary", "conflict")

    @pytest.mark.parametrize("entry", each("muscle"))
    def test_card_sets_of_students_verify_nothing(self, entry):
        """What was checked was checked against a weak page."""
        assert "verified" not in {entry.standing, *entry.standing_of.values()}

    def test_as_many_are_checked_as_the_evidence_notes_say(self):
        """46 carry a checked attachment or referral; the others are general anatomy."""
        checked = [
            e.id
            for e in knowledge.entries("muscle").values()
            if {"secondary", "conflict"} & {e.standing, e.standing_for("referral")}
        ]

        assert len(checked) == 46

    @pytest.mark.parametrize(
        "key",
        [
            "sternocleidomastoid",
            "scalenes",
            "splenius-cervicis",
            "semispinalis-capitis",
            "rhomboids",
            "latissimus-dorsi",
            "biceps-femoris",
        ],
    )
    def test_where_card_sets_disagree_both_are_shown(self, key):
        """The reader sees who says what."""
        entry = knowledge.get("muscle", key)

        assert entry.standing == "conflict"
        assert len(entry.positions) == 2


class TestSites:
    """The 28 endangerment sites."""

    @pytest.mark.parametrize("entry", each("site"))
    def test_it_lies_in_regions_that_can_be_worked(self, entry):
        """Leaves, not groups."""
        assert all(leaf(region) for region in entry.regions)

    @pytest.mark.parametrize("entry", each("site"))
    def test_it_says_what_the_hands_do(self, entry):
        """A word on pressure, and no promise that the rule was measured."""
        assert re.search(
            r"light|pressure|pressing|press|force|deep|broad|thumb|elbow", entry.how_to_work, re.I
        )
        assert entry.standing_for("how_to_work") == "editorial"

    @pytest.mark.parametrize(
        "region", ["neck-anterior", "neck-lateral", "suboccipital", "axilla", "groin", "knee-back", "abdomen"]
    )
    def test_the_places_that_everybody_is_taught_are_there(self, region):
        """Neck, armpit, groin, hollow of the knee, belly."""
        assert any(region in e.regions for e in knowledge.entries("site").values())
