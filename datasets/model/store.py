"""Store a fit beside this script: posterior draws (CSV), diagnostics (JSON) and the model card (Markdown)."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import arviz
import numpy as np
import numpyro
import pymc
import pytensor
from effleurage import evidence
from effleurage.simulate import parameters
from effleurage.simulate.parameters import DRAWS, NEW, Model, Parameter, Prior

HERE = Path(__file__).resolve().parent
PRIOR_DRAWS = 20_000


def from_prior(prior: Prior, count: int, luck: np.random.Generator) -> np.ndarray:
    """Draw from a prior."""
    if prior.family == "normal":
        return luck.normal(prior.mean, prior.sd, count)
    if prior.family == "halfnormal":
        return np.abs(luck.normal(0, prior.sd, count))
    if prior.family == "lognormal":
        return prior.median * np.exp(luck.normal(0, prior.log_sd, count))
    return prior.low + (prior.high - prior.low) * luck.beta(prior.a, prior.b, count)


def columns(model: Model, posterior: Mapping[str, Any], seed: int) -> dict[str, np.ndarray]:
    """Choose 1,024 draws at random; what no row speaks of comes from its prior."""
    luck = np.random.default_rng(seed)
    pooled = {name: np.asarray(posterior[name]).ravel() for name in posterior}
    chosen = luck.permutation(len(next(iter(pooled.values()))))[:DRAWS]
    found = {
        item.name: pooled[item.name][chosen] if item.fitted else from_prior(item.prior, DRAWS, luck)
        for item in model.parameters
    }
    for kind in ("shift", "boost"):
        found[f"{kind}_{NEW}"] = luck.standard_normal(DRAWS)
        found |= {f"{kind}_{group}": pooled[f"{kind}_{group}"][chosen] for group in model.groups}
    lengths = [f"minutes_{group}" for group in model.groups if f"minutes_{group}" in pooled]
    return found | {name: pooled[name][chosen] for name in lengths}


def write_draws(model: Model, table: Mapping[str, np.ndarray]) -> None:
    """Write the draws with six significant digits."""
    lines = [",".join(table)]
    lines += [",".join(f"{column[place]:.6g}" for column in table.values()) for place in range(DRAWS)]
    (HERE / f"{model.id}.draws.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    parameters.draws.cache_clear()


def diagnostics(
    model: Model, result: Any, table: Mapping[str, np.ndarray], settings: Mapping[str, Any]
) -> dict:
    """Return how the sampling went, prior beside posterior, published beside predicted."""
    summary = arviz.summary(result, kind="diagnostics", round_to="none")
    luck = np.random.default_rng(1)
    return {
        "model": model.id,
        "fitted_on": list(model.fitted_on),
        "settings": dict(settings),
        "versions": {
            "pymc": pymc.__version__,
            "pytensor": pytensor.__version__,
            "numpyro": numpyro.__version__,
        },
        "divergences": int(result.sample_stats["diverging"].sum()),
        "worst_r_hat": _short(summary["r_hat"].max()),
        "least_ess_bulk": _short(summary["ess_bulk"].min()),
        "least_ess_tail": _short(summary["ess_tail"].min()),
        "parameters": [_parameter(item, table, summary, luck) for item in model.parameters],
        "figures": [_rounded(asdict(figure)) for figure in evidence.fitted(model.condition)],
    }


def _parameter(
    item: Parameter, table: Mapping[str, np.ndarray], summary: Any, luck: np.random.Generator
) -> dict:
    prior, found = from_prior(item.prior, PRIOR_DRAWS, luck), table[item.name]
    kept = ("r_hat", "ess_bulk", "ess_tail") if item.fitted else ()
    return {
        "name": item.name,
        "unit": item.unit,
        "fitted": item.fitted,
        "prior": str(item.prior),
        "prior_mean": _short(prior.mean()),
        "prior_interval95": _ends(prior),
        "posterior_mean": _short(found.mean()),
        "posterior_interval95": _ends(found),
        **{name: _short(summary.loc[item.name, name]) for name in kept},
    }


def _ends(values: np.ndarray) -> list[float]:
    return [_short(end) for end in np.quantile(values, (0.025, 0.975))]


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def _rounded(record: dict) -> dict:
    return {name: _short(value) if isinstance(value, float) else value for name, value in record.items()}


def write_diagnostics(model: Model, found: dict) -> None:
    """Write the diagnostics."""
    text = json.dumps(found, indent=1, ensure_ascii=False)
    (HERE / f"{model.id}.fit.json").write_text(text + "\n", encoding="utf-8")


NAMES = ["parameter", "unit", "fitted", "prior", "prior, 95 %", "posterior", "posterior, 95 %"]
FIGURES = ["published row", "figure", "published", "predicted", "95 %", "inside"]
OF_PARAMETERS = "A parameter that is not fitted is a teaching default: its draws are its prior."
OF_FIGURES = (
    "Middle and 95 % interval of what the model simulates for a study of that size. Words: how many of 100 "
    "draws make them come true; inside means 5 or more."
)


def write_card(model: Model, found: dict) -> None:
    """Write the model card: what was told by hand, then how the sampling went and the tables."""
    parts = [
        (HERE / f"{model.id}.about.md").read_text(encoding="utf-8").strip(),
        "## How the sampling went",
        settings_in_words(found),
        "## Prior beside posterior",
        OF_PARAMETERS,
        _table(NAMES, [_parameter_row(item) for item in found["parameters"]]),
        "## Published beside predicted",
        OF_FIGURES,
        _table(FIGURES, [_figure_row(item) for item in found["figures"]]),
    ]
    (HERE / f"{model.id}.card.md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def settings_in_words(found: dict) -> str:
    """Say how the sampling went."""
    given, versions = found["settings"], found["versions"]
    return (
        f"PyMC {versions['pymc']} with the NUTS of NumPyro {versions['numpyro']}, {given['chains']} chains, "
        f"{given['tune']:,} steps of tuning and {given['draws']:,} draws each, seed {given['seed']}. "
        f"Divergences: {found['divergences']}. Worst R-hat {found['worst_r_hat']:.3f}; least effective "
        f"sample size {found['least_ess_bulk']:.0f} (bulk) and {found['least_ess_tail']:.0f} (tail). "
        f"{DRAWS:,} draws, chosen at random, are stored."
    )


def _parameter_row(item: dict) -> list[str]:
    spans = ["{:.3g} to {:.3g}".format(*item[name]) for name in ("prior_interval95", "posterior_interval95")]
    fitted = "yes" if item["fitted"] else "no"
    return [
        item["name"],
        item["unit"],
        fitted,
        item["prior"],
        spans[0],
        f"{item['posterior_mean']:.3g}",
        spans[1],
    ]


def _figure_row(item: dict) -> list[str]:
    if item["published"] is None:
        mark = "yes" if item["place"] >= 0.05 else "no"
        return [item["row"], item["what"], "words", f"{100 * item['place']:.0f} of 100", "", mark]
    mark = "yes" if item["low"] <= item["published"] <= item["high"] else "no"
    span = f"{item['low']:.3g} to {item['high']:.3g}"
    return [item["row"], item["what"], f"{item['published']:.3g}", f"{item['middle']:.3g}", span, mark]


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":  # the card again, after a change of what is told by hand
    for path in sorted(HERE.glob("*.fit.json")):
        stored = json.loads(path.read_text(encoding="utf-8"))
        write_card(parameters.model(stored["model"]), stored)
