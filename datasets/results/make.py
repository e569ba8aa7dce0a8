"""Make the sample outcome data: fictional people under the teaching model, from the seeds in samples.yaml.

Run it from anywhere::

    python datasets/results/make.py

The same model gives the same files, byte for byte. Nothing in the tables is edited by hand.
"""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from effleurage import files, intake, outcomes, plan, protocol, safety, simulate

HERE = Path(__file__).resolve().parent
COLUMNS = ("client", "visit", "date", "week", "measure", "score", "note")
FOLLOW_UPS = (12, 26)
CLINIC_WEEKS = (0, 2, 5, 12)
CLINIC_PEOPLE = 24
Row = tuple[object, ...]


def one_client(seed: int) -> Iterator[Row]:
    """One client through the 60-minute course: pain at every session, disability at the reassessments."""
    client, design = intake.load("office-neck"), protocol.load("neck-pain-chronic-60")
    course = plan.build(design, client, safety.check(design, client))
    again = [session.day / 7 for session in course.sessions if session.reassess]
    weeks = (0, *again, *FOLLOW_UPS)
    read = simulate.client_course(course, seed=seed, weeks=weeks, baseline=client.baseline)
    scores = {(round(r.day), r.measure): r.score for r in read if r.kind in ("start", "before", "follow-up")}
    days = [*(session.day for session in course.sessions), *(7 * week for week in FOLLOW_UPS)]
    for visit, day in enumerate(days, start=1):
        asked = ["ndi"] if day / 7 in weeks else []
        for measure in (*asked, "nprs"):
            score = scores.get((day, measure))
            on, note = course.start + timedelta(days=day), "" if score is not None else "did not come"
            yield client.id, visit, on, round(day / 7, 2), measure, score, note


def clinic(seed: int) -> Iterator[Row]:
    """People of a clinic under two one-hour sessions a week for four weeks; some do not come back."""
    runs = simulate.cohort("60x2x4", clients=CLINIC_PEOPLE, seed=seed, weeks=CLINIC_WEEKS, versus=())
    found = {(path.client, path.measure): path.scores for path in runs.paths(CLINIC_PEOPLE)}
    for client in range(1, CLINIC_PEOPLE + 1):
        for visit, week in enumerate(CLINIC_WEEKS, start=1):
            for measure in ("ndi", "nprs"):
                score = found[client, measure][visit - 1]
                note = "" if score is not None else "did not come back"
                yield f"p{client:02}", visit, "", week, measure, score, note


MAKERS: dict[str, Callable[[int], Iterator[Row]]] = {"neck-one-client": one_client, "neck-clinic": clinic}


def table(name: str) -> str:
    """Return a sample data set as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(MAKERS[name](outcomes.samples()[name].seed))
    return text.getvalue()


def main() -> None:
    """Write every sample data set beside this script."""
    for name in outcomes.sample_names():
        print(files.write_text(HERE / f"{name}.csv", table(name), keep=False))


if __name__ == "__main__":
    main()
