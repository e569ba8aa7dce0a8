"""The suite's protocols: how many, for what, and that a dose called a trial's is the trial's.

protocol-doses.csv holds the dose of each trial as its source gives it (minutes of a session, sessions in all,
weeks; empty where we do not hold it) beside the protocol that says it uses it.
"""

import csv
import re
from collections import defaultdict
from itertools import takewhile
from pathlib import Path

import pytest
from effleurage import knowledge, paths, protocol
from effleurage.evidence import studies

LEAST = 40
OWN = ("teaching-default",)
CLAIM = re.compile(
    r"\b(?:is|are) (?:that|those|an arm|the lowest arm|the dose) of\b|\b(?:leans on|are the dose of)\b"
)
UNKNOWN = re.compile(r"\berror of (?:the|girth)\b[^.]*\bnot known\b")
DEFAULT = re.compile(r"\b[Dd]ose\b[^.]*\bteaching default")
ROWS = list(csv.DictReader((Path(__file__).parent / "protocol-doses.csv").read_text("utf-8").splitlines()))
NAMES = protocol.protocols()


def head(name):
    """The comment before the first line of a protocol, without the marks."""
    lines = (paths.protocols() / f"{name}.yaml").read_text("utf-8").splitlines()
    return [line.removeprefix("# ") for line in takewhile(lambda line: line.startswith("#"), lines)]


def test_there_are_enough_protocols():
    """Forty or more, and the name of each file is its id."""
    assert len(NAMES) >= LEAST
    assert [protocol.load(name).id for name in NAMES] == list(NAMES)


@pytest.mark.parametrize("entry", knowledge.entries("condition").values(), ids=lambda entry: entry.id)
def test_every_stage_of_every_condition_has_a_protocol(entry):
    """A student finds a plan to begin from for each stage."""
    found = defaultdict(set)
    for name in NAMES:
        plan = protocol.load(name)
        found[plan.condition].add(plan.stage)

    assert {stage.id for stage in entry.stages} - found[entry.id] == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['protocol']}-{row['source']}")
def test_a_dose_from_a_trial_is_the_dose_of_the_trial(row):
    """Minutes of the longest session, number of sessions and weeks are what the source gives."""
    plan = protocol.load(row["protocol"])
    sessions = sum(phase.weeks * phase.sessions_per_week for phase in plan.phases)
    ours = {
        "minutes": max(phase.session.minutes for phase in plan.phases),
        "sessions": sessions,
        "weeks": sum(phase.weeks for phase in plan.phases),
    }
    theirs = {field: float(row[field]) for field in ours if row[field]}

    assert theirs
    assert {field: ours[field] for field in theirs} == theirs
    assert row["source"] in plan.sources
    assert knowledge.get("source", row["source"]).standing != "editorial"


@pytest.mark.parametrize("name", NAMES)
def test_the_head_says_where_the_dose_comes_from(name):
    """Two or three lines; a dose called a trial's has its source, any other is called a teaching default."""
    said = " ".join(head(name))
    claimed = {row["source"] for row in ROWS if row["protocol"] == name}
    plan = protocol.load(name)

    assert 2 <= len(head(name)) <= 3
    assert "teaching default" in said
    assert bool(CLAIM.search(said)) == bool(claimed)
    assert claimed or DEFAULT.search(said)
    assert not (claimed and plan.sources == OWN)


@pytest.mark.parametrize("name", NAMES)
def test_a_study_of_the_suite_is_claimed_only_beside_its_row(name):
    """A protocol that names a study whose rows the suite holds uses its dose, or calls its own a default."""
    plan = protocol.load(name)
    named = set(plan.sources) & {study.id for study in studies().values()}
    claimed = {row["source"] for row in ROWS if row["protocol"] == name}

    assert named <= claimed or DEFAULT.search(" ".join(head(name)))


@pytest.mark.parametrize("name", NAMES)
def test_every_goal_can_be_told_from_error_or_the_head_says_why_not(name):
    """A measure has a known error or a change that matters; where it has neither, the reader is told."""
    unknown = [goal.measure for goal in protocol.load(name).goals if not _known(goal.measure)]

    assert not unknown or UNKNOWN.search(" ".join(head(name)))


def _known(measure):
    """Tell whether an error or a change that matters is published for a measure."""
    entry = knowledge.get("measure", measure)
    return bool(entry.mdc or entry.mcid)
