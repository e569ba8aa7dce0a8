"""Every case against every protocol, for instructors: which pairs stop, wait, are limited, or are clear."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from effleurage.intake import Client
from effleurage.knowledge import Id, Record
from effleurage.protocol import Protocol
from effleurage.safety.screen import Screen, check
from effleurage.safety.words import SIGNS

Outcome = Literal["stop", "clearance", "ask", "limits", "clear"]
OUTCOMES: tuple[Outcome, ...] = ("stop", "clearance", "ask", "limits", "clear")


class Row(Record):
    """One case: its outcome with each protocol, in the order of the protocols."""

    case: Id
    outcomes: dict[Id, Outcome]

    @property
    def counts(self) -> dict[Outcome, int]:
        """Return how many protocols end in each outcome."""
        counted = Counter(self.outcomes.values())
        return {outcome: counted[outcome] for outcome in OUTCOMES}


def outcome(screen: Screen) -> Outcome:
    """Return what a screen comes to, in one word; the gravest wins, and unknown is never clear.

    >>> from effleurage import intake, protocol
    >>> outcome(check(protocol.load("neck-pain-gentle"), intake.load("driver-neck")))
    'stop'
    """
    if screen.stops:
        return "stop"
    if screen.clearances:
        return "clearance"
    if any(item.open for item in screen.asks) or (screen.asks and not screen.findings):
        return "ask"
    return "limits" if screen.findings else "clear"


def matrix(clients: Sequence[Client], protocols: Sequence[Protocol]) -> tuple[Row, ...]:
    """Screen every client for every protocol, each on the day of the visit.

    >>> from effleurage import intake, protocol
    >>> matrix([intake.load("office-neck")], [protocol.load("neck-pain-gentle")])[0].outcomes
    {'neck-pain-gentle': 'clear'}
    """
    return tuple(
        Row(case=client.id, outcomes={design.id: outcome(check(design, client)) for design in protocols})
        for client in clients
    )


def cell(found: Outcome) -> str:
    """Return an outcome as sign and word, so that neither colour nor sign alone carries it.

    >>> cell("stop")
    '⬣ stop'
    """
    return f"{SIGNS['limit' if found == 'limits' else found]} {found}"
