"""What the work on one protocol holds: the client, the answers of the day, the draft, the part in view.

>>> work = Work()
>>> work.client.name, work.steps
('Office worker, 42', [])
"""

import copy
from collections.abc import Mapping
from functools import cache
from typing import Any

from effleurage import intake
from effleurage.intake import Client
from effleurage.widgets import drafts, today

Data = dict[str, Any]

FIRST_CLIENT = "office-neck"


@cache
def case(name: str) -> Client:
    """Return a client of the suite; read once, for a page asks at every change."""
    return intake.load(name)


def beginning(client: str) -> Data:
    """Return the work as it begins: an empty protocol for what the client comes with."""
    complaint = case(client).complaint
    draft = drafts.blank(complaint.condition, complaint.stage)
    return {"client": client, "today": copy.deepcopy(today.NOTHING), "draft": draft, "part": 0}


class Work:
    """The state of the work, as plain values.

    Attributes:
        data: what a record keeps: ``client`` (id), ``today`` (answers), ``draft``, ``part`` in view.
        focus: the key of what was made or moved last, for the page to go to.
    """

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        """Begin with an empty protocol for the first client, or with what a record kept."""
        self.data: Data = copy.deepcopy(dict(data)) if data else beginning(FIRST_CLIENT)
        self.focus = ""
        self._client: tuple[str, Client | None] = ("", None)

    @property
    def draft(self) -> drafts.Draft:
        """Return the protocol as it stands, in the shape of the file."""
        return self.data["draft"]

    @property
    def part(self) -> int:
        """Return which part of the course is in view, counted from 0."""
        return min(self.data.get("part", 0), len(self.draft["phases"]) - 1)

    @property
    def phase(self) -> Data:
        """Return the part in view."""
        return self.draft["phases"][self.part]

    @property
    def steps(self) -> list[drafts.Draft]:
        """Return the steps of the part in view."""
        return self.phase["session"]["steps"]

    @property
    def client(self) -> Client:
        """Return the client with the answers of the day."""
        key = repr((self.data["client"], self.data["today"]))
        if key != self._client[0]:
            self._client = key, today.with_answers(case(self.data["client"]), self.data["today"])
        return self._client[1]
