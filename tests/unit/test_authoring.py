"""Starting files and schemas: made from the records, so that they never go stale."""

import re
import shutil
from datetime import date

import jsonschema
import pytest
from effleurage import authoring, checks, files, intake, knowledge, paths, protocol
from effleurage.authoring.fields import models_in
from effleurage.authoring.schemas import model_of, place_of
from effleurage.errors import EffleurageError, FileError, UnknownId, UsageError

KINDS = tuple(authoring.EXAMPLES)
READ = {
    "protocol": sorted(paths.protocols().glob("*.yaml")),
    "case": sorted(paths.datasets("cases").glob("*.yaml")),
    "technique": [paths.datasets("knowledge", "techniques.yaml")],
    "condition": sorted(paths.datasets("knowledge", "conditions").glob("*.yaml")),
    "rule": sorted(paths.datasets("knowledge", "rules").glob("*.yaml")),
}


def records():
    """Every record in a file that people write, with all records in it."""
    waiting, found = [model_of(kind) for kind in KINDS], []
    while waiting:
        model = waiting.pop()
        if model not in found:
            found.append(model)
            waiting += [
                inner for field in model.model_fields.values() for inner in models_in(field.annotation)
            ]
    return found


@pytest.mark.parametrize("kind", ["protocol", "case"])
def test_a_new_file_works_as_it_is(kind, tmp_path):
    """It is a copy of an example that works; only its id, its name and its standing are its own."""
    path = authoring.write(kind, "my-own", out=tmp_path)

    assert path == tmp_path / "my-own.yaml"
    assert checks.one(path) == ()
    made, example = checks.design(path) if kind == "protocol" else checks.case(path), authoring.EXAMPLES[kind]
    like = protocol.load(example) if kind == "protocol" else intake.load(example)
    own = {"id": "my-own", "name": "My own"}
    own |= {"sources": ("teaching-default",), "standing": "editorial"} if kind == "protocol" else {}
    assert made == like.model_copy(update=own)


@pytest.mark.parametrize("kind", ["technique", "condition", "rule"])
def test_a_new_entry_says_what_to_fill_in(kind, tmp_path):
    """Each open place is one problem with its line; once filled, the file passes and is nobody else's."""
    path = authoring.write(kind, "my-own", out=tmp_path)
    text = path.read_text(encoding="utf-8")
    places = [number for number, line in enumerate(text.splitlines(), 1) if re.search(r"[-:] FILL IN$", line)]
    problems = checks.one(path)

    assert len(problems) == len(places) >= 3
    assert all("is still to be filled in" in item.found for item in problems)
    assert [
        abs(int(item.where.rsplit(" ", 1)[1]) - line) <= 1
        for item, line in zip(problems, places, strict=True)
    ]

    path.write_text(re.sub(r"([-:]) FILL IN$", r"\1 Own words", text, flags=re.MULTILINE), encoding="utf-8")
    assert checks.one(path) == ()
    (entry,) = knowledge.read(kind, knowledge.document(path)).values()
    assert (entry.id, entry.standing, entry.sources, entry.checked) == (
        "my-own",
        "editorial",
        ("teaching-default",),
        date.today(),
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_has_its_comment(kind):
    """Also fields that are not used, as a line that only waits for its value."""
    text = authoring.start(kind, "my-own")
    for name in model_of(kind).model_fields:
        assert re.search(rf"Allowed: [^\n]+(\n *# [^\n]+)*\n *(- |# )?{name}:", text), name


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_file_like_another_keeps_its_texts_and_not_its_standing(kind, tmp_path):
    """Whoever copies an entry vouches for nothing yet."""
    others = {"protocol": protocol.protocols(), "case": intake.cases()}.get(kind) or knowledge.entries(kind)
    like = list(others)[-1]
    path = authoring.write(kind, "my-own", like, tmp_path)

    assert checks.one(path) == ()
    assert files.FILL_IN not in path.read_text(encoding="utf-8").split("\n", 5)[5]
    data = files.read_yaml(path).data
    assert {"standing_of", "positions"}.isdisjoint(data if isinstance(data, dict) else data[0])


def test_a_file_that_is_there_is_never_overwritten(tmp_path):
    """Nothing is written the second time."""
    path = authoring.write("case", "my-own", out=tmp_path)
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(FileError, match="there is such a file already"):
        authoring.write("case", "my-own", out=tmp_path)

    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["My Own", "../own", "own/", "", "ówn", "-own"])
def test_a_name_that_is_no_id_is_refused(name, tmp_path):
    """No id ever becomes a path outside its folder."""
    with pytest.raises(UsageError, match="is not an id"):
        authoring.write("case", name, out=tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_copied_is_told():
    """An unknown kind, an unknown example: the nearest is offered."""
    with pytest.raises(UsageError, match=r"kind .protocoll. is not known.*write .protocol."):
        authoring.start("protocoll", "x")
    with pytest.raises(UnknownId, match="write 'petrissage'"):
        authoring.start("technique", "x", like="petrisage")


def test_a_finished_file_is_added_where_the_suite_reads_it(tmp_path, monkeypatch):
    """Unfinished it is refused; finished it stands in the folder of its kind, and never twice."""
    root = tmp_path / "suite"
    for name in ("datasets", "protocols"):
        shutil.copytree(paths.root() / name, root / name)
    monkeypatch.setattr(paths, "root", lambda: root)
    for kind in KINDS:
        path = authoring.write(kind, "my-own", out=tmp_path / kind / "my-own.yaml")
        text = path.read_text(encoding="utf-8")
        if files.FILL_IN in text.split("\n", 5)[5]:
            with pytest.raises(EffleurageError, match="still to be filled in"):
                checks.add(path)
        path.write_text(
            re.sub(r"([-:]) FILL IN$", r"\1 Own words", text, flags=re.MULTILINE), encoding="utf-8"
        )
        added = checks.add(path)

        assert added == authoring.place(kind, "my-own")
        assert checks.one(added) == ()
        way = added.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")[2]
        assert (added.parent / way).resolve() == place_of(kind).resolve()
        with pytest.raises(FileError, match="there is such a file already"):
            checks.add(path)
    knowledge.entries.cache_clear()
    try:
        assert knowledge.broken_references() == ()
        assert {"my-own"} <= knowledge.entries("technique").keys() & knowledge.entries("rule").keys()
        with pytest.raises(FileError, match="'my-own' is there already"):
            authoring.add("technique", tmp_path / "technique" / "my-own.yaml", "my-own")
    finally:
        monkeypatch.undo()
        knowledge.entries.cache_clear()


def test_what_is_no_single_entry_is_not_added(tmp_path):
    """A table, a whole list, and a row of a table are told."""
    with pytest.raises(FileError, match="cannot be added as one entry"):
        checks.add(paths.datasets("knowledge", "techniques.yaml"))
    with pytest.raises(FileError, match="cannot be added as one entry"):
        checks.add(paths.datasets("knowledge", "muscles.csv"))
    with pytest.raises(FileError, match="a muscle is a row of a table"):
        authoring.place("muscle", "x")


@pytest.mark.parametrize("model", records(), ids=lambda model: model.__name__)
def test_every_field_is_explained(model):
    """There is a sentence for each field that people write, and none for a field that is gone."""
    assert [name for name in model.model_fields if not authoring.meaning(model, name)] == []
    block = files.read_yaml(paths.datasets("fields.yaml")).data.get(model.__name__, {})
    assert set(block) <= set(model.model_fields)


@pytest.mark.parametrize("path", authoring.schemas(), ids=lambda path: path.name)
def test_the_stored_schemas_are_those_of_the_records(path):
    """After a change of a record, a sentence or a word list: `effleurage schemas`."""
    assert path.read_text(encoding="utf-8") == authoring.schemas()[path], "run: effleurage schemas"


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_suite_holds_fits_its_schema(kind):
    """An editor marks nothing in files that pass, and neither in a starting file."""
    checker = jsonschema.Draft202012Validator(authoring.schema(kind))
    checker.check_schema(authoring.schema(kind))
    for path in READ[kind]:
        assert [error.message for error in checker.iter_errors(files.read_yaml(path).data)] == [], path.name
    assert checker.is_valid(files.parse_yaml(authoring.start(kind, "my-own"), "x").data)


@pytest.mark.parametrize(
    "change",
    [
        {"stagee": "x"},
        {"name": ""},
        {"standing": "sure"},
        {"goals": [{"measure": "ndi", "change": "-5"}]},
        {"phases": []},
    ],
)
def test_an_editor_marks_a_slip(change):
    """An unknown field, an empty text, a wrong word, a word for a number, an empty list."""
    data = {**protocol.plain(protocol.load("neck-pain-chronic-60")), **change}

    assert not jsonschema.Draft202012Validator(authoring.schema("protocol")).is_valid(data)


@pytest.mark.parametrize("kind", KINDS)
def test_a_starting_file_leads_the_editor_to_its_schema(kind, tmp_path):
    """A relative way from the new file, also into another folder."""
    path = tmp_path / "deep" / "mine.yaml"
    first = authoring.start(kind, "my-own", at=path).splitlines()[0]
    way = first.removeprefix("# yaml-language-server: $schema=")

    assert (path.parent / way).resolve() == place_of(kind).resolve()
    inside = authoring.start(kind, "my-own", at=authoring.place(kind, "my-own")).splitlines()[0]
    assert re.fullmatch(
        rf"# yaml-language-server: \$schema=(\.\./)+(datasets/)?schemas/{kind}\.schema\.json", inside
    )
