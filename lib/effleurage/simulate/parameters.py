"""The parameters of the teaching model: names, units, priors, sources, and the stored posterior draws.

>>> neck = model("neck-pain-chronic")
>>> neck.parameter("half_life_weeks").unit
'weeks'
>>> neck.values("mean")["half_life_weeks"].shape, neck.values("posterior")["half_life_weeks"].shape
((1,), (1024,))
"""

import zlib
from collections.abc import Mapping
from functools import cache
from typing import Literal

import numpy as np
from pydantic import Field

from effleurage import files
from effleurage.errors import DataError, FileError, UnknownId, UsageError, unknown
from effleurage.knowledge import Id, Range, Record, Standing, Text
from effleurage.paths import datasets
from effleurage.simulate.mechanics import Numbers
from effleurage.simulate.rules import Rule

DRAWS = 1024
KINDS = ("posterior", "mean")
NEW = "new"


class Prior(Record):
    """What was taken for likely before any row was read: a family and its numbers."""

    family: Literal["normal", "halfnormal", "lognormal", "beta"]
    mean: float | None = None
    sd: float | None = None
    median: float | None = None
    log_sd: float | None = None
    a: float | None = None
    b: float | None = None
    low: float = 0.0
    high: float = 1.0

    def __str__(self) -> str:
        """Give the prior in words."""
        given = self.model_dump(exclude={"family"}, exclude_none=True, exclude_unset=True)
        return f"{self.family}({', '.join(f'{name} {value:g}' for name, value in given.items())})"


class Parameter(Record):
    """One number of the model. ``fitted`` tells whether a published row says something about it."""

    name: Text
    unit: Text
    meaning: Text
    prior: Prior
    fitted: bool
    sources: tuple[Id, ...] = Field(min_length=1)


class Scale(Record):
    """A measure as the engine needs it: whole numbers from low to high, which end is good, who responds.

    ``soreness`` tells how many points of it a point of soreness costs; ``each_session`` whether it is read
    before and after every session.
    """

    id: Id
    low: int
    high: int
    better: Literal["lower", "higher"]
    responder: Text
    soreness: float = 0
    each_session: bool = False
    sources: tuple[Id, ...] = Field(min_length=1)
    standing: Standing

    @property
    def span(self) -> int:
        """Return the points between the two ends."""
        return self.high - self.low

    @property
    def rule(self) -> Rule:
        """Return the rule that makes a responder."""
        return Rule.read(self.responder)

    def shown(self, burden: np.ndarray) -> np.ndarray:
        """Turn the distance from the good end into the score as reported."""
        return burden + self.low if self.better == "lower" else self.high - burden


class Reach(Record):
    """Where the published rows end: session length and frequency, weeks of care, last week by measure."""

    minutes: Range
    per_week: Range
    weeks: Range
    last_week: dict[str, float]


class Model(Record):
    """The teaching model of one condition."""

    id: Id
    name: Text
    condition: Id
    fitted_on: tuple[Id, ...]
    groups: tuple[Id, ...]
    reach: Reach
    note: Text
    scales: tuple[Scale, ...]
    parameters: tuple[Parameter, ...]

    def scale(self, measure: str) -> Scale:
        """Return the scale of a measure."""
        for scale in self.scales:
            if scale.id == measure:
                return scale
        raise UnknownId.of([unknown(f"model {self.id}", "measure", measure, [s.id for s in self.scales])])

    def parameter(self, name: str) -> Parameter:
        """Return a parameter by its name."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise UnknownId.of(
            [unknown(f"model {self.id}", "parameter", name, [p.name for p in self.parameters])]
        )

    def values(self, kind: str = "posterior", group: str = NEW) -> "Values":
        """Return the numbers to compute with.

        Args:
            kind: ``posterior`` (1,024 draws) or ``mean`` (their mean, one number each).
            group: ``new`` for people no study has met, or the id of a fitted study.
        """
        if kind not in KINDS:
            raise UsageError.of([unknown("parameters", "kind", kind, KINDS)])
        if group not in (NEW, *self.groups):
            raise UnknownId.of([unknown(f"model {self.id}", "group", group, (NEW, *self.groups))])
        table = draws(self.id)
        chosen = {parameter.name: table[parameter.name] for parameter in self.parameters}
        chosen |= {"shift": table[f"shift_{group}"], "boost": table[f"boost_{group}"]}
        if kind == "mean":
            chosen = {name: column.mean(keepdims=True) for name, column in chosen.items()}
        return Values(chosen, kind)


class Values(Numbers):
    """The stored draws of a model, or their means: arrays of shape (draws,)."""

    def __init__(self, numbers: Mapping[str, np.ndarray], kind: str) -> None:
        """Hold the numbers; ``kind`` is posterior or mean."""
        super().__init__(numbers)
        self.kind = kind

    def technique(self, name: str) -> np.ndarray | float:
        """Return how far a technique departs from the average one, in SDs: unknown, so a draw of its own."""
        if self.kind == "mean":
            return 0.0
        key = zlib.crc32(name.encode())
        return np.random.Generator(np.random.Philox(key=key)).standard_normal(DRAWS)


def conditions() -> tuple[str, ...]:
    """Return the complaints that have a model.

    >>> "neck-pain-chronic" in conditions()
    True
    """
    return tuple(sorted(path.stem for path in datasets("model").glob("*.yaml")))


@cache
def model(condition: str) -> Model:
    """Return the model of a condition.

    Raises:
        UnknownId: no model was fitted for it.

    >>> model("gout")
    Traceback (most recent call last):
    ...
    effleurage.errors.UnknownId: simulate: condition 'gout' is not known. Allowed: neck-pain-chronic. ...
    """
    if condition not in conditions():
        raise UnknownId.of([unknown("simulate", "condition", condition, conditions())])
    return files.build(Model, files.read_yaml(datasets("model", f"{condition}.yaml")))


@cache
def draws(name: str) -> Mapping[str, np.ndarray]:
    """Return the stored posterior draws of a model: name -> array of shape (1024,), float64."""
    path = datasets("model", f"{name}.draws.csv")
    document = files.read_csv(path)
    if len(document.data) != DRAWS:
        raise FileError(document.name, f"{len(document.data)} draws", f"{DRAWS}", "run the fit script again")
    try:
        return {
            column: np.array([float(row[column]) for row in document.data]) for column in document.data[0]
        }
    except ValueError as error:
        raise DataError(
            document.name, f"a cell is no number ({error})", "numbers", "run the fit again"
        ) from None
