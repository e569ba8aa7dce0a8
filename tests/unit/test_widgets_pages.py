"""The pages as a kernel holds them: wishes in, traits out, the record found again. No browser."""

from typing import get_args

import pytest
from effleurage import outcomes, protocol, records
from effleurage.outcomes.changes import Verdict
from effleurage.widgets import style, visits_page
from effleurage.widgets.protocol_page import protocol_builder
from effleurage.widgets.scores import MINE, Scores
from effleurage.widgets.visits_page import outcomes_page

GENTLE = protocol.load("neck-pain-gentle")


@pytest.fixture
def path(tmp_path):
    """A place for a record."""
    return tmp_path / "work.effleurage.json"


@pytest.fixture
def page(path):
    """The builder with the sixty-minute course."""
    builder = protocol_builder(path)
    builder.do("start_from", id="neck-pain-chronic-60")
    return builder


def test_the_look_ahead_is_closed_while_a_stop_is_open(page):
    """It says why, and nothing is simulated, also after somebody asked to look."""
    page.do("simulate")
    page.do("choose_client", id="driver-neck")
    assert page.ahead["state"] == "closed"
    assert page.ahead["level"] == "stop"
    assert page.ahead["why"]
    assert "chart" not in page.ahead


def test_the_look_ahead_waits_for_what_is_missing(page):
    """A wrong step closes it, with the step named."""
    page.do("simulate")
    page.do("set_step", step=2, field="minutes", value=-5)
    assert page.ahead["state"] == "closed"
    assert page.ahead["why"][0].startswith("Step 3: ")


def test_the_look_ahead_shows_three_arms_with_bands_and_words(page):
    """This plan, light touch and no care; the bands lie around the middle and on the scale."""
    page.do("simulate")
    chart = page.ahead["chart"]
    assert [arm["name"] for arm in chart["arms"]] == ["this plan", "light touch", "no care"]
    assert chart["mcid"]["told"]
    for arm in chart["arms"]:
        columns = [arm[name] for name in ("low95", "low50", "mid", "high50", "high95")]
        assert all(len(column) == len(chart["weeks"]) for column in columns)
        assert all(list(row) == sorted(row) for row in zip(*columns, strict=True))
        assert all(0 <= score <= 50 for column in columns for score in column)
    assert page.ahead["words"][0].startswith("Of 100 people who start at 17, about ")
    assert page.ahead["fitted"]
    assert page.ahead["note"]


def test_the_look_ahead_follows_the_plan(page):
    """Fewer sessions never help more; the chart of an unchanged plan stays the same."""
    page.do("simulate")
    before = page.ahead["chart"]["arms"][0]["mid"]
    page.do("save_now")
    assert page.ahead["chart"]["arms"][0]["mid"] == before
    page.do("set_part", field="sessions_per_week", value=1)
    after = page.ahead["chart"]["arms"][0]["mid"]
    assert all(less >= more for less, more in zip(after, before, strict=True))
    assert after != before


def test_a_plan_beyond_the_published_doses_says_so(page):
    """Where the data end stands beside the chart."""
    page.do("simulate")
    assert not any("outside" in text for text in page.ahead["words"])
    page.do("set_part", field="sessions_per_week", value=7)
    assert any("outside the published doses" in text for text in page.ahead["words"])


def test_the_picture_is_drawn_on_request_and_goes_with_the_next_change(page):
    """A PNG for reading; never the picture of another plan."""
    page.do("simulate")
    page.do("draw_picture")
    assert page.picture.startswith(b"\x89PNG")
    page.do("set_part", field="weeks", value=6)
    assert page.picture == b""


def test_the_work_is_found_again(page, path):
    """Another kernel finds protocol, client, answers, view and look ahead."""
    page.do("report", fact="fever", answer="yes")
    page.do("report", fact="fever", answer="unknown")
    page.do("set_part", field="weeks", value=6)
    page.do("simulate")
    page.do("look_at", tab="ahead")
    page.do("save_now")
    again = protocol_builder(path)
    assert again.work["draft"] == page.work["draft"]
    assert again.work["tab"] == "ahead"
    assert again.ahead["chart"]["arms"] == page.ahead["chart"]["arms"]


def test_a_protocol_file_is_written_and_opened(page, tmp_path):
    """The file is one that the library reads; a wrong protocol writes none."""
    page.do("rename", value="Mine, gentle")
    page.do("save_file")
    path = tmp_path / "mine-gentle.yaml"
    assert protocol.load(path).name == "Mine, gentle"
    assert [item["id"] for item in page.work["files"]] == ["mine-gentle.yaml"]
    page.do("start_from", id="")
    page.do("rename", value="Empty")
    page.do("save_file")
    assert not (tmp_path / "empty.yaml").exists()
    assert page.notice
    page.do("start_from", id="mine-gentle.yaml")
    assert page.work["draft"]["name"] == "Mine, gentle"


def test_a_file_outside_of_the_folder_is_not_opened(page, tmp_path):
    """The page opens what lies beside the record, nothing else."""
    (tmp_path.parent / "outside.yaml").write_text("id: x", encoding="utf-8")
    before = page.work["draft"]
    page.do("start_from", id="../outside.yaml")
    assert page.work["draft"] == before
    assert "no such file" in page.notice


def test_messages_that_are_no_wishes_change_nothing(page):
    """What is not a wish is left alone; each wish is answered by its number."""
    before = page.work
    for content in (None, 7, "do", [], {}, {"do": 3}, {"do": "no_such_wish"}, {"do": "set_step", "x": 1}):
        page._handle_custom_msg(content, [])
    assert page.work == before
    page._handle_custom_msg({"do": "set_part", "field": "weeks", "value": 5, "number": 12}, [])
    assert page.answered == 12
    assert page.work["draft"]["phases"][0]["weeks"] == 5


def test_running_the_cell_twice_leaves_one_page(path):
    """The earlier page saves and closes; nothing is lost."""
    first = protocol_builder(path)
    first.do("rename", value="Mine")
    second = protocol_builder(path)
    assert first.comm is None
    assert second.work["draft"]["name"] == "Mine"


@pytest.mark.parametrize("plan", [{"name": "x"}, {"phases": 3}, {"phases": []}, None])
def test_a_record_that_cannot_be_shown_is_left_alone(path, plan):
    """A record of another client or shape opens as a beginning, with a sentence, and is not overwritten."""
    records.save(records.new("Odd", client="nobody", protocol=plan or protocol.plain(GENTLE)), path)
    page = protocol_builder(path)
    assert "cannot be shown" in page.notice
    page.do("start_from", id="neck-pain-gentle")
    assert records.load(path).client == "nobody"


def test_where_widgets_do_not_show_the_words_stand(page):
    """The plain text of the page tells client, steps, screen and whether it is saved."""
    text = page._repr_mimebundle_()[0]["text/plain"]
    assert "Office worker, 42" in text
    assert "effleurage on upper-back" in text
    assert "Saved" in text


def test_scripts_fetch_nothing_and_make_no_markup():
    """No address of another machine, no innerHTML: every word from the kernel is text."""
    for name in ("builder.js", "outcomes.js", "findings.js", "session.js", "ahead.js", "figure.js"):
        text = style.script(name).replace("http://www.w3.org/2000/svg", "")
        assert "://" not in text
        assert "innerHTML" not in text
        assert "insertAdjacentHTML" not in text


def test_every_verdict_has_its_words():
    """A verdict that the library gives can be shown."""
    assert set(visits_page.VERDICTS) == set(get_args(Verdict))


@pytest.fixture
def visits(path):
    """The outcomes page with two visits of one's own, 22 and 20 on the NDI."""
    page = outcomes_page(path)
    page.do("choose_source", value=MINE)
    for row, (day, score) in enumerate([("2026-03-02", 22), ("2026-03-16", 20)]):
        page.do("add_visit")
        page.do("set_visit", row=row, field="date", value=day)
        page.do("set_visit", row=row, field="score", value=score)
    return page


def test_a_change_within_the_error_cannot_be_told(visits):
    """The page gives the library's verdict and sentence, and lines with their populations."""
    change = outcomes.change("ndi", 22, 20)
    assert visits.shown["kind"] == change.verdict == "cannot tell"
    assert visits.shown["sentence"] == change.sentence
    chart = visits.shown["chart"]
    assert [point["score"] for point in chart["points"]] == [22, 20]
    assert chart["points"][1]["week"] == 2
    assert chart["error"]["population"]
    assert chart["matters"]["population"]


def test_a_score_off_the_scale_is_said_at_its_row_and_kept(visits):
    """What was typed stays, with its problem; the rows that are right are still shown."""
    visits.do("set_visit", row=1, field="score", value=70)
    rows = visits.shown["rows"]
    assert rows[1]["score"] == 70
    assert "0-50" in rows[1]["problems"][0]
    assert [row["score"] for row in visits.shown["table"]] == ["22"]


def test_visits_are_undone_and_found_again(visits, path):
    """Undo brings a removed visit back; another kernel finds it."""
    visits.do("remove_visit", row=1)
    assert len(visits.shown["rows"]) == 1
    visits.do("undo")
    visits.do("save_now")
    assert [row["score"] for row in records.load(path).visits] == [22, 20]
    assert len(outcomes_page(path).shown["rows"]) == 2


@pytest.mark.parametrize("name", outcomes.sample_names())
def test_every_sample_is_shown(path, name):
    """Each sample has its story, says that it is made up, and gives a chart, a table and a verdict."""
    page = outcomes_page(path)
    page.do("choose_source", value=name)
    assert page.shown["story"]
    assert "Made up" in page.shown["made"]
    assert page.shown["chart"]["points"]
    assert page.shown["table"]


@pytest.mark.parametrize(
    ("wish", "given"),
    [
        ("choose_source", {"value": "nobody"}),
        ("choose_person", {"value": "nobody"}),
        ("choose_measure", {"value": "nobody"}),
        ("set_visit", {"row": 9, "field": "score", "value": 1}),
        ("set_visit", {"row": 0, "field": "client", "value": "x"}),
        ("nonsense", {}),
    ],
)
def test_what_cannot_be_done_is_said(wish, given):
    """A wish that makes no sense leaves the visits as they were."""
    work = Scores([{"visit": 1, "date": "2026-03-02", "measure": "ndi", "score": 20, "note": ""}])
    before = [dict(row) for row in work.rows]
    work.do(wish, **given)
    assert work.rows == before
    assert work.notice
