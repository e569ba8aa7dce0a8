"""What the 'avoid' lines of a stage mean for a step, read with the stage words of the knowledge."""

import re
from collections.abc import Iterable
from functools import cache

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
    if not any(matches(meant, step) for meant in meaning(line)):
        return False
    return not any(item.unless and pattern(item.unless).search(step.purpose) for item in _words_in(line))


@cache
def meaning(line: str) -> tuple[Trigger, ...]:
    """Return which steps a line speaks of: nothing when that cannot be read from it.

    >>> meaning("Deep pressure on the spinous processes")[0].step
    Stepwise(techniques=(), regions=('spine-line',), sides=(), positions=(), pressure_at_least=4)
    >>> len(meaning("Deep work and sustained pressure")), meaning("Friction on a tendon that flares")
    (2, ())
    """
    words = _words_in(line)
    if any(item.means is None for item in words):
        return ()
    places = tuple(item for item in words if item.means.regions)
    parts = [_words_in(part) for part in line.split(" and ")]
    if len(parts) > 1 and all(map(_acts, parts)):
        return tuple(Trigger(step=_together((*part, *places))) for part in parts)
    if not _acts(words, bool(places)) or (not places and SOMEWHERE.search(_rest(line))):
        return ()
    return (Trigger(step=_together(tuple(item for item in words if places or not item.placed))),)


def _acts(words: tuple[StageWord, ...], with_place: bool = False) -> bool:
    """Tell whether words name something done, and not only where."""
    counting = [item.means for item in words if item.means and (with_place or not item.placed)]
    return any(item != Stepwise(regions=item.regions) for item in counting)


def _together(words: tuple[StageWord, ...]) -> Stepwise:
    """Put the meanings of words together: every place and technique, the highest pressure."""
    names = ("techniques", "regions", "sides", "positions")
    levels = [item.means.pressure_at_least for item in words if item.means.pressure_at_least is not None]
    lists = {name: [value for item in words for value in getattr(item.means, name)] for name in names}
    unique = {name: tuple(dict.fromkeys(values)) for name, values in lists.items()}
    return Stepwise(**unique, pressure_at_least=max(levels, default=None))


@cache
def _words_in(line: str) -> tuple[StageWord, ...]:
    """Return the stage words of a line; the longest reading wins."""
    hits = [hit[0] for hit in pattern(_says(_known())).finditer(line)]
    return tuple(next(item for item in _known() if pattern(item.says).fullmatch(hit)) for hit in hits)


def _rest(line: str) -> str:
    """Return a line without what is done in it."""
    return pattern(_says(item for item in _known() if not item.placed)).sub("", line)


def _known() -> tuple[StageWord, ...]:
    return tuple(knowledge.entries("stage-word").values())


def _says(words: Iterable[StageWord]) -> tuple[str, ...]:
    return tuple(word for item in words for word in item.says)
