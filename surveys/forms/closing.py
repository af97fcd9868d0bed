"""Forms of the end of a wave: its rules, and the reason for reopening a case."""

from typing import Any

from django import forms

from surveys.models import Wave
from surveys.queries.closing import key_questions
from surveys.queries.instruments import compiled
from surveys.questionnaire.fills import neutral

_DATE = {"class": "form-control", "type": "date"}


class ClosingRulesForm(forms.Form):
    """Deadlines, the key questions, and the share of them that makes a partial."""

    answering_until = forms.DateField(
        label="Last day to answer", widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d")
    )
    corrections_until = forms.DateField(
        label="Last day to correct",
        required=False,
        help_text="Until then cases can be put right after the close. Empty: the wave freezes "
        "as it closes.",
        widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"),
    )
    partial_percent = forms.FloatField(
        label="Share of key questions for a partial (%)",
        min_value=0,
        max_value=100,
        help_text="A firm that answered less than this and did not hand in counts as broken off.",
        widget=forms.NumberInput(attrs={"class": "form-control", "step": "any"}),
    )
    key_items = forms.MultipleChoiceField(
        label="Key questions",
        required=False,
        help_text="None chosen: any saved answer counts as a partial.",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, wave: Wave, **more: Any) -> None:
        initial = {
            "answering_until": wave.field_end,
            "corrections_until": wave.corrections_until,
            "partial_percent": round(wave.partial_share * 100, 6),
            "key_items": wave.key_items,
        }
        super().__init__(*args, initial=initial, **more)
        questions = key_questions(compiled(wave.instrument)) if wave.instrument else ()
        self.fields["key_items"].choices = [
            (item.name, neutral(item.label) or item.name) for item in questions
        ]


class ReasonForm(forms.Form):
    """Why something that had ended is taken up again."""

    reason = forms.CharField(
        label="Reason",
        max_length=300,
        error_messages={"required": "Say why the case is reopened: the reason is kept with it."},
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
