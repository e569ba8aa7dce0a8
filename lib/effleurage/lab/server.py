"""Opens JupyterLab on a working copy: this machine only, with a token, in settings of its own.

The server runs in this very process. Its settings, its data and what it notes about running servers lie in
the state folder of the suite, so that the user's own Jupyter is neither read nor touched.
"""

import json
import os
import secrets
import signal
import socket
import sys
import webbrowser
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from platformdirs import user_state_path

from effleurage import files, look
from effleurage.errors import FileError, UsageError
from effleurage.lab import manifest
from effleurage.lab.working import delivered, prepare
from effleurage.records.keeping import VARIABLE

HOST = "127.0.0.1"
FIRST_PAGE = "/doc/tree/start-here.ipynb"
HERE = Path(__file__).resolve().parent
STATE = "EFFLEURAGE_STATE"

FOREIGN = (
    "JUPYTERLAB_DIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
    "JUPYTER_CONFIG_PATH",
    "JUPYTER_NO_CONFIG",
    "JUPYTER_PATH",
    "JUPYTER_PORT",
    "JUPYTER_TOKEN",
)


def run(
    work: Path | None = None, port: int | None = None, browser: bool = True, token: str | None = None
) -> int:
    """Open JupyterLab on the working copy and stay until it is closed; return the exit code.

    When one is open on this working copy already, its page is opened instead of a second server.

    Args:
        work: The folder of the working copy (default ``~/Effleurage``).
        port: The port to listen on; the default takes the next free one.
        browser: Open the page in the browser of the machine.
        token: The secret in the address; the default makes a new one at each start.

    Raises:
        UsageError: The port is taken, or the folder is the suite's own.
        FileError: The working folder or the state folder cannot be written.
    """
    folder, state = prepare(work), state_folder()
    if address := running(folder, state):
        _say(f"JupyterLab is open on {folder} already. Its page:\n\n    {address}\n")
        return _show(address, browser)
    if port is not None:
        _must_be_free(port)
    _settle(state)
    _surround(folder, state)
    server = _server(folder, port, browser, token or secrets.token_hex(24))
    address = f"http://{HOST}:{server.port}{FIRST_PAGE}?token={server.identity_provider.token}"
    server.io_loop.add_callback(_say, _greeting(folder, address))
    signal.signal(signal.SIGINT, lambda *_: server.stop(from_signal=True))
    server.start()
    _say(f"Effleurage is closed. Your work is in {folder}.")
    return 0


def _greeting(folder: Path, address: str) -> str:
    """Say where the page is and how to leave."""
    return (
        "Effleurage opens in your browser. If no page appears, copy this address into it:\n\n"
        f"    {address}\n\n"
        f"Your working copy: {folder}\n"
        "Keep this window open. To close: press Ctrl-C here, or choose File, Shut Down in the page.\n"
    )


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _show(address: str, browser: bool) -> int:
    if browser:
        webbrowser.open(address)
    return 0


def _must_be_free(port: int) -> None:
    """Refuse a port that another programme listens on, or that cannot be had."""
    try:
        with socket.socket() as probe:
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or "no such port"
        do = "leave --port out to take the next free one"
        raise UsageError("--port", f"port {port} cannot be used ({why})", "1024 to 65535", do) from None


def _free_port() -> int:
    """Ask the system for a port: two starts at once that count up from a fixed one meet on the same."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def state_folder() -> Path:
    """Return the folder for settings and notes of the server; ``EFFLEURAGE_STATE`` names another."""
    named = os.environ.get(STATE)
    return Path(named).absolute() if named else user_state_path("effleurage", appauthor=False)


def running(folder: Path, state: Path) -> str | None:
    """Return the address of a server that is open on this working copy, or None."""
    for note in _notes(state):
        if Path(note.get("root_dir", "")) == folder and _answers(note):
            return f"{note['url'].rstrip('/')}{FIRST_PAGE}?token={quote(note['token'])}"
    return None


def _notes(state: Path) -> Iterator[dict[str, Any]]:
    """Yield what the servers of this user noted about themselves."""
    for path in sorted((state / "runtime").glob("jpserver-*.json")):
        try:
            note = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(note, dict) and {"url", "token", "root_dir"} <= set(note):
            yield note


def _answers(note: dict[str, Any]) -> bool:
    """Ask a server whether it is alive; a note can outlive its server."""
    place = urlsplit(note["url"])
    connection = HTTPConnection(place.hostname or HOST, place.port or 80, timeout=2)
    try:
        connection.request("GET", "/api/status", headers={"Authorization": f"token {note['token']}"})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _settle(state: Path) -> None:
    """Bring the server's settings into its own folder; what the user set in JupyterLab's menus stays."""
    config = state / "config"
    page = _setting("labconfig/page_config.json")
    pages = json.loads(page) | {
        "effleuragePages": sorted(filter(None, map(manifest.sources, delivered().values())))
    }
    for name in ("jupyter_server_config.json", "labconfig/default_setting_overrides.json"):
        _write_if_new(config / name, _setting(name))
    _write_if_new(config / "labconfig" / "page_config.json", json.dumps(pages, indent=2))
    _write_if_new(config / "custom" / "custom.css", f"{look.variables()}\n{_setting('custom/custom.css')}")


def _setting(name: str) -> str:
    return (HERE / "config" / name).read_text(encoding="utf-8")


def _write_if_new(path: Path, text: str) -> None:
    """Write a settings file unless it stands there already."""
    try:
        if path.is_file() and path.read_bytes() == text.encode():
            return
        files.write_text(path, text, keep=False)
    except (OSError, FileError) as error:
        do = f"give yourself the right to write there, or set {STATE} to a folder of your own"
        where, found = str(path.parent), "JupyterLab's settings cannot be written there"
        raise FileError(where, found, "a folder of your own", do) from error


def _surround(folder: Path, state: Path) -> None:
    """Set the environment that the server and the kernels are started in."""
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ |= {
        VARIABLE: str(folder),
        "IPYTHONDIR": str(state / "ipython"),
        "JUPYTER_CONFIG_DIR": str(state / "config"),
        "JUPYTER_DATA_DIR": str(state / "data"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTER_RUNTIME_DIR": str(state / "runtime"),
    }


def _server(folder: Path, port: int | None, browser: bool, token: str) -> Any:
    """Make the server, ready to be started."""
    # A checker of addresses that nobody uses here builds a grammar for a second on import; without it,
    # jsonschema leaves one format out.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from jupyterlab.labapp import LabApp  # it reads the environment when it is imported

    words = {
        "ServerApp.ip": HOST,
        "ServerApp.port": port or _free_port(),
        "ServerApp.root_dir": folder,
        "ServerApp.open_browser": browser,
        "IdentityProvider.token": token,
        "LabApp.default_url": FIRST_PAGE,
        "LabApp.extra_labextensions_path": HERE / "labextensions",
    }
    if port is not None:
        words["ServerApp.port_retries"] = 0
    return LabApp.initialize_server(argv=[f"--{name}={value}" for name, value in words.items()])
