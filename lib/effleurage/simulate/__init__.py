"""The teaching model of a course of care: what groups of people report, with and without massage.

A teaching model of group averages and their spread, not a predictor for a real client. Reading aloud::

    runs = simulate.cohort(course, clients=2_000, seed=7, versus=("wait-list",))
    runs.summary()       # groups, with what is known of them
    runs.contrasts()     # massage against the comparators
    runs.note            # what this is, and where the data end
"""

from effleurage.simulate.answers import Answer, answer
from effleurage.simulate.asked import read_weeks
from effleurage.simulate.cohorts import Stopped, cohort
from effleurage.simulate.doses import ARMS, Dose, Session, dose, from_course
from effleurage.simulate.parameters import Model, Parameter, Scale, conditions, model
from effleurage.simulate.rules import Rule
from effleurage.simulate.runs import Contrast, Group, Path, Runs
from effleurage.simulate.sweeps import SweepStopped, sweep
from effleurage.simulate.tables import in_words, may_write, plain, write
from effleurage.simulate.trials import Expected, Trial, TrialArm, TrialContrast, trial
from effleurage.simulate.visits import Reading, client_course

__all__ = [
    "ARMS",
    "Answer",
    "Contrast",
    "Dose",
    "Expected",
    "Group",
    "Model",
    "Parameter",
    "Path",
    "Reading",
    "Rule",
    "Runs",
    "Scale",
    "Session",
    "Stopped",
    "SweepStopped",
    "Trial",
    "TrialArm",
    "TrialContrast",
    "answer",
    "client_course",
    "cohort",
    "conditions",
    "dose",
    "from_course",
    "in_words",
    "may_write",
    "model",
    "plain",
    "read_weeks",
    "sweep",
    "trial",
    "write",
]
