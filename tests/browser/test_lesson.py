"""The first lesson in real JupyterLab: worked through by keyboard, found again, readable when narrow."""

import pytest
from playwright.sync_api import Locator, Page, expect

LESSON = "lessons/01-from-complaint-to-plan.ipynb"
NARROW = {"width": 768, "height": 1000}
SMALLEST_PX = 44
EXERCISES = 9


@pytest.fixture
def lesson(lab, page: Page) -> Locator:
    """The exercises of the lesson, all drawn."""
    page.goto(lab.address.replace("start-here.ipynb", LESSON))
    found = page.locator(".ef-exercise")
    expect(found).to_have_count(EXERCISES)
    return found


def press(page: Page, *keys: str) -> None:
    """Press keys one after another, as a person does: each time the page has answered the one before."""
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(250)


def focused(page: Page) -> str:
    """Return the words of what has the focus."""
    return page.evaluate("(document.activeElement.closest('label') ?? document.activeElement).innerText")


def test_exercises_are_done_by_keyboard(lesson: Locator, page: Page, shot):
    """Blank ticks, Tab goes on, Enter checks; the focus stays where it was; the page stays one cell long."""
    exercise = lesson.nth(0)
    cells = page.locator(".jp-Cell").count()
    exercise.locator("input").nth(1).focus()
    press(page, "Space", "Tab", "Space", "Tab", "Tab", "Tab")
    assert focused(page) == "Check my answer"
    press(page, "Enter")
    expect(exercise.locator(".ef-verdict")).to_have_text("2 of 3 found.")
    assert focused(page) == "Check again"
    expect(exercise.locator('[data-sign="missed"]')).to_contain_text("Targeted stroking")
    press(page, "Tab", "Enter")
    expect(exercise.locator(".ef-hints")).to_contain_text("Hint 1")
    press(page, "Tab", "Enter")
    expect(exercise.locator(".ef-model")).to_contain_text("Force and promises")
    assert focused(page).startswith("Show the model answer")
    assert page.locator(".jp-Cell").count() == cells
    shot("1-keyboard")


def test_arrows_choose_and_things_move(lesson: Locator, page: Page):
    """Arrows go through the choices and JupyterLab does not take them; a thing that moves keeps the focus."""
    choices = lesson.nth(1).locator("input")
    choices.first.focus()
    press(page, "ArrowDown", "ArrowDown")
    expect(choices.nth(2)).to_be_checked()
    expect(choices.nth(2)).to_be_focused()
    order = lesson.nth(2)
    first = order.locator(".ef-says").first.inner_text()
    order.get_by_role("button", name=f"Move down: {first}").focus()
    press(page, "Enter", "Enter")
    expect(order.locator(".ef-says").nth(2)).to_have_text(first)
    expect(order.get_by_role("button", name=f"Move down: {first}")).to_be_focused()


def test_nothing_is_told_before_an_attempt(lesson: Locator, page: Page):
    """The model answer waits for a first try, and the button says so to a screen reader."""
    exercise = lesson.nth(4)
    shows = exercise.get_by_role("button", name="after your first try")
    expect(shows).to_have_attribute("aria-disabled", "true")
    exercise.get_by_role("button", name="Check my answer").click()
    expect(exercise.locator(".ef-need")).to_contain_text("Write a sentence")
    exercise.get_by_label("Write her goal").fill("By week 5 she feels better and can park the car")
    exercise.get_by_role("button", name="Check my answer").click()
    expect(exercise.locator('[data-sign="missed"]')).to_contain_text("a measure")


def test_answers_are_found_again(lesson: Locator, page: Page, lab, shot):
    """After the page was closed and its kernel started anew the answer stands as it was left."""
    exercise = lesson.nth(6)
    exercise.get_by_label("Improved").check()
    exercise.get_by_role("button", name="Check my answer").click()
    expect(exercise.locator(".ef-lines")).to_contain_text("4 points lower: cannot tell")
    page.reload()
    page.get_by_role("button", name="Run this page").click()
    again = page.locator(".ef-exercise").nth(6)
    expect(again.get_by_label("Improved")).to_be_checked()
    expect(again.locator(".ef-lines")).to_contain_text("Right is")
    kept = list((lab.work / "my-work").glob("lesson-*.effleurage.json"))
    assert [path.name for path in kept] == ["lesson-from-complaint-to-plan.effleurage.json"]
    shot("2-found-again")


def test_a_tablet_shows_one_column_with_large_targets(lesson: Locator, page: Page, shot):
    """At 768 px nothing runs out of the window, and every control is large enough for a finger."""
    page.set_viewport_size(NARROW)
    wide = page.evaluate(
        "[...document.querySelectorAll('.ef-exercise, .jp-RenderedMarkdown, .jp-RenderedImage img')]"
        ".filter(node => node.getBoundingClientRect().right > innerWidth + 1).length"
    )
    assert wide == 0
    targets = lesson.locator(
        "button:visible, .ef-choice:visible, input[type=number]:visible, textarea:visible"
    )
    boxes = [target.bounding_box() for target in targets.all()]
    assert boxes
    assert min(box["height"] for box in boxes) >= SMALLEST_PX
    lesson.nth(0).scroll_into_view_if_needed()
    shot("3-narrow")
