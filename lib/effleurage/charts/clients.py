"""One client's scores, visit by visit, against the measurement error and the change that matters."""

from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from effleurage import look, outcomes
from effleurage.charts import labels, style, telling
from effleurage.errors import UsageError
from effleurage.knowledge import Measure
from effleurage.outcomes import Against, Change, Visit, Visits
from effleurage.outcomes.words import amount, brief

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EDGE = 0.975
ROOM = 0.045  # of the weeks shown, for one number
WORDS = 0.13  # of the weeks shown, for the words of a missing visit
CROSS = "×"
MOST_NAMED = 20


@style.chart
def change(
    what: Visits | Change, measure: str | None = None, note: str = "", ax: "Axes | None" = None
) -> "Axes":
    """Draw a client's scores against the first one: error band, change that matters, missing visits.

    Args:
        what: the visits of a client, or one change.
        measure: which measure; may be left out where there is only one.
        note: a line under the chart, such as where the data come from.
        ax: axes to draw on.

    Raises:
        UsageError: the visits hold several measures and none was named.
        UnknownId: the measure was not taken.

    >>> from effleurage import outcomes
    >>> rows = [{"visit": turn, "week": turn, "measure": "ndi", "score": 26 - turn} for turn in (1, 2, 3)]
    >>> change(outcomes.from_rows(rows)).get_title(loc="left")
    'Neck Disability Index'
    """
    ax = style.begin(ax)
    if isinstance(what, Visits) and not what.visits:
        return _empty(ax)
    visits, found = _read(what, measure)
    entry = outcomes.measure_of(found.measure)
    _thresholds(ax, entry, found)
    _scores(ax, visits)
    _missing(ax, visits)
    _frame(ax, entry, visits, found, timed=isinstance(what, Visits))
    style.note(ax, *_small_print(entry, visits, found), note)
    return telling.tell(ax, _alt(entry, visits, found), _table(what, visits, found))


def _empty(ax: "Axes") -> "Axes":
    """Say that nothing was measured yet."""
    style.label(ax, "No visit yet")
    style.say(ax, "The first visit will stand here.")
    return telling.tell(ax, "An empty chart: no visit yet.", [])


def _read(what: Visits | Change, measure: str | None) -> tuple[tuple[Visit, ...], Change]:
    """Return the visits of one measure and their change."""
    if isinstance(what, Change):
        both = ((1, what.before), (2, what.after))
        pair = [Visit(visit=turn, week=turn - 1, measure=what.measure, score=score) for turn, score in both]
        return tuple(pair), what
    if measure is None and len(what.measures) > 1:
        taken = ", ".join(what.measures)
        raise UsageError("charts.change", "the visits hold several measures", taken, "name one of them")
    name = measure or what.measures[0]
    return what.of(name), what.change(name)


def _thresholds(ax: "Axes", entry: Measure, found: Change) -> None:
    """Draw what the first score is held against: what is in use across, other figures at the edge."""
    if found.before is None:
        return
    now = style.current()
    ax.axhline(found.before, color=now["muted"], linewidth=now.thick(1), gid="first")
    for item in found.against:
        if item.points is None:
            continue
        edges = _edges(entry, found.before, item)
        colour = now["muted"] if item.kind == "mdc" else now["clear"]
        if not item.used:
            for edge in edges:
                ax.plot(
                    (EDGE, 1),
                    (edge, edge),
                    transform=ax.get_yaxis_transform(),
                    color=colour,
                    linewidth=now.thick(1.4),
                    linestyle="-" if item.kind == "mdc" else (0, (2, 1)),
                    gid=f"other-{item.kind}",
                )
        elif item.kind == "mdc":
            ax.axhspan(*edges, color=colour, alpha=look.BANDS[95], linewidth=0, gid="mdc")
        else:
            for edge in edges:
                ax.axhline(edge, color=colour, linewidth=now.thick(1.6), linestyle=(0, (5, 2)), gid="mcid")


def _edges(entry: Measure, first: float, item: Against) -> tuple[float, ...]:
    """Return where a threshold lies: an error on both sides, a change that matters where it is better."""
    if item.kind == "mdc":
        return first - item.points, first + item.points
    edge = first + (-item.points if entry.better == "lower" else item.points)
    return (edge,) if entry.scale.low <= edge <= entry.scale.high else ()


def _scores(ax: "Axes", visits: tuple[Visit, ...]) -> None:
    """Draw the scores; the line is broken where a visit is missing."""
    now = style.current()
    line = now.line(0)
    for scored, run in groupby(visits, key=lambda visit: visit.score is not None):
        if scored:
            part = list(run)
            ax.plot(
                [visit.week for visit in part],
                [visit.score for visit in part],
                color=line.colour,
                linewidth=now.thick(1.8),
                marker=style.MARKERS[line.marker],
                markersize=now.thick(7),
                markeredgecolor=now["paper"],
                zorder=3,
                gid="scores",
            )
    _numbers(ax, [visit for visit in visits if visit.score is not None])


def _numbers(ax: "Axes", scored: list[Visit]) -> None:
    """Write scores above their marks: the first, the latest, and others where there is room."""
    now = style.current()
    for visit in _roomy(scored):
        ax.annotate(
            f"{visit.score:g}",
            (visit.week, visit.score),
            (0, now.points * 0.65),
            textcoords="offset points",
            horizontalalignment="center",
            gid="score",
            zorder=4,
            bbox={"facecolor": now["paper"], "edgecolor": "none", "pad": 0.5, "alpha": 0.75},
            **style.letters(now, now.small),
        )


def _roomy(scored: list[Visit]) -> list[Visit]:
    """Return the visits whose numbers do not lie on each other; always the first and the latest."""
    if len(scored) < 2:
        return scored
    room = ROOM * (scored[-1].week - scored[0].week)
    kept = [scored[0]]
    for visit in scored[1:-1]:
        if visit.week - kept[-1].week >= room and scored[-1].week - visit.week >= room:
            kept.append(visit)
    return [*kept, scored[-1]]


def _missing(ax: "Axes", visits: tuple[Visit, ...]) -> None:
    """Mark each missing visit whose time is known, at the foot of the chart; words, or crosses."""
    now = style.current()
    holes = [visit for visit in visits if visit.score is None and visit.timed]
    for visit in holes:
        ax.axvline(visit.week, color=now["muted"], linewidth=now.thick(1), linestyle=(0, (1, 2.5)))
        ax.annotate(
            CROSS if _crowded(visits) else f"visit {visit.visit}\nmissing",
            (visit.week, 0),
            (0, now.points * 0.6),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            horizontalalignment="center",
            gid="missing",
            bbox={"facecolor": now["paper"], "edgecolor": "none", "pad": 1.0},
            **style.letters(now, now.small, "muted"),
        )


def _crowded(visits: tuple[Visit, ...]) -> bool:
    """Tell whether the words of missing visits would lie on each other."""
    weeks = [visit.week for visit in visits if visit.timed]
    holes = [visit.week for visit in visits if visit.timed and visit.score is None]
    return any(after - before < WORDS * (weeks[-1] - weeks[0]) for before, after in pairwise(holes))


def _frame(ax: "Axes", entry: Measure, visits: tuple[Visit, ...], found: Change, timed: bool) -> None:
    """Set the limits, the labels and the title."""
    weeks = [visit.week for visit in visits if visit.week is not None] or [0.0]
    pad = max(0.06 * (max(weeks) - min(weeks)), 0.4)
    ax.set_xlim(min(weeks) - pad, max(weeks) + pad)
    ax.set_ylim(*_limits(entry, visits, found))
    y = f"{entry.unit} ({entry.better} is better)"
    style.label(ax, entry.name, brief(found), "weeks from the first visit" if timed else "", y)
    if not timed:
        ax.set_xticks([0, 1], ["first score", "later score"])
    elif max(weeks) - min(weeks) < 1:
        ax.set_xticks(sorted(set(weeks)), [f"{week:.2g}" for week in sorted(set(weeks))])
    else:
        ax.locator_params(axis="x", integer=True, nbins=9)
    if found.before is not None:
        labels.beside(ax, _labels(entry, found))


def _limits(entry: Measure, visits: tuple[Visit, ...], found: Change) -> tuple[float, float]:
    """Return the part of the scale that is shown: scores, thresholds, and the end of the scale if near."""
    low, high = entry.scale.low, entry.scale.high
    shown = [visit.score for visit in visits if visit.score is not None] or [low, high]
    if found.before is not None:
        sizes = [item.points for item in found.against if item.points is not None]
        shown += [found.before + way * size for size in sizes for way in (-1, 1)]
    least, most = max(min(shown), low), min(max(shown), high)
    pad = max(0.12 * (most - least), 0.02 * (high - low))
    bottom = low if least - low < 0.45 * (most - low) else least - pad
    return bottom - pad * 0.5 * (bottom == low), min(most + pad, high + pad * 0.5)


def _labels(entry: Measure, found: Change) -> list[tuple[float, str, str]]:
    """Return the words beside the lines."""
    now = style.current()
    named = [(found.before, f"first score {found.before:g}", now["ink"])]
    error, matters = found.used("mdc"), found.used("mcid")
    if error and error.points is not None:
        edge = max(_edges(entry, found.before, error), key=lambda e: e if entry.better == "lower" else -e)
        named.append((edge, f"measurement error\n(MDC) ±{error.points:.3g}", now["muted"]))
    if matters and matters.points is not None:
        words = f"a change that matters\n(MCID) {matters.points:.3g}"
        named += [(edge, words, now["clear"]) for edge in _edges(entry, found.before, matters)]
    for item in found.against:
        if item.kind == "mdc" and not item.used and item.points is not None:
            edge = min(_edges(entry, found.before, item), key=lambda e: e if entry.better == "lower" else -e)
            named.append((edge, f"another published\nerror ±{item.points:.3g}", now["muted"]))
    low, high = entry.scale.low, entry.scale.high
    return [(min(max(y, low), high), words, colour) for y, words, colour in named]


def _small_print(entry: Measure, visits: tuple[Visit, ...], found: Change) -> list[str]:
    """Return the lines under the chart: whose thresholds these are, and what is not known."""
    lines = [
        f"{name} {_size(item, entry)}: {item.population.split(';')[0]}. {_sources(item)}."
        for name, item in (("MDC", found.used("mdc")), ("MCID", found.used("mcid")))
        if item
    ]
    others = [f"{item.kind.upper()} {_size(item, entry)}" for item in found.against if not item.used]
    if others:
        lines.append(f"Marks at the right edge: other published figures ({', '.join(others)}).")
    if _crowded(visits):
        numbers = [str(visit.visit) for visit in visits if visit.timed and visit.score is None]
        more = f" and {len(numbers) - MOST_NAMED} more" if len(numbers) > MOST_NAMED else ""
        lines.append(f"{CROSS} missing: visit {', '.join(numbers[:MOST_NAMED])}{more}.")
    lost = [str(visit.visit) for visit in visits if visit.week is None]
    if lost:
        lines.append(f"Nothing is known of visit {', '.join(lost)}, not even when it was.")
    return lines


def _size(item: Against, entry: Measure) -> str:
    return f"{item.value:g} % of the first score" if item.percent else amount(item.value, entry.unit)


def _sources(item: Against) -> str:
    """Return the sources of a threshold, short, with the mark of its standing."""
    names = "; ".join(outcomes.source_name(name).split(", ")[0] for name in item.sources)
    return f"{look.STANDING[item.standing]} {names}"


def _alt(entry: Measure, visits: tuple[Visit, ...], found: Change) -> str:
    """Say what the chart shows."""
    scored = [visit for visit in visits if visit.score is not None]
    missing = [str(visit.visit) for visit in visits if visit.score is None]
    what = f"Line chart of {entry.name} ({entry.unit}, {entry.better} is better)"
    text = f"{what}, {len(scored)} of {len(visits)} visits with a score. {found.sentence}"
    return text + (f" Missing: visit {', '.join(missing)}." if missing else "")


def _table(what: Visits | Change, visits: tuple[Visit, ...], found: Change) -> list[dict[str, str]]:
    """Return the visits in words."""
    shown = what if isinstance(what, Visits) else Visits(client="client", visits=visits)
    return outcomes.table(shown, found.measure)
