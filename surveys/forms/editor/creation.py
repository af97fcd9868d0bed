"""How a draft begins: from scratch, from a version, from a file, or from modules."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundWidget
from django.template.defaultfilters import filesizeformat
from django.utils.text import slugify

from surveys.questionnaire.currencies import EURO, is_currency

_TITLE = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})
FORMATS = (
    ("", "As the file's ending says"),
    ("yaml", "YAML, the language of instruments"),
    ("xlsform", "XLSForm (.xlsx)"),
    ("ons", "ONS JSON"),
    ("limesurvey", "LimeSurvey (.lss)"),
    ("surveyjs", "SurveyJS JSON"),
)


class ScratchForm(forms.Form):
    title = forms.CharField(
        label="Title",
        max_length=200,
        widget=_TITLE,
        error_messages={"required": "Give the questionnaire a title."},
    )

    @property
    def slug(self) -> str:
        return slugify(self.cleaned_data["title"])[:60].strip("-") or "questionnaire"


class ModulesForm(ScratchForm):
    """Modules of the core instrument, ticked, and the currency of their money."""

    currency = forms.CharField(
        label="Currency",
        help_text="The code of the currency that firms answer in, such as EUR, NOK or CHF.",
        initial=EURO,
        required=False,
        max_length=3,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )

    modules = forms.MultipleChoiceField(
        label="Modules",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick one module or more."},
    )

    def __init__(
        self, *args: Any, library: Sequence[tuple[str, Mapping[str, Any]]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.library = dict(library)
        self.fields["modules"].choices = [
            (name, str(module.get("title", name))) for name, module in library
        ]
        if self.is_bound and "all" in self.data:
            self.data = self.data.copy()
            self.data.setlist(self.add_prefix("modules"), list(self.library))

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).upper() or EURO
        if not is_currency(code):
            raise ValidationError("Give the code of a currency in three letters, such as NOK.")
        return code

    @property
    def lines(self) -> Iterator[tuple[BoundWidget, str, int]]:
        """Each module as its box, what it asks, and its pages."""
        for box in self["modules"]:
            module = self.library[str(box.data["value"])]
            pages = sum(len(section.get("pages", [])) for section in module.get("sections", []))
            yield box, str(module.get("summary", "")), pages


class VersionForm(forms.Form):
    version = forms.ChoiceField(
        label="Published version", widget=forms.Select(attrs={"class": "form-select"})
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["version"].choices = choices


class FileForm(forms.Form):
    """After `is_valid`, `cleaned_data` holds the `file`, its bytes and name, and its `format`."""

    format = forms.ChoiceField(
        label="Format",
        choices=FORMATS,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    file = forms.FileField(
        label="File",
        allow_empty_file=True,
        error_messages={"required": "Choose a file."},
        widget=forms.FileInput(attrs={"class": "form-control"}),
    )

    def clean_file(self) -> tuple[bytes, str]:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_BYTES:
            raise ValidationError(
                f"The file has {filesizeformat(file.size)}; "
                f"{filesizeformat(settings.UPLOAD_BYTES)} can be uploaded here."
            )
        content: bytes = file.read()
        return content, str(file.name)
