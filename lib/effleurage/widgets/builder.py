"""The work on one protocol with undo, problems and screen, without any widget: what is asked is done.

>>> work = Builder()
>>> work.do("choose_client", id="office-neck")
>>> work.do("start_from", id="neck-pain-chronic-60")
>>> work.do("set_step", step=0, field="minutes", value=-5)
>>> [item.found for item in work.problems]
["'minutes' is -5"]
>>> work.do("undo")
>>> work.problems
()
"""

import copy
from collections.abc import Mapping
from typing import Any

from effleurage import plan, safety
from effleurage.errors import EffleurageError, Problem, UsageError, unknown
from effleurage.plan import Course
from effleurage.safety import Screen
from effleurage.widgets import drafts
from effleurage.widgets.actions import ACTIONS
from effleurage.widgets.history import History
from effleurage.widgets.work import Data, Work


class Builder(Work):
    """The state of the protocol builder and everything that can be done with it.

    Attributes:
        notice: the last thing that was done or refused, in words.
    """

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        """Begin with an empty protocol for the first client, or with what a record kept."""
        super().__init__(data)
        self.notice = ""
        self.history = History()
        self._screen: tuple[str, Screen | None] = ("", None)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return what keeps the draft from being a protocol."""
        return drafts.problems(self.draft)

    @property
    def screen(self) -> Screen:
        """Return the screen of the steps that are whole, also while the draft is not."""
        key = repr((self.data["client"], self.data["today"], self.draft))
        if key != self._screen[0]:
            self._screen = key, safety.check(drafts.screenable(self.draft), self.client)
        return self._screen[1]

    def course(self) -> Course:
        """Return the planned course.

        Raises:
            DataError: the draft is no protocol yet.
            SafetyError: a stop, a missing clearance or a question that could stop the session is open.
        """
        whole, client = drafts.read(self.draft), self.client
        return plan.build(whole, client, safety.check(whole, client))

    # doing --------------------------------------------------------------------------------------------------

    def do(self, wish: str, live: bool = False, **given: Any) -> None:
        """Do one thing by its name; what cannot be done changes nothing and is said in ``notice``.

        Args:
            wish: a name of :data:`~effleurage.widgets.actions.ACTIONS`, or ``undo``, ``redo``.
            live: part of one movement of a slider: undone in one go.
            given: what the action asks for.
        """
        self.focus = ""
        try:
            if wish in ("undo", "redo"):
                self._turn(wish)
            else:
                self._act(wish, live, given)
        except EffleurageError as error:
            self.notice = str(error)

    def _act(self, wish: str, live: bool, given: Data) -> None:
        if wish not in ACTIONS:
            raise UsageError.of([unknown("the page", "wish", wish, ACTIONS)])
        before = copy.deepcopy(self.data)
        try:
            self.notice = ACTIONS[wish](self, **given) or ""
            _ = self.client  # refuses an answer of the day that cannot be
        except (TypeError, KeyError, IndexError) as error:
            self.data = before
            raise UsageError(
                "the page", f"'{wish}' cannot be done ({error!r})", "", "try once more"
            ) from None
        except EffleurageError:
            self.data = before
            raise
        self.history.remember(
            before, self.data, (wish, given.get("field"), given.get("step")) if live else None
        )

    def _turn(self, wish: str) -> None:
        before = self.data
        self.data = self.history.back(before) if wish == "undo" else self.history.again(before)
        if self.data is before:
            self.notice = f"There is nothing to {wish}."
        else:
            self.notice = "Undone." if wish == "undo" else "Done again."
