"""Every published figure the model was fitted on, beside what the stored draws say about it.

A posterior predictive check: each draw simulates the figure once, with the luck of a study of that size.

>>> figures = fitted("neck-pain-chronic")
>>> all(figure.low <= figure.high for figure in figures)
True
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from effleurage.evidence.compare import standard_error
from effleurage.evidence.predicted import InStudy, arm_of, completers, control_of, followed
from effleurage.evidence.rows import Result, results, studies
from effleurage.simulate import parameters, streams
from effleurage.simulate.mechanics import Numbers
from effleurage.simulate.parameters import Model, model

SEED = 1
POINTS = 10.0


@dataclass(frozen=True)
class Figure:
    """A published figure beside its prediction: middle and 95 % interval.

    ``place`` is the share of draws below the published figure. ``published`` is None for words; then
    ``place`` is the share of draws under which the words come true.
    """

    row: str
    what: str
    published: float | None
    middle: float
    low: float
    high: float
    place: float

    @property
    def inside(self) -> bool:
        """Tell whether the figure lies in the interval, or the words come true in 5 % of draws or more."""
        return self.place >= 0.05 if self.published is None else self.low <= self.published <= self.high


def fitted(condition: str) -> tuple[Figure, ...]:
    """Return all fitted figures of a condition's model."""
    whole = model(condition)
    p = Numbers(dict(parameters.draws(whole.id)))
    chance = streams.luck(SEED)
    return tuple(
        figure
        for study in whole.fitted_on
        for figure in (
            *_contrasts(whole, p, study, chance),
            *_arms(whole, p, study, chance),
            *_people(p, study, chance),
        )
    )


def _contrasts(whole: Model, p: Numbers, study: str, luck: streams.Luck) -> Iterator[Figure]:
    """Relative risks and their standard errors; where only words were published, how often they come true."""
    for row in results(study, use="fit"):
        if row.contrast_kind not in ("rr", "not-different"):
            continue
        own = p.once(study, lambda: InStudy(p, study))
        seen = [_share_seen(whole, own, item, luck) for item in (row, control_of(row))]
        ratio = seen[0] / seen[1]
        se = np.sqrt(sum((1 / share - 1) / (row.n + 1) for share in seen))
        if row.contrast_kind == "not-different":
            yield _words(row.row, "no significant difference", np.abs(np.log(ratio)) < 1.96 * se)
            continue
        yield _figure(row.row, "relative risk", row.contrast, ratio)
        yield _figure(row.row, "standard error of its log", standard_error(row), se)


def _share_seen(whole: Model, own: InStudy, row: Result, luck: streams.Luck) -> np.ndarray:
    """Return the share of responders a study of that size would see; half a person is added to both sides."""
    share = np.clip(arm_of(whole, row, own).average(own, row.week).share, 1e-6, 1 - 1e-6)
    return (luck.binomial(row.n, share) + 0.5) / (row.n + 1)


def _arms(whole: Model, p: Numbers, study: str, luck: streams.Luck) -> Iterator[Figure]:
    """Shares of responders, mean changes, their SD and correlation."""
    for row in results(study, use="fit"):
        if row.responder_pct is None and row.change is None:
            continue
        own = p.once(study, lambda: InStudy(p, study))
        arm = arm_of(whole, row, own)
        average = arm.average(own, row.week)
        seen = luck.binomial(row.n, np.clip(average.share, 0, 1)) / row.n
        yield _figure(row.row, "responders (%)", row.responder_pct, 100 * seen)
        if row.change is None:
            continue
        sd, correlation = arm.spread(own, row.week)
        noise = luck.standard_normal((3, len(sd)))
        change = average.change + noise[0] * sd / np.sqrt(row.n)
        yield _figure(row.row, "change", row.change, POINTS * change)
        sd_seen = POINTS * sd * np.exp(noise[1] / np.sqrt(2 * (row.n - 1)))
        yield _figure(row.row, "SD of change", row.change_sd, sd_seen)
        seen = np.tanh(np.arctanh(correlation) + noise[2] / np.sqrt(row.n - 3))
        yield _figure(row.row, "correlation with the start", row.correlation, seen)


def _people(p: Numbers, study: str, luck: streams.Luck) -> Iterator[Figure]:
    """Attendance and follow-up."""
    about = studies()[study]
    for row in {row.arm: row for row in results(study) if row.arm in about.adherence}.values():
        share = completers(p, round(row.per_week * row.weeks))
        seen, told = 100 * luck.binomial(row.n, share) / row.n, about.adherence[row.arm]
        name = f"{study}-{row.arm}-attendance"
        if isinstance(told, str):
            yield _words(name, f"{told} % come to 75 % of sessions", seen >= float(told.split()[-1]) - 1)
        else:
            yield _figure(name, "come to 75 % of sessions (%)", told, seen)
    if about.followed_pct is not None:
        stay = 100 * luck.binomial(about.people, followed(p, about.followed_week)) / about.people
        yield _figure(f"{study}-followed", "still in the study (%)", about.followed_pct, stay)


def _figure(row: str, what: str, published: float, seen: np.ndarray) -> Figure:
    low, middle, high = (float(end) for end in np.quantile(seen, (0.025, 0.5, 0.975)))
    place = np.mean(seen < published) + np.mean(seen == published) / 2
    return Figure(row, what, published, middle, low, high, float(place))


def _words(row: str, what: str, comes_true: np.ndarray) -> Figure:
    share = float(np.mean(comes_true))
    return Figure(row, what, None, share, share, share, share)
