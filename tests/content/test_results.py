"""The sample outcome data: each set says what it is, is made by its script, and can be read."""

import importlib.util
from pathlib import Path

import pytest
from effleurage import charts, files, knowledge, outcomes, paths
from effleurage.outcomes.reading import COLUMNS

FOLDER = paths.datasets("results")
DICTIONARY = files.read_yaml(paths.datasets("dictionary.yaml")).data


@pytest.fixture(scope="module")
def make():
    """The script that makes the sample data."""
    spec = importlib.util.spec_from_file_location("make_results", FOLDER / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=outcomes.sample_names())
def name(request):
    """Each sample data set."""
    return request.param


def test_the_script_makes_the_same_file_again(make, name):
    """What lies in the folder is what the script makes, byte for byte."""
    assert (FOLDER / f"{name}.csv").read_bytes() == make.table(name).encode()


def test_every_table_has_its_entry_and_every_entry_its_table():
    """No table lies there without a story, and no story without a table."""
    assert sorted(path.stem for path in FOLDER.glob("*.csv")) == sorted(outcomes.sample_names())


def test_a_set_can_be_read_and_says_that_it_is_synthetic(name):
    """Loading gives its title, story, seed and licence with the data."""
    found = outcomes.load(name)
    assert (found.synthetic, found.name) == (True, name)
    assert found.title
    assert found.story
    assert found.licence == "CC BY 4.0"
    assert found.seed == outcomes.samples()[name].seed


def test_something_is_missing_in_every_set(name):
    """Real courses have holes: a reader meets one in every set, with its reason."""
    rows = [visit for client in outcomes.load(name).clients for visit in client.visits]
    holes = [visit for visit in rows if visit.score is None]
    assert holes
    assert all(visit.note for visit in holes)


def test_every_client_of_a_set_can_be_drawn_and_judged(name):
    """Each course has a verdict and a chart whose table has all its visits."""
    for client in outcomes.load(name).clients[:6]:
        for measure in client.measures:
            told = charts.describe(charts.change(client, measure))
            assert len(told.table) == len(client.of(measure))
            assert client.change(measure).sentence in told.alt


def test_the_dictionary_names_every_column_of_visits(name):
    """Columns, their order and the reader's own list agree, and each has its sentence."""
    columns = DICTIONARY["visits"]["columns"]
    header = (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
    assert list(columns) == list(COLUMNS) == header.split(",")
    assert all(column["says"].endswith(".") and column["allowed"] for column in columns.values())


def test_the_one_client_shows_why_one_reads_to_the_end():
    """The best visit looks like an improvement; the last one does not."""
    client = outcomes.load("neck-one-client").client()
    scores = [visit.score for visit in client.of("ndi")]
    best = outcomes.change("ndi", scores[0], min(scores))
    assert best.verdict == "better"
    assert client.change("ndi").verdict != "better"
    assert client.change("nprs").verdict == "cannot tell"


def test_measures_of_the_sets_are_known(name):
    """Every measure of a set has an entry with its error."""
    for client in outcomes.load(name).clients:
        for measure in client.measures:
            assert knowledge.get("measure", measure).used("mdc")


def test_no_file_of_the_folder_is_foreign():
    """The folder holds the tables, their stories and the script."""
    kinds = {Path(path.name).suffix for path in FOLDER.iterdir() if path.is_file()}
    assert kinds <= {".csv", ".yaml", ".py"}
