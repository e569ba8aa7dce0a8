"""Charts: what stands on the axes, what is told in words, and what is left alone."""

import re
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest
from effleurage import charts, errors, intake, look, outcomes, plan, protocol, safety, simulate
from effleurage.charts import labels as beside
from effleurage.charts import style
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

DESIGN = protocol.load("neck-pain-chronic-60")


def planned(case="office-neck", design=DESIGN):
    """The course of a case."""
    client = intake.load(case)
    return plan.build(design, client, safety.check(design, client), start=date(2026, 3, 3))


COURSE = planned()
RUNS = simulate.cohort("60x2x4", clients=600, weeks=(0, 2, 5, 12), versus=("wait-list",))
MANY = simulate.cohort("60x2x4", clients=600, weeks=(0, 5), versus=("wait-list", "light-touch", "self-care"))
FEW = simulate.cohort("60x2x4", clients=3, weeks=(0, 5, 12), versus=("wait-list",))
ONE = simulate.cohort("60x2x4", clients=1, weeks=(0, 5), versus=())


def visits(*scores, measure="ndi"):
    """One visit a week; None is missing."""
    rows = [
        {"visit": turn + 1, "week": turn, "measure": measure, "score": score}
        for turn, score in enumerate(scores)
    ]
    return outcomes.from_rows(rows)


def published(arm, value, **more):
    """A published figure."""
    return {"arm": arm, "kind": "published", "value": value, **more}


def simulated(arm, value, low, high):
    """A simulated figure."""
    return {"arm": arm, "kind": "simulated", "value": value, "low": low, "high": high}


ALL = {
    "course": lambda ax=None: charts.course(RUNS, "ndi", ax=ax),
    "course of many arms": lambda ax=None: charts.course(MANY, "nprs", ax=ax),
    "course of three clients": lambda ax=None: charts.course(FEW, "ndi", ax=ax),
    "course of one client": lambda ax=None: charts.course(ONE, "nprs", ax=ax),
    "course of nobody": lambda ax=None: charts.course([], "ndi", ax=ax),
    "change": lambda ax=None: charts.change(visits(22, None, 14), ax=ax),
    "change of one visit": lambda ax=None: charts.change(visits(22), ax=ax),
    "change of nobody": lambda ax=None: charts.change(visits(), ax=ax),
    "change of two scores": lambda ax=None: charts.change(outcomes.change("nprs", 6, 3), ax=ax),
    "session": lambda ax=None: charts.session(COURSE.sessions[0], ax=ax),
    "session as designed": lambda ax=None: charts.session(DESIGN.phases[0].session, ax=ax),
    "calendar": lambda ax=None: charts.calendar(COURSE, ax=ax),
    "calendar without sessions": lambda ax=None: charts.calendar(
        COURSE.model_copy(update={"sessions": ()}), ax=ax
    ),
    "responders": lambda ax=None: charts.responders(
        [published("60x2x4", 3.41, note="p = 0.04"), simulated("60x2x4", 2.5, 1.2, 50)], ax=ax
    ),
    "no responders": lambda ax=None: charts.responders([], ax=ax),
    "dose": lambda ax=None: charts.dose([{"dose": 240, "value": 40, "low": 20, "high": 60}], ax=ax),
    "no dose": lambda ax=None: charts.dose([], ax=ax),
}


def marked(ax, gid):
    """All artists of a kind."""
    return ax.findobj(lambda artist: artist.get_gid() == gid)


def words(ax):
    """All words on the axes."""
    return " ".join(text.get_text().replace("\n", " ") for text in ax.findobj(mpl.text.Text))


@pytest.fixture(params=ALL)
def draw(request):
    """Each chart of the suite."""
    return ALL[request.param]


def test_every_chart_returns_the_axes_it_is_handed(draw):
    """A chart draws where it is told, and makes no other axes."""
    ax = Figure().add_subplot()
    assert draw(ax) is ax
    assert ax.figure.axes == [ax]


def test_every_chart_has_a_figure_of_its_own_when_none_is_handed(draw):
    """Without axes a new figure is made, outside pyplot."""
    first, second = draw(), draw()
    assert first.figure is not second.figure
    assert list(mpl._pylab_helpers.Gcf.figs) == []


def test_every_chart_tells_what_it_shows(draw):
    """Alt text and table come from the same data; every row has the same columns."""
    told = charts.describe(draw())
    assert told.alt.endswith(".")
    assert len({tuple(sorted(row)) for row in told.table}) <= 1
    assert all(isinstance(cell, str) for row in told.table for cell in row.values())


def test_every_chart_has_a_title(draw):
    """A chart can stand alone."""
    assert draw().get_title(loc="left")


def test_no_chart_touches_the_settings_of_the_user(draw):
    """What the user has set for matplotlib is the same afterwards, and does not change the picture."""
    plain = charts.png(draw())
    with mpl.rc_context({"axes.facecolor": "red", "lines.marker": "*", "font.size": 30, "axes.grid": True}):
        before = dict(mpl.rcParams)
        assert charts.png(draw()) == plain
        assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("ground", ["light", "dark", "print"])
def test_every_chart_is_drawn_on_each_ground(draw, ground):
    """The ground is that of the theme, and all words can be read on it."""
    with charts.theme(ground):
        ax = draw()
        paper = style.current()["paper"]
    assert ax.figure.get_facecolor()[:3] == pytest.approx(to_rgb(paper))
    for text in ax.findobj(mpl.text.Text):
        if text.get_text().strip():
            assert contrast(text.get_color(), paper) >= 4.5, text.get_text()


@pytest.mark.parametrize("size", ["screen", "projector", "print"])
def test_no_words_are_cut_off(draw, size):
    """At every size all words lie inside the figure."""
    with charts.theme(size=size):
        ax = draw()
    figure = ax.figure
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    whole = figure.bbox
    for text in ax.findobj(mpl.text.Text):
        if text.get_text().strip() and text.get_visible():
            box = text.get_window_extent(renderer)
            inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= whole.x1 + 1 and box.y1 <= whole.y1 + 1
            assert inside or not shown(text, ax), (text.get_text(), box, whole)


def shown(text, ax):
    """Whether a tick label belongs to a tick inside the limits."""
    labels = [*ax.get_xticklabels(which="both"), *ax.get_yticklabels(which="both")]
    if text not in labels:
        return True
    low, high = sorted(ax.get_xlim() if text in ax.get_xticklabels(which="both") else ax.get_ylim())
    place = text.get_position()[0 if text in ax.get_xticklabels(which="both") else 1]
    return low <= place <= high


def contrast(one, other):
    """The contrast of two colours as in WCAG."""

    def light(colour):
        parts = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_a_missing_visit_breaks_the_line_and_is_named():
    """Nothing is drawn where nothing was measured."""
    ax = charts.change(visits(22, 20, None, 16, None, 12))
    runs = [list(line.get_xdata()) for line in marked(ax, "scores")]
    assert runs == [[0, 1], [3], [5]]
    assert [text.get_text() for text in marked(ax, "missing")] == ["visit 3\nmissing", "visit 5\nmissing"]
    assert [row["score"] for row in charts.describe(ax).table] == [
        "22",
        "20",
        "missing",
        "16",
        "missing",
        "12",
    ]


def test_many_missing_visits_are_crosses_and_named_below():
    """Where words would lie on each other, each hole is a cross, and its number stands under the chart."""
    ax = charts.change(visits(*(None if turn % 2 else 20 for turn in range(60))))
    assert [text.get_text() for text in marked(ax, "missing")] == ["×"] * 30
    assert "× missing: visit 2, 4, 6" in words(ax)
    assert "and 10 more" in words(ax)


def test_a_visit_of_which_nothing_is_known_is_told_in_words():
    """A gap in the numbers has no place on the axis, and is not hidden."""
    rows = [{"visit": turn, "week": turn, "measure": "ndi", "score": 20} for turn in (1, 3)]
    ax = charts.change(outcomes.from_rows(rows))
    assert "Nothing is known of visit 2" in words(ax)
    assert "Missing: visit 2" in charts.describe(ax).alt


def test_the_change_is_held_against_error_and_threshold_in_use():
    """The band is the error in use around the first score, the dashed line the change that matters."""
    ax = charts.change(visits(22, 14))
    (band,) = marked(ax, "mdc")
    assert (band.get_y(), band.get_height()) == (17, 10)
    (line,) = marked(ax, "mcid")
    assert line.get_ydata()[0] == 17
    assert len(marked(ax, "other-mdc")) == 2
    assert "Young" not in words(ax) or "10.2" in words(ax)


def test_where_higher_is_better_the_threshold_lies_above():
    """The change that matters lies in the direction of better."""
    rows = [{"visit": turn, "week": turn, "measure": "lefs", "score": 40} for turn in (1, 2)]
    ax = charts.change(outcomes.from_rows(rows))
    assert all(line.get_ydata()[0] > 40 for line in marked(ax, "mcid"))
    assert "higher is better" in ax.get_ylabel()


def test_populations_and_sources_stand_under_the_chart():
    """The small print names whose thresholds these are, and their standing."""
    text = words(charts.change(visits(22, 14), note="Synthetic sample data."))
    assert "raw points of 50" in text
    assert "Sherman and others 2014" in text
    assert look.STANDING["verified"] in text
    assert "Synthetic sample data." in text


def test_several_measures_must_be_named():
    """A chart does not choose a measure by itself."""
    rows = [{"visit": 1, "week": 0, "measure": name, "score": 5} for name in ("ndi", "nprs")]
    with pytest.raises(errors.UsageError, match="name one of them"):
        charts.change(outcomes.from_rows(rows))
    assert charts.change(outcomes.from_rows(rows), "nprs").get_title(loc="left").startswith("Numeric")


def test_numbers_are_written_where_there_is_room():
    """The first and the latest score are always in numbers; crowded ones are left to the table."""
    ax = charts.change(visits(*range(50, 0, -1)))
    numbers = [text.get_text() for text in marked(ax, "score")]
    assert (numbers[0], numbers[-1]) == ("50", "1")
    assert 10 < len(numbers) < 25
    assert len(charts.describe(ax).table) == 50


@given(st.lists(st.one_of(st.none(), st.integers(0, 50)), min_size=1, max_size=40))
def test_any_course_of_scores_can_be_drawn(scores):
    """Whatever is missing, every score that is there is a point, and no other."""
    ax = charts.change(visits(*scores))
    drawn = [y for line in marked(ax, "scores") for y in line.get_ydata()]
    assert drawn == [score for score in scores if score is not None]


def test_a_session_shows_each_step_where_it_begins():
    """Bars follow each other without a gap; what is left over is drawn as free."""
    ax = charts.session(COURSE.sessions[0])
    bars = marked(ax, "step")
    ends = 0.0
    for bar, step in zip(bars, COURSE.sessions[0].steps, strict=True):
        assert (bar.get_x(), bar.get_width()) == (pytest.approx(ends), step.minutes)
        ends += step.minutes
    (free,) = marked(ax, "free")
    assert free.get_width() == pytest.approx(COURSE.sessions[0].minutes - ends)


def test_deeper_pressure_is_a_fuller_bar_and_a_word():
    """The level stands in words; the bar grows fuller with it; none is dotted."""
    ax = charts.session(COURSE.sessions[0])
    for bar, step in zip(marked(ax, "step"), COURSE.sessions[0].steps, strict=True):
        if step.pressure is None:
            assert bar.get_hatch()
        else:
            assert bar.get_facecolor()[3] == pytest.approx(0.16 + 0.74 * step.pressure / 5)
            assert f"P{step.pressure}" in words(ax)


def test_what_the_screen_changed_and_left_out_is_told():
    """Steps that were changed have a star, those left out are named with the reason."""
    ax = charts.session(planned("carpenter-neck").sessions[0])
    assert "* changed by the screen" in words(ax)
    assert "Left out. Deep-tissue stripping" in words(ax)
    assert [row["from minute"] for row in charts.describe(ax).table].count("left out") == 2


def test_a_session_without_steps_says_so():
    """Nothing left is said in words."""
    empty = COURSE.sessions[0].model_copy(update={"steps": ()})
    ax = charts.session(empty)
    assert "No step is left" in words(ax)
    assert charts.describe(ax).table == []


def test_the_calendar_has_each_session_on_its_day():
    """The first session of a course that begins on a Tuesday stands in the second column."""
    ax = charts.calendar(COURSE)
    boxes = marked(ax, "session")
    assert len(boxes) == 8
    assert len(marked(ax, "reassess")) == 2
    assert (boxes[0].get_x() + boxes[0].get_width() / 2, round(boxes[0].get_y())) == (pytest.approx(1), 0)
    assert charts.describe(ax).table[3] == {
        "session": "4",
        "date": "2026-03-13",
        "day": "Fri",
        "week": "2",
        "minutes": "58",
        "reassess": "yes",
    }


def test_only_a_course_has_a_calendar():
    """A protocol has no days."""
    with pytest.raises(errors.UsageError, match=r"hand over the result of plan\.build"):
        charts.calendar(DESIGN)


def test_a_course_has_mean_interval_and_both_bands_of_each_arm():
    """No mean is drawn without how well it is known and how far people lie apart."""
    ax = charts.course(RUNS, "ndi")
    groups = [group for group in RUNS.summary() if group.measure == "ndi" and group.arm == "wait-list"]
    means = marked(ax, "mean")
    assert [len(marked(ax, name)) for name in ("mean", "known", "band-half", "band-wide")] == [2, 2, 2, 2]
    assert list(means[1].get_ydata()) == [group.mean for group in groups]
    high = max(point[1] for point in marked(ax, "band-wide")[1].get_paths()[0].vertices)
    assert high == max(group.quantiles[-1] for group in groups)


def test_arms_are_told_apart_without_colour():
    """Each arm has a dash and a marker of its own, and its name beside its end."""
    ax = charts.course(MANY, "ndi")
    means = marked(ax, "mean")
    assert len({line.get_marker() for line in means}) == len(means) == 4
    assert len({str(line._dash_pattern) for line in means}) == 4
    beside = [text.get_text() for text in marked(ax, "beside")]
    assert beside[:4] == list(MANY.arms)


def test_many_arms_have_their_spread_at_the_end():
    """Bands of more than two arms would hide each other: the others are bars at the end."""
    ax = charts.course(MANY, "ndi")
    assert len(marked(ax, "band-wide")) == 1
    assert len(marked(ax, "bar-wide")) == 4
    assert "bars at the end" in words(ax)
    assert max(ax.get_xticks()) <= 5


def test_the_course_names_threshold_model_and_people():
    """The small print says whose threshold it is, that this is a teaching model, of how many people."""
    text = words(charts.course(RUNS, "ndi", note="A line of mine."))
    assert "MCID 5 points: the developer's summary" in text
    assert "teaching model" in text
    assert "600 people, seed 7" in text
    assert "Of 100 people, so many are 5 points better or more in week 5" in text
    assert "A line of mine." in text


def test_the_threshold_lies_a_change_that_matters_below_the_mean_start():
    """30 % of the mean start for pain, 5 points for disability."""
    for measure, points in (("ndi", lambda start: 5), ("nprs", lambda start: 0.3 * start)):
        ax = charts.course(RUNS, measure)
        start = marked(ax, "mean")[0].get_ydata()[0]
        (line,) = marked(ax, "mcid")
        assert line.get_ydata()[0] == pytest.approx(start - points(start))


def test_few_people_are_drawn_one_by_one():
    """Three people have no band and no interval, but a line each."""
    ax = charts.course(FEW, "ndi")
    assert len(marked(ax, "person")) == 6
    assert not marked(ax, "band-wide")
    assert not marked(ax, "known")
    assert "Of 100 people" not in words(ax)


def test_a_summary_alone_can_be_drawn():
    """Groups without their run are enough, and still say what they are."""
    ax = charts.course(RUNS.summary(), "nprs")
    assert len(marked(ax, "mean")) == 2
    assert "teaching model" in words(ax)


def test_the_table_of_a_course_has_each_arm_and_week():
    """The table says in numbers what is drawn."""
    table = charts.describe(charts.course(RUNS, "ndi")).table
    assert [(row["arm"], row["week"]) for row in table][:2] == [
        ("massage 60x2x4", "0"),
        ("massage 60x2x4", "2"),
    ]
    assert len(table) == 8
    assert table[0]["responders"] == ""
    assert table[2]["responders"].endswith(" %")


def test_a_measure_that_was_not_simulated_is_named():
    """A slip in the measure is answered with those that are there."""
    with pytest.raises(errors.UnknownId, match="Allowed: ndi, nprs"):
        charts.course(RUNS, "womac-global")


def test_published_and_simulated_are_told_apart_without_colour():
    """They differ in marker and line; what is not published is said in words."""
    rows = [published("a", None), simulated("a", 2, 1, 4), published("b", 3.41), simulated("b", 2, 1, 4)]
    ax = charts.responders(rows, "relative risk versus wait list")
    assert {line.get_marker() for line in marked(ax, "published")} == {"D"}
    assert {line.get_marker() for line in marked(ax, "simulated")} == {"o"}
    said = [text.get_text() for text in marked(ax, "published-words")]
    assert said == ["not published in what we hold", "3.41 (no interval in what we hold)"]
    assert ax.get_xscale() == "log"
    assert len(marked(ax, "no-difference")) == 1


def test_an_interval_beyond_the_scale_has_an_arrow_head():
    """What goes on beyond the scale is not cut off in silence."""
    ax = charts.responders([simulated("a", 2, 0.01, 400)])
    assert sorted(line.get_marker() for line in marked(ax, "goes-on")) == ["<", ">"]
    assert "(0.01 to 400)" in words(ax)


def test_shares_are_percent_from_nought_to_a_hundred():
    """Shares have a plain scale."""
    ax = charts.responders([published("a", 14), published("b", 39)], "share of responders")
    assert (ax.get_xscale(), ax.get_xlim()) == ("linear", (0, 100))
    assert charts.describe(ax).table[1]["value"] == "39 %"


def test_a_row_that_is_neither_published_nor_simulated_is_refused():
    """Nothing is drawn without saying what it is."""
    with pytest.raises(errors.UsageError, match="published, simulated"):
        charts.responders([{"arm": "a", "value": 1}])


def test_very_many_arms_are_cut_short_in_words():
    """The table keeps all arms, the picture says how many are not in it."""
    ax = charts.responders([simulated(f"arm {turn}", 2, 1, 4) for turn in range(3000)])
    assert "2960 more arms" in words(ax)
    assert len(charts.describe(ax).table) == 3000


def test_doses_beyond_the_data_are_hollow():
    """Where no published dose is as large, the point is empty and the words say so."""
    rows = [
        {"dose": dose, "value": 40, "low": 20, "high": 60, "label": str(dose), "beyond": dose > 800}
        for dose in (240, 480, 960)
    ]
    ax = charts.dose(rows)
    paper = to_rgb(look.LIGHT["paper"])
    hollow = [to_rgb(line.get_markerfacecolor()) == pytest.approx(paper) for line in marked(ax, "dose")]
    assert hollow == [False, False, True]
    assert "Hollow: larger or smaller than any published dose" in words(ax)


def test_doses_of_one_kind_are_joined_and_others_are_not():
    """Sessions of another length make a line of their own."""
    rows = [
        {"dose": dose, "value": 40, "series": series}
        for dose, series in ((240, "30 min"), (360, "30 min"), (240, "60 min"), (480, "60 min"))
    ]
    ax = charts.dose(rows)
    assert [list(line.get_xdata()) for line in marked(ax, "curve")] == [[240, 360], [240, 480]]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["30 min", "60 min"]


def test_axes_without_a_chart_have_no_description():
    """Alt text is never made up."""
    with pytest.raises(errors.UsageError, match="no chart of the suite"):
        charts.describe(Figure().add_subplot())


def test_a_picture_is_the_same_each_time():
    """No date and no random id is in it."""
    first, second = (charts.change(visits(22, 14)) for _ in range(2))
    assert charts.png(first) == charts.png(second)
    assert charts.svg(first) == charts.svg(second)


def test_a_drawing_has_its_alt_text_inside():
    """The SVG is named for screen readers and is well-formed."""
    ax = charts.change(visits(22, 14), note="a < b & c")
    root = ET.fromstring(charts.svg(ax))  # noqa: S314  (our own drawing)
    assert root.get("role") == "img"
    assert root.get("aria-label") == charts.describe(ax).alt


def test_a_kept_figure_can_be_drawn_again():
    """A page keeps one figure: cleared axes take the next chart, at the usual height."""
    ax = charts.change(visits(22, 14))
    height = ax.figure.get_figheight()
    ax.clear()
    charts.change(visits(22, 18), ax=ax)
    assert ax.figure.get_figheight() == pytest.approx(height, abs=1)
    assert [row["score"] for row in charts.describe(ax).table] == ["22", "18"]


def test_show_hands_over_the_alt_text(monkeypatch):
    """In a notebook the picture carries its alt text."""
    seen = {}
    monkeypatch.setattr("IPython.display.display", lambda data, **more: seen.update(data=data, **more))
    ax = charts.change(visits(22, 14))
    charts.show(ax)
    assert seen["metadata"] == {"image/png": {"alt": charts.describe(ax).alt}}
    assert seen["data"]["text/plain"] == charts.describe(ax).alt


def test_an_unknown_ground_is_named():
    """A slip in the theme is answered with the nearest."""
    with pytest.raises(errors.UsageError, match="write 'dark'"), charts.theme("drak"):
        pass


def test_the_theme_ends_with_its_block():
    """Charts after the block are drawn as before."""
    with charts.theme("dark"):
        pass
    assert style.current().ground == "light"


@given(st.lists(st.tuples(st.floats(0, 100), st.sampled_from([3.0, 6.0])), min_size=1, max_size=12))
def test_labels_never_lie_on_each_other(labels):
    """Moved labels are apart by their heights, in the same order."""
    places, heights = zip(*labels, strict=True)
    moved = beside.spread(places, heights)
    stacked = sorted(zip(moved, heights, strict=True))
    for (low, tall), (high, taller) in pairwise(stacked):
        assert high - low >= (tall + taller) / 2 - 1e-6


def test_labels_that_have_room_stay_where_they_are():
    """Nothing is moved without need."""
    assert beside.spread([1.0, 20.0, 40.0], [3.0, 6.0, 3.0]) == [1.0, 20.0, 40.0]


def test_no_chart_says_it_works():
    """No words of a cause or a promise are on any chart."""
    for draw_one in ALL.values():
        text = words(draw_one()) + charts.describe(draw_one()).alt
        assert not re.search(r"clinically improved|cure|thanks to|works\b", text, re.IGNORECASE)


def test_a_picture_leaves_the_figure_as_it_was():
    """Canvas and resolution of a user's figure are the same afterwards; a finer picture has more points."""
    figure = Figure(dpi=50)
    ax = figure.add_subplot()
    charts.change(visits(22, 14), ax=ax)
    canvas = figure.canvas
    coarse, fine = charts.png(figure), charts.png(figure, dpi=200)
    assert (figure.canvas, figure.dpi) == (canvas, 50)
    assert width(fine) == 4 * width(coarse)


def width(png):
    """The width of a picture in points."""
    return int.from_bytes(png[16:20], "big")
