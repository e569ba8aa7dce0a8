"""What the teaching model says about each published figure it was fitted on.

The fit script uses the same functions for its likelihood, so the model that is fitted is the model that is
shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np

from effleurage.evidence.rows import Result, results
from effleurage.simulate import averages, mechanics
from effleurage.simulate.averages import Entry
from effleurage.simulate.doses import Dose, Session
from effleurage.simulate.mechanics import NUMPY, Maths, Numbers
from effleurage.simulate.parameters import Model, Scale
from effleurage.simulate.rules import Rule

STANDS_FOR = {"symptom-bothersomeness": "nprs", "pain-cpq": "nprs", "vas-pain": "nprs"}
KINDS = {"massage": "massage", "sham": "light-touch", "wait-list": "wait-list", "self-care": "self-care"}
UNKNOWN_RULE = Rule("percent", "<=", -30.0)
POINTS = 10.0


class InStudy(Numbers):
    """Numbers by name, as they hold in one study: with its own untreated course and its own effect."""

    def __init__(self, numbers: Mapping[str, Any], study: str) -> None:
        """Take the numbers of all studies and the id of one."""
        own = {"shift": numbers[f"shift_{study}"], "boost": numbers[f"boost_{study}"]}
        super().__init__({**numbers, **own})
        self.study = study


@dataclass(frozen=True)
class Arm:
    """An arm of a study in the words of the model."""

    scale: Scale
    dose: Dose
    entry: Entry | None
    rule: Rule
    fine: int

    def average(self, p: Numbers, week: float) -> averages.Average:
        """Return mean change and share of responders in some week."""
        return averages.average(p, self.scale, self.dose, week, self.entry, rule=self.rule, fine=self.fine)

    def spread(self, p: Numbers, week: float, maths: Maths = NUMPY) -> tuple[Any, Any]:
        """Return the SD of change and the correlation with the start."""
        fallen = averages.fall(p, self.scale.id, self.dose, week, maths)
        return averages.spread(p, self.scale.id, week, fallen, self.entry)


def arm_of(model: Model, row: Result, p: Numbers) -> Arm:
    """Return the arm that a row reports on."""
    scale = model.scale(STANDS_FOR.get(row.measure, row.measure))
    dose = Dose(KINDS[row.arm_kind], tuple(_sessions(row, p)), row.arm)
    rule = UNKNOWN_RULE if row.responder_rule == "mcii" else Rule.read(row.responder_rule or scale.responder)
    on_a_line = row.measure == "vas-pain"
    return Arm(scale, dose, _sham_entry(p) if on_a_line else None, rule, int(POINTS) if on_a_line else 1)


def control_of(row: Result) -> Result:
    """Return a row of the arm that a row is compared with."""
    kinds = {"wait-list": "wait-list", "self-care-book": "self-care", "advice": "self-care"}
    bare = {
        "arm": row.versus,
        "arm_kind": kinds[row.versus],
        "minutes": None,
        "per_week": None,
        "weeks": None,
    }
    return row.model_copy(update=bare)


def _sessions(row: Result, p: Numbers) -> list[Session]:
    """Lay the sessions of an arm; minutes that are not in hand are a parameter of their own."""
    if not row.per_week or not row.weeks:
        return []
    minutes = row.minutes or (p[f"minutes_{row.study}"] if row.arm_kind == "massage" else 30.0)
    return [Session(int(turn * 7 / row.per_week), minutes) for turn in range(round(row.per_week * row.weeks))]


def _sham_entry(p: Numbers) -> Entry:
    """Return who started in the sham arm: by chance below the mean of both arms, to which they drift back."""
    sham, other = (
        results(study="chow-2006", arm=arm, measure="vas-pain")[0] for arm in ("sham-laser", "active-laser")
    )
    both = (sham.mean + other.mean) / 2
    return Entry(sham.mean / POINTS, sham.spread / POINTS, mechanics.source_mean(p, "nprs", both / POINTS))


def completers(p: Numbers, sessions: int) -> Any:
    """Return the share of people who come to 75 % of their sessions or more.

    A person misses each session with chance ``missed`` times the square of a standard normal, up to 1.
    """
    nodes = np.linspace(-4, 4, 41)[:, None]
    weights = np.exp(-0.5 * nodes**2)
    chance = p["missed"] * nodes**2
    chance = chance * (chance < 0.999) + 0.999 * (chance >= 0.999)
    ways = (
        comb(sessions, missed) * chance**missed * (1 - chance) ** (sessions - missed)
        for missed in range(sessions // 4 + 1)
    )
    return (weights / weights.sum() * sum(ways)).sum(axis=0)


def followed(p: Numbers, week: float, maths: Maths = NUMPY) -> Any:
    """Return the share of people still in the study."""
    return maths.exp(-p["dropout"] * week)
