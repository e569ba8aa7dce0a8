"""The course report for many clients."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from effleurage import intake, paths
from effleurage.batch.orders import Made, Progress, run
from effleurage.batch.parameters import refuse_wrong
from effleurage.errors import EffleurageError, UsageError
from effleurage.protocol import load as load_protocol

COURSE_REPORT = ("reports", "course-report.ipynb")
DEFAULT = "neck-pain-chronic-60"


def course_reports(
    cases: Iterable[str | Path] = (),
    *,
    protocol: str | Path = DEFAULT,
    out: Path = Path("reports"),
    parameters: Mapping[str, Any] | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    finished: Literal["renew", "keep"] = "renew",
) -> list[Made]:
    """Make the course report of many clients under one protocol.

    A client with an open stop gets a report that says so; that is a good result. A case that cannot be read
    is told as failed, and the others are made.

    Args:
        cases: ids of cases or case files of your own; none means all clients of the suite who come with the
            complaint that the protocol is for.
        protocol: id of a protocol, or a file of your own.
        out: folder for the reports, named CLIENT--PROTOCOL.ipynb.
        parameters: more parameters of the report, such as ``{"seed": 3}``.
        workers: reports at the same time.
        progress: told after each report.
        finished: ``keep`` leaves reports alone that still fit.

    Raises:
        UsageError: a parameter is not known or of another type; two cases have the same name.
        FileError, DataError: the protocol or the folder cannot be used.
    """
    given = dict(parameters or {})
    if taken := {"case", "protocol"} & set(given):
        do = f"name {' and '.join(sorted(taken))} outside the parameters"
        raise UsageError("course report", f"{', '.join(sorted(taken))} among the parameters", "", do)
    design = load_protocol(protocol)
    notebook = paths.notebooks(*COURSE_REPORT)
    jobs: dict[str, dict[str, Any]] = {}
    lost: list[Made] = []
    for case in dict.fromkeys(map(str, cases)) or _with(design.condition):
        try:
            name = f"{intake.load(case).id}--{design.id}"
        except EffleurageError as error:
            lost.append(Made(Path(case).stem, out, "failed", str(error)))
            continue
        if name in jobs:
            found = f"'{case}' and '{jobs[name]['case']}' are both the client '{name.partition('--')[0]}'"
            raise UsageError("course report", found, "each client once", "leave one out or rename its id")
        jobs[name] = {"case": case, "protocol": str(protocol), **given}
    refuse_wrong(notebook, {"all": given})
    return lost + (
        run(notebook, jobs, out, workers=workers, progress=progress, finished=finished) if jobs else []
    )


def _with(condition: str) -> tuple[str, ...]:
    """Return the clients of the suite who come with a complaint."""
    return tuple(name for name in intake.cases() if intake.load(name).complaint.condition == condition)
