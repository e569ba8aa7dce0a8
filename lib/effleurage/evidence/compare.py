"""A trial as published beside the same trial in the teaching model.

>>> rows = compare("sherman-2014", replicates=100)
>>> [(row.arm, row.published) for row in rows if row.measure == "nprs"][3]
('massage-60x2', 2.3)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, log
from statistics import NormalDist

from effleurage.errors import UsageError
from effleurage.evidence.predicted import Arm, arm_of, control_of
from effleurage.evidence.rows import NOT_IN_HAND, Result, results
from effleurage.simulate import parameters
from effleurage.simulate.mechanics import Numbers
from effleurage.simulate.parameters import Model, model
from effleurage.simulate.trials import Trial, trial

CERTAIN = 1.959964
MODELLED = ("massage", "wait-list", "self-care")


@dataclass(frozen=True)
class Comparison:
    """One arm against its comparator in one week: relative risk of responding, published beside simulated.

    ``published`` is None where no figure is in what we hold; ``interval_from`` says where its interval
    comes from (``published`` or ``p-value``). Simulated intervals hold 95 of 100 simulated trials of that
    size. ``versus_implied`` is the comparator's share that the published width implies. ``place`` is the
    share of simulated trials that show less than the published figure; ``found`` the share of simulated
    trials with p below 0.05.
    """

    study: str
    arm: str
    versus: str
    measure: str
    week: float
    rule: str
    said: str
    published: float | None
    low: float | None
    high: float | None
    p: float | None
    interval_from: str
    simulated: float
    simulated_low: float
    simulated_high: float
    share: float
    share_low: float
    share_high: float
    versus_share: float
    versus_implied: float | None
    place: float | None
    found: float
    words: str


def compare(
    study: str, replicates: int = 1024, seed: int = 7, group: str | None = None
) -> tuple[Comparison, ...]:
    """Return every contrast of a study that the model can speak about, beside what it says.

    Args:
        study: id of a study.
        replicates: simulated trials, up to 1,024.
        seed: same seed, same numbers.
        group: the study itself where it was fitted (default), or ``new`` for people like its own in general.

    Raises:
        UnknownId: no such study. UsageError: none of its arms is in the model.
    """
    found = [row for row in results(study) if row.versus and row.arm_kind in MODELLED]
    if not found:
        allowed = "a study of massage against a comparator"
        raise UsageError(
            "evidence.compare", f"'{study}' has no arm the model knows", allowed, "choose another"
        )
    whole = model(found[0].condition)
    group = group or (study if study in whole.groups else parameters.NEW)
    means = Numbers({name: float(column.mean()) for name, column in parameters.draws(whole.id).items()})
    rows = []
    for measure, week in dict.fromkeys((row.measure, row.week) for row in found):
        these = [row for row in found if (row.measure, row.week) == (measure, week)]
        rows += _one_week(whole, means, these, (replicates, seed, group))
    return tuple(rows)


def _one_week(
    whole: Model, means: Numbers, rows: list[Result], run: tuple[int, int, str]
) -> Iterator[Comparison]:
    """Simulate all arms of one measure and week together, and put the rows beside them."""
    arms = [arm_of(whole, row, means) for row in (*rows, control_of(rows[0]))]
    scale, replicates, seed = arms[0].scale, run[0], run[1]
    shown = trial(
        [arm.dose for arm in arms],
        n_per_arm=rows[0].n,
        replicates=replicates,
        seed=seed,
        measures=(scale.id,),
        weeks=(rows[0].week,),
        group=run[2],
        rules={scale.id: str(arms[0].rule)},
    )
    for place, row in enumerate(rows):
        yield _comparison(row, arms[place], shown, place)


def _comparison(row: Result, arm: Arm, shown: Trial, place: int) -> Comparison:
    """Put one row beside one simulated contrast."""
    contrast, share, other = (
        shown.contrasts[place],
        shown.arms[place].responder_share,
        shown.arms[-1].responder_share,
    )
    ratio = contrast.responder_ratio
    low, high, source = interval_of(row)
    where = None if row.contrast is None else ratio.below(row.contrast)
    return Comparison(
        row.study,
        row.arm,
        row.versus,
        row.measure,
        row.week,
        str(arm.rule),
        said(row),
        row.contrast,
        low,
        high,
        row.p,
        source,
        ratio.middle,
        *ratio.interval95,
        share.middle,
        *share.interval95,
        other.middle,
        implied_share(row),
        where,
        contrast.found,
        _words(row, ratio.middle, where, contrast.found),
    )


def interval_of(row: Result) -> tuple[float | None, float | None, str]:
    """Return the 95 % interval of a relative risk: as published, else worked out from its p-value.

    >>> low, high, source = interval_of(results("sherman-2014", measure="nprs", arm="massage-60x3")[0])
    >>> round(low, 2), round(high, 2), source
    (1.5, 4.97, 'p-value')
    """
    if row.contrast is None or row.contrast_kind != "rr":
        return None, None, NOT_IN_HAND
    if row.contrast_low is not None:
        return row.contrast_low, row.contrast_high, "published"
    half = CERTAIN * standard_error(row)
    return row.contrast / exp(half), row.contrast * exp(half), "p-value"


def standard_error(row: Result) -> float:
    """Return the standard error of the log of a relative risk, from its interval or else from its p-value.

    From a p-value it is the log divided by the z that belongs to p (a Wald test of the log): an
    approximation.
    """
    if row.contrast_low is not None:
        return log(row.contrast_high / row.contrast_low) / (2 * CERTAIN)
    return abs(log(row.contrast)) / NormalDist().inv_cdf(1 - row.p / 2)


def said(row: Result) -> str:
    """Say what the study says, in short."""
    if row.contrast_kind == "not-different":
        return "no significant difference; no figure in what we hold"
    return NOT_IN_HAND if row.contrast is None else f"{row.contrast:g}"


def _words(row: Result, middle: float, place: float | None, found: float) -> str:
    """Say how the two agree, from the numbers alone."""
    hundred = round(100 * found)
    if row.contrast_kind == "not-different":
        verdict = "does not fit well" if found > 0.5 else "fits"
        return (
            f"No significant difference was published; {hundred} of 100 simulated trials find one: {verdict}."
        )
    if place is None:
        return f"{said(row).capitalize()}; the model expects {middle:.2f}."
    start = f"Published {row.contrast:.2f}, simulated {middle:.2f}: "
    if 0.25 <= place <= 0.75:
        return f"{start}in the middle half of the simulated trials."
    side, beyond = ("below", 1 - place) if place < 0.5 else ("above", place)
    verdict = "inside" if 0.025 <= place <= 0.975 else "outside"
    return f"{start}{verdict} the 95 % interval; {side} {100 * beyond:.0f} of 100 simulated trials."


def implied_share(row: Result) -> float | None:
    """Return the comparator's share of responders that the width of a published interval implies.

    The variance of the log of a ratio of two shares in n people each is (1/a - 1)/n + (1/b - 1)/n; with a/b
    known it gives b. An approximation, as the published figures are adjusted.

    >>> round(implied_share(results("sherman-2014", measure="ndi", arm="massage-60x3")[0]), 2)
    0.08
    """
    if row.contrast is None or row.contrast_kind != "rr":
        return None
    return (1 + 1 / row.contrast) / (row.n * standard_error(row) ** 2 + 2)
