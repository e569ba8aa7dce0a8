"""What all pages are: traits say what is shown, messages say what somebody wants."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import anywidget
import traitlets

from effleurage.errors import EffleurageError, UsageError
from effleurage.widgets.keeping import Keeper

_open: WeakValueDictionary[tuple[str, Path], "Page"] = WeakValueDictionary()


class Page(anywidget.AnyWidget):
    """A page on a record. What it shows are traits; a wish of the reader is a message.

    Traits:
        saved: how the record stands, in words (see :meth:`Keeper.in_words`).
        notice: the last thing that was done or refused, in words.
        answered: the number of the last wish that was answered.
    """

    saved = traitlets.Dict().tag(sync=True)
    notice = traitlets.Unicode().tag(sync=True)
    answered = traitlets.Int(0).tag(sync=True)

    def __init__(self, keeper: Keeper, **traits: Any) -> None:
        """Show what the record holds."""
        self.keeper = keeper
        keeper.after = self.show
        super().__init__(notice=keeper.told, **traits)
        self.on_msg(self._hear)
        self.show()

    def show(self) -> None:
        """Bring the traits up to date."""
        with self.hold_sync():
            for name, value in self.view().items():
                if getattr(self, name) != value:
                    setattr(self, name, value)
            self.saved = self.keeper.in_words()

    def view(self) -> dict[str, Any]:
        """Return the value of each trait that the page shows."""
        raise NotImplementedError

    def do(self, wish: str, **given: Any) -> None:
        """Do one thing, save it and show what came of it; what cannot be done is said in ``notice``."""
        with self.hold_sync():
            try:
                self.act(wish, given)
            except EffleurageError as error:
                self.notice = str(error)
            self.show()

    def act(self, wish: str, given: dict[str, Any]) -> None:
        """Do what the page itself does not: see :data:`KEEPING` for what every page can."""
        raise NotImplementedError

    def _hear(self, _: Any, content: Any, __: Any) -> None:
        """Take a message of the page; what is no wish is left alone."""
        if not isinstance(content, Mapping) or not isinstance(content.get("do"), str):
            return
        given = {str(name): value for name, value in content.items() if name not in ("do", "number")}
        with self.hold_sync():
            self.do(content["do"], **given)
            number = content.get("number")
            self.answered = number if isinstance(number, int) else self.answered

    def kept(self, wish: str) -> bool:
        """Do what concerns the record, if the wish does; tell whether it did."""
        if wish == "look":
            return (self.keeper.look() and self.restored()) or True
        if wish == "save_now":
            self.keeper.save()
            self.notice = self.keeper.problem or "Saved."
        elif wish == "take_theirs":
            self.keeper.take_theirs()
            self.restored()
            self.notice = self.keeper.told
        elif wish == "keep_mine":
            self.keeper.keep_mine()
            self.notice = self.keeper.told
        else:
            return False
        return True

    def restored(self) -> None:
        """Take up what the record holds now."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Show the page; where widgets do not show, its words."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, *rest = bundle if isinstance(bundle, tuple) else (bundle,)
        return ({**data, "text/plain": self.in_words()}, *rest)

    def in_words(self) -> str:
        """Return the page as plain text."""
        raise NotImplementedError


def only_one(page: Page) -> Page:
    """Let an earlier page of this kernel on the same record save and close; return the new one.

    So a cell that is run twice shows one page.
    """
    key = (type(page).__name__, page.keeper.path.resolve())  # each widget is of a type of its own
    earlier = _open.get(key)
    if earlier is not None and earlier is not page:
        earlier.close()
    _open[key] = page
    return page


def let_go(kind: type[Page]) -> None:
    """Save what the open pages of a kind have not saved yet, before a record is read again."""
    for page in list(_open.values()):
        if isinstance(page, kind):
            page.keeper.save()


def whole(value: Any, what: str) -> int:
    """Return a whole number, or refuse what is none."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise UsageError("the page", f"{what} is {value!r}", "a whole number", "try once more")
    return value
