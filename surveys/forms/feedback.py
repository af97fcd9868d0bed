"""The form that asks, after submission, how long answering took."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from surveys.actions.feedback import LONGEST_COMMENT, MOST_MINUTES
from surveys.forms.teams import PlainForm


def _count(label: Promise, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=most,
        required=False,
        error_messages={"invalid": gettext_lazy("Enter a whole number, like 20.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class FeedbackForm(PlainForm):
    """Hours and minutes together, and a comment; after `is_valid`, `total` holds the minutes."""

    hours = _count(gettext_lazy("Hours"), MOST_MINUTES // 60)
    minutes = _count(gettext_lazy("Minutes"), MOST_MINUTES)
    comment = forms.CharField(
        label=gettext_lazy("Is there anything you would like to tell us about the questionnaire?"),
        help_text=gettext_lazy("Please name no persons."),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or self.cleaned_data)
        hours, minutes = cleaned.get("hours"), cleaned.get("minutes")
        said = hours is not None or minutes is not None
        cleaned["total"] = (hours or 0) * 60 + (minutes or 0) if said else None
        if (cleaned["total"] or 0) > MOST_MINUTES:
            sentence = gettext("Enter at most {hours} hours in all.")
            raise ValidationError(sentence.format(hours=MOST_MINUTES // 60))
        return cleaned
