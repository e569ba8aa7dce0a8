"""Forms, live views and the pages made of them. Each public name is loaded from its module on first use.

>>> from effleurage import widgets
>>> widgets.StartPage.__name__
'StartPage'
"""

from importlib import import_module
from typing import Any

HOMES = {
    "Exercise": "exercise",
    "exercises": "exercise",
    "Ahead": "ahead",
    "Builder": "builder",
    "outcomes_page": "visits_page",
    "protocol_builder": "protocol_page",
    "StartPage": "start",
}

__all__ = ["HOMES"]


def __getattr__(name: str) -> Any:
    """Load a public name from the module that is its home."""
    if name in HOMES:
        return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
    raise AttributeError(f"'effleurage.widgets' has no {name!r}; it has {', '.join(sorted(HOMES))}")


def __dir__() -> list[str]:
    """Names for tab completion."""
    return sorted({*globals(), *HOMES})
