"""Markdown that reads on screen, on paper and aloud: words, tables, marks, dates."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from effleurage import safety
from effleurage.knowledge import Standing

MARKS = {name: words[0] for name, words in safety.STANDINGS.items()}
NOT_MADE = "*Not made: the screen comes first.*"


@dataclass(frozen=True)
class Words:
    """Markdown that a notebook shows as such, and everything else as plain text."""

    text: str

    def __str__(self) -> str:
        """Return the Markdown."""
        return self.text

    def _repr_mimebundle_(self, **_given: object) -> dict[str, str]:
        """Return both forms."""
        return {"text/markdown": self.text, "text/plain": self.text}


def together(parts: Iterable[Words]) -> Words:
    """Return several parts as one, one below the other.

    >>> print(together([Words("One."), Words("Two.")]))
    One.
    <BLANKLINE>
    Two.
    """
    return Words("\n\n".join(part.text for part in parts))


def plain(text: object) -> str:
    """Return somebody's words so that Markdown shows them as they are.

    >>> plain("a|b *c* <d>")
    'a\\\\|b \\\\*c\\\\* &lt;d&gt;'
    """
    words = re.sub(r"\s+", " ", str(text)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"[\\`*\[\]|#~$]|\b_|_\b", r"\\\g<0>", words)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; cells are shown as they are, cells that are :class:`Words` as Markdown.

    >>> print(table(["week", "points"], [[1, 17]]))
    | week | points |
    | --- | --- |
    | 1 | 17 |
    """
    lines = [list(head), ["---"] * len(head), *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(cell: object) -> str:
    return cell.text if isinstance(cell, Words) else plain(cell)


def standing(name: Standing) -> str:
    """Return the mark of a standing with its word.

    >>> standing("editorial")
    '○ teaching default'
    """
    return safety.STANDINGS[name]
