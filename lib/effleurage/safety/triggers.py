"""Does a trigger hold for this client and this protocol? Yes, no, or not known."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from effleurage import knowledge
from effleurage.intake import Answer, Client, Present
from effleurage.knowledge import Trigger
from effleurage.protocol import Protocol, Step


@dataclass(frozen=True)
class Verdict:
    """Whether a trigger holds, why, where in the body, and what is still to be asked."""

    state: Answer
    because: tuple[str, ...] = ()
    places: tuple[Present, ...] = ()
    asks: tuple[str, ...] = ()


NO = Verdict("no")


def judge(trigger: Trigger, client: Client, protocol: Protocol, on: date) -> Verdict:
    """Judge a trigger on the day ``on``; unknown answers stay unknown."""
    if trigger.any:
        return any_of(
            [judge(part, client, protocol, on) for part in trigger.any], trigger.count_at_least or 1
        )
    if trigger.all:
        return all_of([judge(part, client, protocol, on) for part in trigger.all])
    if trigger.fact:
        return _fact(trigger, client, on)
    if trigger.reading:
        return _reading(trigger, client)
    if trigger.step:
        return _steps(trigger, protocol)
    return _person(trigger, client)


def any_of(verdicts: list[Verdict], enough: int = 1) -> Verdict:
    """So many yes are enough; where unknown ones could still make them up, it is unknown."""
    held = [verdict for verdict in verdicts if verdict.state == "yes"]
    open_ = [verdict for verdict in verdicts if verdict.state == "unknown"]
    if len(held) >= enough:
        return _together("yes", held)
    return _together("unknown", [*held, *open_]) if len(held) + len(open_) >= enough else NO


def all_of(verdicts: list[Verdict]) -> Verdict:
    """One no is enough to rule it out; without one, anything unknown leaves it unknown."""
    if any(verdict.state == "no" for verdict in verdicts):
        return NO
    unknown = any(verdict.state == "unknown" for verdict in verdicts)
    return _together("unknown" if unknown else "yes", verdicts)


def _together(state: Answer, verdicts: Iterable[Verdict]) -> Verdict:
    found = list(verdicts)
    return Verdict(
        state,
        tuple(dict.fromkeys(word for verdict in found for word in verdict.because)),
        tuple(place for verdict in found for place in verdict.places),
        tuple(dict.fromkeys(word for verdict in found for word in verdict.asks)),
    )


def _fact(trigger: Trigger, client: Client, on: date) -> Verdict:
    """A fact is present, within its window when the rule has one; a day nobody knows counts as within."""
    entry = knowledge.get("fact", trigger.fact)
    answer = client.answer(trigger.fact)
    if answer != "yes":
        return NO if answer == "no" else Verdict("unknown", asks=(entry.ask,))
    found = client.found(trigger.fact)
    if trigger.within_days is None:
        return Verdict("yes", tuple(_words(entry.name, item) for item in found), found)
    recent = tuple(item for item in found if item.on and (on - item.on).days <= trigger.within_days)
    if recent:
        words = (f"{_words(entry.name, item)}, {(on - item.on).days} days ago" for item in recent)
        return Verdict("yes", tuple(f"{word} (window {trigger.within_days} days)" for word in words), recent)
    undated = tuple(item for item in found if item.on is None)
    if undated:
        words = tuple(f"{_words(entry.name, item)}, day not known" for item in undated)
        return Verdict("yes", words, undated, asks=(f"{entry.name}: on which day?",))
    return NO


def _words(name: str, item: Present) -> str:
    """Say what is present, where, since when, and what the intake noted."""
    region = knowledge.get("region", item.region).name.lower() if item.region else ""
    place = f" ({', '.join(word for word in (region, item.side) if word)})" if region else ""
    day = f", {item.on}" if item.on else ""
    note = f": {item.note}" if item.note else ""
    return f"{name}{place}{day}{note}"


def _reading(trigger: Trigger, client: Client) -> Verdict:
    """A number lies at or above, or below, its limit; a number that need not be taken does not."""
    entry = knowledge.get("reading", trigger.reading)
    if trigger.reading not in client.readings:
        needless = trigger.asked_by is not None and client.answer(trigger.asked_by) == "no"
        return NO if needless else Verdict("unknown", asks=(entry.ask,))
    value = client.readings[trigger.reading]
    high = trigger.at_least is not None and value < trigger.at_least
    low = trigger.below is not None and value >= trigger.below
    return NO if high or low else Verdict("yes", (f"{entry.name} {value:g} {entry.unit}",))


def _person(trigger: Trigger, client: Client) -> Verdict:
    """Age and the pressure the client asks for."""
    if trigger.wish_at_least is not None:
        wish = client.pressure_wished
        held = wish is not None and wish >= trigger.wish_at_least
        return Verdict("yes", (f"the client asks for pressure {wish}",)) if held else NO
    old = trigger.age_at_least is not None and client.age_years >= trigger.age_at_least
    young = trigger.age_below is not None and client.age_years < trigger.age_below
    return Verdict("yes", (f"age {client.age_years}",)) if old or young else NO


def _steps(trigger: Trigger, protocol: Protocol) -> Verdict:
    """Some step of the protocol matches everything that is given."""
    hits = [step for step in protocol.steps if matches(trigger, step)]
    words = dict.fromkeys(f"{step.technique} on {step.region}" for step in hits)
    return Verdict("yes", tuple(words)) if hits else NO


def matches(trigger: Trigger, step: Step) -> bool:
    """Tell whether a step matches a step trigger; groups of regions match their parts."""
    wanted = trigger.step
    regions = {leaf for region in wanted.regions for leaf in knowledge.parts(region)}
    return (
        (not wanted.techniques or step.technique in wanted.techniques)
        and (not regions or step.region in regions)
        and (not wanted.sides or step.side in wanted.sides)
        and (not wanted.positions or step.position in wanted.positions)
        and (wanted.pressure_at_least is None or (step.pressure or 0) >= wanted.pressure_at_least)
    )
