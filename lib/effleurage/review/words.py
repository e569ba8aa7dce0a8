"""The review in plain text, for the terminal, for paper and for a screen reader."""

from collections.abc import Iterable

from effleurage.knowledge import get
from effleurage.review.registry import OWN_SOURCE, WEIGHTS, Remark
from effleurage.safety import STANDINGS

TITLES = {"must": "Must be mended", "should": "Should be mended", "consider": "To think about"}
MEANS = {
    "must": "The plan cannot go to a client yet.",
    "should": "Mend it before your supervisor reads it.",
    "consider": "Nothing to mend; be ready to say why.",
}


def in_words(remarks: Iterable[Remark]) -> str:
    """Say all remarks, the gravest first.

    >>> in_words(())
    'Review: nothing to mend and nothing to think about.'
    """
    found = list(remarks)
    lines = [summary(found)]
    for weight in WEIGHTS:
        group = [item for item in found if item.weight == weight]
        if group:
            lines += ["", f"{TITLES[weight]} ({len(group)})"]
            lines += [f"  {line}" for item in group for line in remark_lines(item)]
    return "\n".join(lines)


def summary(remarks: Iterable[Remark]) -> str:
    """Say in one sentence how the plan stands."""
    found = [item.weight for item in remarks]
    if not found:
        return "Review: nothing to mend and nothing to think about."
    counts = [f"{found.count(weight)} {weight}" for weight in WEIGHTS if weight in found]
    return f"Review: {', '.join(counts)}. {MEANS[min(found, key=WEIGHTS.index)]}"


def remark_lines(item: Remark) -> tuple[str, ...]:
    """Say one remark: where and what, why, what to do, and on which source."""
    lines = [f"{item.where}: {item.what}", f"  why: {item.why}", f"  do: {item.do}"]
    if item.standing:
        named = "; ".join(get("source", word).name for word in item.sources if word != OWN_SOURCE)
        lines.append(f"  {STANDINGS[item.standing]}" + (f": {named}" if named else ""))
    return tuple(lines)
