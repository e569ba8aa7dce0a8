"""Words that several charts share."""

import re
from datetime import date

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day(on: date) -> str:
    """Return a day as people write it.

    >>> day(date(2026, 3, 9))
    'Mon 9 Mar 2026'
    """
    return f"{DAYS[on.weekday()]} {on.day} {on:%b %Y}"


def count(number: int, what: str) -> str:
    """Return a number with its noun.

    >>> count(1, "step"), count(0, "step")
    ('1 step', '0 steps')
    """
    return f"{number} {what}{'' if number == 1 else 's'}"


def rule_words(rule: str) -> str:
    """Return a responder rule as people say it.

    >>> rule_words("change<=-5"), rule_words("percent<-30")
    ('5 points better or more', 'more than 30 % better')
    """
    found = re.fullmatch(r"(change|percent)(<=?|>=?)-?([0-9.]+)", rule)
    if not found:
        return f"responders ({rule})"
    size = f"{found[3]} {'points' if found[1] == 'change' else '%'} better"
    return f"{size} or more" if found[2].endswith("=") else f"more than {size}"
