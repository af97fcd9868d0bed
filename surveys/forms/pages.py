"""The form of one page of a questionnaire, built by django-crispy-forms from its items."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from surveys import questionnaire
from surveys.forms import pages_script as script
from surveys.forms.controls import PriorAnswer
from surveys.forms.drawing_parts import Links, element_id
from surveys.forms.items import (
    UnreadableAnswer,
    answer_from,
    field_name,
    fields_of,
    stated_missing,
    typed_from,
)
from surveys.forms.pages_layout import ItemLayout, PageLayout, share_battery
from surveys.questionnaire import FillContext, Finding
from surveys.questionnaire.instrument import Page
from surveys.questionnaire.items import Item, Lookup, MultipleChoice, SingleChoice
from surveys.questionnaire.offering import may_hold, offered, still_offered, takes_answer
from surveys.questionnaire.speech import say

_NOT_OFFERED = "“{label}” does not go with your other answers. Choose another answer."
_LOST = "Your earlier answer “{labels}” no longer goes with your other answers. Choose again."
_UNCHOSEN = (
    "You wrote something under “{label}” without choosing it. Choose it if the text is to count."
)


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One line of the summary of errors: the sentence, and the field it leads to."""

    message: str
    field_id: str


class PageForm(forms.Form):
    """The items of one page.

    `answers` are the saved answers to the items of the page, whether they count or not;
    `context.answers` those of the whole questionnaire that count, and `known` what is known
    of the firm beside them.

    After ``is_valid()``: `answers` holds an answer for every item that takes one, and
    `questions` the soft edits that speak, which the firm may confirm. An item that does not
    apply keeps what was saved, or what was typed if that can be read.
    """

    def __init__(
        self,
        *,
        page: Page,
        context: FillContext,
        data: Mapping[str, Any] | None = None,
        answers: Mapping[str, Any] | None = None,
        known: Mapping[str, Any] | None = None,
        links: Links | None = None,
    ) -> None:
        self.page = page
        self.context = context
        self.links = links or Links()
        self.scope: dict[str, Any] = {**(known or {}), **context.answers}
        self.saved = dict(answers or {})
        self.on_page = frozenset(item.name for item in page.items)
        self.items = tuple(
            offered(item, self.scope, self.on_page)
            for item in page.items
            if may_hold(item.universe, self.scope, self.on_page)
        )
        self.answers: dict[str, Any] = {}
        self.questions: tuple[Finding, ...] = ()
        self.errors_of_whole: dict[str, tuple[str, ...]] = {}
        self.notices: dict[str, str] = {}
        self.priors: dict[str, PriorAnswer] = {}
        self.names: dict[str, tuple[str, ...]] = {}
        super().__init__(data=data, initial=self._initial())
        for item in self.items:
            fields = fields_of(item)
            self.names[item.name] = tuple(fields)
            self.fields.update(fields)
        self.companions = _companions(page)
        self.helper = self._helper()

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or self.cleaned_data)
        said = {name: value for name, value in self.scope.items() if name not in self.on_page}
        unchosen: list[Finding] = []
        for item in self.items:
            if item.universe.holds(said):
                self._read(offered(item, said), item, cleaned)
                said[item.name] = self.answers.get(item.name)
            elif self._set_aside(item, cleaned) and item.name in self.companions:
                unchosen.append(self._unchosen(item))
        for item in self.page.items:
            if takes_answer(item):
                self.answers.setdefault(item.name, self.saved.get(item.name))
        if not self.errors:
            self._listen_to_edits(said, tuple(unchosen))
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

    @property
    def stands_alone(self) -> bool:
        """Whether the page asks one question, whose label is then its heading."""
        return len(self._drawn()) == 1

    @property
    def has_lookup(self) -> bool:
        return any(isinstance(item, Lookup) for item in self.items)

    @property
    def answers_for_script(self) -> str:
        """The earlier answers that conditions and edits of this page read, as JSON."""
        return script.answers_json(self.page, self.scope, self.on_page)

    @property
    def edits_for_script(self) -> str:
        """The author's edits of this page, as JSON."""
        return script.edits_json(self.page, self.context)

    def contradict(self, sentences: Mapping[str, str]) -> None:
        """Add errors that the request as a whole brought up, by item."""
        for item in self.items:
            if item.name in sentences:
                self._add_fault(item, "", sentences[item.name])

    def look_up(self, name: str) -> None:
        """Show what fits the text typed for a long list; say nothing of other answers yet."""
        self.full_clean()
        items = (item for item in self.items if item.name == name and isinstance(item, Lookup))
        for item in items:
            typed = self.cleaned_data.get(name) if name not in self.errors else self.data.get(name)
            keeps = bool(typed) and not item.codes.search(str(typed), most=1)
            self._errors = forms.utils.ErrorDict(
                {key: value for key, value in self.errors.items() if keeps and key == name}
            )
        self.errors_of_whole = {}

    def _initial(self) -> dict[str, Any]:
        """What the fields show at first, without codes that are not offered any more."""
        typed: dict[str, Any] = {}
        for item in self.items:
            answer, lost = still_offered(item, self.saved.get(item.name))
            typed |= typed_from(item, answer)
            if lost and (labels := _labels_of(self.page, item, lost, self.context)):
                self.notices[item.name] = say(_LOST, labels=labels)
        return typed

    def _read(self, item: Item, shown: Item, cleaned: Mapping[str, Any]) -> None:
        """Read the answer to an item that applies, with the codes that are offered."""
        if any(name in self.errors for name in self.names[item.name]):
            return
        try:
            answer = answer_from(item, cleaned)
        except UnreadableAnswer as error:
            self.add_error(field_name(item, error.part), str(error))
            return
        if not takes_answer(item):
            return
        _, lost = still_offered(item, answer)
        if lost:
            labels = _labels_of(self.page, shown, lost, self.context)
            self._add_fault(item, "", say(_NOT_OFFERED, label=labels))
            return
        self.answers[item.name] = answer
        if answer is None or stated_missing(item, answer):
            return
        for fault in questionnaire.check_value(item, answer, self.scope):
            self._add_fault(item, fault.field, fault.message)

    def _set_aside(self, item: Item, cleaned: Mapping[str, Any]) -> bool:
        """Keep what was typed for an item that does not apply. False if nothing was typed."""
        names = self.names[item.name]
        is_wrong = any(name in self.errors for name in names)
        for name in names:
            self.errors.pop(name, None)
        if is_wrong or not any(self.data.get(name) for name in names):
            return False
        try:
            answer = answer_from(item, cleaned)
        except UnreadableAnswer:
            return False
        if answer is None or questionnaire.check_value(item, answer):
            return False
        self.answers[item.name] = answer
        return True

    def _unchosen(self, item: Item) -> Finding:
        """The question about a text under an option that was not chosen."""
        owner, code = self.companions[item.name]
        owning = next(each for each in self.page.items if each.name == owner)
        label = _labels_of(self.page, owning, (code,), self.context)
        return Finding(f"{item.name}.unchosen", "soft", say(_UNCHOSEN, label=label), (owner,))

    def _add_fault(self, item: Item, part: str, message: str) -> None:
        """Add an error to the field of the part, or to the first field for the whole item."""
        names = self.names.get(item.name, ())
        name = field_name(item, part.replace(".", "-"))
        if name not in names:
            name = next((each for each in names if part and each.startswith(f"{name}-")), "")
        if not name:
            self.errors_of_whole[item.name] = (
                *self.errors_of_whole.get(item.name, ()),
                message,
            )
        self.add_error(name or (names[0] if names else None), message)

    def _listen_to_edits(self, answers: dict[str, Any], unchosen: tuple[Finding, ...]) -> None:
        context = replace(self.context, answers={**self.context.answers, **answers})
        findings = questionnaire.check_page(self.page, answers, context)
        for finding in findings:
            if finding.severity == "hard":
                named = [item for item in self.items if item.name in finding.items]
                self._add_fault((named or list(self.items))[0], "", finding.message)
        soft = tuple(finding for finding in findings if finding.severity == "soft")
        self.questions = (*soft, *unchosen)

    def _drawn(self) -> tuple[Item, ...]:
        """The items with a place of their own on the page."""
        return tuple(item for item in self.items if item.name not in self.companions)

    def _helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.form_show_errors = False
        helper.template = "respondent/items/page_form.html"
        drawn = self._drawn()
        alone = len(drawn) == 1
        helper.layout = PageLayout(
            *(
                ItemLayout(
                    item,
                    leads=alone,
                    intro=self.page.intro if alone else "",
                    repeats=number > 0 and share_battery(item, drawn[number - 1]),
                )
                for number, item in enumerate(drawn)
            )
        )
        return helper


def _companions(page: Page) -> Mapping[str, tuple[str, str]]:
    """Items that belong to an option of another: by name, that item and the option's code."""
    names = {item.name for item in page.items}
    return {
        name: (item.name, code.value)
        for item in page.items
        if isinstance(item, SingleChoice | MultipleChoice)
        for code in item.codes
        if code.specify and (name := f"{item.name}.{code.value}") in names
    }


def _labels_of(page: Page, item: Item, codes: tuple[str, ...], context: FillContext) -> str:
    """The labels of codes, as the author wrote the item; empty if it has none of them."""
    written = next((each for each in page.items if each.name == item.name), item)
    labels = {code.value: code.label for code in getattr(written, "codes", ())}
    known = [questionnaire.fill(labels[code], context) for code in codes if code in labels]
    return "”, “".join(known)
