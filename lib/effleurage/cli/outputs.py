"""What is made: reports, pages, measurements."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

import effleurage as ef
from effleurage.cli.common import Json, app, print_json


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
        print_json([item.plain() for item in made])
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
        print_json(found)


def _print_row(row: dict[str, Any]) -> None:
    print(ef.bench.in_words([row]), flush=True)
