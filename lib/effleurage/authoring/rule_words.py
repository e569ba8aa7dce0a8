"""Triggers and scopes of rules in words, for a spreadsheet and for paper.

>>> from effleurage import knowledge
>>> rule = knowledge.get("rule", "anticoagulant")
>>> trigger_words(rule.when), scope_words(rule.scope)
('Anticoagulant', 'whole body')
"""

from effleurage.knowledge import Scope, Stepwise, Trigger, get


def trigger_words(trigger: Trigger, inside: bool = False) -> str:
    """Say what makes a rule apply."""
    parts = trigger.any or trigger.all
    if not parts:
        return _one(trigger)
    said = [trigger_words(part, True) for part in parts]
    if trigger.count_at_least:
        return f"at least {trigger.count_at_least} of ({', '.join(said)})"
    words = (" or " if trigger.any else " and ").join(said)
    return f"({words})" if inside and len(said) > 1 else words


def _one(trigger: Trigger) -> str:
    if trigger.fact:
        window = f" within {trigger.within_days} days" if trigger.within_days else ""
        return f"{get('fact', trigger.fact).name}{window}"
    if trigger.reading:
        entry = get("reading", trigger.reading)
        limits = (("from", trigger.at_least), ("below", trigger.below))
        said = " and ".join(f"{word} {value:g}" for word, value in limits if value is not None)
        return f"{entry.name} {said} {entry.unit}"
    if trigger.step:
        return f"a step {_step(trigger.step)}"
    if trigger.wish_at_least is not None:
        return f"the client asks for pressure {trigger.wish_at_least} or more"
    ages = (("from", trigger.age_at_least), ("below", trigger.age_below))
    return "age " + " and ".join(f"{word} {value}" for word, value in ages if value is not None)


def _step(step: Stepwise) -> str:
    """Say which steps of a protocol are meant."""
    said = (
        ("with", [get("technique", word).name.lower() for word in step.techniques]),
        ("on", [get("region", word).name.lower() for word in step.regions]),
        ("side", step.sides),
        ("in position", step.positions),
        ("at pressure", [] if step.pressure_at_least is None else [f"{step.pressure_at_least} or more"]),
    )
    return " ".join(f"{word} {' or '.join(words)}" for word, words in said if words)


def scope_words(scope: Scope) -> str:
    """Say where a rule reaches."""
    if scope.whole_body:
        return "whole body"
    if scope.regions:
        return ", ".join(get("region", word).name.lower() for word in scope.regions)
    return "where it is, and around it" if scope.around else "where it is"
