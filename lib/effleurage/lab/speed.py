"""From a key on a slider to the changed picture, measured in a real JupyterLab, beside stock interact.

Needs the test extra (playwright) and a Chromium on this machine. The server is `effleurage lab` on a working
copy that lasts as long as the measurement.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from effleurage import widgets
from effleurage.errors import UsageError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
FLAGS = ("--disable-background-networking", "--disable-gpu", "--no-first-run", "--no-sandbox")
KEYS = ("ArrowRight",) * 16 + ("ArrowLeft",) * 14
WARM_UP = 5
PATIENCE_MS = 90_000
AWAKE = ".ef-verdict:not([data-ok=null])"
IDLE = ".jp-Notebook-ExecutionIndicator[data-status=idle]"
BUILDER, STOCK = "workbench/protocol-builder.ipynb", "stock.ipynb"

# The same chart of the same plan: stock interact, pyplot, inline.
STOCK_CELL = """
import matplotlib.pyplot as plt
from ipywidgets import interact
from effleurage.widgets import Ahead, Builder

work, ahead = Builder(), Ahead(True)
work.do("start_from", id="neck-pain-chronic-60")

@interact(weeks=(1, 26))
def look(weeks=4):
    work.do("set_part", field="weeks", value=weeks)
    chart = ahead.face(work)["chart"]
    figure, ax = plt.subplots(figsize=(7, 4.2))
    plan = chart["arms"][0]
    ax.fill_between(chart["weeks"], plan["low95"], plan["high95"], alpha=0.12)
    ax.fill_between(chart["weeks"], plan["low50"], plan["high50"], alpha=0.2)
    for arm in chart["arms"]:
        ax.plot(chart["weeks"], arm["mid"], marker="o", label=arm["name"])
    ax.axhline(chart["mcid"]["line"], linestyle=":")
    ax.legend()
    plt.show()
"""

# Notes the time from each key to the frame after the picture has changed.
WATCH = """(look) => {
    const seen = new Function('return ' + look);
    window.efTimes = [];
    let start = null, before = null;
    document.addEventListener('keydown', () => { start = performance.now(); before = seen(); }, true);
    new MutationObserver(() => {
        const now = seen();
        if (start === null || !now || now === before) return;
        const pressed = start;
        start = null;
        requestAnimationFrame(() => requestAnimationFrame(() => efTimes.push(performance.now() - pressed)));
    }).observe(document.body, {subtree: true, childList: true, attributes: true});
}"""
OURS = "document.querySelector('.ef-chart path[fill=none]')?.getAttribute('d')"
THEIRS = "[...document.querySelectorAll('.jp-OutputArea img')].at(-1)?.src"


def slider_to_picture() -> tuple[float, float, str]:
    """Return the 95th percentile in ms of the look ahead and of stock interact; the medians in words.

    Raises:
        UsageError: playwright or a browser is missing.
    """
    with _browser() as page, _lab() as address:
        ours = _timed(page, address, BUILDER, OURS, "input[type=range] >> nth=1")
        theirs = _timed(page, address, STOCK, THEIRS, ".widget-slider .noUi-handle")
    note = (
        f"yardstick: stock interact, same chart inline; {len(ours)} keys each; "
        f"medians {median(ours):.0f} and {median(theirs):.0f} ms"
    )
    return highest(ours), highest(theirs), note


def second_start() -> tuple[float, float, str]:
    """Return the seconds to a usable start page at a second start, and to an idle kernel in jupyter lab.

    Raises:
        UsageError: playwright or a browser is missing.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, _browser() as page:
        kinds = ((_ours(folder), AWAKE), (_stock(folder), IDLE))
        _opened(page, folder, *kinds[0])
        turns = [[_opened(page, folder, *kind) for kind in kinds] for _ in range(3)]
    ours, theirs = (median(column) for column in zip(*turns, strict=True))
    return ours, theirs, "yardstick: jupyter lab on the same folder until its kernel is idle; median of 3"


def _ours(folder: str) -> list[str]:
    """Return the command that opens the working copy in a folder."""
    return [sys.executable, "-m", "effleurage.cli", "lab", "--work", f"{folder}/work", "--no-browser"]


def _stock(folder: str) -> list[str]:
    """Return the command that opens the same page in JupyterLab as it comes."""
    options = [f"--ServerApp.root_dir={folder}/work", "--LabApp.default_url=/doc/tree/start-here.ipynb"]
    return [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", *options]


def _opened(page: Any, folder: str, command: list[str], sign: str) -> float:
    """Start a server, open its page, and return the seconds until the sign is there."""
    started = perf_counter()
    with _served(folder, command) as address:
        page.goto(address)
        page.wait_for_selector(sign, timeout=PATIENCE_MS)
        return perf_counter() - started


def highest(times: list[float]) -> float:
    """Return the 95th percentile.

    >>> highest([float(number) for number in range(1, 101)])
    95.95
    """
    return round(quantiles(times, n=20)[-1], 3)


@contextmanager
def _lab() -> Iterator[str]:
    """Open a lab on a working copy with a look ahead and the stock page; yield its address."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        _prepare(Path(folder, "work"))
        with _served(folder, _ours(folder)) as address:
            yield address


@contextmanager
def _served(folder: str, command: list[str]) -> Iterator[str]:
    """Run a server as long as it is needed; yield the address that it says."""
    around = os.environ | {"EFFLEURAGE_STATE": str(Path(folder, "state")), "PYTHONUTF8": "1"}
    told = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "encoding": "utf-8"}
    process = subprocess.Popen(command, env=around, **told)  # noqa: S603 (our own command, a list of words)
    try:
        said = iter(process.stdout.readline, "")
        yield next(found[0] for line in said if (found := re.search(r"http://\S+token=\S+", line)))
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def _prepare(work: Path) -> None:
    """Lay a piece of work that looks ahead, and the stock page, into a working copy."""
    page = widgets.protocol_builder(work / "my-work" / "bench.effleurage.json")
    page.do("start_from", id="neck-pain-chronic-60")
    page.do("simulate")
    page.do("look_at", tab="ahead")
    page.do("save_now")
    page.close()
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    cell = {"cell_type": "code", "id": "stock", "execution_count": None, "outputs": [], "metadata": {}}
    notebook = {
        "cells": [cell | {"source": STOCK_CELL}],
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (work / STOCK).write_text(json.dumps(notebook), encoding="utf-8")


@contextmanager
def _browser() -> Iterator[Any]:
    """Open a window of the browser of this machine."""
    try:
        playwright = import_module("playwright.sync_api")  # of the test extra: no student needs it
    except ImportError:
        raise _missing("playwright") from None
    named = shutil.which(os.environ.get("EFFLEURAGE_BROWSER", ""))
    found = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise _missing("Chromium")
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser.new_page(viewport={"width": 1280, "height": 1000})
        browser.close()


def _missing(what: str) -> UsageError:
    return UsageError("bench --browser", f"{what} is missing", "the test extra and a Chromium", "install it")


def _timed(page: Any, address: str, notebook: str, look: str, handle: str) -> list[float]:
    """Press keys on a slider; return the milliseconds to each changed picture, the first ones left out."""
    page.goto(address.replace("start-here.ipynb", notebook))
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=PATIENCE_MS)
    if notebook == STOCK:
        page.get_by_role("button", name="Run this page").click(timeout=PATIENCE_MS)
    page.wait_for_function(look, timeout=PATIENCE_MS)
    page.evaluate(WATCH, look)
    page.locator(handle).first.focus()
    for count, key in enumerate(KEYS, start=1):
        page.keyboard.press(key)
        page.wait_for_function("count => efTimes.length >= count", arg=count, timeout=PATIENCE_MS)
        page.wait_for_timeout(120)
    return page.evaluate("efTimes")[WARM_UP:]
