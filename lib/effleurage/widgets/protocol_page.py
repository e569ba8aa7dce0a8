"""The protocol builder as a page: the work of :mod:`effleurage.widgets.builder`, shown and saved."""

from pathlib import Path
from typing import Any

import traitlets

from effleurage import knowledge, protocol, safety
from effleurage.errors import EffleurageError
from effleurage.widgets import choices, drafts, faces, style, today
from effleurage.widgets.ahead import Ahead
from effleurage.widgets.builder import Builder
from effleurage.widgets.keeping import Keeper
from effleurage.widgets.pages import Page, let_go, only_one

OWNS = ("client", "protocol", "answers")


class ProtocolPage(Page):
    """The protocol builder. Every rule is the library's; the page shows and collects.

    Traits:
        choices: what can be chosen from.
        work: client, draft, steps with their marks, problems, undo.
        screen: the safety screen in words, or an empty one that says why there is none.
        ahead: the look ahead: why it is closed, or the numbers of its chart.
        picture: the chart as PNG for reading and printing, made on request.
    """

    _esm = style.script("findings.js", "session.js", "figure.js", "ahead.js", "builder.js")
    _css = style.sheet("builder.css")

    choices = traitlets.Dict().tag(sync=True)
    work = traitlets.Dict().tag(sync=True)
    screen = traitlets.Dict().tag(sync=True)
    ahead = traitlets.Dict().tag(sync=True)
    picture = traitlets.Bytes().tag(sync=True)

    def __init__(self, keeper: Keeper) -> None:
        """Show the builder on a record."""
        self.builder = _restored(keeper)
        settings = keeper.content("settings")
        self.look_ahead = Ahead(bool(settings.get("ahead")), str(settings.get("ahead_measure", "")))
        self.tab = str(settings.get("tab", "client"))
        super().__init__(keeper, choices=choices.builder_choices())

    # doing --------------------------------------------------------------------------------------------------

    def act(self, wish: str, given: dict[str, Any]) -> None:
        """Do what was asked for: the record, the files, the look ahead, or the work itself."""
        own = {
            "look_at": self._look_at,
            "save_file": self.save_file,
            "simulate": self._simulate,
            "choose_measure": self._choose_measure,
            "draw_picture": self._draw_picture,
        }
        if self.kept(wish):
            return
        if wish in own:
            own[wish](**given)
            return
        if wish == "start_from" and str(given.get("id", "")).endswith(".yaml"):
            given = {"id": self._own_file(given["id"])}
        self.builder.do(wish, **given)
        self.notice = self.builder.notice
        self._keep()

    def _look_at(self, tab: str) -> None:
        """Remember which part of the page is in view."""
        self.tab = str(tab)
        self.notice = ""
        self._keep()

    def _keep(self) -> None:
        data = self.builder.data
        self.keeper.keep(client=data["client"], protocol=data["draft"], answers=data["today"])
        ahead = {"ahead": self.look_ahead.on, "ahead_measure": self.look_ahead.measure}
        self.keeper.set(part=self.builder.part, tab=self.tab, **ahead)

    def restored(self) -> None:
        """Take up what the record holds now."""
        self.builder = _restored(self.keeper)

    @property
    def folder(self) -> Path:
        """Return where the student's protocol files lie: beside the record."""
        return self.keeper.path.parent

    def _own_file(self, name: str) -> str:
        """Return the path of one of the student's own protocol files; nothing outside their folder."""
        path = self.folder / Path(name).name
        return str(path)

    def save_file(self) -> Path:
        """Save the protocol as YAML beside the record; the version before is kept.

        Raises:
            DataError: it is no protocol yet.
            FileError: the folder cannot be written.
        """
        whole = drafts.read(self.builder.draft)
        path = protocol.save(whole, self.folder / f"{whole.id}.yaml")
        self.notice = f"Saved as {path.name} in {path.parent.name}."
        return path

    # looking ahead ------------------------------------------------------------------------------------------

    def _simulate(self) -> None:
        """Look ahead from now on: simulated at once, and again at each change."""
        self.look_ahead.on = True
        self.notice = ""
        self._keep()

    def _choose_measure(self, value: str) -> None:
        """Look at another measure."""
        self.look_ahead.measure = knowledge.get("measure", value).id
        self._keep()

    def _draw_picture(self) -> None:
        """Draw the chart for reading and printing."""
        self.picture = self.look_ahead.picture(self.builder)

    # showing ------------------------------------------------------------------------------------------------

    def view(self) -> dict[str, Any]:
        """Return the value of each trait."""
        screen = self.builder.screen
        face = faces.screen_face(screen, self.builder.draft, self.builder.client)
        ahead = self.look_ahead.face(self.builder)
        picture = self.picture if ahead == self.ahead else b""
        return {"screen": face, "work": self._work(screen), "ahead": ahead, "picture": picture}

    def _work(self, screen: safety.Screen) -> dict[str, Any]:
        work = self.builder
        session = work.phase["session"]
        used, planned = drafts.minutes_of(session), session["minutes"] or 0
        found = problem_faces(work)
        files_, unread = choices.own_protocols(self.folder)
        return {
            "client": faces.client_face(work.client),
            "today": today.in_words(work.data["today"]),
            "draft": work.draft,
            "part": work.part,
            "weeks": sum(part["weeks"] or 0 for part in work.draft["phases"]),
            "steps": step_faces(work, screen, found),
            "session": {"minutes": planned, "used": used, "left": drafts.tidy(float(planned - used))},
            "problems": found,
            "can_undo": bool(work.history.past),
            "can_redo": bool(work.history.future),
            "focus": work.focus,
            "files": files_,
            "unread": unread,
            "tab": self.tab,
        }

    def in_words(self) -> str:
        """Return the page as plain text: client, protocol, screen."""
        lines = [f"Protocol builder: {self.work['client']['name']}, {self.work['draft']['name']}"]
        steps = self.work["draft"]["phases"][self.work["part"]]["session"]["steps"]
        lines += [
            f"  {step.get('minutes')} min {step.get('technique')} on {step.get('region')}" for step in steps
        ]
        return "\n".join([*lines, self.screen["summary"], self.saved["words"]])


def _restored(keeper: Keeper) -> Builder:
    """Return the builder as the record holds it, or a new one where it holds none."""
    plan, client = keeper.content("protocol"), keeper.content("client")
    if not plan or not client:
        return Builder()
    answers = {**today.NOTHING, **keeper.content("answers")}
    part = keeper.content("settings").get("part", 0)
    try:
        found = Builder({"client": client, "today": answers, "draft": plan, "part": part})
        _ = found.problems, found.screen, found.steps
    except (EffleurageError, AttributeError, KeyError, TypeError, ValueError) as error:
        keeper.aside(f"{type(error).__name__}: {error}")
        return Builder()
    return found


def problem_faces(work: Builder) -> list[dict[str, Any]]:
    """Return what keeps the draft from being a protocol, each with the step in view that it belongs to."""
    several = len(work.draft["phases"]) > 1
    places = {drafts.step_place(work.part, step, several): step for step in range(len(work.steps))}
    return [
        {
            "where": item.where,
            "words": drafts.told(item),
            "step": places.get(item.where),
            "begin": item.found == drafts.EMPTY,
        }
        for item in work.problems
    ]


def step_faces(work: Builder, screen: safety.Screen, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return for each step of the part in view: findings, the highest pressure allowed, problems in words."""
    marks = faces.step_marks(screen, work.draft, work.part)
    caps = faces.caps(screen, work.steps)
    return [
        {
            "marks": marks[place],
            "cap": caps[place],
            "problems": [item["words"] for item in found if item["step"] == place],
        }
        for place in range(len(work.steps))
    ]


def protocol_builder(record: Path | str | None = None) -> ProtocolPage:
    """Return the protocol builder on a record; safe to call twice.

    Args:
        record: a record file; the default is the student's newest piece of work, or a new one.
    """
    let_go(ProtocolPage)
    return only_one(ProtocolPage(Keeper(record, OWNS)))
