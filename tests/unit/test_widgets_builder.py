"""The work of the protocol builder, without any widget and without a browser."""

import pytest
from effleurage import files, intake, protocol, safety
from effleurage.errors import DataError, SafetyError
from effleurage.widgets import actions, drafts, faces, today
from effleurage.widgets.builder import Builder


@pytest.fixture
def work():
    """The sixty-minute course for the clean client."""
    builder = Builder()
    builder.do("start_from", id="neck-pain-chronic-60")
    return builder


def test_a_new_builder_has_a_client_and_no_step():
    """The page begins with a client and an empty protocol for what the client comes with."""
    builder = Builder()
    assert builder.client.id == "office-neck"
    assert builder.draft["condition"] == builder.client.complaint.condition
    assert [item.found for item in builder.problems] == [drafts.EMPTY]


def test_a_template_is_the_protocol_of_its_file(work):
    """Beginning from a template gives exactly that protocol."""
    assert drafts.read(work.draft) == protocol.load("neck-pain-chronic-60")


def test_every_step_action(work):
    """Steps are added, changed, moved, copied and removed."""
    names = lambda: [step["technique"] for step in work.steps]  # noqa: E731
    before = names()
    work.do("add_step")
    assert names() == [*before, "effleurage"]
    assert work.focus == f"step-{len(before)}"
    assert work.steps[-1]["minutes"] == 2, "what is left of the session"
    work.do("set_step", step=len(before), field="technique", value="petrissage")
    work.do("move_step", step=len(before), by=-len(before))
    assert names() == ["petrissage", *before]
    work.do("copy_step", step=0)
    assert names()[:2] == ["petrissage", "petrissage"]
    work.do("remove_step", step=0)
    work.do("remove_step", step=0)
    assert names() == before


def test_undo_brings_back_and_redo_does_again(work):
    """Each change is undone in one go and done again."""
    whole = drafts.copied(work.draft)
    work.do("remove_step", step=0)
    work.do("rename", value="Mine")
    changed = drafts.copied(work.draft)
    work.do("undo")
    work.do("undo")
    assert work.draft == whole
    work.do("redo")
    work.do("redo")
    assert work.draft == changed
    work.do("redo")
    assert work.notice == "There is nothing to redo."


def test_a_moving_slider_is_undone_in_one_go(work):
    """All values of one movement count as one change."""
    for weeks in (5, 6, 7, 8):
        work.do("set_part", live=True, field="weeks", value=weeks)
    work.do("undo")
    assert work.phase["weeks"] == 4


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("minutes", -5, "'minutes' is -5"),
        ("minutes", 300, "'minutes' is 300"),
        ("minutes", None, "'minutes' is None"),
        ("pressure", 7, "'pressure' is 7"),
        ("pressure", None, "effleurage has no pressure"),
        ("side", "middle", "side 'middle' does not fit upper-back"),
        ("purpose", "", "'purpose' is ''"),
    ],
)
def test_a_wrong_value_is_said_at_its_step_and_kept(work, field, value, found):
    """What was typed stays; the problem names the step, and no plan is made."""
    work.do("set_step", step=0, field=field, value=value)
    assert [(item.where, item.found) for item in work.problems] == [("Step 1", found)]
    with pytest.raises(DataError):
        work.course()


def test_an_unknown_technique_changes_nothing_and_names_the_nearest(work):
    """An id that does not exist is refused in words."""
    before = drafts.copied(work.draft)
    work.do("set_step", step=0, field="technique", value="efleurage")
    assert work.draft == before
    assert "write 'effleurage'" in work.notice


@pytest.mark.parametrize(
    ("wish", "given"),
    [
        ("set_step", {"step": 99, "field": "minutes", "value": 1}),
        ("set_step", {"nonsense": 1}),
        ("remove_step", {"step": 40}),
        ("no_such_wish", {}),
        ("set_goal", {"goal": 7, "field": "change", "value": 1}),
        ("choose_client", {"id": "nobody"}),
        ("start_from", {"id": "../../etc/passwd"}),
        ("report", {"fact": "no-such-fact", "answer": "yes"}),
        ("measure_today", {"reading": "temperature-c", "value": 400}),
        ("remove_part", {}),
    ],
)
def test_what_cannot_be_done_changes_nothing_and_is_said(work, wish, given):
    """A wish that makes no sense leaves the work as it was and gives a sentence."""
    before = drafts.copied(work.data)
    work.do(wish, **given)
    assert work.data == before
    assert work.notice


def test_steps_longer_than_the_session_are_said_with_the_repair(work):
    """Too many minutes: how many, how many are allowed, what to do."""
    work.do("set_part", field="minutes", value=30)
    problem = work.problems[0]
    assert problem.found == "the steps take 58 minutes, the session has 30"
    assert "28 minutes" in problem.do


def test_the_screen_lives_while_the_draft_is_wrong(work):
    """A wrong minute does not hide the screen of the other steps."""
    work.do("choose_client", id="carpenter-neck")
    capped = [item.rule for item in work.screen.findings]
    work.do("set_step", step=0, field="minutes", value=-5)
    assert work.problems
    assert [item.rule for item in work.screen.findings] == capped


def test_the_client_to_be_referred_stops_the_plan(work):
    """No course while a stop is open, also not through the builder."""
    work.do("choose_client", id="driver-neck")
    assert work.screen.stops
    with pytest.raises(SafetyError):
        work.course()


def test_a_sign_of_today_stops_and_taking_it_back_opens(work):
    """A reported sign changes the screen at once; the case file stays as it is."""
    work.do("report", fact="double-vision", answer="yes")
    assert work.screen.stops
    assert intake.load("office-neck").answer("double-vision") == "no"
    work.do("report", fact="double-vision", answer="unknown")
    assert not work.screen.stops
    assert work.course().sessions


def test_an_answer_of_the_intake_is_not_denied_away():
    """What the intake holds as present cannot be answered with no on the page."""
    builder = Builder()
    builder.do("choose_client", id="driver-neck")
    builder.do("report", fact="double-vision", answer="no")
    assert "the intake says yes" in builder.notice
    assert builder.screen.stops


def test_questions_are_asked_until_answered():
    """What nobody asked stands among the questions, once each, and goes when answered."""
    builder = Builder()
    builder.do("choose_client", id="courier-neck")
    asked = faces.question_faces(builder.screen.asks, builder.client)
    ids = [(item["kind"], item["id"]) for item in asked]
    assert len(ids) == len(set(ids))
    first = next(item for item in asked if item["kind"] == "fact")
    builder.do("report", fact=first["id"], answer="no")
    left = faces.question_faces(builder.screen.asks, builder.client)
    assert first["id"] not in [item["id"] for item in left]


def test_a_whole_section_is_answered_with_no():
    """Every fact of a section can be denied in one go, and undone in one go."""
    builder = Builder()
    builder.do("choose_client", id="courier-neck")
    facts = [
        f["id"] for f in faces.question_faces(builder.screen.asks, builder.client) if f["kind"] == "fact"
    ]
    builder.do("deny", facts=facts)
    assert all(builder.client.answer(fact) == "no" for fact in facts)
    builder.do("undo")
    assert builder.client.answer(facts[0]) == "unknown"


def test_answering_everything_leaves_nothing_to_ask():
    """Facts, days and numbers: each question of the page can be answered on the page."""
    builder = Builder()
    builder.do("choose_client", id="courier-neck")
    for _ in range(400):
        asked = faces.question_faces(builder.screen.asks, builder.client)
        if not asked:
            break
        answer(builder, asked[0])
    assert not builder.screen.asks


def answer(builder: Builder, question: dict) -> None:
    """Answer one question as a page does."""
    if question["kind"] == "fact":
        builder.do("report", fact=question["id"], answer="no")
    elif question["kind"] == "date":
        builder.do("date_fact", fact=question["id"], value="2001-01-01")
    else:
        builder.do("measure_today", reading=question["id"], value=(question["low"] + question["high"]) / 2)


def test_another_client_takes_the_answers_of_the_day_away(work):
    """Signs belong to the client who told them."""
    work.do("report", fact="fever", answer="yes")
    work.do("choose_client", id="gardener-neck")
    assert work.data["today"] == today.NOTHING
    assert work.steps, "the protocol stays"


def test_a_technique_without_pressure_has_none(work):
    """The pressure goes with a technique that has none, and comes back as its usual level."""
    work.do("set_step", step=1, field="technique", value="muscle-energy")
    assert "pressure" not in work.steps[1]
    work.do("set_step", step=1, field="technique", value="petrissage")
    assert isinstance(work.steps[1]["pressure"], int)
    assert not work.problems


def test_the_side_follows_the_region(work):
    """A region without sides has the middle; one with sides gets both."""
    work.do("set_step", step=0, field="region", value="sacrum")
    assert work.steps[0]["side"] == "middle"
    work.do("set_step", step=0, field="region", value="neck-posterior")
    assert work.steps[0]["side"] == "both"
    assert not work.problems


def test_goals_bring_the_change_that_matters(work):
    """A new goal takes a measure without one, its usual change, and a week past the course."""
    work.do("set_goal", goal=0, field="measure", value="psfs")
    assert work.draft["goals"][0]["change"] == actions.usual_change("psfs") >= 0
    work.do("add_goal")
    work.do("remove_goal", goal=0)
    assert not work.problems
    assert work.draft["goals"][-1]["by_week"] == 5


def test_parts_of_a_course(work):
    """A part is added as a copy of the one in view, changed by itself, and removed."""
    work.do("add_part")
    work.do("set_part", field="sessions_per_week", value=1)
    assert [part["sessions_per_week"] for part in work.draft["phases"]] == [2, 1]
    assert not work.problems
    work.do("set_step", step=0, field="minutes", value=-1)
    assert work.problems[0].where == "Part 2, step 1"
    work.do("undo")
    work.do("remove_part")
    assert len(work.draft["phases"]) == 1


def test_marks_stand_at_the_steps_they_object_to(work):
    """A finding against a step is shown at that step and nowhere else."""
    work.do("choose_client", id="gardener-neck")
    screen = work.screen
    marks = faces.step_marks(screen, work.draft, 0)
    for place, step in enumerate(drafts.read(work.draft).steps):
        assert bool(marks[place]) == bool(screen.objections(step))
    assert any(marks)


def test_a_face_holds_everything_that_must_be_shown(work):
    """Each finding comes with what to do, why, because of what, sources and standing."""
    work.do("choose_client", id="carpenter-neck")
    face = faces.screen_face(work.screen, work.draft, work.client)
    assert face["counts"]["limit"] == sum(item["kind"] == "limit" for item in face["findings"])
    for item in face["findings"]:
        assert all(item[name] for name in ("name", "do", "reason", "because", "sources", "standing", "where"))
        assert item["standing"] in safety.STANDINGS


@pytest.mark.parametrize(
    ("client", "level"),
    [("driver-neck", "stop"), ("heart-neck", "clearance"), ("courier-neck", "ask"), ("office-neck", "clear")],
)
def test_the_level_is_the_gravest_thing_that_is_open(work, client, level):
    """The banner says the gravest thing, and only a screen with nothing on it is clear."""
    work.do("choose_client", id=client)
    assert faces.level(work.screen) == level


def test_a_draft_from_a_hostile_file_is_refused(tmp_path):
    """A protocol file that is no protocol changes nothing."""
    path = files.write_text(tmp_path / "bad.yaml", "id: x\nphases: {}\n")
    builder = Builder()
    before = drafts.copied(builder.data)
    builder.do("start_from", id=str(path))
    assert builder.data == before
    assert "bad.yaml" in builder.notice
