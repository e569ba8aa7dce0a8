"""The days of a course."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from effleurage.charts import style, telling
from effleurage.charts.words import DAYS, count, day
from effleurage.errors import UsageError
from effleurage.plan import Course, PlannedSession

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WEEK_ROWS = 5  # rows of a calendar at the usual height


@style.chart
def calendar(course: Course, note: str = "", ax: "Axes | None" = None) -> "Axes":
    """Draw the days of a course: one row a week, sessions by number, reassessments ringed and named.

    Args:
        course: the plan.
        note: a line under the chart.
        ax: axes to draw on.

    >>> from effleurage import intake, plan, protocol, safety
    >>> design, client = protocol.load("neck-pain-chronic-60"), intake.load("office-neck")
    >>> ax = calendar(plan.build(design, client, safety.check(design, client)))
    >>> ax.get_title(loc="left")
    '8 sessions in 4 weeks'
    """
    if not isinstance(course, Course):
        do = "hand over the result of plan.build"
        raise UsageError("charts.calendar", f"this is a {type(course).__name__}", "a course", do)
    first = course.start - timedelta(days=course.start.weekday())
    last = max([course.start, *(item.on for item in course.sessions)])
    weeks = (last - first).days // 7 + 1
    ax = style.begin(ax, tall=max(0.5, 0.25 + 0.85 * weeks / WEEK_ROWS))
    for place in range(weeks * 7):
        _date(ax, first + timedelta(days=place), place)
    for item in course.sessions:
        _visit(ax, item, (item.on - first).days)
    _calendar_frame(ax, course, first, weeks)
    style.note(ax, *_calendar_notes(course), note)
    return telling.tell(ax, _calendar_alt(course), _calendar_table(course))


def _date(ax: "Axes", on: date, place: int) -> None:
    """Draw an empty day with its date."""
    from matplotlib.patches import Rectangle

    now = style.current()
    row, column = divmod(place, 7)
    box = {"facecolor": "none", "edgecolor": now["hair"], "linewidth": now.thick(0.8)}
    ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, **box))
    text = f"{on.day} {on:%b}" if on.day == 1 or place == 0 else str(on.day)
    ax.text(column - 0.44, row - 0.4, text, va="top", **style.letters(now, now.small, "muted"))


def _visit(ax: "Axes", item: PlannedSession, place: int) -> None:
    """Draw a session; a reassessment has a second ring and a word."""
    from matplotlib.patches import FancyBboxPatch

    now = style.current()
    row, column = divmod(place, 7)
    shape = "round,pad=0,rounding_size=0.12"
    look = {"facecolor": (now["accent"], 0.2), "edgecolor": now["accent"], "linewidth": now.thick(1.2)}
    ax.add_patch(FancyBboxPatch((column - 0.36, row - 0.1), 0.72, 0.5, boxstyle=shape, gid="session", **look))
    if item.reassess:
        ring = {"facecolor": "none", "edgecolor": now["ink"], "linewidth": now.thick(1.6)}
        ax.add_patch(
            FancyBboxPatch((column - 0.42, row - 0.16), 0.84, 0.62, boxstyle=shape, gid="reassess", **ring)
        )
    words = f"{item.number}\nreassess" if item.reassess else str(item.number)
    centre = {"ha": "center", "va": "center", "linespacing": 1.1}
    ax.text(column, row + 0.15, words, **centre, **style.letters(now, now.small if item.reassess else None))


def _calendar_frame(ax: "Axes", course: Course, first: date, weeks: int) -> None:
    """Set limits and labels: days across, weeks of the course down."""
    ax.set_xlim(-0.5, 6.5)
    ax.set_ylim(weeks - 0.5, -0.5)
    ax.grid(visible=False)
    ax.set_xticks(range(7), DAYS)
    ax.xaxis.set_ticks_position("top")
    ax.set_yticks(
        range(weeks), [f"{first + timedelta(days=7 * row):%d %b}".lstrip("0") for row in range(weeks)]
    )
    for spine in ax.spines.values():
        spine.set_visible(False)
    visits = len(course.sessions)
    now = style.current()
    ax.set_title(
        f"{count(visits, 'session')} in {count(course.weeks, 'week')}",
        loc="left",
        pad=now.points * 2.6,
        **style.letters(now, now.points * 1.15, fontweight="bold"),
    )
    if not visits:
        ax.text(
            3, (weeks - 1) / 2, "No session is planned.", ha="center", **style.letters(now, colour="muted")
        )


def _calendar_notes(course: Course) -> list[str]:
    """Return the lines under the calendar."""
    if not course.sessions:
        return []
    hours = f"{course.hands_on_minutes:g} hands-on minutes in all"
    rings = "Ringed: scores are taken again (reassess)." if any(s.reassess for s in course.sessions) else ""
    return [f"Numbers count the sessions; rows begin on Monday. {hours}.", rings]


def _calendar_alt(course: Course) -> str:
    """Say what the calendar shows."""
    if not course.sessions:
        return "A calendar without a session."
    days = ", ".join(day(item.on) + (" (reassess)" if item.reassess else "") for item in course.sessions)
    return f"Calendar of {count(len(course.sessions), 'session')} in {count(course.weeks, 'week')}: {days}."


def _calendar_table(course: Course) -> list[dict[str, str]]:
    """Return the sessions in words."""
    return [
        {
            "session": str(item.number),
            "date": str(item.on),
            "day": DAYS[item.on.weekday()],
            "week": str(item.week),
            "minutes": f"{item.hands_on_minutes:g}",
            "reassess": "yes" if item.reassess else "",
        }
        for item in course.sessions
    ]
