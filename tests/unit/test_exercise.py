"""Exercises on a page, driven from Python: nothing is told before an attempt, answers are kept."""

import json

import pytest
from effleurage import quiz
from effleurage.widgets.answers import Answers
from effleurage.widgets.exercise import exercises

TOPIC = "from-complaint-to-plan"
ITEMS = quiz.items(TOPIC)


@pytest.fixture
def sheet():
    """The exercises of the lesson, kept nowhere."""
    return exercises(TOPIC, keep=False)


def words(asked):
    """Return everything the browser was told."""
    return json.dumps(asked.shown, ensure_ascii=False)


@pytest.mark.parametrize("name", ITEMS)
def test_the_browser_is_told_nothing_before_an_attempt(sheet, name):
    """No reason, no model answer, no mark and no unasked hint travels with the question."""
    asked, item = sheet.ask(name), ITEMS[name]
    asked.do("reveal")
    secret = [
        item.model,
        *item.hints,
        *(part.why for part in item.parts),
        *(part.names for part in item.parts),
    ]
    secret += [choice.why for choice in item.choices]
    assert not [text for text in secret if text in words(asked)]
    assert '"right": true' not in words(asked)
    assert asked.in_words().startswith(item.ask)
    assert not [text for text in secret if text in asked.in_words()]


@pytest.mark.parametrize("name", ITEMS)
def test_a_right_answer_brings_the_model_answer(sheet, name):
    """The key is right on the page too, and then all is told, with source and standing."""
    asked, item = sheet.ask(name), ITEMS[name]
    asked.answer(quiz.right_answer(item))
    assert asked.shown["verdict"] == "Right."
    assert asked.shown["model"] == item.model
    assert asked.shown["source"][0] in "●◐○⇄"
    assert all(choice.why in words(asked) for choice in item.choices)


def test_feedback_names_what_was_missed_and_why(sheet):
    """After a try each missed and each wrong choice has its reason; the model answer waits to be asked."""
    asked = sheet.ask("definition")
    asked.do("tick", name="goal", value=True)
    asked.do("tick", name="promise", value=True)
    asked.do("check")
    signs = {line["about"]: line["sign"] for line in asked.shown["lines"]}
    assert sorted(signs.values()) == ["missed", "missed", "right", "wrong"]
    assert asked.shown["verdict"] == "1 of 3 found; 1 does not belong."
    assert asked.shown["model"] == ""
    asked.do("reveal")
    assert asked.shown["model"] == ITEMS["definition"].model


def test_hints_come_in_steps(sheet):
    """Each press gives one more hint; past the last nothing changes."""
    asked = sheet.ask("definition")
    for count in (1, 2, 2):
        asked.do("hint")
        assert asked.shown["hints"] == list(ITEMS["definition"].hints[:count])
    assert asked.shown["more_hints"] == 0


def test_nothing_chosen_is_no_attempt(sheet):
    """A check without an answer asks for one and counts no try."""
    for name in ("definition", "first-look", "write-the-goal", "minutes-on-the-neck"):
        asked = sheet.ask(name)
        asked.do("check")
        assert asked.shown["notice"].endswith("first.")
        assert asked.shown["tries"] == 0


def test_an_exit_question_shows_all_reasons_at_once(sheet):
    """Right or wrong, each choice is explained after the first answer."""
    asked = sheet.ask("exit-change")
    asked.do("choose", value="better")
    asked.do("check")
    assert not asked.shown["right"]
    assert all(choice.why in words(asked) for choice in ITEMS["exit-change"].choices)


def test_things_are_moved_by_one_place(sheet):
    """Up and down move one thing; at the ends nothing changes."""
    asked = sheet.ask("in-order")
    names = [choice["name"] for choice in asked.shown["choices"]]
    assert names == sorted(names)
    asked.do("move", name=names[1], by=-1)
    asked.do("move", name=names[1], by=-1)
    asked.do("move", name=names[4], by=1)
    assert asked.shown["answer"] == [names[1], names[0], *names[2:]]


@pytest.mark.parametrize(
    "content",
    [
        {"do": "choose", "value": "nonsense"},
        {"do": "choose", "value": ["ask"]},
        {"do": "choose", "value": {"a": 1}},
        {"do": "tick", "name": ["x"], "value": True},
        {"do": "move", "name": None, "by": "up"},
        {"do": "write", "value": float("nan")},
        {"do": "fly"},
        {"do": 3},
        "check",
        None,
    ],
)
def test_odd_messages_change_nothing(sheet, content):
    """What is no wish of the page leaves the exercise as it was."""
    for name in ITEMS:
        asked = sheet.ask(name)
        before = words(asked)
        asked._hear(asked, content, None)
        assert words(asked).replace('"answer": []', '"answer": null') == before


def test_answers_are_kept_and_taken_up_again(tmp_path):
    """After the kernel is gone the exercise stands as it was left: answer, marks, hints, first try."""
    asked = exercises(TOPIC, folder=tmp_path).ask("first-look")
    asked.do("choose", value="dose")
    asked.do("check")
    asked.do("hint")
    asked.do("choose", value="ask")
    again = exercises(TOPIC, folder=tmp_path).ask("first-look")
    assert again.shown == asked.shown
    assert (again.state["first"], again.state["marked"], again.state["answer"]) == ("dose", "dose", "ask")


def test_looking_writes_nothing(tmp_path):
    """A page that is only read leaves no file."""
    sheet = exercises(TOPIC, folder=tmp_path)
    for name in ITEMS:
        sheet.ask(name).do("check") if ITEMS[name].kind != "order" else sheet.ask(name)
    assert list(tmp_path.iterdir()) == []


def test_two_pages_do_not_lose_each_others_answers(tmp_path):
    """Two kernels on one record: each answer stays, whoever saves last."""
    one, two = exercises(TOPIC, folder=tmp_path), exercises(TOPIC, folder=tmp_path)
    one.ask("first-look").do("choose", value="ask")
    two.ask("exit-change").do("choose", value="tell")
    one.ask("exit-open").do("choose", value="wait")
    kept = Answers(TOPIC, tmp_path)
    found = [kept.kept(name)["answer"] for name in ("first-look", "exit-change", "exit-open")]
    assert found == ["ask", "tell", "wait"]


def test_a_damaged_record_is_told_and_left_alone(tmp_path):
    """A record that cannot be read is not overwritten; the page says so and goes on."""
    place = Answers(TOPIC, tmp_path).path
    place.write_text("half a rec", encoding="utf-8")
    asked = exercises(TOPIC, folder=tmp_path).ask("first-look")
    assert place.name in asked.shown["notice"]
    asked.do("choose", value="ask")
    asked.do("check")
    assert asked.shown["right"]
    assert place.read_text(encoding="utf-8") == "half a rec"


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    """The answer stands on the page, and the page says why it is not kept."""
    (tmp_path / "my-work").write_text("a file where the folder should be", encoding="utf-8")
    asked = exercises(TOPIC, folder=tmp_path / "my-work").ask("first-look")
    asked.do("choose", value="ask")
    assert asked.shown["answer"] == "ask"
    assert "cannot be" in asked.shown["notice"]


def test_an_answer_that_fits_the_item_no_more_is_left_out(tmp_path):
    """A choice that was taken out of the item since begins anew instead of failing."""
    Answers(TOPIC, tmp_path).keep("first-look", {"answer": "gone", "marked": "gone", "tries": 2})
    asked = exercises(TOPIC, folder=tmp_path).ask("first-look")
    assert asked.shown["tries"] == 0
