"""Forms of the contact protocol."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from surveys.fieldwork.offered_words import offered_words
from surveys.fieldwork.protocols import STANDINGS, Audience, StepPlan, Words
from surveys.fieldwork.wording import LONGEST_SUBJECT
from surveys.models import ContactStep
from surveys.queries.languages import language_name

_SELECT = {"class": "form-select"}
_CONTROL = {"class": "form-control"}


class StepForm(forms.Form):
    """One step: when, how, to whom, and its words in every language of the questionnaire."""

    kind = forms.ChoiceField(
        label="Kind", choices=ContactStep.Kind.choices, widget=forms.Select(attrs=_SELECT)
    )
    channel = forms.ChoiceField(
        label="Goes by",
        help_text=(
            "A letter needs {code} in its text, an e-mail {link}. Of a phone list the text is what "
            "to say in a call; it may be left blank, the codes cannot be said."
        ),
        choices=ContactStep.Channel.choices,
        widget=forms.Select(attrs=_SELECT),
    )
    offset_days = forms.IntegerField(
        label="Days",
        help_text="Below zero: so many days before.",
        widget=forms.NumberInput(attrs=_CONTROL),
        required=False,
        error_messages={"invalid": "Type a whole number of days."},
    )
    day_from = forms.ChoiceField(
        label="After",
        choices=ContactStep.DayFrom.choices,
        widget=forms.Select(attrs=_SELECT),
    )
    on = forms.DateField(
        label="Or on a date",
        help_text="Counts in place of the days.",
        required=False,
        widget=forms.DateInput(attrs=_CONTROL | {"type": "date"}),
        error_messages={"invalid": "Type a date as 2026-11-30."},
    )
    standing = forms.ChoiceField(
        label="Goes to", choices=list(STANDINGS.items()), widget=forms.Select(attrs=_SELECT)
    )
    strata = forms.MultipleChoiceField(
        label="Only in these strata",
        help_text="None chosen: all.",
        required=False,
        widget=forms.SelectMultiple(attrs=_SELECT | {"size": "6"}),
    )
    least_priority = forms.FloatField(
        label="Least priority",
        help_text="Left blank: whatever their priority.",
        required=False,
        widget=forms.NumberInput(attrs=_CONTROL | {"step": "any"}),
    )

    def __init__(self, *args: Any, languages: Sequence[str], strata: Sequence[str], **kw: Any):
        super().__init__(*args, **kw)
        self.languages = tuple(languages)
        self.fields["strata"].choices = [(label, label) for label in strata]
        for language in self.languages:
            self.fields[f"subject-{language}"] = forms.CharField(
                label=f"Subject in {language_name(language)}",
                max_length=LONGEST_SUBJECT,
                required=False,
                widget=forms.TextInput(attrs=_CONTROL),
            )
            self.fields[f"body-{language}"] = forms.CharField(
                label=f"Text in {language_name(language)}",
                required=False,
                widget=forms.Textarea(attrs=_CONTROL | {"rows": 12}),
            )

    def plan(self) -> StepPlan:
        """What was typed. A language without subject and text is left out."""
        data = self.cleaned_data
        words = {
            language: Words(data[f"subject-{language}"], data[f"body-{language}"])
            for language in self.languages
            if data[f"subject-{language}"] or data[f"body-{language}"]
        }
        return StepPlan(
            kind=data["kind"],
            channel=data["channel"],
            day_from=data["day_from"],
            offset_days=data["offset_days"] or 0,
            on=data["on"],
            audience=Audience(data["standing"], tuple(data["strata"]), data["least_priority"]),
            words=words,
        )

    def tell(self, problems: Mapping[str, Sequence[str]]) -> None:
        """Show what the action refused at the fields it is about."""
        for name, sentences in problems.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


def initial_of(step: ContactStep) -> dict[str, Any]:
    audience = Audience.read(step.audience)
    words = {}
    for template in step.templates.all():
        words[f"subject-{template.language}"] = template.subject
        words[f"body-{template.language}"] = template.body
    return words | {
        "kind": step.kind,
        "channel": step.channel,
        "day_from": step.day_from,
        "offset_days": step.offset_days,
        "on": step.on,
        "standing": audience.standing,
        "strata": audience.strata,
        "least_priority": audience.least_priority,
    }


def initial_of_new(kind: str, languages: Sequence[str]) -> dict[str, Any]:
    """A new step with the words that its kind is offered."""
    words = {}
    for language in languages:
        offered = offered_words(kind, language)
        words[f"subject-{language}"] = offered.subject
        words[f"body-{language}"] = offered.body
    standing = "submitted" if kind == "thank_you" else "any"
    return words | {"kind": kind, "channel": "email", "offset_days": 0, "standing": standing}
