"""What people get wrong: each mistake gets one message with where, what, what is allowed, what to do."""

import re

import pytest
from effleurage import checks, files, intake, paths, protocol, records
from effleurage.errors import DataError, EffleurageError, FileError

PROTOCOL = paths.protocols("neck-pain-chronic-60.yaml").read_text(encoding="utf-8")
CASE = paths.datasets("cases", "office-neck.yaml").read_text(encoding="utf-8")

PROTOCOLS = {
    "a typo in a technique": (
        ("technique: petrissage", "technique: petrisage"),
        r"line \d+: technique 'petrisage' is not known\. Allowed: .*To do: write 'petrissage'",
    ),
    "a region that does not exist": (
        ("region: suboccipital", "region: suboccipitl"),
        r"line \d+: region 'suboccipitl' is not known\. Allowed: .*To do: write 'suboccipital'",
    ),
    "a negative minute": (
        ("minutes: 12,", "minutes: -12,"),
        r"line \d+: 'minutes' is -12\. Allowed: greater than 0\. To do:",
    ),
    "a pressure of seven": (
        ("pressure: 4,", "pressure: 7,"),
        r"line \d+: 'pressure' is 7\. Allowed: less than or equal to 5\. To do:",
    ),
    "steps longer than the session": (
        ("minutes: 60\n", "minutes: 40\n"),
        r"line \d+: the steps take 58 minutes, the session has 40\. .*To do: shorten the steps by 18",
    ),
    "a repeated key": (
        ("stage: chronic\n", "stage: chronic\nstage: acute\n"),
        r"line \d+: the key 'stage' stands here twice\. Allowed: each key once\. To do: the first is on",
    ),
    "an unknown key": (
        ("summary:", "sumary:"),
        r"line \d+: the key 'sumary' is not known here\. Allowed: .*To do: write 'summary'",
    ),
    "a missing key": (
        ("condition: neck-pain-chronic\n", ""),
        r"'condition' is missing\. To do: add a line 'condition: …'",
    ),
    "a stage of another condition": (
        ("stage: chronic", "stage: third-trimester"),
        r"neck-pain-chronic has no stage 'third-trimester'\. Allowed: acute, subacute, chronic\.",
    ),
    "a word for a number": (
        ("weeks: 4", "weeks: four"),
        r"line \d+: 'weeks' is 'four'\. Allowed: .*integer.*To do:",
    ),
    "a side the region does not have": (
        ("side: both, minutes: 12", "side: middle, minutes: 12"),
        r"side 'middle' does not fit shoulder-top\. Allowed: left, right or both",
    ),
    "a group of regions": (
        ("region: suboccipital", "region: neck"),
        r"'neck' is a group of regions\. Allowed: neck-anterior, .*To do: name one of its parts",
    ),
}

CASES = {
    "an unknown medicine": (
        ("sex: ", "medicines: [{medicine: warfarine}]\nsex: "),
        r"line \d+: medicine 'warfarine' is not known\. Allowed: .*To do: write 'warfarin'",
    ),
    "an unlisted medicine without its class": (
        ("sex: ", "medicines: [{medicine: other}]\nsex: "),
        r"a medicine that is not listed has no class or no name\. To do: .*ask a pharmacist",
    ),
    "an impossible reading": (
        ("temperature-c: 36.6", "temperature-c: 98.6"),
        r"temperature-c is 98\.6\. Allowed: .*°C.*To do: correct the value",
    ),
    "a score off the scale": (
        ("ndi: 17", "ndi: 66"),
        r"ndi is 66\. Allowed: 0-50 .*To do: correct the value",
    ),
    "a client who is not fictional": (
        ("fictional: true", "fictional: false"),
        r"line \d+: 'fictional' is False\. Allowed: true",
    ),
}


def refused(read, text, change, folder, name):
    """The error that reading a changed file gives."""
    assert change[0] in text
    path = folder / name
    path.write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(EffleurageError) as caught:
        read(path)
    return caught.value


@pytest.mark.parametrize("mistake", PROTOCOLS)
def test_a_mistake_in_a_protocol_is_told_in_four_parts(mistake, tmp_path):
    """Where, what was found, what is allowed, what to do; one problem for one mistake."""
    change, words = PROTOCOLS[mistake]
    error = refused(protocol.load, PROTOCOL, change, tmp_path, "neck-pain-chronic-60.yaml")

    assert len(error.problems) == 1
    assert re.search(words, str(error)), str(error)
    assert "neck-pain-chronic-60.yaml, line" in str(error)


@pytest.mark.parametrize("mistake", CASES)
def test_a_mistake_in_a_case_is_told_in_four_parts(mistake, tmp_path):
    """Where, what was found, what is allowed, what to do."""
    change, words = CASES[mistake]
    error = refused(intake.load, CASE, change, tmp_path, "office-neck.yaml")

    assert len(error.problems) == 1
    assert re.search(words, str(error)), str(error)


def test_several_mistakes_are_told_at_once(tmp_path):
    """A file is mended in one go."""
    text = PROTOCOL.replace("technique: petrissage", "technique: petrisage").replace("weeks: 4", "weeks: 0")
    path = tmp_path / "neck-pain-chronic-60.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        protocol.load(path)

    assert len(caught.value.problems) == 1 + PROTOCOL.count("technique: petrissage")


def test_a_missing_file_names_those_that_exist():
    """The nearest name first."""
    with pytest.raises(FileError, match=r"there is no such file\. Allowed: neck-pain-chronic-60, "):
        protocol.load("neck-pain-chronic-6")


def test_an_id_never_leaves_its_folder():
    """A word with dots or slashes is a path of the user's own, not a place in the suite."""
    with pytest.raises(FileError, match="no such file"):
        protocol.load("../datasets/cases/office-neck")


def test_a_record_cut_in_half_is_told_and_not_overwritten(tmp_path):
    """The half stays where it is, for whoever wants to look."""
    path = tmp_path / "mine.effleurage.json"
    path.write_text('{"schema": 1, "kind": "effleurage-rec', encoding="utf-8")

    problems = checks.one(path)

    assert len(problems) == 1
    assert "mine.effleurage.json" in str(problems[0])
    assert path.read_text(encoding="utf-8").endswith("effleurage-rec")
    assert records.__doc__


def test_a_file_of_another_kind_is_told(tmp_path):
    """`effleurage check` says which files it reads."""
    path = tmp_path / "letter.docx"
    path.write_bytes(b"PK")

    assert "files ending in '.docx' are not read" in str(checks.one(path)[0])


def test_a_yaml_file_that_is_neither_is_told(tmp_path):
    """A list of shopping is no protocol and no case."""
    path = files.write_yaml(tmp_path / "list.yaml", {"milk": 2})

    assert "neither a protocol" in str(checks.one(path)[0])


def test_a_file_whose_name_is_not_its_id_is_told(tmp_path):
    """The id is the file name."""
    path = tmp_path / "other.yaml"
    path.write_text(PROTOCOL, encoding="utf-8")

    assert "rename it to neck-pain-chronic-60.yaml" in str(checks.one(path)[0])
