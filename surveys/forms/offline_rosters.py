"""A roster as a sheet of its own: a row an entry, a column for every part of its questions."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from surveys.forms.fields import ManyCodesField
from surveys.forms.items import fields_of, typed_from
from surveys.forms.offline_drawing import Drawing, choices_of, is_shown
from surveys.forms.offline_words import part_label, within_if
from surveys.queries.offline_sheets import NONE, STILL, Cell, MarkedRow, tab
from surveys.queries.prior import month_in_words
from surveys.queries.prior_entries import Carried, carried_of
from surveys.queries.responses import Standing, roster_of
from surveys.questionnaire.instrument import Page, Section
from surveys.questionnaire.items import Item, Roster
from surveys.questionnaire.offering import takes_answer
from surveys.questionnaire.speech import say

_SEE = "Fill this list in on the sheet “{tab}”: a row for each {thing}, at most {most}."
_HOW = (
    "A row for each {thing}, in any of the yellow rows; each needs its name. Leave blank what you "
    "do not know or what does not apply."
)
_REMOVAL = (
    "A row that you empty takes its {thing} off the list, once you tick that where you upload the "
    "file."
)
_REVIEW = "Every {thing} that is added, changed or taken off is named there before it is stored."
_FROM_BEFORE = {
    "shown": "You told us in {month}: {answer}",
    "prefilled": (
        "The {things} that you told us of in {month} are filled in. Change what is not right any "
        "more, and empty the rows of those that no longer apply."
    ),
    "confirmed": (
        "The {things} that you told us of in {month} are filled in. Say of each, in the first "
        "yellow column, whether it is still right."
    ),
}
_NONE = "There are no {things} to list"
_STILL = "Compared with {month}"
_STILL_UNKNOWN = "Compared with the last time"
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST = 31
_RESERVED = ("lists", "milieu", "history")


def tabs_of(section: Section) -> dict[str, str]:
    """The names of the sheets of the rosters of a section, by page."""
    names: dict[str, str] = {}
    taken = {*_RESERVED, tab().casefold()}
    for page in section.pages:
        roster = roster_of(page)
        if roster is None:
            continue
        plain = _FORBIDDEN.sub(" ", roster.things).strip(" '")[: _LONGEST - 4].strip(" '")
        plain = plain[:1].upper() + plain[1:] or roster.name[: _LONGEST - 4]
        name, number = plain, 1
        while name.casefold() in taken:
            number += 1
            name = f"{plain} {number}"
        names[page.name] = name
        taken.add(name.casefold())
    return names


def still_choices() -> tuple[tuple[str, str], ...]:
    """What can be said of an entry of the wave before."""
    return (
        ("yes", say("Still right")),
        ("changed", say("Something changed")),
        ("gone", say("No longer applies")),
    )


def draw_pointer(drawing: Drawing, roster: Roster, name: str) -> None:
    """On the sheet of questions, where the list is filled in."""
    drawing.line(roster.label, "question")
    drawing.line(say(_SEE, tab=name, thing=roster.thing, most=roster.most), "note")


def draw_roster(firm: Standing, page: Page, name: str) -> tuple[Drawing, int]:
    """The sheet of the roster of a page, and the row of its first entry."""
    roster = next(item for item in page.items if isinstance(item, Roster))
    drawing = Drawing(firm, name)
    drawing.line(roster.label, "heading")
    drawing.line(roster.hint, "line")
    drawing.line(say(_HOW, thing=roster.thing), "line")
    drawing.line(say(_REMOVAL, thing=roster.thing), "line")
    drawing.line(say(_REVIEW, thing=roster.thing), "line")
    if roster.dependent != "hidden":
        # The row is there whether or not the firm has a list, so that cells stay where they are.
        drawing.say(_from_before(firm, roster), "line")
        drawing.row += 1
    none = say(_NONE, things=roster.things)
    drawing.say(none, "label")
    drawing.cells.append(Cell(drawing.row, 1, page.name, NONE, none, code="yes", tab=name))
    drawing.row += 2
    columns = _heads(drawing, firm, roster)
    drawing.row += 4
    first = drawing.row
    for number in range(1, roster.most + 1):
        thing = f"{roster.thing[:1].upper()}{roster.thing[1:]}"
        drawing.say(f"{thing} {number}", "label")
        for column, cell_of in enumerate(columns, 1):
            drawing.cells.append(cell_of(page, number, drawing.row, column))
        drawing.row += 1
    return drawing, first


def _from_before(firm: Standing, roster: Roster) -> str:
    """What became of the list of the wave before on this sheet; empty where there is none."""
    carried = carried_of(firm.case, roster, firm.response)
    if carried.given_at is None or not carried.entries:
        return ""
    return say(
        _FROM_BEFORE[roster.dependent],
        things=roster.things,
        month=month_in_words(carried.given_at),
        answer="; ".join(last.name for last in carried.entries),
    )


CellOf = Callable[[Page, int, int, int], Cell]


def _heads(drawing: Drawing, firm: Standing, roster: Roster) -> list[CellOf]:
    """Four rows of heads: page of the entry, question, part, and who is asked; the columns."""
    columns: list[CellOf] = []
    if roster.dependent == "confirmed":
        carried = carried_of(firm.case, roster, firm.response)
        _head(drawing, 1, ("", _still_label(carried), "", ""))
        columns.append(_column(drawing, STILL, _still_label(carried), still_choices()))
    for entry_page in roster.pages:
        title = _of_any_entry(roster, entry_page.title)
        for item in entry_page.items:
            if not takes_answer(item):
                continue
            asked_if = within_if(firm.instrument, roster, entry_page, item)
            condition = _of_any_entry(roster, asked_if)
            label = _of_any_entry(roster, item.label)
            for part, cell_of in _parts(drawing, firm, item, label):
                _head(drawing, len(columns) + 1, (title, label, part, condition))
                columns.append(cell_of)
                title = condition = label = ""
    return columns


def _parts(drawing: Drawing, firm: Standing, item: Item, label: str) -> list[tuple[str, CellOf]]:
    """The columns of one question, each with what stands over it."""
    parts: list[tuple[str, CellOf]] = []
    called = drawing.firm.fill(label)
    shown = {name: field for name, field in fields_of(item).items() if is_shown(item, name)}
    for name, field in shown.items():
        if isinstance(field, ManyCodesField):
            parts += [
                (str(words), _column(drawing, name, f"{called}: {words}", code=str(value)))
                for value, words in field.choices
            ]
            continue
        part = part_label(item, name) if len(shown) > 1 else ""
        parts.append((part, _column(drawing, name, called, choices_of(firm, field))))
    return parts


def _column(
    drawing: Drawing,
    name: str,
    label: str,
    choices: tuple[tuple[str, str], ...] = (),
    code: str = "",
) -> CellOf:
    def cell(page: Page, entry: int, row: int, column: int) -> Cell:
        called = f"{drawing.tab}, {say('row {row}', row=row + 1)}, {label}"
        return Cell(row, column, page.name, name, called, code, choices, drawing.tab, entry)

    return cell


def _head(drawing: Drawing, column: int, texts: tuple[str, str, str, str]) -> None:
    styles = ("page", "head", "head", "note")
    start = drawing.row
    for offset, (text, style) in enumerate(zip(texts, styles, strict=True)):
        drawing.row = start + offset
        drawing.say(text, style, column)
    drawing.row = start


def _still_label(carried: Carried) -> str:
    if carried.given_at is None:
        return say(_STILL_UNKNOWN)
    return say(_STILL, month=month_in_words(carried.given_at))


def _of_any_entry(roster: Roster, text: str) -> str:
    """The text with dots where each entry has its own answer."""
    return re.sub(rf"\{{answer:{re.escape(roster.name)}\.[^}}]*\}}", "…", text)


def rows_of(firm: Standing, page: Page) -> list[dict[str, Any]]:
    """The entries that a sheet begins with: those saved, then those of the wave before."""
    roster = roster_of(page)
    if roster is None:
        return []
    saved = firm.answers.get(roster.name)
    entries = [each for each in saved if isinstance(each, dict)] if isinstance(saved, list) else []
    return carried_of(firm.case, roster, firm.response).with_waiting(entries)[: roster.most]


def marked_rows(
    firm: Standing, section: Section, new_key: Callable[[], str]
) -> tuple[MarkedRow, ...]:
    """Which entry every row of the rosters' sheets is; blank rows get keys to be."""
    marked = []
    for page in section.pages:
        roster, rows = roster_of(page), rows_of(firm, page)
        for number in range(1, (roster.most if roster else 0) + 1):
            entry = rows[number - 1] if number <= len(rows) else None
            key = str(entry.get("entry")) if entry else new_key()
            marked.append(MarkedRow(page.name, number, key, entry is not None))
    return tuple(marked)


def typed_rows(firm: Standing, page: Page) -> dict[tuple[str, int, str], Any]:
    """What is saved of the entries, by page, row and field, as a form would be given it."""
    roster = roster_of(page)
    values: dict[tuple[str, int, str], Any] = {}
    for number, entry in enumerate(rows_of(firm, page), 1):
        for item in roster.items if roster else ():
            if takes_answer(item):
                answer = entry.get(item.name.removeprefix(f"{roster.name}."))
                typed: Mapping[str, Any] = typed_from(item, answer)
                values |= {(page.name, number, name): value for name, value in typed.items()}
    return values
