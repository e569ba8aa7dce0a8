"""Who counts as a responder: a rule in words such as ``change<=-5`` or ``percent<=-30``.

>>> Rule.read("percent<=-30").meets(before=10, after=7)
True
>>> Rule.read("percent<-30").meets(before=10, after=7)
False
"""

import re
from dataclasses import dataclass

import numpy as np

from effleurage.errors import UsageError

RULE = re.compile(r"\s*(change|percent)\s*(<=|<|>=|>)\s*(-?[0-9.]+)\s*")


@dataclass(frozen=True)
class Rule:
    """A limit on the change (points) or the relative change (percent of the score before)."""

    kind: str
    sign: str
    limit: float

    @classmethod
    def read(cls, text: str) -> "Rule":
        """Read a rule.

        Raises:
            UsageError: it cannot be read.

        >>> Rule.read("NDI better")
        Traceback (most recent call last):
        ...
        effleurage.errors.UsageError: responder rule 'NDI better': this is no rule. Allowed: ...
        """
        match = RULE.fullmatch(str(text))
        if not match:
            allowed = "change or percent, then <=, <, >= or >, then a number"
            raise UsageError(
                f"responder rule '{text}'", "this is no rule", allowed, "write it like change<=-5"
            )
        return cls(match[1], match[2], float(match[3]))

    def meets(self, before: np.ndarray | float, after: np.ndarray | float) -> np.ndarray | bool:
        """Tell who responds, for whole scores before and after. Exact: no division, nothing rounded."""
        change = 100.0 * (np.asarray(after) - before)
        limit = self.limit * np.asarray(before) if self.kind == "percent" else self.limit * 100.0
        compare = {"<=": np.less_equal, "<": np.less, ">=": np.greater_equal, ">": np.greater}[self.sign]
        met = compare(change, limit)
        if self.kind == "percent":
            met = met & (np.asarray(before) > 0)
        return met if np.ndim(met) else bool(met)

    def __str__(self) -> str:
        """Give the rule as it is written."""
        return f"{self.kind}{self.sign}{self.limit:g}"
