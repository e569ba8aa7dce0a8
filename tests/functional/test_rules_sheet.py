"""The rules as a spreadsheet: shown first, written only when asked for, every other line left alone."""

import csv
import difflib
import io
import re
import shutil

import pytest
from effleurage import files, knowledge, paths
from effleurage.authoring import sheet
from effleurage.cli import app
from effleurage.errors import DataError, FileError
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner


@pytest.fixture
def suite(tmp_path, monkeypatch):
    """A copy of the data that may be written to."""
    root = tmp_path / "suite"
    for name in ("datasets", "protocols"):
        shutil.copytree(paths.root() / name, root / name)
    monkeypatch.setattr(paths, "root", lambda: root)
    knowledge.entries.cache_clear()
    yield root
    monkeypatch.undo()
    knowledge.entries.cache_clear()


@pytest.fixture
def table(tmp_path):
    """All rules as a table, and a way to edit it by rule and column."""
    path = sheet.export(tmp_path / "rules.csv")

    def edit(rule=None, **cells):
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        for row in rows:
            row.update(cells if row["id"] == rule else {})
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return path

    return edit


def lines(root):
    """Every line of every rule file."""
    folder = root / "datasets" / "knowledge" / "rules"
    return {
        path.name: path.read_text(encoding="utf-8").splitlines() for path in sorted(folder.glob("*.yaml"))
    }


def changed(before, after):
    """The lines that are gone and the lines that came, in all files."""
    found = [
        line for name in before for line in difflib.unified_diff(before[name], after[name], n=0, lineterm="")
    ]
    real = [line for line in found if not line.startswith(("---", "+++", "@@"))]
    return [line[1:] for line in real if line[0] == "-"], [line[1:] for line in real if line[0] == "+"]


def test_a_round_trip_changes_nothing(table, suite):
    """Exported, opened, saved and read back: no change is seen, none is written."""
    before = lines(suite)

    assert sheet.read(table()) == ()
    assert sheet.apply(()) == ()
    assert lines(suite) == before


def test_every_rule_is_a_row_with_its_trigger_in_words(table):
    """The order of the files; the columns an instructor would edit."""
    rows = list(csv.DictReader(io.StringIO(table().read_text(encoding="utf-8-sig"))))

    assert [row["id"] for row in rows] == list(knowledge.entries("rule"))
    assert tuple(rows[0]) == sheet.COLUMNS
    assert all(row["when"] and row["where"] for row in rows)
    blood = next(row for row in rows if row["id"] == "anticoagulant")
    assert (blood["when"], blood["where"], blood["max_pressure"]) == ("Anticoagulant", "whole body", "2")


def test_what_would_change_is_shown_and_then_written(table, suite):
    """Text, number, list, a field that is new and one that goes; comments and all other lines stay."""
    before = lines(suite)
    long = "Work light and broad; " + "look for bruises before and after, " * 6 + "and ask: does it hurt?"
    path = table(
        "anticoagulant",
        max_pressure="1",
        max_minutes="45",
        window="",
        do=long,
        aliases="blood thinners;a:  b; warfarin ;",
        reason='Say "bruise" # and mean it',
    )
    path = table("antiplatelet", kind="clearance", name="- Aspirin: daily")
    changes = sheet.read(path)
    words = sheet.in_words(changes)

    assert lines(suite) == before
    assert "Blood thinner (anticoagulant)\n" in words
    assert "  max_pressure: 2 → 1" in words
    assert "  max_minutes: nothing → 45" in words
    assert "  window: while the client takes it → nothing" in words

    (written,) = sheet.apply(changes)
    gone, come = changed(before, lines(suite))
    rule = knowledge.get("rule", "anticoagulant")
    assert (rule.max_pressure, rule.max_minutes, rule.window, rule.do) == (1, 45, "", long)
    assert rule.aliases == ("blood thinners", "a: b", "warfarin")
    assert rule.reason == 'Say "bruise" # and mean it'
    assert knowledge.get("rule", "antiplatelet").name == "- Aspirin: daily"
    assert knowledge.get("rule", "antiplatelet").kind == "clearance"
    assert not any("#" in line for line in gone)
    assert len(set(gone) - set(come)) <= 9
    assert all(len(line) <= 110 for line in come)
    assert sheet.read(table()) == ()
    assert files.previous(written).read_text(encoding="utf-8").splitlines() == before[written.name]


def test_a_note_behind_a_value_stays(table, suite):
    """What somebody wrote beside a number is not lost with the number."""
    path = suite / "datasets" / "knowledge" / "rules" / "medicines.yaml"
    text = path.read_text(encoding="utf-8").replace("max_pressure: 2", "max_pressure: 2  # agreed in May", 1)
    path.write_text(text.replace("  do: >-", "  # about the hands\n  do: >-", 1), encoding="utf-8")
    knowledge.entries.cache_clear()
    sheet.apply(sheet.read(table("anticoagulant", max_pressure="1", do="Stay light.", window="")))
    after = path.read_text(encoding="utf-8")

    assert "  max_pressure: 1  # agreed in May\n" in after
    assert "  # about the hands\n  do: Stay light.\n" in after


def test_each_rule_can_be_edited(table, suite):
    """Whatever layout an entry has, its text can be replaced and reads back."""
    path = table()
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    for row in rows:
        row["do"] = f"{sheet.given(row['do'])} Note it down."
        row["aliases"] = "; ".join(filter(None, (row["aliases"], "another word")))
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    changes = sheet.read(path)
    sheet.apply(changes)

    assert len(changes) == 2 * len(rows)
    assert all(rule.do.endswith("Note it down.") for rule in knowledge.entries("rule").values())
    assert sheet.read(path) == ()


MISTAKES = {
    "an unknown technique": ({"avoid_techniques": "frictoin"}, r"technique 'frictoin' .*'friction'"),
    "an unknown source": ({"sources": "amta-medicatoin"}, r"source 'amta-medicatoin' .*'amta-medication'"),
    "a pressure of seven": ({"max_pressure": "7"}, r"'max_pressure' is 7\. Allowed: less than or equal to 5"),
    "a word for a number": ({"max_pressure": "two"}, r"'max_pressure' is 'two'\. .*plain number"),
    "an unknown kind": ({"kind": "forbid"}, r"'kind' is 'forbid'\. Allowed: 'stop'"),
    "a stop without an urgency": ({"kind": "stop", "max_pressure": ""}, r"a stop without an urgency"),
    "an empty text": ({"do": ""}, r"'do' is missing"),
    "a standing nobody knows": ({"standing": "sure"}, r"'standing' is 'sure'"),
    "a trigger that was edited": ({"when": "Fever"}, r"'when' was edited\..*its YAML file"),
    "markup": ({"do": "<script>alert(1)</script>"}, r"markup"),
    "neither yes nor no": ({"red_flag": "perhaps"}, r"'red_flag' is 'perhaps'"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_what_is_not_allowed_is_refused_with_its_line(mistake, table):
    """One problem with the line of the table; nothing is written."""
    cells, words = MISTAKES[mistake]
    path = table("antiplatelet", **cells)
    line = next(
        n
        for n, text in enumerate(path.read_text("utf-8").splitlines(), 1)
        if text.startswith("antiplatelet,")
    )
    with pytest.raises(DataError, match=words) as caught:
        sheet.read(path)

    assert len(caught.value.problems) == 1
    assert f"rules.csv, line {line}:" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("id,name", "id,nmae"), r"line 1: column 'nmae' is not known.*'name'"),
        (("id,name", "key,name"), r"line 1: column 'key' is not known"),
        (
            ("\nanticoagulant,", "\nanticoagulent,"),
            r"line \d+: rule 'anticoagulent' is not known.*'anticoagulant'",
        ),
        (("\nantiplatelet,", "\nanticoagulant,"), r"line \d+: the rule 'anticoagulant' stands twice"),
        ((",", ";"), r"line 1: column|cells, but"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(change, words, table):
    """Unknown columns and rules, a rule twice, semicolons for commas."""
    path = table()
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace(*change) if change[0] == "," else text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(DataError, match=words):
        sheet.read(path)


def test_an_empty_table_is_refused(tmp_path):
    """A header alone says nothing."""
    path = tmp_path / "rules.csv"
    path.write_text("id,name\n", encoding="utf-8")
    with pytest.raises(DataError, match="no column 'id' with a row below it"):
        sheet.read(path)


def test_a_part_of_the_table_is_enough(tmp_path, table):
    """Columns and rules that are left out stay as they are."""
    path = tmp_path / "part.csv"
    path.write_text("id,max_pressure\nanticoagulant,1\n", encoding="utf-8")

    assert sheet.read(path) == (sheet.Change("anticoagulant", "max_pressure", "2", "1"),)


def test_the_rules_of_an_installed_package_are_not_edited(monkeypatch):
    """Only a checkout has files of its own."""
    monkeypatch.setattr(paths, "is_checkout", lambda: False)
    with pytest.raises(FileError, match="installed package"):
        sheet.apply([sheet.Change("anticoagulant", "max_pressure", "2", "1")])


@given(st.text("=+-@\t\r'a1 ", max_size=6))
def test_no_cell_starts_a_formula_and_every_cell_reads_back(text):
    """An apostrophe stands before what a spreadsheet would run; it goes again when the table is read."""
    assert sheet.kept(text)[:1] not in sheet.STARTS_FORMULA
    assert sheet.given(sheet.kept(text)) == text


def test_a_formula_in_a_rule_is_harmless_in_the_table(suite, table):
    """The same words come back."""
    path = suite / "datasets" / "knowledge" / "rules" / "medicines.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("name: Blood thinner", 'name: "=HYPERLINK(1)"', 1), encoding="utf-8")
    knowledge.entries.cache_clear()
    exported = sheet.export(suite / "rules.csv")

    assert "'=HYPERLINK(1)" in exported.read_text(encoding="utf-8")
    assert not re.search(r"(^|,)\"?[=+@-]", exported.read_text(encoding="utf-8-sig"), re.MULTILINE)
    assert sheet.read(exported) == ()


def test_the_command_shows_first_and_writes_when_asked(suite, tmp_path):
    """`effleurage rules export`, `rules read`, `rules read --write`."""
    path = tmp_path / "rules.csv"
    run = CliRunner().invoke
    before = lines(suite)
    assert "is written" in run(app, ["rules", "export", str(path)]).output
    assert "Nothing would change." in run(app, ["rules", "read", str(path)]).output
    path.write_text("id,max_pressure\nanticoagulant,1\n", encoding="utf-8")

    shown = run(app, ["rules", "read", str(path)]).output
    assert "max_pressure: 2 → 1" in shown
    assert "Nothing is written yet" in shown
    assert lines(suite) == before

    assert "is written; the version before" in run(app, ["rules", "read", str(path), "--write"]).output
    assert changed(before, lines(suite)) == (["  max_pressure: 2"], ["  max_pressure: 1"])
