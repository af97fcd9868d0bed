"""A survey of SurveyJS as an authored document."""

from typing import Any

from surveys.interchange.expressions.surveyjs import parse_surveyjs
from surveys.interchange.expressions.tree import Call, Name, Operation, Tree
from surveys.interchange.foreign.languages import put_together
from surveys.interchange.foreign.names import slug
from surveys.interchange.foreign.pages import LONGEST_TITLE, pages_of
from surveys.interchange.foreign.reading import Reading
from surveys.interchange.foreign.settling import settle
from surveys.interchange.imported import Imported
from surveys.interchange.limits import read_json
from surveys.interchange.problems import unreadable
from surveys.interchange.surveyjs.elements import Elements
from surveys.interchange.surveyjs.source import Node, Source, languages_in, mappings
from surveys.interchange.surveyjs.tables import matrix, roster

_NOT_KEPT = (
    "triggers", "completedHtml", "completedHtmlOnCondition", "completedBeforeHtml", "navigateToUrl",
    "navigateToUrlOnCondition", "maxTimeToFinish", "cookieName", "logo",
)  # fmt: skip


def read(data: bytes) -> Imported:
    """The document that the survey says, and what it says that a document cannot.

    Raises UnreadableFile for what is no survey, or beyond the limits.
    """
    survey = read_json(data)
    if not any(isinstance(survey.get(key), list) for key in ("pages", "elements", "questions")):
        raise unreadable(
            "missing_part",
            "file",
            "The file has neither pages nor elements.",
            "Choose the JSON of a survey, as SurveyJS Creator shows it.",
        )
    languages = languages_in(survey)
    reading = Reading(parse_surveyjs)
    document = _document(survey, reading, languages[0], languages[0])

    def build(language: str) -> Node:
        return _document(survey, Reading(parse_surveyjs), language, languages[0])

    return Imported(put_together(document, languages, build), tuple(reading.unsupported))


def _document(survey: Node, reading: Reading, language: str, default: str) -> Node:
    source = Source(reading, language, default)
    source.note_passed_over(survey, _NOT_KEPT, "survey")
    title = source.label(survey.get("title")) or "Imported survey"
    document: Node = {
        "instrument": slug(_name(survey)),
        "version": "1",
        "title": title[:LONGEST_TITLE],
        "language": default,
    }
    intro = source.text(survey.get("description"))
    if intro:
        document["intro"] = intro
    pages = survey.get("pages")
    if not isinstance(pages, list):
        pages = [{"name": "page", "elements": survey.get("elements", survey.get("questions"))}]
    walk = _Walk(source, Elements(source))
    found = walk.pages(pages)
    _add_calculated(survey, found, walk)
    document["sections"] = [{"name": "main", "title": title, "pages": found}]
    return settle(document, reading)


def _name(survey: Node) -> str:
    """The name is of the author's language, so that it is one over all of them."""
    title = survey.get("title")
    if isinstance(title, dict):
        title = title.get("default") or next(iter(title.values()), "")
    return title if isinstance(title, str) and title else "survey"


class _Walk:
    def __init__(self, source: Source, elements: Elements) -> None:
        self.source = source
        self.elements = elements

    def pages(self, pages: list[Any]) -> list[Node]:
        found: list[Node] = []
        for number, page in enumerate(mappings(pages), start=1):
            name = str(page.get("name") or f"page {number}")
            where = f"page {name}"
            self.elements.edits = []
            items = self.items(page.get("elements", page.get("questions")), where)
            when: Node = {}
            self.source.put_when(when, page, where)
            found += pages_of(
                self.source.reading,
                name=name,
                title=self.source.text(page.get("title")),
                intro=self.source.text(page.get("description")),
                items=items,
                when=when.get("when", ()),
                edits=self.elements.edits,
            )
        return found

    def items(self, elements: Any, where: str) -> list[Node]:
        return [
            item
            for element in mappings(elements)
            for item in self.element(element, f"{where} > {str(element.get('name'))[:60]}")
        ]

    def element(self, element: Node, where: str) -> list[Node]:
        match element.get("type"):
            case "panel" | "flowpanel":
                return self.panel(element, where)
            case "matrix" | "matrixdropdown" if not self.source.roster:
                return matrix(self.elements, element, where)
            case "paneldynamic" | "matrixdynamic":
                return roster(self.elements, element, where, self.items)
        return self.elements.question(element, where)

    def panel(self, element: Node, where: str) -> list[Node]:
        """The items of a panel, each under its condition; its title is a note before them."""
        holder: Node = {}
        self.source.put_when(holder, element, where)
        items = self.items(element.get("elements", element.get("questions")), where)
        title = self.source.text(element.get("title"))
        if title and items:
            name = self.source.reading.items.give(f"{element.get('name')}_heading")
            items.insert(0, {"name": name, "kind": "note", "label": title})
        for item in items:
            conditions = [*holder.get("when", []), *item.get("when", [])]
            if conditions:
                item["when"] = conditions
        return items


def _add_calculated(survey: Node, pages: list[Node], walk: _Walk) -> None:
    """A calculated value becomes an item behind the last question that it reads."""
    for value in mappings(survey.get("calculatedValues")):
        name = str(value.get("name") or "value")
        where = f"calculatedValues {name[:60]}"
        element = {"name": name, "expression": value.get("expression")}
        item = walk.elements.expression(element, where)[0]
        tree = item["expression"].tree
        targets = walk.source.reading.targets
        read = {targets[each].reference.split(".")[0] for each in _names(tree) if each in targets}
        last = max(
            (
                place
                for place, page in enumerate(pages)
                if read & {str(each["name"]) for each in page["items"]}
            ),
            default=len(pages) - 1,
        )
        pages[last + 1 : last + 1] = pages_of(
            walk.source.reading, name=name, title=item["label"], items=[item]
        )


def _names(tree: Tree | None) -> set[str]:
    match tree:
        case Name(name):
            return {name}
        case Operation(_, parts) | Call(_, parts):
            return {name for part in parts for name in _names(part)}
    return set()
