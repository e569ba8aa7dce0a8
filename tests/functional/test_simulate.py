"""What must always hold in the teaching model, whatever the parameters."""

from itertools import pairwise

import numpy as np
import pytest
from effleurage import simulate
from effleurage.simulate import averages, cohorts, mechanics, streams
from hypothesis import given, settings
from hypothesis import strategies as st

NECK = simulate.model("neck-pain-chronic")
MEASURES = ("ndi", "nprs")
P = NECK.values("posterior")
FEW = mechanics.Numbers({name: column[::16] for name, column in P.items()})


def scores(runs, arm, measure):
    """Scores of an arm, shape (readings, clients); NaN after leaving."""
    found = runs.kept[arm, measure].astype(float)
    return np.where(found < 0, np.nan, found)


def change(dose, measure, week, p=P):
    """Mean change under every posterior draw, or under those handed over."""
    return averages.average(p, NECK.scale(measure), dose, week).change


def test_no_sessions_change_nothing():
    """A massage arm without sessions is the untreated course, score by score."""
    runs = simulate.cohort(simulate.dose(), clients=1_000, versus=("wait-list",))

    for measure in MEASURES:
        assert (runs.kept["massage", measure] == runs.kept["wait-list", measure]).all()


@settings(max_examples=25, deadline=None)
@given(
    minutes=st.integers(10, 120),
    more=st.integers(1, 60),
    often=st.integers(1, 5),
    weeks=st.integers(1, 12),
    read=st.tuples(st.integers(0, 26), st.sampled_from(MEASURES)),
)
def test_more_minutes_are_never_worse_on_average(minutes, more, often, weeks, read):
    """Longer sessions never make the average change smaller, draw by draw."""
    after, measure = read
    week = weeks + after
    short, long = (
        change(simulate.dose(f"{m}x{often}x{weeks}"), measure, week, FEW) for m in (minutes, minutes + more)
    )

    assert (long <= short + 1e-9).all()


@pytest.mark.parametrize("measure", MEASURES)
def test_more_minutes_are_never_worse_under_any_draw(measure):
    """From 15 to 120 minutes every step makes the average fall larger, under all 1,024 draws."""
    falls = [change(simulate.dose(f"{minutes}x2x4"), measure, 5) for minutes in (15, 30, 60, 90, 120)]

    assert all((later <= earlier + 1e-9).all() for earlier, later in pairwise(falls))


@settings(max_examples=25, deadline=None)
@given(
    minutes=st.integers(10, 120),
    often=st.integers(1, 4),
    weeks=st.integers(1, 12),
    measure=st.sampled_from(MEASURES),
)
def test_more_weeks_are_never_worse_at_their_end(minutes, often, weeks, measure):
    """One more week of the same care never makes the average change of that week smaller."""
    here, there = (
        change(simulate.dose(f"{minutes}x{often}x{n}"), measure, weeks + 1, FEW) for n in (weeks, weeks + 1)
    )

    assert (there <= here + 1e-9).all()


def test_returns_diminish_and_level_off():
    """Each further block of sessions adds less than the one before."""
    totals = [
        np.mean(
            change(simulate.dose(f"60x2x{weeks}"), "nprs", weeks)
            - change(simulate.dose(arm="wait-list"), "nprs", weeks)
        )
        for weeks in (4, 8, 12, 24)
    ]
    gains = [
        totals[0] / 4,
        (totals[1] - totals[0]) / 4,
        (totals[2] - totals[1]) / 4,
        (totals[3] - totals[2]) / 12,
    ]

    assert gains == sorted(gains)


def test_length_counts_more_than_frequency():
    """At 60 minutes a week one long session is worth at least as much as two short ones, in most draws."""
    one, two = (change(simulate.dose(phase), "nprs", 5) for phase in ("60x1x4", "30x2x4"))
    effect = P["minutes_power"] > 1

    assert effect.mean() > 0.5
    assert (simulate_massage("60x1x4") >= simulate_massage("30x2x4"))[effect].mean() > 0.9
    assert np.isfinite(one - two).all()


def simulate_massage(phase):
    """How full the massage store is a week after the course, by draw."""
    dose = simulate.dose(phase)
    return mechanics.stores(P, dose, 35)[0]


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("week", [5, 10, 26])
def test_arms_stand_in_order(measure, week):
    """Under every draw: wait list, usual care, self-care; and wait list, light touch, massage."""
    dose = simulate.dose("60x2x4")
    fall = {arm: -change(dose.beside(arm), measure, week) for arm in simulate.ARMS}

    assert (fall["wait-list"] <= fall["usual-care"] + 1e-9).all()
    assert (fall["usual-care"] <= fall["self-care"] + 1e-9).all()
    assert (fall["wait-list"] <= fall["light-touch"] + 1e-9).all()
    assert (fall["light-touch"] <= fall["massage"] + 1e-9).all()


def test_same_seed_same_numbers():
    """A seed gives the same table again; another seed another one."""
    first, again, other = (simulate.cohort("60x2x4", clients=500, seed=seed).table() for seed in (7, 7, 8))

    assert first.equals(again)
    assert not first.equals(other)


@pytest.mark.parametrize("chunk", [1, 8_192, 20_000, 10**6])
def test_numbers_do_not_depend_on_how_the_work_is_cut(chunk):
    """Whatever the chunk, all counts are equal; progress is told as often as asked."""
    told = []
    runs = simulate.cohort(
        "60x2x4", clients=30_000, chunk=chunk, keep=False, progress=lambda d, n: told.append(d)
    )
    plain = simulate.cohort("60x2x4", clients=30_000, keep=True)

    assert all((runs.counts[key] == plain.counts[key]).all() for key in plain.counts)
    assert told[-1] == 30_000


def test_the_first_clients_do_not_depend_on_how_many_follow():
    """Client 17 is client 17 in a cohort of any size, in any set of measures and comparators."""
    small = simulate.cohort("60x2x4", clients=1_000)
    large = simulate.cohort("60x2x4", clients=20_000, measures=("nprs",), versus=("self-care", "wait-list"))

    for arm in ("massage 60x2x4", "wait-list"):
        assert (large.kept[arm, "nprs"][:, :1_000] == small.kept[arm, "nprs"]).all()


@settings(max_examples=15, deadline=None)
@given(ndi=st.integers(0, 50), nprs=st.integers(0, 10), pressure=st.integers(0, 5))
def test_scores_stay_on_their_scales(ndi, nprs, pressure):
    """Whole numbers from 0 to 50 and 0 to 10, wherever people start and however they are pressed."""
    runs = simulate.cohort(
        simulate.dose("90x7x4", pressure=pressure),
        clients=300,
        baseline={"ndi": ndi, "nprs": nprs},
        weeks=(1, 4, 52),
    )
    for (_, measure), found in runs.kept.items():
        scale = NECK.scale(measure)
        assert found.dtype == np.int16
        assert found.max() <= scale.high
        assert found[found != -1].min() >= scale.low
        assert (found[0] >= 1).all()


def test_the_session_effect_is_gone_after_36_hours():
    """Pain is lower an hour after the last session; after 36 hours nothing of that is left."""
    last = simulate.dose("60x2x4").last_day
    weeks = [(last + hours / 24) / 7 for hours in (1, 36.01, 37, 60)]
    runs = simulate.cohort("60x2x4", clients=40_000, measures=("nprs",), weeks=weeks, versus=("light-touch",))
    hour, day, later, third = np.nanmean(scores(runs, runs.arms[0], "nprs"), axis=1)[1:]

    assert hour < day - 0.3
    assert abs(day - later) < 0.05
    assert abs(day - third) < 0.05
    assert np.nanmean(scores(runs, "light-touch", "nprs"), axis=1)[1] > hour


def test_the_course_effect_fades_with_a_half_life_of_10_to_45_weeks():
    """Every draw keeps the half-life in the range that published decay allows, and the engine follows it."""
    half = P["half_life_weeks"]
    runs = simulate.cohort(
        "60x3x4", clients=100_000, parameters="mean", measures=("ndi",), weeks=(5, 5 + float(half.mean()))
    )
    apart = [one.difference for one in runs.contrasts()]

    assert (half >= 10).all()
    assert (half <= 45).all()
    assert 0.4 < apart[1] / apart[0] < 0.6


def test_regression_to_the_mean_shows():
    """Without care, people who started high fall most and people who started low hardly fall or rise."""
    runs = simulate.cohort(
        simulate.dose(arm="wait-list"), clients=50_000, measures=("nprs",), versus=(), weeks=(0, 7)
    )
    before, after = scores(runs, "wait-list", "nprs")
    there = ~np.isnan(after)
    slope = np.polyfit(before[there], (after - before)[there], 1)[0]
    high, low = (
        (after - before)[there & (before >= 7)].mean(),
        (after - before)[there & (before <= 3)].mean(),
    )

    assert -0.65 < slope < -0.15
    assert high < low - 0.5


def test_people_selected_on_a_bad_day_get_better_by_themselves():
    """With no untreated course at all, those who enter above their own kind still fall: selection alone."""
    quiet = {**P, "natural_ndi": P["natural_ndi"] * 0, "natural_between": P["natural_between"] * 0}
    p = mechanics.Numbers(quiet)
    entry = averages.usual_entry(p, "ndi")
    fallen = averages.fall(p, "ndi", simulate.dose(arm="wait-list"), 10)
    mean, _ = averages.reading(p, "ndi", 10, fallen, entry.mean, entry.centre)

    assert (mean <= entry.mean + 1e-9).all()
    assert np.mean(entry.mean - mean) > 0.1


def test_visits_close_together_are_more_alike():
    """Scores of one client correlate, less so over a longer time."""
    runs = simulate.cohort(simulate.dose(arm="wait-list"), clients=50_000, versus=(), weeks=(0, 1, 5, 26))
    for measure in MEASURES:
        found = scores(runs, "wait-list", measure)
        whole = found[:, ~np.isnan(found).any(axis=0)]
        start = np.corrcoef(whole)[0]
        assert 0.2 < start[3] < start[2] < start[1] < 0.95


def test_pain_and_disability_change_together():
    """People whose pain falls more also gain more in daily life."""
    runs = simulate.cohort("60x2x4", clients=20_000, weeks=(0, 5))
    changes = [np.diff(scores(runs, runs.arms[0], measure), axis=0)[0] for measure in MEASURES]
    there = ~np.isnan(changes[0])

    assert np.corrcoef(changes[0][there], changes[1][there])[0, 1] > 0.2


def test_people_miss_sessions_and_leave():
    """Attendance and follow-up are those of the parameters; who has left has no score and comes no more."""
    runs = simulate.cohort("60x2x4", clients=100_000, measures=("nprs",), weeks=(5, 26))
    came, seen = runs.often[runs.arms[0]], runs.kept[runs.arms[0], "nprs"]
    left = (seen == -1).mean(axis=1)

    assert came[0].max() == 0
    assert came.max() <= 8
    assert left[0] == 0
    assert left[1:] == pytest.approx(
        [float(np.mean(1 - np.exp(-P["dropout"] * week))) for week in (5, 26)], abs=0.01
    )
    assert (seen[2][seen[1] == -1] == -1).all()
    assert 1 - came[1].mean() / 8 == pytest.approx(float(P["missed"].mean()), abs=0.03)


def test_pressure_above_tolerance_makes_sore_for_a_day():
    """A day after deep work pain is higher than after moderate work; after 36 hours it is not."""
    last = simulate.dose("60x2x4").last_day
    weeks = [(last + hours / 24) / 7 for hours in (12, 37)]
    deep, mild = (
        np.nanmean(
            scores(
                simulate.cohort(
                    simulate.dose("60x2x4", pressure=level),
                    clients=20_000,
                    measures=("nprs",),
                    weeks=weeks,
                    versus=(),
                ),
                "massage 60x2x4",
                "nprs",
            ),
            axis=1,
        )
        for level in (5, 3)
    )

    assert deep[1] > mild[1] + 0.5
    assert deep[2] == pytest.approx(mild[2], abs=0.05)


@pytest.mark.parametrize("arm", simulate.ARMS)
def test_engine_and_formulas_agree(arm):
    """Counted averages of many clients are the averages worked out by formula."""
    dose = simulate.dose("60x2x4").beside(arm) if arm != "massage" else simulate.dose("60x2x4")
    runs = simulate.cohort(dose, clients=200_000, versus=(), keep=False)
    for group in runs.summary():
        if group.week:
            known = averages.average(P, NECK.scale(group.measure), dose, group.week)
            assert group.change == pytest.approx(
                known.change.mean(), abs=0.01 * NECK.scale(group.measure).span
            )
            assert group.responder_share == pytest.approx(known.share.mean(), abs=0.02)


def test_comparators_are_the_same_people():
    """At the start every arm has the same scores, client by client."""
    runs = simulate.cohort("60x2x4", clients=1_000, versus=("wait-list", "self-care", "light-touch"))

    for measure in MEASURES:
        starts = [runs.kept[arm, measure][0] for arm in runs.arms]
        assert all((start == starts[0]).all() for start in starts)


def test_a_run_can_be_stopped_without_loss():
    """Progress that says no ends the run; what was done is a whole run of fewer clients."""
    runs = simulate.cohort("60x2x4", clients=50_000, chunk=1, progress=lambda done, _: done < 20_000)
    whole = simulate.cohort("60x2x4", clients=runs.clients)

    assert not runs.complete
    assert runs.clients == 24_576
    assert "Stopped after 24,576 of 50,000 clients" in runs.note
    assert runs.table().equals(whole.table())


def test_an_interrupt_keeps_what_was_done():
    """Ctrl-C in a long run hands over the clients that were done."""

    def interrupt(done, _):
        if done > 10_000:
            raise KeyboardInterrupt

    with pytest.raises(simulate.Stopped) as caught:
        simulate.cohort("60x2x4", clients=50_000, chunk=1, progress=interrupt)

    assert caught.value.runs.clients == 16_384
    assert caught.value.runs.summary()[0].n == 16_384


def test_an_interrupt_inside_a_block_leaves_no_half_block(monkeypatch):
    """A block that was not finished is not counted."""
    real, calls = cohorts.counts, []

    def sometimes(*given):
        calls.append(1)
        if len(calls) > 20:
            raise KeyboardInterrupt
        return real(*given)

    monkeypatch.setattr(cohorts, "counts", sometimes)
    with pytest.raises(simulate.Stopped) as caught:
        simulate.cohort("60x2x4", clients=50_000)

    runs = caught.value.runs
    assert runs.clients == streams.BLOCK
    assert {int(cells[0].sum()) for cells in runs.counts.values()} == {streams.BLOCK}


def test_streams_of_causes_are_their_own():
    """Another cause, block, measure or arm gives other numbers; the same place gives the same."""
    base = streams.Streams(7).normal("start", 0)
    others = [
        streams.Streams(7).normal("lasting", 0),
        streams.Streams(7).normal("start", 1),
        streams.Streams(7).normal("start", 0, (), "ndi"),
        streams.Streams(8).normal("start", 0),
        streams.Streams(7, arm=1).normal("start", 0),
    ]

    assert (base == streams.Streams(7).normal("start", 0)).all()
    assert all(abs(np.corrcoef(base.ravel(), other.ravel())[0, 1]) < 0.05 for other in others)


def test_people_of_one_score_drift_back_to_the_usual_mean():
    """Everybody starting at 30 falls further than another population whose mean is 30."""
    one = simulate.cohort(
        simulate.dose(arm="wait-list"), versus=(), clients=20_000, measures=("ndi",), baseline={"ndi": 30}
    )
    group = simulate.cohort(
        simulate.dose(arm="wait-list"),
        versus=(),
        clients=20_000,
        measures=("ndi",),
        baseline={"ndi": (30, 6)},
    )

    assert one.summary()[0].sd == 0
    assert one.summary()[1].change < group.summary()[1].change - 1
