"""The outcomes page: visits beside measurement error and what matters, and what may be said."""

from pathlib import Path
from typing import Any

import traitlets

from effleurage import knowledge, outcomes
from effleurage.outcomes import Against, Change
from effleurage.widgets import choices, drafts, faces, style
from effleurage.widgets.keeping import Keeper
from effleurage.widgets.pages import Page, let_go, only_one
from effleurage.widgets.scores import MINE, Scores

OWNS = ("visits",)
VERDICTS = {
    "better": ("✓", "Better, and by enough to matter"),
    "better beyond error": ("✓", "Better than the error; not known to matter"),
    "depends on the error": ("≈", "It depends which error you take"),
    "cannot tell": ("≈", "Cannot tell"),
    "worse": ("!", "Worse"),
    "not measured": ("…", "Not measured yet"),
}


class OutcomesPage(Page):
    """The outcomes page. Every threshold and every word about a change is the library's.

    Traits:
        choices: sources, measures, words of the standings.
        view_of: the visits in view: whose, rows, chart, table, verdict, sentence, thresholds.
        picture: the chart as PNG for reading and printing, made on request.
    """

    _esm = style.script("figure.js", "outcomes.js")
    _css = style.sheet("builder.css", "outcomes.css")

    choices = traitlets.Dict().tag(sync=True)
    shown = traitlets.Dict().tag(sync=True)
    picture = traitlets.Bytes().tag(sync=True)

    def __init__(self, keeper: Keeper) -> None:
        """Show the outcomes on a record."""
        self.scores = _restored(keeper)
        super().__init__(keeper, choices=page_choices())

    def act(self, wish: str, given: dict[str, Any]) -> None:
        """Do what was asked for, and keep it."""
        if self.kept(wish):
            return
        if wish == "draw_picture":
            self.picture = self.draw()
            return
        self.scores.do(wish, **{name: value for name, value in given.items() if name != "live"})
        self.notice = self.scores.notice
        self.keeper.keep(visits=tuple(self.scores.rows))
        self.keeper.set(source=self.scores.source, measure=self.scores.measure)

    def restored(self) -> None:
        """Take up what the record holds now."""
        self.scores = _restored(self.keeper)

    def draw(self) -> bytes:
        """Return the chart of the measure in view as PNG."""
        from effleurage import charts

        return charts.png(charts.change(self.scores.visits, self.scores.shown))

    def view(self) -> dict[str, Any]:
        """Return the value of each trait."""
        shown = scores_face(self.scores)
        return {"shown": shown, "picture": self.picture if shown == self.shown else b""}

    def in_words(self) -> str:
        """Return the page as plain text: whose visits, the table, what may be said."""
        shown = self.shown
        rows = [
            " ".join(f"{name} {value};" for name, value in row.items() if value) for row in shown["table"]
        ]
        return "\n".join([f"Outcomes: {shown['title']}, {shown['name']}", *rows, shown["sentence"]])


def _restored(keeper: Keeper) -> Scores:
    """Return the scores as the record holds them."""
    return Scores(list(keeper.content("visits")), keeper.content("client"), keeper.content("settings"))


def page_choices() -> dict[str, Any]:
    """Return what the page offers: sources of visits, measures, the words of the standings."""
    samples = [
        {"id": name, "name": item.title, "group": "Sample data (made up)"}
        for name, item in outcomes.samples().items()
    ]
    own = {"id": MINE, "name": "The visits I enter", "group": "Your own"}
    measures = [choices.measure(entry) for entry in knowledge.entries("measure").values()]
    return {"sources": [*samples, own], "measures": measures, **choices.words()}


def scores_face(work: Scores) -> dict[str, Any]:
    """Return everything the page shows of the work."""
    change, sample = work.change, work.sample
    mark, verdict = VERDICTS[change.verdict]
    return {
        "source": work.source,
        "own": work.source == MINE,
        "title": sample.title if sample else "Your own visits",
        "story": sample.story if sample else "",
        "made": f"Made up by the teaching model from seed {sample.seed}. {sample.licence}" if sample else "",
        "people": [item.client for item in sample.clients] if sample else [],
        "person": work.whose if sample else "",
        "measure": work.shown,
        "measures": list(work.measures),
        "name": change.name,
        "mark": mark,
        "verdict": verdict,
        "kind": change.verdict,
        "sentence": change.sentence,
        "thresholds": outcomes.thresholds(change),
        "table": outcomes.table(work.visits, work.shown) if work.scored else [],
        "chart": chart_face(work, change),
        "rows": _rows(work),
        "can_undo": bool(work.history.past),
        "can_redo": bool(work.history.future),
        "focus": work.focus,
    }


def _rows(work: Scores) -> list[dict[str, Any]]:
    """Return the student's own rows of the measure in view, each with what is wrong with it."""
    wrong = work.problems
    return [
        {
            **row,
            "row": place,
            "problems": [drafts.told(item) for item in wrong.get(place, ())],
        }
        for place, row in enumerate(work.rows)
        if row["measure"] == work.shown
    ]


def chart_face(work: Scores, change: Change) -> dict[str, Any] | None:
    """Return the numbers of the chart; None while nothing was scored.

    Keys: ``points`` (week, score), ``base`` (first score), ``error`` and ``matters`` (points, label), scale.
    """
    points = [
        {"week": visit.week, "score": visit.score}
        for visit in (work.visits.of(work.shown) if work.scored else ())
        if visit.score is not None and visit.week is not None
    ]
    if not points:
        return None
    entry = knowledge.get("measure", work.shown)
    return {
        "points": points,
        "base": points[0]["score"],
        "error": _line(change.used("mdc"), "measurement error"),
        "matters": _line(change.used("mcid"), "change that matters"),
        "low": entry.scale.low,
        "high": entry.scale.high,
        "better": entry.better,
        "unit": entry.unit,
        "name": entry.name,
    }


def _line(found: Against | None, what: str) -> dict[str, Any] | None:
    """Return a threshold as a line of the chart: its size in points, and for whom it was published."""
    if found is None or found.points is None:
        return None
    sources = [source["name"] for source in faces.source_faces(found.sources)]
    return {
        "points": found.points,
        "label": f"{what}, {found.points:.3g}",
        "population": found.population,
        "standing": found.standing,
        "source": "; ".join(sources),
    }


def outcomes_page(record: Path | str | None = None) -> OutcomesPage:
    """Return the outcomes page on a record; safe to call twice.

    Args:
        record: a record file; the default is the student's newest piece of work, or a new one.
    """
    let_go(OutcomesPage)
    return only_one(OutcomesPage(Keeper(record, OWNS)))
