"""A page and its record: saved soon, restored, never overwritten unseen."""

import asyncio

import pytest
from effleurage import records
from effleurage.widgets.keeping import Keeper

OWNS = ("client", "protocol", "answers")


@pytest.fixture
def path(tmp_path):
    """A place for a record."""
    return tmp_path / "work.effleurage.json"


def test_a_record_is_written_when_something_changes(path):
    """Nothing is written before the first change; then it is on disk at once where no loop runs."""
    keeper = Keeper(path, OWNS)
    assert not path.exists()
    keeper.keep(client="office-neck")
    assert records.load(path).client == "office-neck"
    assert keeper.in_words()["words"].startswith("Saved ")


def test_a_change_is_saved_within_a_second_of_a_running_loop(path):
    """In a kernel the save comes by itself, after the change was shown."""

    async def page() -> tuple[bool, bool]:
        keeper = Keeper(path, OWNS)
        told = []
        keeper.after = lambda: told.append(keeper.in_words()["words"])
        keeper.keep(client="office-neck")
        waited = keeper.waiting and not path.exists()
        await asyncio.sleep(1)
        return waited, path.exists() and told[0].startswith("Saved ")

    assert asyncio.run(page()) == (True, True)


def test_what_another_page_saved_elsewhere_is_taken_over(path):
    """The outcomes page saves visits while the builder saves the protocol: both are kept."""
    builder, outcomes = Keeper(path, OWNS), Keeper(path, ("visits",))
    builder.keep(client="office-neck")
    outcomes.look()
    outcomes.keep(visits=({"visit": 1, "measure": "ndi", "score": 20, "week": 0},))
    builder.keep(protocol={"name": "mine"})
    stored = records.load(path)
    assert (stored.client, stored.protocol, len(stored.visits)) == ("office-neck", {"name": "mine"}, 1)
    assert builder.theirs is None


def test_settings_of_two_pages_stand_beside_each_other(path):
    """How each page stood is kept for both."""
    builder, outcomes = Keeper(path, OWNS), Keeper(path, ("visits",))
    builder.keep(client="office-neck")
    outcomes.look()
    outcomes.set(measure="nprs")
    builder.set(tab="session")
    assert records.load(path).settings == {"measure": "nprs", "tab": "session"}


@pytest.fixture
def torn(path):
    """Two pages that changed the same field."""
    one, two = Keeper(path, OWNS), Keeper(path, OWNS)
    one.keep(client="office-neck")
    two.look()
    two.keep(client="driver-neck")
    one.keep(client="heart-neck")
    return one, path


def clients(path):
    """The clients of all records in the folder: the work itself, then the copy laid aside."""
    found = sorted(records.listed(path.parent), key=lambda item: item.title)
    return [item.client for item in found]


def test_two_pages_on_one_field_notice_each_other(torn):
    """Nothing is overwritten; the page says that there are two versions."""
    keeper, path = torn
    assert keeper.theirs.client == "driver-neck"
    assert records.load(path).client == "driver-neck"
    assert "Another page" in keeper.in_words()["conflict"]


def test_going_on_with_theirs_keeps_ours_as_a_copy(torn):
    """Taking the other version lays this one beside it."""
    keeper, path = torn
    keeper.take_theirs()
    assert keeper.content("client") == "driver-neck"
    assert clients(path) == ["driver-neck", "heart-neck"]


def test_going_on_with_ours_keeps_theirs_as_a_copy(torn):
    """Keeping this version lays the other one beside it."""
    keeper, path = torn
    keeper.keep_mine()
    assert records.load(path).client == "heart-neck"
    assert clients(path) == ["heart-neck", "driver-neck"]


def test_looking_takes_over_what_is_new(path):
    """A page that comes to the front sees what another page saved meanwhile."""
    one, two = Keeper(path, OWNS), Keeper(path, ("visits",))
    one.keep(client="office-neck")
    assert two.look()
    assert two.content("client") == "office-neck"
    assert not two.look()


def test_a_folder_that_cannot_be_written_is_said_and_tried_again(tmp_path):
    """The page says why it is not saved; when the way is free, nothing was lost."""
    blocked = tmp_path / "folder"
    blocked.write_text("a file where a folder should be")
    keeper = Keeper(blocked / "work.effleurage.json", OWNS)
    keeper.keep(client="office-neck")
    assert not keeper.in_words()["ok"]
    assert "cannot be" in keeper.problem
    blocked.unlink()
    keeper.save()
    assert keeper.problem == ""
    assert records.load(keeper.path).client == "office-neck"


def test_a_record_cut_in_half_is_opened_as_it_was_before(path):
    """The version before comes back, and the page says so."""
    keeper = Keeper(path, OWNS)
    keeper.keep(client="office-neck")
    keeper.keep(client="driver-neck")
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: len(text) // 2], encoding="utf-8")
    again = Keeper(path, OWNS)
    assert again.content("client") == "office-neck"
    assert again.told


def test_the_newest_piece_of_work_is_opened_by_itself(tmp_path, monkeypatch):
    """Without a name, a page finds the last work again; both pages find the same."""
    monkeypatch.setenv("EFFLEURAGE_WORK", str(tmp_path))
    first = Keeper(None, OWNS)
    first.keep(client="office-neck")
    assert Keeper(None, ("visits",)).path == first.path


def test_a_copy_laid_aside_is_not_opened_by_itself(tmp_path, monkeypatch):
    """After a conflict, the next opening goes on with the version that was chosen."""
    monkeypatch.setenv("EFFLEURAGE_WORK", str(tmp_path))
    keeper = Keeper(None, OWNS)
    keeper.keep(client="office-neck")
    records.save_copy(keeper.work.having(client="driver-neck"), keeper.path)
    assert Keeper(None, OWNS).path == keeper.path
