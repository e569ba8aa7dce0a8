"""The start page: is the machine ready, what is there to open, in which state is it.

The page asks the browser for an answer, so that "alive" means a round trip from the kernel to the page and
back, not a hope. What the page shows and does comes from a plain object, see :class:`Desk`.
"""

import secrets
from typing import Any, Protocol

import anywidget
import traitlets

from effleurage.widgets import style

WAITING = (
    "Waiting for an answer of the page. If nothing happens, press 'Run this page' once more; if that does "
    "not help, reload the page in the browser."
)
ALIVE = "It answers: buttons, sliders and pictures work."


class Desk(Protocol):
    """What stands behind the start page; ``effleurage.lab`` has the real one.

    ``own`` tells whether the pages are a copy of the user's, so that they can be looked after.
    """

    own: bool

    def checks(self) -> list[dict[str, Any]]:
        """Return what was looked at: ``{"name", "ok", "words"}``."""

    def pages(self) -> list[dict[str, Any]]:
        """Return what can be opened: path, title, kind, minutes, aim, state, words, copies."""

    def grant(self, wish: str, page: str) -> str:
        """Do what a button asks for (``update``, ``start-again``) with a page, or all; say what was done."""


class StartPage(anywidget.AnyWidget):
    """The start page as a widget; everything it shows is a trait.

    Traits:
        checks, pages, own: See :class:`Desk`. A check that waits has ``ok`` None.
        notice: The last thing that was done, in words.
        ping, pong: The page sends ``ping`` back as ``pong``; then it is alive.
        wish: What a button asks for: ``{"do": word, "page": place or ""}``.
    """

    _esm = style.STATIC / "start.js"
    _css = style.tokens() + (style.STATIC / "start.css").read_text(encoding="utf-8")

    checks = traitlets.List().tag(sync=True)
    pages = traitlets.List().tag(sync=True)
    notice = traitlets.Unicode().tag(sync=True)
    own = traitlets.Bool().tag(sync=True)
    ping = traitlets.Unicode().tag(sync=True)
    pong = traitlets.Unicode().tag(sync=True)
    wish = traitlets.Dict().tag(sync=True)

    def __init__(self, desk: Desk) -> None:
        """Make the page of a desk."""
        self._desk = desk
        super().__init__(ping=secrets.token_hex(8), own=desk.own, checks=[], pages=desk.pages())
        self._look()
        self.observe(self._look, "pong")
        self.observe(self._grant, "wish")

    @property
    def alive(self) -> bool:
        """Whether the page has answered."""
        return bool(self.pong) and self.pong == self.ping

    def _look(self, _change: Any = None) -> None:
        """Look at the machine again."""
        answer = (True, ALIVE) if self.alive else (None, WAITING)
        self.checks = [{"name": "This page", "ok": answer[0], "words": answer[1]}, *self._desk.checks()]

    def _grant(self, change: Any) -> None:
        """Do what a button asked for, say what was done, and show the pages as they are now."""
        asked = change["new"]
        self.notice = self._desk.grant(str(asked.get("do", "")), str(asked.get("page", "")))
        self.pages = self._desk.pages()
        self._look()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Show the page; where widgets do not show, its words."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, *rest = bundle if isinstance(bundle, tuple) else (bundle,)
        return ({**(data or {}), "text/plain": self.in_words()}, *rest)

    def in_words(self) -> str:
        """Return the page as plain text."""
        checks = [f"{check['name']}: {check['words']}" for check in self.checks]
        pages = [
            f"{page['title']} ({page['minutes']} min, {page['words']}): {page['path']}" for page in self.pages
        ]
        return "\n".join([*checks, "", *pages])
