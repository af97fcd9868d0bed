"""Reading a filled-in sheet: the file behind the house's guards, then cell by cell."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from surveys.exports.offline import FILLED, MARK, ROW, unescaped
from surveys.microdata.limits import Limits
from surveys.microdata.mapping import FileOptions
from surveys.microdata.problems import MicrodataRefused
from surveys.microdata.workbook import is_workbook, workbook_rows
from surveys.queries.offline_sheets import (
    Cell,
    Mark,
    MarkedRow,
    Sheet,
    Typed,
    is_yes,
    row_field,
    tab,
    yes,
)
from surveys.questionnaire.answer_checks import ENTRY_KEY
from surveys.questionnaire.speech import say

LARGEST = 2_000_000
_LIMITS = Limits(
    bytes=LARGEST, cells=200_000, columns=2_000, unpacked_bytes=20_000_000, members=120
)
_MOST_ROWS = 10_000
_LONGEST = 10_000
Read = TypeVar("Read")

TOO_LARGE = "The file is larger than 2 MB. A sheet with answers is far smaller."
_NOT_OURS = (
    "This is not a sheet that was downloaded here. Download the sheet of the section again and "
    "copy your answers into it."
)
_NO_TAB = (
    "The sheet “{tab}” of this file is missing or was renamed. Download the file again and copy "
    "your answers into it."
)
_CHOICE = "Cell {place} reads “{text}”, which is not in its list. Choose an answer from the list."
_YES = "Cell {place} reads “{text}”. Choose “{yes}”, or leave it blank."
_FORMULA = "Cell {place} holds a formula. Type the value itself."
_LONG = "Cell {place} holds more than 10,000 characters. Shorten it."


class NotOurFile(Exception):
    """The file cannot be read as a sheet of ours; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that does not hold what it may; `label` is the question."""

    page: str
    label: str
    message: str


def read_mark(data: bytes) -> Mark:
    """Where the file belongs, by its own word. Raises NotOurFile."""
    if len(data) > LARGEST:
        raise NotOurFile(say(TOO_LARGE))
    if not is_workbook(data):
        raise NotOurFile(_with_advice(say("The file is not an XLSX workbook.")))
    rows = list(_rows(data, MARK))
    told = {row[0]: row[1] for row in rows if len(row) > 1}
    revision = told.get("revision", "")
    if not {"case", "fingerprint", "section"} <= set(told) or not _is_count(revision):
        raise NotOurFile(say(_NOT_OURS))
    return Mark(
        case=told["case"],
        fingerprint=told["fingerprint"],
        section=told["section"],
        language=told.get("language", ""),
        revision=int(revision),
        rows=_marked(rows),
    )


def _marked(rows: list[list[str]]) -> tuple[MarkedRow, ...]:
    """Which entry each row of a roster's sheet is. Raises NotOurFile where that is not plain."""
    marked = tuple(
        MarkedRow(row[1], int(row[2]), row[3], row[4:5] == [FILLED])
        for row in rows
        if len(row) > 3 and row[0] == ROW and _is_count(row[2]) and ENTRY_KEY.fullmatch(row[3])
    )
    if len({(each.page, each.key) for each in marked}) < len(marked):
        raise NotOurFile(say(_NOT_OURS))
    return marked


def read_answers(
    data: bytes, sheet: Sheet, marked: Collection[MarkedRow] = ()
) -> tuple[dict[str, Typed], tuple[Unreadable, ...]]:
    """What was typed, page by page and field by field, and the cells that cannot be taken.

    A page on which no cell is filled in is left out. `marked` tell which entry each row of a
    roster's sheet is; a row that was filled in at the download and is blank now is named
    without a field. Raises NotOurFile.
    """
    rows = {name: list(_tab_rows(data, name)) for name in ("", *_names(sheet))}
    keys = {(each.page, each.entry): each for each in marked}
    typed: dict[str, dict[str, list[str]]] = {}
    wrong: list[Unreadable] = []
    emptied = _filled_at_first(sheet, keys)
    for cell in sheet.cells:
        text = _text(rows[cell.tab], cell).strip()
        if not text:
            continue
        field = _field(cell, keys)
        emptied.pop((cell.page, cell.entry), None)
        value, message = _value(cell, text)
        fields = typed.setdefault(cell.page, {})
        if message:
            wrong.append(Unreadable(cell.page, cell.label, message))
        else:
            fields.setdefault(field, []).append(value)
    for (page, _), name in emptied.items():
        typed.setdefault(page, {})[name] = []
    return {page: _frozen(fields) for page, fields in typed.items()}, tuple(wrong)


def _names(sheet: Sheet) -> list[str]:
    return [name for name, _ in sheet.tabs.values()]


def _tab_rows(data: bytes, name: str) -> Iterator[list[str]]:
    """Rows of the sheet of questions, or of a roster. Raises NotOurFile."""
    try:
        yield from _rows(data, name or tab())
    except NotOurFile as refusal:
        if name and str(refusal) == say(_NOT_OURS):
            raise NotOurFile(say(_NO_TAB, tab=name)) from None
        raise


def _filled_at_first(
    sheet: Sheet, keys: Mapping[tuple[str, int], MarkedRow]
) -> dict[tuple[str, int], str]:
    """The rows that held an entry at the download, each with what says that it was emptied."""
    return {
        place: row_field(each.key, sheet.tabs[each.page][1] + each.entry, "")
        for place, each in keys.items()
        if each.was_filled and each.page in sheet.tabs
    }


def _field(cell: Cell, keys: Mapping[tuple[str, int], MarkedRow]) -> str:
    """The field of the cell, with the entry that its row is. Raises NotOurFile."""
    if not cell.entry:
        return cell.field
    marked = keys.get((cell.page, cell.entry))
    if marked is None:
        raise NotOurFile(say(_NOT_OURS))
    return row_field(marked.key, cell.row + 1, cell.field)


def _value(cell: Cell, text: str) -> tuple[str, str]:
    """The value of a filled cell, or the sentence that says why it has none."""
    shown = text if len(text) <= 60 else f"{text[:59]}…"
    if text.startswith("="):
        return "", say(_FORMULA, place=cell.place)
    if len(text) > _LONGEST:
        return "", say(_LONG, place=cell.place)
    if cell.code:
        sentence = "" if is_yes(text) else say(_YES, place=cell.place, text=shown, yes=yes())
        return cell.code, sentence
    if not cell.choices:
        return unescaped(text), ""
    plain = unescaped(text)
    for value, label in cell.choices:
        if plain in (label, value) or plain.casefold() == label.casefold():
            return value, ""
    return "", say(_CHOICE, place=cell.place, text=shown)


def _text(rows: list[list[str]], cell: Cell) -> str:
    if cell.row >= len(rows) or cell.column >= len(rows[cell.row]):
        return ""
    return rows[cell.row][cell.column]


def _frozen(fields: dict[str, list[str]]) -> Typed:
    return {name: tuple(values) for name, values in fields.items()}


def _rows(data: bytes, sheet: str) -> Iterator[list[str]]:
    """Rows of one sheet as text. Raises NotOurFile."""
    rows = _guarded(lambda: workbook_rows(data, FileOptions(sheet=sheet), _LIMITS))
    for _ in range(_MOST_ROWS):
        row = _guarded(lambda: next(rows, None))
        if row is None:
            return
        yield row
    raise NotOurFile(_with_advice(say("The sheet has more than 10,000 rows.")))


def _guarded(read: Callable[[], Read]) -> Read:
    try:
        return read()
    except MicrodataRefused as refusal:
        code = refusal.report.shown[0].code
        if code == "workbook_too_large":
            raise NotOurFile(say("The workbook would unpack to far more than it holds.")) from None
        raise NotOurFile(say(_NOT_OURS)) from None


def _with_advice(sentence: str) -> str:
    return f"{sentence} {say(_NOT_OURS)}"


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
