"""Directions, ends, thresholds and licences of the measures, and the norms of motion: the traps of scales."""

import pytest
from effleurage import knowledge

HIGHER = {"koos", "lefs", "psfs", "rand-36", "constant", "rom", "ppt"}
SCALES = {
    "nprs": (0, 10),
    "vas-pain": (0, 100),
    "ndi": (0, 50),
    "odi": (0, 100),
    "rmdq": (0, 24),
    "womac-global": (0, 100),
    "koos": (0, 100),
    "lefs": (0, 80),
    "dash": (0, 100),
    "quickdash": (0, 100),
    "bctq": (1, 5),
    "fiqr": (0, 100),
    "hit-6": (36, 78),
    "headache-days": (0, 28),
    "psqi": (0, 21),
    "isi": (0, 28),
    "pss-10": (0, 40),
    "stai-state": (20, 80),
    "gad-7": (0, 21),
    "psfs": (0, 10),
    "rand-36": (0, 100),
    "ffi": (0, 100),
    "spadi": (0, 100),
    "constant": (0, 100),
}
FREE_TEXT = {"nprs", "vas-pain", "gad-7", "psfs", "rand-36", "headache-days", "rom", "ppt", "girth"}


def each(kind):
    """One test an entry, named after it."""
    return [pytest.param(entry, id=key) for key, entry in knowledge.entries(kind).items()]


def leaf(region):
    """A region to work on: it has no parts."""
    return knowledge.parts(region) == (region,)


class TestMeasures:
    """The 28 measures, with the traps of scales."""

    @pytest.mark.parametrize("entry", each("measure"))
    def test_the_direction_is_right(self, entry):
        """Up is better for some, down for most."""
        assert entry.better == ("higher" if entry.id in HIGHER else "lower")

    @pytest.mark.parametrize(("key", "ends"), SCALES.items(), ids=SCALES)
    def test_the_scale_has_its_true_ends(self, key, ends):
        """Not every scale begins at 0 or ends at 100."""
        scale = knowledge.get("measure", key).scale

        assert (scale.low, scale.high) == ends

    @pytest.mark.parametrize("entry", each("measure"))
    def test_a_threshold_fits_into_the_scale(self, entry):
        """A change cannot be larger than the scale is long."""
        for item in (*entry.mdc, *entry.mcid):
            assert 0 < item.value <= (100 if item.percent else entry.scale.high - entry.scale.low)

    @pytest.mark.parametrize("entry", each("measure"))
    def test_a_threshold_names_people_and_an_honest_source(self, entry):
        """No number without a population; a customary one is editorial."""
        for item in (*entry.mdc, *entry.mcid):
            standings = {knowledge.get("source", word).standing for word in item.sources}
            assert len(item.population) > 8
            assert item.standing != "verified" or "verified" in standings
            assert (item.standing == "editorial") == (standings == {"editorial"})
            assert (item.standing == "editorial") == ("not verified" in item.population)

    @pytest.mark.parametrize("entry", each("measure"))
    def test_a_used_threshold_that_is_not_the_strictest_says_why(self, entry):
        """Where a source asks for more, the choice is explained."""
        for group in (entry.mdc, entry.mcid):
            points = [item.value for item in group if not item.percent]
            used = next((item for item in group if item.used), None)
            if used and points and (used.percent or used.value < max(points)):
                assert "used" in used.population

    @pytest.mark.parametrize("entry", each("measure"))
    def test_bands_follow_each_other_and_cover_the_scale(self, entry):
        """From the low end to the high end without overlap."""
        if entry.bands:
            assert (entry.bands[0].low, entry.bands[-1].high) == (entry.scale.low, entry.scale.high)
            for first, second in zip(entry.bands, entry.bands[1:], strict=False):
                assert second.low == first.high + 1

    @pytest.mark.parametrize("entry", each("measure"))
    def test_question_text_is_allowed_only_where_it_is_free(self, entry):
        """The rest is a score and a link."""
        assert entry.item_text == (entry.id in FREE_TEXT)
        assert entry.item_text or "no " in entry.licence.lower()

    @pytest.mark.parametrize("entry", each("measure"))
    def test_the_step_divides_the_scale(self, entry):
        """A score can be typed at both ends."""
        length = (entry.scale.high - entry.scale.low) / entry.step

        assert entry.step > 0
        assert abs(length - round(length)) < 1e-6

    def test_ndi_counts_raw_points(self):
        """Thresholds and bands are points of 50, never percent."""
        ndi = knowledge.get("measure", "ndi")

        assert [(band.low, band.high) for band in ndi.bands] == [
            (0, 4),
            (5, 14),
            (15, 24),
            (25, 34),
            (35, 50),
        ]
        assert ndi.used("mcid").value == 5
        assert not any(item.percent for item in (*ndi.mdc, *ndi.mcid))
        assert {item.value for item in ndi.mdc} == {5, 10.2}
        assert {item.value for item in ndi.mcid} == {5, 7.5}

    def test_odi_is_percent(self):
        """Ten points are percentage points."""
        odi = knowledge.get("measure", "odi")

        assert odi.unit == "%"
        assert odi.used("mcid").value == 10

    @pytest.mark.parametrize(("key", "change", "error"), [("ndi", 7.5, 10.2), ("dash", 4.4, 11.8)])
    def test_a_meaningful_change_inside_the_error_is_kept_with_the_error(self, key, change, error):
        """Both published numbers stand, and the text says that one lies inside the other."""
        entry = knowledge.get("measure", key)
        smaller = next(item for item in entry.mcid if item.value == change)

        assert error in {item.value for item in entry.mdc}
        assert "error" in smaller.population

    @pytest.mark.parametrize("entry", each("measure"))
    def test_the_used_change_is_not_smaller_than_the_used_error_unless_said(self, entry):
        """Nothing is called meaningful that may be noise."""
        error, change = entry.used("mdc"), entry.used("mcid")
        if error and change and not change.percent and change.value < error.value:
            assert "smaller than the error" in change.population

    def test_nprs_uses_the_share_of_the_baseline(self):
        """30 percent of the baseline, and the neck figures beside it."""
        nprs = knowledge.get("measure", "nprs")

        assert nprs.used("mcid").percent
        assert nprs.used("mcid").value == 30
        assert {1.5, 4.1} <= {item.value for item in nprs.mcid}
        assert "because" in nprs.used("mcid").population

    def test_fiqr_is_weighted(self):
        """A third, the whole, a half; and the change was found for the older form."""
        fiqr = knowledge.get("measure", "fiqr")

        assert "divided by 3" in fiqr.scoring
        assert "divided by 2" in fiqr.scoring
        assert "older FIQ" in fiqr.used("mcid").population

    @pytest.mark.parametrize("key", ["promis", "psfs"])
    def test_a_direction_that_hangs_on_the_version_is_noted(self, key):
        """The domain of PROMIS and the second version of PSFS turn it round."""
        assert knowledge.get("measure", key).direction_note

    def test_womac_says_which_version(self):
        """Totals from 96 to 2400 are in print."""
        scoring = knowledge.get("measure", "womac-global").scoring

        assert "0 to 100" in scoring
        assert "2400" in scoring
        assert "version" in scoring


class TestMotion:
    """The 37 reference values."""

    @pytest.mark.parametrize("entry", each("rom-norm"))
    def test_the_value_is_possible(self, entry):
        """No joint turns further than half a circle; the jaw opens in millimetres."""
        assert 0 <= entry.degrees <= 180
        assert (entry.unit == "mm") == (entry.id == "mouth-opening")

    @pytest.mark.parametrize("entry", each("rom-norm"))
    def test_it_lies_in_regions_that_can_be_worked(self, entry):
        """Leaves, not groups."""
        assert all(leaf(region) for region in entry.regions)

    @pytest.mark.parametrize("entry", each("rom-norm"))
    def test_a_reference_that_was_not_read_is_not_verified(self, entry):
        """'not verified' in the reference keeps the standing down."""
        if "not verified" in entry.reference:
            assert entry.standing_for("reference") == "editorial"

    @pytest.mark.parametrize("entry", each("rom-norm"))
    def test_it_shows_that_norms_differ(self, entry):
        """Another set stands beside the reference."""
        assert entry.others
