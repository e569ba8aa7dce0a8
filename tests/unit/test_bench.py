"""The list of figures: how rows are put on it, chosen and told. Nothing is asserted about time."""

import json
import sys

import pytest
from effleurage import bench, errors, simulate
from effleurage.bench import engine
from effleurage.bench import listed as listed_rows


@pytest.fixture
def listed(monkeypatch):
    """A list of our own."""
    monkeypatch.setattr(listed_rows, "REGISTRY", [])

    @bench.row("a quick thing", reach=2.0)
    def _quick():
        return 1.0, 4.0, "by hand"

    @bench.row("a page", reach=0.5, unit="ms", browser=True)
    def _page():
        return 30.0, 40.0, "in a browser"

    return listed_rows.REGISTRY


def test_a_row_holds_figure_yardstick_and_ratio(listed):
    """The columns are those of the design."""
    (found,) = bench.rows()

    assert list(found) == ["what", "ours", "yardstick", "unit", "ratio", "reach", "note"]
    assert found["ratio"] == 0.25


def test_rows_that_need_a_browser_wait_until_asked(listed):
    """Without a browser they are left out."""
    assert [row["what"] for row in bench.rows()] == ["a quick thing"]
    assert [row["what"] for row in bench.rows(browser=True)] == ["a quick thing", "a page"]


def test_rows_are_chosen_by_a_word(listed):
    """A word chooses; a word in no row is refused."""
    assert [row["what"] for row in bench.rows(browser=True, only=["PAGE"])] == ["a page"]
    with pytest.raises(errors.UsageError, match="bench"):
        bench.rows(only=["slider"])


def test_rows_are_told_with_what_was_reached(listed):
    """Each line says whether the figure is reached."""
    reached, missed = bench.in_words(bench.rows(browser=True)).splitlines()

    assert "ratio 0.25 (reach 2: reached)" in reached
    assert "ratio 0.75 (reach 0.5: not reached)" in missed


def test_measures_take_turns():
    """A slow moment hits all measures alike, and the middle one counts."""
    order = []
    first, second = bench.in_turn(
        lambda: order.append("a") or len(order), lambda: order.append("b") or 10.0, repeats=3
    )

    assert order == ["a", "b"] * 3
    assert (first, second) == (3, 10.0)


def test_the_engine_rows_are_listed():
    """The figures of the simulator are on the list, with what they must reach."""
    reach = {item.what: item.reach for item in bench.REGISTRY}

    assert reach["import effleurage"] == 0.4
    assert reach["cohort of 1,000,000 clients, 12 sessions, 4 visits"] == 2.0
    assert reach["memory of 10,000,000 clients, summary only"] == 2.0
    assert reach["a cohort of 10,000, beside libRoadRunner"] == 0.002
    assert reach["cost per client of 10,000,000 clients"] == 1.2


def test_the_yardstick_computes_the_same_course():
    """LibRoadRunner and the formulas of the suite agree on clients with their own parameters."""
    roadrunner = pytest.importorskip("roadrunner", reason="waits for the extra 'yardstick' (libRoadRunner)")
    runner, p = roadrunner.RoadRunner(engine.sbml()), simulate.model("neck-pain-chronic").values("posterior")
    for draw in (0, 500):
        found = engine.course_of(runner, engine.rates(p, draw, 20.0))
        assert found == pytest.approx(engine.by_formula(p, draw, 20.0), abs=1e-3)


def test_the_plain_loop_computes_the_same_course():
    """The loop that a teacher would write and the formulas agree, client by client."""
    p = simulate.model("neck-pain-chronic").values("posterior")
    table = engine.by_loop([engine.rates(p, draw, 20.0) for draw in (0, 500)])

    for place, draw in enumerate((0, 500)):
        found = table[table.client == place].burden.tolist()
        assert found == pytest.approx(engine.by_formula(p, draw, 20.0), abs=1e-3)


def test_a_yardstick_that_is_not_there_is_said(monkeypatch):
    """Without libRoadRunner the row has no ratio, says how to get it, and stays valid JSON."""
    monkeypatch.setitem(sys.modules, "roadrunner", None)
    [found] = bench.rows(only=["libRoadRunner"])

    assert (found["yardstick"], found["ratio"]) == (None, None)
    assert "NaN" not in json.dumps(found)
    assert "no yardstick" in bench.in_words([found])
    assert "effleurage[yardstick]" in found["note"]


def test_a_yardstick_that_computes_something_else_is_refused():
    """A comparison with another model is no comparison."""
    with pytest.raises(ArithmeticError, match=r"0\.5 points away"):
        engine._must_agree("the loop", [1.0, 2.5], [1.0, 2.0])
