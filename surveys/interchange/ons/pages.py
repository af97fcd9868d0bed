"""One block to a page of the document."""

from typing import Any

from surveys.interchange.ons.calculated import total_page
from surveys.interchange.ons.known import Scope
from surveys.interchange.ons.logic import TRUE
from surveys.interchange.ons.prose import contents_text
from surveys.interchange.ons.questions import Questioned, read_question
from surveys.interchange.ons.reading import Part
from surveys.interchange.ons.routes import when_text
from surveys.interchange.ons.rules import function_of
from surveys.interchange.ons.texts import text_of

Document = dict[str, Any]

QUESTIONS = (
    "Question", "ConfirmationQuestion", "ListCollectorDrivingQuestion", "UnrelatedQuestion",
    "ListAddQuestion", "ListRepeatingQuestion", "PrimaryPersonListCollector",
)  # fmt: skip
_NOTES = ("Introduction", "Interstitial", "ListCollectorContent", "RelationshipCollector")
_SUMMARIES = ("Summary", "SectionSummary")


def page_of(block: Part, scope: Scope) -> Document | None:
    """The page, without its condition; None where the platform has a page of its own."""
    kind = block.word("type", needed=True)
    if kind in _SUMMARIES:
        block.kept(f"a block of the type {kind}", "the page of all answers")
        return None
    title = " ".join(text_of(block.get("page_title"), block.where, scope).split())
    if kind in ("CalculatedSummary", "GrandCalculatedSummary"):
        page = total_page(block, title, scope)
    elif kind in QUESTIONS or block.has("question") or block.has("question_variants"):
        page = _question_page(block, kind, title, scope)
    else:
        page = _note_page(block, kind, title, scope)
    return _with_own_edit_names(page)


def _question_page(block: Part, kind: str, title: str, scope: Scope) -> Document:
    if kind not in QUESTIONS or kind == "PrimaryPersonListCollector":
        block.kept(f"a block of the type {kind[:40]}", "its question only")
    if kind == "ListCollectorDrivingQuestion":
        block.get("for_list")
    variants = block.parts("question_variants")
    if not variants:
        question = block.part("question")
        if question is None:
            block.problem("missing_part", "The block has no question.", "Add a question.")
            return {"title": title, "items": []}
        asked = read_question(question, title, scope)
        _learn([asked], scope)
        page = {"title": title or _line(asked.title), "intro": asked.intro}
        return {**page, "items": asked.items, "edits": asked.edits}
    block.kept("a question in several variants", "an item for each variant, with a condition")
    return _variants_page(variants, title, scope)


def _learn(several: list[Questioned], scope: Scope) -> None:
    for asked in several:
        for answer, known in asked.known:
            scope.learn(answer, known)


def _variants_page(variants: list[Part], title: str, scope: Scope) -> Document:
    """The items of all variants, each asked where its own condition is the first to hold."""
    page: Document = {"title": title, "items": [], "edits": []}
    logic, left = scope.logic, TRUE
    asked_before = []
    for variant in variants:
        holds = function_of(variant.get("when"), variant.where, scope)
        when = when_text(logic.both(left, holds), variant.where, scope)
        left = logic.both(left, logic.negation(holds))
        question = variant.part("question")
        if question is None:
            variant.problem("missing_part", "The variant has no question.", "Add a question.")
        elif when is None:
            variant.kept("a variant that no firm is asked")
        else:
            asked = read_question(question, title, scope)
            asked_before.append(asked)
            page["title"] = page["title"] or _line(asked.title)
            page["items"] += _conditional(asked, when, scope)
            page["edits"] += asked.edits
    _learn(asked_before, scope)
    return page


def _conditional(asked: Questioned, when: str, scope: Scope) -> list[Document]:
    """The items of one variant; its words above several items become a note."""
    items = list(asked.items)
    if asked.intro:
        heading, _, body = asked.intro.partition("\n")
        items.insert(0, _note(f"about {asked.title}", heading, body, scope))
    for item in items:
        if when:
            item["when"] = when
    return items


def _note_page(block: Part, kind: str, title: str, scope: Scope) -> Document:
    if kind not in _NOTES:
        block.kept(f"a block of the type {kind[:40]}", "a note")
    if kind in ("RelationshipCollector", "ListCollectorContent"):
        block.kept(f"a block of the type {kind}", "a note; its questions are not asked")
    notes = [*_contents(block, title, scope), *_content_variants(block, title, scope)]
    own_title = title or next((note["label"] for note in notes), "") or kind
    if not notes:
        notes = [_note(own_title, own_title, "", scope)]
    page = {"title": _line(own_title), "items": notes}
    if not title and len(notes) > 1 and "when" not in notes[0]:
        # Its heading is that of the page, which should not be read twice.
        page |= {"intro": notes[0].get("hint", ""), "items": notes[1:]}
    return page


def _contents(block: Part, title: str, scope: Scope) -> list[Document]:
    single = [part for key in ("content", "preview_content") if (part := block.part(key))]
    several = [
        part for key in ("primary_content", "secondary_content") for part in block.parts(key)
    ]
    notes = [_content_note(part, title, scope) for part in [*several, *single]]
    return [note for note in notes if note is not None]


def _content_note(content: Part, title: str, scope: Scope) -> Document | None:
    content.get("questions")
    heading = text_of(content.get("title"), content.where, scope)
    body = contents_text(content, scope).removeprefix(heading).strip()
    if not (heading or body):
        return None
    if not heading:
        heading, _, body = (f"{title}\n{body}" if title else body).partition("\n")
    heading = heading.removeprefix("• ")
    return _note(heading, heading, body, scope)


def _content_variants(block: Part, title: str, scope: Scope) -> list[Document]:
    notes, left, logic = [], TRUE, scope.logic
    for variant in block.parts("content_variants"):
        holds = function_of(variant.get("when"), variant.where, scope)
        when = when_text(logic.both(left, holds), variant.where, scope)
        left = logic.both(left, logic.negation(holds))
        content = variant.part("content")
        note = _content_note(content, title, scope) if content else None
        if note is not None and when is not None:
            notes.append({**note, "when": when} if when else note)
    return notes


def _note(name: str, heading: str, body: str, scope: Scope) -> Document:
    note = {
        "name": scope.item_name(f"about {name}"),
        "kind": "note",
        "label": " ".join(heading.split()) or "…",
        "hint": body,
    }
    return {key: value for key, value in note.items() if value}


def _line(text: str) -> str:
    return " ".join(text.split()) or "…"


def _with_own_edit_names(page: Document) -> Document:
    """Every edit of a page has a name of its own."""
    taken: set[str] = set()
    for edit in page.get("edits", ()):
        name, number = edit["name"], 2
        while edit["name"] in taken:
            edit["name"] = f"{name[:56]}_{number}"
            number += 1
        taken.add(edit["name"])
    return {key: value for key, value in page.items() if value or key == "items"}
