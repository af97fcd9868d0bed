"""Texts of an eq schema: markup to plain text, piping to fills."""

import re
from collections.abc import Iterator
from typing import Any

from surveys.interchange.ons.known import Scope
from surveys.interchange.ons.markup import plain_text

LONGEST_TEXT = 20_000
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_OPEN, _CLOSE = "\ue002", "\ue003"  # private characters, taken out of the schema's own texts
_STANDS_IN = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_METADATA = {
    "ru_name": "{firm}",
    "ref_p_start_date": "{first_year}",
    "ref_p_end_date": "{last_year}",
    "trad_as": "{trading_as}",
    "period_str": "{period}",
    "period_id": "{period}",
}
_WITHOUT_FILL = {
    "{firm}": "the firm",
    "{first_year}": "the first year",
    "{last_year}": "the last year",
    "{period}": "the reference period",
}
_CALCULATED = frozenset(
    {"calculate_date_difference", "number_to_words", "format_ordinal", "list_item_count", "add"}
)
_DATE_PARTS = frozenset({"ref_p_start_date", "ref_p_end_date"})


def text_of(value: Any, where: str, scope: Scope, *, fills: bool = True) -> str:
    """The text in plain words with fills; `fills` false gives words in their place."""
    if value is None:
        return ""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return _plain(str(value)[:LONGEST_TEXT], {}, where, scope)
    if not isinstance(value, dict):
        scope.notes.problem("wrong_shape", where, "A text is not a text.", "Write a text.")
        return ""
    text = _chosen_form(value, where, scope)
    piped = {
        name: fill if fills else _WITHOUT_FILL.get(fill, fill if "{" not in fill else "the answer")
        for name, fill in _placeholders(value.get("placeholders"), where, scope)
    }
    if piped and not fills:
        scope.notes.kept("piping in the label of an option", where, "words for every firm")
    return _plain(text[:LONGEST_TEXT], piped, where, scope)


def _chosen_form(value: dict[str, Any], where: str, scope: Scope) -> str:
    plural = value.get("text_plural")
    if isinstance(plural, dict) and isinstance(plural.get("forms"), dict):
        scope.notes.kept("a text with a singular and a plural form", where, "the plural form")
        return str(plural["forms"].get("other", ""))
    text = value.get("text")
    if not isinstance(text, str):
        scope.notes.problem("wrong_shape", where, "A text is not a text.", "Write a text.")
        return ""
    return text


def _plain(text: str, piped: dict[str, str], where: str, scope: Scope) -> str:
    fills: list[str] = []

    def stand_in(found: re.Match[str]) -> str:
        if found.group(1) not in piped:
            return found.group(0)
        fills.append(piped[found.group(1)])
        return f"{_OPEN}{len(fills) - 1}{_CLOSE}"

    marked = _PLACEHOLDER.sub(stand_in, text.replace(_OPEN, "").replace(_CLOSE, ""))
    plain, left_out = plain_text(marked)
    for element in left_out:
        scope.notes.kept(f"an element <{element}> in a text", where)
    return _STANDS_IN.sub(lambda found: fills[int(found.group(1))], plain).strip()


def _placeholders(value: Any, where: str, scope: Scope) -> Iterator[tuple[str, str]]:
    for each in value if isinstance(value, list) else []:
        if isinstance(each, dict) and isinstance(each.get("placeholder"), str):
            yield each["placeholder"], _fill(each, where, scope)


def _fill(placeholder: dict[str, Any], where: str, scope: Scope) -> str:
    name = placeholder["placeholder"]
    chain = placeholder.get("transforms")
    transforms = (
        [each for each in chain if isinstance(each, dict)] if isinstance(chain, list) else []
    )
    if not transforms:
        return _source_fill(placeholder.get("value"), name, where, scope)
    words = _fixed_words(transforms[0], where, scope)
    if words is not None:
        return words
    fills = [_source_fill(source, name, where, scope) for source in _sources(transforms[0])]
    kinds = [str(each.get("transform")) for each in transforms]
    return _joined(fills, kinds, name, where, scope)


def _joined(fills: list[str], kinds: list[str], name: str, where: str, scope: Scope) -> str:
    if "first_non_empty_item" in kinds:
        fills = [fill for fill in fills if fill][:1]
    if _CALCULATED & set(kinds):
        scope.notes.kept(f"the calculated text {{{name}}}", where, f"the words [{name}]")
        return f"[{_words(name)}]"
    if len(fills) == 2 and "format_date_range" in kinds and "{first_year}" in fills:
        return "{period}"
    text = ", ".join(dict.fromkeys(fill for fill in fills if fill)) or f"[{_words(name)}]"
    return f"{text}’s" if "format_possessive" in kinds else text


def _fixed_words(transform: dict[str, Any], where: str, scope: Scope) -> str | None:
    """Words of transforms that have no answer in them; None for the others."""
    arguments = transform.get("arguments")
    arguments = arguments if isinstance(arguments, dict) else {}
    match transform.get("transform"):
        case "conditional_trad_as":
            scope.notes.kept("the name that a firm trades as", where)
            return ""
        case "telephone_number_link":
            return _words_only(arguments.get("telephone_number"))
        case "email_link":
            return _words_only(arguments.get("email_address"))
    return None


def _words_only(value: Any) -> str:
    return plain_text(str(value))[0] if isinstance(value, str | int) else ""


def _sources(value: Any) -> Iterator[dict[str, Any]]:
    """The sources anywhere in the arguments of a transform."""
    if isinstance(value, dict):
        if "source" in value:
            yield value
            return
        for each in value.values():
            yield from _sources(each)
    elif isinstance(value, list):
        for each in value:
            yield from _sources(each)


def _source_fill(source: Any, name: str, where: str, scope: Scope) -> str:
    if not isinstance(source, dict):
        return ""
    identifier = source.get("identifier")
    if source.get("source") == "metadata" and isinstance(identifier, str):
        if identifier in _DATE_PARTS:
            scope.notes.kept("a date of the reference period in a text", where, "its year")
        if identifier in _METADATA:
            return _METADATA[identifier]
    if source.get("source") == "answers" and isinstance(identifier, str):
        quoted = _answer_fill(identifier, scope)
        if quoted:
            return quoted
    if source.get("source") == "calculated_summary" and identifier in scope.totals:
        return f"{{answer:{scope.totals[identifier]}}}"
    scope.notes.kept(
        f"piping of {source.get('source')} {str(identifier)[:60]}", where, f"[{_words(name)}]"
    )
    return f"[{_words(name)}]"


def _answer_fill(identifier: str, scope: Scope) -> str:
    """The fill for an answer of an earlier page; empty where there is none to quote."""
    for known in scope.answers.get(identifier, ()):
        if scope.is_quotable(known):
            return f"{{answer:{known.item}}}"
    return ""


def _words(name: str) -> str:
    """A name of a placeholder as words that hold no markup and no braces."""
    return re.sub(r"[^A-Za-z0-9]+", " ", name).strip()[:60] or "text"
