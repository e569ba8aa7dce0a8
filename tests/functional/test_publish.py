"""The knowledge as pages: everything is on them, nothing reaches out, text is text."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from effleurage import knowledge, look, publish
from effleurage.authoring.fields import points_at
from effleurage.cli import app
from effleurage.publish import showing
from typer.testing import CliRunner

NAMES = ("knowledge", "glossary", "sources-disagree")


class Page(HTMLParser):
    """Tags, texts and places of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts, self.open = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Keep each tag with its attributes."""
        self.tags.append((tag, dict(attrs)))
        self.open += [tag] if tag not in {"meta", "input", "br", "link"} else []

    def handle_endtag(self, tag):
        """Every tag closes the one that was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data):
        """Keep what is read, without style and script."""
        if self.open and self.open[-1] not in ("style", "script"):
            self.texts.append(" ".join(data.split()))

    def of(self, tag):
        """The attributes of each such tag."""
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The three pages: name to text."""
    folder = tmp_path_factory.mktemp("pages")
    return {path.stem: path.read_text(encoding="utf-8") for path in publish.knowledge_pages(folder)}


@pytest.fixture(scope="module")
def read(made):
    """The three pages: name to parsed page."""
    return {name: Page(text) for name, text in made.items()}


def test_every_entry_of_every_kind_is_on_the_page(read):
    """With its standing; 1,000 entries and more."""
    articles = {attrs["id"]: attrs["data-standing"] for attrs in read["knowledge"].of("article")}
    expected = {
        f"{kind}-{key}": entry.standing
        for kind in knowledge.KINDS
        for key, entry in knowledge.entries(kind).items()
    }

    assert articles == expected
    assert len(articles) > 1000


@pytest.mark.parametrize("kind", knowledge.KINDS)
def test_every_field_of_an_entry_is_shown(kind):
    """Whatever a record says is said on the page: texts, numbers, lists and records inside."""

    def texts(value):
        if isinstance(value, str | float | int):
            return [str(value)]
        return [text for part in value for text in texts(part)]

    for entry in knowledge.entries(kind).values():
        shown = " ".join(texts(showing.item(kind, entry)))
        for name, value in entry.model_dump().items():
            values = [value] if isinstance(value, str) else value if isinstance(value, tuple) else []
            if name != "id" and not points_at(type(entry), name):
                assert all(text in shown for text in values if isinstance(text, str)), f"{entry.id}: {name}"
        assert all(knowledge.get("source", word).name in shown for word in getattr(entry, "sources", ()))


@pytest.mark.parametrize("name", NAMES)
def test_a_page_stands_alone(name, made, read):
    """No network, no other file: links lead to places on the three pages, and each place is there."""
    page = read[name]
    places = {other: {attrs["id"] for _, attrs in read[other].tags if "id" in attrs} for other in NAMES}
    for attrs in page.of("a"):
        target, _, place = attrs["href"].partition("#")
        assert target.removesuffix(".html") in ("", *NAMES)
        assert not place or place in places[target.removesuffix(".html") or name], attrs["href"]
    assert {tag for tag, _ in page.tags}.isdisjoint({"link", "img", "iframe", "object", "base"})
    assert all(
        "src" not in attrs and not any(key.startswith("on") for key in attrs) for _, attrs in page.tags
    )
    assert not re.search(r"url\(|@import|fetch\(|XMLHttp|import\(", made[name])


@pytest.mark.parametrize("name", NAMES)
def test_a_page_can_be_read_by_everybody(name, made, read):
    """Language, one main heading, no level left out, landmarks, labels, a way past the menu, ids once."""
    page = read[name]
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]

    assert page.of("html") == [{"lang": "en"}]
    assert levels.count(1) == 1
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))
    assert {"header", "nav", "main", "footer"} <= {tag for tag, _ in page.tags}
    assert len(ids) == len(set(ids))
    assert {"words", "standing"} == {attrs["for"] for attrs in page.of("label")}
    assert page.of("a")[0] == {"class": "skip", "href": "#content"}
    assert all(attrs.get("aria-label") or tag != "nav" for tag, attrs in page.tags)
    assert "prefers-color-scheme: dark" in made[name]
    assert all(colour in made[name] for colour in (look.LIGHT["accent"], look.DARK["accent"]))


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_whole_without_its_script(name, read):
    """The search is only shown by the script; nothing else waits for it."""
    assert [tag for tag, attrs in read[name].tags if "hidden" in attrs] == ["form"]


@pytest.mark.parametrize("standing", look.STANDING)
def test_a_standing_is_a_mark_and_a_word(standing, made):
    """Never a mark alone: the word stands beside it for eyes and for ears."""
    words = {"verified": "verified", "secondary": "secondary source", "editorial": "teaching default"}
    word = words.get(standing, "sources disagree")
    marks = re.findall(rf'<span class="standing {standing}".*?</span></span>', made["knowledge"])

    assert marks
    assert all(f'aria-hidden="true">{look.STANDING[standing]}</span>' in mark for mark in marks)
    assert all(f'class="word">{word}<' in mark for mark in marks)


def test_text_of_an_entry_is_never_markup(monkeypatch, tmp_path):
    """Whatever got into an entry is shown as it is typed."""
    rule = knowledge.get("rule", "fever")
    bad = rule.model_copy(
        update={"name": "<script>alert(1)</script>", "do": '"><img src=x onerror=alert(1)>'}
    )
    real = knowledge.entries

    def entries(kind):
        return {**real(kind), "fever": bad} if kind == "rule" else real(kind)

    monkeypatch.setattr(knowledge, "entries", entries)
    path = publish.knowledge_pages(tmp_path)[0]
    text = path.read_text(encoding="utf-8")

    assert "<script>alert" not in text
    assert "<img" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert path.stat().st_mode & 0o044 == 0o044


def test_the_glossary_leads_to_entries_in_the_order_of_the_alphabet():
    """Words with what they mean; a claim that was found wrong is no meaning."""
    terms = publish.glossary()
    names = [term.name.lower() for term in terms]

    assert len(terms) > 200
    assert names == sorted(names)
    assert all(term.meaning for term in terms)
    assert {"Petrissage", "Walton level", "Standing"} <= {term.name for term in terms}
    assert "effect" not in {term.kind for term in terms}


def test_ten_topics_and_more_on_which_sources_disagree(read):
    """Each with two positions or more, each position with its sources, and with what governs."""
    topics = publish.disagreements()

    assert len(topics) >= 10
    assert len(read["sources-disagree"].of("article")) == len(topics)
    for topic in topics:
        assert len(topic.item.positions) >= 2, topic.item.name
        assert all(says and sources for says, sources in topic.item.positions)
        assert topic.governs, topic.item.name
    conflicts = [
        f"{kind}-{entry.id}"
        for kind in knowledge.KINDS
        for entry in knowledge.entries(kind).values()
        if entry.standing == "conflict"
    ]
    assert set(conflicts) <= {topic.item.anchor for topic in topics}


def test_the_command_writes_three_pages(tmp_path):
    """`effleurage publish knowledge --out`."""
    done = CliRunner().invoke(app, ["publish", "knowledge", "--out", str(tmp_path / "new")])

    assert done.exit_code == 0
    assert {path.name for path in (tmp_path / "new").iterdir()} == {f"{name}.html" for name in NAMES}
