"""Options of an eq answer to codes."""

from dataclasses import dataclass, replace
from typing import Any

from surveys.interchange.ons import names
from surveys.interchange.ons.known import Known, Scope, codes_by_value
from surveys.interchange.ons.reading import Part
from surveys.interchange.ons.texts import text_of
from surveys.questionnaire.conditions import quoted

Document = dict[str, Any]

LONGEST_LABEL = 500
NOT_TICKED = {"value": "not_ticked", "label": "No"}


@dataclass(frozen=True, slots=True)
class Option:
    """A code with the value that rules of the schema know it by."""

    value: str
    code: str
    document: Document


def options_of(answer: Part, scope: Scope, taken: set[str] | None = None) -> list[Option]:
    """The options of the answer, and those that it takes from an earlier answer."""
    taken = set() if taken is None else taken
    dynamic = _dynamic(answer, scope, taken)
    fixed = answer.parts("options", needed=not dynamic)
    options = dynamic + [_option(each, scope, taken) for each in fixed]
    values = [option.value.casefold() for option in options]
    for value in sorted({value for value in values if values.count(value) > 1}):
        answer.problem(
            "duplicate_name",
            f"Two options have the value {value[:80]!r}.",
            "Give each option its own value.",
        )
    return options


def _option(option: Part, scope: Scope, taken: set[str]) -> Option:
    value = option.word("value", needed=True)
    label = text_of(option.get("label"), option.where, scope, fills=False) or value
    document: Document = {
        "value": names.code(value, taken),
        "label": " ".join(label.split())[:LONGEST_LABEL] or "…",
        "definition": text_of(option.get("description"), option.where, scope),
        "variable": option.word("q_code")[:60],
        **_detail(option, scope),
    }
    if option.get("action"):
        option.kept("an action that an option starts")
    return Option(value, document["value"], {key: each for key, each in document.items() if each})


def _detail(option: Part, scope: Scope) -> Document:
    """What an option asks in addition."""
    detail = option.part("detail_answer")
    if detail is None:
        return {}
    kind = detail.word("type", needed=True)
    if kind not in ("TextField", "TextArea", "Number"):
        detail.kept(f"a further answer of the type {kind[:40]} under an option", "a text")
    for key in ("q_code", "mandatory", "max_length", "minimum", "maximum", "decimal_places"):
        if detail.get(key):
            detail.kept(f"“{key}” of a further answer under an option")
    label = text_of(detail.get("label"), detail.where, scope)
    return {
        "specify": "number" if kind == "Number" else "text",
        "specify_label": " ".join(label.split()),
    }


def _dynamic(answer: Part, scope: Scope, taken: set[str]) -> list[Option]:
    """The chosen options of an earlier answer: all of its codes, each where it was chosen."""
    dynamic = answer.part("dynamic_options")
    if dynamic is None:
        return []
    identifier = _first_answer(dynamic.get("values"))
    dynamic.get("transform")
    known = next((each for each in scope.answers.get(identifier, ()) if each.codes), None)
    if known is None or known.roster != scope.roster:
        dynamic.kept("options made from other answers")
        return []
    return [_offered(known, code, taken) for code in known.codes.values()]


def _offered(known: Known, code: str, taken: set[str]) -> Option:
    label, value = known.labels.get(code, code), names.code(code, taken)
    condition = f"{known.item} in ({quoted(code)})"
    return Option(label, value, {"value": value, "label": label, "when": condition})


def _first_answer(value: Any) -> str:
    if isinstance(value, dict):
        if value.get("source") == "answers" and isinstance(value.get("identifier"), str):
            return str(value["identifier"])
        value = list(value.values())
    if isinstance(value, list):
        return next((found for each in value if (found := _first_answer(each))), "")
    return ""


def known_of(options: list[Option], known: Known) -> Known:
    """The known answer with the codes and labels of its options."""
    return replace(
        known,
        codes=codes_by_value([(option.value, option.code) for option in options]),
        labels={option.code: option.document["label"] for option in options},
    )


def exclusive(option: Option) -> Option:
    return replace(option, document={**option.document, "exclusive": "yes"})
