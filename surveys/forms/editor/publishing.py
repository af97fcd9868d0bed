"""The version under which a draft is published, and the wave that takes it."""

from typing import Any

from django import forms


class PublishDraftForm(forms.Form):
    version = forms.CharField(
        label="Version",
        help_text="A text such as 1.0. A version that was published keeps its content for good.",
        max_length=20,
        error_messages={"required": "Give the version a name, such as 1.0."},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    wave = forms.ChoiceField(
        label="Wave that takes it",
        help_text="Waves whose field has not opened.",
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, waves: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["wave"].choices = [("", "None yet"), *waves]
