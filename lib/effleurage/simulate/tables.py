"""A run as a table, as plain data, in words, and in a file."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from effleurage import files
from effleurage.errors import FileError, UsageError

if TYPE_CHECKING:
    import pandas as pd

    from effleurage.simulate.doses import Dose
    from effleurage.simulate.parameters import Model
    from effleurage.simulate.runs import Contrast, Group, Runs

MOST_WRITTEN = 1_000_000


def table(runs: "Runs") -> "pd.DataFrame":
    """Return one row for each client, arm, measure and week.

    Columns: client (from 1), arm, measure, week, score (empty after leaving), change since week 0, attended
    (sessions so far).

    Raises:
        UsageError: the scores were not kept.
    """
    import pandas as pd

    runs.must_keep()
    return pd.concat(
        [_part(runs, arm, name) for arm in runs.arms for name in runs.measures], ignore_index=True
    )


def _part(runs: "Runs", arm: str, name: str) -> "pd.DataFrame":
    """Return the rows of one arm and measure, client by client."""
    import pandas as pd

    burden, scale = runs.kept[arm, name], runs.model.scale(name)
    score = np.where(burden < 0, np.nan, scale.shown(burden.astype(np.float32)))
    readings = len(runs.weeks)
    return pd.DataFrame(
        {
            "client": np.repeat(np.arange(1, runs.clients + 1), readings),
            "arm": pd.Categorical.from_codes(
                np.full(score.size, runs.arms.index(arm)), categories=list(runs.arms)
            ),
            "measure": pd.Categorical.from_codes(
                np.full(score.size, runs.measures.index(name)), categories=list(runs.measures)
            ),
            "week": np.tile(np.array(runs.weeks), runs.clients),
            "score": pd.array(score.T.ravel(), dtype="Int16"),
            "change": pd.array((score - score[0]).T.ravel(), dtype="Int16"),
            "attended": runs.often[arm].T.ravel(),
        }
    )


def plain(runs: "Runs") -> dict[str, Any]:
    """Return a run as plain data for JSON: who, summary, contrasts, where it comes from.

    >>> from effleurage import simulate
    >>> sorted(plain(simulate.cohort("60x2x4", clients=100)))
    ['arms', 'clients', 'complete', 'condition', 'contrasts', 'model', 'seed']
    """
    return {
        "condition": runs.condition,
        "clients": runs.clients,
        "complete": runs.complete,
        "seed": runs.seed,
        "arms": [asdict(group) for group in runs.summary()],
        "contrasts": [asdict(contrast) for contrast in runs.contrasts()],
        "model": {
            "parameters": f"{runs.model.id}, {runs.parameters}",
            "fitted_on": list(runs.model.fitted_on),
            "note": runs.note,
        },
    }


def in_words(runs: "Runs") -> str:
    """Say what came out, for people.

    >>> from effleurage import simulate
    >>> print(in_words(simulate.cohort("60x2x4", clients=100)).splitlines()[0])
    100 simulated clients, seed 7.
    """
    last = [week for week in runs.weeks if week][:1] or [0.0]
    lines = [f"{runs.clients:,} simulated clients, seed {runs.seed}."]
    lines += [_group_line(group) for group in runs.summary() if group.week in runs.weeks[1:]]
    lines += [_contrast_line(contrast) for contrast in runs.contrasts() if contrast.week in last]
    return "\n".join([*lines, runs.note])


def _group_line(group: "Group") -> str:
    low, high = group.change_interval95
    few, many = (100 * share for share in group.responder_interval95)
    place = f"{group.arm}, {group.measure}, week {group.week:g}"
    change = f"change {group.change:+.1f} ({low:+.1f} to {high:+.1f})"
    share = f"responders {100 * group.responder_share:.0f} of 100 ({few:.0f} to {many:.0f}; {group.rule})"
    return f"{place}: {change}, {share}"


def _contrast_line(contrast: "Contrast") -> str:
    low, high = contrast.interval95
    return (
        f"{contrast.arm} against {contrast.versus}, {contrast.measure}, week {contrast.week:g}: "
        f"{contrast.difference:+.1f} points ({low:+.1f} to {high:+.1f})"
    )


def write(runs: "Runs", path: Path | str) -> Path:
    """Write the table of single clients to a ``.csv`` or ``.parquet`` file.

    Raises:
        FileError: another ending, or a place that cannot be written.
    """
    path = may_write(path, runs.clients)
    found = table(runs)
    if path.suffix == ".csv":
        return files.write_text(path, found.to_csv(index=False, lineterminator="\n"))
    try:
        return files.write_bytes(path, found.to_parquet(index=False))
    except ImportError:
        do = "write a .csv file, or install pyarrow"
        raise FileError(str(path), "Parquet needs the package pyarrow, which is not here", "", do) from None


def may_write(path: Path | str, clients: int) -> Path:
    """Refuse, before any work, another ending, no folder, or a table that is too large.

    >>> may_write("runs.csv", 2_000).suffix
    '.csv'
    """
    path = Path(path)
    if path.suffix not in (".csv", ".parquet"):
        raise FileError(
            str(path), f"files ending in '{path.suffix}' are not written", ".csv, .parquet", "rename it"
        )
    if not path.absolute().parent.is_dir():
        raise FileError(str(path), "there is no such folder", "", "make it, or choose another place")
    if clients > MOST_WRITTEN:
        allowed = f"up to {MOST_WRITTEN:,}"
        raise UsageError(
            "clients", f"{clients:,} in one table", allowed, "leave the file out, or write fewer"
        )
    return path


def beyond(model: "Model", doses: Sequence["Dose"], measures: Sequence[str], last: float) -> list[str]:
    """Say which parts of the doses and of the weeks up to ``last`` no fitted trial has tried."""
    return [*_doses_beyond(model, doses), *_weeks_beyond(model, measures, last)]


def _doses_beyond(model: "Model", doses: Sequence["Dose"]) -> Iterator[str]:
    """Compare each arm with sessions with what trials tried."""
    reach = model.reach
    for dose in doses:
        if not dose.sessions:
            continue
        weeks = -(-(dose.last_day + 1) // 7)
        minutes = [session.minutes for session in dose.sessions]
        tried = {
            "minutes a session": (min(minutes), max(minutes), reach.minutes),
            "sessions a week": (len(minutes) / weeks,) * 2 + (reach.per_week,),
            "weeks of care": (weeks, weeks, reach.weeks),
        }
        for name, (least, most, span) in tried.items():
            if least < span.low - 1e-9 or most > span.high + 1e-9:
                yield f"{dose.label}: {name} lie outside of what trials tried ({span}); the model guesses."


def _weeks_beyond(model: "Model", measures: Sequence[str], last: float) -> Iterator[str]:
    """Compare the last reading with the last published week."""
    for name in measures:
        told = model.reach.last_week[name]
        if last > told:
            yield f"{name}: no fitted trial reports after week {told:g}."
