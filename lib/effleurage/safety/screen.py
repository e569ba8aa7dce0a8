"""The screen: what the rules found for this client and this protocol, and what follows for the hands."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from functools import cached_property

from pydantic import ConfigDict

from effleurage import knowledge
from effleurage.intake import Clearance, Client, Place, Present
from effleurage.knowledge import FindingKind, Id, Record, Rule, Side, Standing, Urgency
from effleurage.protocol import Protocol, Step
from effleurage.safety.triggers import Verdict, judge

KIND_NAMES = {
    "stop": "Stop and refer",
    "clearance": "Get clearance",
    "avoid-site": "Avoid the site",
    "limit": "Limit",
    "adapt": "Adapt",
}
ORDER = tuple(KIND_NAMES)
SPOTS = tuple[tuple[str, str], ...]


class Finding(Record):
    """One rule that applies: what it asks for, where, why, and whether it touches this protocol."""

    rule: Id
    name: str
    kind: FindingKind
    red_flag: bool = False
    urgency: Urgency | None = None
    spots: SPOTS
    whole_body: bool
    locks: bool
    max_pressure: int | None
    max_minutes: int | None = None
    avoid_techniques: tuple[Id, ...] = ()
    avoid_positions: tuple[str, ...] = ()
    because: tuple[str, ...]
    do: str
    reason: str
    sources: tuple[Id, ...]
    standing: Standing
    pressure_standing: Standing
    clearance: Clearance | None = None

    @property
    def open(self) -> bool:
        """Tell whether this finding keeps a plan from being made."""
        return self.kind == "stop" or (self.kind == "clearance" and self.clearance is None)

    def reaches(self, region: str, side: Side) -> bool:
        """Tell whether the finding reaches a region on this side (or on one of both sides)."""
        return self.whole_body or any(spot in self.spots for spot in spots_of(region, side))

    def objection(self, step: Step) -> str:
        """Say in words what this finding has against a step; empty when nothing."""
        if not self.reaches(step.region, step.side):
            return ""
        if self.locks:
            return "the site is locked"
        if step.technique in self.avoid_techniques:
            return f"{knowledge.get('technique', step.technique).name.lower()} is not for this client here"
        if step.position in self.avoid_positions:
            return f"not {step.position}"
        if self.max_pressure is not None and (step.pressure or 0) > self.max_pressure:
            return f"pressure {self.max_pressure} at most, the step has {step.pressure}"
        return ""


class Ask(Record):
    """A question that must be answered before a rule can be called clear."""

    rule: Id
    name: str
    kind: FindingKind
    red_flag: bool
    questions: tuple[str, ...]
    do: str

    @property
    def open(self) -> bool:
        """Tell whether the answer could keep a plan from being made, so that none is made without it."""
        return self.kind in ("stop", "clearance")


class Screen(Record):
    """All findings and open questions for one client and one protocol on one day."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    protocol: Id
    client: Id
    on: date
    seal: str
    findings: tuple[Finding, ...]
    asks: tuple[Ask, ...]

    @property
    def stops(self) -> tuple[Finding, ...]:
        """Return the findings that mean: stop and refer."""
        return tuple(item for item in self.findings if item.kind == "stop")

    @property
    def clearances(self) -> tuple[Finding, ...]:
        """Return the findings that wait for a written clearance."""
        return tuple(item for item in self.findings if item.kind == "clearance" and item.open)

    @property
    def blocking(self) -> tuple[Finding | Ask, ...]:
        """Return everything that keeps a plan from being made, the gravest first."""
        asks = tuple(item for item in self.asks if item.open)
        return (*self.stops, *self.clearances, *asks)

    @property
    def questions(self) -> dict[str, tuple[Ask, ...]]:
        """Return every open question and what it decides, the gravest first."""
        found: dict[str, tuple[Ask, ...]] = {}
        for item in self.asks:
            for question in item.questions:
                found[question] = (*found.get(question, ()), item)
        return found

    @property
    def clear(self) -> bool:
        """Tell whether nothing was found and nothing is left to ask."""
        return not self.findings and not self.asks

    @property
    def max_minutes(self) -> int | None:
        """Return the shortest limit on the minutes of a session, or None."""
        limits = [item.max_minutes for item in self.findings if item.max_minutes is not None]
        return min(limits, default=None)

    def reaching(self, region: str, side: Side = "both") -> tuple[Finding, ...]:
        """Return the findings that reach a region."""
        return tuple(item for item in self.findings if item.reaches(region, side))

    def cap(self, region: str, side: Side = "both") -> int:
        """Return the highest Walton level allowed on a region: the lowest cap of all findings, else 5."""
        caps = [item.max_pressure for item in self.reaching(region, side) if item.max_pressure is not None]
        return 0 if self.locked(region, side) else min(caps, default=5)

    def locked(self, region: str, side: Side = "both") -> bool:
        """Tell whether any part of a region on this side is locked."""
        return any(item.locks for item in self.reaching(region, side))

    def objections(self, step: Step) -> tuple[tuple[Finding, str], ...]:
        """Return each finding that has something against a step, with its words."""
        found = ((item, item.objection(step)) for item in self.findings)
        return tuple((item, words) for item, words in found if words)

    def why(self, region: str, side: Side = "both") -> tuple[str, ...]:
        """Say which rule gave which lock or cap on a region."""
        return tuple(
            f"{item.name}: locked" if item.locks else f"{item.name}: pressure {item.max_pressure} at most"
            for item in self.reaching(region, side)
            if item.locks or item.max_pressure is not None
        )


def spots_of(region: str, side: Side) -> SPOTS:
    """Return a region as the spots it has: one for the middle, one for each side.

    >>> spots_of("neck-posterior", "both")
    (('neck-posterior', 'left'), ('neck-posterior', 'right'))
    >>> spots_of("sternum", "both")
    (('sternum', 'middle'),)
    """
    leaves = knowledge.parts(region)
    lateral = {leaf: knowledge.get("region", leaf).lateral for leaf in leaves}
    sides = ("left", "right") if side in ("both", "middle") else (side,)
    return tuple((leaf, one) for leaf in leaves for one in (sides if lateral[leaf] else ("middle",)))


def check(protocol: Protocol, client: Client, on: date | None = None) -> Screen:
    """Screen a client for a protocol on a day (default: the day of the visit).

    Every rule of the knowledge base is judged: it applies, it does not, or the answer is not known (then it
    stands among the asks, never as clear). Findings combine as union of locks and lowest cap.

    >>> from effleurage import intake, protocol
    >>> screen = check(protocol.load("neck-pain-chronic-60"), intake.load("office-neck"))
    >>> screen.stops
    ()
    """
    day = on or client.visit
    findings: list[Finding] = []
    asks: list[Ask] = []
    for rule in knowledge.entries("rule").values():
        verdict = judge(rule.when, client, protocol, day)
        if verdict.state == "yes":
            findings.append(_finding(rule, verdict, client))
        if verdict.asks and _could_touch(rule, protocol):
            asks.append(_ask(rule, verdict))
    by_weight = sorted(findings, key=lambda item: (ORDER.index(item.kind), not item.red_flag, item.rule))
    questions = sorted(asks, key=lambda item: (ORDER.index(item.kind), not item.red_flag, item.rule))
    return Screen(
        protocol=protocol.id,
        client=client.id,
        on=day,
        seal=seal(protocol, client, day),
        findings=tuple(by_weight),
        asks=tuple(questions),
    )


def seal(protocol: Protocol, client: Client, on: date) -> str:
    """Return a digest that ties a screen to the very client, protocol and day it was made for."""
    whole = [protocol.model_dump(mode="json"), client.model_dump(mode="json"), on.isoformat()]
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def _finding(rule: Rule, verdict: Verdict, client: Client) -> Finding:
    """Make the finding of a rule that applies."""
    spots, whole = reach(rule, verdict.places)
    given = [item for item in client.clearances if item.rule == rule.id]
    shared = ("name", "kind", "red_flag", "urgency", "max_pressure", "max_minutes", "avoid_techniques")
    shared += ("avoid_positions", "do", "reason", "sources", "standing")
    return Finding(
        **{name: getattr(rule, name) for name in shared},
        rule=rule.id,
        spots=spots,
        whole_body=whole,
        locks=rule.kind in ("stop", "avoid-site"),
        because=verdict.because,
        pressure_standing=rule.standing_for("max_pressure"),
        clearance=max(given, key=lambda item: item.on, default=None),
    )


def reach(rule: Rule, places: tuple[Present, ...]) -> tuple[SPOTS, bool]:
    """Return where a rule reaches and whether that is the whole body; a site nobody named is everywhere."""
    if rule.scope.whole_body:
        return (), True
    if rule.scope.regions:
        return tuple(spot for region in rule.scope.regions for spot in spots_of(region, "both")), False
    named = [Place(region=item.region, side=item.side or "both") for item in places if item.region]
    nowhere = [item for item in places if not item.region and knowledge.get("fact", item.fact).located]
    if nowhere or not named:
        return (), True
    return tuple(dict.fromkeys(spot for place in named for spot in _site(place, rule.scope.around))), False


def _site(place: Place, around: bool) -> Iterator[tuple[str, str]]:
    """Return the spots of a site, widened to its group when the rule says so."""
    parent = knowledge.get("region", place.region).parent if around else None
    yield from spots_of(parent or place.region, place.side)
    yield from spots_of(place.region, place.side)


def _ask(rule: Rule, verdict: Verdict) -> Ask:
    return Ask(
        rule=rule.id,
        name=rule.name,
        kind=rule.kind,
        red_flag=rule.red_flag,
        questions=verdict.asks,
        do=rule.do,
    )


def _could_touch(rule: Rule, protocol: Protocol) -> bool:
    """Tell whether the answer to an open question could matter for this protocol."""
    if rule.kind in ("stop", "clearance") or not rule.scope.regions:
        return True
    reached = {leaf for region in rule.scope.regions for leaf in knowledge.parts(region)}
    return any(step.region in reached for step in protocol.steps)
