"""A real JupyterLab, opened as a newcomer opens it, and a real browser that looks at it.

Pictures go to a temporary folder, or to the one that EFFLEURAGE_ARTIFACTS names. Whatever a test looks at,
the page may not ask anything of another machine, and may not complain in the console.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
# JupyterLab says so when it opens a page that was saved with a view of a kernel that is gone; the page then
# shows that it is asleep until it is run.
EXPECTED = "widget model not found"
LOCAL = ("127.0.0.1", "localhost", "", None)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """The browser of the machine. Root may only use it without its sandbox."""
    root = ("--no-sandbox",) if getattr(os, "geteuid", lambda: 1)() == 0 else ()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, *root])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def lab(open_lab: Callable):
    """`effleurage lab` on a new working copy, open for all tests of a file."""
    return open_lab()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty window; at its end nothing was asked of another machine and nothing was complained of."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    page, foreign, complaints = context.new_page(), [], []
    page.on("request", lambda asked: foreign.append(asked.url))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    yield page
    context.close()
    assert [url for url in foreign if urlsplit(url).hostname not in LOCAL] == []
    assert [said for said in complaints if EXPECTED not in said] == []


@pytest.fixture
def shot(page: Page, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Path]:
    """Take a picture of the window under a name."""
    folder = Path(os.environ.get("EFFLEURAGE_ARTIFACTS") or tmp_path) / request.path.stem.removeprefix(
        "test_"
    )

    def take(name: str) -> Path:
        path = folder / f"{name}.png"
        page.screenshot(path=path)
        return path

    return take
