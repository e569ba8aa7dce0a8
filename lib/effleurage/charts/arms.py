"""Arms beside each other: shares of responders and relative risks, published beside simulated."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from effleurage.charts import style, telling
from effleurage.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

KINDS = {"published": "D", "simulated": "o"}
NOT_HERE = "not published in what we hold"
MOST_ARMS = 40
RATIO_ENDS = (0.1, 30.0)
RATIO_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20)
ROW_INCHES = 0.5


class Row(NamedTuple):
    """One figure of one arm. ``value`` None: there is none; ``low`` and ``high`` are the 95 % interval."""

    arm: str
    kind: str
    value: float | None
    low: float | None
    high: float | None
    note: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Row":
        """Read a row; what is left out is not known."""
        if row.get("kind") not in KINDS:
            do = "write kind='published' or kind='simulated'"
            raise UsageError("charts.responders", f"kind {row.get('kind')!r}", ", ".join(KINDS), do)
        numbers = (row.get(name) for name in ("value", "low", "high"))
        return cls(str(row["arm"]), row["kind"], *numbers, row.get("note") or "")


@style.chart
def responders(
    rows: Sequence[Mapping[str, Any]],
    what: str = "relative risk",
    title: str = "",
    note: str = "",
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw what each arm shows with its interval, published beside simulated.

    Args:
        rows: one a figure: ``arm``, ``kind`` (published or simulated), ``value`` (None: not in what we hold),
            ``low`` and ``high`` (95 % interval, None: not known), ``note`` (such as ``p = 0.04``).
        what: what the figures are; with ``relative risk`` in it the scale is logarithmic with a line at 1,
            otherwise they are shares in percent, 0 to 100.
        title: heading; default is what the figures are.
        note: a line under the chart.
        ax: axes to draw on.

    Raises:
        UsageError: a row is neither published nor simulated.

    >>> found = {"arm": "60 min, 2 a week", "kind": "published", "value": 3.41, "note": "p = 0.04"}
    >>> ax = responders([found, {**found, "kind": "simulated", "value": 2.5, "low": 1.2, "high": 5}])
    >>> [text.get_text() for text in ax.get_yticklabels()]
    ['60 min, 2 a week']
    """
    found = [Row.of(row) for row in rows]
    arms = list(dict.fromkeys(row.arm for row in found))
    shown = arms[:MOST_ARMS]
    now = style.current()
    ax = style.begin(ax, tall=max(0.45, (len(shown) * ROW_INCHES + 1.5) * now.points / 10 / now.inches[1]))
    ratio = "relative risk" in what
    _frame(ax, shown, what, title, ratio)
    if not found:
        style.say(ax, "There is no arm to show.")
        return telling.tell(ax, f"An empty chart of {what}.", [])
    for row in found:
        if row.arm in shown:
            _figure(ax, shown.index(row.arm), row, ratio)
    more = f"{len(arms) - len(shown)} more arms stand in the table." if len(arms) > len(shown) else ""
    key = "Diamond: published. Circle: simulated by the teaching model. Lines: 95 % intervals."
    style.note(ax, key, more, note)
    return telling.tell(ax, _alt(found, what), [_words(row, ratio) for row in found])


def _frame(ax: "Axes", arms: list[str], what: str, title: str, ratio: bool) -> None:
    """Set scale, limits and labels."""
    now = style.current()
    ax.set_ylim(max(len(arms), 1) - 0.45, -0.55)
    ax.set_yticks(range(len(arms)), arms)
    ax.grid(visible=False, axis="y")
    ax.spines["left"].set_visible(False)
    heading = title or f"{what[0].upper()}{what[1:]}"
    if not ratio:
        ax.set_xlim(0, 100)
        style.label(ax, heading, x=f"{what} (%)")
        return
    ax.set_xscale("log")
    ax.set_xlim(*RATIO_ENDS)
    ax.set_xticks(RATIO_TICKS, [f"{tick:g}" for tick in RATIO_TICKS])
    ax.set_xticks([], minor=True)
    ax.axvline(1, color=now["muted"], linewidth=now.thick(1.1), gid="no-difference")
    style.label(ax, heading, x=f"{what} (1 is no difference; log scale)")


def _figure(ax: "Axes", place: int, row: Row, ratio: bool) -> None:
    """Draw one figure with its interval, and its numbers in words at the right."""
    now = style.current()
    published = row.kind == "published"
    y = place + (-0.19 if published else 0.19)
    colour = now["ink"] if published else now.line(0).colour
    if row.value is not None:
        low, high = _ends(row, ratio)
        dash = "-" if published else (0, (5, 1.5))
        ax.plot((low, high), (y, y), color=colour, linewidth=now.thick(1.8), linestyle=dash, gid="interval")
        _off_scale(ax, row, y, colour, ratio)
        ax.plot(
            (_held(row.value, ratio),),
            (y,),
            linestyle="none",
            marker=KINDS[row.kind],
            markersize=now.thick(7.5),
            color=colour,
            markerfacecolor=colour if published else now["paper"],
            markeredgewidth=now.thick(1.6),
            gid=row.kind,
        )
    ax.annotate(
        _numbers(row, ratio),
        (1, y),
        (now.points * 0.6, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        verticalalignment="center",
        annotation_clip=False,
        gid=f"{row.kind}-words",
        **style.letters(now, now.small, "ink" if published else "muted"),
    )


def _off_scale(ax: "Axes", row: Row, y: float, colour: str, ratio: bool) -> None:
    """Draw an arrow head where an interval goes on beyond the scale."""
    low, high = RATIO_ENDS if ratio else (0.0, 100.0)
    for end, beyond, head in ((row.low, low, "<"), (row.high, high, ">")):
        if end is not None and _held(end, ratio) != end:
            ax.plot((beyond,), (y,), marker=head, color=colour, clip_on=False, gid="goes-on")


def _ends(row: Row, ratio: bool) -> tuple[float, float]:
    """Return the interval as it is drawn; only the value itself where none is known."""
    if row.low is None or row.high is None:
        return _held(row.value, ratio), _held(row.value, ratio)
    return _held(row.low, ratio), _held(row.high, ratio)


def _held(value: float, ratio: bool) -> float:
    """Hold a number inside the scale."""
    low, high = RATIO_ENDS if ratio else (0.0, 100.0)
    return min(max(value, low), high)


def _numbers(row: Row, ratio: bool) -> str:
    """Return a figure in words."""
    if row.value is None:
        return row.note or NOT_HERE
    text = _one(row.value, ratio)
    if row.low is not None and row.high is not None:
        text += f" ({_one(row.low, ratio)} to {_one(row.high, ratio)})"
    elif row.kind == "published":
        text += " (no interval in what we hold)"
    return f"{text}, {row.note}" if row.note else text


def _one(value: float, ratio: bool) -> str:
    if ratio:
        return f"{value:.2f}" if value < 10 else f"{value:.0f}"
    return f"{value:.0f} %"


def _words(row: Row, ratio: bool) -> dict[str, str]:
    """Return a row of the table."""
    known = row.value is not None
    with_ends = row.low is not None and row.high is not None
    return {
        "arm": row.arm,
        "kind": row.kind,
        "value": _one(row.value, ratio) if known else NOT_HERE,
        "95 % interval": f"{_one(row.low, ratio)} to {_one(row.high, ratio)}" if known and with_ends else "",
        "note": row.note,
    }


def _alt(rows: list[Row], what: str) -> str:
    """Say what the chart shows."""
    ratio = "relative risk" in what
    told = "; ".join(f"{row.arm}, {row.kind}: {_numbers(row, ratio)}" for row in rows[: 2 * MOST_ARMS])
    return f"Chart of {what} by arm, published beside simulated. {told}."
