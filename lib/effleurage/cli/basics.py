"""The lab, the check, and entries of your own."""

import sys
from pathlib import Path
from typing import Annotated

import typer

import effleurage as ef
from effleurage.cli.common import Json, app, print_json

Work = Annotated[Path | None, typer.Option(help="Folder of your working copy (default ~/Effleurage).")]


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
        print_json([vars(item) for item in problems])
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
