"""Rows of the engine: beside the same model in libRoadRunner and as a plain loop, and cost by size."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from effleurage import simulate
from effleurage.bench.listed import clock, in_turn, row
from effleurage.simulate import mechanics

if TYPE_CHECKING:
    import pandas as pd

DOSE, MEASURE, WEEKS, COHORT = "60x3x4", "ndi", (0, 5, 10, 26), 10_000
EVE = 1.0  # the clock starts a day before the first session: an event at time 0 fires before values are set
INSTALL = "not measured: libRoadRunner is not here; pip install 'effleurage[yardstick]'"


def rates(p: Mapping[str, Any], draw: int, start: float) -> dict[str, float]:
    """Return what one client needs for a course without noise."""
    massage, context = mechanics.pull(p, MEASURE)
    session = simulate.dose(DOSE).sessions[0]
    return {
        "burden": start,
        "massage_rate": float(-np.log(mechanics.fading(p, 1.0)[draw])),
        "fill": float(mechanics.stimulus(p, session)[draw]),
        "contact": float(mechanics.contact(p)[draw]),
        "by_massage": float(massage[draw]),
        "by_context": float(context[draw]),
        "natural": float(mechanics.untreated(p, MEASURE, 1e9)[draw]),
        "natural_rate": float(np.log(2) / (7 * p["natural_weeks"][draw])),
    }


def sbml() -> str:
    """Return the course as SBML: two stores that fade and are filled by sessions."""
    names = [*rates(simulate.model("neck-pain-chronic").values("mean"), 0, 20.0), "massage", "context"]
    held = "".join(f'<parameter id="{name}" value="0" constant="false"/>' for name in names)
    fades = "".join(_rate(store) for store in ("massage", "context"))
    events = "".join(_session(place, item.day) for place, item in enumerate(simulate.dose(DOSE).sessions))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1">'
        '<model id="course">'
        f"<listOfParameters>{held}</listOfParameters><listOfRules>{fades}</listOfRules>"
        f"<listOfEvents>{events}</listOfEvents></model></sbml>"
    )


MATHS = '<math xmlns="http://www.w3.org/1998/Math/MathML">{}</math>'
TIME = '<csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/time"> t </csymbol>'


def _rate(store: str) -> str:
    fades = f"<apply><minus/><apply><times/><ci>massage_rate</ci><ci>{store}</ci></apply></apply>"
    return f'<rateRule variable="{store}">{MATHS.format(fades)}</rateRule>'


def _session(place: int, day: float) -> str:
    when = f"<apply><geq/>{TIME}<cn>{day + EVE:g}</cn></apply>"
    filled = ""
    for store, part in (("massage", "fill"), ("context", "contact")):
        room = f"<apply><minus/><cn>1</cn><ci>{store}</ci></apply>"
        more = f"<apply><plus/><ci>{store}</ci><apply><times/><ci>{part}</ci>{room}</apply></apply>"
        filled += f'<eventAssignment variable="{store}">{MATHS.format(more)}</eventAssignment>'
    return (
        f'<event id="s{place}" useValuesFromTriggerTime="true">'
        f'<trigger initialValue="false" persistent="true">{MATHS.format(when)}</trigger>'
        f"<listOfEventAssignments>{filled}</listOfEventAssignments></event>"
    )


def course_of(runner: Any, client: Mapping[str, float]) -> list[float]:
    """Return one client's burden at each reading, from libRoadRunner."""
    runner.resetAll()
    for name, value in client.items():
        runner.setValue(name, value)
    days = [0.0, *(7.0 * week + EVE for week in WEEKS[1:])]
    found = runner.simulate(times=days, selections=["time", "massage", "context"])
    return [left(client, max(0.0, day - EVE), *stores) for day, *stores in found]


def left(client: Mapping[str, float], day: float, massage: float, context: float) -> float:
    """Return the burden that time and the two stores leave."""
    fallen = client["by_massage"] * massage + client["by_context"] * context
    time = client["natural"] * (1 - np.exp(-client["natural_rate"] * day))
    return float(client["burden"] * (1 - time) * (1 - fallen))


def by_formula(p: Any, draw: int, start: float) -> list[float]:
    """Return the same course from the formulas that the engine walks through, for one who misses nothing."""
    dose, p = simulate.dose(DOSE), mechanics.Numbers({**p, "missed": 0 * p["missed"]})
    found = []
    for week in WEEKS:
        stores = [np.broadcast_to(store, 1024)[draw] for store in mechanics.stores(p, dose, 7.0 * week)]
        pulls = [pull[draw] for pull in mechanics.pull(p, MEASURE)]
        fallen = sum(pull * store for pull, store in zip(pulls, stores, strict=True))
        found.append(float(start * (1 - mechanics.untreated(p, MEASURE, week)[draw]) * (1 - fallen)))
    return found


@row("a cohort of 10,000, beside libRoadRunner", reach=0.002)
def _roadrunner() -> tuple[float, float | None, str]:
    """Simulate 10,000 clients, beside the same stores and burden in libRoadRunner, client by client."""
    try:
        import roadrunner
    except ImportError:
        return clock(_cohort), None, INSTALL
    runner, p = roadrunner.RoadRunner(sbml()), simulate.model("neck-pain-chronic").values("posterior")
    some = [rates(p, draw, 20.0) for draw in range(0, 1024, 2)]
    for place in (0, 100, 400):
        _must_agree("libRoadRunner", course_of(runner, some[place]), by_formula(p, 2 * place, 20.0))
    ours, theirs = in_turn(
        lambda: clock(_cohort),
        lambda: clock(lambda: [course_of(runner, client) for client in some]),
        repeats=3,
    )
    note = f"yardstick: {len(some)} clients without chance, scaled to {COHORT:,}; same course to 0.001"
    return ours, theirs * COHORT / len(some), note


def _must_agree(name: str, course: Any, formula: Any) -> None:
    """Refuse a yardstick that computes something else."""
    apart = np.abs(np.subtract(course, formula)).max()
    if apart > 1e-3:
        raise ArithmeticError(f"{name} is {apart:.3g} points away from the formulas")


def by_loop(some: list[dict[str, float]]) -> "pd.DataFrame":
    """Return burdens by client and week, as a plain loop that gathers rows for a table."""
    import pandas as pd

    dose, rows = simulate.dose(DOSE), []
    moments = sorted([(7.0 * week, False) for week in WEEKS] + [(one.day, True) for one in dose.sessions])
    for number, client in enumerate(some):
        massage = context = last = 0.0
        for day, is_session in moments:
            fade = np.exp(-client["massage_rate"] * (day - last))
            massage, context, last = massage * fade, context * fade, day
            if is_session:
                massage += client["fill"] * (1 - massage)
                context += client["contact"] * (1 - context)
            else:
                rows.append(
                    {"client": number, "week": day / 7, "burden": left(client, day, massage, context)}
                )
    return pd.DataFrame(rows)


@row("a cohort of 10,000, beside a plain loop", reach=0.1)
def _plain_loop() -> tuple[float, float, str]:
    """Simulate 10,000 clients, beside the same course in a Python loop that fills a pandas table."""
    p = simulate.model("neck-pain-chronic").values("posterior")
    some = [rates(p, draw, 20.0) for draw in range(1024)]
    table = by_loop(some[:300])
    for place in (0, 100, 299):
        _must_agree("the loop", table.burden[table.client == place], by_formula(p, place, 20.0))
    ours, theirs = in_turn(lambda: clock(_cohort), lambda: clock(lambda: by_loop(some)), repeats=3)
    note = f"yardstick: {len(some):,} clients without chance, scaled to {COHORT:,}; same course to 0.001"
    return ours, theirs * COHORT / len(some), note


def _cohort(clients: int = COHORT) -> None:
    simulate.cohort(DOSE, clients, measures=(MEASURE,), versus=(), keep=False, weeks=WEEKS, progress=_quiet)


def _quiet(done: int, total: int) -> None:
    """Show nothing."""


@row("cost per client of 10,000,000 clients", reach=1.2, unit="µs")
def _flat() -> tuple[float, float, str]:
    """Return the cost of a client in a large cohort, beside a cohort of 10,000; small ones pay the start."""
    sizes = {10**power: 5 if power < 6 else 1 for power in range(3, 8)}
    cost = {n: min(clock(lambda n=n: _cohort(n)) for _ in range(k)) / n * 1e6 for n, k in sizes.items()}
    told = ", ".join(f"{n:,}: {one:.2f}" for n, one in cost.items())
    return cost[10**7], cost[10**4], f"yardstick: a cohort of 10,000; µs per client at {told}"
