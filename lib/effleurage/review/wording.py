"""Does the plan speak within the scope of massage? No disease, no promise, no claim that studies refute."""

from collections.abc import Iterator

from effleurage import knowledge
from effleurage.review.registry import WHOLE, Found, Place, Plan, rule


@rule("diagnosing-words", "must")
def diagnosing_words(plan: Plan) -> Iterator[Found]:
    """Does the plan leave diagnosing, and the care of disease, to others?"""
    yield from _said(plan, "diagnosing")


@rule("promising-words", "must")
def promising_words(plan: Plan) -> Iterator[Found]:
    """Does the plan promise nothing?"""
    yield from _said(plan, "promising")


@rule("unsupported-claim", "should")
def unsupported_claim(plan: Plan) -> Iterator[Found]:
    """Does the plan leave out effects that were looked for and not found?"""
    yield from _said(plan, "claim")


def _said(plan: Plan, role: str) -> Iterator[Found]:
    """Find the words of a role in names, purposes, summary and notes."""
    known = [item for item in knowledge.entries("wording").values() if item.role == role]
    for at, field, text in _texts(plan):
        for item in known:
            if word := item.found(text):
                what = f"The {field} says '{word}'."
                yield Found(what, item.why, item.instead, at, field, item.sources, item.standing)


def _texts(plan: Plan) -> Iterator[tuple[Place, str, str]]:
    """Return every text that a person wrote, with its place and field."""
    for field in ("name", "summary"):
        yield WHOLE, field, getattr(plan.protocol, field)
    for note in plan.protocol.consent:
        yield WHOLE, "consent", note
    for at, phase in plan.phases:
        yield at, "name", phase.name
    for item in plan.steps:
        yield item.at, "purpose", item.step.purpose
