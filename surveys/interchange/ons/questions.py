"""One eq question to the items of a page."""

from dataclasses import dataclass, field, replace
from typing import Any

from surveys.interchange.ons.answers import Asked, Request, answer_label, read_answer
from surveys.interchange.ons.known import Known, Scope
from surveys.interchange.ons.names import slug
from surveys.interchange.ons.options import exclusive, known_of, options_of
from surveys.interchange.ons.prose import contents_text, definitions_text, description_text
from surveys.interchange.ons.reading import Part
from surveys.interchange.ons.sums import sum_edits
from surveys.interchange.ons.texts import text_of

Document = dict[str, Any]

_KNOWN_TYPES = (
    "General",
    "MutuallyExclusive",
    "DateRange",
    "Calculated",
    "Repeating",
    "Relationship",
)
_NAME_OF_QUESTION = 20  # characters of a name that say which question an answer belongs to


@dataclass(slots=True)
class Questioned:
    """What a page asks, and which items hold which eq answer."""

    title: str
    intro: str = ""
    items: list[Document] = field(default_factory=list)
    edits: list[Document] = field(default_factory=list)
    known: list[tuple[str, Known]] = field(default_factory=list)


def read_question(question: Part, page_title: str, scope: Scope) -> Questioned:
    """The items of the question; a question with several answers has its words as intro."""
    title = text_of(question.get("title"), question.where, scope)
    asked = Questioned(title)
    is_dynamic = question.has("dynamic_answers")
    if is_dynamic:
        question.kept("answers made for each entry of a list", "the fixed answers only")
    answers = question.parts("answers", needed=not is_dynamic)
    kind = question.word("type", needed=True)
    if kind not in _KNOWN_TYPES:
        question.kept(f"a question of the type {kind[:40]}", "a question with its answers")
    words = _words(question, scope)
    if kind == "MutuallyExclusive" and len(answers) > 1:
        _mutually_exclusive(question, answers, title, page_title, asked, scope)
    else:
        _one_by_one(answers, title, page_title, asked, scope)
    _place_words(asked, words, title)
    _require(question, asked)
    asked.edits += sum_edits(question, asked.known, scope)
    if kind == "DateRange":
        _in_order(question, asked)
    if question.get("warning"):
        asked.intro += "\n" + text_of(question.get("warning"), question.where, scope)
    return asked


def _words(question: Part, scope: Scope) -> tuple[str, str]:
    """The description; and definitions, guidance and instruction."""
    description = description_text(question.get("description"), question.where, scope)
    instruction = description_text(question.get("instruction"), question.where, scope)
    folded = [
        definitions_text(question, scope),
        contents_text(question.part("guidance"), scope),
    ]
    return "\n".join(filter(None, [description, instruction])), "\n".join(filter(None, folded))


def _place_words(asked: Questioned, words: tuple[str, str], title: str) -> None:
    """With its one item; with several, above them."""
    description, folded = words
    if len(asked.items) == 1:
        item = asked.items[0]
        item["hint"] = "\n".join(filter(None, [description, item.get("hint", "")]))
        item["definition"] = folded
        for key in ("hint", "definition"):
            if not item[key]:
                del item[key]
    else:
        asked.intro = "\n".join(filter(None, [title, description, folded]))


def _request(answer: Part, title: str, page_title: str, alone: bool, scope: Scope) -> Request:
    label = answer_label(answer, scope)
    hint = text_of(answer.get("description"), answer.where, scope)
    subject = page_title or title
    if alone:
        hint = "\n".join(filter(None, [label if label != title else "", hint]))
        return Request(
            answer, scope.item_name(subject), title or label or subject or "…", hint, scope
        )
    name = f"{slug(subject, _NAME_OF_QUESTION, fallback='')}_{label}"
    return Request(answer, scope.item_name(name), label or title or "…", hint, scope)


def _one_by_one(
    answers: list[Part], title: str, page_title: str, asked: Questioned, scope: Scope
) -> None:
    for answer in answers:
        request = _request(answer, title, page_title, len(answers) == 1, scope)
        _add(asked, answer, read_answer(request))


def _add(asked: Questioned, answer: Part, one: Asked) -> None:
    asked.items += one.items
    asked.edits += one.edits
    asked.known += [(answer.word("id", needed=True), known) for known in one.known]


def _mutually_exclusive(
    question: Part,
    answers: list[Part],
    title: str,
    page_title: str,
    asked: Questioned,
    scope: Scope,
) -> None:
    """Choices join into one item, whose last codes exclude the others; else an edit does."""
    kinds = [answer.word("type") for answer in answers]
    choices = {"Checkbox", "Radio"}
    if len(answers) == 2 and set(kinds) <= choices and "Checkbox" in kinds:
        _joined(answers, title, page_title, asked, scope)
        return
    _one_by_one(answers, title, page_title, asked, scope)
    question.kept("an answer that excludes the others", "an edit that lets one of them stand")
    *others, last = [
        next((known for name, known in asked.known if name == answer.word("id")), None)
        for answer in answers
    ]
    if last is not None and last.codes:
        asked.edits += [_not_both(other, last, scope) for other in others if other is not None]


def _not_both(other: Known, last: Known, scope: Scope) -> Document:
    codes = ", ".join(f"'{code}'" for code in last.codes.values())
    names = [scope.local(known.item) for known in (other, last)]
    return {
        "name": f"{names[0]}_or_not",
        "severity": "hard",
        "when": f"answered({other.item}) and {last.item} in ({codes})",
        "message": f"You answered {{answer:{other.item}}} and {{answer:{last.item}}}. Give one.",
        "items": names,
    }


def _joined(
    answers: list[Part], title: str, page_title: str, asked: Questioned, scope: Scope
) -> None:
    first, last = answers
    request = _request(first, title, page_title, True, scope)
    taken: set[str] = set()
    options = options_of(first, scope, taken)
    excluding = [exclusive(option) for option in options_of(last, scope, taken)]
    for key in ("label", "mandatory"):
        last.get(key)
    last_variable = last.word("q_code")
    codes = [option.document for option in options + excluding]
    if last_variable and len(excluding) == 1:
        excluding[0].document.setdefault("variable", last_variable[:60])
    item = request.item("multiple_choice", codes=codes)
    if first.flag("mandatory"):
        item["required"] = "hard"
    asked.items.append(item)
    for answer, own in ((first, options), (last, excluding)):
        known = replace(known_of(own, request.known("choices")), is_part=True)
        asked.known.append((answer.word("id", needed=True), known))


def _require(question: Part, asked: Questioned) -> None:
    """A mandatory question requires its item; of several, the first."""
    if question.flag("mandatory") and asked.items:
        if len(asked.items) == 1:
            asked.items[0]["required"] = "hard"
        else:
            question.kept("a mandatory question with several answers", "answers that may be blank")


def _in_order(question: Part, asked: Questioned) -> None:
    """The two dates of a range."""
    dates = [known.item for _, known in asked.known if known.kind == "date"]
    if len(dates) == 2 and len(asked.items) == 2:
        names = [item["name"] for item in asked.items]
        asked.edits.append(
            {
                "name": "dates_in_order",
                "severity": "hard",
                "when": f"{dates[1]} < {dates[0]}",
                "message": f"{{answer:{dates[1]}}} is before {{answer:{dates[0]}}}. Change one.",
                "items": names,
            }
        )
    if question.get("period_limits"):
        question.kept("limits on how long a period is")
