"""Forms of the fieldwork pages: filtering cases, recording what became of one."""

from typing import Any

from django import forms

from surveys.actions.fieldwork import OUTCOMES, RECORDABLE
from surveys.fieldwork.dispositions import may_move
from surveys.models import Case

_SELECT = forms.Select(attrs={"class": "form-select"})
_TEXT = forms.TextInput(attrs={"class": "form-control"})


class CaseFilter(forms.Form):
    """Which cases a list shows; what is not understood is left out, not refused."""

    disposition = forms.ChoiceField(
        choices=[("", "Every disposition"), *Case.Disposition.choices],
        required=False,
        widget=_SELECT,
    )
    stratum = forms.ChoiceField(required=False, widget=_SELECT)
    search = forms.CharField(
        label="Firm or register number", required=False, max_length=200, widget=_TEXT
    )

    def __init__(self, *args: Any, strata: list[str], named: bool = True, **more: Any) -> None:
        super().__init__(*args, **more)
        if not named:
            self.fields["search"].label = "Pseudonym"
        self.fields["stratum"].choices = [("", "Every stratum"), *((each, each) for each in strata)]

    @property
    def chosen(self) -> dict[str, str]:
        """The valid filters by name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class DispositionForm(forms.Form):
    """A disposition that the manager may record for the case, and why."""

    disposition = forms.ChoiceField(label="Record as", widget=_SELECT)
    note = forms.CharField(
        label="Source or reason",
        help_text="For example: phone call, letter came back, register.",
        required=False,
        max_length=200,
        widget=_TEXT,
    )

    def __init__(self, *args: Any, case: Case, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["disposition"].choices = [
            (each.value, each.label)
            for each in RECORDABLE
            if may_move(case.disposition, each.value)
        ]


class TargetForm(forms.Form):
    """The response rate that is to be reached by the end of the field; empty takes it back."""

    per_cent = forms.DecimalField(
        min_value=1,
        max_value=100,
        decimal_places=1,
        required=False,
        error_messages={"invalid": "Give the target as a number of per cent, such as 55."},
    )

    @property
    def share(self) -> float | None:
        given = self.cleaned_data["per_cent"]
        return None if given is None else float(given) / 100


class OutcomeForm(forms.Form):
    """What was learnt of a case, and from where."""

    outcome = forms.ChoiceField(
        label="What you learnt",
        choices=[("", "Choose"), *OUTCOMES.items()],
        widget=_SELECT,
        error_messages={"required": "Choose what you learnt."},
    )
    note = forms.CharField(
        label="Source or reason",
        help_text="For example: phone call, letter came back, register.",
        required=False,
        max_length=200,
        widget=_TEXT,
    )
