"""What the teaching model says: the look ahead of a course, and a published trial beside it."""

from collections.abc import Iterable

from effleurage import knowledge
from effleurage.charts.words import rule_words
from effleurage.evidence import Attendance, Comparison
from effleurage.reports.words import NOT_MADE, Words, plain, table
from effleurage.simulate import Contrast, Group, Runs

WHAT_IT_IS_NOT = (
    "This look ahead is a teaching model of group averages and their spread. It is not a prediction for this "
    "or any real client, no proof that the massage itself does it, and no reason to promise anything. Where "
    "the intervals overlap, the model does not know which is better."
)


def outlook(runs: Runs | None, measure: str) -> Words:
    """Say, group by group and week by week, how many of 100 people reach a change that matters."""
    if runs is None:
        return Words(NOT_MADE)
    entry, rule = knowledge.get("measure", measure), runs.model.scale(measure).rule
    against = {(item.versus, item.week): item for item in runs.contrasts() if item.measure == measure}
    rows = [
        (
            f"{item.week:g}",
            _arm(item.arm),
            _interval(item.change, item.change_interval95, "{:+.1f}"),
            _of_100(item.responder_share, item.responder_interval95),
            _against(against.get((item.arm, item.week))),
        )
        for item in _after_the_start(runs, measure)
    ]
    said = (
        f"{plain(entry.name)}: how many of 100 people are {plain(rule_words(str(rule)))}. In brackets: where "
        f"the average of a large group lies, 95 %. {runs.clients:,} simulated people who enter such a course."
    )
    head = ["week", "group", f"mean change ({entry.unit})", "of 100 people", "under the course"]
    return Words(f"{said}\n\n{table(head, rows)}")


def _after_the_start(runs: Runs, measure: str) -> list[Group]:
    """Return the groups of a measure after week 0, by week."""
    found = [item for item in runs.summary() if item.measure == measure and item.week > 0]
    return sorted(found, key=lambda item: item.week)


def _arm(name: str) -> str:
    return name.replace("-", " ")


def _interval(middle: float, ends: tuple[float, float], form: str = "{:.2f}") -> str:
    """Say a number and its interval."""
    return f"{form.format(middle)} ({form.format(ends[0])} to {form.format(ends[1])})"


def _of_100(share: float, ends: tuple[float, float]) -> str:
    """Say a share and its interval as people of 100."""
    return _interval(100 * share, (100 * ends[0], 100 * ends[1]), "{:.0f}")


def _against(found: Contrast | None) -> str:
    """Say how many times as many respond under the course."""
    if found is None or found.responder_ratio is None:
        return ""
    return f"{_interval(found.responder_ratio, found.responder_ratio_interval95)} times as many"


def compared(rows: Iterable[Comparison]) -> Words:
    """Return a published trial beside the same trial in the model, arm by arm."""
    lines = [
        (
            _arm(item.arm),
            _of_100(item.share, (item.share_low, item.share_high)),
            f"{100 * item.versus_share:.0f}",
            _published(item),
            _interval(item.simulated, (item.simulated_low, item.simulated_high)),
        )
        for item in rows
    ]
    head = ["arm", "of 100, simulated", "comparator, simulated", "relative risk, published", "simulated"]
    return Words(table(head, lines))


def _published(item: Comparison) -> str:
    """Say a published relative risk with its interval, and where the interval is from."""
    if item.published is None:
        return item.said
    if item.low is None:
        return f"{item.published:.2f}, no interval in what we hold"
    source = "" if item.interval_from == "published" else ", worked out from p"
    return f"{item.published:.2f} ({item.low:.2f} to {item.high:.2f}{source})"


def side_by_side(rows: Iterable[Comparison]) -> Words:
    """Say of each arm how the published figure and the model agree."""
    return listed(f"{_arm(item.arm)}: {item.words}" for item in rows)


def attended(rows: Iterable[Attendance]) -> Words:
    """Return how many came to most of their sessions, published beside expected."""
    lines = [
        (
            _arm(item.arm),
            item.sessions,
            item.published,
            _interval(item.simulated, (item.low, item.high), "{:.0f}"),
        )
        for item in rows
    ]
    return Words(table(["arm", "sessions", "% who came to 75 % of them, published", "in the model"], lines))


def listed(lines: Iterable[str]) -> Words:
    """Return sentences as a list.

    >>> print(listed(["One.", "Two."]))
    - One.
    - Two.
    """
    return Words("\n".join(f"- {plain(line)}" for line in lines))
