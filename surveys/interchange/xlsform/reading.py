"""An XLSForm as an authored document."""

from collections.abc import Mapping
from typing import Any

from surveys.interchange.expressions.xpath import parse_xpath
from surveys.interchange.foreign.languages import put_together
from surveys.interchange.foreign.names import slug
from surveys.interchange.foreign.reading import Reading
from surveys.interchange.foreign.settling import settle
from surveys.interchange.foreign.texts import UNTRANSLATED, settled, with_quotes
from surveys.interchange.imported import Imported
from surveys.interchange.xlsform.cells import DERIVED, EXTRA, SHARED, Cells, decode, merged
from surveys.interchange.xlsform.form import Form, form_of, in_language, tag_of
from surveys.interchange.xlsform.fragments import QUESTION
from surveys.interchange.xlsform.native import text_cell
from surveys.interchange.xlsform.questions import Questions, own_code
from surveys.interchange.xlsform.rows import rows_of
from surveys.interchange.xlsform.structure import Structure
from surveys.interchange.xlsform.tree import tree_of
from surveys.interchange.xlsform.workbook import Row, read_sheets, with_long_cells
from surveys.interchange.xlsform.writing import TRANSLATIONS, settings_node
from surveys.questionnaire.translations import source_hash, strings, translate, with_translations

_PLAINLY = "yes"  # in the column of derived rows, where no words of the platform stand

KNOWN_COLUMNS = frozenset(
    [
        "type",
        "name",
        "label",
        "hint",
        "guidance_hint",
        "required",
        "relevant",
        "constraint",
        "constraint_message",
        "calculation",
        "choice_filter",
        "appearance",
        "parameters",
        "repeat_count",
    ]
)


def read(data: bytes) -> Imported:
    """The document that the form says, and what it says that a document cannot.

    Raises UnreadableFile for what is no XLSForm, or beyond the limits.
    """
    sheets = with_long_cells(read_sheets(data))
    form = form_of(sheets)
    reading = Reading(parse_xpath)
    _note_what_is_passed_over(form, reading)
    default = form.languages[0]
    document = _document(form, default, reading)
    languages = form.names_of_languages

    def build(tag: str) -> dict[str, Any]:
        return _document(form, languages[tag], Reading(parse_xpath))

    if f"{EXTRA}document" in form.settings:
        document = _own_languages(document, sheets.get(TRANSLATIONS, []), form, build)
        _note_changed_parts(document, form, reading)
    else:
        document["language"] = tag_of(default)
        document = put_together(document, tuple(languages), build)
    return Imported(document, tuple(reading.unsupported))


def _document(form: Form, language: str, reading: Reading) -> dict[str, Any]:
    default = form.languages[0]
    survey = [Row(row.number, in_language(row.cells, language, default)) for row in form.survey]
    choices: dict[str, list[Cells]] = {}
    for row in form.choices:
        cells = in_language(row.cells, language, default)
        if DERIVED not in cells:
            choices.setdefault(cells.get("list_name", ""), []).append(cells)
    shared = {
        name: [own_code(row, reading, f"choices {name}") for row in rows]
        for name, rows in choices.items()
        if SHARED in rows[0]
    }
    document = _head(form.settings)
    if shared:
        document["codes"] = shared
    rosters = frozenset(
        row.cells.get("name", "") for row in survey if row.cells["type"].startswith("begin_repeat")
    )
    is_own = f"{EXTRA}document" in form.settings
    questions = Questions(reading, choices, shared, rosters, is_own)
    structure = Structure(reading, questions, str(document.get("title") or "Questions"))
    document["sections"] = structure.sections(tree_of(survey))
    return settle(document, reading)


def _head(settings: Cells) -> dict[str, Any]:
    node = settings_node(settings)
    if f"{EXTRA}document" in settings:
        whole = merged(node, settings)
        whole.pop("document")
        return whole
    title = node.get("title") or node.get("instrument") or "Imported form"
    return {
        "instrument": slug(str(node.get("instrument") or title)),
        "version": str(node.get("version") or "1")[:20],
        "title": str(title)[:200],
    }


def _own_languages(
    document: dict[str, Any], rows: list[Row], form: Form, build: Any
) -> dict[str, Any]:
    """Translations as they were written, unless the form's own columns were changed since."""
    translations: dict[str, dict[str, Any]] = {}
    for row in rows:
        cells = row.cells
        entry = (
            decode(cells["entry"])
            if "entry" in cells
            else {"text": decode(cells.get("text", '""')), "of": decode(cells.get("of", '""'))}
        )
        translations.setdefault(cells.get("language", ""), {})[cells.get("key", "")] = entry
    if translations:
        document = document | {"translations": translations}
    sources = {string.key: string.text for string in strings(document)}
    for tag in tuple(form.names_of_languages)[1:]:
        expected = {string.key: string.text for string in strings(translate(document, tag))}
        changed = {
            string.key: (string.text, source_hash(sources[string.key]))
            for string in strings(build(tag))
            if UNTRANSLATED not in string.text
            and string.key in sources
            and _shown(string.text)
            not in (_shown(expected.get(string.key, "")), _shown(sources[string.key]), "")
        }
        if changed:
            document = with_translations(document, tag, changed)
    return document


def _shown(text: str) -> str:
    """The text as a cell shows it, with quoted answers left open."""
    cell = with_quotes(text_cell(text), QUESTION)
    return settled(cell, lambda _: "…").strip()


def _note_what_is_passed_over(form: Form, reading: Reading) -> None:
    """Columns and formulas that are not read, each once."""
    counts: dict[str, int] = {}
    for row in form.survey:
        for column in row.formulas:
            reading.lack(
                f"a formula in column {column[:40]}", f"survey row {row.number}", "its text"
            )
        for column in row.cells:
            head = column.partition("::")[0]
            if head not in KNOWN_COLUMNS and head != "milieu":
                counts[column] = counts.get(column, 0) + 1
    for column, count in counts.items():
        reading.lack(f"the column {column[:80]}, filled in {count} rows", "survey")
    for tag, name in form.names_of_languages.items():
        if tag == "und":
            reading.lack(f"the language “{name[:40]}”, which is no tag", "survey", "und")


def _label_as_written(cells: Cells, expected: Cells) -> str:
    """The label that the row was written with; words of the platform stand beside it."""
    own = cells[DERIVED]
    return expected.get("label", "").strip() if own == _PLAINLY else own


def _note_changed_parts(document: Mapping[str, Any], form: Form, reading: Reading) -> None:
    """Rows that show parts of a battery or allocation, and were changed by hand."""
    default = form.languages[0]
    written = {
        cells.get("name", "") + cells["type"]: cells
        for cells in rows_of(document).survey
        if DERIVED in cells
    }
    for row in form.survey:
        cells = in_language(row.cells, default, default)
        expected = written.get(cells.get("name", "") + cells["type"])
        if DERIVED not in cells or cells["type"].startswith("end"):
            continue
        if expected is None or cells.get("label", "") != _label_as_written(cells, expected):
            reading.lack(
                f"a change of “{cells.get('name', '')[:80]}”, which only shows a part",
                f"survey row {row.number}",
                "what the extra columns of its group say",
            )
