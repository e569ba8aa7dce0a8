"""The same cohort from many workers: the same numbers, whatever happens to a worker."""

import builtins
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from effleurage import cli, errors, simulate
from effleurage.simulate import cluster, showing

SMALL = {"clients": 40_000, "seed": 3, "measures": ("ndi", "nprs"), "chunk": 8192}


@pytest.fixture(scope="module")
def client():
    """A Dask cluster of two processes on this machine."""
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as local,
        distributed.Client(local) as found,
    ):
        yield found


def same(one, other):
    """Both runs hold the same bits."""
    pairs = [(one.counts, other.counts), (one.kept, other.kept), (one.often, other.often)]
    assert one.clients == other.clients
    return all(np.array_equal(a[key], b[key]) for a, b in pairs for key in a)


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_number_of_workers_changes_nothing(workers):
    """One, two or five workers give the numbers of one process."""
    with ThreadPoolExecutor(workers) as pool:
        found = simulate.cohort("60x2x4", **SMALL, scheduler=pool)

    assert same(found, simulate.cohort("60x2x4", **SMALL))


def test_stop_keeps_the_clients_that_are_done():
    """An interruption holds the first clients, as one process would have had them."""

    def _interrupt(done, total):
        if done >= 16_384:
            raise KeyboardInterrupt

    with ThreadPoolExecutor(2) as pool, pytest.raises(simulate.Stopped) as stopped:
        simulate.cohort("60x2x4", **SMALL, scheduler=pool, progress=_interrupt)

    assert same(stopped.value.runs, simulate.cohort("60x2x4", **SMALL | {"clients": 16_384}))


@pytest.mark.filterwarnings("default")
def test_dask_gives_the_same_bits(client):
    """A cluster of processes gives the numbers of one process, and tells how far it is."""
    told = []
    found = simulate.cohort("60x2x4", **SMALL, scheduler=client, progress=lambda *at: told.append(at))

    assert same(found, simulate.cohort("60x2x4", **SMALL))
    assert [done for done, _ in told] == [8192, 16384, 24576, 32768, 40000]


@pytest.mark.filterwarnings("default")
def test_a_killed_worker_costs_no_result(client):
    """A worker process that is killed in the middle changes no number."""
    killed = []

    def _kill(done, total):
        if not killed:
            killed.extend(client.run(os.getpid).values())
            os.kill(killed[0], getattr(signal, "SIGKILL", signal.SIGTERM))

    many = SMALL | {"clients": 400_000, "keep": False}
    found = simulate.cohort("60x2x4", **many, scheduler=client, progress=_kill)

    assert same(found, simulate.cohort("60x2x4", **many))
    client.wait_for_workers(2, timeout=30)
    assert killed[0] not in client.run(os.getpid).values()


def test_missing_dask_is_one_sentence(monkeypatch):
    """Without Dask an address is answered with how to install it."""
    kept = builtins.__import__

    def _without(name, *more, **rest):
        if name == "distributed":
            raise ImportError(name)
        return kept(name, *more, **rest)

    monkeypatch.setattr(builtins, "__import__", _without)
    with pytest.raises(errors.UsageError, match=r"effleurage\[cluster\]"):
        cluster.connect("tcp://127.0.0.1:1")


def test_what_is_no_scheduler_is_refused():
    """A number is no scheduler."""
    with pytest.raises(errors.UsageError, match="scheduler: 4"):
        simulate.cohort("60x2x4", scheduler=4)


def test_sweep_is_the_same_from_workers_and_agrees_with_a_cohort():
    """A sweep has a row for each cell of the grid; its means are those of a large cohort."""
    grid = {"versus": ["wait-list", "light-touch"], "measures": ["ndi"], "weeks": [5, 10]}
    found = simulate.sweep(["30x2x4", "60x2x4"], **grid)
    with ThreadPoolExecutor(2) as pool:
        assert simulate.sweep(["30x2x4", "60x2x4"], **grid, scheduler=pool).equals(found)
    runs = simulate.cohort("60x2x4", clients=100_000, versus=("wait-list",), weeks=(5,), keep=False)
    change = {(one.arm, one.measure, one.week): one.change for one in runs.summary()}

    assert len(found) == 8
    row = found[(found.dose == "massage 60x2x4") & (found.versus == "wait-list") & (found.week == 5)].iloc[0]
    assert row.change == pytest.approx(change["massage 60x2x4", "ndi", 5.0], abs=0.1)
    assert row.change_low < row.change < row.change_high


def test_stopped_sweep_keeps_its_rows():
    """What was worked out before an interruption is in the error."""

    def _interrupt(done, total):
        raise KeyboardInterrupt

    with pytest.raises(simulate.SweepStopped) as stopped:
        simulate.sweep(["30x2x4", "60x2x4"], measures=["ndi"], weeks=[5], progress=_interrupt)
    assert len(stopped.value.table) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"doses": "60x2x4"}, {"doses": []}, {"doses": ["60x2x4"], "weeks": [-1]}, {"doses": ["0x2x4"]},
     {"doses": ["60x2x4"], "conditions": ["gout"]}, {"doses": ["60x2x4"], "measures": ["joy"]},
     {"doses": ["60x2x4"] * 50_000}],
)  # fmt: skip
def test_sweep_refuses_what_cannot_be_done(wrong):
    """Each wrong request is one clear line."""
    with pytest.raises(errors.EffleurageError) as refused:
        simulate.sweep(**wrong)
    assert len(refused.value.problems) == 1


def test_bar_waits_a_second_and_needs_a_terminal(monkeypatch):
    """Nothing is said within a second, at the end, or to a file; a terminal sees the bar and a wiped line."""

    class Screen:
        def __init__(self, terminal):
            self.text, self.isatty, self.flush = [], lambda: terminal, lambda: None
            self.write = self.text.append

    now = time.monotonic()
    for terminal in (True, False):
        screen = Screen(terminal)
        monkeypatch.setattr(showing.time, "monotonic", lambda: now)
        bar = showing.Bar(screen)
        bar(1, 10)
        assert screen.text == []
        monkeypatch.setattr(showing.time, "monotonic", lambda: now + 2)
        bar(10, 10)
        assert screen.text == []
        bar(5, 10)
        bar.close()
        assert bool(screen.text) is terminal
    assert showing.in_words(5, 10, 2).startswith("[##########----------] 50 %")


WORDS = ["simulate", "neck-pain-chronic-60", "--case", "office-neck"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--clients", "0"], "clients: 0"),
        (["--clients", "-5"], "clients: -5"),
        (["--clients", "999999999999"], "clients: 999999999999"),
        (["--measure", "joy"], "measure 'joy' is not known"),
        (["--weeks", "-1"], "weeks: -1"),
        (["--weeks", "soon"], "weeks: 'soon'"),
        (["--versus", "magic"], "arm 'magic' is not known"),
        (["--out", "runs.xls"], "runs.xls"),
        (["--out", "no-such-folder/runs.csv"], "no such folder"),
    ],
)
def test_command_refuses_in_one_line(more, said, monkeypatch, capsys):
    """What cannot be simulated is one clear line and an exit code."""
    monkeypatch.setattr("sys.argv", ["effleurage", *WORDS, *more])
    with pytest.raises(SystemExit) as left:
        cli.main()
    words = capsys.readouterr().err.strip()

    assert left.value.code in {1, 2}
    assert said in words
    assert "\n" not in words


def test_interrupted_command_writes_what_is_done(monkeypatch, capsys, tmp_path):
    """Ctrl-C writes the finished clients, says so, and leaves with 130."""

    class Finger(showing.Bar):
        def __call__(self, done, total):
            raise KeyboardInterrupt

    monkeypatch.setattr("effleurage.simulate.cohorts.Bar", Finger)
    path = tmp_path / "runs.csv"
    more = ["--clients", "100000", "--measure", "ndi", "--weeks", "0,5", "--out", str(path)]
    monkeypatch.setattr("sys.argv", ["effleurage", *WORDS, *more])
    with pytest.raises(SystemExit) as left:
        cli.main()

    assert left.value.code == 130
    assert "Stopped after 65,536 of 100,000 clients; they are in" in capsys.readouterr().err
    assert len(path.read_text(encoding="utf-8").splitlines()) == 1 + 65_536 * 2 * 2
