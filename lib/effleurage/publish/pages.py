"""The three pages of the knowledge, each one file: no network, no other script, fit for paper."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined

from effleurage import files, knowledge, look
from effleurage.authoring import meaning
from effleurage.knowledge import Entry, Measure, Muscle, Record, Rule
from effleurage.protocol import Step
from effleurage.publish.showing import HEAD, Item, Link, Shown, fields, item, link
from effleurage.safety.screen import KIND_NAMES
from effleurage.safety.words import SIGNS, STANDINGS

TITLES = {
    "rule": "Contraindications and red flags",
    "condition": "Conditions",
    "technique": "Techniques",
    "region": "Regions",
    "muscle": "Muscles",
    "site": "Endangerment sites",
    "measure": "Outcome measures",
    "rom-norm": "Range of motion",
    "effect": "What massage is said to do",
    "healing-stage": "Healing stages",
    "practice": "Notes, case reports and billing",
    "home-care": "Home care",
    "fact": "What the intake asks",
    "reading": "What the intake measures",
    "medicine": "Medicines and their classes",
    "wording": "Words a plan avoids or speaks",
    "stage-word": "What words of a stage mean for a step",
    "source": "Sources",
}
TERMS = {
    "Walton level": (Step, "pressure"),
    "Standing": (Entry, "standing"),
    "Red flag": (Rule, "red_flag"),
    "Finding": (Rule, "kind"),
    "Minimal detectable change (MDC)": (Measure, "mdc"),
    "Minimal clinically important difference (MCID)": (Measure, "mcid"),
    "Referral pattern": (Muscle, "referral"),
}
DEFINED = {
    "technique": "definition",
    "region": "where",
    "muscle": "actions",
    "site": "structures",
    "measure": "domain",
    "healing-stage": "happens",
    "practice": "says",
    "home-care": "how",
    "condition": "evidence",
    "medicine": "fact",
}
GOVERNS = {
    "rule": ("kind", "max_pressure", "max_minutes", "avoid_techniques", "do"),
    "muscle": ("origin", "insertion", "actions"),
    "healing-stage": ("lasts",),
    "practice": ("about",),
    "rom-norm": ("degrees", "reference"),
    "technique": ("evidence",),
    "condition": ("evidence",),
    "effect": ("found", "say"),
}


class Section(NamedTuple):
    """All entries of a kind."""

    kind: str
    title: str
    items: tuple[Item, ...]


class Term(NamedTuple):
    """One word of the glossary."""

    name: str
    also: tuple[str, ...]
    meaning: str
    kind: str
    standing: str
    way: Link | None

    @property
    def letter(self) -> str:
        """Return the letter it stands under."""
        return self.name[0].upper()


class Disagreement(NamedTuple):
    """A topic on which sources disagree: what each says, and what governs here."""

    title: str
    item: Item
    governs: tuple[Shown, ...]


def sections() -> tuple[Section, ...]:
    """Return every entry of every kind.

    >>> [section.title for section in sections()][0]
    'Contraindications and red flags'
    """
    order = [*(kind for kind in TITLES if kind in knowledge.KINDS), *knowledge.KINDS]
    return tuple(
        Section(kind, _title(kind), tuple(item(kind, entry) for entry in knowledge.entries(kind).values()))
        for kind in dict.fromkeys(order)
    )


def _title(kind: str) -> str:
    return TITLES.get(kind, f"{kind.replace('-', ' ').capitalize()}s")


def glossary() -> tuple[Term, ...]:
    """Return the words of the field in the order of the alphabet, each with its entry."""
    own = (Term(name, (), meaning(*place), "", "", None) for name, place in TERMS.items())
    return tuple(sorted((*own, *_terms()), key=lambda term: term.name.lower()))


def _terms() -> Iterator[Term]:
    for kind, field in DEFINED.items():
        for entry in knowledge.entries(kind).values():
            said = _defined(kind, entry, field)
            word, way = kind.replace("-", " "), link(kind, entry.id)
            yield Term(entry.name, entry.aliases, said, word, entry.standing, way)


def _defined(kind: str, entry: Record, field: str) -> str:
    """Say in a sentence or two what an entry is."""
    value = getattr(entry, field)
    if kind == "medicine":
        return f"A medicine of the class: {knowledge.get('fact', value).name.lower()}."
    if kind == "condition":
        stages = "; ".join(f"{stage.name.lower()}: {stage.lasts}" for stage in entry.stages)
        return f"Stages: {stages}. Aims: {'; '.join(entry.aims).lower()}."
    return value


def disagreements() -> tuple[Disagreement, ...]:
    """Return every topic on which sources disagree.

    >>> len(disagreements()) >= 10
    True
    """
    return tuple(
        Disagreement(_title(kind), item(kind, entry), _governs(kind, entry))
        for kind in dict.fromkeys((*TITLES, *knowledge.KINDS))
        for entry in knowledge.entries(kind).values()
        if getattr(entry, "positions", ())
    )


def _governs(kind: str, entry: Entry) -> tuple[Shown, ...]:
    """Return the fields in which the strictest position stands: those in conflict, or those that decide."""
    disputed = {name for name, standing in entry.standing_of.items() if standing == "conflict"}
    shown = disputed or set(GOVERNS.get(kind, ())) or set(type(entry).model_fields) - HEAD
    return tuple(fields(entry, set(type(entry).model_fields) - shown))


def knowledge_pages(out: str | Path) -> tuple[Path, ...]:
    """Write the page of everything that is known, the glossary, and the page of what sources disagree on.

    Args:
        out: the folder for the three files.

    Raises:
        FileError: the folder cannot be written.
    """
    given: dict[str, dict[str, Any]] = {
        "knowledge": {"sections": sections()},
        "glossary": {"terms": glossary()},
        "sources-disagree": {"topics": disagreements()},
    }
    place = _templates()
    texts = {name: place.get_template(f"{name}.html").render(values) for name, values in given.items()}
    return tuple(_published(Path(out) / f"{name}.html", text) for name, text in texts.items())


def _published(path: Path, text: str) -> Path:
    """Write a page that everybody may read."""
    files.write_text(path, text, keep=False).chmod(0o644)
    return path


def _templates() -> Environment:
    """Return the templates; every value is escaped where it is shown, our own style and script are not."""
    place = Environment(
        loader=PackageLoader("effleurage.publish", "static"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    place.globals |= {
        "marks": look.STANDING,
        "words": {name: said.split(" ", 1)[1] for name, said in STANDINGS.items()},
        "signs": SIGNS,
        "kinds": KIND_NAMES,
        "style": _style(place),
        "script": _source(place, "search.js"),
    }
    return place


def _style(place: Environment) -> str:
    """Return the style sheet: the tokens of the look, then the rules of these pages."""
    paper = " ".join(f"--ef-{name}: {colour};" for name, colour in look.PRINT.items())
    printed = f"@media print {{ body, body:not([data-jp-theme-light]) {{ {paper} }} }}"
    return "\n".join((look.variables(), _source(place, "page.css"), printed))


def _source(place: Environment, name: str) -> str:
    return place.loader.get_source(place, name)[0]
