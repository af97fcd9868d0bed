"""An XLSForm in one language: its rows, choices and settings, without their languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from surveys.interchange.foreign.languages import language_tag
from surveys.interchange.foreign.texts import UNTRANSLATED, printable
from surveys.interchange.problems import unreadable
from surveys.interchange.xlsform.cells import CHOICE_EXTRA, EXTRA, Cells
from surveys.interchange.xlsform.workbook import Row

SEVERAL_LANGUAGES = ("label", "hint", "guidance_hint", "constraint_message", "required_message")
_OTHER_NAMES = {
    "relevance": "relevant",
    "relevant ": "relevant",
    "calculate": "calculation",
    "list name": "list_name",
    "value": "name",
    "constraint message": "constraint_message",
    "caption": "label",
}


@dataclass(frozen=True, slots=True)
class Form:
    """The sheets of a form, as they came; columns have their usual names."""

    survey: list[Row]
    choices: list[Row]
    settings: Cells
    languages: tuple[str, ...]

    @property
    def names_of_languages(self) -> Mapping[str, str]:
        """Names in the columns by tags: ``nb`` is ``Norwegian (nb)``."""
        return {tag_of(name): name for name in self.languages}


def form_of(sheets: Mapping[str, list[Row]]) -> Form:
    """The form. Raises UnreadableFile if it has no survey sheet with types and names."""
    by_name = {name.lower(): rows for name, rows in sheets.items()}
    survey = [_usual(row) for row in by_name.get("survey", [])]
    if not any("type" in row.cells for row in survey):
        raise unreadable(
            "missing_part",
            "workbook",
            "There is no sheet “survey” with a column “type”.",
            "Choose an XLSForm; its questions stand on a sheet called survey.",
        )
    choices = [_usual(row) for row in by_name.get("choices", [])]
    settings = [_usual(row).cells for row in by_name.get("settings", [])]
    first = settings[0] if settings else {}
    return Form(
        survey=[row for row in survey if row.cells.get("type")],
        choices=choices,
        settings=first,
        languages=_languages([*survey, *choices], first.get("default_language", "")),
    )


def tag_of(name: str) -> str:
    """The tag of a language of the form; one that is none is ``und``, and is told."""
    return language_tag(name) or language_tag(_KNOWN.get(name.strip().lower(), "")) or "und"


_KNOWN = {
    "english": "en",
    "norwegian": "nb",
    "bokmål": "nb",
    "norsk": "nb",
    "german": "de",
    "deutsch": "de",
    "italian": "it",
    "italiano": "it",
    "french": "fr",
    "français": "fr",
    "spanish": "es",
    "español": "es",
    "swedish": "sv",
    "danish": "da",
    "finnish": "fi",
    "dutch": "nl",
    "portuguese": "pt",
    "polish": "pl",
}


def _usual(row: Row) -> Row:
    cells: Cells = {}
    for column, cell in row.cells.items():
        name = column.strip()
        if name.startswith(CHOICE_EXTRA):
            name = name.replace(CHOICE_EXTRA, EXTRA, 1)
        head, colons, language = name.partition("::")
        if not colons and ":" in name and name.partition(":")[0].lower() in SEVERAL_LANGUAGES:
            head, colons, language = name.partition(":")
        if not head.lower().startswith("milieu"):
            head = _OTHER_NAMES.get(head.strip().lower(), head.strip().lower())
        cells.setdefault(f"{head}{'::' if colons else ''}{language.strip()}", printable(cell))
    return Row(row.number, cells, row.formulas)


def _languages(rows: Sequence[Row], default: str) -> tuple[str, ...]:
    """Languages of the columns of texts, the default one first; without any, the default."""
    found = dict.fromkeys(
        column.partition("::")[2]
        for row in rows
        for column in row.cells
        if "::" in column and column.partition("::")[0] in SEVERAL_LANGUAGES
    )
    names = [name for name in found if name]
    if default in names:
        names.remove(default)
        names.insert(0, default)
    return tuple(names) or ((default,) if default else ("English (en)",))


def in_language(cells: Cells, language: str, default: str) -> Cells:
    """The row with one column of each text. One that the language lacks says so."""
    row = {column: cell for column, cell in cells.items() if not _is_text(column)}
    for column in SEVERAL_LANGUAGES:
        source = cells.get(f"{column}::{default}") or cells.get(column, "")
        own = cells.get(f"{column}::{language}", "")
        if language == default or own:
            text = own or source
        else:
            text = f"{source}{UNTRANSLATED}" if source else ""
        if text:
            row[column] = text
    return row


def _is_text(column: str) -> bool:
    return column.partition("::")[0] in SEVERAL_LANGUAGES
