"""What all commands share: the app, its options, and how an error ends it."""

import json
import sys
from typing import Annotated, Any

import typer

from effleurage.errors import EffleurageError, UsageError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Teach and design medical massage protocols.",
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


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


def print_json(data: Any) -> None:
    """Print one JSON document."""
    print(json.dumps(data, indent=2, ensure_ascii=False))
