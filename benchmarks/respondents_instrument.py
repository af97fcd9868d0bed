"""The questionnaire of the benchmark and what its firms answer: 60 questions on 8 pages.

Four pages hold a battery of six rows each, the others nine questions of every simple kind.
A row of a battery is one question, as a firm reads it.
"""

import random
from typing import Any

QUESTIONS = 60
PAGES = 8
BATTERIES = 4

_SCALES = ("local", "region", "country", "europe", "global")
_PARTNERS = ("suppliers", "clients", "competitors", "consultants", "universities", "government")
_SOURCES = ("fairs", "journals", "patents", "standards", "associations", "networks")
_LEVELS = ("0", "1", "2", "3")
_SIMPLE = (
    "single_choice",
    "multiple_choice",
    "number",
    "money",
    "share",
    "year",
    "text",
    "scale",
    "date",
)


def document() -> dict[str, Any]:
    """The questionnaire in the language of instruments, as plain data."""
    pages = [_simple_page(number) for number in range(PAGES - BATTERIES)]
    batteries = [
        _battery_page("cooperation", _PARTNERS, _many()),
        _battery_page("contacts", _PARTNERS, _one_and_many()),
        _battery_page("sources", _SOURCES, _one()),
        _battery_page("meetings", _SOURCES, _number()),
    ]
    mixed = [page for pair in zip(pages, batteries, strict=True) for page in pair]
    sections = [
        {"name": f"s{start}", "title": f"Section {start + 1}", "pages": mixed[start : start + 4]}
        for start in range(0, PAGES, 4)
    ]
    return {
        "instrument": "benchmark-respondents",
        "version": "1",
        "title": "Sixty questions",
        "language": "en",
        "codes": {
            "scales": [_code(value) for value in _SCALES],
            "levels": [_code(value) for value in _LEVELS],
        },
        "sections": sections,
    }


def answers(firm: int) -> dict[str, Any]:
    """What the firm of that number answers to every question, as answers are stored."""
    draw = random.Random(firm)  # noqa: S311 -- answers are made up, not secret
    given: dict[str, Any] = {}
    for page in range(PAGES - BATTERIES):
        for kind in _SIMPLE:
            given[f"{kind}_{page}"] = _simple_answer(kind, draw)
    for row in _PARTNERS:
        given[f"cooperation.{row}"] = {"scale": _some(draw)}
        given[f"contacts.{row}"] = {"importance": draw.choice(_LEVELS), "scale": _some(draw)}
    for row in _SOURCES:
        given[f"sources.{row}"] = {"importance": draw.choice(_LEVELS)}
        given[f"meetings.{row}"] = {"times": draw.randint(1, 400)}
    return given


def _simple_answer(kind: str, draw: random.Random) -> Any:
    match kind:
        case "single_choice":
            return draw.choice(_LEVELS)
        case "multiple_choice":
            return _some(draw)
        case "money":
            unit = draw.choice(("units", "thousands"))
            factor = 1000 if unit == "thousands" else 1
            return {"amount": draw.randint(1, 90_000) * factor, "unit": unit}
        case "number":
            return draw.randint(0, 20_000)
        case "share":
            return draw.randint(0, 100)
        case "year":
            return draw.randint(1900, 2024)
        case "text":
            return f"We make parts of type {draw.randint(1, 10**9)}, and sell them."
        case "scale":
            return draw.randint(0, 4)
        case "date":
            return f"20{draw.randint(10, 24)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
        case _:
            raise ValueError(kind)


def _some(draw: random.Random) -> list[str]:
    """One or more of the scales, in their order."""
    chosen = set(draw.sample(_SCALES, draw.randint(1, len(_SCALES))))
    return [scale for scale in _SCALES if scale in chosen]


def _simple_page(number: int) -> dict[str, Any]:
    items = [_simple_item(kind, number) for kind in _SIMPLE]
    page: dict[str, Any] = {"name": f"facts_{number}", "title": f"Facts, part {number + 1}"}
    if number:
        # Every firm of the benchmark gives the answer, so that all are asked all pages.
        page["when"] = f"number_{number - 1} >= 0"
    return page | {"items": items}


def _simple_item(kind: str, number: int) -> dict[str, Any]:
    label = f"What did {{firm}} do of kind {kind.replace('_', ' ')} in {{last_year}}?"
    more: dict[str, dict[str, Any]] = {
        "single_choice": {"codes": "levels"},
        "multiple_choice": {"codes": "scales"},
        "number": {"minimum": 0, "maximum": 1_000_000, "unit": "persons"},
        "year": {"minimum": 1800, "maximum": 2025},
        "text": {"long": True, "max_length": 400},
        "scale": {"minimum": 0, "maximum": 4, "points": {0: "Not at all", 4: "Very much"}},
        "date": {"precision": "day"},
    }
    return {
        "name": f"{kind}_{number}",
        "kind": kind,
        "label": label,
        "definition": "Count what was done in the whole firm, at all places.",
        **more.get(kind, {}),
    }


def _battery_page(name: str, rows: tuple[str, ...], facets: list[dict[str, Any]]) -> dict[str, Any]:
    battery = {
        "name": name,
        "kind": "battery",
        "layout": "stacked",
        "label": "How was it in {last_year}: {row}?",
        "rows": [_code(row) for row in rows],
        "facets": facets,
    }
    return {"name": name, "title": name.title(), "items": [battery]}


def _many() -> list[dict[str, Any]]:
    return [{"name": "scale", "label": "Where", "choose": "many", "codes": "scales"}]


def _one() -> list[dict[str, Any]]:
    return [{"name": "importance", "label": "Importance", "choose": "one", "codes": "levels"}]


def _one_and_many() -> list[dict[str, Any]]:
    return _one() + _many()


def _number() -> list[dict[str, Any]]:
    return [
        {"name": "times", "label": "Times", "choose": "number", "minimum": 0, "maximum": 10_000}
    ]


def _code(value: str) -> dict[str, str]:
    return {"value": value, "label": value.title()}
