"""The pages people open: what stands at the head of each notebook, and the index made from it.

A page carries its front matter in the notebook's metadata under ``effleurage``: id, title, kind, objectives,
minutes, tags, and for a timed page its sections, whose minutes add up.

>>> index()[0].front.title
'Start here'
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from effleurage import files, paths
from effleurage.errors import DataError, EffleurageError, Problem, Refused, nearest

Kind = Literal["start", "lesson", "workbench", "workshop", "report"]
KINDS: tuple[Kind, ...] = ("start", "lesson", "workbench", "workshop", "report")

ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LONGEST_MINUTES = 480

TAGS: dict[str, tuple[str, ...]] = {
    # Areas of the licensing exam, outline of seven areas; secondary sources, to be looked at again once.
    "mblex": tuple(f"MBLEx-{area}" for area in range(1, 8)),
    # Topics of the Entry-Level Analysis Project that we hold; the others are one word until we hold them.
    "elap": (
        "benefits-and-effects",
        "cautions-and-contraindications",
        "disease-transmission",
        "equipment",
        "history",
        "laws",
        "other-subjects",
        "personal-health",
        "research-literacy",
    ),
    # The six competencies of COMTA.
    "comta": tuple(f"COMTA-{competency}" for competency in range(1, 7)),
    # The areas that the Ontario exam page names; the grouping of 2016 is not confirmed.
    "fomtrac": ("assessment", "clinical-science", "professional-practice", "treatment"),
}


def _known_tags(tags: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Refuse a frame or a code that does not exist."""
    for frame, codes in tags.items():
        _known("frame", frame, tuple(TAGS))
        for code in codes:
            _known(f"{frame} tag", code, TAGS[frame])
    return tags


def _known(what: str, word: str, words: tuple[str, ...]) -> None:
    """Refuse a word that is not on its list, with the nearest one."""
    if word not in words:
        close = nearest(word, words)
        do = f"write '{close}' if that is what you mean" if close else "choose one of these"
        raise Refused(f"the {what} '{word}' is not known", ", ".join(words), do)


class Section(BaseModel):
    """A timed part of a page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=1, max_length=120)
    minutes: int = Field(ge=1, le=LONGEST_MINUTES)


class FrontMatter(BaseModel):
    """What stands at the head of a page.

    >>> FrontMatter(id="start-here", title="Start here", kind="start", objectives=["Check the machine"],
    ...             minutes=5, tags={}).kind
    'start'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=ID)
    title: str = Field(min_length=1, max_length=120)
    kind: Kind
    objectives: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = Field(min_length=1)
    minutes: int = Field(ge=1, le=LONGEST_MINUTES, description="for one reader, all sections together")
    tags: Annotated[dict[str, tuple[str, ...]], AfterValidator(_known_tags)]
    order: int = Field(default=100, ge=1, description="place among the pages of its kind")
    sections: tuple[Section, ...] = ()

    @model_validator(mode="after")
    def _adds_up(self) -> "FrontMatter":
        """Refuse sections whose minutes do not add up, and a lesson without an exam area."""
        total = sum(section.minutes for section in self.sections)
        if self.sections and total != self.minutes:
            found = f"the sections take {total} minutes, the page says {self.minutes}"
            raise Refused(found, "section minutes that add up", f"write minutes: {total}, or mend a section")
        if self.kind in ("lesson", "workshop") and not self.tags.get("mblex"):
            raise Refused(f"a {self.kind} has no 'mblex' tag", ", ".join(TAGS["mblex"]), "name its exam area")
        return self


class Page(BaseModel):
    """A notebook and what stands at its head."""

    model_config = ConfigDict(frozen=True)

    path: Path
    front: FrontMatter


def front_matter(path: Path) -> FrontMatter:
    """Read the front matter of a notebook.

    Raises:
        FileError: The file is missing, unreadable or too large.
        DataError: It is no notebook, has no front matter, or the front matter has mistakes (all are named).

    >>> front_matter(paths.notebooks("start-here.ipynb")).id
    'start-here'
    """
    document = files.read_json(path)
    if not _has_front_matter(document.data):
        do = "take a fresh copy of a page, or fill in the notebook's metadata under 'effleurage'"
        raise DataError(document.name, "it has no front matter", "id, title, kind, objectives, …", do)
    return files.build(FrontMatter, document.part("metadata", "effleurage"))


def _has_front_matter(data: Any) -> bool:
    """Tell whether a parsed file is a notebook with front matter."""
    metadata = data.get("metadata") if isinstance(data, dict) else None
    return isinstance(metadata, dict) and isinstance(metadata.get("effleurage"), dict)


def notebooks(folder: Path | None = None) -> Iterator[Path]:
    """Yield all notebooks under a folder (default: those of the suite), hidden folders left out."""
    home = folder or paths.notebooks()
    for path in sorted(home.rglob("*.ipynb")):
        if not any(part.startswith(".") for part in path.relative_to(home).parts):
            yield path


def index(folder: Path | None = None) -> tuple[Page, ...]:
    """Return the pages of a folder (default: those of the suite), by kind, then in their order.

    Raises:
        DataError: A page has no or wrong front matter, or two pages share an id; all are named.

    >>> [page.front.kind for page in index()] == sorted((p.front.kind for p in index()), key=KINDS.index)
    True
    """
    pages, problems = [], []
    for path in notebooks(folder):
        try:
            pages.append(Page(path=path, front=front_matter(path)))
        except EffleurageError as error:
            problems.extend(error.problems)
    problems.extend(_twice(pages))
    if problems:
        raise DataError.of(problems)
    return tuple(sorted(pages, key=lambda page: rank(page.front, page.path.as_posix())))


def rank(front: FrontMatter, place: str) -> tuple[int, int, str]:
    """Return what pages are sorted by: kind, order, place."""
    return KINDS.index(front.kind), front.order, place


def _twice(pages: list[Page]) -> Iterator[Problem]:
    """Name pages that share an id with an earlier one."""
    seen: dict[str, Path] = {}
    for page in pages:
        first = seen.setdefault(page.front.id, page.path)
        if first != page.path:
            found = f"the id '{page.front.id}' is that of '{first.name}' too"
            yield Problem(paths.shown(page.path), found, "an id of its own", "choose another id")
