"""An authored document as an XLSForm."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from surveys.interchange.xlsform.cells import CHOICE_EXTRA, EXTRA, Cells, add_exact, encode
from surveys.interchange.xlsform.fragments import text
from surveys.interchange.xlsform.native import put
from surveys.interchange.xlsform.rows import Sheets, rows_of
from surveys.interchange.xlsform.workbook import write_sheets
from surveys.questionnaire.speech import Speech, in_english, speaking
from surveys.questionnaire.translations import languages_of, translate

SpeechOf = Callable[[str], Speech]

TRANSLATIONS = "milieu_translations"
LANGUAGE_NAMES = {
    "en": "English",
    "nb": "Norwegian Bokmål",
    "nn": "Norwegian Nynorsk",
    "de": "German",
    "it": "Italian",
    "fr": "French",
    "es": "Spanish",
    "sv": "Swedish",
    "da": "Danish",
    "fi": "Finnish",
    "nl": "Dutch",
    "pt": "Portuguese",
    "pl": "Polish",
}
TEXT_COLUMNS = ("label", "hint", "guidance_hint")
_IN_OTHER_SHEETS = {"sections", "translations"}


def write(document: Mapping[str, Any], *, speech_of: SpeechOf = in_english) -> bytes:
    """The document as an XLSX file that XLSForm tools take, and that `read` gives back whole.

    `speech_of` gives, for a language, the words of what the author leaves to the platform, such
    as "please specify".
    """
    languages = languages_of(document)
    with speaking(speech_of(languages[0])):
        sheets = rows_of(document)
    if len(languages) > 1:
        sheets = _in_languages(document, sheets, languages, speech_of)
    pages: dict[str, Sequence[Cells]] = {
        "survey": sheets.survey,
        "choices": [_as_choice(cells) for cells in sheets.choices],
        "settings": [settings_row(document)],
    }
    if document.get("translations"):
        pages[TRANSLATIONS] = list(_translations(document["translations"]))
    return write_sheets(pages)


def column_of(column: str, language: str) -> str:
    """``label::Norwegian Bokmål (nb)``."""
    return f"{column}::{LANGUAGE_NAMES.get(language, language)} ({language})"


def _in_languages(
    document: Mapping[str, Any], sheets: Sheets, languages: Sequence[str], speech_of: SpeechOf
) -> Sheets:
    translated = {}
    for language in languages[1:]:
        with speaking(speech_of(language)):
            translated[language] = rows_of(translate(document, language))
    whole = Sheets()
    for name in ("survey", "choices"):
        for number, cells in enumerate(getattr(sheets, name)):
            texts = {languages[0]: cells} | {
                language: getattr(each, name)[number] for language, each in translated.items()
            }
            getattr(whole, name).append(_with_texts(cells, texts))
    return whole


def _with_texts(cells: Cells, texts: Mapping[str, Cells]) -> Cells:
    """The row with a column a language instead of each column of texts."""
    row: Cells = {}
    for column, cell in cells.items():
        if column not in TEXT_COLUMNS:
            row[column] = cell
            continue
        for language, own in texts.items():
            row[column_of(column, language)] = own.get(column, cell)
    return row


def _as_choice(cells: Cells) -> Cells:
    """XLSForm tools make an element of every column of choices, so that none may hold ``::``."""
    return {
        column.replace(EXTRA, CHOICE_EXTRA) if column.startswith(EXTRA) else column: cell
        for column, cell in cells.items()
    }


def settings_row(document: Mapping[str, Any]) -> Cells:
    cells: Cells = {}
    put(cells, "form_title", document.get("title"))
    put(cells, "form_id", document.get("instrument"))
    put(cells, "version", document.get("version"))
    language = str(document.get("language") or "en")
    if len(languages_of(document)) > 1:
        cells["default_language"] = f"{LANGUAGE_NAMES.get(language, language)} ({language})"
    cells[f"{EXTRA}document"] = "1"
    add_exact(cells, document, settings_node(cells), _IN_OTHER_SHEETS | _codes_by_choices(document))
    return cells


def settings_node(cells: Cells) -> dict[str, Any]:
    """The keys of the document that the native settings say."""
    node: dict[str, Any] = {}
    for column, key in (("form_title", "title"), ("form_id", "instrument"), ("version", "version")):
        if cells.get(column):
            node[key] = text(cells, column)
    return node


def _codes_by_choices(document: Mapping[str, Any]) -> set[str]:
    """``codes``, where every shared list can be told from its choices."""
    lists = document.get("codes")
    if not isinstance(lists, Mapping) or not lists:
        return set()
    is_plain = all(
        isinstance(codes, list)
        and codes
        and all(isinstance(code, Mapping) for code in codes)
        and name == name.strip()
        and " " not in name
        for name, codes in lists.items()
    )
    return {"codes"} if is_plain else set()


def _translations(translations: Mapping[str, Any]) -> Sequence[Cells]:
    rows = []
    for language, entries in translations.items():
        for key, entry in (entries or {}).items():
            cells: Cells = {"language": language, "key": key}
            _put_entry(cells, entry)
            rows.append(cells)
    return rows


def _put_entry(cells: Cells, entry: Any) -> None:
    is_plain = isinstance(entry, Mapping) and set(entry) == {"text", "of"}
    if is_plain and all(isinstance(value, str) for value in entry.values()):
        cells["text"], cells["of"] = encode(entry["text"]), encode(entry["of"])
    else:
        cells["entry"] = encode(entry)
