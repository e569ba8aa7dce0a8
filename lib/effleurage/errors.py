"""The small tree of errors a user can meet. Every message says where, what, what is allowed, what to do.

>>> raise DataError("neck.yaml, line 7", "technique 'efleurage' is not known", "21 techniques",
...                 "write 'effleurage'")
Traceback (most recent call last):
...
effleurage.errors.DataError: neck.yaml, line 7: technique 'efleurage' is not known. Allowed: 21 techniques. \
To do: write 'effleurage'.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where it stands, what was found, what is allowed, what to do."""

    where: str
    found: str
    allowed: str = ""
    do: str = ""

    def __str__(self) -> str:
        """Give the problem as one line."""
        parts = [f"{self.where}: {self.found}"]
        if self.allowed:
            parts.append(f"Allowed: {self.allowed}")
        if self.do:
            parts.append(f"To do: {self.do}")
        return ". ".join(part.rstrip(".") for part in parts) + "."


class EffleurageError(Exception):
    """Something the user can put right. Holds one or more :class:`Problem`."""

    def __init__(self, where: str, found: str, allowed: str = "", do: str = "") -> None:
        """Make an error of one problem; see :meth:`of` for several."""
        self.problems: tuple[Problem, ...] = (Problem(where, found, allowed, do),)
        super().__init__(str(self))

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> "EffleurageError":
        """Make one error of all problems found in a file, so that they can be mended in one go.

        >>> print(DataError.of([Problem("a.yaml, line 1", "no id"), Problem("a.yaml, line 2", "no name")]))
        a.yaml, line 1: no id.
        a.yaml, line 2: no name.
        """
        error = cls("", "")
        error.problems = tuple(problems)
        error.args = (str(error),)
        return error

    def __str__(self) -> str:
        """Give one line per problem."""
        return "\n".join(str(problem) for problem in self.problems)


class FileError(EffleurageError):
    """A file is missing, cannot be read or written, is too large, or is no text."""


class DataError(EffleurageError):
    """What stands in a file, or a value handed over, is not allowed."""


class UnknownId(DataError):
    """An id that nothing answers to."""


class SafetyError(EffleurageError):
    """A plan is refused because the safety screen is open, missing, or made for another pair."""


class UsageError(EffleurageError):
    """A command or a function is used in a way it cannot be used."""


class Refused(ValueError):
    """Raised inside a record's own check; the reader of the file turns it into a :class:`DataError`."""

    def __init__(self, found: str, allowed: str = "", do: str = "", at: tuple[str, ...] = ()) -> None:
        """Hold what was found, what is allowed, what to do, at which keys inside; the reader adds where."""
        super().__init__(found)
        self.found, self.allowed, self.do, self.at = found, allowed, do, at


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the known word that looks most like ``word``, or None.

    >>> nearest("efleurage", ["effleurage", "petrissage"])
    'effleurage'
    """
    close = get_close_matches(word.lower(), list(words), n=1, cutoff=0.6)
    return close[0] if close else None


def unknown(where: str, what: str, word: object, words: Iterable[str]) -> Problem:
    """Describe an unknown word: the nearest match, else the choices.

    >>> print(unknown("neck.yaml, line 7", "technique", "efleurage", ["effleurage", "petrissage"]))
    neck.yaml, line 7: technique 'efleurage' is not known. Allowed: effleurage, petrissage. To do: write \
'effleurage' if that is what you mean.
    """
    choices = sorted(words)
    close = nearest(str(word), choices)
    shown = ", ".join(choices[:12]) + (f" and {len(choices) - 12} more" if len(choices) > 12 else "")
    do = f"write '{close}' if that is what you mean" if close else "choose one of these"
    return Problem(where, f"{what} '{word}' is not known", shown, do)
