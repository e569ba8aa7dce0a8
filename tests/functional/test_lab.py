"""`effleurage lab` as a process: what it listens to, whom it lets in, what it leaves alone, how it ends."""

import json
import os
import socket
from http.client import HTTPConnection
from urllib.parse import parse_qs, urlsplit

import pytest


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home whose Jupyter is set to let everybody in, and to show its own start page."""
    folder = tmp_path_factory.mktemp("user")
    (folder / ".jupyter").mkdir()
    settings = {"IdentityProvider": {"token": ""}, "ServerApp": {"ip": "0.0.0.0", "disable_check_xsrf": True}}  # noqa: S104 (must not win)
    (folder / ".jupyter" / "jupyter_server_config.json").write_text(json.dumps(settings))
    return folder


@pytest.fixture(scope="module")
def running(open_lab, home):
    """A lab that was opened by the owner of that home."""
    user = {"HOME": str(home), "USERPROFILE": str(home), "JUPYTER_TOKEN": "open", "JUPYTER_CONFIG_DIR": ""}
    return open_lab(**user)


@pytest.fixture
def ask(running):
    """Ask the server for a page, with the token or without; return status and body."""

    def ask(path: str, token: str | None = None) -> tuple[int, str]:
        connection = HTTPConnection(urlsplit(running.address).netloc, timeout=30)
        connection.request("GET", path, headers={"Authorization": f"token {token}"} if token else {})
        answer = connection.getresponse()
        found = answer.status, answer.read().decode()
        connection.close()
        return found

    return ask


@pytest.fixture
def token(running):
    """The token in the address that was printed."""
    return parse_qs(urlsplit(running.address).query)["token"][0]


def test_the_address_leads_to_the_start_page_of_this_machine(running, token):
    """The printed address opens the start page in the view of a single document, with a long token."""
    place = urlsplit(running.address)

    assert place.hostname == "127.0.0.1"
    assert place.path == "/doc/tree/start-here.ipynb"
    assert len(token) >= 32


@pytest.mark.parametrize("path", ["/api/contents/start-here.ipynb", "/api/kernels", "/api/status"])
def test_nobody_comes_in_without_the_token(ask, token, path):
    """Neither nothing nor the token of another setting opens the door."""
    assert ask(path)[0] == 403
    assert ask(path, "open")[0] == 403
    assert ask(path, token)[0] == 200


def test_only_this_machine_is_listened_to(running):
    """The server is deaf on every other address."""
    port = urlsplit(running.address).port
    with socket.socket() as other:
        other.settimeout(5)
        with pytest.raises(OSError, match=r"refused|unreachable|timed out|not available|not valid"):
            other.connect(("127.0.0.2", port))


def test_there_is_no_terminal_and_no_shell_of_extensions(ask, token):
    """Terminals cannot be opened, and nothing can be installed from the page."""
    assert ask("/api/terminals", token)[0] == 404
    page = ask("/doc/tree/start-here.ipynb", token)[1]
    settings = json.loads(
        page.split('id="jupyter-config-data" type="application/json">')[1].split("</script>")[0]
    )

    assert not settings.get("terminalsAvailable")
    assert settings["extensionManager"]["can_install"] is False
    assert settings["news"] == {"disabled": True}
    assert settings["buildCheck"] is False


def test_the_working_copy_is_what_is_seen(ask, token):
    """The page sees the notebooks of the copy and the folder for work, and not what is hidden."""
    listed = {item["name"] for item in json.loads(ask("/api/contents", token)[1])["content"]}

    assert {"start-here.ipynb", "my-work"} <= listed
    assert ".effleurage" not in listed


def test_a_second_start_opens_the_one_that_runs(running, open_lab):
    """The same copy is never served twice; the second start says where the first is, and ends."""
    second = open_lab(running.work, running.state)

    assert second.address == running.address
    assert second.process.wait(60) == 0
    assert running.process.poll() is None


def test_the_users_own_jupyter_is_left_alone(running, home):
    """Nothing is written into the home but what lies there already."""
    assert {path.relative_to(home).as_posix() for path in home.rglob("*")} == {
        ".jupyter",
        ".jupyter/jupyter_server_config.json",
    }


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent to one process alone on Windows")
def test_ctrl_c_closes_it_cleanly(open_lab):
    """One Ctrl-C ends the server with exit code 0, a sentence, and no note left behind."""
    lab = open_lab()
    code, said = lab.stop()

    assert code == 0
    assert said.endswith(f"Effleurage is closed. Your work is in {lab.work}.\n")
    assert not list((lab.state / "runtime").glob("jpserver-*"))


def test_a_note_left_by_a_crash_does_not_stop_the_next_start(open_lab):
    """After the server was killed, the next start makes a new one."""
    first = open_lab()
    first.process.kill()
    first.process.wait(60)
    second = open_lab(first.work, first.state)

    assert second.process.poll() is None
    assert second.address != first.address
