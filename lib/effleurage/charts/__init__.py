"""Charts: one function each. It draws on the axes it is handed (or on a figure of its own) and returns them.

No chart shows or saves anything or touches matplotlib's settings. ``describe`` gives alt text and table from
the same data, ``png`` and ``svg`` the picture, ``show`` displays it in a notebook with its alt text.

>>> from effleurage import outcomes
>>> ax = change(outcomes.from_rows([{"visit": 1, "week": 0, "measure": "ndi", "score": 22}]))
>>> ax.get_ylabel()
'points (lower is better)'
"""

from effleurage.charts.arms import responders
from effleurage.charts.calendars import calendar
from effleurage.charts.clients import change
from effleurage.charts.courses import course
from effleurage.charts.doses import dose
from effleurage.charts.sessions import session
from effleurage.charts.style import theme
from effleurage.charts.telling import Description, alt, describe, png, show, svg

__all__ = [
    "Description",
    "alt",
    "calendar",
    "change",
    "course",
    "describe",
    "dose",
    "png",
    "responders",
    "session",
    "show",
    "svg",
    "theme",
]
