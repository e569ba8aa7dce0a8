"""Where the data of the suite lie: beside the library in a checkout, inside the package when installed.

>>> datasets("knowledge").is_dir()
True
"""

from functools import cache
from pathlib import Path

from effleurage.errors import FileError

PACKAGE = Path(__file__).resolve().parent


@cache
def root() -> Path:
    """Return the folder that holds ``datasets/``, ``protocols/`` and ``notebooks/``."""
    candidates = (PACKAGE.parent.parent, PACKAGE / "_data")
    for folder in candidates:
        if (folder / "datasets" / "knowledge").is_dir():
            return folder
    raise FileError(
        str(candidates[0]),
        "the folder 'datasets/knowledge' is missing",
        "a complete checkout or an installed package",
        "get the suite again, or run 'python3 start.py setup' in its folder",
    )


def is_checkout() -> bool:
    """Tell whether the data lie in a checkout (and can be edited) rather than in an installed package."""
    return root() != PACKAGE / "_data"


def datasets(*parts: str) -> Path:
    """Return a place under ``datasets/``."""
    return root().joinpath("datasets", *parts)


def protocols(*parts: str) -> Path:
    """Return a place under ``protocols/``."""
    return root().joinpath("protocols", *parts)


def notebooks(*parts: str) -> Path:
    """Return a place under ``notebooks/``."""
    return root().joinpath("notebooks", *parts)


def named(folder: Path, name: str | Path, suffix: str = ".yaml") -> Path:
    """Return the file that ``name`` means: an id in ``folder``, or a path of the user's own.

    An id never becomes a path outside its folder: a word with a slash, a dot or a suffix is a path.

    >>> named(protocols(), "neck-pain-chronic-60").name
    'neck-pain-chronic-60.yaml'
    >>> named(protocols(), "mine/neck.yaml").as_posix()
    'mine/neck.yaml'
    """
    text = str(name)
    if isinstance(name, Path) or any(mark in text for mark in "/\\."):
        return Path(text).expanduser()
    return folder / f"{text}{suffix}"


def shown(path: Path) -> str:
    """Return a path as it is shown in messages: short when it lies in the suite, whole otherwise."""
    try:
        return path.resolve().relative_to(root()).as_posix()
    except (ValueError, OSError, FileError):
        return str(path)
