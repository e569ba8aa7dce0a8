"""A client, a protocol, and what becomes of them: screen, review, simulate, dose."""

import sys
from pathlib import Path
from typing import Annotated

import typer

import effleurage as ef
from effleurage.cli.common import Json, app, print_json
from effleurage.errors import UsageError


@app.command()
def screen(case: str, protocol: str, as_json: Json = False) -> None:
    """Screen a client (CASE) for a protocol (PROTOCOL), each an id or a file."""
    found = ef.safety.check(ef.protocol.load(protocol), ef.intake.load(case))
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        print(ef.safety.in_words(found))
    sys.exit(1 if found.blocking else 0)


@app.command()
def review(
    protocol: str,
    *,
    case: Annotated[str | None, typer.Option(help="Also for this client: an id or a file.")] = None,
    as_json: Json = False,
) -> None:
    """Review a protocol (an id or a file): is it complete and sensible, alone or for a client?"""
    client = ef.intake.load(case) if case else None
    found = ef.review.check(ef.protocol.load(protocol), client)
    if as_json:
        print_json([item.model_dump(mode="json") for item in found])
    else:
        print(ef.review.in_words(found))
    sys.exit(1 if any(item.weight == "must" for item in found) else 0)


@app.command()
def simulate(
    protocol: str,
    *,
    case: Annotated[str, typer.Option(help="The client: an id or a file.")],
    clients: Annotated[int, typer.Option(help="How many simulated clients.")] = 2000,
    seed: Annotated[int, typer.Option(help="Same seed, same numbers.")] = 7,
    measure: Annotated[list[str] | None, typer.Option(help="What is measured; may be repeated.")] = None,
    weeks: Annotated[str, typer.Option(help="When it is read, from the start.")] = "0,5,10,26",
    versus: Annotated[list[str] | None, typer.Option(help="A comparator; may be repeated.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write every visit to this .csv or .parquet file.")] = None,
    as_json: Json = False,
) -> None:
    """Simulate a cohort of clients under a protocol: group averages and their spread, not a prediction."""
    design, client = ef.protocol.load(protocol), ef.intake.load(case)
    course = ef.plan.build(design, client, ef.safety.check(design, client))
    chosen = {"measures": measure} if measure else {}
    chosen |= {"versus": versus} if versus else {}
    if out:
        ef.simulate.may_write(out, clients)
        chosen["keep"] = True
    stopped = None
    try:
        runs = ef.simulate.cohort(course, clients, seed, weeks=ef.simulate.read_weeks(weeks), **chosen)
    except ef.simulate.Stopped as error:
        runs, stopped = error.runs, error
    if out and runs.clients:
        ef.simulate.write(runs, out)
    if as_json:
        print_json(ef.simulate.plain(runs))
    else:
        print(ef.simulate.in_words(runs))
    if stopped:
        where = f"; they are in {out}" if out and runs.clients else ""
        print(f"S{str(stopped)[1:]}{where}.", file=sys.stderr)
        sys.exit(130)


@app.command()
def dose(
    *,
    condition: Annotated[str, typer.Option(help="The complaint: an id.")],
    measure: Annotated[str, typer.Option(help="What is measured: an id.")],
    phase: Annotated[list[str], typer.Option(help="MINUTESxPER_WEEKxWEEKS; several follow one another.")],
    compare: Annotated[
        list[str] | None,
        typer.Option(help="usual-care, wait-list (default), light-touch, self-care, same-then-nothing."),
    ] = None,
    at: Annotated[str, typer.Option(help="Weeks from the start, such as 5,12; default the end.")] = "",
    n_per_arm: Annotated[int, typer.Option(help="People in each arm.")] = 50,
    baseline: Annotated[str, typer.Option(help="MEAN,SD at the start.")] = "",
    responder: Annotated[str | None, typer.Option(help="Such as change<=-5 or percent<=-30.")] = None,
    pressure: Annotated[float | None, typer.Option(help="Walton level 0-5.")] = None,
    seed: Annotated[int, typer.Option(help="Same seed, same numbers.")] = 1,
    as_json: Json = False,
) -> None:
    """Say what a trial of a dose would show: groups with their doubt, never one client."""
    start = _numbers("baseline", baseline)
    if start and len(start) != 2:
        raise UsageError("baseline", baseline, "MEAN,SD", "write it like 20,6")
    found = ef.simulate.answer(
        condition,
        measure,
        phase,
        [name for words in compare or ["wait-list"] for name in words.split(",")],
        at=_numbers("at", at),
        n_per_arm=n_per_arm,
        seed=seed,
        baseline=start or None,
        responder=responder,
        pressure=pressure,
    )
    if as_json:
        print_json(found.plain())
    else:
        print(found.words())


def _numbers(name: str, text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(",") if text)
    except ValueError:
        raise UsageError(name, text, "numbers with commas between", "write it like 5,12") from None
