"""What the schema cannot hold about the claims: all topics, honest words, and sources for every number."""

import re
from collections import Counter

import pytest
from effleurage import knowledge
from effleurage.paths import datasets

OWN = "teaching-default"
OURS = ("grade", "certainty", "taught", "say")
FORBIDDEN = re.compile(r"diagnos|\bcure[sd]?\b|treats? (the )?disease|guarantee|\bwill heal\b", re.IGNORECASE)
PROMISE = re.compile(r"\b(always|never fails|for sure|certainly|without doubt)\b", re.IGNORECASE)
ENTRIES = [pytest.param(entry, id=key) for key, entry in knowledge.entries("effect").items()]
MYTHS = ("lactic-acid", "toxins", "water-afterwards", "cancer-spread", "miscarriage", "cellulite", "knots")


def found(key):
    """What was found, as one line."""
    return knowledge.get("effect", key).found


class TestClaims:
    """All claims."""

    def test_there_are_claims_enough(self):
        """More than the 39 lines of the evidence notes, some of which became two."""
        assert len(ENTRIES) >= 39

    @pytest.mark.parametrize(
        "words",
        [
            "circulation",
            "inflammation",
            "muscle function",
            "recovery",
            "range of motion",
            "adhesions",
            "fascia",
            "stress",
            "sleep",
            "relaxation",
            "toxins",
            "lactic acid",
        ],
    )
    def test_every_topic_of_the_trade_has_its_claim(self, words):
        """Named as people name it."""
        first = knowledge.find("effect", words)[0]

        assert words in " ".join((first.id.replace("-", " "), first.name, *first.aliases)).lower()

    @pytest.mark.parametrize("key", MYTHS)
    def test_a_myth_is_called_not_supported(self, key):
        """And the honest words do not repeat it."""
        entry = knowledge.get("effect", key)

        assert entry.grade == "not supported"
        assert re.search(r"\b(not|no|never|need not|at most|if you are thirsty)\b", entry.say, re.IGNORECASE)

    def test_grades_differ(self):
        """Neither all is praised nor all is damned."""
        grades = Counter(entry.grade for entry in knowledge.entries("effect").values())

        assert set(grades) == {
            "well supported",
            "some support",
            "weak or mixed",
            "not supported",
            "little tested",
            "safety rule",
        }
        assert grades["well supported"] < grades["weak or mixed"]

    def test_no_word_points_to_two_claims(self):
        """A name belongs to one."""
        known = Counter(
            name.lower() for e in knowledge.entries("effect").values() for name in {e.name, *e.aliases}
        )

        assert [name for name, number in known.items() if number > 1] == []

    def test_every_pointer_hits_a_source(self):
        """Nothing is cited that is not there."""
        assert [one for one in knowledge.broken_references() if one.where.startswith("effect '")] == []

    def test_the_file_tells_how_to_add_one(self):
        """The first lines are a comment for the next writer."""
        head = datasets("knowledge", "effects.yaml").read_text(encoding="utf-8").splitlines()[:3]

        assert all(line.startswith("#") for line in head)
        assert "To add one" in " ".join(head)


class TestClaim:
    """Each claim."""

    @pytest.mark.parametrize("entry", ENTRIES)
    def test_it_has_other_names(self, entry):
        """A client asks in other words than a textbook."""
        assert entry.aliases

    @pytest.mark.parametrize("entry", ENTRIES)
    def test_what_was_found_was_read(self, entry):
        """At least one study; nothing rests on a teaching default or on a paper that was not read."""
        sources = [knowledge.get("source", word) for word in entry.sources]

        assert OWN not in entry.sources
        assert all(source.standing != "editorial" for source in sources)
        assert any(source.read != "not read" for source in sources)

    @pytest.mark.parametrize("entry", ENTRIES)
    def test_no_standing_is_higher_than_its_sources(self, entry):
        """Verified only where every source was read at its owner; one copy makes the whole secondary."""
        lowest = {knowledge.get("source", word).standing for word in entry.sources}
        told = entry.standing_for("found")

        assert told != "verified" or lowest == {"verified"}
        assert told in ("verified", "secondary", "conflict")

    @pytest.mark.parametrize("entry", ENTRIES)
    def test_our_own_judgement_is_called_so(self, entry):
        """Grade, certainty, how it is taught and how to say it are this project's words."""
        assert {entry.standing_for(name) for name in OURS} == {"editorial"}

    @pytest.mark.parametrize("entry", ENTRIES)
    def test_two_voices_stand_where_sources_disagree(self, entry):
        """Each position with another source of the entry."""
        held = [word for claim in entry.positions for word in claim.sources]

        assert (entry.standing == "conflict") == bool(entry.positions)
        assert not held or len(set(held)) >= 2
        assert set(held) <= set(entry.sources)

    @pytest.mark.parametrize("entry", ENTRIES)
    def test_praise_needs_certainty(self, entry):
        """Nothing well supported on low certainty; nothing is of high certainty yet."""
        assert entry.grade != "well supported" or entry.certainty in ("high", "moderate")
        assert entry.certainty != "high"
        assert entry.grade != "some support" or entry.certainty != "very low"

    @pytest.mark.parametrize("entry", ENTRIES)
    def test_the_honest_words_are_short_and_promise_nothing(self, entry):
        """Two or three sentences that fit beside a table, without a number to hold on to."""
        wordings = [w for w in knowledge.entries("wording").values() if w.role in ("diagnosing", "promising")]

        assert wordings
        assert len(entry.say.split()) <= 30
        assert not re.search(r"\d", entry.say)
        assert not FORBIDDEN.search(entry.say)
        assert not PROMISE.search(entry.say)
        assert [w.id for w in wordings if w.found(entry.say)] == []

    @pytest.mark.parametrize("entry", ENTRIES)
    def test_it_is_short(self, entry):
        """The claim in one breath, what was found in three."""
        assert len(entry.taught.split()) <= 25
        assert 8 <= len(entry.found.split()) <= 70


class TestFigures:
    """Figures that lessons quote, against the evidence notes."""

    @pytest.mark.parametrize(
        ("key", "figures"),
        [
            ("circulation-in-skin", ["32.2", "31.1"]),
            ("lactic-acid", ["21.8", "21.5", "15.7", "10 athletes"]),
            ("tight-muscle", ["5.2 %", "3 minutes", "18 adults"]),
            ("recovery", ["22 trials", "6.6 %", "1.0 %"]),
            ("knots", ["9 studies", "0.08 to 0.75"]),
            ("always-safe", ["1 in 10", "12 hours", "36", "138"]),
            ("only-placebo", ["81 %", "86 %", "68 %"]),
            ("cancer-spread", ["4 and 12 months", "84 people"]),
            ("muscle-function", ["29 trials", "1,012"]),
            ("anxiety-disorder", ["3.3 points", "47", "68"]),
        ],
    )
    def test_figures_are_those_of_the_studies(self, key, figures):
        """Changed by nobody without changing this list."""
        assert [figure for figure in figures if figure not in found(key)] == []


class TestNames:
    """Claims are found by what people say."""

    @pytest.mark.parametrize(
        ("words", "key"),
        [
            ("blood flow", "circulation-in-muscle"),
            ("detox", "toxins"),
            ("lactate", "lactic-acid"),
            ("drink water after massage", "water-afterwards"),
            ("muscle knots", "knots"),
            ("trigger points", "knots"),
            ("no pain no gain", "more-pressure"),
            ("myofascial release", "fascia"),
            ("cortisol", "stress-hormone"),
            ("vagus nerve", "relaxation"),
            ("DOMS", "soreness"),
            ("flexibility", "range-of-motion"),
            ("hypertension", "blood-pressure"),
            ("edema", "swelling"),
            ("massage and cancer", "cancer-spread"),
            ("first trimester massage", "miscarriage"),
            ("placebo", "only-placebo"),
            ("side effects of massage", "always-safe"),
            ("scar massage", "scars"),
            ("celulite", "cellulite"),
        ],
    )
    def test_everyday_words_find_it(self, words, key):
        """The question of a client is enough, also with a slip of the pen."""
        assert knowledge.find("effect", words)[0].id == key
