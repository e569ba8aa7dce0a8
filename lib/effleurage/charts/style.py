"""How charts are drawn: one home of sizes and grounds. Nothing here touches the settings of the user.

A chart takes its ground and size from the theme around it::

    with charts.theme("dark", "projector"):
        ax = charts.change(visits, "ndi")
"""

import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec
from weakref import WeakSet

from effleurage import look
from effleurage.errors import UsageError, unknown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Given = ParamSpec("Given")

FONT = "DejaVu Sans"
GROUNDS = {"light": look.LIGHT, "dark": look.DARK, "print": look.PRINT}
SIZES = {"screen": (7.6, 4.6, 10.0, 110), "projector": (11.0, 6.4, 15.0, 110), "print": (6.3, 4.1, 8.0, 200)}
MARKERS = {"circle": "o", "square": "s", "triangle": "^", "diamond": "D", "cross": "X"}
LETTER = 0.54  # mean width of a letter in parts of the font size
BRIGHTER = {"#0072B2": "#56B4E9", "#009E73": "#2fc79a", look.LIGHT["ink"]: look.DARK["ink"]}


@dataclass(frozen=True)
class Theme:
    """The ground and the size that charts are drawn for."""

    ground: str = "light"
    size: str = "screen"

    def __getitem__(self, name: str) -> str:
        """Return the colour of a token, such as ``ink``."""
        return look.HAIR[self.ground] if name == "hair" else GROUNDS[self.ground][name]

    @property
    def points(self) -> float:
        """Return the size of plain text in points."""
        return SIZES[self.size][2]

    @property
    def small(self) -> float:
        """Return the size of small print in points."""
        return self.points * 0.82

    @property
    def inches(self) -> tuple[float, float]:
        """Return width and height of a figure."""
        return SIZES[self.size][:2]

    @property
    def dpi(self) -> int:
        """Return the dots of a picture per inch."""
        return SIZES[self.size][3]

    def thick(self, width: float) -> float:
        """Return a line width that fits the size."""
        return width * self.points / 10

    def line(self, place: int) -> look.Line:
        """Return how the arm in some place is drawn; after the last one the cycle begins again."""
        found = look.CYCLE[place % len(look.CYCLE)]
        if self.ground == "dark":
            found = found._replace(colour=BRIGHTER.get(found.colour, found.colour))
        return found


_theme: ContextVar[Theme] = ContextVar("effleurage_theme", default=Theme())  # noqa: B039  (it is frozen)


@contextmanager
def theme(ground: str = "light", size: str = "screen") -> Iterator[Theme]:
    """Draw the charts inside for another ground (light, dark, print) or size (screen, projector, print).

    Raises:
        UsageError: there is no such ground or size.

    >>> with theme("dark") as now:
    ...     now["paper"]
    '#14191d'
    """
    for what, word, words in (("ground", ground, GROUNDS), ("size", size, SIZES)):
        if word not in words:
            raise UsageError.of([unknown("charts.theme", what, word, words)])
    token = _theme.set(Theme(ground, size))
    try:
        yield _theme.get()
    finally:
        _theme.reset(token)


_ours: "WeakSet[Axes]" = WeakSet()


def current() -> Theme:
    """Return the theme that charts are drawn in now.

    >>> current().size
    'screen'
    """
    return _theme.get()


@contextmanager
def fresh(more: Mapping[str, Any] | None = None) -> Iterator[None]:
    """Draw with matplotlib's own settings; those of the user come back afterwards, untouched."""
    import matplotlib as mpl

    plain = {name: value for name, value in dict.items(mpl.rcParamsDefault) if name != "backend"}
    with mpl.rc_context({**plain, **(more or {})}):
        yield


def chart(draw: Callable[Given, "Axes"]) -> Callable[Given, "Axes"]:
    """Make a function a chart: whatever the user has set for matplotlib, it looks the same."""

    @wraps(draw)
    def drawn(*given: Given.args, **named: Given.kwargs) -> "Axes":
        """Draw with matplotlib's own settings."""
        with fresh():
            return draw(*given, **named)

    return drawn


def begin(ax: "Axes | None", tall: float = 1.0) -> "Axes":
    """Return the axes to draw on: those handed in, or those of a figure of our own; dressed in the theme.

    Args:
        ax: axes, or None.
        tall: height of a figure of our own, in parts of the usual height.
    """
    now = current()
    if ax is None:
        from matplotlib.figure import Figure

        width, height = now.inches
        figure = Figure((width, height * tall), dpi=now.dpi, layout="constrained", facecolor=now["paper"])
        figure.get_layout_engine().set(w_pad=now.points / 72, h_pad=now.points / 72)
        ax = figure.add_subplot()
        _ours.add(ax)
    _dress(ax, now)
    return ax


def _dress(ax: "Axes", now: Theme) -> None:
    """Give axes the ground, the hair lines and the letters of the theme."""
    ax.set_facecolor(now["paper"])
    ax.set_axisbelow(True)
    ax.grid(visible=True, color=now["hair"], linewidth=now.thick(0.7), linestyle="-")
    for side, spine in ax.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(now["hair"])
        spine.set_linewidth(now.thick(0.8))
    ax.tick_params(
        colors=now["muted"], labelcolor=now["ink"], labelsize=now.small, labelfontfamily=FONT, length=0
    )
    ax.margins(x=0.02)


def letters(now: Theme, size: float | None = None, colour: str = "ink", **more: Any) -> dict[str, Any]:
    """Return the settings of a text: font, size, colour."""
    return {"fontsize": size or now.points, "color": now[colour], "family": FONT, **more}


def label(ax: "Axes", title: str, under: str = "", x: str = "", y: str = "") -> None:
    """Write the title (to the left), a line under it, and what the axes show, with units."""
    now = current()
    big = now.points * 1.15
    second = fold(ax, under, now.points) if under else ""
    tall = (second.count("\n") + 1) * now.points * 1.3 if second else 0
    heading = letters(now, big, fontweight="bold")
    ax.set_title(fold(ax, title, big * 1.1), loc="left", pad=tall + now.points * 0.7, **heading)
    if second:
        ax.annotate(
            second,
            (0, 1),
            (0, now.points * 0.7),
            xycoords="axes fraction",
            textcoords="offset points",
            gid="under-title",
            annotation_clip=False,
            **letters(now, colour="muted"),
        )
    ax.set_xlabel(x, **letters(now), labelpad=now.points * 0.5)
    ax.set_ylabel(y, **letters(now), labelpad=now.points * 0.6)


def fold(ax: "Axes", text: str, size: float, share: float = 0.9) -> str:
    """Break a text so that it fits into a part of the figure's width."""
    width = ax.figure.get_figwidth() * 72 * share * _part(ax)
    letters_a_line = max(24, int(width / (size * LETTER)))
    return "\n".join(textwrap.fill(line, letters_a_line) for line in text.split("\n"))


def _part(ax: "Axes") -> float:
    """Return which part of the figure's width belongs to these axes."""
    grid = ax.get_subplotspec()
    return 1.0 if grid is None else len(grid.colspan) / grid.get_gridspec().ncols


def note(ax: "Axes", *lines: str) -> None:
    """Write small print under the chart: sources, populations, what is missing."""
    now = current()
    text = "\n".join(fold(ax, line, now.small) for line in lines if line)
    if not text:
        return
    below = (now.small * 1.6 if ax.xaxis.get_tick_params()["labelbottom"] else 0) + now.points
    below += now.points * 1.5 if ax.get_xlabel() else 0
    if ax in _ours:
        figure = ax.get_figure()
        figure.set_figheight(figure.get_figheight() + (text.count("\n") + 1) * now.small * 1.35 / 72)
    ax.annotate(
        text,
        (0, 0),
        (0, -below),
        xycoords="axes fraction",
        textcoords="offset points",
        verticalalignment="top",
        annotation_clip=False,
        gid="note",
        **letters(now, now.small, "muted", linespacing=1.35),
    )


def say(ax: "Axes", words: str) -> None:
    """Write in the middle of empty axes why they are empty."""
    ax.set_xticks([])
    ax.set_yticks([])
    ax.text(
        0.5,
        0.5,
        words,
        transform=ax.transAxes,
        horizontalalignment="center",
        **letters(current(), colour="muted"),
    )
