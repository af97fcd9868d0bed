"""A survey of LimeSurvey as an authored document."""

from surveys.interchange.expressions.limesurvey import parse_limesurvey
from surveys.interchange.foreign.languages import put_together
from surveys.interchange.foreign.names import slug
from surveys.interchange.foreign.pages import LONGEST_TITLE, pages_of
from surveys.interchange.foreign.reading import Reading
from surveys.interchange.foreign.settling import settle
from surveys.interchange.imported import Imported
from surveys.interchange.limesurvey.arrays import ARRAYS, array
from surveys.interchange.limesurvey.questions import Node, Questions
from surveys.interchange.limesurvey.source import (
    Row,
    Tables,
    Words,
    by_order,
    plain_mapping,
    tables_of,
    tags_of,
)

_NOT_KEPT = {
    "quota": "quotas",
    "assessments": "assessments",
    "defaultvalues": "default values",
}
_ONE_A_PAGE = "S"


def read(data: bytes) -> Imported:
    """The document that the survey says, and what it says that a document cannot.

    Raises UnreadableFile for unsafe or broken XML, what is no survey, or beyond the limits.
    """
    tables = tables_of(data)
    tags = tags_of(tables.languages)
    reading = Reading(parse_limesurvey)
    document = _document(tables, reading, tables.languages[0])

    def build(tag: str) -> Node:
        return _document(tables, Reading(parse_limesurvey), tags[tag])

    return Imported(put_together(document, tuple(tags), build), tuple(reading.unsupported))


def _document(tables: Tables, reading: Reading, language: str) -> Node:
    words = Words(tables, language)
    _note_what_is_passed_over(tables, words, reading)
    title = words.label("survey", "", "surveyls_title") or "Imported survey"
    source = Words(tables, tables.languages[0]).label("survey", "", "surveyls_title")
    document: Node = {
        "instrument": slug(source or "survey"),
        "version": "1",
        "title": title[:LONGEST_TITLE],
        "language": next(iter(tags_of(tables.languages))),
    }
    intro = words.text("survey", "", "surveyls_welcometext") or words.text(
        "survey", "", "surveyls_description"
    )
    if intro:
        document["intro"] = intro
    questions = Questions(
        reading,
        words,
        _by(_children(tables), "parent_qid"),
        _by(tables.table("answers"), "qid"),
        plain_mapping(tables.table("question_attributes")),
    )
    document["sections"] = [
        section
        for group in by_order(tables.table("groups"), "group_order")
        if (section := _section(tables, questions, group))["pages"]
    ]
    return settle(document, reading)


def _children(tables: Tables) -> list[Row]:
    """Subquestions; some versions keep them among the questions."""
    rows = tables.table("questions")
    among = [row for row in rows if row.get("parent_qid", "0") not in ("0", "")]
    return [*tables.table("subquestions"), *among]


def _by(rows: list[Row], column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.get(column, ""), []).append(row)
    return found


def _section(tables: Tables, questions: Questions, group: Row) -> Node:
    gid, words, reading = group.get("gid", ""), questions.words, questions.reading
    title = words.text("groups", gid, "group_name") or f"Group {gid}"
    name = reading.sections.give(_plain_title(tables, gid), "section")
    section: Node = {"name": name, "title": title}
    intro = words.text("groups", gid, "description")
    if intro:
        section["intro"] = intro
    section |= questions.universe(group.get("grelevance", ""), f"group {gid}")
    own = [
        row
        for row in tables.table("questions")
        if row.get("gid") == gid and row.get("parent_qid", "0") in ("0", "")
    ]
    items = [_items(questions, row) for row in by_order(own, "question_order")]
    survey = (tables.table("surveys") or [{}])[0]
    if survey.get("format") != _ONE_A_PAGE:
        items = [[item for group_items in items for item in group_items]]
        page_title = title
    else:
        page_title = ""
    section["pages"] = [
        page
        for each in items
        if each
        for page in pages_of(reading, name="", title=page_title, items=each)
    ]
    return section


def _plain_title(tables: Tables, gid: str) -> str:
    """The name is of the author's language, so that it is one over all of them."""
    words = Words(tables, tables.languages[0])
    return words.label("groups", gid, "group_name") or f"group {gid}"


def _items(questions: Questions, question: Row) -> list[Node]:
    if question.get("type") in ARRAYS:
        return array(questions, question)
    return questions.items(question)


def _note_what_is_passed_over(tables: Tables, words: Words, reading: Reading) -> None:
    for table, what in _NOT_KEPT.items():
        count = len(tables.table(table))
        if count:
            reading.lack(f"{count} {what}", "survey")
    questions = tables.table("questions")
    relevant = {row.get("qid") for row in questions if row.get("relevance", "1") != "1"}
    for row in tables.table("conditions"):
        if row.get("qid") not in relevant:
            reading.lack(
                f"a condition without an equation: {row.get('cfieldname', '')[:80]} "
                f"{row.get('method', '')[:10]} {row.get('value', '')[:40]}",
                f"question {row.get('qid', '')}",
                "left out; the firms are not narrowed by it",
            )
    if words.raw("survey", "", "surveyls_endtext"):
        reading.lack("the text after the end", "survey")
    if "und" in tags_of(tables.languages):
        reading.lack("a language that is no tag", "survey", "und")
