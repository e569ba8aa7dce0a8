"""The screen in words, for the terminal, for paper and for a screen reader."""

from effleurage.knowledge import get
from effleurage.safety.screen import KIND_NAMES, Ask, Finding, Screen

SIGNS = {
    "stop": "⬣",
    "clearance": "✉",
    "avoid-site": "⊘",
    "limit": "◔",
    "adapt": "↻",
    "ask": "?",
    "clear": "✓",
}
STANDINGS = {
    "verified": "● verified",
    "secondary": "◐ secondary source",
    "editorial": "○ teaching default",
    "conflict": "⇄ sources disagree",
}
URGENCIES = {
    "emergency": "emergency services now",
    "same-day": "medical assessment today",
    "urgent": "medical assessment within days",
    "routine": "before the next session",
}


def in_words(screen: Screen) -> str:
    """Say a whole screen in plain text, the gravest first.

    >>> from effleurage import intake, protocol, safety
    >>> words = in_words(safety.check(protocol.load("neck-pain-chronic-60"), intake.load("office-neck")))
    >>> words.splitlines()[0]
    'Screen of office-neck for neck-pain-chronic-60 on 2026-03-02'
    """
    lines = [f"Screen of {screen.client} for {screen.protocol} on {screen.on}", summary(screen)]
    for kind, name in KIND_NAMES.items():
        found = [item for item in screen.findings if item.kind == kind]
        if found:
            lines += ["", f"{SIGNS[kind]} {name} ({len(found)})"]
            lines += [f"  {line}" for item in found for line in finding_lines(item)]
    if screen.asks:
        lines += ["", f"{SIGNS['ask']} Ask ({len(screen.questions)})"]
        lines += [f"  {ask_line(question, asks)}" for question, asks in screen.questions.items()]
    return "\n".join(lines)


def summary(screen: Screen) -> str:
    """Say in one sentence what the screen means for the plan."""
    open_asks = [item for item in screen.asks if item.open]
    if screen.stops:
        return "Do not work today: stop and refer."
    if screen.clearances:
        return "Get a written clearance before you plan."
    if open_asks:
        count = len({question for item in open_asks for question in item.questions})
        return f"Ask first: {count} {'answer' if count == 1 else 'answers'} could change everything."
    if screen.clear:
        return f"{SIGNS['clear']} Clear: no rule applies and nothing is left to ask."
    return "You can plan within the findings below."


def finding_lines(item: Finding) -> tuple[str, ...]:
    """Say one finding: what, how soon, because of what, what to do, why, and on which source."""
    soon = f" - {URGENCIES[item.urgency]}" if item.urgency and item.kind == "stop" else ""
    cleared = (
        f"cleared by {item.clearance.by}, {item.clearance.on}: {item.clearance.allows}"
        if item.clearance
        else ""
    )
    lines = (
        f"{item.name}{soon}",
        f"  found: {'; '.join(item.because)}",
        f"  where: {where(item)}",
        f"  do: {item.do}",
        f"  {effect(item)}",
        f"  why: {item.reason}",
        f"  {cleared}",
        f"  {STANDINGS[item.standing]}: {source_names(item)}",
    )
    return tuple(line for line in lines if line.strip())


def where(item: Finding) -> str:
    """Name the regions a finding reaches."""
    if item.whole_body:
        return "whole body"
    sides: dict[str, list[str]] = {}
    for region, side in item.spots:
        sides.setdefault(region, []).append(side)
    return ", ".join(_named(region, given) for region, given in sides.items())


def _named(region: str, sides: list[str]) -> str:
    name = get("region", region).name.lower()
    return name if sides == ["middle"] or len(sides) == 2 else f"{name} ({sides[0]})"


def effect(item: Finding) -> str:
    """Say what a finding means for the hands."""
    parts = []
    if item.max_pressure is not None and not item.locks:
        parts.append(f"pressure {item.max_pressure} at most ({STANDINGS[item.pressure_standing][2:]})")
    if item.max_minutes is not None:
        parts.append(f"{item.max_minutes} minutes at most")
    if item.avoid_techniques:
        parts.append(
            "leave out " + ", ".join(get("technique", word).name.lower() for word in item.avoid_techniques)
        )
    if item.avoid_positions:
        parts.append("not " + " or ".join(item.avoid_positions))
    return "hands: " + "; ".join(parts) if parts else ""


def source_names(item: Finding) -> str:
    """Name the sources of a finding."""
    return "; ".join(get("source", word).name for word in item.sources)


def ask_line(question: str, asks: tuple[Ask, ...]) -> str:
    """Say one open question and what it decides."""
    return f"{question} (decides: {'; '.join(item.name for item in asks)})"
