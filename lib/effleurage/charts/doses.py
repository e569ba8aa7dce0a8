"""Doses beside each other: what more minutes are worth, and where the data end."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from effleurage.charts import style, telling

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@style.chart
def dose(
    rows: Sequence[Mapping[str, Any]],
    x: str = "hands-on minutes in all",
    what: str = "share of responders",
    note: str = "",
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the share of responders against the dose, with 95 % bands, and where the data end.

    Args:
        rows: one a dose: ``dose`` (number on the x axis), ``value`` (percent), ``low`` and ``high`` (95 %),
            ``label`` (the dose in words), ``series`` (doses joined by a line, such as ``60-min sessions``),
            ``beyond`` (true where no published dose is as large or as small).
        x: what the doses are, with their unit.
        what: what the values are.
        note: a line under the chart.
        ax: axes to draw on.

    >>> ax = dose([{"dose": 240, "value": 40, "low": 25, "high": 60, "label": "60x1x4"}])
    >>> ax.get_ylabel()
    'share of responders (%)'
    """
    ax = style.begin(ax)
    style.label(ax, f"{what[0].upper()}{what[1:]} by dose", x=x, y=f"{what} (%)")
    if not rows:
        style.say(ax, "There is no dose to show.")
        return telling.tell(ax, f"An empty chart of {what} by dose.", [])
    found = sorted(rows, key=lambda row: row["dose"])
    ax.set_ylim(0, 100)
    ax.margins(x=0.08)
    names = dict.fromkeys(row.get("series") or "" for row in found)
    for place, name in enumerate(names):
        _series(ax, name, place, found)
    if any(names):
        _key(ax, list(names))
    beyond = any(row.get("beyond") for row in found)
    hollow = "Hollow: larger or smaller than any published dose in what we hold." if beyond else ""
    style.note(ax, "Simulated by the teaching model. Bands and bars: 95 % intervals.", hollow, note)
    return telling.tell(ax, _alt(found, x, what), [_words(row, x) for row in found])


def _series(ax: "Axes", name: str, place: int, found: Sequence[Mapping[str, Any]]) -> None:
    """Draw the doses of one series."""
    now = style.current()
    line = now.line(place)
    rows = [row for row in found if (row.get("series") or "") == name]
    banded = [row for row in rows if row.get("low") is not None]
    edges = [[row[end] for row in banded] for end in ("dose", "low", "high")]
    ax.fill_between(*edges, color=line.colour, alpha=0.13, linewidth=0, gid="band")
    for row in banded:
        ends = (row["low"], row["high"])
        ax.plot((row["dose"],) * 2, ends, color=line.colour, linewidth=now.thick(1), gid="interval")
    ax.plot(
        [row["dose"] for row in rows],
        [row["value"] for row in rows],
        color=line.colour,
        linewidth=now.thick(1.8),
        dashes=line.dash or (None, None),
        gid="curve",
    )
    for row in rows:
        _point(ax, row, line.colour, style.MARKERS[line.marker], below=place % 2 == 0)


def _key(ax: "Axes", names: Sequence[str]) -> None:
    """Say which line is which, by marker and dash."""
    from matplotlib.lines import Line2D

    now = style.current()
    handles = [
        Line2D(
            [],
            [],
            color=now.line(place).colour,
            marker=style.MARKERS[now.line(place).marker],
            dashes=now.line(place).dash or (None, None),
            linewidth=now.thick(1.8),
            label=name or "other doses",
        )
        for place, name in enumerate(names)
    ]
    words = {"labelcolor": now["ink"], "prop": {"family": style.FONT, "size": now.small}}
    ax.legend(handles=handles, loc="lower right", frameon=False, handlelength=3.2, **words).set_gid("series")


def _point(ax: "Axes", row: Mapping[str, Any], colour: str, marker: str, below: bool) -> None:
    """Draw one dose with its words; hollow where the data have ended."""
    now = style.current()
    face = now["paper"] if row.get("beyond") else colour
    size = {"markersize": now.thick(7), "markeredgewidth": now.thick(1.6)}
    place = (row["dose"], row["value"])
    ax.plot(*place, marker=marker, color=colour, markerfacecolor=face, gid="dose", **size)
    ax.annotate(
        str(row.get("label") or ""),
        place,
        (now.points * 0.6, now.points * (-1.5 if below else 0.7)),
        textcoords="offset points",
        gid="dose-words",
        bbox={"facecolor": now["paper"], "edgecolor": "none", "pad": 0.6, "alpha": 0.8},
        **style.letters(now, now.small),
    )


def _words(row: Mapping[str, Any], x: str) -> dict[str, str]:
    """Return a row of the table."""
    low, high = row.get("low"), row.get("high")
    return {
        "dose": str(row.get("label") or ""),
        x: f"{row['dose']:g}",
        "value": f"{row['value']:.0f} %",
        "95 % interval": f"{low:.0f} % to {high:.0f} %" if low is not None and high is not None else "",
        "note": "no published dose as large or as small" if row.get("beyond") else "",
    }


def _alt(rows: Sequence[Mapping[str, Any]], x: str, what: str) -> str:
    """Say what the chart shows."""
    told = "; ".join(f"{row.get('label') or ''} ({row['dose']:g}): {row['value']:.0f} %" for row in rows)
    return f"Chart of {what} against {x}, simulated. {told}."
