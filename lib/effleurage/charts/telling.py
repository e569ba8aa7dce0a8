"""Alt text and table of a chart, from the same data as the picture; pictures as bytes; showing them."""

import base64
import io
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from effleurage.charts.style import fresh
from effleurage.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Description:
    """What a chart says, for those who do not see it: one text, and the table of what is drawn."""

    alt: str
    table: list[dict[str, str]] = field(default_factory=list)


_told: "WeakKeyDictionary[Axes, Description]" = WeakKeyDictionary()


def tell(ax: "Axes", alt: str, table: list[dict[str, str]]) -> "Axes":
    """Keep what a chart says beside its axes; return the axes."""
    _told[ax] = Description(alt, table)
    return ax


def describe(ax: "Axes") -> Description:
    """Return the alt text and the table of a chart.

    Raises:
        UsageError: no chart of the suite was drawn on these axes.

    >>> from effleurage import charts, outcomes
    >>> rows = [{"visit": 1, "week": 0, "measure": "ndi", "score": 22}]
    >>> describe(charts.change(outcomes.from_rows(rows))).table[0]["score"]
    '22'
    """
    if ax not in _told:
        do = "draw a chart of effleurage.charts on them first"
        raise UsageError("charts.describe", "these axes hold no chart of the suite", "", do)
    return _told[ax]


def alt(what: "Axes | Figure") -> str:
    """Return the alt text of a chart, or of all charts of a figure."""
    axes = what.axes if hasattr(what, "axes") and isinstance(what.axes, list) else [what]
    return " ".join(describe(ax).alt for ax in axes if ax in _told)


def _figure(what: "Axes | Figure") -> "Figure":
    return what.figure if hasattr(what, "figure") and hasattr(what, "plot") else what


def png(what: "Axes | Figure", dpi: int | None = None) -> bytes:
    """Return a chart as a picture, for ``Image.value``; put :func:`describe` (alt) beside it.

    >>> from effleurage import charts, outcomes
    >>> png(charts.change(outcomes.from_rows([])))[:4]
    b'\\x89PNG'
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure, picture = _figure(what), io.BytesIO()
    canvas, before = figure.canvas, figure.dpi
    try:
        figure.set_dpi(dpi or before)
        with fresh():
            FigureCanvasAgg(figure).print_png(picture, metadata={"Software": None})
    finally:
        figure.set_dpi(before)
        figure.set_canvas(canvas)
    return picture.getvalue()


def svg(what: "Axes | Figure") -> str:
    """Return a chart as a drawing with its alt text inside, for pages and print; the same each time.

    >>> from effleurage import charts, outcomes
    >>> svg(charts.change(outcomes.from_rows([]))).startswith("<svg")
    True
    """
    picture = io.BytesIO()
    with fresh({"svg.hashsalt": "effleurage"}):
        _figure(what).savefig(picture, format="svg", metadata={"Date": None})
    text = picture.getvalue().decode()
    text = text[text.index("<svg") :]
    opening, rest = text.split(">", 1)
    words = escape(alt(what))
    return f'{opening} role="img" aria-label="{words}"><title>{words}</title>{rest}'


def show(what: "Axes | Figure") -> None:
    """Show a chart in a notebook, with its alt text for screen readers.

    Outside of a notebook the alt text is printed.
    """
    from IPython.display import display

    words = alt(what)
    picture = base64.b64encode(png(what)).decode()
    display({"image/png": picture, "text/plain": words}, raw=True, metadata={"image/png": {"alt": words}})
