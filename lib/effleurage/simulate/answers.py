"""What a trial of some dose would show, as one answer: ``effleurage dose``.

The intervals hold 95 of 100 trials of that size: how well the model is known, and the luck of so many people.

>>> found = answer("neck-pain-chronic", "ndi", ["60x2x4"], n_per_arm=40)
>>> [(one.versus, one.week) for one in found.contrasts]
[('wait-list', 4.0)]
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from effleurage.errors import UsageError, unknown
from effleurage.simulate import doses, tables
from effleurage.simulate.doses import Dose
from effleurage.simulate.parameters import Model, conditions, model
from effleurage.simulate.trials import Trial, TrialArm, TrialContrast, trial

BRACKETS = "In brackets: where 95 of 100 trials of this size would fall, the doubt about the model included."
MASSAGE, REST = "massage", "same-then-nothing"
COMPARED = ("usual-care", "wait-list", "light-touch", "self-care", REST)


@dataclass(frozen=True)
class Answer:
    """What a trial would show. Weeks from the start; ``weeks`` is the length of the course."""

    model: Model
    measure: str
    doses: tuple[Dose, ...]
    weeks: int
    n_per_arm: int
    seed: int
    arms: tuple[TrialArm, ...]
    contrasts: tuple[TrialContrast, ...]
    note: str

    def plain(self) -> dict[str, Any]:
        """Return the answer as plain data for JSON."""
        return {
            "condition": self.model.condition,
            "measure": self.measure,
            "better": self.model.scale(self.measure).better,
            "weeks": self.weeks,
            "n_per_arm": self.n_per_arm,
            "seed": self.seed,
            "arms": [_plain_arm(one) for one in self.arms],
            "contrasts": [_plain_contrast(one) for one in self.contrasts],
            "model": {
                "parameters": f"{self.model.id}, posterior",
                "fitted_on": list(self.model.fitted_on),
                "note": self.note,
            },
        }

    def words(self) -> str:
        """Say the answer for people."""
        scale = self.model.scale(self.measure)
        head = f"{self.model.name}: {self.measure} ({scale.low}-{scale.high}, better {scale.better}), "
        lines = [
            f"{head}{self.n_per_arm:,} people an arm, seed {self.seed}.",
            f"Massage here is {self.doses[0].label.removeprefix(MASSAGE).strip()}.",
        ]
        lines += [_arm_line(one) for one in self.arms]
        lines += [_contrast_line(one) for one in self.contrasts]
        return "\n".join([*lines, BRACKETS, self.note])


def answer(
    condition: str,
    measure: str,
    phases: Sequence[str],
    compare: Sequence[str] = ("wait-list",),
    *,
    at: Sequence[float] = (),
    n_per_arm: int = 50,
    seed: int = 1,
    baseline: tuple[float, float] | None = None,
    responder: str | None = None,
    pressure: float | None = None,
) -> Answer:
    """Return what a trial of a dose would show against its comparators.

    Args:
        condition: the complaint.
        measure: id of a measure.
        phases: one after another, such as ``"60x2x4"``.
        compare: usual-care, wait-list, light-touch, self-care or same-then-nothing (the first phase only).
        at: weeks from the start; default is the end of the course.
        n_per_arm: people in each arm, 2 to 10,000.
        seed: same seed, same numbers.
        baseline: (mean, SD) of another population at the start.
        responder: another rule than that of the measure, such as ``percent<=-30``.
        pressure: Walton level throughout; None leaves it open.

    Raises:
        UsageError: something asked for is not known or cannot be done.
    """
    if condition not in conditions():
        raise UsageError.of([unknown("dose", "condition", condition, conditions())])
    if not phases:
        raise UsageError(
            "dose", "no phase", "one or more, such as 60x2x4", "say how long, how often, how many weeks"
        )
    given = doses.dose(*phases, pressure=pressure, condition=condition)
    weeks = sum(doses.length(text) for text in phases)
    others = _compared(given, phases, compare, pressure)
    days = {
        "measures": (measure,),
        "weeks": _after_start(at or (weeks,)),
        "baseline": {measure: baseline} if baseline else None,
        "rules": {measure: responder} if responder else None,
    }
    runs = [trial([given, one], n_per_arm, seed=seed, **days) for one in others]
    whole = model(condition)
    note = " ".join([whole.note, *tables.beyond(whole, (given, *others), (measure,), max(days["weeks"]))])
    arms, contrasts = _named(runs, [MASSAGE, *compare])
    return Answer(whole, measure, (given, *others), weeks, n_per_arm, seed, arms, contrasts, note)


def _compared(
    given: Dose, phases: Sequence[str], compare: Sequence[str], pressure: float | None
) -> list[Dose]:
    """Return the comparators as doses."""
    if not compare or len(set(compare)) != len(compare):
        raise UsageError("dose", f"compare {list(compare)}", "one or more, each once", "correct the list")
    for name in compare:
        if name not in COMPARED:
            raise UsageError.of([unknown("dose", "comparator", name, COMPARED)])
    if REST in compare and len(phases) == 1:
        found = f"'{REST}' beside a single phase"
        raise UsageError(
            "dose", found, "two phases or more", "add the phase that follows, or compare another arm"
        )
    first = doses.dose(phases[0], pressure=pressure, condition=given.condition)
    return [first if name == REST else given.beside(name) for name in compare]


def _after_start(at: Sequence[float]) -> tuple[float, ...]:
    """Return the weeks of readings, which lie after the start."""
    for week in at:
        if week <= 0:
            raise UsageError("dose", f"week {week:g}", "weeks after the start", "leave it out")
    return tuple(at)


def _named(
    runs: Sequence[Trial], names: Sequence[str]
) -> tuple[tuple[TrialArm, ...], tuple[TrialContrast, ...]]:
    """Give the arms their names: massage, and each comparator as it was asked for."""
    arms = [replace(one, arm=names[0]) for one in runs[0].arms[::2]]
    contrasts = []
    for run, name in zip(runs, names[1:], strict=True):
        arms += [replace(one, arm=name) for one in run.arms[1::2]]
        contrasts += [replace(one, arm=names[0], versus=name) for one in run.contrasts]
    return tuple(arms), tuple(contrasts)


def _plain_arm(one: TrialArm) -> dict[str, Any]:
    return {
        "arm": one.arm,
        "week": one.week,
        "mean": one.mean.middle,
        "sd": one.sd,
        "change": one.change.middle,
        "change_sd": one.change_sd,
        "change_interval95": list(one.change.interval95),
        "responder_share": one.responder_share.middle,
    }


def _plain_contrast(one: TrialContrast) -> dict[str, Any]:
    return {
        "arm": one.arm,
        "versus": one.versus,
        "week": one.week,
        "difference": one.difference.middle,
        "interval95": list(one.difference.interval95),
        "responder_ratio": one.responder_ratio.middle,
        "responder_ratio_interval95": list(one.responder_ratio.interval95),
    }


def _arm_line(one: TrialArm) -> str:
    low, high = one.change.interval95
    share = 100 * one.responder_share.middle
    return (
        f"{one.arm}, week {one.week:g}: mean {one.mean.middle:.1f} (SD {one.sd:.1f}), change "
        f"{one.change.middle:+.1f} ({low:+.1f} to {high:+.1f}), {share:.0f} of 100 respond"
    )


def _contrast_line(one: TrialContrast) -> str:
    low, high = one.difference.interval95
    few, many = one.responder_ratio.interval95
    ratio = f"{one.responder_ratio.middle:.2f} times ({few:.2f} to {many:.2f})"
    return (
        f"{one.arm} against {one.versus}, week {one.week:g}: {one.difference.middle:+.1f} points "
        f"({low:+.1f} to {high:+.1f}), responders {ratio}"
    )
