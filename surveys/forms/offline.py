"""A section as a sheet to fill in, and what comes back, read by the forms of its pages."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from surveys.actions.responses import Decision
from surveys.forms.fields import ManyCodesField
from surveys.forms.items import fields_of, typed_from
from surveys.forms.offline_checked import CheckedPage, as_sent, problems_of, with_answers
from surveys.forms.offline_drawing import Drawing, choices_of, is_shown
from surveys.forms.offline_entries import checked_roster
from surveys.forms.offline_rosters import draw_pointer, draw_roster, tabs_of, typed_rows
from surveys.forms.offline_words import only_if, part_label
from surveys.forms.pages import PageForm
from surveys.queries.offline_sheets import Cell, Sheet, Typed, yes
from surveys.queries.responses import (
    Standing,
    answer_lines,
    roster_of,
)
from surveys.questionnaire.instrument import Page, Section
from surveys.questionnaire.items import BatteryRow, Item, Note
from surveys.questionnaire.offering import takes_answer
from surveys.questionnaire.speech import say

_HOW = (
    "Fill in the yellow cells. Leave blank what you do not know. Save the file and upload it "
    "where you downloaded it: it is checked, and nothing is stored before you confirm."
)


class UploadForm(forms.Form):
    """One filled-in sheet."""

    file = forms.FileField(
        label=gettext_lazy("The file that you filled in"),
        error_messages={
            "required": gettext_lazy("Choose the file."),
            "empty": gettext_lazy("The file is empty."),
        },
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".xlsx"}),
    )


def sheet_of(firm: Standing, section: Section) -> Sheet:
    """The sheet of a section, whether or not its pages apply now."""
    drawing, tabs = Drawing(firm), tabs_of(section)
    lists = {
        page.name: (name, *draw_roster(firm, page, name))
        for page in section.pages
        if (name := tabs.get(page.name))
    }
    drawing.line(section.title, "heading")
    drawing.line(say(_HOW), "note")
    for page in section.pages:
        drawing.row += 1
        drawing.line(page.title, "page")
        drawing.line(only_if(firm.instrument, page), "note")
        drawing.line(page.intro, "note")
        roster = roster_of(page)
        if roster is not None:
            draw_pointer(drawing, roster, tabs[page.name])
        else:
            _draw_items(drawing, page)
    drawings = (drawing, *(each for _, each, _ in lists.values()))
    return Sheet(
        firm.fill(section.title),
        tuple(words for each in drawings for words in each.words),
        tuple(cell for each in drawings for cell in each.cells),
        {page: (name, first) for page, (name, _, first) in lists.items()},
    )


def _draw_items(drawing: Drawing, page: Page) -> None:
    former: Item | None = None
    for item in page.items:
        if isinstance(item, Note):
            drawing.line(item.label, "note")
        elif isinstance(item, BatteryRow):
            if not (isinstance(former, BatteryRow) and former.battery == item.battery):
                _draw_head(drawing, item)
            _draw_row(drawing, page, item)
        elif takes_answer(item):
            _draw_item(drawing, page, item)
        former = item


def _draw_item(drawing: Drawing, page: Page, item: Item) -> None:
    """One question: its label, then a row for every part that is filled in."""
    fields = [pair for pair in fields_of(item).items() if is_shown(item, pair[0])]
    drawing.say(item.label, "question")
    is_plain = len(fields) == 1 and not isinstance(fields[0][1], ManyCodesField)
    if not is_plain:
        drawing.row += 1
        drawing.line(item.hint, "note")
    label = drawing.firm.fill(item.label)
    for name, field in fields:
        _draw_field(drawing, page, (name, field), label, "" if is_plain else part_label(item, name))
    if is_plain:
        drawing.line(item.hint, "note")


def _draw_field(
    drawing: Drawing, page: Page, named: tuple[str, forms.Field], label: str, part: str
) -> None:
    name, field = named
    if isinstance(field, ManyCodesField):
        for value, words in field.choices:
            drawing.say(f"   {words}", "label")
            drawing.cells.append(Cell(drawing.row, 1, page.name, name, label, code=str(value)))
            drawing.row += 1
        return
    drawing.say(f"   {part}" if part else "", "label")
    choices = choices_of(drawing.firm, field)
    drawing.cells.append(Cell(drawing.row, 1, page.name, name, label, choices=choices))
    drawing.row += 1


def _draw_head(drawing: Drawing, row: BatteryRow) -> None:
    """The heads of the columns of a battery: its facets, and under them their codes."""
    column = 1
    drawing.line(row.hint, "note")
    for facet in row.facets:
        drawing.say(facet.label.replace(row.row.label, "…"), "head", column)
        column += _width(facet)
    drawing.row += 1
    column = 1
    for facet in row.facets:
        if facet.choose != "one":
            for place, code in enumerate(facet.codes):
                drawing.say(code.label, "head", column + place)
        column += _width(facet)
    drawing.row += 1


def _width(facet: Any) -> int:
    return 1 if facet.choose == "one" else max(1, len(facet.codes))


def _draw_row(drawing: Drawing, page: Page, item: BatteryRow) -> None:
    """A row of a battery: yes in a column, a choice, or a number a column."""
    drawing.say(item.row.label, "label")
    label = drawing.firm.fill(item.row.label)
    column = 1
    for name, field in fields_of(item).items():
        if isinstance(field, ManyCodesField):
            for value, _ in field.choices:
                drawing.cells.append(
                    Cell(drawing.row, column, page.name, name, label, code=str(value))
                )
                column += 1
            continue
        choices = choices_of(drawing.firm, field)
        drawing.cells.append(Cell(drawing.row, column, page.name, name, label, choices=choices))
        column += 1
    drawing.row += 1


def filled_cells(firm: Standing, section: Section, sheet: Sheet) -> dict[Cell, str]:
    """What is saved, as it is written into the cells."""
    values: dict[tuple[str, int, str], Any] = {}
    for page in section.pages:
        values |= typed_rows(firm, page)
        for item in page.items:
            if takes_answer(item):
                typed = typed_from(item, firm.answers.get(item.name))
                values |= {(page.name, 0, name): value for name, value in typed.items()}
    filled: dict[Cell, str] = {}
    for cell in sheet.cells:
        value = values.get((cell.page, cell.entry, cell.field))
        if cell.code:
            filled[cell] = yes() if cell.code in (value or ()) else ""
        elif cell.choices:
            filled[cell] = dict(cell.choices).get(str(value), "")
        else:
            filled[cell] = "" if value is None else str(value)
    return filled


def checked(
    firm: Standing,
    section: Section,
    typed: Mapping[str, Typed],
    revision: int,
    ticked: Collection[str] | None = None,
) -> tuple[CheckedPage, ...]:
    """The pages that were filled in, each read with the answers of those before it.

    `revision` is that of the response when the sheet was downloaded; `ticked` are the marks of
    what the person was asked about, None before they were asked.
    """
    pages = []
    for page in section.pages:
        if page.name not in typed:
            continue
        found = _checked_page(firm, page, typed[page.name], revision, ticked)
        pages.append(found)
        if found.may_be_saved:
            firm = with_answers(firm, found.answers)
    return tuple(pages)


def _checked_page(
    firm: Standing, page: Page, typed: Typed, revision: int, ticked: Collection[str] | None
) -> CheckedPage:
    title = firm.fill(page.title)
    applying = next((each for each in firm.route.pages if each.name == page.name), None)
    if applying is None:
        return CheckedPage(page.name, title, {}, applies=False)
    if roster_of(page) is not None:
        return checked_roster(firm, page, typed, revision, ticked)
    saved = {item.name: firm.answers.get(item.name) for item in page.items}
    form = PageForm(
        page=page,
        context=firm.context,
        data=as_sent(page, typed),
        answers=saved,
        known=firm.known,
    )
    form.is_valid()
    revisions = firm.response.page_revisions if firm.response else {}
    mine = answer_lines(page, firm, form.answers)
    is_newer = revisions.get(page.name, 0) > revision and any(
        saved.get(name) != value for name, value in form.answers.items()
    )
    return CheckedPage(
        page.name,
        title,
        form.answers,
        lines=mine,
        problems=problems_of(form),
        questions=tuple(
            Decision(finding.edit, finding.message, kept=True, reason="")
            for finding in form.questions
        ),
        theirs=answer_lines(page, firm, saved) if is_newer else (),
    )
