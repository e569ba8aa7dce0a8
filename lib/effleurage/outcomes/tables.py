"""Tables for pages, made of words: what a screen reader reads beside a chart."""

from effleurage import knowledge
from effleurage.outcomes.changes import Against, Change, change
from effleurage.outcomes.visits import Visit, Visits

KINDS = {"mdc": "measurement error (MDC)", "mcid": "change that matters (MCID)"}
MISSING = "missing"


def table(visits: Visits, measure: str) -> list[dict[str, str]]:
    """Return the visits of a measure, each beside the first score; a missing score is the word ``missing``.

    >>> from effleurage import outcomes
    >>> first, second = {"visit": 1, "week": 0, "score": 22}, {"visit": 2, "week": 1}
    >>> rows = [{"measure": "ndi", **row} for row in (first, second)]
    >>> [row["score"] for row in table(outcomes.from_rows(rows), "ndi")]
    ['22', 'missing']
    """
    found = visits.of(measure)
    first = next((visit for visit in found if visit.score is not None), None)
    return [_row(visit, first) for visit in found]


def _row(visit: Visit, first: Visit | None) -> dict[str, str]:
    """Return one visit in words."""
    row = {
        "visit": str(visit.visit),
        "date": str(visit.on) if visit.on else "",
        "week": f"{visit.week:.3g}" if visit.week is not None else "not known",
        "score": MISSING if visit.score is None else f"{visit.score:g}",
    }
    return {**row, **_beside(visit, first), "note": visit.note}


def _beside(visit: Visit, first: Visit | None) -> dict[str, str]:
    """Return the change since the first score and what may be said about it."""
    if first is None or visit.score is None or visit is first:
        return {"change": "", "against the error": "first score" if visit is first else ""}
    found = change(visit.measure, first.score, visit.score)
    return {"change": f"{found.points:+g}" if found.points else "0", "against the error": found.verdict}


def thresholds(found: Change) -> list[dict[str, str]]:
    """Return every published error and threshold of a change: for whom, from where, reached or not.

    >>> from effleurage import outcomes
    >>> [row["used"] for row in thresholds(outcomes.change("ndi", 22, 15))].count("used here") > 0
    True
    """
    return [_threshold(item, found) for item in found.against]


def _threshold(item: Against, found: Change) -> dict[str, str]:
    known = found.before is not None and found.after is not None
    return {
        "what": KINDS[item.kind],
        "value": f"{item.value:g} % of the first score" if item.percent else f"{item.value:g} {found.unit}",
        "population": item.population,
        "source": "; ".join(source_name(name) for name in item.sources),
        "standing": item.standing,
        "used": "used here" if item.used else "",
        "reached": ("yes" if item.reached else "no") if known else "",
    }


def source_name(name: str) -> str:
    """Return a source as it is shown.

    >>> source_name("sherman-2014").startswith("Sherman")
    True
    """
    return knowledge.get("source", name).name
