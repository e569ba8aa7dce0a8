"""The parts of the teaching model: doses, rules, parameters, formulas, runs, and what is refused."""

import json

import numpy as np
import pytest
from effleurage import errors, files, knowledge, paths, simulate
from effleurage.simulate import averages, mechanics
from effleurage.simulate.rules import Rule
from hypothesis import given
from hypothesis import strategies as st

NECK = simulate.model("neck-pain-chronic")

REFUSED = {
    "zero minutes": (lambda: simulate.dose("0x2x4"), "0 minutes"),
    "negative minutes": (lambda: simulate.dose("-30x2x4"), "-30 minutes"),
    "25 hours a day": (lambda: simulate.dose("1500x2x4"), "more than a day has"),
    "too many a week": (lambda: simulate.dose("60x99x4"), "99 sessions a week"),
    "half a week": (lambda: simulate.dose("60x2x1.5"), "1.5 weeks"),
    "no phase": (lambda: simulate.dose("an hour"), "this is no phase"),
    "two dots": (lambda: simulate.dose("6.0.0x2x4"), "this is no phase"),
    "unknown arm": (lambda: simulate.dose("60x2x4", arm="masage"), "write 'massage'"),
    "pressure of 7": (lambda: simulate.dose("60x2x4", pressure=7), "pressure 7"),
    "unknown measure": (lambda: simulate.cohort("60x2x4", measures=("nrps",)), "write 'nprs'"),
    "measure as a word": (lambda: simulate.cohort("60x2x4", measures="ndi"), "write measures=('ndi',)"),
    "no measure": (lambda: simulate.cohort("60x2x4", measures=()), "one or more"),
    "weeks before the start": (lambda: simulate.cohort("60x2x4", weeks=(-1, 5)), "-1"),
    "weeks in words": (lambda: simulate.cohort("60x2x4", weeks=("five",)), "five"),
    "week after ten years": (lambda: simulate.cohort("60x2x4", weeks=(10_000,)), "10000"),
    "too many readings": (lambda: simulate.cohort("60x2x4", weeks=range(200)), "readings"),
    "a million arms": (
        lambda: simulate.cohort("60x2x4", versus=["wait-list"] * 10**6),
        "1000000 comparators",
    ),
    "an arm twice": (lambda: simulate.cohort("60x2x4", versus=("wait-list", "wait-list")), "stands twice"),
    "versus as a word": (lambda: simulate.cohort("60x2x4", versus="wait-list"), "write versus="),
    "negative clients": (lambda: simulate.cohort("60x2x4", clients=-5), "-5"),
    "half a client": (lambda: simulate.cohort("60x2x4", clients=2.5), "2.5"),
    "true clients": (lambda: simulate.cohort("60x2x4", clients=True), "True"),
    "too many clients": (lambda: simulate.cohort("60x2x4", clients=10**12), "1000000000000"),
    "negative seed": (lambda: simulate.cohort("60x2x4", seed=-1), "-1"),
    "unknown parameters": (lambda: simulate.cohort("60x2x4", parameters="best"), "posterior"),
    "unknown group": (lambda: simulate.cohort("60x2x4", group="sherman-2041"), "write 'sherman-2014'"),
    "baseline off the scale": (lambda: simulate.cohort("60x2x4", baseline={"ndi": 60}), "60"),
    "baseline without spread": (lambda: simulate.cohort("60x2x4", baseline={"ndi": (15, 0)}), "(15, 0)"),
    "unknown condition": (lambda: simulate.cohort(simulate.dose("60x2x4", condition="gout")), "gout"),
    "one arm": (lambda: simulate.trial(["60x2x4"]), "1 arms"),
    "nobody in an arm": (lambda: simulate.trial(["60x2x4", "wait-list"], n_per_arm=0), "n_per_arm"),
    "rule in words": (lambda: Rule.read("much better"), "this is no rule"),
    "table not kept": (lambda: simulate.cohort("60x2x4", clients=10, keep=False).table(), "keep=True"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_done_gets_one_clear_line(case):
    """Each wrong value gives one problem: where, what, and what is allowed or what to do."""
    ask, found = REFUSED[case]

    with pytest.raises(errors.EffleurageError) as caught:
        ask()

    (problem,) = caught.value.problems
    assert found in str(problem)
    assert problem.where
    assert problem.allowed or problem.do


@given(st.integers(1, 180), st.integers(0, 14), st.integers(1, 104), st.sampled_from(simulate.ARMS))
def test_every_dose_that_can_be_done_is_laid_on_days(minutes, often, weeks, arm):
    """Sessions are as many as asked for, in order, inside their weeks; arms without touch have none."""
    dose = simulate.dose(f"{minutes}x{often}x{weeks}", arm=arm)
    days = [session.day for session in dose.sessions]

    assert len(days) == (often * weeks if arm in ("massage", "light-touch") else 0)
    assert days == sorted(days)
    assert all(0 <= day < 7 * weeks for day in days)


def test_phases_follow_one_another():
    """A rest and a booster come after the course."""
    dose = simulate.dose("60x2x2", "60x0x4", "30x1x2")

    assert [session.day for session in dose.sessions] == [0, 3, 7, 10, 42, 49]
    assert [session.minutes for session in dose.sessions] == [60] * 4 + [30] * 2


def test_a_monthly_session_is_a_quarter_a_week():
    """Sessions a week may be less than one."""
    assert [session.day for session in simulate.dose("60x0.25x12").sessions] == [0, 28, 56]


def test_a_planned_course_becomes_the_same_days():
    """A course from the plan lies on the days that the phase in words lies on, with its hands-on minutes."""
    from effleurage import intake, plan, protocol, safety

    design, client = protocol.load("neck-pain-chronic-60"), intake.load("office-neck")
    course = plan.build(design, client, safety.check(design, client))
    dose = simulate.from_course(course)

    assert [s.day for s in dose.sessions] == [s.day for s in simulate.dose("60x2x4").sessions]
    assert [s.minutes for s in dose.sessions] == [s.hands_on_minutes for s in course.sessions]
    assert {name for name, _ in dose.sessions[0].techniques} == {
        s.technique for s in course.sessions[0].steps
    }
    assert dose.sessions[0].pressure == pytest.approx(
        sum(s.pressure * s.minutes for s in course.sessions[0].steps if s.pressure is not None)
        / sum(s.minutes for s in course.sessions[0].steps if s.pressure is not None)
    )


@given(st.integers(0, 50), st.integers(0, 50))
def test_responder_rules_are_exact(before, after):
    """Whole scores on the limit are not lost to rounding."""
    assert Rule.read("change<=-5").meets(before, after) == (before - after >= 5)
    assert Rule.read("percent<=-30").meets(before, after) == (
        before > 0 and 10 * (before - after) >= 3 * before
    )
    assert Rule.read("percent<-30").meets(before, after) == (10 * (before - after) > 3 * before)


def test_normal_below_is_right():
    """The approximation of the normal distribution is good to 1e-7."""
    z = np.linspace(-5, 5, 201)
    exact = np.array([mechanics.share_below(one) for one in z])

    assert np.abs(mechanics.normal_below(z) - exact).max() < 2e-7


def test_every_parameter_says_what_it_is():
    """Each parameter has a unit, a meaning, a prior, and a source or the mark of a teaching default."""
    known = {*knowledge.entries("source"), *NECK.fitted_on}

    assert len({parameter.name for parameter in NECK.parameters}) == len(NECK.parameters)
    for parameter in NECK.parameters:
        assert parameter.unit
        assert parameter.meaning
        assert str(parameter.prior).startswith(parameter.prior.family)
        assert set(parameter.sources) <= known
        assert parameter.fitted or parameter.sources == ("teaching-default",)


def test_scales_agree_with_the_knowledge_base():
    """Range, direction and responder rule are those of the measures' entries."""
    for scale in NECK.scales:
        entry = knowledge.get("measure", scale.id)
        used = entry.used("mcid")
        assert (scale.low, scale.high, scale.better) == (entry.scale.low, entry.scale.high, entry.better)
        assert scale.rule == Rule("percent" if used.percent else "change", "<=", -used.value)


def test_formulas_know_the_session_clock():
    """Relief halves within hours and is gone after 36; soreness peaks at 12 hours and is over at 36."""
    p = NECK.values("mean")
    now, later = (mechanics.relief(p, "massage", hours) for hours in (0, float(p["relief_hours"][0])))

    assert later == pytest.approx(now / 2)
    assert mechanics.relief(p, "massage", 36) == 0
    assert [mechanics.soreness_left(hours) for hours in (12, 36, 50)] == [1, 0, 0]


def test_formulas_know_the_course_clock():
    """After the last session the course effect halves every half-life."""
    p, dose = NECK.values("posterior"), simulate.dose("60x2x4")
    end = dose.last_day + 1e-9
    first, _ = mechanics.stores(p, dose, end)
    for draw in (0, 500, 1023):
        half = 7 * float(p["half_life_weeks"][draw])
        later, _ = mechanics.stores(p, dose, end + half)
        assert later[draw] == pytest.approx(first[draw] / 2)


def test_techniques_differ_a_little_and_nobody_knows_which_way():
    """Two techniques differ by a few percent, as often one way as the other; on average not at all."""
    sessions = [simulate.Session(0, 60, (), ((name, 60),)) for name in ("effleurage", "petrissage")]
    here, there = (mechanics.character(NECK.values("posterior"), session) for session in sessions)
    plain = [mechanics.character(NECK.values("mean"), session) for session in sessions]

    assert 0.4 < np.mean(here > there) < 0.6
    assert np.abs(here - 1).max() < 0.5
    assert plain[0] == plain[1] == 1


def test_summary_is_counted_from_the_table():
    """Means, SDs, changes and responders of the summary are those of the table."""
    runs = simulate.cohort("60x2x4", clients=3_000, versus=("wait-list",), weeks=(0, 5))
    table = runs.table()
    for group in runs.summary():
        rows = table[
            (table["arm"] == group.arm) & (table["measure"] == group.measure) & (table["week"] == group.week)
        ]
        scores, changes = (rows[name].dropna().astype(float) for name in ("score", "change"))
        starts = scores - changes
        assert group.n == len(scores)
        assert group.mean == pytest.approx(scores.mean())
        assert group.sd == pytest.approx(scores.std())
        assert group.change == pytest.approx(changes.mean())
        assert group.change_sd == pytest.approx(changes.std())
        assert group.responder_share == pytest.approx(np.mean(Rule.read(group.rule).meets(starts, scores)))
        assert group.quantiles[2] == scores.quantile(0.5, interpolation="lower")


def test_another_rule_counts_others():
    """A stricter rule has fewer responders, and the record names it."""
    runs = simulate.cohort("60x2x4", clients=2_000, measures=("ndi",), weeks=(5,))
    usual, strict = runs.summary()[1], runs.summary("change<=-10")[1]

    assert strict.rule == "change<=-10"
    assert 0 < strict.responder_share < usual.responder_share


def test_intervals_hold_the_estimate():
    """Each interval lies around its estimate, and shares stay between 0 and 1."""
    runs = simulate.cohort("60x2x4", clients=2_000)
    for group in runs.summary():
        low, high = group.responder_interval95
        assert 0 <= low <= group.responder_share <= high <= 1
        assert group.change_interval95[0] <= group.change <= group.change_interval95[1]
    for contrast in runs.contrasts():
        assert contrast.interval95[0] <= contrast.difference <= contrast.interval95[1]
        low, high = contrast.responder_ratio_interval95
        assert low <= contrast.responder_ratio <= high


def test_table_has_the_columns_of_the_dictionary():
    """The table's columns are the ones described, in that order."""
    columns = files.read_yaml(paths.datasets("dictionary.yaml")).data["runs"]["columns"]

    assert list(simulate.cohort("60x2x4", clients=10).table().columns) == list(columns)


def test_paths_are_single_clients_of_the_table():
    """A few clients for a chart carry the scores of the table."""
    runs = simulate.cohort("60x2x4", clients=50, weeks=(0, 5))
    table = runs.table().set_index(["client", "arm", "measure"])

    for path in runs.paths(3):
        scores = table.loc[(path.client, path.arm, path.measure), "score"]
        assert [None if score is None else int(score) for score in path.scores] == [
            None if missing else int(score) for score, missing in zip(scores, scores.isna(), strict=True)
        ]


def test_runs_are_written_and_told(tmp_path):
    """A run goes to CSV and Parquet with equal rows, to JSON, and into words that say what it is."""
    import pandas as pd

    runs = simulate.cohort("60x2x4", clients=20)
    text = pd.read_csv(simulate.write(runs, tmp_path / "runs.csv"))

    assert len(text) == 20 * 2 * 2 * 4
    assert "not a predictor" in simulate.in_words(runs)
    assert json.loads(json.dumps(simulate.plain(runs)))["seed"] == 7
    with pytest.raises(errors.FileError, match=r"\.xlsx"):
        simulate.write(runs, tmp_path / "runs.xlsx")


def test_the_note_says_where_the_data_end():
    """Doses and weeks that no fitted trial tried are named; a tried dose is not."""
    far = simulate.cohort("90x5x20", clients=10, weeks=(104,)).note
    near = simulate.cohort("60x2x4", clients=10).note

    assert "minutes a session" in far
    assert "sessions a week" in far
    assert "weeks of care" in far
    assert "no fitted trial reports after week 26" in far
    assert near == NECK.note


@pytest.mark.parametrize("dose", ["30x2x4", "30x3x4", "60x1x4", "60x2x4", "60x3x4", "60x1x10"])
def test_tried_doses_are_not_called_untried(dose):
    """The doses of the fitted trials lie inside what was tried."""
    note = simulate.cohort(dose, clients=2).note

    assert "guesses" not in note
    assert "no fitted trial reports" not in note


def test_one_client_shows_both_clocks():
    """Over many fictional clients pain falls straight after a session and returns before the next."""
    falls, backs = [], []
    for seed in range(60):
        course = simulate.client_course("60x2x4", seed=seed, measures=("nprs",))
        pairs = {(one.session, one.kind): one.score for one in course if one.kind in ("before", "after")}
        for number in range(2, 8):
            if (number, "after") in pairs and (number + 1, "before") in pairs:
                falls.append(pairs[number, "after"] - pairs[number, "before"])
                backs.append(pairs[number + 1, "before"] - pairs[number, "after"])

    assert np.mean(falls) < -0.3
    assert np.mean(backs) > 0.1


def test_one_client_is_the_same_client_again():
    """The same seed gives the same readings, in the order of time; another seed another client."""
    first = simulate.client_course("60x2x4", seed=5)

    assert first == simulate.client_course("60x2x4", seed=5)
    assert first != simulate.client_course("60x2x4", seed=6)
    assert [one.day for one in first] == sorted(one.day for one in first)
    assert {one.kind for one in first} == {"start", "before", "after", "follow-up"}


def test_one_client_is_sore_after_deep_pressure():
    """With pressure 5 soreness is read on the next day; without a known pressure it is not asked."""
    deep = simulate.client_course(simulate.dose("60x2x4", pressure=5), seed=2)
    soreness = [one.score for one in deep if one.measure == "soreness"]

    assert soreness
    assert max(soreness) > 0
    assert not [one for one in simulate.client_course("60x2x4", seed=2) if one.measure == "soreness"]


def test_a_client_starts_where_asked():
    """A score at the start is the score at the start."""
    course = simulate.client_course("60x2x4", seed=1, baseline={"ndi": 24, "nprs": 7})

    assert {one.measure: one.score for one in course if one.kind == "start"} == {"ndi": 24, "nprs": 7}


def test_a_trial_of_more_people_is_surer():
    """Intervals narrow with the size of the arms, and larger trials find a difference more often."""
    small, large = (
        simulate.trial(["60x3x4", "wait-list"], n_per_arm=n, measures=("nprs",), replicates=400).contrasts[0]
        for n in (15, 150)
    )
    widths = [np.subtract(*one.difference.interval95[::-1]) for one in (small, large)]

    assert widths[1] < widths[0]
    assert large.found > small.found
    assert small.difference.interval50[0] > small.difference.interval95[0]


def test_light_touch_in_a_trial_comes_as_often():
    """A kind of care named in words takes the days of the first arm; a dose stays what it is."""
    found = simulate.trial(["60x2x4", "light-touch", "30x1x4", "wait-list"], n_per_arm=30, replicates=200)
    share = {arm.arm: arm.responder_share.middle for arm in found.arms if arm.measure == "nprs"}

    assert list(share) == ["massage 60x2x4", "light-touch", "massage 30x1x4", "wait-list"]
    assert share["massage 60x2x4"] > share["light-touch"] > share["wait-list"]


def test_parquet_without_its_package_says_so(tmp_path, monkeypatch):
    """Where pyarrow is missing, the message offers CSV."""
    import pandas as pd

    def missing(*_, **__):
        raise ImportError

    monkeypatch.setattr(pd.DataFrame, "to_parquet", missing)
    with pytest.raises(errors.FileError, match=r"write a \.csv file"):
        simulate.write(simulate.cohort("60x2x4", clients=5), tmp_path / "runs.parquet")


def test_averages_without_spread_start_at_one_score():
    """A group that all starts at one score is the group of people with that score."""
    p, scale = NECK.values("mean"), NECK.scale("ndi")
    usual = averages.usual_entry(p, "ndi")
    high, low = (
        averages.average(p, scale, simulate.dose("60x2x4"), 5, averages.Entry(start, 0, usual.centre)).change
        for start in (30, 8)
    )

    assert high < low
