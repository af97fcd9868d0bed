"""The form of one page of a questionnaire, built by django-crispy-forms from its items."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.template.loader import render_to_string

from surveys import questionnaire
from surveys.forms.drawing import control, element_id
from surveys.forms.items import (
    UnreadableAnswer,
    answer_from,
    field_name,
    fields_of,
    typed_from,
)
from surveys.questionnaire import FillContext, Finding
from surveys.questionnaire.instrument import Page
from surveys.questionnaire.items import BatteryRow, Item


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One line of the summary of errors: the sentence, and the field it leads to."""

    message: str
    field_id: str


class PageForm(forms.Form):
    """The items of one page.

    After ``is_valid()``: `answers` holds an answer for every item, and `questions` the
    soft edits that speak, which the firm may confirm.
    """

    def __init__(
        self,
        *,
        page: Page,
        context: FillContext,
        data: Mapping[str, Any] | None = None,
        answers: Mapping[str, Any] | None = None,
    ) -> None:
        typed: dict[str, Any] = {}
        for item in page.items:
            typed |= typed_from(item, (answers or {}).get(item.name))
        super().__init__(data=data, initial=typed)
        self.page = page
        self.context = context
        self.answers: dict[str, Any] = {}
        self.questions: tuple[Finding, ...] = ()
        self.errors_of_whole: dict[str, tuple[str, ...]] = {}
        for item in page.items:
            self.fields.update(fields_of(item))
        self.helper = self._helper()

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or self.cleaned_data)
        for item in self.page.items:
            self._read(item, cleaned)
        if not self.errors:
            self._listen_to_edits()
        return cleaned

    @property
    def summary(self) -> tuple[SummaryLine, ...]:
        """Every error once, in the order of the fields."""
        lines = [
            SummaryLine(str(message), element_id(name) if name in self.fields else "questions")
            for name in (*self.fields, NON_FIELD_ERRORS)
            for message in self.errors.get(name, ())
        ]
        return tuple(dict.fromkeys(lines))

    def _read(self, item: Item, cleaned: Mapping[str, Any]) -> None:
        if any(name in self.errors for name in fields_of(item)):
            return
        try:
            answer = answer_from(item, cleaned)
        except UnreadableAnswer as error:
            self.add_error(field_name(item, error.part), str(error))
            return
        self.answers[item.name] = answer
        if answer is None:
            return
        for fault in questionnaire.check_value(item, answer):
            self._add_fault(item, fault.field, fault.message)

    def _add_fault(self, item: Item, part: str, message: str) -> None:
        """Add an error to the field of the part, or to the first field for the whole item."""
        name = field_name(item, part)
        if name not in self.fields:
            name = next(iter(fields_of(item)))
            self.errors_of_whole[item.name] = (
                *self.errors_of_whole.get(item.name, ()),
                message,
            )
        self.add_error(name, message)

    def _listen_to_edits(self) -> None:
        answers = {**self.context.answers, **self.answers}
        context = replace(self.context, answers=answers)
        findings = questionnaire.check_page(self.page, answers, context)
        for finding in findings:
            if finding.severity == "hard":
                named = [item for item in self.page.items if item.name in finding.items]
                self._add_fault((named or list(self.page.items))[0], "", finding.message)
        self.questions = tuple(finding for finding in findings if finding.severity == "soft")

    def _helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.form_show_errors = False
        helper.template = "respondent/items/page_form.html"
        alone = len(self.page.items) == 1
        helper.layout = Layout(
            *(
                ItemLayout(
                    item,
                    leads=alone,
                    intro=self.page.intro if alone else "",
                    repeats=number > 0 and _share_battery(item, self.page.items[number - 1]),
                )
                for number, item in enumerate(self.page.items)
            )
        )
        return helper


def _share_battery(item: Item, other: Item) -> bool:
    return (
        isinstance(item, BatteryRow)
        and isinstance(other, BatteryRow)
        and item.battery == other.battery
    )


class ItemLayout(LayoutObject):
    """Draws one item with the template of its kind."""

    def __init__(self, item: Item, *, leads: bool, intro: str, repeats: bool) -> None:
        self.item = item
        self.leads = leads
        self.intro = intro
        self.repeats = repeats
        self.fields = list(fields_of(item))

    def render(self, form: PageForm, _context: Any, **_options: Any) -> str:
        form.rendered_fields.update(self.fields)
        drawn = control(
            self.item,
            form,
            lambda text: questionnaire.fill(text, form.context),
            leads=self.leads,
            intro=self.intro,
            repeats=self.repeats,
            of_whole=form.errors_of_whole.get(self.item.name, ()),
        )
        return render_to_string(f"respondent/items/{drawn.kind}.html", {"control": drawn})
