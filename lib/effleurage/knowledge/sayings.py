"""Words as data: what a plan should not say or should speak of, and what a stage's words mean for a step."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal

from pydantic import Field

from effleurage.knowledge.basics import Entry, Id, Text
from effleurage.knowledge.rules import Stepwise

Role = Literal["diagnosing", "promising", "claim", "consent", "draping", "sensitive"]


class Wording(Entry):
    """Words that a plan avoids (diagnosing, promising, claim) or speaks (consent, draping, sensitive).

    ``says`` are whole words; ``*`` stands for any ending. Where one of ``unless`` stands in the same text,
    the words mean something else. ``regions`` are those that ask for these words.
    """

    role: Role
    says: tuple[Text, ...] = Field(min_length=1)
    unless: tuple[Text, ...] = ()
    regions: tuple[Id, ...] = ()
    why: Text
    instead: Text

    def found(self, text: str) -> str:
        """Return the first of the words that stands in a text; empty when none does, or not in this sense."""
        hit = pattern(self.says).search(text)
        return hit[0] if hit and not (self.unless and pattern(self.unless).search(text)) else ""


class StageWord(Entry):
    """What words in the 'avoid' lines of a stage mean for a step.

    ``placed`` words count only together with a place. Words without ``means`` cannot be seen in a step: the
    whole line is left to the therapist. Where one of ``unless`` stands in the purpose of a step, it is not
    meant.
    """

    says: tuple[Text, ...] = Field(min_length=1)
    means: Stepwise | None = None
    placed: bool = False
    unless: tuple[Text, ...] = ()


@cache
def pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for whole words, the longest first; ``*`` stands for any ending.

    >>> pattern(("diagnos*",)).search("We diagnosed it.")[0]
    'diagnosed'
    """
    return re.compile(rf"\b(?:{'|'.join(_escaped(words))})\b", re.IGNORECASE)


def _escaped(words: Iterable[str]) -> list[str]:
    return [re.escape(word).replace(r"\*", r"\w*") for word in sorted(words, key=len, reverse=True)]
