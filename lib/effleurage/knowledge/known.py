"""The check that records share: an id must be one that the knowledge base holds."""

from effleurage.errors import Refused, unknown
from effleurage.knowledge.store import entries


def refuse_unknown(kind: str, word: str, more: str = "") -> None:
    """Refuse an id that the knowledge base does not hold; ``more`` names what else is allowed.

    >>> refuse_unknown("technique", "petrissage")
    """
    if word not in entries(kind):
        problem = unknown("", kind, word, entries(kind))
        raise Refused(problem.found, problem.allowed + more, problem.do)
