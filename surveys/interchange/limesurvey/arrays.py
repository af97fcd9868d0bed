"""Arrays of LimeSurvey as batteries."""

from typing import Any

from surveys.interchange.expressions.translate import Kind
from surveys.interchange.foreign.choices import battery, codes_of, register
from surveys.interchange.limesurvey.questions import Node, Questions, numeric
from surveys.interchange.limesurvey.source import Row

ARRAYS = ("A", "B", "C", "E", "F", "H", ":", "1")
_FIXED: dict[str, tuple[tuple[str, str], ...]] = {
    "A": tuple((str(point), str(point)) for point in range(1, 6)),
    "B": tuple((str(point), str(point)) for point in range(1, 11)),
    "C": (("Y", "Yes"), ("U", "Uncertain"), ("N", "No")),
    "E": (("I", "Increase"), ("S", "Same"), ("D", "Decrease")),
}


def array(questions: Questions, question: Row) -> list[Node]:
    """A battery: a row a subquestion, a facet the answers or, for ``:``, numbers."""
    where = f"question {question.get('title', '')[:60]}"
    reading = questions.reading
    base = questions.base(question, where)
    by_column = question.get("type") == "H"
    rows, names = codes_of(reading, questions.part_options(question), where)
    facets = _number_facets(questions, question, where)
    if question.get("type") != ":":
        facets = _choice_facets(questions, question, where)
    if not rows or not facets:
        reading.lack("an array without rows, or without answers to choose from", where)
        return []
    if by_column:
        reading.lack("an array by column", where, "a battery by row")
    for foreign, row in names.items():
        for facet, suffix, kind, codes in facets:
            key = f"{question.get('title', '')}_{foreign}{suffix}"
            _know(questions, key, f"{base['name']}.{row}.{facet['name']}", kind, codes)
    return [battery(base, rows, [facet for facet, _, _, _ in facets])]


_Facet = tuple[Node, str, Kind, dict[str, str]]


def _choice_facets(questions: Questions, question: Row, where: str) -> list[_Facet]:
    facets: list[_Facet] = []
    scales = ("0", "1") if question.get("type") == "1" else ("0",)
    for number, scale in enumerate(scales):
        fixed = _FIXED.get(question.get("type", ""))
        options = questions.fixed(fixed) if fixed else questions.options(question, scale)
        codes, ours = codes_of(questions.reading, options, where)
        if len(codes) < 2:
            continue
        header = questions.attribute(question, f"dualscale_header{'AB'[number]}")
        facet: Node = {"name": "answer" if not number else "answer_2"}
        facet |= {"label": _plain(header) or "Answer", "choose": "one", "codes": codes}
        suffix = f"_{number}" if len(scales) > 1 else ""
        facets.append((facet, suffix, "code", ours))
    return facets


def _number_facets(questions: Questions, question: Row, where: str) -> list[_Facet]:
    """Columns that take a number each, as facets; they are subquestions of the second scale."""
    if question.get("type") != ":":
        return []
    facets: list[_Facet] = []
    columns = questions.part_options(question, "1")
    codes, names = codes_of(questions.reading, columns, where)
    bounds: dict[str, Any] = {}
    for attribute, key in (("multiflexible_min", "minimum"), ("multiflexible_max", "maximum")):
        value = numeric(questions.attribute(question, attribute))
        if value is not None:
            bounds[key] = value
    if questions.attribute(question, "multiflexible_checkbox") == "1":
        questions.reading.lack("tick boxes in an array", where, "numbers")
    for foreign, code in zip(names, codes, strict=True):
        name = code["value"] if code["value"][0].isalpha() else f"c_{code['value']}"
        facet = {"name": name, "label": code["label"], "choose": "number"} | bounds
        facets.append((facet, f"_{foreign}", "number", {}))
    return facets


def _know(
    questions: Questions, key: str, reference: str, kind: Kind, codes: dict[str, str]
) -> None:
    register(questions.reading, key, reference, kind, codes)


def _plain(text: str) -> str:
    return text.replace("{", "(").replace("}", ")")
