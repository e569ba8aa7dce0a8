"""The start page in JupyterLab: it wakes, checks the machine, leads on, and is reached by keyboard alone."""

import json
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from effleurage import lab as ef_lab
from playwright.sync_api import Locator, Page, expect

START = "start-here.ipynb"
ALIVE = '.ef-check[data-ok="true"] >> text=It answers'
SMALLEST_PX = 44


@pytest.fixture(autouse=True)
def fresh(lab):
    """Each test begins with fresh pages and without kernels."""
    yield
    ef_lab.start_again(lab.work)
    for copy in lab.work.rglob("* (kept *).ipynb"):
        copy.unlink()
    for kernel in json.loads(ask(lab, "GET", "/api/kernels")):
        ask(lab, "DELETE", f"/api/kernels/{kernel['id']}")


def ask(lab, method: str, path: str) -> str:
    """Ask the server of a lab for something."""
    place = urlsplit(lab.address)
    connection = HTTPConnection(place.netloc, timeout=60)
    connection.request(method, path, headers={"Authorization": f"token {parse_qs(place.query)['token'][0]}"})
    said = connection.getresponse().read().decode()
    connection.close()
    return said


def change(path: Path, text: str = " (mine)") -> None:
    """Write something into the first cell of a page."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][0]["source"] = ["".join(notebook["cells"][0]["source"]) + text]
    path.write_text(json.dumps(notebook), encoding="utf-8")


def awake(page: Page) -> Locator:
    """Wait for the start page to live; return it."""
    expect(page.locator(".ef-verdict")).not_to_have_attribute("data-ok", "null")
    return page.locator(".ef-start")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something that fits is in focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab never came to {selector}")


def test_a_newcomer_is_greeted(page, lab, shot):
    """The address opens the start page alone, which wakes by itself and says in words how the machine is."""
    page.goto(lab.address)
    start = awake(page)
    well = all(check.ok for check in ef_lab.check_machine(lab.work))

    expect(start.locator(".ef-verdict")).to_contain_text(
        "ready" if well else "needs a look" if well else "need"
    )
    if well:
        start.locator("summary").click()
    expect(page.locator(ALIVE)).to_be_visible()
    expect(start.locator(".ef-check")).to_have_count(5)
    expect(page.get_by_text("alive: True").locator("visible=true")).to_have_count(0)
    expect(page.locator(".jp-Dialog, .Toastify__toast")).to_have_count(0)
    expect(page.locator("#jp-left-stack, #jp-right-stack").locator("visible=true")).to_have_count(0)
    shot("greeted")


def test_the_visible_button_wakes_a_changed_page(page, lab, shot):
    """A page with words of its owner waits for a click, and the first click counts however early it comes."""
    change(lab.work / START)
    page.goto(lab.address)
    button = page.get_by_role("button", name="Run this page")
    expect(button).to_be_enabled()
    expect(page.locator(".ef-start")).to_have_count(0)
    shot("before-the-click")

    button.click()
    start = awake(page)
    expect(start.locator(f'.ef-item[data-state="changed"] >> text={START}')).to_have_count(0)
    expect(start.locator('.ef-item[data-state="changed"]')).to_contain_text("changed by you")
    shot("changed")


def test_the_button_runs_a_living_page_again(page, lab):
    """Running twice makes the page anew and leaves one of it."""
    page.goto(lab.address)
    awake(page).evaluate("node => node.setAttribute('data-old', '')")
    page.get_by_role("button", name="Run this page").click()

    expect(page.locator(".ef-start:not([data-old])")).to_have_count(1)
    expect(page.locator(".ef-start[data-old]")).to_have_count(0)


def test_a_link_is_followed_by_keyboard(page, lab, shot):
    """Tab reaches the first page with a visible ring, Enter opens it in this view, a word leads back."""
    page.goto(lab.address)
    awake(page)
    tab_to(page, ".ef-link")
    ring = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
    path = json.loads(page.evaluate("document.activeElement.dataset.commandlinkerArgs"))["path"]
    shot("focus")
    assert ring >= 3

    page.keyboard.press("Enter")
    page.wait_for_url(f"**/doc/tree/{path}")
    heading = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-MarkdownOutput h1")
    expect(heading.first).to_be_visible()
    expect(
        page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)").get_by_role("button", name="Show code")
    ).to_be_visible()
    shot("followed")

    tab_to(page, "[data-command^='effleurage:'], [data-command='docmanager:open']")
    for _ in range(6):
        if page.evaluate("document.activeElement.dataset.command") == "docmanager:open":
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/doc/tree/{START}")
    expect(page.locator(".ef-start").locator("visible=true")).to_have_count(1)


def test_code_is_folded_away_and_a_switch_shows_it(page, lab, shot):
    """No line of code is in sight until somebody asks, and it goes away again."""
    page.goto(lab.address)
    awake(page)
    code = page.locator(".jp-CodeCell .cm-content").locator("visible=true")
    expect(code).to_have_count(0)
    page.get_by_role("button", name="Show code").click()
    expect(code.first).to_contain_text("lab.start_page()")
    shot("code-shown")
    page.get_by_role("button", name="Hide code").click()
    expect(code).to_have_count(0)
    expect(page.get_by_role("button", name="Show code")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 768])
def test_everything_can_be_touched_and_nothing_sticks_out(page, lab, shot, width):
    """Targets are 44 px high, every button has a name, and no page scrolls sideways."""
    page.set_viewport_size({"width": width, "height": 1000})
    change(lab.work / START)
    page.goto(lab.address)
    page.get_by_role("button", name="Run this page").click()
    start = awake(page)
    start.locator("summary").click()
    shot(f"width-{width}")

    for target in start.locator("a, button, summary").locator("visible=true").all():
        assert target.bounding_box()["height"] >= SMALLEST_PX, target.inner_text()
        assert target.evaluate("node => node.ariaLabel || node.innerText")
    for target in page.locator(".jp-NotebookPanel-toolbar jp-button").locator("visible=true").all():
        assert target.bounding_box()["height"] >= SMALLEST_PX
        assert target.get_attribute("aria-label")
    for selector in (".ef-start", ".jp-WindowedPanel-outer"):
        assert page.locator(selector).first.evaluate("node => node.scrollWidth <= node.clientWidth"), selector


def test_start_again_asks_keeps_and_says_so(page, lab, shot):
    """The button of a changed page asks first; then the fresh page is in place and the kept one beside it."""
    change(lab.work / START)
    page.goto(lab.address)
    page.get_by_role("button", name="Run this page").click()
    item = awake(page).locator('.ef-item[data-state="changed"]')
    item.get_by_role("button", name="Start again").click()
    expect(page.get_by_role("button", name="Yes, start again")).to_be_focused()
    shot("asked")
    page.get_by_role("button", name="Leave it").click()
    expect(item.get_by_role("button", name="Start again")).to_be_focused()
    assert not list(lab.work.glob("*(kept*"))

    item.get_by_role("button", name="Start again").click()
    page.keyboard.press("Enter")
    notice = page.locator(".ef-notice")
    expect(notice).to_contain_text("yours is kept as start-here (kept ")
    expect(notice).to_be_focused()
    shot("kept")
    assert len(list(lab.work.glob("*(kept*"))) == 1
    assert "(mine)" not in (lab.work / START).read_text(encoding="utf-8")


def test_a_page_whose_kernel_died_wakes_when_it_is_loaded_again(page, lab):
    """After a crash of the kernel, loading the page again is enough."""
    page.goto(lab.address)
    awake(page)
    for kernel in json.loads(ask(lab, "GET", "/api/kernels")):
        ask(lab, "DELETE", f"/api/kernels/{kernel['id']}")
    page.reload()
    awake(page)
    expect(page.locator('.ef-check[data-ok="null"]')).to_have_count(0)


def test_a_page_that_changed_on_the_disk_is_read_again(page, lab):
    """Coming back to an open page that was started again meanwhile shows the one that is there now."""
    page.goto(lab.address)
    link = awake(page).locator(".ef-link").first
    path = json.loads(link.get_attribute("data-commandlinker-args"))["path"]
    link.click()
    page.wait_for_url(f"**/doc/tree/{path}")
    run = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)").get_by_role("button", name="Run this page")
    expect(run).to_be_enabled()
    page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)").get_by_role("button", name="Start page").click()
    page.wait_for_url(f"**/doc/tree/{START}")

    change(lab.work / path, "\n\nchanged elsewhere")
    page.locator(".ef-link").locator("visible=true").first.click()
    expect(page.get_by_text("changed elsewhere").locator("visible=true")).to_have_count(1)


def test_a_saved_page_without_its_kernel_says_that_it_is_asleep(page, lab, shot):
    """A changed page that is opened after its kernel ended shows no error but what to do."""
    change(lab.work / START)
    page.goto(lab.address)
    button = page.get_by_role("button", name="Run this page")
    button.click()
    awake(page)
    expect(button).to_be_enabled()
    for kernel in json.loads(ask(lab, "GET", "/api/kernels")):
        ask(lab, "DELETE", f"/api/kernels/{kernel['id']}")
    page.reload()
    sleeping = page.locator(".jp-OutputArea-output.jupyter-widgets")
    expect(sleeping).to_have_text("Error displaying widget: model not found")
    said = sleeping.evaluate(
        "node => getComputedStyle(node, '::before').content + getComputedStyle(node).fontSize"
    )
    shot("asleep")

    assert "Press “Run this page” at the top to wake it." in said
    assert said.endswith("0px")
    button.click()
    awake(page)
