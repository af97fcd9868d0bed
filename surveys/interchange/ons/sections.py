"""Sections of an eq schema to sections of the document."""

from collections.abc import Iterator
from typing import Any

from surveys.interchange.limits import MOST_ITEMS
from surveys.interchange.ons.known import AnswerKind, Known, Scope
from surveys.interchange.ons.lists import add_entry_page, roster_page
from surveys.interchange.ons.logic import FALSE, TRUE
from surveys.interchange.ons.names import slug
from surveys.interchange.ons.pages import page_of
from surveys.interchange.ons.reading import Part
from surveys.interchange.ons.routes import Routes, Stop, when_text
from surveys.interchange.ons.rules import function_of
from surveys.interchange.ons.texts import text_of

Document = dict[str, Any]


def sections_of(root: Part, scope: Scope) -> list[Document]:
    sections = root.parts("sections", needed=True)
    _index(sections, scope)
    opening = _opening(root)
    documents = [
        document
        for section in sections
        if (document := _section(section, opening, scope)) is not None
    ]
    for missing in sorted(opening - {section.word("id") for section in sections}):
        root.problem(
            "unknown_target",
            f"The hub requires the section {missing[:80]!r}, which is not there.",
            "Correct its identifier.",
        )
    return documents


def _opening(root: Part) -> set[str]:
    """The sections that are completed before the hub opens."""
    flow = root.part("questionnaire_flow")
    if flow is None:
        return set()
    kind, options = flow.word("type"), flow.part("options")
    if kind != "Hub":
        flow.kept(f"a questionnaire that flows as “{kind[:40]}”", "a hub with sections in order")
    required = options.get("required_completed_sections") if options else None
    return (
        {each for each in required if isinstance(each, str)}
        if isinstance(required, list)
        else set()
    )


def _index(sections: list[Part], scope: Scope) -> None:
    """Where every answer of the schema is asked; identifiers stand once."""
    blocks_seen: set[str] = set()
    for section in sections:
        name = section.word("id", needed=True)
        if name in blocks_seen:
            _note_twice(section, name)
        blocks_seen.add(name)
        for group in section.parts("groups", needed=True):
            for block in group.parts("blocks", needed=True):
                identifier = block.word("id", needed=True)
                if identifier in blocks_seen:
                    _note_twice(block, identifier)
                blocks_seen.add(identifier)
                for answer in set(_answer_ids(block.data)):
                    if answer in scope.section_of_answer:
                        _note_twice(block, answer)
                    scope.section_of_answer[answer] = name
    if len(scope.section_of_answer) > MOST_ITEMS:
        scope.notes.problem(
            "too_many",
            "file",
            f"The schema has {len(scope.section_of_answer):,} answers.",
            f"It may have {MOST_ITEMS:,}.",
        )
    scope.notes.refuse_problems()


def _note_twice(part: Part, identifier: str) -> None:
    part.problem(
        "duplicate_name", f"{identifier[:80]!r} stands twice.", "Give each its own identifier."
    )


def _answer_ids(value: Any) -> Iterator[str]:
    """Identifiers of all answers and further answers below the block."""
    if isinstance(value, dict):
        answers = value.get("answers")
        for answer in answers if isinstance(answers, list) else []:
            if isinstance(answer, dict) and isinstance(answer.get("id"), str):
                yield answer["id"]
        detail = value.get("detail_answer")
        if isinstance(detail, dict) and isinstance(detail.get("id"), str):
            yield detail["id"]
        for each in value.values():
            yield from _answer_ids(each)
    elif isinstance(value, list):
        for each in value:
            yield from _answer_ids(each)


def _section(section: Part, opening: set[str], scope: Scope) -> Document | None:
    scope.section = section.word("id")
    title = " ".join(text_of(section.get("title"), section.where, scope).split())
    enabled = section.part("enabled")
    function = TRUE if enabled is None else function_of(enabled.get("when"), enabled.where, scope)
    when = when_text(function, section.where, scope)
    if when is None:
        section.kept("a section that no firm is asked")
        return None
    repeat = section.part("repeat")
    stops = _stops(section)
    if repeat is not None:
        _repeated(repeat, stops, function, scope)
        return None
    pages = _pages(stops, scope)
    if not pages:
        section.kept("a section without pages")
        return None
    title = title or pages[0]["title"]
    document = {
        "name": scope.names.section(title),
        "title": title,
        "opens": "yes" if scope.section in opening else "",
        "on_hub": "no" if section.get("show_on_hub") is False else "",
        "summary": _summary(section),
        "when": when,
        "pages": pages,
    }
    return {key: value for key, value in document.items() if value}


def _summary(section: Part) -> str:
    summary = section.part("summary")
    if summary is None:
        return ""
    if summary.get("page_title"):
        summary.kept("a title of its own for the summary", "the title of the section")
    if summary.get("items"):
        summary.kept("lists in the summary", "the page of all answers of the section")
    if summary.get("show_on_completion") is False:
        summary.kept("a summary that is reached from the hub only", "the page of all answers")
        return ""
    return "yes"


def _stops(section: Part) -> list[Stop]:
    stops = []
    for group in section.parts("groups"):
        group.get("title")
        for block in group.parts("blocks"):
            skips = group.part("skip_conditions") if group.has("skip_conditions") else None
            stops.append(Stop(block, block.word("id"), skips))
    return stops


def _pages(stops: list[Stop], scope: Scope) -> list[Document]:
    """The pages of the blocks, each under the condition that it is reached."""
    routes = Routes(stops, scope)
    pages: list[Document] = []
    for place, stop in enumerate(stops):
        scope.place += 1
        shown = routes.enter(place)
        when = None if shown == FALSE else when_text(shown, stop.block.where, scope)
        if when is None:
            stop.block.kept("a page that no firm reaches")
        elif (page := _page(stop.block, scope)) is not None:
            _add_page(pages, page, stop, when, scope)
        routes.leave(place)
    return pages


def _add_page(pages: list[Document], page: Document, stop: Stop, when: str, scope: Scope) -> None:
    if not page["items"]:
        stop.block.kept("a page on which nothing is left to ask")
        return
    pages.append(_named_page(page, stop, when, scope))
    _learn_details(page, stop.block, scope)


def _page(block: Part, scope: Scope) -> Document | None:
    if block.data.get("type") == "ListCollector":
        block.word("type")
        return roster_page(block, scope)
    return page_of(block, scope)


def _named_page(page: Document, stop: Stop, when: str, scope: Scope) -> Document:
    head: Document = {"name": scope.names.page(stop.name.replace("-", " ")), "title": page["title"]}
    if page.get("intro"):
        head["intro"] = page["intro"]
    if when:
        head["when"] = when
    rest = {key: page[key] for key in ("items", "edits") if page.get(key)}
    return {**head, **rest}


def _learn_details(page: Document, block: Part, scope: Scope) -> None:
    """Rules may read what an option asks in addition: an item of its own."""
    details = {
        option["detail_answer"]["id"]: str(option.get("value"))
        for option in _options(block.data)
        if isinstance(option.get("detail_answer"), dict)
        and isinstance(option["detail_answer"].get("id"), str)
    }
    for answer, value in details.items():
        for item in page["items"]:
            for code in item.get("codes", ()):
                if code.get("specify") and code["value"] in _codes_for(value, item, scope):
                    kind: AnswerKind = "number" if code["specify"] == "number" else "text"
                    scope.learn(answer, Known(f"{item['name']}.{code['value']}", kind))


def _codes_for(value: str, item: Document, scope: Scope) -> set[str]:
    return {
        code
        for several in scope.answers.values()
        for known in several
        if known.item == item["name"] and (code := known.code(value)) is not None
    }


def _options(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        options = value.get("options")
        for option in options if isinstance(options, list) else []:
            if isinstance(option, dict):
                yield option
        for each in value.values():
            yield from _options(each)
    elif isinstance(value, list):
        for each in value:
            yield from _options(each)


def _repeated(repeat: Part, stops: list[Stop], enabled: int, scope: Scope) -> None:
    """Further pages of the roster through whose entries the section goes."""
    name = repeat.word("for_list", needed=True)
    known = scope.lists.get(name)
    if known is None:
        repeat.kept(f"a section repeated for the list {name[:60]}, which nothing collects")
        return
    repeat.kept("a repeated section", f"further questions of the roster {known.name}")
    if repeat.get("title"):
        repeat.kept("a title for each repetition", "the name of the entry")
    scope.roster = known.name
    routes = Routes(stops, scope)
    for place, stop in enumerate(stops):
        scope.place += 1
        shown = scope.logic.both(enabled, routes.enter(place))
        when = None if shown == FALSE else when_text(shown, stop.block.where, scope)
        if when is None or stop.block.data.get("type") == "ListCollector":
            stop.block.kept("a page of a repeated section")
        else:
            add_entry_page(stop.block, when, known, scope)
        routes.leave(place)
    scope.roster = ""


def instrument_name(root: Part) -> str:
    """The title as a slug with hyphens."""
    name = slug(root.word("title", needed=True), 60, fallback="questionnaire", telling=False)
    name = name.replace("_", "-")
    return name if name[0].isalpha() else f"q-{name}"[:60]
