"""Items: what is marked, what is said, and what is refused."""

import json

import pytest
from effleurage import quiz
from effleurage.errors import DataError, UnknownId, UsageError
from effleurage.files import Document, build

ITEMS = [item for topic in quiz.topics() for item in quiz.items(topic).values()]
BASE = {
    "id": "a",
    "ask": "?",
    "model": "m",
    "mblex": 5,
    "sources": ["teaching-default"],
    "standing": "editorial",
}
CHOICES = [
    {"id": "x", "says": "X", "right": True, "why": "because x"},
    {"id": "y", "says": "Y", "right": True, "why": "because y"},
    {"id": "z", "says": "Z", "why": "not z"},
]


def item(kind, **more):
    """Make an item."""
    return build(quiz.Item, Document({**BASE, "kind": kind, **more}, "items.yaml"))


SEVERAL = item("several", choices=CHOICES)
ONE = item("one", choices=[CHOICES[0], {**CHOICES[1], "right": False}, CHOICES[2]])
ORDER = item("order", choices=CHOICES)
NUMBER = item("number", number={"low": 5, "high": 6}, unit="min", hints=["count again"])
PARTS = [{"names": "a size", "words": ["#"], "why": "w"}, {"names": "a date", "words": ["week"], "why": "v"}]
SENTENCE = item("sentence", parts=PARTS)


@pytest.mark.parametrize("found", ITEMS, ids=lambda item: item.id)
def test_the_key_of_every_item_is_right(found):
    """The right answer of each item in the data is marked right, the model answer of a sentence included."""
    marked = quiz.mark(found, quiz.right_answer(found))
    assert marked.right
    assert marked.points == marked.of


@pytest.mark.parametrize("found", ITEMS, ids=lambda item: item.id)
def test_every_item_gives_reasons(found):
    """Each choice and each part has a reason; an exercise has hints in steps."""
    assert all(len(choice.why) > 20 for choice in found.choices)
    assert all(len(part.why) > 20 for part in found.parts)
    assert found.exit or found.hints


def test_several_names_what_was_missed_and_what_does_not_belong():
    """Each wrong and each missed choice comes with its reason."""
    marked = quiz.mark(SEVERAL, ["x", "z"])
    assert [(line.sign, line.about, line.why) for line in marked.lines] == [
        ("right", "X", "because x"),
        ("missed", "Y", "because y"),
        ("wrong", "Z", "not z"),
    ]
    assert (marked.right, marked.points, marked.of) == (False, 1, 3)


@pytest.mark.parametrize(("answer", "right"), [("x", True), ("y", False), ("z", False)])
def test_one_is_right_or_wrong(answer, right):
    """One choice, one reason."""
    marked = quiz.mark(ONE, answer)
    assert marked.right is right
    assert len(marked.lines) == 1


def test_order_is_marked_by_what_stands_before():
    """The right order is right; a thing before the one it follows is not."""
    assert quiz.mark(ORDER, ["x", "y", "z"]).right
    lines = quiz.mark(ORDER, ["y", "x", "z"]).lines
    assert [line.sign for line in lines] == ["wrong", "wrong", "right"]
    assert [line.why for line in lines][:2] == ["It comes first. because x", "It comes after “X”. because y"]


@pytest.mark.parametrize(("answer", "right"), [(5, True), (6.0, True), (4.9, False), (60, False)])
def test_a_number_has_a_range(answer, right):
    """Both ends count; a wrong number gets the first hint."""
    marked = quiz.mark(NUMBER, answer)
    assert marked.right is right
    assert marked.lines[0].why == ("m" if right else "count again")


def test_a_sentence_names_its_parts():
    """Words are found at their beginning, in any case; a missing part is said with its reason."""
    assert quiz.mark(SENTENCE, "In Weeks to come I am 5 points lower").right
    marked = quiz.mark(SENTENCE, "I will be feeling somewhat better midweek soon")
    assert [(line.sign, line.why) for line in marked.lines] == [("missed", "w"), ("missed", "v")]


@pytest.mark.parametrize(
    ("found", "answer"),
    [
        (ONE, None),
        (ONE, "q"),
        (ONE, ["x", "y"]),
        (SEVERAL, []),
        (SEVERAL, ["x", "x"]),
        (ORDER, ["x", "y"]),
        (NUMBER, None),
        (NUMBER, "5"),
        (NUMBER, True),
        (NUMBER, float("nan")),
        (SENTENCE, "too short"),
        (SENTENCE, "word " * 1000),
        (SENTENCE, 5),
    ],
)
def test_what_is_no_attempt_is_not_marked(found, answer):
    """An empty, foreign or endless answer is told what it needs, never marked."""
    words = quiz.wanting(found, answer)
    assert words.endswith(".")
    with pytest.raises(UsageError, match=words[:10]):
        quiz.mark(found, answer)


@pytest.mark.parametrize(
    ("kind", "more", "words"),
    [
        ("one", {"choices": CHOICES}, "has 2 right choices"),
        ("one", {"choices": CHOICES[:2]}, "needs three choices"),
        ("several", {"choices": [CHOICES[0], CHOICES[2], {**CHOICES[2], "id": "q"}]}, "has 1 right choices"),
        ("order", {}, "needs three choices"),
        ("number", {}, "needs the range"),
        ("sentence", {}, "needs parts"),
        ("one", {"choices": [CHOICES[0], CHOICES[2], CHOICES[2]]}, "two choices share an id"),
        ("number", {"number": {"low": 1, "high": 1}, "sources": ["shermann-2014"]}, "write 'sherman-2014'"),
        ("number", {"number": {"low": 1, "high": 1}, "mblex": 8}, "'mblex' is 8"),
    ],
)
def test_wrong_items_are_refused(kind, more, words):
    """An item that cannot be answered, or that names nothing we know, is a mistake in the data."""
    with pytest.raises(DataError, match=words):
        item(kind, **more)


def test_unknown_topics_and_items_name_the_nearest():
    """A typo in a page is told with what was meant."""
    with pytest.raises(UnknownId, match="from-complaint-to-plan"):
        quiz.items("from-complaint-to-plann")
    with pytest.raises(UnknownId, match="write 'definition'"):
        quiz.find("from-complaint-to-plan", "defnition")


def test_right_answers_are_plain_values():
    """A key can be written to a file."""
    assert json.dumps([quiz.right_answer(found) for found in ITEMS])
