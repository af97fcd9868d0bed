"""Translations as typed, and a translator's catalogue as uploaded."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

MOST_TEXTS = 200
LARGEST_CATALOGUE = 2_000_000
_LONGEST = 8000
_PREFIX = "text-"


def typed_texts(data: Mapping[str, Any]) -> dict[str, str]:
    """What was typed, by key of the text."""
    return {
        name.removeprefix(_PREFIX): str(value).replace("\r\n", "\n").strip()[:_LONGEST]
        for name, value in data.items()
        if name.startswith(_PREFIX)
    }


class CatalogueForm(forms.Form):
    """After `is_valid`, `cleaned_data["po"]` is the text of the catalogue."""

    po = forms.FileField(
        label="Catalogue (.po)",
        allow_empty_file=True,
        error_messages={"required": "Choose a PO file."},
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".po"}),
    )

    def clean_po(self) -> str:
        file = self.cleaned_data["po"]
        if (file.size or 0) > LARGEST_CATALOGUE:
            raise ValidationError("The file is larger than 2 MB. A catalogue is a short text.")
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise ValidationError(f"The file is not UTF-8: byte {error.start + 1}.") from None
