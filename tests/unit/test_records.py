"""Records: one file, safe against crashes, full disks and two pages at once."""

import errno
import json
from datetime import UTC, datetime, timedelta

import pytest
from effleurage import errors, files, records

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def place(tmp_path):
    """Where a record is kept."""
    return tmp_path / "neck.effleurage.json"


@pytest.fixture
def work():
    """A piece of work that is not on disk."""
    return records.new("Neck, office worker", client="office-neck", now=NOON)


def test_a_saved_work_comes_back_whole(work, place):
    """What is saved is what is opened, with the same values."""
    full = work.having(
        protocol={"id": "neck", "phases": [{"weeks": 4}]},
        answers={"fever": "no"},
        visits=[{"visit": 1, "week": 0, "measure": "ndi", "score": 22}],
        notes={"plan": "sacht beginnen – ü"},
        settings={"tab": 3, "open": True, "none": None},
    )
    saved = records.save(full, place, now=NOON)
    assert records.load(place) == saved
    assert (saved.revision, saved.saved) == (1, NOON)
    assert saved.content() == full.content()


def test_the_file_can_be_read_by_people(work, place):
    """The file is indented JSON with the letters as they are typed."""
    records.save(work.having(notes={"plan": "sacht – ü"}), place)
    text = place.read_text(encoding="utf-8")
    assert '\n  "notes": {\n    "plan": "sacht – ü"\n  }' in text


def test_each_save_counts_and_keeps_the_version_before(work, place):
    """The version before the last save stays beside the file."""
    first = records.save(work.having(notes={"plan": "one"}), place)
    records.save(first.having(notes={"plan": "two"}), place)
    assert records.load(place).revision == 2
    assert records.load(files.previous(place)).notes == {"plan": "one"}


def test_what_has_not_changed_is_not_written_again(work, place):
    """Autosave without a change keeps the revision and the version before."""
    first = records.save(work.having(notes={"plan": "one"}), place)
    second = records.save(first.having(notes={"plan": "two"}), place)
    assert records.save(second, place) == second
    assert records.load(files.previous(place)).notes == {"plan": "one"}


def test_a_page_may_change_its_draft_without_changing_the_record(work):
    """A record holds values of its own."""
    draft = {"id": "neck", "phases": [{"weeks": 4}]}
    kept = work.having(protocol=draft)
    draft["phases"][0]["weeks"] = 9
    assert kept.protocol == {"id": "neck", "phases": [{"weeks": 4}]}


def test_two_pages_on_one_record_do_not_overwrite_each_other(work, place):
    """The page that saves second is told; both versions are at hand, and the file is the first one's."""
    opened = records.save(work, place)
    theirs = records.save(opened.having(notes={"plan": "theirs"}), place)
    mine = opened.having(notes={"plan": "mine"})
    with pytest.raises(records.RecordConflict, match="saved on another page") as caught:
        records.save(mine, place)
    assert caught.value.theirs == theirs
    assert caught.value.mine == mine
    assert caught.value.path == place
    assert "keep yours as a copy, or take the other version" in str(caught.value)
    assert records.load(place) == theirs


def test_the_same_revision_saved_by_another_page_is_a_conflict(work, place):
    """Two pages that both reach revision 2 in different ways are told apart."""
    first = records.save(work, place, now=NOON)
    records.save(first.having(title="Theirs"), place, now=NOON + timedelta(minutes=1))
    elsewhere = first.model_copy(update={"revision": 2, "saved": NOON + timedelta(minutes=2)})
    with pytest.raises(records.RecordConflict):
        records.save(elsewhere.having(title="Mine"), place)


def test_a_new_work_never_takes_the_place_of_a_file(work, place):
    """A work that was never saved cannot overwrite one that is there."""
    records.save(work, place)
    with pytest.raises(records.RecordConflict):
        records.save(records.new("Another"), place)


def test_mine_can_be_kept_as_a_copy(work, place):
    """The copy has a name and an id of its own and everything that was done."""
    opened = records.save(work, place)
    records.save(opened.having(title="Theirs"), place)
    mine = opened.having(notes={"plan": "mine"})
    copied, other = records.save_copy(mine, place)
    assert other.parent == place.parent
    assert other != place
    assert copied.id != mine.id
    assert (copied.title, copied.notes, copied.client) == (f"{work.title} (copy)", mine.notes, "office-neck")
    assert records.load(other) == copied
    assert records.load(place).title == "Theirs"


def cut(path, part=0.5):
    """Cut a file off, as a crash would."""
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * part)])


def test_a_file_cut_in_half_is_never_opened_silently(work, place):
    """Loading says where it breaks off, and names the version before it."""
    first = records.save(work, place)
    records.save(first.having(title="Two"), place)
    cut(place)
    with pytest.raises(records.Damaged, match=r"line \d+: this is not complete JSON") as caught:
        records.load(place)
    assert "neck.effleurage.json.previous" in str(caught.value)


def test_a_page_falls_back_to_the_version_before_in_words(work, place):
    """Restoring takes the version before, and says which one and what is lost."""
    first = records.save(work, place, now=NOON)
    records.save(first.having(title="Two"), place)
    cut(place)
    found = records.restore(place)
    assert found.work == first
    assert "could not be read to its end" in found.notice
    assert "revision 1" in found.notice


def test_a_whole_file_is_restored_without_a_word(work, place):
    """There is no notice when nothing is wrong."""
    saved = records.save(work, place)
    assert records.restore(place) == (saved, "")


@pytest.mark.parametrize("part", [0, 0.1, 0.3, 0.6, 0.9, 0.99])
def test_any_cut_falls_back(work, place, part):
    """Wherever the file breaks off, also inside a letter, the version before is taken."""
    first = records.save(work.having(notes={"a": "ü" * 400}), place)
    records.save(first.having(title="Two"), place)
    cut(place, part)
    assert records.restore(place).work == first


def test_a_cut_inside_a_letter_falls_back(work, place):
    """A file that ends inside a letter of two bytes is damaged, not 'no text'."""
    first = records.save(work, place)
    records.save(first.having(title="Zwei ü"), place)
    raw = place.read_bytes()
    place.write_bytes(raw[: raw.index("ü".encode()) + 1])
    assert records.restore(place).work == first


def test_a_file_that_is_gone_falls_back(work, place):
    """A file that vanished is taken from the version before, in words."""
    first = records.save(work, place)
    records.save(first.having(title="Two"), place)
    place.unlink()
    found = records.restore(place)
    assert found.work == first
    assert "is not there any more" in found.notice


def test_without_a_version_before_a_damaged_file_is_an_error(work, place):
    """Nothing is made up when there is nothing to fall back on."""
    records.save(work, place)
    cut(place)
    with pytest.raises(records.Damaged, match="no version before it"):
        records.restore(place)


def test_saving_over_a_damaged_file_keeps_it_and_the_good_version(work, place):
    """The damaged file is set aside, and the version before is not replaced by it."""
    first = records.save(work, place)
    records.save(first.having(title="Two"), place)
    cut(place)
    broken = place.read_bytes()
    restored = records.restore(place).work
    saved = records.save(restored.having(title="Three"), place)
    assert records.load(place) == saved
    assert place.with_name(f"{place.name}.damaged").read_bytes() == broken
    assert records.load(files.previous(place)) == first


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"schema_version": 2, "title": "x"}', "version 2; this suite knows version 1"),
        ('{"schema_version": 0}', "version 0"),
        ('{"title": "x"}', "no record of the suite"),
        ('{"schema_version": true}', "no record of the suite"),
        ("[1, 2]", "no record of the suite"),
    ],
)
def test_what_is_no_record_of_this_version_is_refused_and_not_touched(work, place, text, words):
    """A record of a newer suite, or another file, is neither opened, replaced nor passed over."""
    place.write_text(text)
    records.save(work, files.previous(place))
    for use in (records.load, records.restore, lambda path: records.save(work, path)):
        with pytest.raises(errors.DataError, match=words):
            use(place)
    assert place.read_text() == text


def test_an_unknown_key_is_named(work, place):
    """A record changed by hand is refused with the key."""
    records.save(work, place)
    data = json.loads(place.read_text())
    place.write_text(json.dumps(data | {"protocl": {}}))
    with pytest.raises(records.Damaged, match="'protocl' is not known"):
        records.load(place)


def test_a_missing_file_is_named(place):
    """There is no record without a file."""
    with pytest.raises(errors.FileError, match="there is no such file"):
        records.restore(place)


def test_a_full_disk_loses_nothing(work, place, monkeypatch):
    """The error says what to do; the file on disk and the work in the page are as before."""
    saved = records.save(work, place)
    mine = saved.having(title="Two")

    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("effleurage.files.writing.os.fsync", full)
    with pytest.raises(errors.FileError, match="No space left on device") as caught:
        records.save(mine, place)
    assert "free some space" in str(caught.value)
    monkeypatch.undo()
    assert records.load(place) == saved
    assert sorted(path.suffix for path in place.parent.iterdir() if ".part" in path.name) == []
    assert records.save(mine, place).title == "Two"


def test_a_folder_that_cannot_be_written_is_one_clear_error(work, tmp_path):
    """Where a folder cannot be made, the words say so and name a way out."""
    (tmp_path / "file").write_text("")
    with pytest.raises(errors.FileError, match="cannot be saved") as caught:
        records.save(work, tmp_path / "file" / "neck.effleurage.json")
    assert len(caught.value.problems) == 1
    assert "choose another folder" in str(caught.value)


def test_a_read_only_folder_is_one_clear_error(work, place, monkeypatch):
    """A folder without the right to write gives the same words, and the file stays."""
    saved = records.save(work, place)

    def refuse(*args, **kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("filelock.FileLock.acquire", refuse)
    with pytest.raises(errors.FileError, match="Permission denied"):
        records.save(saved.having(title="Two"), place)
    assert records.load(place) == saved


def test_another_page_that_is_saving_is_waited_for_and_then_named(work, place, monkeypatch):
    """A lock that stays is told in words, and nothing is overwritten."""
    import filelock

    saved = records.save(work, place)
    monkeypatch.setattr("effleurage.records.keeping.LOCK_SECONDS", 0)
    with (
        filelock.FileLock(place.parent / ".effleurage.lock"),
        pytest.raises(errors.FileError, match="another page is saving"),
    ):
        records.save(saved.having(title="Two"), place)
    assert records.load(place) == saved


def test_a_work_that_is_too_large_is_refused_before_anything_is_written(work, place):
    """The size is bounded, and the file on disk stays."""
    saved = records.save(work, place)
    with pytest.raises(errors.DataError, match=r"takes 3\.0 MB"):
        records.save(saved.having(notes={"long": "x" * 3_000_000}), place)
    assert records.load(place) == saved


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, b"x"])
def test_only_plain_values_are_kept(work, value):
    """What JSON cannot hold is refused when it is put in, not when it is saved."""
    with pytest.raises(errors.DataError, match="record"):
        work.having(settings={"a": value})


def test_what_holds_itself_is_refused(work):
    """An endless value does not hang the page."""
    endless = {}
    endless["again"] = endless
    with pytest.raises(errors.DataError, match="nested too deeply"):
        work.having(settings=endless)


def test_half_an_emoji_does_not_stop_a_save(work, place):
    """Text that a browser cut inside a letter is kept with a question mark."""
    saved = records.save(work.having(notes={"plan": "well \ud83d"}), place)
    assert saved.notes == {"plan": "well ?"}


def test_a_work_cannot_be_changed_in_place(work):
    """Records are frozen."""
    with pytest.raises(ValueError, match="frozen"):
        work.title = "x"


@pytest.mark.parametrize("title", ["../../etc/passwd", "CON", "a/b\\c", "…", "x" * 200, "Nacken & Schulter"])
def test_no_title_leads_out_of_the_folder(title, tmp_path):
    """A file name is made of letters, digits and hyphens only."""
    path = records.path_for(records.new(title), tmp_path)
    assert path.parent == tmp_path
    assert path.name.endswith(".effleurage.json")
    assert set(path.name.removesuffix(".effleurage.json")) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(path.name) < 100


def test_the_list_is_newest_first_and_shows_what_cannot_be_opened(tmp_path):
    """Each file of the folder is listed; a damaged one with its problem, last."""
    for turn, title in enumerate(("One", "Two")):
        work = records.new(title)
        records.save(work, records.path_for(work, tmp_path), now=NOON + timedelta(days=turn))
    (tmp_path / "broken.effleurage.json").write_text('{"schema_')
    (tmp_path / "other.json").write_text("{}")
    found = records.listed(tmp_path)
    assert [item.title for item in found] == ["Two", "One", "broken"]
    assert [bool(item.problem) for item in found] == [False, False, True]


def test_an_empty_folder_lists_nothing(tmp_path):
    """No folder, no work, no error."""
    assert records.listed(tmp_path / "none") == ()


def test_work_lies_in_the_working_copy(monkeypatch, tmp_path):
    """Pages of a working copy keep work in its folder, others where they run."""
    monkeypatch.setenv("EFFLEURAGE_WORK", str(tmp_path))
    assert records.default_folder() == tmp_path / "my-work"
    monkeypatch.delenv("EFFLEURAGE_WORK")
    monkeypatch.chdir(tmp_path)
    assert records.default_folder() == tmp_path
