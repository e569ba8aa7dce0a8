"""Fit the teaching model for chronic neck pain from datasets/trials/ alone, and store what came out.

Run it with the extra ``fit`` installed::

    python datasets/model/fit_neck.py

It writes, beside itself, the posterior draws (CSV), the diagnostics with prior beside posterior and
published beside predicted (JSON) and the model card (Markdown). The same seed gives the same files on the
same machine and versions; elsewhere posterior means agree within 0.1 of a posterior SD.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import store
from effleurage.evidence import rows
from effleurage.evidence.compare import standard_error
from effleurage.evidence.predicted import InStudy, arm_of, completers, control_of, followed
from effleurage.simulate import averages, mechanics
from effleurage.simulate.doses import Dose, Session
from effleurage.simulate.mechanics import Maths, Numbers
from effleurage.simulate.parameters import Model, Prior, model

CONDITION = "neck-pain-chronic"
SEED, CHAINS, TUNE, DRAWS, ACCEPT = 20250, 4, 1000, 1000, 0.95
SYMBOLS = Maths(pt.exp, lambda z: 0.5 * pt.erfc(-z / np.sqrt(2)))
MINUTES = {"sherman-2009": 50.0, "skillgate-2020": 50.0}  # not in what we hold; SD 12, 25 to 90
ADHERENCE_SESSIONS = {"30x2": 8, "30x3": 12, "60x1": 4, "60x2": 8, "60x3": 12}
WIDTH_SD = 0.15  # how well a published interval tells how many responders there were (log scale)
ENTRY_BETWEEN = 0.4  # spread of mean pain at the start between studies, points of 0-10
ENTRY_SD_BETWEEN = 0.25  # spread of its SD between studies, log scale


def random(name: str, prior: Prior) -> Any:
    """Make a random variable from a prior."""
    if prior.family == "normal":
        return pm.Normal(name, prior.mean, prior.sd)
    if prior.family == "halfnormal":
        return pm.HalfNormal(name, prior.sd)
    if prior.family == "lognormal":
        return pm.LogNormal(name, np.log(prior.median), prior.log_sd)
    share = pm.Beta(f"{name}_share" if prior.high != 1 else name, prior.a, prior.b)
    return share if prior.high == 1 else pm.Deterministic(name, prior.low + (prior.high - prior.low) * share)


def numbers(neck: Model) -> Numbers:
    """Make all random variables, by name."""
    p = {item.name: random(item.name, item.prior) for item in neck.parameters if item.fitted}
    for group in neck.groups:
        p[f"shift_{group}"] = pm.Normal(f"shift_{group}")
        p[f"boost_{group}"] = pm.Normal(f"boost_{group}")
    for study, guess in MINUTES.items():
        p[f"minutes_{study}"] = pm.TruncatedNormal(f"minutes_{study}", guess, 12, lower=25, upper=90)
    return Numbers(p)


def add(name: str, logp: Any) -> None:
    """Add a log likelihood; group averages come as vectors of one."""
    pm.Potential(name, pt.sum(logp))


def normal(value: Any, mean: Any, sd: Any) -> Any:
    """Return the log density of a normal, up to a constant."""
    return -0.5 * ((value - mean) / sd) ** 2 - pt.log(sd)


def not_different(mean: Any, sd: Any, se: Any) -> Any:
    """Return the log chance that a contrast stays within 1.96 standard errors of nothing."""
    upper, lower = (1.96 * se - mean) / sd, (-1.96 * se - mean) / sd
    return pt.log(SYMBOLS.normal_below(upper) - SYMBOLS.normal_below(lower) + 1e-9)


def counted(pct: float, n: int, share: Any) -> Any:
    """Return the log likelihood of a published percentage of n people."""
    return n * (pct / 100 * pt.log(share) + (1 - pct / 100) * pt.log(1 - share))


def relative_variance(share: Any, n: int) -> Any:
    """Return the variance of the log of a share seen in n people."""
    return (1 / share - 1) / n


class Cells:
    """All arms and weeks that the rows speak of, worked out side by side: one column each."""

    def __init__(self, neck: Model, p: Numbers) -> None:
        """Collect the cells of one model."""
        self.neck, self.p, self.keys, self.arms = neck, p, [], []

    def ask(self, row: rows.Result, week: float) -> tuple[str, str, float]:
        """Ask for one arm and week."""
        key = (row.study, row.arm, row.measure, week)
        if key not in self.keys:
            self.keys.append(key)
            self.arms.append(arm_of(self.neck, row, self.p))
        return key

    def work_out(self, maths: Maths) -> dict[tuple, tuple[Any, Any]]:
        """Return (mean change, share of responders) of every cell."""
        found: dict[tuple, tuple[Any, Any]] = {}
        for kind in sorted({(arm.scale.id, arm.fine) for arm in self.arms}):
            places = [place for place, arm in enumerate(self.arms) if (arm.scale.id, arm.fine) == kind]
            average = self.side_by_side(places, maths)
            for column, place in enumerate(places):
                share = pt.clip(average.share[column], 1e-4, 1 - 1e-4)
                found[self.keys[place]] = (average.change[column], share)
        return found

    def side_by_side(self, places: list[int], maths: Maths) -> averages.Average:
        """Work out cells of one scale."""
        arms, keys = [self.arms[place] for place in places], [self.keys[place] for place in places]
        week = np.array([key[3] for key in keys], dtype=float)
        own = {name: pt.stack([self.p[f"{name}_{key[0]}"] for key in keys]) for name in ("shift", "boost")}
        p, scale, fine = Numbers({**self.p, **own}), arms[0].scale, arms[0].fine
        advised = np.array([float(arm.dose.arm == "self-care") for arm in arms])
        plain = mechanics.untreated(p, scale.id, week) + advised * mechanics.without_touch(
            p, "self-care", week
        )
        stores = filled(
            p, [before(arm.dose, 7 * key[3]) for arm, key in zip(arms, keys, strict=True)], week, maths
        )
        fallen = averages.Fall(plain, averages.varying(p, scale.id, stores, maths))
        entry = arms[0].entry or averages.usual_entry(p, scale.id)
        start = averages.starts(scale, entry, maths, fine)
        limit = np.hstack([averages.highest_response(scale, arm.rule, start.before, fine) for arm in arms])
        read = averages.reading(p, scale.id, week, fallen, start.nodes, entry.centre)
        return averages.outcome(scale, start, limit, read, maths)


def before(dose: Dose, day: float) -> Dose:
    """Return the part of a dose that lies before a day."""
    return replace(dose, sessions=tuple(session for session in dose.sessions if session.day < day))


def filled(p: Numbers, doses: list[Dose], week: np.ndarray, maths: Maths) -> tuple[Any, Any]:
    """Return the two stores of several doses, side by side; short courses are padded with nothing."""
    most = max(len(dose.sessions) for dose in doses)
    gaps, given, minutes = np.zeros((most, len(doses))), np.zeros((most, len(doses))), []
    for column, dose in enumerate(doses):
        days = [session.day for session in dose.sessions]
        gaps[: len(days), column] = np.diff(days, prepend=days[:1])
        given[: len(days), column] = 1
        minutes.append(dose.sessions[0].minutes if days else 0.0)
    massage = np.array([float(dose.arm == "massage") for dose in doses])
    came = 1 - p["missed"]
    stimulus = mechanics.stimulus(p, Session(0, pt.stack(minutes)), maths)
    lefts = [mechanics.fading(p, gap) for gap in gaps]
    by_massage = mechanics.still_open(lefts, [1 - massage * one * came * stimulus for one in given])
    by_context = mechanics.still_open(lefts, [1 - one * came * mechanics.contact(p, maths) for one in given])
    rest = mechanics.fading(p, 7 * week - np.array([dose.last_day for dose in doses]))
    return (1 - by_massage) * rest, (1 - by_context) * rest


def add_dosing_trial(cells: dict, measure: str) -> None:
    """Sherman 2014: all arms meet the same wait list, whose share as seen there is a variable of its own."""
    noise = pm.Normal(f"wait_list_{measure}")
    for row in rows.results("sherman-2014", measure=measure, use="fit"):
        share, base = shares(cells, row)
        seen = pt.log(base) + pt.sqrt(relative_variance(base, row.n)) * noise
        own = pt.sqrt(relative_variance(share, row.n))
        behind = pt.maximum(relative_variance(pt.exp(seen), row.n), 1e-4)
        difference = pt.log(share) - seen
        if row.contrast_kind == "not-different":
            add(row.row, not_different(difference, own, pt.sqrt(own**2 + behind)))
            continue
        add(row.row, normal(np.log(row.contrast), difference, own))
        ahead = pt.maximum(relative_variance(row.contrast * pt.exp(seen), row.n), 1e-3)
        add(f"{row.row}-width", normal(np.log(standard_error(row)), 0.5 * pt.log(behind + ahead), WIDTH_SD))


def add_relative_risks(cells: dict, found: list[rows.Result], width: bool) -> None:
    """Relative risks with an interval, one comparator each; the width tells how many responded."""
    for row in found:
        share, base = shares(cells, row)
        se = pt.sqrt(relative_variance(share, row.n) + relative_variance(base, row.n))
        if row.contrast_kind == "not-different":
            add(row.row, not_different(pt.log(share / base), se, se))
            continue
        add(row.row, normal(np.log(row.contrast), pt.log(share / base), standard_error(row)))
        if width:
            add(f"{row.row}-width", normal(np.log(standard_error(row)), pt.log(se), WIDTH_SD))


def add_shares(cells: dict) -> None:
    """Sherman 2009, week 10: shares of responders in both arms (their ratio is not used a second time)."""
    for row in rows.results("sherman-2009"):
        if row.responder_pct is not None:
            add(row.row, counted(row.responder_pct, row.n, cells[key_of(row)][1]))


def add_words(cells: dict) -> None:
    """Sherman 2009 in words: NDI differences largest at 4 weeks, gone by 26. Weak: the SEs are a guess."""
    row = rows.results("sherman-2009", measure="ndi", arm="massage")[0]
    at = {}
    for week in (4, 10, 26):
        there, here = (cells[key_of(item, week)][0] for item in (control_of(row), row))
        at[week] = here - there
    early_se, late_se = 4.5 * np.sqrt(2 / row.n), 6.5 * np.sqrt(2 / row.n)
    add("sherman-2009-largest-at-4", pt.log(SYMBOLS.normal_below((at[10] - at[4]) / early_se) + 1e-9))
    add("sherman-2009-gone-by-26", not_different(at[26], late_se, late_se))


def add_sham_course(neck: Model, cells: dict, p: Numbers) -> None:
    """Chow 2006, sham arm: mean change, its spread, correlation with the start, share of responders."""
    own = InStudy(p, "chow-2006")
    for row in sham_course():
        change, share = cells[key_of(row)]
        sd, correlation = arm_of(neck, row, own).spread(own, row.week, SYMBOLS)
        add(f"{row.row}-change", normal(row.change / 10, change, sd / np.sqrt(row.n)))
        add(f"{row.row}-sd", normal(np.log(row.change_sd / 10), pt.log(sd), (2 * (row.n - 1)) ** -0.5))
        seen = np.arctanh(row.correlation)
        add(f"{row.row}-correlation", normal(seen, pt.arctanh(correlation), (row.n - 3) ** -0.5))
        add(f"{row.row}-share", counted(row.responder_pct, row.n, share))


def sham_course() -> list[rows.Result]:
    """Return the follow-up rows of the sham arm."""
    found = rows.results("chow-2006", arm="sham-laser", use="fit")
    return [row for row in found if row.change is not None]


def key_of(row: rows.Result, week: float | None = None) -> tuple:
    """Return the cell that a row speaks of."""
    return (row.study, row.arm, row.measure, row.week if week is None else week)


def shares(cells: dict, row: rows.Result) -> tuple[Any, Any]:
    """Return the responder shares of a row's arm and of its comparator in that week."""
    return cells[key_of(row)][1], cells[key_of(control_of(row))][1]


def all_cells(neck: Model, p: Numbers) -> dict:
    """Work out every arm and week that a row needs."""
    cells = Cells(neck, p)
    for row in rows.results("sherman-2014", use="fit") + rows.results("skillgate-2020", use="fit"):
        cells.ask(row, row.week)
        cells.ask(control_of(row), row.week)
    for row in rows.results("sherman-2009", arm="massage"):
        for week in {row.week, 4, 10, 26} if row.measure == "ndi" else {row.week}:
            cells.ask(row, week)
            cells.ask(control_of(row), week)
    for row in sham_course():
        cells.ask(row, row.week)
    return cells.work_out(SYMBOLS)


def add_starts(p: Numbers) -> None:
    """Pain at the start: Gross 2024 (pooled) and Chow 2006 (both arms together)."""
    pooled = rows.results("gross-2024")[0]
    arms = [rows.results("chow-2006", arm=arm)[0] for arm in ("sham-laser", "active-laser")]
    both = (sum(arm.mean for arm in arms) / 2, sum(arm.spread for arm in arms) / 2)
    for name, (mean, sd) in {"gross": (pooled.mean, pooled.spread), "chow": both}.items():
        add(f"{name}-start", normal(mean / 10, p["entry_mean_nprs"], ENTRY_BETWEEN))
        add(f"{name}-start-sd", normal(np.log(sd / 10), pt.log(p["entry_sd_nprs"]), ENTRY_SD_BETWEEN))


def add_attendance(p: Numbers) -> None:
    """Sherman 2014: who came to 75 % of the sessions, and who was still there in week 5."""
    study = rows.studies()["sherman-2014"]
    for arm, seen in study.adherence.items():
        share = completers(p, ADHERENCE_SESSIONS[arm.removeprefix("massage-")])
        if isinstance(seen, str):  # "at least 95"
            se = pt.sqrt(share * (1 - share) / 38) + 0.005
            add(f"adherence-{arm}", pt.log(SYMBOLS.normal_below((share - 0.94) / se) + 1e-9))
        else:
            add(f"adherence-{arm}", counted(seen, 38, share))
    add("followed", counted(study.followed_pct, study.people, followed(p, study.followed_week, SYMBOLS)))


def build(neck: Model) -> pm.Model:
    """Put priors and rows together."""
    with pm.Model() as whole:
        p = numbers(neck)
        cells = all_cells(neck, p)
        for measure in ("ndi", "nprs"):
            add_dosing_trial(cells, measure)
        add_relative_risks(cells, rows.results("skillgate-2020", use="fit"), width=True)
        later = [row for row in rows.results("sherman-2009", use="fit") if row.week == 26]
        add_relative_risks(cells, later, width=False)
        add_shares(cells)
        add_words(cells)
        add_sham_course(neck, cells, p)
        add_starts(p)
        add_attendance(p)
    return whole


def sample(whole: pm.Model) -> Any:
    """Draw from the posterior."""
    return pm.sample(
        model=whole,
        draws=DRAWS,
        tune=TUNE,
        chains=CHAINS,
        random_seed=SEED,
        target_accept=ACCEPT,
        progressbar=False,
        nuts_sampler="numpyro",  # PyMC's own sampler needs minutes to compile this model
        nuts_sampler_kwargs={"chain_method": "sequential"},
    )


def main() -> None:
    """Fit, store, and say how it went."""
    neck = model(CONDITION)
    result = sample(build(neck))
    table = store.columns(neck, result.posterior, SEED)
    store.write_draws(neck, table)
    settings = {"seed": SEED, "chains": CHAINS, "tune": TUNE, "draws": DRAWS, "target_accept": ACCEPT}
    found = store.diagnostics(neck, result, table, settings)
    store.write_diagnostics(neck, found)
    store.write_card(neck, found)
    print(store.settings_in_words(found))


if __name__ == "__main__":
    main()
