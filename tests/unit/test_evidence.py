"""Published trials: the rows, what is refused, and the model beside them."""

import csv
import shutil

import pytest
from effleurage import errors, evidence, files, knowledge, paths
from effleurage.evidence import rows

SHERMAN = evidence.compare("sherman-2014", replicates=300)


@pytest.fixture
def other_rows(tmp_path, monkeypatch):
    """A copy of the table of results that a test may spoil."""
    real = rows.datasets
    shutil.copytree(paths.datasets("trials"), tmp_path / "trials")
    monkeypatch.setattr(
        rows, "datasets", lambda *parts: tmp_path.joinpath(*parts) if parts[0] == "trials" else real(*parts)
    )
    for known in (rows.studies, rows._rows):
        known.cache_clear()

    def spoil(which, **cells):
        path = tmp_path / "trials" / "results.csv"
        with path.open(encoding="utf-8", newline="") as file:
            table = list(csv.DictReader(file))
        for line in table:
            if line["row"] == which:
                line.update(cells)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, table[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(table)
        with pytest.raises(errors.DataError) as caught:
            rows.results()
        return str(caught.value)

    yield spoil
    for known in (rows.studies, rows._rows):
        known.cache_clear()


def test_every_row_has_source_and_standing():
    """Each row belongs to a study with a place where it was read, and has a standing."""
    for row in evidence.results():
        study = evidence.studies()[row.study]
        assert row.source == row.study
        assert study.doi
        assert study.read_at.startswith("http")
        assert row.standing in ("verified", "secondary", "editorial", "conflict")
        assert row.condition == study.condition


def test_a_figure_stands_for_each_row():
    """Each row holds a number, a contrast in words, or the word that it is not in what we hold."""
    for row in evidence.results():
        assert any(
            one is not None
            for one in (row.mean, row.change, row.responder_pct, row.contrast, row.contrast_kind)
        )


def test_the_table_has_the_columns_of_the_dictionary():
    """Columns, their order and the allowed values are the ones described."""
    described = files.read_yaml(paths.datasets("dictionary.yaml")).data["trials-results"]["columns"]
    table = files.read_csv(paths.datasets("trials", "results.csv")).data

    assert list(table[0]) == list(described)
    for name, column in described.items():
        if isinstance(column["allowed"], list):
            assert {row[name] for row in table} - {""} <= set(column["allowed"])


def test_results_are_found_by_what_is_given():
    """Study, measure, arm and use narrow the rows down."""
    found = evidence.results(study="sherman-2014", measure="ndi", use="fit")

    assert {row.arm for row in found} == {"massage-30x2", "massage-30x3", "massage-60x2", "massage-60x3"}
    assert {row.phase for row in found} == {"30x2x4", "30x3x4", "60x2x4", "60x3x4"}


def test_an_unknown_study_names_the_nearest():
    """A misspelt study gets the one that was meant."""
    with pytest.raises(errors.UnknownId, match="write 'sherman-2014'"):
        evidence.results("sherman-2041")


def test_a_direction_that_contradicts_the_measure_is_refused(other_rows):
    """A row cannot turn a measure around."""
    found = other_rows("sherman-2014-massage-60x3-ndi-week-5", better="higher")

    assert "results.csv, line" in found
    assert "'ndi' is better higher" in found


def test_a_range_that_contradicts_the_measure_is_refused(other_rows):
    """A percentage cannot pass for raw points."""
    assert "runs from 0 to 100" in other_rows("sherman-2014-massage-60x3-ndi-week-5", high="100")


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"study": "sherman-2041"}, "study 'sherman-2041' is not known"),
        ({"contrast": "two"}, "'contrast' is 'two'"),
        ({"contrast_kind": ""}, "a contrast needs its kind"),
        ({"standing": "certain"}, "'standing' is 'certain'"),
        ({"standing": ""}, "'standing' is missing"),
        ({"mean": "90"}, "lies off the scale"),
        ({"spread": "3"}, "a spread needs its kind"),
        ({"row": "sherman-2014-massage-60x2-ndi-week-5"}, "stands twice"),
    ],
)
def test_a_wrong_row_is_refused(other_rows, cells, found):
    """Each kind of slip in a row is named."""
    assert found in other_rows("sherman-2014-massage-60x3-ndi-week-5", **cells)


def test_measures_that_the_knowledge_base_has_agree_with_it():
    """NDI and NPRS rows carry the range and direction of their entries."""
    for row in evidence.results():
        entry = knowledge.entries("measure").get(row.measure)
        if entry and row.low is not None:
            assert (row.low, row.high, row.better) == (entry.scale.low, entry.scale.high, entry.better)


def test_the_dosing_trial_is_compared_arm_by_arm():
    """Five doses in two measures stand beside the wait list; what was published is untouched."""
    told = {(row.arm, row.measure): (row.published, row.p) for row in SHERMAN}

    assert len(SHERMAN) == 10
    assert told["massage-60x2", "ndi"] == (3.41, 0.04)
    assert told["massage-60x3", "nprs"] == (2.73, 0.001)
    assert {key for key, (figure, _) in told.items() if figure is None} == {
        (arm, measure)
        for arm in ("massage-30x2", "massage-30x3", "massage-60x1")
        for measure in ("ndi", "nprs")
    }


def test_an_interval_from_a_p_value_says_so():
    """Where only p was published the interval is worked out from it, and excludes 1 as p is below 0.05."""
    for row in SHERMAN:
        if row.published is None:
            assert (row.low, row.high) == (None, None)
            continue
        assert row.interval_from == "p-value"
        assert 1 < row.low < row.published < row.high


def test_a_published_interval_is_kept():
    """Where an interval was published it is shown, not worked out."""
    row = evidence.results("skillgate-2020", arm="massage")[0]

    assert evidence.interval_of(row) == (1.04, 1.77, "published")


def test_simulated_figures_hang_together():
    """Middles lie in their intervals, shares between 0 and 1, longer sessions do not respond less."""
    share = {(row.arm, row.measure): row.share for row in SHERMAN}
    for row in SHERMAN:
        assert row.simulated_low <= row.simulated <= row.simulated_high
        assert 0 <= row.share_low <= row.share <= row.share_high <= 1
        assert 0 <= row.found <= 1
    for measure in ("ndi", "nprs"):
        assert share["massage-60x3", measure] >= share["massage-30x3", measure]
        assert share["massage-60x3", measure] >= share["massage-60x1", measure]


def test_words_come_from_the_numbers():
    """The sentence names the published figure and where it falls among simulated trials."""
    for row in SHERMAN:
        if row.published is not None:
            inside = "outside" not in row.words
            assert inside == (0.025 <= row.place <= 0.975)
            assert f"{row.published:.2f}" in row.words
    assert any(evidence.NOT_IN_HAND in row.words.lower() for row in SHERMAN)


def test_where_the_model_is_off_is_said():
    """The summary counts what is outside, and names the arms without a figure."""
    words = " ".join(evidence.where_off(SHERMAN))

    assert "massage-60x1 (ndi)" in words
    assert "published figures" in words or "outside" in words


def test_attendance_stands_beside_what_was_published():
    """Each arm's attendance is compared with the words of the study."""
    found = {row.arm: row for row in evidence.attendance("sherman-2014")}

    assert found["massage-30x3"].published == "84"
    assert found["massage-30x3"].sessions == 12
    assert all(50 < row.low <= row.simulated <= row.high <= 100 for row in found.values())


@pytest.mark.parametrize("study", ["sherman-2009", "skillgate-2020"])
def test_other_studies_compare_too(study):
    """Studies against a book or advice stand beside the self-care arm."""
    found = evidence.compare(study, replicates=100)

    assert {row.week for row in found} >= {26}
    assert all(row.words for row in found)


def test_a_study_without_massage_is_refused():
    """A laser trial has nothing to compare."""
    with pytest.raises(errors.UsageError, match="no arm the model knows"):
        evidence.compare("chow-2006")


def test_rows_for_the_chart_come_in_pairs():
    """Every arm has a published and a simulated row; shares are simulated alone."""
    pairs = evidence.chart_rows(SHERMAN)

    assert [row["kind"] for row in pairs] == ["published", "simulated"] * 10
    assert {row["kind"] for row in evidence.chart_rows(SHERMAN, what="share")} == {"simulated"}
    assert "interval from p" in next(row for row in pairs if row["value"] == 3.41)["note"]
