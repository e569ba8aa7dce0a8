"""The sample data of the suite: made by the teaching model from a stated seed, each for a stated lesson."""

from collections.abc import Mapping
from functools import cache
from typing import Literal

from effleurage import files
from effleurage.errors import UnknownId, unknown
from effleurage.knowledge import Id, Record, Text
from effleurage.outcomes.reading import read_visits
from effleurage.outcomes.visits import Results
from effleurage.paths import datasets


class Sample(Record):
    """What a sample data set is: its story, what it is for, and how it was made."""

    id: Id
    title: Text
    story: Text
    lesson: Text
    synthetic: Literal[True]
    made_by: Text
    seed: int
    licence: Text


@cache
def samples() -> Mapping[str, Sample]:
    """Return what is said about each sample data set: name -> record.

    >>> samples()["neck-one-client"].synthetic
    True
    """
    document = files.read_yaml(datasets("results", "samples.yaml"))
    found = [files.build(Sample, document.part(place)) for place in range(len(document.data))]
    return {sample.id: sample for sample in found}


def sample_names() -> tuple[str, ...]:
    """Return the names of the sample data sets.

    >>> "neck-one-client" in sample_names()
    True
    """
    return tuple(samples())


def load(name: str) -> Results:
    """Return a sample data set by its name.

    Raises:
        UnknownId: there is none of that name; the names are listed.

    >>> load("neck-one-clint")
    Traceback (most recent call last):
    ...
    effleurage.errors.UnknownId: outcomes: sample data 'neck-one-clint' is not known. ...
    """
    if name not in samples():
        raise UnknownId.of([unknown("outcomes", "sample data", name, samples())])
    told = samples()[name].model_dump(include={"title", "story", "synthetic", "seed", "licence"})
    return read_visits(datasets("results", f"{name}.csv")).model_copy(update=told)
