"""The text of an instrument, pasted or uploaded."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

LARGEST_FILE = 1_000_000


class PublishForm(forms.Form):
    """A questionnaire in the project's language; a file goes before pasted text.

    After `is_valid`, `cleaned_data["text"]` is the text to publish. The text of a file is
    also shown in the box, so that it can be corrected there.
    """

    file = forms.FileField(
        label="Upload a file",
        help_text="A YAML file, UTF-8, up to 1 MB.",
        required=False,
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".yaml,.yml"}),
    )
    text = forms.CharField(
        label="or paste the text",
        required=False,
        strip=False,
        max_length=LARGEST_FILE,
        widget=forms.Textarea(
            attrs={"class": "form-control source-text", "rows": 24, "spellcheck": "false"}
        ),
    )

    def clean_file(self) -> str:
        uploaded = self.cleaned_data["file"]
        if uploaded is None:
            return ""
        if uploaded.size > LARGEST_FILE:
            raise ValidationError("The file is larger than 1 MB. An instrument is a short text.")
        try:
            return str(uploaded.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise ValidationError(
                f"The file is not UTF-8: byte {error.start + 1} cannot be read. Save it as UTF-8."
            ) from None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        text = cleaned.get("file") or cleaned.get("text") or ""
        if not self.errors and not text.strip():
            raise ValidationError("Choose a file, or paste the text of a questionnaire.")
        cleaned["text"] = text
        return cleaned

    def showing(self, text: str) -> "PublishForm":
        """The same form, unbound, with the text in its box."""
        return PublishForm(initial={"text": text})
