"""The matrix of cases and protocols as tables that can be read on paper and aloud."""

from collections import Counter
from collections.abc import Mapping, Sequence

from effleurage.reports.words import Words, table
from effleurage.safety import OUTCOMES, Row, cell

MEANS = {
    "stop": "no session; refer, as soon as the screen says",
    "clearance": "no plan until a written clearance is recorded",
    "ask": "a question is open that could stand against a plan",
    "limits": "a plan is made, inside locked places, caps and other limits",
    "clear": "no rule applies and nothing is left to ask",
}


def outcomes_legend() -> Words:
    """Say each outcome by sign and word, and what it means, the gravest first."""
    return Words(table(["", "it means"], [(cell(found), MEANS[found]) for found in OUTCOMES]))


def pairs_in_short(rows: Sequence[Row]) -> Words:
    """Count the pairs by outcome, and say how many there are of what."""
    counted = sum((Counter(row.counts) for row in rows), Counter())
    width = len(rows[0].outcomes) if rows else 0
    total = f"{len(rows)} cases × {width} protocols = {len(rows) * width} pairs"
    return Words(f"{total}: {', '.join(f'{cell(found)} {counted[found]}' for found in OUTCOMES)}.")


def pairs_by_case(rows: Sequence[Row], kinds: Mapping[str, str]) -> Words:
    """Count for each case how many protocols end in each outcome; ``kinds`` come from the answer sheets."""
    head = ["case", "kind by its answer sheet", *(cell(found) for found in OUTCOMES)]
    lines = [(row.case, kinds.get(row.case, ""), *row.counts.values()) for row in rows]
    return Words(table(head, lines))


def pairs(rows: Sequence[Row], columns: int = 6) -> Words:
    """Show every pair: one table for so many protocols at a time, so that a page can hold it.

    >>> print(pairs([Row(case="office-neck", outcomes={"neck-pain-gentle": "clear"})]))
    | case | neck-pain-gentle |
    | --- | --- |
    | office-neck | ✓ clear |
    """
    names = list(rows[0].outcomes) if rows else []
    groups = [names[start : start + columns] for start in range(0, len(names), columns)]
    parts = [
        table(["case", *some], [(row.case, *(cell(row.outcomes[name]) for name in some)) for row in rows])
        for some in groups
    ]
    return Words("\n\n".join(parts))
