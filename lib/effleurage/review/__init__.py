"""Is the plan complete and sensible? Small rules, each of which says what, why, and what to do.

A remark weighs ``must`` (the plan cannot go to a client), ``should`` (an instructor would send it back) or
``consider`` (think about it, and be ready to say why). The safety screen stays what decides about safety.

>>> from effleurage import protocol
>>> [item.weight for item in check(protocol.load("neck-pain-chronic-60")) if item.weight != "consider"]
[]
"""

from effleurage import plan as planning
from effleurage import safety
from effleurage.errors import SafetyError, UsageError
from effleurage.intake import Client
from effleurage.plan import Course
from effleurage.protocol import Protocol
from effleurage.review import clients, dose, goals, steps, whole, wording
from effleurage.review.registry import RULES, WEIGHTS, Plan, Remark, Rule
from effleurage.review.words import in_words, remark_lines, summary
from effleurage.safety import Screen

__all__ = ["WEIGHTS", "Remark", "Rule", "check", "in_words", "remark_lines", "rules", "summary"]

PARTS = tuple(part.__name__ for part in (whole, goals, dose, steps, wording, clients))


def rules() -> tuple[Rule, ...]:
    """Return every rule of the review, in the order they are asked.

    >>> rules()[0].id, rules()[0].asks
    ('no-goal', 'Does the plan say what shall change, on which measure, by when?')
    """
    return tuple(sorted(RULES.values(), key=lambda item: PARTS.index(item.find.__module__)))


def check(
    protocol: Protocol,
    client: Client | None = None,
    screen: Screen | None = None,
    course: Course | None = None,
) -> tuple[Remark, ...]:
    """Review a protocol, alone or for a client; the gravest remarks first, then in the order of the rules.

    Args:
        protocol: the protocol as designed.
        client: the client it is for; adds what does not fit them.
        screen: the result of ``safety.check`` for these two; made when it is not given.
        course: the result of ``plan.build`` for these two; made when it is not given and nothing is open.

    Raises:
        UsageError: a screen or a course without its client, or a course made for another pair.
        SafetyError: the screen was made for another client, protocol or version of them.
    """
    if client is None:
        if screen or course:
            raise UsageError("review", "a screen or a course stands without its client", "", "add the client")
        plan = Plan(protocol)
    else:
        plan = _with_client(protocol, client, screen, course)
    found = [remark for rule in rules() for remark in rule.remarks(plan)]
    return tuple(sorted(found, key=lambda item: WEIGHTS.index(item.weight)))


def _with_client(protocol: Protocol, client: Client, screen: Screen | None, course: Course | None) -> Plan:
    """Put together what is reviewed; what was handed over must belong together."""
    if screen is None:
        screen = safety.check(protocol, client)
    elif screen.seal != safety.seal(protocol, client, screen.on):
        found = f"the screen was not made for '{client.id}' and '{protocol.id}' as they are now"
        raise SafetyError("review", found, "the result of safety.check(protocol, client)", "screen again")
    if course is None and not screen.blocking:
        course = planning.build(protocol, client, screen)
    elif course is not None and (course.protocol_id, course.client_id) != (protocol.id, client.id):
        found = f"the course is for '{course.client_id}' under '{course.protocol_id}'"
        raise UsageError("review", found, f"'{client.id}' under '{protocol.id}'", "build it again")
    return Plan(protocol, client, screen, course)
