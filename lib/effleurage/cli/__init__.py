"""The commands: a thin face. Exit 0 done, 1 found problems, 2 wrong use; ``--json`` prints one document."""

from effleurage.cli import basics, courses, outputs
from effleurage.cli.common import app, main

__all__ = ["app", "basics", "courses", "main", "outputs"]
