"""The simulated course of a group: how scores run from week to week, and how far people lie apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from effleurage import look, outcomes
from effleurage.charts import labels, style, telling
from effleurage.charts.words import rule_words
from effleurage.errors import UnknownId, unknown
from effleurage.knowledge import Measure
from effleurage.outcomes.words import amount

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from effleurage.simulate import Group, Runs

FILLED_ARMS = 2
MOST_ARMS = 12
FEW_PEOPLE = 20
ASIDE = 0.008  # how far the intervals of the second arm stand beside its means, in parts of the weeks shown
BAR = 0.03  # place of a bar at the end, in parts of the weeks shown
MODEL = (
    "Simulated by a teaching model of group averages and their spread: not a prediction for a real client."
)
Edges = tuple[tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True)
class Fan:
    """One arm by week: mean, how well it is known, and where half and nearly all of the people lie."""

    arm: str
    groups: "tuple[Group, ...]"

    @property
    def weeks(self) -> tuple[float, ...]:
        """Return the weeks in which somebody was read."""
        return tuple(group.week for group in self.groups)

    @property
    def mean(self) -> tuple[float, ...]:
        """Return the mean of those still there."""
        return tuple(group.mean for group in self.groups)

    @property
    def known(self) -> Edges:
        """Return the 95 % interval of the mean."""
        ends = [[end - g.change + g.mean for end in g.change_interval95] for g in self.groups]
        return tuple(low for low, _ in ends), tuple(high for _, high in ends)

    @property
    def half(self) -> Edges:
        """Return where the middle half of the people lies."""
        return tuple(g.quantiles[1] for g in self.groups), tuple(g.quantiles[-2] for g in self.groups)

    @property
    def wide(self) -> Edges:
        """Return where nearly all of the people lie."""
        return tuple(g.quantiles[0] for g in self.groups), tuple(g.quantiles[-1] for g in self.groups)


@style.chart
def course(runs: "Runs | Sequence[Group]", measure: str, note: str = "", ax: "Axes | None" = None) -> "Axes":
    """Draw the course of a simulated group: mean, how well it is known, and the spread of the people.

    Args:
        runs: a simulated cohort, or the groups of its summary.
        measure: which measure.
        note: a line under the chart.
        ax: axes to draw on.

    Raises:
        UnknownId: the measure was not simulated.

    >>> from effleurage import simulate
    >>> runs = simulate.cohort("60x2x4", clients=500, measures=("ndi",), weeks=(0, 5, 10))
    >>> course(runs, "ndi").get_title(loc="left")
    'Neck Disability Index'
    """
    groups = runs.summary() if hasattr(runs, "summary") else tuple(runs)
    measures = tuple(dict.fromkeys(group.measure for group in groups))
    ax = style.begin(ax)
    if not groups:
        style.label(ax, "No simulated group yet")
        style.say(ax, "Simulate a course to see it here.")
        return telling.tell(ax, "An empty chart: no group was simulated yet.", [])
    if measure not in measures:
        raise UnknownId.of([unknown("charts.course", "measure", measure, measures)])
    entry, fans = outcomes.measure_of(measure), _fans(groups, measure)
    _draw(ax, entry, fans, runs)
    style.note(ax, *_small_print(entry, fans, runs), note)
    return telling.tell(ax, _alt(entry, fans, runs), [row for fan in fans for row in _words(fan)])


def _fans(groups: "Sequence[Group]", measure: str) -> list[Fan]:
    """Return the arms, without readings to which nobody came."""
    chosen = [group for group in groups if group.measure == measure]
    arms = dict.fromkeys(group.arm for group in chosen)
    return [Fan(arm, tuple(g for g in chosen if g.arm == arm and g.n)) for arm in arms]


def _draw(ax: "Axes", entry: Measure, fans: Sequence[Fan], runs: "Runs | Sequence[Group]") -> None:
    """Draw the arms; the first one is the plan."""
    shown = fans[:MOST_ARMS]
    few = max(group.n for fan in fans for group in fan.groups) < FEW_PEOPLE
    for place, fan in enumerate(shown):
        if few:
            _people(ax, runs, entry.id, fan.arm, place)
        elif place == 0 or len(shown) <= FILLED_ARMS:
            _bands(ax, fan, place)
        _mean(ax, fan, place, known=not few and (place == 0 or len(shown) <= FILLED_ARMS))
    last = max(fan.weeks[-1] for fan in shown)
    if len(shown) > FILLED_ARMS and not few:
        _bars(ax, shown, last)
    edge = _matters(ax, entry, shown[0])
    ticks = [tick for tick in ax.get_xticks() if 0 <= tick <= last and tick == int(tick)]
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    _frame(ax, entry, shown, edge, few)


def _bands(ax: "Axes", fan: Fan, place: int) -> None:
    """Draw the bands of one arm; the wide one has an edge in the line of the arm."""
    colour = style.current().line(place).colour
    for name, edges, alpha in (("wide", fan.wide, look.BANDS[95]), ("half", fan.half, look.BANDS[50])):
        ax.fill_between(fan.weeks, *edges, color=colour, alpha=alpha, linewidth=0, gid=f"band-{name}")
    for edge in fan.wide:
        ax.plot(fan.weeks, edge, gid="edge", alpha=0.8, **_line(place, 0.8))


def _people(ax: "Axes", runs: "Runs | Sequence[Group]", measure: str, arm: str, place: int) -> None:
    """Draw single people where there are too few for a band."""
    paths = runs.paths(FEW_PEOPLE) if getattr(runs, "kept", None) else ()
    for path in paths:
        if (path.arm, path.measure) == (arm, measure):
            scores = [float("nan") if score is None else score for score in path.scores]
            ax.plot(path.weeks, scores, gid="person", alpha=0.5, **_line(place, 0.9))


def _line(place: int, width: float) -> dict:
    """Return how a line of an arm is drawn."""
    now = style.current()
    line = now.line(place)
    dash = (0, line.dash) if line.dash else "-"
    return {"color": line.colour, "linewidth": now.thick(width), "linestyle": dash}


def _mean(ax: "Axes", fan: Fan, place: int, known: bool) -> None:
    """Draw the mean of one arm, and at each reading how well it is known."""
    now = style.current()
    line = now.line(place)
    if known:
        aside = [week + ASIDE * place * fan.weeks[-1] for week in fan.weeks]
        ax.vlines(aside, *fan.known, gid="known", zorder=3, **_line(place, 1.4))
    ax.plot(
        fan.weeks,
        fan.mean,
        marker=style.MARKERS[line.marker],
        markersize=now.thick(6.5),
        markeredgecolor=now["paper"],
        gid="mean",
        zorder=4,
        **_line(place, 2.2),
    )


def _bars(ax: "Axes", fans: Sequence[Fan], last: float) -> None:
    """Draw the spread of many arms as bars at the end, side by side, where they do not hide each other."""
    now = style.current()
    for place, fan in enumerate(fans):
        x, line = last * (1 + BAR * (place + 1)), now.line(place)
        for name, edges, width in (("wide", fan.wide, 1.1), ("half", fan.half, 3.4)):
            ends = [side[-1] for side in edges]
            ax.plot((x, x), ends, color=line.colour, linewidth=now.thick(width), gid=f"bar-{name}")
        size = {"markersize": now.thick(5), "markeredgecolor": now["paper"]}
        ax.plot(x, fan.mean[-1], marker=style.MARKERS[line.marker], color=line.colour, gid="bar-mean", **size)


def _matters(ax: "Axes", entry: Measure, first: Fan) -> float | None:
    """Draw where a change that matters lies from the mean start of the first arm; return where."""
    now, item = style.current(), entry.used("mcid")
    if item is None or not first.groups:
        return None
    points = item.value * first.mean[0] / 100 if item.percent else item.value
    edge = first.mean[0] + (-points if entry.better == "lower" else points)
    if not entry.scale.low <= edge <= entry.scale.high:
        return None
    ax.axhline(edge, color=now["clear"], linewidth=now.thick(1.6), linestyle=(0, (5, 2)), gid="mcid")
    return edge


def _frame(ax: "Axes", entry: Measure, fans: Sequence[Fan], edge: float | None, few: bool) -> None:
    """Set limits, labels, and the names of the arms at their ends."""
    now = style.current()
    low, high = entry.scale.low, entry.scale.high
    ends = [end for fan in fans for side in fan.wide for end in side]
    bottom = low if min(ends) - low < 0.45 * (max(ends) - low) else min(ends)
    top = high if high - max(ends) < 0.1 * (high - low) else max(ends)
    pad = 0.03 * (top - bottom) or 0.5
    ax.set_ylim(bottom - pad, top + pad)
    ax.grid(visible=False, axis="x")
    y = f"{entry.unit} ({entry.better} is better)"
    style.label(ax, entry.name, _legend(len(fans), few), "weeks from the first session", y)
    named = [(fan.mean[-1], fan.arm, now.line(place).colour) for place, fan in enumerate(fans)]
    if edge is not None:
        named.append((edge, "a change that matters\n(MCID) from the mean start", now["clear"]))
    labels.beside(ax, named)


def _legend(arms: int, few: bool) -> str:
    """Say what is drawn."""
    if few:
        return "thick: mean of few simulated people; thin: each of them"
    where = "bands" if arms <= FILLED_ARMS else "bands (first arm) and bars at the end (all)"
    return f"line: mean of a simulated group, 95 % interval; {where}: 50 % and {_wide()} % of the people"


def _wide() -> int:
    """Return which part of the people the wide band holds, in percent."""
    from effleurage.simulate.runs import QUANTILES

    return round(100 * (QUANTILES[-1] - QUANTILES[0]))


def _small_print(entry: Measure, fans: Sequence[Fan], runs: "Runs | Sequence[Group]") -> list[str]:
    """Return the lines under the chart: who responds, which threshold, which model."""
    lines = [_responders(fans, runs), _threshold(entry)]
    if len(fans) > MOST_ARMS:
        lines.append(f"{len(fans) - MOST_ARMS} more arms stand in the table.")
    if not hasattr(runs, "model"):
        return [*lines, MODEL]
    fitted = ", ".join(name.replace("-", " ").capitalize() for name in runs.model.fitted_on)
    people = f"{runs.clients:,} people, seed {runs.seed}"
    return [*lines, f"Simulated: {people}. {runs.note} Fitted on: {fitted}."]


def _responders(fans: Sequence[Fan], runs: "Runs | Sequence[Group]") -> str:
    """Say how many of 100 respond at the first reading after the care has ended."""
    end = runs.doses[0].last_day / 7 if hasattr(runs, "doses") else 0
    week = next((week for week in fans[0].weeks if week and week >= end), fans[0].weeks[-1])
    found = [group for fan in fans[:MOST_ARMS] for group in fan.groups if group.week == week and week]
    if not found or max(group.n for group in found) < FEW_PEOPLE:
        return ""
    told = "; ".join(
        f"{g.arm} {100 * g.responder_share:.0f} ({_percent(g.responder_interval95)})" for g in found
    )
    return f"Of 100 people, so many are {rule_words(found[0].rule)} in week {week:g}: {told}."


def _percent(ends: tuple[float, float]) -> str:
    return " to ".join(f"{100 * end:.0f}" for end in ends)


def _threshold(entry: Measure) -> str:
    """Say whose change that matters is drawn."""
    item = entry.used("mcid")
    if item is None:
        return "Which change matters to people is not in what we hold."
    size = f"{item.value:g} % of the first score" if item.percent else amount(item.value, entry.unit)
    names = "; ".join(outcomes.source_name(name).split(", ")[0] for name in item.sources)
    return f"MCID {size}: {item.population.split(';')[0]}. {look.STANDING[item.standing]} {names}."


def _alt(entry: Measure, fans: Sequence[Fan], runs: "Runs | Sequence[Group]") -> str:
    """Say what the chart shows."""
    told = [
        f"{fan.arm}: mean {fan.mean[0]:.1f} at the start, {fan.mean[-1]:.1f} in week {fan.weeks[-1]:g}, "
        f"where {_wide()} % of the people lie from {fan.wide[0][-1]:g} to {fan.wide[1][-1]:g}"
        for fan in fans
    ]
    what = f"Fan chart of {entry.name} ({entry.unit}, {entry.better} is better) over a simulated course"
    return f"{what}. {'. '.join(told)}. {_responders(fans, runs)} {MODEL}".replace("  ", " ")


def _words(fan: Fan) -> list[dict[str, str]]:
    """Return an arm in words, one row a week."""
    return [
        {
            "arm": fan.arm,
            "week": f"{group.week:g}",
            "people": f"{group.n:,}",
            "mean": f"{group.mean:.1f}",
            "mean, 95 % interval": f"{fan.known[0][place]:.1f} to {fan.known[1][place]:.1f}",
            "50 % of the people": f"{fan.half[0][place]:g} to {fan.half[1][place]:g}",
            f"{_wide()} % of the people": f"{fan.wide[0][place]:g} to {fan.wide[1][place]:g}",
            "responders": f"{100 * group.responder_share:.0f} %" if group.week else "",
        }
        for place, group in enumerate(fan.groups)
    ]
