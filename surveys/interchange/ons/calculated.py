"""Calculated summaries to pages that play a sum back."""

from typing import Any

from surveys.interchange.ons.known import Known, Scope
from surveys.interchange.ons.reading import Part
from surveys.interchange.ons.texts import text_of

Document = dict[str, Any]


def total_page(block: Part, page_title: str, scope: Scope) -> Document:
    """A page with a computed item; a note in its place where nothing can be summed."""
    heading = " ".join(text_of(block.get("title"), block.where, scope).split())
    calculation = block.part("calculation")
    words, operands = heading, []
    if calculation is not None:
        words = text_of(calculation.get("title"), calculation.where, scope) or heading
        calculation.get("calculation_type")
        operands = _operands(calculation, scope)
    title = page_title or heading or words or "Total"
    item: Document = {
        "name": scope.item_name(f"total {words or title}"),
        "kind": "computed",
        "label": " ".join((words or title).split()),
        "expression": f"sum({', '.join(operands)})",
        "decimals": 2,
    }
    if operands:
        identifier = block.word("id")
        scope.totals[identifier] = item["name"]
        scope.place_of[item["name"]] = scope.place
    else:
        block.kept("a calculated summary without an answer that can be summed", "a note")
        item = {"name": item["name"], "kind": "note", "label": item["label"]}
    return {"title": title, "intro": heading if heading != item["label"] else "", "items": [item]}


def _operands(calculation: Part, scope: Scope) -> list[str]:
    """What is summed, as conditions call it."""
    listed = calculation.get("answers_to_calculate")
    sources: list[Any] = [
        {"source": "answers", "identifier": each}
        for each in (listed if isinstance(listed, list) else [])
    ]
    operation = calculation.get("operation")
    if isinstance(operation, dict):
        for operator, summed in operation.items():
            if operator != "+" or not isinstance(summed, list):
                calculation.kept(f"a calculation with “{str(operator)[:20]}”")
            else:
                sources += summed
    return [name for source in sources for name in _named(source, calculation, scope)]


def _named(source: Any, calculation: Part, scope: Scope) -> list[str]:
    identifier = source.get("identifier") if isinstance(source, dict) else None
    if isinstance(identifier, str):
        if identifier in scope.totals and source.get("source") != "answers":
            return [scope.totals[identifier]]
        known = [each for each in scope.answers.get(identifier, ()) if _summable(each)]
        if known:
            return [each.item for each in known]
    calculation.kept(f"a part of a sum, {str(source)[:100]}")
    return []


def _summable(known: Known) -> bool:
    return known.kind in ("number", "money")
