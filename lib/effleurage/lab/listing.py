"""What lies in a working copy, and in which state each page is, in words."""

from dataclasses import dataclass
from pathlib import Path

from effleurage import lessons, paths
from effleurage.errors import EffleurageError
from effleurage.lab import manifest
from effleurage.lab.manifest import Entry, Manifest
from effleurage.lab.working import content, delivered

WORDS = {
    "delivered": "as delivered",
    "changed": "changed by you",
    "beside": "changed by you; a newer version lies beside it",
    "newer": "a newer version is ready",
    "missing": "not here yet; bringing up to date puts it back",
    "unreadable": "it cannot be read; starting again keeps it and puts a fresh page in its place",
    "own": "your own page",
}


@dataclass(frozen=True)
class PageState:
    """A page of a working copy: where it is, what stands at its head, in which state it is, dated copies."""

    path: str
    front: lessons.FrontMatter
    state: str
    copies: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The state in words."""
        return WORDS[self.state]


def pages(work: Path) -> tuple[PageState, ...]:
    """Return the pages found in a working copy with their state, by kind, then in their order.

    The list is made from the front matter of the pages that are there; a page that cannot be read is listed
    by what the suite knows of it.
    """
    known, fresh = manifest.read(work), delivered()
    found = [_state(work, name, known, fresh) for name in _names(work, fresh)]
    return tuple(
        sorted((page for page in found if page), key=lambda page: lessons.rank(page.front, page.path))
    )


def _names(work: Path, fresh: dict[str, bytes]) -> set[str]:
    """Name the pages in the copy and in the folders right below it, dated copies left out."""
    there = {path for way in ("*.ipynb", "*/*.ipynb") for path in work.glob(way) if not _is_dated(path)}
    names = (path.relative_to(work) for path in there)
    return {name.as_posix() for name in names if not name.as_posix().startswith(".")} | set(fresh)


def _is_dated(path: Path) -> bool:
    """Tell whether a page is a dated copy of another.

    >>> _is_dated(Path("lesson (new 2026-11-23).ipynb")), _is_dated(Path("lesson (mine).ipynb"))
    (True, False)
    """
    stem, _, rest = path.stem.rpartition(" (")
    return bool(stem) and rest.split(" ")[0] in ("new", "kept")


def _state(work: Path, name: str, known: Manifest, fresh: dict[str, bytes]) -> PageState | None:
    """Say in which state a page is; None for a notebook that is no page."""
    page = work / name
    front = _front(page) or (_front(paths.notebooks(name)) if name in fresh else None)
    if front is None:
        return None
    copies = sorted(copy.name for copy in page.parent.glob("*.ipynb") if _belongs(copy, page))
    return PageState(name, front, _state_word(page, known.pages.get(name), fresh.get(name)), tuple(copies))


def _belongs(copy: Path, page: Path) -> bool:
    return _is_dated(copy) and copy.stem.rpartition(" (")[0] == page.stem


def _front(page: Path) -> lessons.FrontMatter | None:
    try:
        return lessons.front_matter(page)
    except EffleurageError:
        return None


def _state_word(page: Path, known: Entry | None, fresh: bytes | None) -> str:
    """Choose the word for the state of a page."""
    mine = content(page)
    if fresh is None:
        return "own"
    if mine is None:
        return "missing"
    written, new = manifest.sources(mine), Entry.of(fresh)
    if written is None:
        return "unreadable"
    if written not in (known.sources if known else "", new.sources):
        return "beside" if known and known.beside and page.with_name(known.beside).exists() else "changed"
    return "delivered" if known is None or known.file == new.file else "newer"
