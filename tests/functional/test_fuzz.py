"""Whatever stands in a file, each reader gives a record or says in words what is wrong."""

import tempfile
from pathlib import Path

import pytest
from effleurage import checks, files, intake, knowledge, paths, protocol, records
from effleurage.errors import EffleurageError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

KNOWLEDGE = paths.datasets("knowledge")
GOOD = {
    ".yaml": [
        paths.protocols("neck-pain-chronic-60.yaml"),
        paths.datasets("cases", "office-neck.yaml"),
        KNOWLEDGE / "home-care.yaml",
        KNOWLEDGE / "readings.yaml",
        KNOWLEDGE / "rules" / "emergencies-and-mind.yaml",
    ],
    ".csv": [KNOWLEDGE / "rom-norms.csv", KNOWLEDGE / "muscles.csv"],
}
READERS = {
    "yaml": (files.read_yaml, ".yaml"),
    "csv": (files.read_csv, ".csv"),
    "json": (files.read_json, ".json"),
    "protocol": (protocol.load, ".yaml"),
    "case": (intake.load, ".yaml"),
    "record": (records.load, ".effleurage.json"),
    "knowledge": (knowledge.document, ".csv"),
}
MARKS = "[]{}:-,#&*!|>'\"%@`?<=\\ \n\t\r09azé\ufeff\x00\x85\u2028\ud7ff"
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

bits = st.one_of(
    st.binary(max_size=200),
    st.text(MARKS, max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
        lambda part: st.lists(part, max_size=4) | st.dictionaries(st.text(max_size=8), part, max_size=4),
        max_leaves=12,
    ).map(lambda data: repr(data).replace("'", '"').encode("utf-8", "surrogatepass")),
)


def read_or_refused(read, name, raw):
    """Read bytes as a file; a refusal must be a sentence that names the file and can be printed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(raw)
        try:
            result = read(path)
        except EffleurageError as error:
            result = error
        if isinstance(result, EffleurageError):
            assert all(name in problem.where for problem in result.problems)
        str(result).encode()
        assert [item.name for item in Path(folder).iterdir()] == [name]
    return result


@pytest.mark.parametrize("kind", READERS)
@QUICK
@given(raw=bits)
def test_any_bytes_are_read_or_refused(kind, raw):
    """No reader ever falls over."""
    read, suffix = READERS[kind]
    read_or_refused(read, f"mine{suffix}", raw)


@pytest.mark.parametrize("suffix", GOOD)
@settings(QUICK, max_examples=120)
@given(data=st.data())
def test_a_good_file_with_a_wound_is_read_or_refused(suffix, data):
    """Some bytes of a file that works are replaced: `effleurage check` reads it or names the problem."""
    whole = data.draw(st.sampled_from(GOOD[suffix])).read_bytes()[:2500]
    start = data.draw(st.integers(0, len(whole)))
    size = data.draw(st.integers(0, 30))
    wound = whole[:start] + data.draw(bits) + whole[start + size :]

    for problem in read_or_refused(checks.one, f"mine{suffix}", wound):
        assert f"mine{suffix}" in str(problem)


@QUICK
@given(
    value=st.one_of(
        st.floats(), st.integers(), st.text(max_size=20), st.none(), st.lists(st.text(max_size=5))
    )
)
@pytest.mark.parametrize(
    "kind", [kind for kind, (_, name) in knowledge.KINDS.items() if (KNOWLEDGE / name).exists()]
)
def test_any_value_in_any_field_of_an_entry_is_read_or_refused(kind, value):
    """Each field of a real entry is replaced in turn by something else."""
    entry = next(iter(knowledge.entries(kind).values()))
    for field in type(entry).model_fields:
        row = {**entry.model_dump(mode="json"), field: value}
        try:
            knowledge.read(kind, files.Document([row], "mine.yaml"))
        except EffleurageError as error:
            str(error).encode("utf-8", "surrogatepass")
