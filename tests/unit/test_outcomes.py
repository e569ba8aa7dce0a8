"""Outcomes: scores of visits, and what may be said about their change."""

from datetime import date

import pytest
from effleurage import errors, knowledge
from effleurage.outcomes import Visit, Visits, change, from_rows, read_visits, table, thresholds, to_rows
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

FORBIDDEN = ("clinically improved", "cure", "because of the massage", "thanks to", "works")


def threshold(value, used=True, percent=False):
    """A made-up threshold."""
    return knowledge.Threshold(
        value=value, percent=percent, population="people", sources=("s",), standing="editorial", used=used
    )


def scale(better="lower", mdc=(), mcid=(), low=0.0, high=100.0):
    """A made-up measure."""
    return knowledge.Measure(
        id="made-up",
        name="Made up",
        domain="pain",
        unit="points",
        scale={"low": low, "high": high},
        better=better,
        items="one",
        scoring="as it is",
        missing="missing",
        mdc=mdc,
        mcid=mcid,
        licence="free",
        item_text=True,
        sources=("s",),
        standing="editorial",
        checked=date(2026, 1, 1),
    )


def rows(*scores, measure="ndi"):
    """One row a week; None is a missing score."""
    return [
        {"visit": turn + 1, "week": turn, "measure": measure, "score": score}
        for turn, score in enumerate(scores)
    ]


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (50, 39, "better"),
        (50, 40, "better"),
        (50, 42, "better beyond error"),
        (50, 45, "better beyond error"),
        (50, 46, "cannot tell"),
        (50, 50, "cannot tell"),
        (50, 54, "cannot tell"),
        (50, 55, "worse"),
        (None, 40, "not measured"),
        (50, None, "not measured"),
    ],
)
def test_the_verdict_follows_error_and_threshold(before, after, verdict):
    """Error 5 and a change that matters of 10 part the changes at their very edges."""
    measure = scale(mdc=(threshold(5),), mcid=(threshold(10),))
    assert change(measure, before, after).verdict == verdict


def test_direction_follows_the_scale():
    """Where higher is better, a rise is a gain."""
    measure = scale("higher", mdc=(threshold(5),), mcid=(threshold(10),))
    up, down = change(measure, 50, 62), change(measure, 50, 38)
    assert (up.points, up.gain, up.verdict) == (12, 12, "better")
    assert (down.points, down.gain, down.verdict) == (-12, -12, "worse")


def test_a_threshold_inside_the_error_is_no_improvement():
    """A change that reaches a change that matters, but not the error, cannot be told from chance."""
    found = change(scale(mdc=(threshold(10),), mcid=(threshold(4),)), 50, 44)
    assert found.verdict == "cannot tell"
    assert "reaches a published change that matters (4), inside the error" in found.sentence


def test_when_errors_disagree_it_is_not_yet_an_improvement():
    """Beyond the error in use, but within another published one: it depends."""
    measure = scale(mdc=(threshold(5), threshold(10, used=False)), mcid=(threshold(5),))
    assert change(measure, 50, 43).verdict == "depends on the error"
    assert change(measure, 50, 40).verdict == "better"
    assert change(measure, 50, 57).verdict == "worse"
    assert "do not call it an improvement yet" in change(measure, 50, 43).sentence


def test_without_a_known_error_nobody_can_tell():
    """A change as large as you like cannot be judged without an error."""
    found = change(scale(mcid=(threshold(10),)), 90, 5)
    assert found.verdict == "cannot tell"
    assert "No measurement error" in found.sentence


def test_without_a_known_threshold_it_is_only_beyond_error():
    """Beyond the error is not yet a change that matters."""
    assert change(scale(mdc=(threshold(5),)), 90, 5).verdict == "better beyond error"


def test_percent_thresholds_are_taken_from_the_first_score():
    """30 % of 6 are 1.8 points; nothing is rounded on the way."""
    measure = scale(mdc=(threshold(0.1),), mcid=(threshold(30, percent=True),), high=10)
    assert change(measure, 10, 7).verdict == "better"
    assert change(measure, 6, 4.2).verdict == "better"
    assert change(measure, 6, 4.3).verdict == "better beyond error"
    assert change(measure, 6, 4).against[1].points == pytest.approx(1.8)


def test_a_percent_of_nothing_means_nothing():
    """From a first score of 0, or on a scale that does not begin at 0, there is no percent."""
    measure = scale(mdc=(threshold(1),), mcid=(threshold(30, percent=True),))
    assert change(measure, 0, 5).percent is None
    assert change(measure, 0, 5).against[1].points is None
    assert change(scale(mdc=(threshold(1),), low=20, high=80), 50, 40).percent is None


def test_the_scale_may_have_no_room_to_improve():
    """Near the good end no improvement can be larger than the error, and this is said."""
    measure = scale(mdc=(threshold(5),), mcid=(threshold(5),))
    assert "cannot show an improvement larger than its error" in change(measure, 4, 0).sentence
    assert "cannot show" not in change(measure, 5, 0).sentence
    assert "cannot show" in change(scale("higher", mdc=(threshold(5),)), 97, 100).sentence


@given(
    before=st.one_of(st.none(), st.integers(0, 50)),
    after=st.one_of(st.none(), st.integers(0, 50)),
)
def test_no_change_within_the_error_is_ever_called_better(before, after):
    """For every pair of NDI scores: better only beyond every published error, and no word of a cause."""
    found = change("ndi", before, after)
    errors_ = [item for item in found.against if item.kind == "mdc"]
    if found.verdict.startswith("better"):
        assert all(item.reached for item in errors_)
        assert found.gain > 0
        assert "does not say why" in found.sentence
    if found.verdict == "worse":
        assert found.gain < 0
    assert not [word for word in FORBIDDEN if word in found.sentence.lower()]


def test_points_and_percent_of_the_neck_index_are_told_apart():
    """A percent score is refused with the points it stands for."""
    with pytest.raises(errors.DataError, match=r"ndi is 62.*0-50 points.*write 31"):
        change("ndi", 62, 20)
    with pytest.raises(errors.DataError, match="later score"):
        change("ndi", 20, -1)


def test_an_unknown_measure_names_the_nearest():
    """A slip in the id is answered with the id."""
    with pytest.raises(errors.UnknownId, match="write 'ndi'"):
        change("ndii", 20, 10)


def test_every_threshold_is_shown_with_population_and_source():
    """The table holds all published figures, one of each kind in use."""
    entry = knowledge.get("measure", "ndi")
    found = thresholds(change("ndi", 22, 15))
    assert len(found) == len(entry.mdc) + len(entry.mcid)
    assert [row["used"] for row in found].count("used here") == 2
    assert all(row["population"] and row["source"] and row["standing"] for row in found)


def test_every_measure_of_the_suite_can_be_judged():
    """From one end of its scale to the other, each measure has a verdict and a sentence."""
    for entry in knowledge.entries("measure").values():
        bad, good = entry.scale.low, entry.scale.high
        if entry.better == "lower":
            bad, good = good, bad
        found = change(entry, bad, good)
        assert found.gain > 0
        assert (found.verdict == "cannot tell") == (not entry.mdc)
        assert thresholds(found) or not (entry.mdc or entry.mcid)


def test_missing_visits_are_missing():
    """Empty scores and gaps in the numbers stay missing; a gap has no time."""
    found = from_rows([*rows(22, None, 18), {"visit": 5, "week": 6, "measure": "ndi", "score": 15}])
    assert [visit.score for visit in found.of("ndi")] == [22, None, 18, None, 15]
    assert [visit.week for visit in found.of("ndi")] == [0, 1, 2, None, 6]


def test_a_measure_not_planned_at_a_visit_is_not_missing():
    """Where only another measure was taken, nothing is missing; an empty score is."""
    found = from_rows(
        [
            *rows(22, 20, 18),
            {"visit": 1, "week": 0, "measure": "nprs", "score": 5},
            {"visit": 3, "measure": "nprs", "score": "", "note": "left early"},
        ]
    )
    seen = [(visit.visit, visit.week, visit.score, visit.note) for visit in found.of("nprs")]
    assert seen == [(1, 0, 5, ""), (3, 2, None, "left early")]


def test_a_change_runs_from_the_first_to_the_latest_score():
    """Missing visits at the ends are passed over, and a late first score is told."""
    assert from_rows(rows(24, 12, None)).change("ndi").points == -12
    late = from_rows(rows(None, 24, 12)).change("ndi")
    assert late.points == -12
    assert "first score is from visit 2" in late.sentence


def test_one_score_is_no_change():
    """With one score, or none, there is nothing to compare."""
    assert from_rows(rows(24)).change("ndi").verdict == "not measured"
    assert from_rows(rows(None, None)).change("ndi").verdict == "not measured"


def test_a_measure_that_was_not_taken_is_named():
    """Asking for another measure lists those that were taken."""
    with pytest.raises(errors.UnknownId, match="Allowed: ndi"):
        from_rows(rows(24)).of("nprs")


def test_no_rows_make_no_visits():
    """A page begins with an empty table."""
    assert from_rows([]).visits == ()
    assert from_rows([]).measures == ()


def test_weeks_come_from_dates():
    """The earliest day is week 0."""
    found = from_rows(
        [
            {"visit": 1, "date": "2026-03-09", "measure": "ndi", "score": 22},
            {"visit": 2, "date": "2026-03-19", "measure": "ndi", "score": 20},
        ]
    )
    assert [visit.week for visit in found.visits] == [0, pytest.approx(10 / 7)]


BAD_ROWS = {
    "text": (
        [{"visit": 1, "week": 0, "measure": "ndi", "score": "mild"}],
        "column score: 'mild' is no number",
    ),
    "comma": ([{"visit": 1, "week": 0, "measure": "nprs", "score": "4,5"}], r"write 4\.5"),
    "dash": ([{"visit": 1, "week": 0, "measure": "ndi", "score": "n/a"}], "leave it empty"),
    "nan": ([{"visit": 1, "week": 0, "measure": "ndi", "score": float("nan")}], "'nan' is no number"),
    "infinite": ([{"visit": 1, "week": 0, "measure": "ndi", "score": "1e999"}], "is no number"),
    "true": ([{"visit": 1, "week": 0, "measure": "ndi", "score": True}], "'True' is no number"),
    "range": ([{"visit": 1, "week": 0, "measure": "nprs", "score": 11}], r"nprs is 11.*0-10"),
    "unknown": ([{"visit": 1, "week": 0, "measure": "nddi", "score": 1}], "column measure: .*write 'ndi'"),
    "number": ([{"visit": 0, "week": 0, "measure": "ndi", "score": 1}], "number of the visit is 0"),
    "half": ([{"visit": 1.5, "week": 0, "measure": "ndi", "score": 1}], "number of the visit is 1.5"),
    "none": ([{"week": 0, "measure": "ndi", "score": 1}], "number of the visit is empty"),
    "day": ([{"visit": 1, "date": "9.3.2026", "measure": "ndi", "score": 1}], "write it like 2026-03-09"),
    "no such day": ([{"visit": 1, "date": "2026-02-30", "measure": "ndi", "score": 1}], "is no date"),
    "week": ([{"visit": 1, "week": -2, "measure": "ndi", "score": 1}], "the week is -2"),
    "no time": ([{"visit": 1, "measure": "ndi", "score": 1}], "neither date nor week"),
    "twice": (rows(20) + rows(21), "visit 1 has two scores of ndi"),
    "order": (
        [{"visit": 1, "week": 4, "measure": "ndi", "score": 1}, {"visit": 2, "week": 2, "measure": "ndi"}],
        "row 2, column week: visit 2 is before visit 1",
    ),
    "one day": (
        [{"visit": turn, "date": "2026-03-09", "measure": "ndi", "score": 20} for turn in (1, 2)],
        "row 2, column date: visit 2 is on the same day as visit 1",
    ),
    "two days": (
        [
            {"visit": 1, "date": "2026-03-09", "measure": "ndi", "score": 20},
            {"visit": 1, "date": "2026-03-10", "measure": "nprs", "score": 5},
        ],
        "visit 1 is on 2026-03-10 here and on 2026-03-09 before",
    ),
    "week and date": (
        [
            {"visit": 1, "date": "2026-03-09", "week": 0, "measure": "ndi", "score": 20},
            {"visit": 2, "date": "2026-05-09", "week": 2, "measure": "ndi", "score": 20},
        ],
        "row 2, column week: 2026-05-09 is not in week 2",
    ),
}


@pytest.mark.parametrize("case", BAD_ROWS)
def test_bad_rows_name_row_column_and_repair(case):
    """Each mistake is named where it stands, with what to do."""
    given_rows, words = BAD_ROWS[case]
    with pytest.raises(errors.DataError, match=words) as caught:
        from_rows(given_rows)
    assert all(problem.where.startswith("visits, row ") for problem in caught.value.problems)
    assert all(", column " in problem.where and problem.do for problem in caught.value.problems)


def test_all_mistakes_come_at_once():
    """A table is mended in one go."""
    with pytest.raises(errors.DataError) as caught:
        from_rows([{"visit": "a", "week": "b", "measure": "c", "score": "d"}, *rows(20), *rows(99)])
    assert len(caught.value.problems) == 5


def test_a_table_that_is_wrong_throughout_is_cut_short():
    """A thousand mistakes are not a thousand lines."""
    with pytest.raises(errors.DataError) as caught:
        from_rows([{"visit": 1, "week": 0, "measure": "ndi", "score": "x"}] * 1000)
    assert len(caught.value.problems) == 51
    assert "950 more problems" in caught.value.problems[-1].found


@given(st.lists(st.one_of(st.none(), st.integers(0, 50)), min_size=1, max_size=20))
def test_rows_come_back_as_they_went(scores):
    """Visits kept in a record make the same visits again."""
    found = from_rows(rows(*scores))
    assert from_rows(to_rows(found)) == found


def write(tmp_path, text, name="visits.csv"):
    """Put a table on disk."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_of_visits_is_read(tmp_path):
    """Clients are parted, empty scores are missing, columns may come in any order."""
    path = write(
        tmp_path,
        "score,measure,client,week,visit,note\n22,ndi,A,0,1,tired\n,NDI,A,1,2,away\n5,nprs,B,0,1,\n",
    )
    found = read_visits(path)
    assert [item.client for item in found.clients] == ["A", "B"]
    assert [(visit.score, visit.note) for visit in found.client("A").of("ndi")] == [
        (22, "tired"),
        (None, "away"),
    ]


def test_one_of_several_clients_must_be_named(tmp_path):
    """A table of several clients asks which one."""
    found = read_visits(write(tmp_path, "client,visit,week,measure,score\nA,1,0,ndi,5\nB,1,0,ndi,5\n"))
    with pytest.raises(errors.UsageError, match="2 clients"):
        found.client()
    with pytest.raises(errors.UnknownId, match="client 'C'"):
        found.client("C")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "header is empty"),
        ("visit,week,measure,score\n", "there is no visit in it"),
        ("visit,week,measure\n1,0,ndi\n", "the column 'score' is missing"),
        ("visit,week,measure,scores\n1,0,ndi,5\n", "rename 'scores' to 'score'"),
        ("visit,measure,score\n1,ndi,5\n", "the column 'date' is missing"),
        ("visit,week,measure,score,colour\n1,0,ndi,5,red\n", "column 'colour' is not known"),
        ("visit,week,measure,score\n1,0,ndi\n", "3 cells, but 4 columns"),
        ("visit,week,measure,score\n1,0,ndi,5\n2,1,ndi,75\n", "line 3, column score: ndi is 75"),
    ],
)
def test_a_bad_table_names_its_line(tmp_path, text, words):
    """A table that cannot be right is refused with the line."""
    path = write(tmp_path, text)
    with pytest.raises(errors.DataError, match=words):
        read_visits(path)


def test_a_table_of_visits_says_missing():
    """The page's table has the word, and no number, where nothing was measured."""
    found = table(from_rows(rows(22, None, 10)), "ndi")
    assert [row["score"] for row in found] == ["22", "missing", "10"]
    assert [row["change"] for row in found] == ["", "", "-12"]
    assert [row["against the error"] for row in found] == ["first score", "", "better"]


def test_records_of_visits_are_frozen_and_consistent():
    """Visits put together by hand keep the same rules."""
    visit = Visit(visit=1, week=0, measure="ndi", score=20)
    with pytest.raises(ValidationError, match="frozen"):
        visit.score = 3
    with pytest.raises(ValidationError, match="two scores"):
        Visits(client="a", visits=(visit, visit))
    with pytest.raises(ValidationError, match="ndi is 70"):
        Visit(visit=1, week=0, measure="ndi", score=70)
