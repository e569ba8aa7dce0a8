"""The fictional clients and their answer sheets: complete, varied, respectful, at one with the screen."""

import re
from collections import Counter

import pytest
from effleurage import checks, files, intake, knowledge, paths, protocol, safety
from effleurage.errors import DataError, FileError

CASES = {name: intake.load(name) for name in intake.cases()}
SHEETS = {name: intake.answer_sheet(name) for name in CASES}
DESIGNS = [protocol.load(name) for name in protocol.protocols()]
PAIRED = pytest.mark.parametrize("name", CASES)
BY_STEPS = {
    name
    for name, rule in knowledge.entries("rule").items()
    if any(leaf.step is not None for leaf in rule.when.leaves())
}
LEAST = {"clean": 5, "site": 7, "limits": 2, "clearance": 7, "refer": 7, "contradicts": 3, "incomplete": 2}
FORBIDDEN = re.compile(
    r"\b(diagnos\w*|cure[sd]?|treat\w* diseases?|guarante\w*|toxins?|suffer\w*|wheelchair-bound"
    r"|confined to|handicap\w*|retard\w*|deaf and dumb|obese|elderly)\b",
    re.IGNORECASE,
)
PERSONAL = re.compile(
    r"\S@\S|https?:|www\.|(?:\+|\b)\d[\d ()/-]{6,}\d|\b(?:Mr|Mrs|Ms|Dr|Prof)\b\.? [A-Z]|\b\d{5}\b"
)


def design_for(client):
    """A protocol of the client's condition; the gentle one where there is none."""
    fitting = [design for design in DESIGNS if design.condition == client.complaint.condition]
    return fitting[0] if fitting else protocol.load("neck-pain-gentle")


def found(client, design):
    """The rules that the client alone brings, and their kinds; what the steps add is left out."""
    screen = safety.check(design, client)
    return {item.rule: item.kind for item in screen.findings if item.rule not in BY_STEPS}


def expected(sheet):
    """The rules of a sheet and their kinds."""
    return {item.rule: item.kind for item in sheet.findings}


def spoken(client):
    """All that is said of and by a client."""
    notes = [item.note for item in (*client.facts, *client.medicines)]
    said = [client.name, client.story, client.occupation, client.complaint.words, *client.goals, *notes]
    return " ".join([*said, *client.complaint.worse_with, *client.complaint.better_with])


def written(sheet):
    """All that a sheet says."""
    whys = [item.why for item in sheet.findings]
    return " ".join([sheet.teaches, sheet.say, sheet.plan, *whys, *(item.but for item in sheet.catches)])


def test_every_case_has_a_sheet_and_every_sheet_a_case():
    """The two folders hold the same names; the sheets lie apart."""
    names = {path.stem for path in paths.datasets("answers").glob("*.yaml")}

    assert names == set(CASES)
    assert len(CASES) >= 34


@PAIRED
def test_ids_are_the_names_of_the_files(name):
    """Case and sheet carry the name of their file, and belong together."""
    assert CASES[name].id == SHEETS[name].id == name
    assert checks.case(paths.datasets("cases", f"{name}.yaml")) == CASES[name]


@PAIRED
def test_the_screen_finds_what_the_sheet_expects(name):
    """A protocol of the condition brings exactly the findings that were written by hand."""
    assert found(CASES[name], design_for(CASES[name])) == expected(SHEETS[name])


@PAIRED
def test_what_the_client_brings_is_the_same_in_every_protocol(name):
    """Only rules on steps may differ from one protocol to the next."""
    assert all(found(CASES[name], design) == expected(SHEETS[name]) for design in DESIGNS)


@PAIRED
def test_the_open_questions_are_those_of_the_sheet(name):
    """Sections that nobody asked are named; the questions listed are open; nothing else blocks a plan."""
    client, sheet = CASES[name], SHEETS[name]
    whole = client.model_copy(update={"sections_answered": intake.sections()})
    screen, filled = (safety.check(design_for(client), one) for one in (client, whole))
    listed = {item.rule for item in sheet.questions}

    assert set(sheet.sections_to_ask) == set(intake.sections()) - set(client.sections_answered)
    assert listed <= {item.rule for item in screen.asks}
    assert {item.rule for item in filled.asks if item.open} <= listed


@PAIRED
def test_a_catch_is_in_the_story_and_changes_the_screen(name):
    """The words stand in the case; entered on the form they add just the findings that the sheet names."""
    client, design = CASES[name], design_for(CASES[name])
    before = set(found(client, design))
    for catch in SHEETS[name].catches:
        facts, medicines = (*client.facts, *catch.facts), (*client.medicines, *catch.medicines)
        entered = client.model_copy(update={"facts": facts, "medicines": medicines})

        assert catch.says in spoken(client)
        assert catch.facts or catch.medicines
        assert all(client.answer(item.fact) != "yes" for item in catch.facts)
        assert set(found(entered, design)) - before == set(catch.follows)


@PAIRED
def test_the_kind_of_a_case_is_what_the_screen_comes_to(name):
    """A clean case is clear, a case to refer stops, an incomplete one asks; a contradiction is caught."""
    sheet, kinds = SHEETS[name], set(expected(SHEETS[name]).values())
    mild = not kinds & {"stop", "clearance"}
    holds = {
        "clean": not kinds and not sheet.sections_to_ask and not sheet.catches,
        "site": mild and "avoid-site" in kinds,
        "limits": kinds and kinds <= {"limit", "adapt"},
        "clearance": "clearance" in kinds and "stop" not in kinds,
        "refer": "stop" in kinds,
        "contradicts": mild and any(catch.follows for catch in sheet.catches),
        "incomplete": bool(sheet.sections_to_ask and sheet.questions),
    }

    assert holds[sheet.kind]


def test_there_are_enough_cases_of_each_kind():
    """Clean, local, limited, to be cleared, to be referred, contradicting, incomplete."""
    counted = Counter(sheet.kind for sheet in SHEETS.values())

    assert {kind: counted[kind] for kind in LEAST if counted[kind] < LEAST[kind]} == {}


def test_clearances_are_missing_and_given():
    """Most cases that need a clearance wait for it; one has it on paper."""
    kinds = {name: CASES[name].clearances for name, sheet in SHEETS.items() if sheet.kind == "clearance"}

    assert sum(not given for given in kinds.values()) >= 6
    assert any(kinds.values())


def test_every_condition_has_a_client():
    """No condition of the knowledge base is without a case."""
    assert {client.complaint.condition for client in CASES.values()} == set(knowledge.entries("condition"))


@PAIRED
def test_the_stage_is_one_of_the_condition(name):
    """A complaint names a stage that its condition has, and measures that it uses."""
    complaint = CASES[name].complaint
    condition = knowledge.get("condition", complaint.condition)

    assert complaint.stage in {stage.id for stage in condition.stages}
    assert set(CASES[name].baseline) & set(condition.measures)


def test_clients_are_varied():
    """From a child to ninety, every sex that the form has, several languages, no occupation twice."""
    clients = CASES.values()
    ages = sorted(client.age_years for client in clients)

    assert ages[0] < 16
    assert ages[-1] >= 90
    assert len({age // 10 for age in ages}) >= 9
    assert {client.sex for client in clients} == {"female", "male", "intersex", "not said"}
    assert len({client.language for client in clients}) >= 6
    assert len({client.occupation for client in clients}) == len(CASES)
    assert max(Counter(client.sex for client in clients).values()) <= 0.6 * len(CASES)


@pytest.mark.parametrize(
    "words", ["wheelchair", "Deaf", "Blind", "interpreter", "learning disability", "Her father", "amputated"]
)
def test_abilities_are_part_of_life(words):
    """Each way of living stands in a story."""
    assert any(words in client.story for client in CASES.values())


def test_disability_is_no_finding():
    """The deaf client, the blind client and the one with an interpreter are clean cases."""
    clean = [CASES[name].story for name, sheet in SHEETS.items() if sheet.kind == "clean"]

    assert all(any(word in story for story in clean) for word in ("Deaf", "Blind", "interpreter"))


@PAIRED
def test_a_story_is_short(name):
    """Two to five sentences."""
    sentences = re.findall(r"[.!?]\"?(?=\s|$)", CASES[name].story.strip())

    assert 2 <= len(sentences) <= 5


@PAIRED
def test_words_are_respectful_and_promise_nothing(name):
    """Nobody is diagnosed or cured here, and nobody is called by an ailment."""
    assert not FORBIDDEN.search(spoken(CASES[name]))
    assert not FORBIDDEN.search(written(SHEETS[name]))


@PAIRED
def test_nobody_is_real(name):
    """An occupation and an age stand for a name; no telephone, address or title with a name."""
    assert re.fullmatch(r"[A-Z][^\W\d_]+( [a-z]+)*, \d+(, with \w+ \w+)?", CASES[name].name)
    assert f", {CASES[name].age_years}" in CASES[name].name
    assert not PERSONAL.search(f"{spoken(CASES[name])} {written(SHEETS[name])}")


@pytest.mark.parametrize(
    "words", ["+49 170 1234567", "a.b@example.org", "Dr. Smith", "555-123-4567", "Mrs Brown", "see www.x.org"]
)
def test_the_guard_against_personal_data_works(words):
    """Numbers, addresses and names with a title are found."""
    assert PERSONAL.search(words)


SHEET = SHEETS["gardener-neck"].model_dump(mode="json")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"findings": [{**SHEET["findings"][0], "kind": "stop"}]}, "the kind of 'open-wound' is 'stop'"),
        ({"findings": [{**SHEET["findings"][0], "rule": "open-wounds"}]}, "open-wound"),
        ({"questions": [{"rule": "feverr", "ask": "Fever?"}]}, "fever"),
        ({"kind": "easy"}, "kind"),
        ({"say": ""}, "say"),
    ],
)
def test_a_wrong_sheet_is_refused(changes, words):
    """A kind that the rule does not have, an unknown rule, an unknown kind of case, an empty line."""
    with pytest.raises(DataError, match=words):
        files.build(intake.AnswerSheet, files.Document(SHEET | changes, "a sheet"))


def test_a_sheet_that_is_not_there_is_said():
    """A build for students has no sheets; asking for one is a plain message."""
    with pytest.raises(FileError):
        intake.answer_sheet("nobody-neck")


def test_check_reads_the_sheets(tmp_path):
    """A sheet with a mistake is named by 'effleurage check', and a whole one is not."""
    text = paths.datasets("answers", "gardener-neck.yaml").read_text(encoding="utf-8")
    good, bad = tmp_path / "gardener-neck.yaml", tmp_path / "mine.yaml"
    good.write_text(text, encoding="utf-8")
    bad.write_text(text.replace("rule: open-wound", "rule: open-wounds"), encoding="utf-8")

    assert checks.one(good) == ()
    assert "open-wounds" in " ".join(problem.found for problem in checks.one(bad))
