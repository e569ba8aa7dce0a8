"""What must always hold of a student's work: nothing that was saved is lost, whatever happens to the page."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest
from effleurage import files, records

PAGE = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from effleurage import records

    place, name, times = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    work = records.load(place)
    saved = 0
    print("ready", flush=True)
    sys.stdin.readline()
    for turn in range(times):
        mine = work.having(notes={**work.notes, f"{name}-{turn}": "x" * 2000})
        try:
            work = records.save(mine, place)
            saved += 1
        except records.RecordConflict as conflict:
            work = conflict.theirs
    print(saved, flush=True)
    """
)


def page(place, name, times):
    """Open a page of its own on a record; it waits for a word before it saves."""
    command = [sys.executable, "-c", PAGE, str(place), name, str(times)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    return process


def go(process):
    """Let a page begin."""
    process.stdin.write("go\n")
    process.stdin.flush()


def test_two_pages_at_once_never_overwrite_each_other_unseen(tmp_path):
    """Every save that a page took for done is in the file, in the order in which they came."""
    place = tmp_path / "neck.effleurage.json"
    records.save(records.new("Neck"), place)
    both = [page(place, name, 40) for name in ("a", "b")]
    for process in both:
        go(process)
    saved = [int(process.communicate(timeout=120)[0]) for process in both]
    found = records.load(place)
    assert sum(saved) > 0
    assert found.revision == 1 + sum(saved)
    assert len(found.notes) == sum(saved)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signal that ends a process at once")
@pytest.mark.parametrize("after", range(4))
def test_a_killed_page_leaves_a_whole_file(tmp_path, after):
    """A kernel that is killed while it saves leaves the last or the new version, never half of one."""
    place = tmp_path / "neck.effleurage.json"
    records.save(records.new("Neck"), place)
    process = page(place, "a", 100_000)
    go(process)
    while records.load(place).revision < 3 + 5 * after:
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    found = records.restore(place)
    assert found.notice == ""
    assert len(found.work.notes) == found.work.revision - 1
    assert records.load(files.previous(place)).revision in (found.work.revision - 1, found.work.revision)
    assert records.save(found.work.having(title="Again"), place).title == "Again"
