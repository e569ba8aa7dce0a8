"""The style sheet and the scripts of all pages, put together from the tokens of the look and plain files.

>>> "--ef-accent: #0b6466" in sheet("builder.css")
True
"""

from functools import cache
from pathlib import Path

from effleurage import look

STATIC = Path(__file__).parent / "static"
DARK_GROUNDS = ('[data-jp-theme-light="false"] .ef-page', ".ef-page.ef-dark")


@cache
def sheet(*names: str) -> str:
    """Return the tokens, the rules that all pages share, and the rules of a page."""
    rules = "\n".join(_text(name) for name in ("base.css", *names))
    return f"{tokens()}\n{rules}"


@cache
def script(*names: str) -> str:
    """Return the module of a page: the shared helpers, then its own files, as one text."""
    return "\n".join(_text(name) for name in ("base.js", *names))


def tokens() -> str:
    """Return the colours and sizes of the look as variables, light, dark and as the system asks."""
    light, dark = _variables(look.LIGHT), _variables(look.DARK)
    sizes = f"--ef-font: {look.FONT}; --ef-target: {look.TARGET_PX}px;"
    asked = ":root:not(:has([data-jp-theme-light])) .ef-page"
    return "\n".join(
        (
            f".ef-page {{ {light} {_lines()} {sizes} color-scheme: light; }}",
            f"{', '.join(DARK_GROUNDS)} {{ {dark} color-scheme: dark; }}",
            f"@media (prefers-color-scheme: dark) {{ {asked} {{ {dark} color-scheme: dark; }} }}",
        )
    )


def _variables(colours: dict[str, str]) -> str:
    return " ".join(f"--ef-{name}: {value};" for name, value in colours.items())


def _lines() -> str:
    """Return the colours of the lines in charts."""
    return " ".join(f"--ef-line-{place}: {line.colour};" for place, line in enumerate(look.CYCLE[:4]))


def _text(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")
