"""What lessons say is held against the data: every number, every exercise, every answer."""

import json
import re

import pytest
from effleurage import evidence, intake, knowledge, lessons, outcomes, plan, protocol, quiz, safety

LESSONS = {page.front.id: page for page in lessons.index() if page.front.kind == "lesson"}
FIRST = "from-complaint-to-plan"
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w])")
FORBIDDEN = re.compile(r"\b(diagnos\w*|cures?|treats? disease\w*|guarantee\w*|heals?)\b", re.IGNORECASE)
PRAISE = re.compile(
    r"\b(great|well done|awesome|good job|congratulations|excellent)\b|!(?!\[)", re.IGNORECASE
)


def cells(lesson, kind):
    """Return the sources of the cells of a kind."""
    data = json.loads(LESSONS[lesson].path.read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in data["cells"] if cell["cell_type"] == kind]


def prose(lesson):
    """Return the text of a lesson without its own minutes and the numbers of its exercises."""
    text = "\n".join(cells(lesson, "markdown"))
    text = re.sub(r"\*\*Exercise \d+\.\*\*", "", text)
    return text.replace(f"{LESSONS[lesson].front.minutes} minutes", "", 1)


def asserted(lesson):
    """Return the numbers that stand in the assertions of a lesson."""
    code = "\n".join(cells(lesson, "code"))
    lines = [line for line in code.splitlines() if line.startswith("assert ")]
    return {float(found) for line in lines for found in re.findall(r"\d+(?:\.\d+)?", line)}


def asked(lesson):
    """Return the items that a lesson asks, in order."""
    names = re.findall(r'exercises\.ask\("([^"]+)"\)', "\n".join(cells(lesson, "code")))
    return [quiz.find(lesson, name) for name in names]


def test_there_is_a_first_lesson():
    """The walk begins with one client, from complaint to plan."""
    assert LESSONS[FIRST].path.name == "01-from-complaint-to-plan.ipynb"


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_number_in_the_prose_is_asserted(lesson):
    """A number that the text quotes stands in an assertion of the same page, against the data."""
    missing = {found for found in NUMBER.findall(prose(lesson)) if float(found) not in asserted(lesson)}
    assert missing == set()


@pytest.mark.parametrize("lesson", LESSONS)
def test_sections_are_the_headings(lesson):
    """What the front matter times is what the reader sees, in the same order."""
    headings = re.findall(r"^## (.+)$", "\n".join(cells(lesson, "markdown")), re.MULTILINE)
    assert headings == [section.title for section in LESSONS[lesson].front.sections]


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_has_its_exercises(lesson):
    """Three exercises or more with hints, three exit questions, each asked once, none left out."""
    found = asked(lesson)
    assert [item.id for item in found if item.exit] == [item.id for item in found][-3:]
    assert sum(not item.exit and bool(item.hints) for item in found) >= 3
    assert sorted(item.id for item in found) == sorted(quiz.items(lesson))


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_holds_no_answer(lesson):
    """Neither source nor stored output gives away a reason, a hint, or a model answer."""
    text = json.dumps(json.loads(LESSONS[lesson].path.read_text(encoding="utf-8")), ensure_ascii=False)
    for item in asked(lesson):
        secret = [item.model, *item.hints, *(choice.why for choice in item.choices)]
        assert not [words for words in secret if json.dumps(words, ensure_ascii=False)[1:-1] in text]


@pytest.mark.parametrize("lesson", LESSONS)
def test_areas_of_the_exam_are_those_of_the_exercises(lesson):
    """The tags of a lesson name an area that its items serve, and no item is far from its lesson."""
    areas = {f"MBLEx-{item.mblex}" for item in asked(lesson)}
    assert areas & set(LESSONS[lesson].front.tags["mblex"])


@pytest.mark.parametrize("lesson", LESSONS)
def test_words_respect_reader_and_scope(lesson):
    """No promise, no diagnosis, no praise for clicking, in text, questions and reasons."""
    said = [prose(lesson)]
    for item in asked(lesson):
        said += [item.model, *item.hints, *(f"{choice.says} {choice.why}" for choice in item.choices)]
    assert not [found for text in said for found in (FORBIDDEN.search(text), PRAISE.search(text)) if found]


@pytest.mark.parametrize("lesson", LESSONS)
def test_claims_carry_marks(lesson):
    """Each of the four standings is explained, and a paragraph with published figures carries a mark."""
    text = prose(lesson)
    assert all(mark in text for mark in "●◐○⇄")
    told = [part for part in text.split("\n\n") if re.search(r"\b(trial|review|in print|published)\b", part)]
    assert [part for part in told if not re.search("[●◐○⇄]", part) and not part.rstrip().endswith(":")] == []


# the first lesson


@pytest.fixture(scope="module")
def course():
    """The course of the office worker."""
    design, client = protocol.load("neck-pain-chronic-60"), intake.load("office-neck")
    return plan.build(design, client, safety.check(design, client))


@pytest.mark.parametrize(
    ("choice", "rule", "kind", "right"),
    [
        ("aspirin", "antiplatelet", "limit", False),
        ("clumsy", "myelopathy-signs", "stop", True),
        ("double", "cervical-arterial-signs", "stop", True),
        ("heart", "heart-attack-or-stroke-past", "clearance", True),
        ("scab", "open-wound", "avoid-site", False),
    ],
)
def test_what_keeps_from_planning_is_what_the_rules_say(choice, rule, kind, right):
    """Stop and clearance keep a plan from being made; a limit and a site do not."""
    item = quiz.find(FIRST, "keeps-from-planning")
    assert knowledge.get("rule", rule).kind == kind
    assert next(one.right for one in item.choices if one.id == choice) is right


def test_the_aspirin_limits_as_the_exercise_says():
    """Pressure 3 at most."""
    rule = knowledge.get("rule", "antiplatelet")
    assert f"pressure {rule.max_pressure} at most" in quiz.find(FIRST, "keeps-from-planning").choices[0].why


def test_minutes_on_the_neck_are_those_of_the_plan(course):
    """The answer is counted from the course; its parts are named in the hint."""
    steps = [step for step in course.sessions[0].steps if step.region == "neck-posterior"]
    item = quiz.find(FIRST, "minutes-on-the-neck")
    assert sum(step.minutes for step in steps) == item.number.low == item.number.high
    words = " and ".join(f"{step.technique} {step.minutes:g}" for step in steps)
    assert item.hints[1].lower() == f"{words}."
    assert f"of {course.sessions[0].hands_on_minutes:g} minutes" in item.model


def test_the_change_of_the_exit_question_cannot_be_told():
    """17 to 13 lies within the error that is used, which is also the change that matters."""
    found = outcomes.change("ndi", 17, 13)
    assert found.verdict == "cannot tell"
    assert found.used("mdc").points == found.used("mcid").points == 5
    assert "5 points" in quiz.find(FIRST, "exit-change").model


def test_the_doses_of_the_exit_question_are_those_of_the_trial():
    """Both relative risks, and the arms that were not different."""
    rows = {row.arm: row for row in evidence.results(study="sherman-2014", measure="ndi")}
    why = next(choice.why for choice in quiz.find(FIRST, "exit-dose").choices if choice.right)
    assert [float(found) for found in re.findall(r"\d\.\d\d", why)] == [
        rows["massage-60x2"].contrast,
        rows["massage-60x3"].contrast,
    ]
    assert rows["massage-30x3"].contrast_kind == "not-different"


def test_the_goal_is_hers():
    """Her score at the start, and the change that the protocol aims at."""
    design, client = protocol.load("neck-pain-chronic-60"), intake.load("office-neck")
    start, goal = client.baseline["ndi"], design.goals[0]
    model = quiz.find(FIRST, "write-the-goal").model
    assert f"({start:g} to {start + goal.change:g} or less)" in model
    assert f"week {goal.by_week}" in model
    assert "parks" in model
    assert any("park" in wish for wish in client.goals)


def test_what_the_reasons_count_is_in_the_claims():
    """The people of the back pain trial are those of the claim."""
    why = quiz.find(FIRST, "definition").choices[0].why
    assert "401 people" in why
    assert "401 people" in knowledge.get("effect", "more-pressure").found


def test_open_answers_of_the_courier_could_stop_the_session():
    """The exit question stands on a case: a fall told in passing, and questions nobody asked."""
    client = intake.load("courier-neck")
    screen = safety.check(protocol.load("neck-pain-chronic-60"), client)
    assert "fall" in client.story.lower()
    assert any(ask.rule == "cervical-arterial-signs" and ask.open for ask in screen.asks)
