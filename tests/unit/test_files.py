"""Strict reading and safe writing."""

import json
import os
import stat

import pytest
from effleurage import files
from effleurage.errors import DataError, EffleurageError, FileError
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("1:30", "1:30"),
        ("012", "012"),
        ("2026-03-02", "2026-03-02"),
        ("4", 4),
        ("-5", -5),
        ("2.5", 2.5),
        ("true", True),
        ("null", None),
        ("'4'", "4"),
        (".5", ".5"),
        ("1_000", "1_000"),
    ],
)
def test_only_plain_numbers_and_three_words_are_converted(text, value):
    """`no` is a word, 1:30 is a word, 012 is a word; 4 and 2.5 are numbers."""
    found = files.parse_yaml(f"key: {text}\n", "x.yaml").data["key"]

    assert found == value
    assert type(found) is type(value)


def test_a_repeated_key_is_refused_with_both_lines():
    """In a safety list a lost key is a lost warning."""
    with pytest.raises(DataError) as caught:
        files.parse_yaml("id: a\nname: b\nid: c\n", "x.yaml")

    assert str(caught.value).startswith("x.yaml, line 3: the key 'id' stands here twice")
    assert "the first is on line 1" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "it is empty"),
        ("# only a comment\n", "it is empty"),
        ("a: &x 1\nb: *x\n", "anchor"),
        ("a: !!python/object:os.system 1\n", "tag"),
        ("a: 1\n---\nb: 2\n", "second document"),
        ("a: [1, 2\n", "not YAML"),
        ("a: 1\n b: 2\n", "not YAML"),
        ("\ta: 1\n", "not YAML"),
        ("? [1, 2]\n: 3\n", "a key is not a word"),
        ("a: " + "[" * 40 + "]" * 40, "nested too deeply"),
        ("a: " + "[" * 10_000, "nested too deeply"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_place(text, words):
    """Each mistake gets one message that names the file."""
    with pytest.raises(DataError) as caught:
        files.parse_yaml(text, "x.yaml")

    assert words in str(caught.value)
    assert str(caught.value).startswith("x.yaml")
    assert len(caught.value.problems) == 1


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_words(text):
    """Whatever stands in a file, the reader never falls over."""
    refusal = "x.yaml"
    try:
        files.parse_yaml(text, "x.yaml")
    except EffleurageError as error:
        refusal = str(error)

    assert refusal.startswith("x.yaml")


def test_a_missing_file_names_its_neighbours(tmp_path):
    """The nearest name comes first."""
    (tmp_path / "office-neck.yaml").write_text("id: a\n")
    with pytest.raises(FileError) as caught:
        files.read_yaml(tmp_path / "ofice-neck.yaml")

    assert "there is no such file" in str(caught.value)
    assert "Allowed: office-neck" in str(caught.value)


def test_a_file_that_is_not_text_or_too_large_is_refused(tmp_path):
    """Bytes that are no UTF-8 are told with their line; 50 MB are not read."""
    (tmp_path / "a.yaml").write_bytes(b"id: a\nname: \xff\xfe\n")
    with pytest.raises(FileError, match=r"line 2: it is not plain text"):
        files.read_yaml(tmp_path / "a.yaml")

    with (tmp_path / "b.yaml").open("wb") as handle:
        handle.truncate(50_000_000)
    with pytest.raises(FileError, match="too large"):
        files.read_yaml(tmp_path / "b.yaml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1, "a": 2}', "the key 'a' stands twice"),
        ('{"a": NaN}', "NaN is not a number"),
        ('{"a": [1, 2', "not complete JSON"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_json_is_read_strictly(tmp_path, text, words):
    """A record cut in half is told as such, with the way back."""
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(DataError) as caught:
        files.read_json(tmp_path / "a.json")

    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1\n", "line 2: 1 cells, but 2 columns"),
        ("a,a\n1,2\n", "line 1: the header is empty or repeats a name"),
        ('a,b\n1,"2\n', "not CSV"),
    ],
)
def test_a_crooked_table_is_refused_with_its_line(tmp_path, text, words):
    """One cell a column."""
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(DataError) as caught:
        files.read_csv(tmp_path / "a.csv")

    assert words in str(caught.value)


def test_a_save_keeps_the_version_before(tmp_path):
    """The file before the last save stands beside it."""
    path = files.write_json(tmp_path / "a.json", {"v": 1})
    files.write_json(path, {"v": 2})

    assert json.loads(path.read_text()) == {"v": 2}
    assert json.loads(files.previous(path).read_text()) == {"v": 1}
    assert {item.name for item in tmp_path.iterdir()} == {"a.json", "a.json.previous"}


def test_a_failed_save_leaves_the_old_file_whole(tmp_path, monkeypatch):
    """A disk that fills while writing loses nothing and leaves no half file."""
    path = files.write_text(tmp_path / "a.txt", "old")

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match="No space left on device"):
        files.write_text(path, "new")

    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights on folders")
def test_a_folder_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    """Where, what, and what to do; nothing is overwritten."""
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    if os.geteuid() == 0:  # root may write anywhere: let the system say no as it does to everybody else

        def refuse(*_place, **_options):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(FileError) as caught:
        files.write_text(folder / "a.txt", "new")

    assert "Permission denied" in str(caught.value)
    assert "nothing was overwritten" in str(caught.value)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_a_new_file_has_the_rights_of_any_other_new_file(tmp_path):
    """What a class shares in a folder can be read by the class."""
    plain = tmp_path / "plain.txt"
    plain.touch()

    assert files.write_text(tmp_path / "a.txt", "x").stat().st_mode == plain.stat().st_mode


def test_comments_survive_a_save(tmp_path):
    """What the author wrote beside the values stays, also in lists of steps."""
    path = tmp_path / "a.yaml"
    path.write_text(
        "# head\nid: a  # the id\nsteps:\n  # first\n  - {minutes: 5}\n  - {minutes: 6}  # last\n"
    )
    files.write_yaml(path, {"id": "a", "steps": [{"minutes": 7}, {"minutes": 6}, {"minutes": 1}]})

    text = path.read_text()
    assert "# head" in text
    assert "# the id" in text
    assert "# first" in text
    assert "# last" in text
    assert files.read_yaml(path).data == {
        "id": "a",
        "steps": [{"minutes": 7}, {"minutes": 6}, {"minutes": 1}],
    }


# What people type: no control characters, no exotic line breaks, no markup.
typed = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp"), exclude_characters="\ufeff<")
)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | typed,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(typed, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(typed, plain, min_size=1, max_size=5))
def test_what_is_written_as_yaml_reads_back_the_same(data):
    """Words that look like numbers, dates or keys stay words."""
    assert files.parse_yaml(files.dump_yaml(data), "x.yaml").data == data


def test_markup_is_not_written_either(tmp_path):
    """What could not be read back is refused before anything is written."""
    with pytest.raises(DataError, match=r"markup \(<b.* stands in a text"):
        files.write_yaml(tmp_path / "a.yaml", {"steps": [{"purpose": "warm <b and calm"}]})

    assert list(tmp_path.iterdir()) == []
