"""The look of the suite: colours, lines and sizes, written once for pages, charts and paper.

Every pair of text and ground reaches 5.9 : 1 or more. Nothing is told by colour alone: kinds of findings have
a shape and a word, lines in charts a dash and a marker.

>>> LIGHT["accent"], DARK["accent"]
('#0b6466', '#5cc2c0')
"""

from typing import NamedTuple

LIGHT = {
    "paper": "#fbfaf7",
    "ink": "#1d2730",
    "muted": "#52606b",
    "accent": "#0b6466",
    "stop": "#a8201a",
    "clearance": "#6a3d9a",
    "avoid-site": "#8a4b00",
    "limit": "#1b5a9e",
    "clear": "#2c6e35",
}
DARK = {
    "paper": "#14191d",
    "ink": "#e8ecee",
    "muted": "#a9b4bb",
    "accent": "#5cc2c0",
    "stop": "#ff8a80",
    "clearance": "#c7a6f0",
    "avoid-site": "#f0b35a",
    "limit": "#8ab8f0",
    "clear": "#86cf8e",
}


class Line(NamedTuple):
    """How one arm of a chart is drawn: colour, dash (lengths in points; empty is solid) and marker."""

    colour: str
    dash: tuple[float, ...]
    marker: str


CYCLE = (
    Line("#0072B2", (), "circle"),
    Line("#D55E00", (6, 3), "square"),
    Line("#009E73", (7, 3, 2, 3), "triangle"),
    Line("#CC79A7", (2, 2), "diamond"),
    Line(LIGHT["ink"], (12, 4), "cross"),
)

FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif'
PRINT = {**LIGHT, "paper": "#ffffff", "ink": "#000000", "muted": "#404040"}
HAIR = {"light": "#dcd9d1", "dark": "#323c44", "print": "#c9c9c9"}
BANDS = {95: 0.13, 50: 0.24}
STANDING = {"verified": "●", "secondary": "◐", "editorial": "○", "conflict": "⇄"}
TARGET_PX = 44
NARROW_PX = 768


def variables() -> str:
    """Return the colours and sizes as variables of a style sheet: light, and dark where the page is dark.

    JupyterLab marks its themes on the body; elsewhere the wish of the system counts.

    >>> variables().splitlines()[0]
    ':root { --ef-paper: #fbfaf7; --ef-ink: #1d2730; --ef-muted: #52606b; --ef-accent: #0b6466; ... }'
    """
    light, dark = _declared(LIGHT), _declared(DARK)
    return "\n".join(
        (
            f":root {{ {light} --ef-font: {FONT}; --ef-target: {TARGET_PX}px; }}",
            f"@media (prefers-color-scheme: dark) {{ body:not([data-jp-theme-light]) {{ {dark} }} }}",
            f'body[data-jp-theme-light="false"] {{ {dark} }}',
        )
    )


def _declared(colours: dict[str, str]) -> str:
    return " ".join(f"--ef-{name}: {colour};" for name, colour in colours.items())
