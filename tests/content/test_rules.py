"""Every rule in both directions, on clients written by hand in rules.yaml."""

import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from effleurage import files, intake, knowledge, protocol, safety
from effleurage.safety import Screen

VISIT = date(2026, 3, 2)
SAMPLES = files.read_yaml(Path(__file__).with_name("rules.yaml")).data
BRANCHES = files.read_yaml(Path(__file__).with_name("rules-branches.yaml")).data
RULES = knowledge.entries("rule")
PLACED = re.compile(r"(?P<fact>[a-z-]+)( (?P<days>\d+)d)?( @(?P<region>[a-z-]+)( (?P<side>[a-z]+))?)?")
LIGHT = ["petrissage neck-posterior both 2", "effleurage upper-back both 2"]


def fact(words: str) -> dict:
    """Read "surgery 84d @abdomen" as a fact with its date and place."""
    found = PLACED.fullmatch(words)
    assert found, words
    noted = {"fact": found["fact"], "region": found["region"], "side": found["side"]}
    if found["days"]:
        noted["on"] = VISIT - timedelta(days=int(found["days"]))
    return {name: value for name, value in noted.items() if value is not None}


def step(words: str) -> dict:
    """Read "petrissage neck-anterior left 2" as a step."""
    technique, region, side, pressure = words.split()
    found = {"technique": technique, "region": region, "side": side, "minutes": 5, "purpose": "test"}
    return found if pressure == "-" else {**found, "pressure": int(pressure)}


def client(sample: dict, not_known: tuple[str, ...] = ()) -> intake.Client:
    """A healthy person of 35 who answered everything, with what the sample adds."""
    noted = [fact(words) for words in sample.get("facts", ())]
    return intake.Client(
        id="sample",
        name="Sample",
        fictional=True,
        story="A healthy person.",
        visit=VISIT,
        age_years=sample.get("age", 35),
        sex="not said",
        occupation="clerk",
        complaint={
            "condition": "neck-pain-chronic",
            "stage": "chronic",
            "words": "stiff",
            "places": [{"region": "neck-posterior"}],
            "weeks": 20,
        },
        sections_answered=intake.sections(),
        facts=[item for item in noted if item["fact"] not in not_known],
        medicines=[
            {"medicine": word}
            for word in sample.get("medicines", ())
            if knowledge.get("medicine", word).fact not in not_known
        ],
        readings={} if not_known else sample.get("readings", {}),
        not_known=not_known,
        pressure_wished=sample.get("wish"),
    )


@cache
def design(*steps: str) -> protocol.Protocol:
    """A session of these steps."""
    session = {"minutes": 60, "steps": [step(words) for words in steps]}
    phase = {"name": "treat", "weeks": 1, "sessions_per_week": 1, "session": session}
    return protocol.Protocol.model_validate(
        {
            "id": "sample",
            "name": "Sample",
            "condition": "neck-pain-chronic",
            "stage": "chronic",
            "phases": [phase],
        }
    )


def screen(sample: dict, not_known: tuple[str, ...] = ()) -> Screen:
    """Screen the client of a sample for a light session on neck and upper back with what the sample adds."""
    steps = sample.get("only") or (*LIGHT, *sample.get("steps", ()))
    return safety.check(design(*steps), client(sample, not_known))


def found(sample: dict) -> set[str]:
    """The rules that apply to a sample."""
    return {item.rule for item in screen(sample).findings}


def asked_by_default(sample: dict) -> list[str]:
    """The facts of a sample, its medicines as their classes."""
    classes = [knowledge.get("medicine", word).fact for word in sample.get("medicines", ())]
    return [fact(words)["fact"] for words in sample.get("facts", ())] + classes


def branches(name: str) -> list:
    """List the further samples of all rules as (rule, sample); a single word is a single fact."""
    return [
        pytest.param(rule, {"facts": [sample]} if isinstance(sample, str) else sample, id=f"{rule}: {sample}")
        for rule, given in BRANCHES.items()
        for sample in given.get(name, ())
    ]


def test_the_base_client_is_clear():
    """Without an addition no rule applies and nothing is left to ask."""
    assert screen({}).clear


def test_every_rule_has_a_sample_and_every_sample_a_rule():
    """No rule goes untested, and no sample speaks of a rule that is gone."""
    assert set(SAMPLES) == set(RULES)


@pytest.mark.parametrize("rule", SAMPLES)
def test_rule_applies(rule: str):
    """The client who should trigger the rule does, with the right kind and level, and without surprise."""
    sample = SAMPLES[rule]
    findings = {item.rule: item for item in screen(sample["yes"]).findings}

    assert set(findings) == {rule, *sample.get("also", ())}
    assert (findings[rule].kind, findings[rule].max_pressure) == (sample["kind"], sample["cap"])
    assert findings[rule].because
    assert findings[rule].locks == (sample["kind"] in ("stop", "avoid-site"))


@pytest.mark.parametrize("rule", SAMPLES)
def test_neighbour_does_not_trigger(rule: str):
    """The near neighbour does not trigger the rule; what else applies to them is known."""
    sample = SAMPLES[rule]
    asked = {item.rule for item in screen(sample["no"]).asks}

    assert found(sample["no"]) == set(sample.get("no_also", ()))
    assert rule not in asked


@pytest.mark.parametrize("rule", [rule for rule, sample in SAMPLES.items() if sample.get("ask") != []])
def test_unanswered_shows_as_ask(rule: str):
    """Where nobody answered, the rule stands among the asks with a question, never as clear."""
    sample = SAMPLES[rule]
    open_facts = tuple(dict.fromkeys(sample.get("ask", asked_by_default(sample["yes"]))))
    result = screen(sample["yes"], open_facts)
    asks = {item.rule: item for item in result.asks}

    assert rule in asks, sorted(asks)
    assert asks[rule].questions
    assert rule not in {item.rule for item in result.findings}


@pytest.mark.parametrize("rule", [rule for rule, sample in SAMPLES.items() if sample["kind"] == "stop"])
def test_an_unanswered_stop_blocks(rule: str):
    """An open question that could stop the session is among what blocks a plan."""
    sample = SAMPLES[rule]
    open_facts = tuple(dict.fromkeys(sample.get("ask", asked_by_default(sample["yes"]))))

    assert rule in {item.rule for item in screen(sample["yes"], open_facts).blocking}


@pytest.mark.parametrize(("rule", "sample"), branches("each"))
def test_each_way_into_a_rule(rule: str, sample: dict):
    """Every single sign of a rule with several signs is enough."""
    assert rule in found(sample)


@pytest.mark.parametrize(("rule", "sample"), branches("neither"))
def test_near_misses_stay_out(rule: str, sample: dict):
    """Half a combination, or a day or a tenth beyond the limit, is not enough."""
    assert rule not in found(sample)
