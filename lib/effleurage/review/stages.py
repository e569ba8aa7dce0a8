"""What the 'avoid' lines of a stage mean for a step, read with the stage words of the knowledge."""

import re
from functools import cache, reduce

from effleurage import knowledge
from effleurage.knowledge import StageWord, Stepwise, Trigger
from effleurage.knowledge.sayings import pattern
from effleurage.protocol import Step
from effleurage.safety import matches

SOMEWHERE = re.compile(r"\b(on|over|at|in|near|into|around|across|below|above|under)\b", re.IGNORECASE)


def avoided(line: str, step: Step) -> bool:
    """Tell whether an 'avoid' line of a stage speaks of a step; False where no step could show it.

    >>> from effleurage.protocol import Step
    >>> values = {"technique": "tapotement", "side": "both", "minutes": 2.0, "pressure": 3, "purpose": "wake"}
    >>> step = Step(region="lower-back", **values)
    >>> avoided("Percussion over the kidneys", step), avoided("Percussion devices", step)
    (True, False)
    """
    meant = meaning(line)
    if meant is None or not matches(meant, step):
        return False
    return not any(item.unless and pattern(item.unless).search(step.purpose) for item in _words_in(line))


@cache
def meaning(line: str) -> Trigger | None:
    """Return which steps a line speaks of, or None when that cannot be read from it.

    >>> meaning("Deep pressure on the spinous processes").step
    Stepwise(techniques=(), regions=('spine-line',), sides=(), positions=(), pressure_at_least=4)
    >>> meaning("Friction on a tendon that flares") is None
    True
    """
    words = _words_in(line)
    if any(item.means is None for item in words):
        return None
    placed = any(item.means.regions for item in words)
    counting = [item.means for item in words if placed or not item.placed]
    if all(item == Stepwise(regions=item.regions) for item in counting):
        return None
    if not placed and SOMEWHERE.search(_rest(line)):
        return None
    return Trigger(step=reduce(_both, counting))


def _both(one: Stepwise, other: Stepwise) -> Stepwise:
    """Put two meanings together: each place or technique of both, the higher pressure."""
    levels = [item.pressure_at_least for item in (one, other) if item.pressure_at_least is not None]
    names = ("techniques", "regions", "sides", "positions")
    return Stepwise(
        **{name: tuple(dict.fromkeys((*getattr(one, name), *getattr(other, name)))) for name in names},
        pressure_at_least=max(levels, default=None),
    )


@cache
def _words_in(line: str) -> tuple[StageWord, ...]:
    """Return the stage words of a line; the longest reading wins."""
    hits = [hit[0] for hit in pattern(_all_words()).finditer(line)]
    known = knowledge.entries("stage-word").values()
    return tuple(next(item for item in known if pattern(item.says).fullmatch(hit)) for hit in hits)


def _rest(line: str) -> str:
    """Return a line without its stage words."""
    return pattern(_all_words()).sub("", line)


def _all_words() -> tuple[str, ...]:
    return tuple(word for item in knowledge.entries("stage-word").values() for word in item.says)
