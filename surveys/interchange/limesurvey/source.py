"""The tables of an ``.lss`` file, of old and new versions of the database alike."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from surveys.interchange.foreign.languages import language_tag
from surveys.interchange.foreign.texts import (
    UNTRANSLATED,
    printable,
    with_quotes,
    without_markup,
)
from surveys.interchange.limits import within_size
from surveys.interchange.problems import unreadable

Row = dict[str, str]
_QUOTED = re.compile(r"\{([A-Za-z]\w{0,60})(?:\.(?:shown|NAOK|value|code))?\}")
_MOST_ROWS = 100_000
_TEXTS_OF = {"questions": "question_l10ns", "groups": "group_l10ns", "answers": "answer_l10ns"}
_IDS = {"questions": "qid", "groups": "gid", "answers": "aid"}


@dataclass(frozen=True, slots=True)
class Tables:
    """Rows by table; texts by table, identifier and language."""

    rows: Mapping[str, list[Row]]
    texts: Mapping[tuple[str, str, str], Row]
    languages: tuple[str, ...]
    version: str

    def table(self, name: str) -> list[Row]:
        return self.rows.get(name, [])


def tables_of(data: bytes) -> Tables:
    """The tables. Raises UnreadableFile for unsafe XML, and for what is no survey."""
    root = _parsed(within_size(data))
    if root.tag != "document" or (root.findtext("LimeSurveyDocType") or "").strip() != "Survey":
        raise unreadable(
            "wrong_shape",
            "document",
            "The file is not a survey of LimeSurvey.",
            "Export the structure of the survey as .lss.",
        )
    rows = {each.tag: _rows(each) for each in root}
    if sum(len(each) for each in rows.values()) > _MOST_ROWS:
        raise unreadable(
            "too_many", "document", "The file has too many rows.", f"It may have {_MOST_ROWS:,}."
        )
    languages = _languages(root, rows)
    version = (root.findtext("DBVersion") or "").strip()
    return Tables(_distinct(rows), _texts(rows), languages, version)


def _parsed(data: bytes) -> Element:
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise unreadable(
            "unsafe",
            "file",
            "The file declares a document type or entities, which a survey has no need of.",
            "Export the survey anew from LimeSurvey.",
        ) from None
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise unreadable(
            "not_readable",
            "file",
            f"The file is not XML: {str(error)[:120]}.",
            "Export the survey anew from LimeSurvey.",
        ) from None
    return root


def _rows(table: Element) -> list[Row]:
    return [
        {cell.tag: printable("".join(cell.itertext())).strip() for cell in row}
        for row in table.iterfind("rows/row")
    ]


def _languages(root: Element, rows: Mapping[str, list[Row]]) -> tuple[str, ...]:
    survey = (rows.get("surveys") or [{}])[0]
    named = [
        survey.get("language", ""),
        *survey.get("additional_languages", "").split(),
        *((each.text or "").strip() for each in root.iterfind("languages/language")),
    ]
    return tuple(dict.fromkeys(name for name in named if name)) or ("en",)


def _distinct(rows: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    """The tables with one row each: old versions repeat a row in every language."""
    found: dict[str, list[Row]] = {}
    for name, table in rows.items():
        kept: dict[tuple[str, ...], Row] = {}
        for number, row in enumerate(table):
            kept.setdefault(_identity(name, row, number), row)
        found[name] = list(kept.values())
    return found


def _identity(table: str, row: Row, number: int) -> tuple[str, ...]:
    if table in ("questions", "subquestions"):
        return (row.get("qid", ""),)
    if table == "groups":
        return (row.get("gid", ""),)
    if table == "answers":
        return (row.get("aid") or _answer_id(row),)
    return (str(number),)


def _answer_id(row: Row) -> str:
    return f"{row.get('qid')}/{row.get('scale_id', '0')}/{row.get('code')}"


def _texts(rows: Mapping[str, list[Row]]) -> dict[tuple[str, str, str], Row]:
    texts: dict[tuple[str, str, str], Row] = {}
    for table, name in (
        ("questions", "questions"),
        ("subquestions", "questions"),
        ("groups", "groups"),
        ("answers", "answers"),
    ):
        for row in rows.get(table, []):
            identifier = row.get(_IDS[name]) or (_answer_id(row) if name == "answers" else "")
            texts.setdefault((name, identifier, row.get("language", "")), row)
    for table, name in _TEXTS_OF.items():
        for row in rows.get(name, []):
            texts[table, row.get(_IDS[table], ""), row.get("language", "")] = row
    for row in rows.get("surveys_languagesettings", []):
        texts["survey", "", row.get("surveyls_language", "")] = row
    return texts


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of the tables in one language, named as LimeSurvey names it."""

    tables: Tables
    language: str

    @property
    def default(self) -> str:
        return self.tables.languages[0]

    def raw(self, table: str, identifier: str, column: str) -> str:
        """The text; that of the first language, marked, where this one has none."""
        texts = self.tables.texts
        own = texts.get((table, identifier, self.language), {}).get(column, "")
        if own:
            return own
        source = texts.get((table, identifier, self.default), {}).get(column, "")
        return self.in_default(source)

    def text(self, table: str, identifier: str, column: str) -> str:
        return with_quotes(without_markup(self.raw(table, identifier, column)), _QUOTED)

    def label(self, table: str, identifier: str, column: str) -> str:
        """A text that quotes nothing, such as that of a code."""
        plain = without_markup(self.raw(table, identifier, column))
        return plain.replace("{", "(").replace("}", ")")

    def in_default(self, text: str) -> str:
        """A text that the first language has alone."""
        if self.language == self.default or not text:
            return text
        return f"{text}{UNTRANSLATED}"


def answer_key(row: Row) -> str:
    return row.get("aid") or _answer_id(row)


def by_order(rows: list[Row], column: str) -> list[Row]:
    return sorted(rows, key=lambda row: _order(row.get(column, "")))


def _order(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def tags_of(languages: tuple[str, ...]) -> dict[str, str]:
    """LimeSurvey's names of languages by tag; the first of a tag counts."""
    tags: dict[str, str] = {}
    for name in languages:
        tags.setdefault(language_tag(name) or "und", name)
    return tags


def plain_mapping(rows: list[Row]) -> dict[str, dict[str, Any]]:
    """Attributes of questions: value by name, by question."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(row.get("qid", ""), {}).setdefault(
            row.get("attribute", ""), row.get("value", "")
        )
    return found
