"""The commands: a thin face. Exit 0 done, 1 found problems, 2 wrong use; ``--json`` prints one document."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

import effleurage as ef
from effleurage.errors import EffleurageError, UsageError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Teach and design medical massage protocols.",
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Work = Annotated[Path | None, typer.Option(help="Folder of your working copy (default ~/Effleurage).")]


def main() -> None:
    """Run a command; an error the user can mend becomes its sentence and an exit code."""
    try:
        app()
    except UsageError as error:
        _fail(error, 2)
    except EffleurageError as error:
        _fail(error, 1)
    except KeyboardInterrupt:
        print("\nStopped. What was finished is kept.", file=sys.stderr)
        sys.exit(130)


def _fail(error: EffleurageError, code: int) -> None:
    for problem in error.problems:
        print(problem, file=sys.stderr)
    sys.exit(code)


def _print_json(data: Any) -> None:
    print(json.dumps(data, indent=2, ensure_ascii=False))


@app.command()
def lab(
    work: Work = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
    start_again: Annotated[str | None, typer.Option(help="Put this page back; keeps a dated copy.")] = None,
) -> None:
    """Open JupyterLab on your own working copy of the notebooks."""
    folder = work or ef.lab.default_folder()
    if start_again:
        print(*ef.lab.start_again(folder, start_again), sep="\n")
    sys.exit(ef.lab.run(folder, port=port, browser=browser))


@app.command()
def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]…", help="Files; none means everything.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Read protocols, cases and datasets; name every problem with file, line, reason and repair."""
    problems = [item for path in paths for item in ef.checks.one(path)] if paths else ef.checks.everything()
    if as_json:
        _print_json([vars(item) for item in problems])
    else:
        for item in problems:
            print(item)
        if not paths and not problems:
            print("Read: " + ", ".join(f"{kind} {count}" for kind, count in ef.checks.counts().items()) + ".")
        print(f"{len(problems)} problem{'' if len(problems) == 1 else 's'} found.")
    sys.exit(1 if problems else 0)


@app.command()
def new(
    kind: Annotated[str, typer.Argument(help="protocol, case, technique, condition or rule.")],
    name: Annotated[str, typer.Argument(help="Its id: lower-case words with hyphens.")],
    like: Annotated[
        str | None, typer.Option(help="Id of the entry to copy; none means a good example.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write this file; none means NAME.yaml here.")] = None,
) -> None:
    """Write a commented starting file; a file that is there is never overwritten."""
    path = ef.authoring.write(kind, name, like, out)
    print(f"{path} is written. Fill it in, then say: effleurage check {path}")


@app.command()
def add(file: Path) -> None:
    """Check a file and put it where the suite reads it."""
    print(f"{ef.checks.add(file)} is written and now a part of the suite.")


@app.command()
def schemas() -> None:
    """Write the word lists that let an editor complete and check while you type (datasets/schemas)."""
    for path in ef.authoring.write_schemas():
        print(path)


rules = typer.Typer(no_args_is_help=True, help="The contraindications as a spreadsheet.")
app.add_typer(rules, name="rules")
Table = Annotated[Path, typer.Argument(metavar="FILE.csv")]


@rules.command("export")
def export_rules(file: Table) -> None:
    """Write all rules to a table, one row a rule; edit it in any spreadsheet and save it as CSV."""
    print(f"{ef.authoring.sheet.export(file)} is written. Edit it, then say: effleurage rules read {file}")


@rules.command("read")
def read_rules(
    file: Table, write: Annotated[bool, typer.Option("--write", help="Write what is shown.")] = False
) -> None:
    """Show what an edited table would change; with --write, change it."""
    changes = ef.authoring.sheet.read(file)
    print(ef.authoring.sheet.in_words(changes))
    if write:
        for path in ef.authoring.sheet.apply(changes):
            print(f"{path} is written; the version before is kept beside it.")
    elif changes:
        print(f"Nothing is written yet. To do so: effleurage rules read {file} --write")


@app.command()
def screen(case: str, protocol: str, as_json: Json = False) -> None:
    """Screen a client (CASE) for a protocol (PROTOCOL), each an id or a file."""
    found = ef.safety.check(ef.protocol.load(protocol), ef.intake.load(case))
    if as_json:
        _print_json(found.model_dump(mode="json"))
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
        _print_json([item.model_dump(mode="json") for item in found])
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
        _print_json(ef.simulate.plain(runs))
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
        _print_json(found.plain())
    else:
        print(found.words())


def _numbers(name: str, text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(",") if text)
    except ValueError:
        raise UsageError(name, text, "numbers with commas between", "write it like 5,12") from None


@app.command()
def report(
    cases: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CASE]…", help="Clients; none means all with the complaint of the protocol."),
    ] = None,
    *,
    protocol: Annotated[str, typer.Option(help="The protocol: an id or a file.")] = "neck-pain-chronic-60",
    out: Annotated[Path, typer.Option(help="Folder for the reports.")] = Path("reports"),
    parameter: Annotated[list[str] | None, typer.Option("--set", help="NAME=VALUE for the report.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Leave finished reports that still fit.")] = False,
    workers: Annotated[int | None, typer.Option(help="Reports at the same time.", min=1)] = None,
    as_json: Json = False,
) -> None:
    """Make the course report of many clients; a report that fails does not stop the others."""
    made = ef.batch.course_reports(
        cases or [],
        protocol=protocol,
        out=out,
        parameters=ef.batch.assignments(parameter or []),
        workers=workers,
        progress=ef.batch.show,
        finished="keep" if keep else "renew",
    )
    if as_json:
        _print_json([item.plain() for item in made])
    else:
        for item in made:
            print(item)
    sys.exit(1 if any(item.failed for item in made) else 0)


publish = typer.Typer(no_args_is_help=True, help="Pages made from the data.")
app.add_typer(publish, name="publish")


@publish.command("knowledge")
def publish_knowledge(
    out: Annotated[Path, typer.Option(help="Folder for the pages.")] = Path("published"),
) -> None:
    """Write everything that is known, the glossary and where sources disagree as pages to read and print."""
    for path in ef.publish.knowledge_pages(out):
        print(path)


@app.command()
def bench(
    as_json: Json = False,
    browser: Annotated[bool, typer.Option("--browser", help="Also the rows that need a browser.")] = False,
    only: Annotated[str | None, typer.Option(help="Only rows whose name holds this word.")] = None,
) -> None:
    """Measure each figure beside its yardstick in the same run."""
    found = ef.bench.rows(browser, [only] if only else None, None if as_json else _print_row)
    if as_json:
        _print_json(found)


def _print_row(row: dict[str, Any]) -> None:
    print(ef.bench.in_words([row]), flush=True)


if __name__ == "__main__":
    main()
