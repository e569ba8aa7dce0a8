"""Words that several charts share."""

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
