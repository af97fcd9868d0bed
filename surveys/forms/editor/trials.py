"""What the sampling frame tells of the made firm of a trial."""

from collections.abc import Mapping
from typing import Any

from django import forms

_TEXT = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})
_FRAME = "frame."


class MadeFirmForm(forms.Form):
    """Every field may stay blank: then the frame does not tell it."""

    size_class = forms.CharField(label="Size class", required=False, max_length=60, widget=_TEXT)
    industry = forms.CharField(label="Industry", required=False, max_length=60, widget=_TEXT)
    region = forms.CharField(label="Region", required=False, max_length=60, widget=_TEXT)
    employees = forms.IntegerField(
        label="Employees",
        required=False,
        min_value=0,
        max_value=10_000_000,
        widget=forms.TextInput(
            attrs={"class": "form-control", "inputmode": "numeric", "autocomplete": "off"}
        ),
        error_messages={"invalid": "Employees is a whole number, such as 25, or blank."},
    )

    @classmethod
    def of(cls, known: Mapping[str, Any]) -> "MadeFirmForm":
        return cls(initial={name.removeprefix(_FRAME): value for name, value in known.items()})

    @property
    def known(self) -> dict[str, Any]:
        """What was typed, under the names that conditions read."""
        return {
            f"{_FRAME}{name}": value
            for name, value in self.cleaned_data.items()
            if value not in (None, "")
        }
