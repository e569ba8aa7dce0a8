"""What a rule of the review is given, what it finds, and the list of all rules."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from effleurage import knowledge
from effleurage.intake import Client
from effleurage.knowledge import Condition, Id, Record, Stage, Standing
from effleurage.plan import Course
from effleurage.protocol import Goal, Phase, Protocol, Step
from effleurage.safety import Screen, spots_of

Weight = Literal["must", "should", "consider"]
Needs = Literal["protocol", "client", "course"]
WEIGHTS: tuple[Weight, ...] = ("must", "should", "consider")
OWN_SOURCE = "teaching-default"


class Remark(Record):
    """One thing to mend or to think about: where, what, why, what to do, and on which source.

    ``phase``, ``step`` and ``goal`` count from 0 and lead to the place in the file; ``field`` names the line.
    Sources and standing are given where a number or a fact is quoted.
    """

    rule: Id
    weight: Weight
    where: str
    what: str
    why: str
    do: str
    sources: tuple[Id, ...] = ()
    standing: Standing | None = None
    phase: int | None = None
    step: int | None = None
    goal: int | None = None
    field: str = ""

    @property
    def keys(self) -> tuple[str | int, ...]:
        """Return the path to the line in the file of the protocol."""
        phase = () if self.phase is None else ("phases", self.phase)
        step = () if self.step is None else ("session", "steps", self.step)
        goal = () if self.goal is None else ("goals", self.goal)
        return (*phase, *step, *goal, *((self.field,) if self.field else ()))


@dataclass(frozen=True)
class Place:
    """Where in the protocol something was found."""

    words: str = "the protocol"
    phase: int | None = None
    step: int | None = None
    goal: int | None = None


WHOLE = Place()


@dataclass(frozen=True)
class Found:
    """What a rule found; the list of rules adds its id and weight."""

    what: str
    why: str
    do: str
    at: Place = WHOLE
    field: str = ""
    sources: tuple[str, ...] = ()
    standing: Standing | None = None


@dataclass(frozen=True)
class StepAt:
    """A step and its place."""

    step: Step
    phase: Phase
    at: Place

    @cached_property
    def spots(self) -> tuple[tuple[str, str], ...]:
        """Return the spots that the step works on."""
        return spots_of(self.step.region, self.step.side)

    @property
    def technique(self) -> knowledge.Technique:
        """Return the technique of the step."""
        return knowledge.get("technique", self.step.technique)


@dataclass(frozen=True)
class Plan:
    """A protocol as it is reviewed: alone, or with a client, the screen and the course."""

    protocol: Protocol
    client: Client | None = None
    screen: Screen | None = None
    course: Course | None = None

    @cached_property
    def condition(self) -> Condition:
        """Return the condition that the protocol is for."""
        return knowledge.get("condition", self.protocol.condition)

    @cached_property
    def stage(self) -> Stage:
        """Return the stage that the protocol is for."""
        return next(item for item in self.condition.stages if item.id == self.protocol.stage)

    @cached_property
    def phases(self) -> tuple[tuple[Place, Phase], ...]:
        """Return the phases with their places."""
        found = enumerate(self.protocol.phases)
        return tuple((Place(f"phase {phase.name}", number), phase) for number, phase in found)

    @cached_property
    def steps(self) -> tuple[StepAt, ...]:
        """Return the steps of all phases with their places."""
        return tuple(item for at, phase in self.phases for item in steps_of(at, phase))

    @cached_property
    def goals(self) -> tuple[tuple[Place, Goal, knowledge.Measure], ...]:
        """Return the goals with their places and measures."""
        found = [(goal, knowledge.get("measure", goal.measure)) for goal in self.protocol.goals]
        return tuple(
            (Place(f"goal {number + 1} ({measure.name})", goal=number), goal, measure)
            for number, (goal, measure) in enumerate(found)
        )

    @cached_property
    def weeks(self) -> tuple[int, ...]:
        """Return the week of each session, counted from 1."""
        found: list[int] = []
        before = 0
        for phase in self.protocol.phases:
            found += [
                before + week + 1 for week in range(phase.weeks) for _ in range(phase.sessions_per_week)
            ]
            before += phase.weeks
        return tuple(found)


def steps_of(at: Place, phase: Phase) -> list[StepAt]:
    """Return the steps of one phase with their places."""
    return [
        StepAt(step, phase, Place(f"{at.words}, step {number + 1}", at.phase, number))
        for number, step in enumerate(phase.session.steps)
    ]


Find = Callable[[Plan], Iterator[Found]]


@dataclass(frozen=True)
class Rule:
    """A rule of the review: what it asks, how much it weighs, what it needs to be asked."""

    id: str
    weight: Weight
    needs: Needs
    asks: str
    find: Find

    def remarks(self, plan: Plan) -> Iterator[Remark]:
        """Return what the rule has to say about a plan; nothing when it lacks what it needs."""
        if self.needs != "protocol" and getattr(plan, self.needs) is None:
            return
        for found in self.find(plan):
            at = found.at
            yield Remark(
                **{
                    name: getattr(found, name)
                    for name in ("what", "why", "do", "field", "sources", "standing")
                },
                rule=self.id,
                weight=self.weight,
                where=at.words,
                phase=at.phase,
                step=at.step,
                goal=at.goal,
            )


RULES: dict[str, Rule] = {}


def rule(name: str, weight: Weight, needs: Needs = "protocol") -> Callable[[Find], Find]:
    """Put a function into the list of rules; its docstring is the question it asks."""

    def _add(find: Find) -> Find:
        RULES[name] = Rule(name, weight, needs, (find.__doc__ or "").strip(), find)
        return find

    return _add


def name_of(kind: str, word: str) -> str:
    """Return the name of an entry as it stands inside a sentence.

    >>> name_of("region", "neck-posterior")
    'back of the neck'
    """
    name = knowledge.get(kind, word).name
    return name if name[1:] != name[1:].lower() else name[:1].lower() + name[1:]


def standing_on(entry: knowledge.Entry, field: str) -> tuple[tuple[str, ...], Standing]:
    """Return the sources and the standing of one field of an entry; a teaching default has no other source.

    >>> standing_on(knowledge.get("technique", "effleurage"), "minutes")
    (('teaching-default',), 'editorial')
    """
    standing = entry.standing_for(field)
    return (OWN_SOURCE,) if standing == "editorial" else entry.sources, standing


def listed(kind: str, words: tuple[str, ...]) -> str:
    """Name several entries in one line."""
    return ", ".join(name_of(kind, word) for word in words)
