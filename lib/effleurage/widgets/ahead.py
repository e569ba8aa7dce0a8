"""Looking ahead from the builder: what groups of people like this client report under this plan.

Group averages come from the formulas of the teaching model, every posterior draw, without sampling noise:
fast enough to follow a slider. The picture for reading and printing is drawn from a simulated cohort.
"""

from typing import Any

import numpy as np

from effleurage import evidence, knowledge, safety
from effleurage.errors import EffleurageError
from effleurage.plan import Course
from effleurage.simulate import averages, doses, parameters
from effleurage.simulate.averages import Entry
from effleurage.simulate.doses import Dose
from effleurage.simulate.parameters import Model, Scale, Values
from effleurage.widgets import drafts, faces
from effleurage.widgets.builder import Builder

Face = dict[str, Any]

ARMS = {"massage": "this plan", "light-touch": "light touch", "wait-list": "no care"}
WEEKS_AFTER, LEAST_WEEKS, MOST_POINTS = 6, 8, 16
INNER, OUTER = 0.6745, 1.96
CLIENTS, SEED = 2000, 7


class Ahead:
    """The look ahead of one page.

    Attributes:
        on: whether somebody asked to look; from then on it follows every change.
        measure: id of the measure in view, or empty for the first that the model knows.
    """

    def __init__(self, on: bool = False, measure: str = "") -> None:
        """Begin as the record says: usually nobody has asked yet."""
        self.on, self.measure = on, measure
        self._key, self._face = "", {}

    def face(self, work: Builder) -> Face:
        """Return what the page shows: why it is closed, that nobody has looked, or the chart's numbers.

        Keys: ``state`` (closed, off, ready), ``short`` (for the tab), and for ``closed``: ``title``, ``why``,
        ``level``; for ``ready``: ``chart``, ``words``, ``told``, ``source``, ``note``, ``measures``.
        """
        screen, problems = work.screen, work.problems
        if screen.blocking:
            return closed(safety.summary(screen), blocking(screen), faces.level(screen))
        if problems:
            why = [f"{item.where}: {drafts.told(item)}" for item in problems]
            return closed("Not yet: the plan is not whole.", why, "ask")
        if not self.on:
            return {"state": "off", "short": "not looked yet"}
        try:
            course = work.course()
            return self._looked(course, parameters.model(course.condition), work)
        except EffleurageError as error:
            return closed("There is nothing to look at here.", list(map(drafts.told, error.problems)), "ask")

    def _looked(self, course: Course, model: Model, work: Builder) -> Face:
        """Work it out, or return what was worked out for the same course already."""
        known = [scale.id for scale in model.scales]
        measure = self.measure if self.measure in known else known[0]
        baseline = work.client.baseline.get(measure)
        key = f"{course.model_dump_json()}{measure}{baseline}"
        if key != self._key:
            self._key, self._face = key, looked(course, model, measure, baseline)
        return self._face

    def picture(self, work: Builder) -> bytes:
        """Return the chart for reading and printing as PNG, from a simulated cohort.

        Raises:
            SafetyError: a stop is open; DataError: the draft is no protocol yet.
        """
        from effleurage import charts, simulate

        runs = simulate.cohort(work.course(), clients=CLIENTS, seed=SEED)
        return charts.png(charts.course(runs, self.measure or runs.measures[0]))


def blocking(screen: safety.Screen) -> list[str]:
    """Say what keeps a plan from being made, and what comes first."""
    asks = [item for item in screen.asks if item.open]
    found = [f"{item.name}: {item.do}" for item in (*screen.stops, *screen.clearances)]
    return [*found, f"{len(asks)} open questions could stop the session: ask them first."] if asks else found


def closed(title: str, why: list[str], level: str) -> Face:
    """Say why there is nothing to look at yet."""
    few = why[:4] + ([f"And {len(why) - 4} more."] if len(why) > 4 else [])
    return {"state": "closed", "short": "closed for now", "title": title, "why": few, "level": level}


def looked(course: Course, model: Model, measure: str, baseline: float | None) -> Face:
    """Return the chart of this plan beside light touch and no care, and what it says."""
    scale, values = model.scale(measure), model.values("posterior")
    entry = entry_of(values, scale, baseline)
    plan = doses.from_course(course)
    arms = {arm: plan if arm == "massage" else plan.beside(arm) for arm in ARMS}
    weeks = weeks_of(course, model, measure)
    end = course.weeks + 1
    shares = {arm: share(values, scale, dose, end, entry) for arm, dose in arms.items()}
    lines = [{"name": ARMS[arm], **line(values, scale, dose, weeks, entry)} for arm, dose in arms.items()]
    matters = meaningful(measure, scale, entry)
    chart = {**_axis(scale, lines), "weeks": weeks, "arms": lines, "mcid": matters, "end": end}
    words = _words(chart, shares, scale, baseline)
    return {
        "state": "ready",
        "short": f"{round(100 * shares['massage'][0])} of 100 by week {end}",
        "measures": [item.id for item in model.scales],
        "chart": chart,
        "words": [*words, *beyond(course, model)],
        "told": f"{chart['name']} by week for this plan, light touch and no care. {words[0]}",
        "bands": "Shaded: 50 and 95 of 100 people under this plan.",
        "fitted": _fitted(model),
        "note": model.note,
    }


def _axis(scale: Scale, lines: list[Face]) -> Face:
    """Return the scale, cut above what is drawn, with its words."""
    entry = knowledge.get("measure", scale.id)
    worst, best = max(max(item["high95"]) for item in lines), min(min(item["low95"]) for item in lines)
    room = scale.span / 20
    low, high = (scale.low, worst + room) if scale.better == "lower" else (best - room, scale.high)
    limits = {"low": max(low, scale.low), "high": min(high, scale.high)}
    return {"measure": scale.id, "name": entry.name, "unit": entry.unit, "better": scale.better, **limits}


def entry_of(values: Values, scale: Scale, baseline: float | None) -> Entry:
    """Return people who start where this client starts; where that is not known, at the usual start."""
    usual = averages.usual_entry(values, scale.id)
    start = float(np.mean(usual.mean)) if baseline is None else burden(scale, baseline)
    return Entry(mean=start, sd=0, centre=usual.centre)


def burden(scale: Scale, score: float) -> float:
    """Return the distance of a score from the good end of its scale."""
    return score - scale.low if scale.better == "lower" else scale.high - score


def weeks_of(course: Course, model: Model, measure: str) -> list[int]:
    """Return the weeks to draw: past the end of the course, no further than the published rows reach."""
    last = max(LEAST_WEEKS, course.weeks + WEEKS_AFTER)
    reach = int(model.reach.last_week.get(measure, last))
    last = max(min(last, reach), course.weeks + 1)
    step = -(-last // MOST_POINTS)
    return sorted({*range(0, last + 1, step), last})


def line(values: Values, scale: Scale, dose: Dose, weeks: list[int], entry: Entry) -> Face:
    """Return the middle of the scores by week, and where 50 and 95 of 100 people lie."""
    rows = [(float(entry.mean),) * 5, *(_spread(values, scale, dose, week, entry) for week in weeks[1:])]
    shown = [sorted(scale.shown(np.clip(row, 0, scale.span)).tolist()) for row in rows]
    columns = ("low95", "low50", "mid", "high50", "high95")
    return {column: [round(row[place], 2) for row in shown] for place, column in enumerate(columns)}


def _spread(values: Values, scale: Scale, dose: Dose, week: int, entry: Entry) -> tuple[float, ...]:
    """Return quantiles of single people's burden: their spread, and what is not known of the mean."""
    fallen = averages.fall(values, scale.id, dose, week)
    mean, sd = averages.reading(values, scale.id, week, fallen, entry.mean, entry.centre)
    middle = float(np.mean(mean))
    whole = float(np.sqrt(np.mean(np.square(sd)) + np.var(mean)))
    return tuple(middle + z * whole for z in (-OUTER, -INNER, 0, INNER, OUTER))


def share(values: Values, scale: Scale, dose: Dose, week: int, entry: Entry) -> tuple[float, float, float]:
    """Return the share of people who report a change that matters (0 to 1), with its 95 % interval."""
    found = averages.average(values, scale, dose, week, entry).share
    low, high = np.quantile(found, (0.025, 0.975))
    return float(np.mean(found)), float(low), float(high)


def meaningful(measure: str, scale: Scale, entry: Entry) -> Face | None:
    """Return the line of the change that matters, seen from this start, with its population."""
    used = knowledge.get("measure", measure).used("mcid")
    if used is None:
        return None
    size = used.value * float(entry.mean) / 100 if used.percent else used.value
    goal = float(scale.shown(np.clip(float(entry.mean) - size, 0, scale.span)))
    amount = f"{used.value:g} %" if used.percent else f"{used.value:g} points"
    return {
        "line": goal,
        "label": f"a change that matters ({amount})",
        "told": f"A change that matters: {amount}, {used.population}.",
        "standing": used.standing,
        "sources": faces.source_faces(used.sources),
    }


def _words(chart: Face, shares: dict, scale: Scale, baseline: float | None) -> list[str]:
    """Say what the chart shows, in one breath."""
    plan, touch, none = (shares[arm] for arm in ARMS)
    start = chart["arms"][0]["mid"][0]
    who = f"who start at {start:g}" if baseline is not None else f"at the usual start of {start:g}"
    first = (
        f"Of 100 people {who}, about {_hundred(plan[0])} ({_hundred(plan[1])} to {_hundred(plan[2])}) "
        f"report a change that matters by week {chart['end']}, beside {_hundred(touch[0])} with light "
        f"touch and {_hundred(none[0])} with no care."
    )
    return [first, f"Counted as such here: {_rule(scale)} on the {chart['name']}."]


def _hundred(share_: float) -> int:
    return round(100 * share_)


def _rule(scale: Scale) -> str:
    """Say the responder rule of a scale.

    >>> _rule(parameters.model("neck-pain-chronic").scale("ndi"))
    'a change of 5 points or more'
    """
    rule = scale.rule
    unit = "%" if rule.kind == "percent" else "points"
    return f"a change of {abs(rule.limit):g} {unit} or more"


def beyond(course: Course, model: Model) -> list[str]:
    """Say where this plan lies outside of what the published rows hold."""
    reach, minutes = model.reach, [session.hands_on_minutes for session in course.sessions]
    often = len(course.sessions) / course.weeks
    outside = [
        f"{name} {value:.3g} (published: {span})"
        for name, value, span in (
            ("minutes a session", sum(minutes) / len(minutes), reach.minutes),
            ("sessions a week", often, reach.per_week),
            ("weeks", course.weeks, reach.weeks),
        )
        if not span.low <= value <= span.high
    ]
    return (
        [f"This plan lies outside the published doses: {', '.join(outside)}. The model guesses here."]
        if outside
        else []
    )


def _fitted(model: Model) -> list[str]:
    """Name what the model was fitted on."""
    studies, sources = evidence.studies(), knowledge.entries("source")
    return [studies[word].name if word in studies else sources[word].name for word in model.fitted_on]
