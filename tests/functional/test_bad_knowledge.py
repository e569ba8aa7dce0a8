"""Mistakes in single files of the knowledge, and files that mean harm: one clear message, nothing written."""

import re
import subprocess
import sys

import pytest
from effleurage import checks, knowledge, paths
from effleurage.errors import DataError

SOURCES = {
    "techniques.yaml": paths.datasets("knowledge", "techniques.yaml"),
    "regions.yaml": paths.datasets("knowledge", "regions.yaml"),
    "rules.yaml": paths.datasets("knowledge", "rules", "medicines.yaml"),
    "neck.yaml": paths.datasets("knowledge", "conditions", "neck.yaml"),
    "muscles.csv": paths.datasets("knowledge", "muscles.csv"),
    "rom-norms.csv": paths.datasets("knowledge", "rom-norms.csv"),
    "office-neck.yaml": paths.datasets("cases", "office-neck.yaml"),
    "neck-pain-chronic-60.yaml": paths.protocols("neck-pain-chronic-60.yaml"),
}

MISTAKES = {
    "a repeated key": (
        "techniques.yaml",
        "  aim:",
        "  family: stroking\n  aim:",
        r"key 'family' stands here twice",
    ),
    "an unknown key": (
        "rules.yaml",
        "max_pressure: 2",
        "max_presure: 2",
        r"key 'max_presure' is not known .*'max_pressure'",
    ),
    "a wrong type": (
        "techniques.yaml",
        "minutes: {low: 2",
        "minutes: {low: two",
        r"'low' is 'two'\. Allowed: .*number",
    ),
    "minutes as a clock": (
        "neck-pain-chronic-60.yaml",
        "minutes: 60",
        "minutes: 1:30",
        r"'minutes' is '1:30'.*e\.g\. 90 for 1:30",
    ),
    "Fahrenheit": (
        "office-neck.yaml",
        "temperature-c: 36.6",
        "temperature-c: 97.9",
        r"temperature-c is 97\.9\. Allowed: .*°C",
    ),
    "an unknown source": (
        "techniques.yaml",
        "[shoemaker-1997,",
        "[shoemakr-1997,",
        r"source 'shoemakr-1997'.*write 'shoemaker-1997'",
    ),
    "an unknown fact": (
        "rules.yaml",
        "when: {fact: anticoagulant}",
        "when: {fact: anticoagulent}",
        r"fact 'anticoagulent'.*'anticoagulant'",
    ),
    "an unknown technique in a stage": (
        "neck.yaml",
        "suits: [effleurage",
        "suits: [efleurage",
        r"technique 'efleurage'.*'effleurage'",
    ),
    "a region that is a part of itself": (
        "regions.yaml",
        "- id: neck\n",
        "- id: neck\n  parent: neck\n",
        r"region 'neck' is a part of itself",
    ),
    "an unknown region in a table": (
        "muscles.csv",
        "scalp; face",
        "scalpp; face",
        r"region 'scalpp'.*'scalp'",
    ),
    "a word for a number in a table": (
        "rom-norms.csv",
        ",180,",
        ",1:80,",
        r"'degrees' is '1:80'.*plain number",
    ),
    "an id in capitals": (
        "techniques.yaml",
        "- id: effleurage\n",
        "- id: Effleurage\n",
        r"'Effleurage' is not an id",
    ),
    "an id twice": (
        "techniques.yaml",
        "- id: petrissage\n",
        "- id: effleurage\n",
        r"the id 'effleurage' stands twice",
    ),
    "markup in a name": (
        "techniques.yaml",
        "name: Petrissage",
        "name: <script>alert(1)</script>",
        r"markup \(<script.*\) stands in a text\..*angle brackets",
    ),
    "markup in a table": (
        "muscles.csv",
        "Frontalis",
        "<b>Frontalis</b>",
        r"markup \(<b.*\) stands in a cell",
    ),
    "markup in a protocol": (
        "neck-pain-chronic-60.yaml",
        "summary: ",
        "summary: <img src=x onerror=alert(1)> ",
        r"markup \(<img",
    ),
    "a place not filled in": (
        "techniques.yaml",
        "aliases: [kneading",
        "aliases: [FILL IN, kneading",
        r"'aliases' is still to be filled in",
    ),
}

NASTY = {
    "nothing": (b"", r"it is empty"),
    "only blanks": (b"\n \n", r"it is empty"),
    "no text": (b"id: \xff\xfe\x00", r"it is not plain text"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", r"it is not plain text"),
    "zeros": (b"\x00" * 40, r"not YAML"),
    "ten thousand nested brackets": (b"a: " + b"[" * 10_000 + b"]" * 10_000, r"nested too deeply"),
    "ten thousand nested braces": (b"{a: " * 10_000, r"nested too deeply"),
    "anchors that multiply": (
        b"a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\n",
        r"line 1: an anchor or alias",
    ),
    "a tag that runs": (b"!!python/object/apply:os.system ['echo']\n", r"a tag"),
    "a number without end": (b"weeks: " + b"9" * 5000 + b"\n", r"line 1: a number is too large"),
    "infinity": (b"weeks: 1e999\n", r"line 1: a number is too large"),
    "half a letter": (b'name: "\\ud800"\n', r"half a letter stands"),
}


def problems_of(path, raw):
    """Write a file, check it, and see that nothing else was written."""
    path.write_bytes(raw)
    found = checks.one(path)

    assert path.read_bytes() == raw
    assert [item.name for item in path.parent.iterdir()] == [path.name]
    return found


@pytest.mark.parametrize("name", SOURCES)
def test_a_file_of_the_suite_is_recognised_and_passes(name):
    """A single file is read by what stands in it."""
    assert checks.one(SOURCES[name]) == ()


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_message_with_file_and_line(mistake, tmp_path):
    """Where, what was found, what is allowed, what to do."""
    name, good, bad, words = MISTAKES[mistake]
    text = SOURCES[name].read_text(encoding="utf-8")
    assert good in text

    (problem,) = problems_of(tmp_path / name, text.replace(good, bad, 1).encode())

    assert re.search(words, str(problem)), str(problem)
    assert re.search(rf"{name}, line \d+", problem.where)
    changed = [
        place for place, line in enumerate(text.splitlines(), 1) if good.strip().splitlines()[0] in line
    ]
    assert abs(int(problem.where.rsplit(" ", 1)[1]) - changed[0]) <= 1


@pytest.mark.parametrize("kind", NASTY)
@pytest.mark.parametrize("suffix", [".yaml", ".csv", ".effleurage.json"])
def test_a_nasty_file_is_refused_in_words(kind, suffix, tmp_path):
    """One message each, whatever the file is called."""
    raw, words = NASTY[kind]
    path = tmp_path / f"mine{suffix}"
    found = problems_of(path, raw)

    assert found
    assert f"mine{suffix}" in str(found[0])
    if suffix == ".yaml":
        assert len(found) == 1
        assert re.search(words, str(found[0])), str(found[0])


@pytest.mark.parametrize("suffix", [".yaml", ".csv", ".effleurage.json"])
def test_fifty_megabytes_are_not_read(suffix, tmp_path):
    """The size is told; nothing is tried."""
    path = tmp_path / f"mine{suffix}"
    with path.open("wb") as handle:
        handle.truncate(50_000_000)
    (problem,) = checks.one(path)

    assert "too large" in str(problem)


def test_a_ring_of_regions_is_told(tmp_path):
    """Three regions, each a part of the next."""
    text = SOURCES["regions.yaml"].read_text(encoding="utf-8")
    document = knowledge.document(SOURCES["regions.yaml"])
    rows = {row["id"]: row for row in document.data}
    rows["neck"]["parent"], rows["back"]["parent"] = "back", "neck"
    with pytest.raises(DataError) as caught:
        knowledge.read("region", type(document)(list(rows.values()), document.name, document.lines))

    assert {"region 'neck' is a part of itself", "region 'back' is a part of itself"} == {
        item.found for item in caught.value.problems
    }
    assert text == SOURCES["regions.yaml"].read_text(encoding="utf-8")


def test_the_command_exits_with_one(tmp_path):
    """One line for the mistake, one for the count; no traceback."""
    path = tmp_path / "mine.yaml"
    path.write_text("- id: x\n  id: y\n", encoding="utf-8")
    command = [sys.executable, "-m", "effleurage.cli", "check", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)

    assert done.returncode == 1
    assert done.stderr == ""
    assert done.stdout.splitlines()[1:] == ["1 problem found."]
    assert "line 2: the key 'id' stands here twice" in done.stdout
