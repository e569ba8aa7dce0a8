"""The walk through the workbench: stop, repair, save, look ahead, killed kernel, found again."""

import json
import re
import time
from pathlib import Path

import psutil
import pytest
from effleurage import protocol, records
from playwright.sync_api import Locator, Page, expect

BUILDER, OUTCOMES = "workbench/protocol-builder.ipynb", "workbench/outcomes.ipynb"
SMALLEST_PX = 44
SOON_S = 30


@pytest.fixture
def walk(open_lab):
    """A lab of its own for each walk, so that no walk finds the work of another."""
    lab = open_lab()
    yield lab
    lab.stop()


def open_page(page: Page, lab, notebook: str) -> Locator:
    """Open a page of the workbench by its address; return it when it lives."""
    page.goto(lab.address.replace("start-here.ipynb", notebook))
    return living(page)


def living(page: Page) -> Locator:
    """Wait for the page in view to be drawn."""
    found = page.locator(".ef-builder, .ef-outcomes").locator("visible=true")
    expect(found).to_have_attribute("data-drawn", re.compile("."))
    return found


def tab(page: Page, name: str) -> None:
    """Open a part of the builder."""
    page.get_by_role("tab", name=name).click()
    expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")


def begin_from(page: Page, name: str) -> None:
    """Begin from a template."""
    tab(page, "Course")
    page.get_by_label("Begin from", exact=True).last.select_option(label=name)
    page.get_by_role("button", name="Begin from this").click()
    expect(page.locator(".ef-builder .ef-notice")).to_contain_text(f"Begun from {name}")


def stored(lab) -> records.Work:
    """Return the one record of the working copy as it stands on disk; an empty one before the first save."""
    found = records.listed(lab.work / "my-work")
    assert len(found) <= 1
    return records.load(found[0].path) if found else records.new("nothing yet", protocol={"name": ""})


def wait_until(holds, what: str) -> None:
    """Wait for something outside of the browser."""
    end = time.monotonic() + SOON_S
    while time.monotonic() < end:
        if holds():
            return
        time.sleep(0.1)
    pytest.fail(f"waited in vain for {what}")


def drawn_lines(page: Page) -> list[str]:
    """Return the lines of the chart as they are drawn."""
    return page.locator(".ef-chart path[fill=none]").evaluate_all(
        "paths => paths.map(p => p.getAttribute('d'))"
    )


def kill_kernel(lab) -> None:
    """Kill the kernels of a lab outright, as a crash does."""
    kernels = [
        child
        for child in psutil.Process(lab.process.pid).children(recursive=True)
        if any("ipykernel" in word for word in child.cmdline())
    ]
    assert kernels
    for kernel in kernels:
        kernel.kill()


def test_the_whole_walk(walk, page, shot):
    """Client, stop, repair, save, look ahead, a changed chart, a killed kernel, found again."""
    page.goto(walk.address)
    page.locator(".ef-start .ef-link", has_text="Protocol builder").click()
    builder = living(page)
    shot("1-opened")

    page.get_by_label("Client", exact=True).select_option(label="Bus driver, 49")
    expect(builder.locator(".ef-banner")).to_contain_text("stop and refer")
    expect(builder.locator('.ef-finding[data-kind="stop"] details[open]').first).to_be_visible()
    shot("2-stop")
    tab(page, "Look ahead")
    expect(builder.locator(".ef-closed")).to_contain_text("stop and refer")
    expect(builder.get_by_role("button", name="Look ahead", exact=True)).to_have_count(0)
    shot("3-closed")

    tab(page, "Client")
    page.get_by_label("Client", exact=True).select_option(label="Office worker, 42")
    begin_from(page, "Chronic neck pain, 60-minute course")
    tab(page, "Session")
    expect(builder.locator(".ef-step")).to_have_count(8)
    expect(builder.locator(".ef-banner")).to_contain_text("Clear")
    shot("4-built")

    tab(page, "Client")
    page.get_by_label("Sign or event").select_option(label="Double vision")
    page.get_by_role("button", name="Note it").click()
    expect(builder.locator(".ef-banner")).to_contain_text("stop and refer")
    shot("5-sign-today")
    page.get_by_role("button", name="Take back").click()
    expect(builder.locator(".ef-banner")).to_contain_text("Clear")

    tab(page, "Session")
    builder.locator('[data-focus="step-0"]').click()
    page.get_by_label("Minutes", exact=True).fill("-5")
    page.get_by_label("Minutes", exact=True).press("Enter")
    expect(builder.locator(".ef-step").first).to_contain_text("'minutes' is -5")
    shot("6-wrong")
    page.get_by_label("Minutes", exact=True).fill("6")
    page.get_by_label("Minutes", exact=True).press("Enter")
    expect(builder.locator(".ef-problems")).to_have_count(0)

    tab(page, "Save")
    page.get_by_role("button", name="Save as a protocol file").click()
    expect(builder.locator(".ef-notice")).to_contain_text("Saved as neck-pain-chronic-60.yaml")
    saved = protocol.load(walk.work / "my-work" / "neck-pain-chronic-60.yaml")
    assert saved == protocol.load("neck-pain-chronic-60")
    shot("7-saved")

    tab(page, "Look ahead")
    page.get_by_role("button", name="Look ahead", exact=True).click()
    expect(builder.locator(".ef-chart svg")).to_be_visible()
    before = drawn_lines(page)
    assert len(before) == 3
    shot("8-ahead")
    page.get_by_label("Weeks", exact=True).focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(builder.locator(".ef-panel-title, .ef-tab-now").filter(has_text="7 weeks")).to_have_count(1)
    after = drawn_lines(page)
    assert len(after) == 3
    assert after != before
    shot("9-ahead-changed")
    wait_until(lambda: stored(walk).protocol["phases"][0]["weeks"] == 7, "the record")

    kill_kernel(walk)
    page.reload()
    builder = living(page)
    expect(builder.locator(".ef-top-client")).to_contain_text("Office worker, 42")
    expect(page.get_by_label("Weeks", exact=True)).to_have_value("7")
    wait_until(lambda: drawn_lines(page) == after, "the chart as it was")
    shot("10-found-again")


def test_a_page_without_its_kernel_says_so(walk, page, shot):
    """Nothing fails in silence: the page says that nobody answers, and what to do."""
    builder = open_page(page, walk, BUILDER)
    page.get_by_label("Client", exact=True).select_option(label="Gardener, 58")
    expect(builder.locator(".ef-top-client")).to_contain_text("Gardener")
    wait_until(lambda: stored(walk).client == "gardener-neck", "the record")
    kill_kernel(walk)
    page.get_by_label("Client", exact=True).select_option(label="Carpenter, 63")
    expect(builder.locator(".ef-lost")).to_be_visible()
    shot("lost")
    page.locator(".jp-Dialog").get_by_role("button").last.click() if page.locator(
        ".jp-Dialog"
    ).count() else None
    page.get_by_role("button", name="Run this page").click()
    expect(page.locator(".ef-top-client").locator("visible=true")).to_contain_text("Gardener")


def press_until(page: Page, key: str, selector: str, most: int = 120) -> None:
    """Press a key until something that fits is in focus."""
    for _ in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press(key)
    pytest.fail(f"{key} never came to {selector}")


def test_by_keyboard_alone(walk, page, shot):
    """Every station by keys: client, template, steps in order, undo; no key reaches the notebook behind."""
    builder = open_page(page, walk, BUILDER)
    cells = page.locator(".jp-Cell").count()

    press_until(page, "Tab", "[data-focus=client]")
    page.keyboard.type("Office")
    expect(builder.locator(".ef-top-client")).to_contain_text("Office worker, 42")
    press_until(page, "Shift+Tab", '[role=tab][data-tab="client"]')
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Course")).to_be_focused()
    press_until(page, "Tab", "[data-focus=start-from]")
    for key in ("b", "d", "d", "m", "Enter"):
        page.keyboard.press(key)
    expect(builder.locator(".ef-notice")).to_contain_text("Begun from")
    assert page.locator(".jp-Cell").count() == cells
    shot("keyboard-course")

    press_until(page, "Shift+Tab", '[role=tab][data-tab="course"]')
    page.keyboard.press("ArrowRight")
    press_until(page, "Tab", "[data-focus=step-0]")
    ring = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
    assert ring >= 3
    first = builder.locator(".ef-step-what strong").first.inner_text()
    page.keyboard.press("Alt+ArrowDown")
    expect(builder.locator(".ef-step-what strong").nth(1)).to_have_text(first)
    expect(builder.locator("[data-focus=step-1]")).to_be_focused()
    count = builder.locator(".ef-step").count()
    page.keyboard.press("Delete")
    expect(builder.locator(".ef-step")).to_have_count(count - 1)
    shot("keyboard-session")
    page.keyboard.press("Control+z")
    expect(builder.locator(".ef-step")).to_have_count(count)
    page.keyboard.press("Control+s")
    expect(builder.locator(".ef-notice")).to_have_text("Saved.")


@pytest.mark.parametrize("width", [1280, 1024, 768])
def test_every_width_shows_choice_and_consequence(walk, page, shot, width):
    """Nothing is cut, targets are large enough, and the findings are in view beside or below the steps."""
    page.set_viewport_size({"width": width, "height": 900})
    builder = open_page(page, walk, BUILDER)
    page.get_by_label("Client", exact=True).select_option(label="Carpenter, 63")
    begin_from(page, "Chronic neck pain, 60-minute course")
    for name in ("Client", "Course", "Session", "Look ahead", "Save"):
        tab(page, name)
        assert builder.evaluate("node => node.scrollWidth <= node.clientWidth + 1")
        assert small_targets(builder) == []
        shot(f"{width}-{name.lower().replace(' ', '-')}")
    tab(page, "Session")
    builder.locator("[data-focus=step-7]").click()
    page.mouse.wheel(0, 2000)
    consequence = builder.locator(".ef-bar-button" if width <= 768 else ".ef-banner")
    expect(consequence).to_be_in_viewport()
    if width <= 768:
        consequence.click()
        expect(builder.locator(".ef-banner")).to_be_in_viewport()
    shot(f"{width}-findings")


def small_targets(node: Locator) -> list[str]:
    """Name what a finger could miss: buttons, fields and folds in view lower than 44 px."""
    script = """(root, least) => [...root.querySelectorAll('button, select, summary, input')]
        .filter(node => node.type !== 'radio')
        .filter(node => node.offsetParent && node.getBoundingClientRect().height < least - 0.5)
        .map(node => node.outerHTML.slice(0, 80))"""
    return node.evaluate(script, SMALLEST_PX)


def test_what_is_typed_stays_text(walk, page):
    """A name that looks like a page is shown as it was typed, and nothing in it runs."""
    builder = open_page(page, walk, BUILDER)
    tab(page, "Course")
    nasty = "<img src=x onerror=\"document.title='broken'\">"
    page.get_by_label("Name of the protocol").fill(nasty)
    page.get_by_label("Name of the protocol").press("Tab")
    tab(page, "Save")
    page.get_by_role("button", name="Save now").click()
    wait_until(lambda: stored(walk).protocol["name"] == nasty, "the record")
    tab(page, "Course")
    expect(page.get_by_label("Name of the protocol")).to_have_value(nasty)
    expect(builder.locator("img")).to_have_count(0)
    assert page.title() != "broken"


def test_outcomes_say_when_nobody_can_tell(walk, page, shot):
    """Own visits are entered, judged and found again; a score off the scale is said at its row."""
    outcomes = open_page(page, walk, OUTCOMES)
    shot("outcomes-sample")
    page.get_by_label("Whose visits").select_option("mine")
    for row, (day, score) in enumerate([("2026-03-02", "22"), ("2026-03-16", "20")]):
        page.get_by_role("button", name="Add a visit").click()
        visit = outcomes.locator(".ef-visit").nth(row)
        visit.get_by_label("Day").fill(day)
        visit.get_by_label("Score").fill(score)
        visit.get_by_label("Note").focus()
    expect(outcomes.locator(".ef-verdict-card")).to_contain_text("Cannot tell")
    expect(outcomes.locator(".ef-chart svg")).to_be_visible()
    shot("outcomes-cannot-tell")

    visit.get_by_label("Score").fill("70")
    visit.get_by_label("Note").focus()
    expect(outcomes.locator(".ef-visit .ef-problems")).to_contain_text("0-50")
    shot("outcomes-wrong")
    visit.get_by_label("Score").fill("10")
    visit.get_by_label("Note").focus()
    expect(outcomes.locator(".ef-verdict-card")).to_contain_text("Better")
    assert small_targets(outcomes) == []
    shot("outcomes-better")
    wait_until(lambda: [row.get("score") for row in stored(walk).visits] == [22, 10], "the record")

    kill_kernel(walk)
    page.reload()
    expect(living(page).locator(".ef-visit")).to_have_count(2)


@pytest.mark.parametrize("width", [1024, 768])
def test_outcomes_fit_every_width(walk, page, shot, width):
    """Nothing is cut on a tablet."""
    page.set_viewport_size({"width": width, "height": 900})
    outcomes = open_page(page, walk, OUTCOMES)
    assert outcomes.evaluate("node => node.scrollWidth <= node.clientWidth + 1")
    shot(f"outcomes-{width}")


def test_the_notebooks_hold_no_work():
    """The pages that are delivered name no record and no place of anybody's machine."""
    for notebook in (BUILDER, OUTCOMES):
        text = (Path(__file__).resolve().parents[2] / "notebooks" / notebook).read_text(encoding="utf-8")
        assert json.loads(text)["metadata"]["effleurage"]["kind"] == "workbench"
        assert "my-work" not in text
