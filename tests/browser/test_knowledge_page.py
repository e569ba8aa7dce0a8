"""The knowledge page in a browser: search, keyboard, narrow, dark and printed."""

import pytest
from effleurage import publish
from playwright.sync_api import sync_playwright


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The three pages on the disk."""
    return {path.stem: path.as_uri() for path in publish.knowledge_pages(tmp_path_factory.mktemp("pages"))}


@pytest.fixture(scope="module")
def browser(chromium):
    """One browser for all; without a network it has nothing to miss."""
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


def test_search_finds_by_alias_and_a_link_out_of_what_is_hidden_clears_it(browser, pages):
    """Type, see what is left and how many; follow a link, and its entry is there."""
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(pages["knowledge"])
    page.get_by_label("Search this page").press_sequentially("blood thinners")
    visible = page.locator("article:visible")

    assert "entries found" in page.get_by_role("status").inner_text()
    assert 1 <= visible.count() < 40
    assert page.locator("#rule-anticoagulant").is_visible()
    page.locator("#rule-anticoagulant .sources a").first.click()
    assert page.locator("article:target").is_visible()
    page.get_by_label("Standing", exact=True).select_option("conflict")
    assert visible.count() >= 10
    page.get_by_label("Search this page").fill("xyzzy")
    assert "Nothing found" in page.get_by_role("status").inner_text()
    assert all(url.startswith("file:") for url in asked)
    page.close()


@pytest.mark.parametrize("name", ["knowledge", "glossary", "sources-disagree"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_nothing_runs_out_of_the_page(browser, pages, name, width):
    """One column where it is narrow, no sideways scrolling, targets of 44 pixels in menus and search."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="dark")
    page.goto(pages[name])

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sizes = page.evaluate(
        "[...document.querySelectorAll('nav a, input, select')].map(e => e.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 44
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 25, 29)"
    page.close()


def test_paper_has_every_entry_and_no_controls(browser, pages):
    """Black on white, also on a dark machine."""
    page = browser.new_page(color_scheme="dark")
    page.goto(pages["sources-disagree"])
    page.emulate_media(media="print")

    assert page.locator(".search").is_hidden()
    assert page.locator("article:visible").count() == page.locator("article").count()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    page.close()
