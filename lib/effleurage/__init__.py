"""Effleurage: teach and design medical massage protocols, from client to outcome chart.

Reading aloud::

    import effleurage as ef

    client = ef.intake.load("office-neck")
    protocol = ef.protocol.load("neck-pain-chronic-60")
    screen = ef.safety.check(protocol, client)
    course = ef.plan.build(protocol, client, screen)
    runs = ef.simulate.cohort(course, clients=2_000, seed=7)

The modules are loaded when they are first used, so that importing the package costs next to nothing.

>>> import effleurage as ef
>>> ef.knowledge.get("technique", "effleurage").name
'Effleurage'
"""

from importlib import import_module
from types import ModuleType

__version__ = "0.1.0"

MODULES = (
    "errors",
    "paths",
    "files",
    "knowledge",
    "intake",
    "protocol",
    "safety",
    "plan",
    "simulate",
    "evidence",
    "review",
    "outcomes",
    "records",
    "look",
    "charts",
    "quiz",
    "widgets",
    "lessons",
    "reports",
    "batch",
    "lab",
    "bench",
    "authoring",
    "checks",
    "publish",
    "cli",
)

__all__ = ["MODULES", "__version__"]


def __getattr__(name: str) -> ModuleType:
    """Load a module of the suite on first use."""
    if name in MODULES:
        return import_module(f"{__name__}.{name}")
    message = f"module 'effleurage' has no attribute {name!r}; its modules are {', '.join(MODULES)}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """Names for tab completion."""
    return sorted({*globals(), *MODULES})
