"""A session minute by minute."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from effleurage import knowledge
from effleurage.charts import style, telling
from effleurage.charts.words import count, day
from effleurage.plan import Dropped, PlannedSession
from effleurage.protocol import Session, Step

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FREE_FROM = 0.5  # minutes
ROW_INCHES = 0.36
DEEPEST = 5
NAMES = 0.62  # width of the names, in parts of the session


@style.chart
def session(what: PlannedSession | Session, note: str = "", ax: "Axes | None" = None) -> "Axes":
    """Draw the minutes of one visit, step by step, with pressure and what is left over.

    Args:
        what: a session as planned for a client, or as designed in a protocol.
        note: a line under the chart.
        ax: axes to draw on.

    >>> from effleurage import protocol
    >>> ax = session(protocol.load("neck-pain-chronic-60").phases[0].session)
    >>> ax.get_xlabel(), len(telling.describe(ax).table)
    ('hands-on minutes', 8)
    """
    rows = len(what.steps) + 1
    now = style.current()
    ax = style.begin(ax, tall=max(0.5, (rows * ROW_INCHES + 1.2) * now.points / 10 / now.inches[1]))
    starts = _starts(what.steps)
    for row, (step, start) in enumerate(zip(what.steps, starts, strict=True)):
        _bar(ax, row, step, start)
        _names(ax, row, step)
    left = what.minutes - what.hands_on_minutes
    if left >= FREE_FROM:
        _free(ax, len(what.steps), what.hands_on_minutes, left)
    _frame(ax, what, left)
    turned = _turns(ax, what.steps)
    dropped = getattr(what, "dropped", ())
    style.note(ax, *_session_notes(what.steps, dropped, turned), note)
    return telling.tell(ax, _session_alt(what, left, dropped), _session_table(what.steps, starts, dropped))


def _starts(steps: Sequence[Step]) -> list[float]:
    """Return the minute at which each step begins."""
    found, now = [], 0.0
    for step in steps:
        found.append(now)
        now += step.minutes
    return found


def _bar(ax: "Axes", row: int, step: Step, start: float) -> None:
    """Draw one step: the deeper the pressure, the fuller the bar; the level stands in words beside it."""
    now = style.current()
    level = 0 if step.pressure is None else step.pressure
    ax.barh(
        row,
        step.minutes,
        left=start,
        height=0.6,
        color=(now["accent"], 0.16 + 0.74 * level / DEEPEST),
        edgecolor=now["accent"],
        linewidth=now.thick(1),
        hatch=None if step.pressure is not None else "...",
        gid="step",
    )
    pressure = "" if step.pressure is None else f", P{step.pressure}"
    changed = " *" if getattr(step, "changed", ()) else ""
    _beside(ax, row, start + step.minutes, f"{step.minutes:g} min{pressure}{changed}")


def _beside(ax: "Axes", row: int, end: float, words: str) -> None:
    """Write what a bar is, to its right."""
    now = style.current()
    ax.annotate(
        words,
        (end, row),
        (now.points * 0.5, 0),
        textcoords="offset points",
        verticalalignment="center",
        gid="minutes",
        bbox={"facecolor": now["paper"], "edgecolor": "none", "pad": 0.6},
        **style.letters(now, now.small),
    )


def _free(ax: "Axes", row: int, start: float, left: float) -> None:
    """Draw the minutes that no step takes."""
    now = style.current()
    edge = {"edgecolor": now["muted"], "linewidth": now.thick(1), "linestyle": (0, (3, 2))}
    ax.barh(row, left, left=start, height=0.6, color="none", gid="free", **edge)
    _beside(ax, row, start + left, f"{left:g} min free")


def _frame(ax: "Axes", what: PlannedSession | Session, left: float) -> None:
    """Set limits and labels; minutes run from the end of the names to the right."""
    now = style.current()
    rows = max(len(what.steps) + (left >= FREE_FROM), 1)
    whole = max(what.minutes, what.hands_on_minutes, 1)
    ax.set_xlim(-whole * NAMES, whole * 1.17)
    ax.set_ylim(rows - 0.4, -0.6)
    ax.grid(visible=False)
    ax.set_yticks([])
    every = next(step for step in (5, 10, 15, 30, 60) if whole / step <= 7)
    ticks = range(0, int(whole) + 1, every)
    ax.set_xticks(ticks)
    ax.vlines(ticks, -0.6, rows - 0.4, color=now["hair"], linewidth=now.thick(0.7), zorder=0)
    ax.spines["left"].set_visible(False)
    ax.spines["bottom"].set_bounds(0, whole)
    number = f"Session {what.number}: " if isinstance(what, PlannedSession) else "Session: "
    under = f"{what.hands_on_minutes:g} hands-on minutes of {what.minutes:g}"
    if isinstance(what, PlannedSession):
        under = f"{day(what.on)}, week {what.week}: {under}"
    style.label(ax, number + count(len(what.steps), "step"), under)
    ax.set_xlabel("hands-on minutes", loc="right", **style.letters(now))
    if not what.steps:
        style.say(ax, "No step is left in this session.")


def _names(ax: "Axes", row: int, step: Step) -> None:
    """Write the name of a step to the left: technique, and under it the place and the position."""
    now = style.current()
    technique, where = _words(step)
    place = {"xycoords": ax.get_yaxis_transform(), "textcoords": "offset points", "annotation_clip": False}
    for words, colour, up in ((technique, "ink", 0.62), (f"{where}, {step.position}", "muted", -0.62)):
        ax.annotate(
            words,
            (0, row),
            (0, up * now.small),
            verticalalignment="center",
            gid="name",
            **place,
            **style.letters(now, now.small, colour),
        )


def _words(step: Step | Dropped) -> tuple[str, str]:
    """Return technique and place of a step in words."""
    technique, region = (knowledge.get(kind, getattr(step, kind)).name for kind in ("technique", "region"))
    side = {"both": ", both sides", "middle": ""}.get(step.side, f", {step.side}")
    return technique, f"{region[0].lower()}{region[1:]}{side}"


def _name(step: Step | Dropped) -> str:
    """Return a step in words.

    >>> from effleurage import protocol
    >>> _name(protocol.load("neck-pain-chronic-60").steps[0])
    'Effleurage, upper back, both sides'
    """
    return ", ".join(_words(step))


def _turns(ax: "Axes", steps: Sequence[Step]) -> bool:
    """Draw a line where the client turns over; tell whether there is one."""
    now, end, turned = style.current(), 0.0, False
    for before, step in pairwise(steps):
        end += before.minutes
        if step.position != before.position:
            ax.axvline(
                end, color=now["muted"], linewidth=now.thick(1), linestyle=(0, (1, 2)), zorder=0, gid="turn"
            )
            turned = True
    return turned


def _session_notes(steps: Sequence[Step], dropped: Sequence[Dropped], turned: bool) -> list[str]:
    """Return the lines under the chart."""
    turn = " Dotted line: the client turns over." if turned else ""
    notes = [f"P: Walton pressure level, 0 to 5 (the deeper, the fuller; dotted bars have none).{turn}"]
    changed = [f"{_name(step)}: {'; '.join(step.changed)}" for step in steps if getattr(step, "changed", ())]
    if changed:
        notes.append("* changed by the screen. " + ". ".join(changed) + ".")
    if dropped:
        gone = ". ".join(f"{_name(step)}: {'; '.join(step.why)}" for step in dropped)
        notes.append(f"Left out. {gone}.")
    return notes


def _session_alt(what: PlannedSession | Session, left: float, dropped: Sequence[Dropped]) -> str:
    """Say what the chart shows."""
    text = f"Timeline of a session of {what.minutes:g} minutes: {count(len(what.steps), 'step')}, "
    text += f"{what.hands_on_minutes:g} hands-on minutes"
    text += f", {left:g} minutes free" if left >= FREE_FROM else ""
    text += ". " + "; ".join(f"{_name(step)}, {step.minutes:g} min{_pressed(step)}" for step in what.steps)
    return text.rstrip(". ") + "." + (f" {count(len(dropped), 'step')} left out." if dropped else "")


def _pressed(step: Step) -> str:
    return "" if step.pressure is None else f" at pressure {step.pressure}"


def _session_table(
    steps: Sequence[Step], starts: Sequence[float], dropped: Sequence[Dropped]
) -> list[dict[str, str]]:
    """Return the steps in words, those left out at the end."""
    rows = [
        {
            "from minute": f"{start:g}",
            "minutes": f"{step.minutes:g}",
            "step": _name(step),
            "pressure": "" if step.pressure is None else str(step.pressure),
            "position": step.position,
            "purpose": step.purpose,
            "changed": "; ".join(getattr(step, "changed", ())),
        }
        for step, start in zip(steps, starts, strict=True)
    ]
    blank = {"from minute": "left out", "pressure": "", "position": "", "purpose": ""}
    gone = [{"minutes": f"{d.minutes:g}", "step": _name(d), "changed": "; ".join(d.why)} for d in dropped]
    return rows + [{**blank, **row} for row in gone]
