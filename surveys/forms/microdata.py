"""Upload of an existing survey's micro-data: the file, its codebook and its mapping."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat

from surveys.actions.addresses import NOT_WAVES
from surveys.models import Survey, Wave

LARGEST_TEXT = 1_000_000
_FOLDER = Path(__file__).resolve().parents[1] / "mappings"


def shipped_mappings() -> dict[str, Path]:
    """Mappings that come with Milieu, by name."""
    return {path.stem: path for path in sorted(_FOLDER.glob("*.yaml"))}


def _file(accept: str) -> forms.FileInput:
    return forms.FileInput(attrs={"class": "form-control", "accept": accept})


class ImportForm(forms.Form):
    """After `is_valid`, `cleaned_data` holds `wave`, and as bytes `data`, `codebook` (may be
    None) and `mapping`.
    """

    wave = forms.SlugField(
        label="Short name of the new wave",
        help_text="Letters, digits and hyphens, such as acti-2014. It stands in addresses.",
        max_length=60,
        error_messages={
            "required": "Give the wave a short name.",
            "invalid": "Use letters, digits and hyphens only, such as acti-2014.",
        },
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    data = forms.FileField(
        label="Data file",
        help_text="One row a firm, one column a variable: CSV, or XLSX with the data on one sheet.",
        allow_empty_file=True,
        error_messages={"required": "Choose the file with the data."},
        widget=_file(".csv,.txt,.tsv,.xlsx"),
    )
    codebook = forms.FileField(
        label="Codebook (may be left out)",
        help_text="CSV with a column “column” and a column “meaning”. It labels the variables.",
        required=False,
        allow_empty_file=True,
        widget=_file(".csv"),
    )
    shipped = forms.ChoiceField(
        label="Mapping",
        help_text="It says which column measures which construct.",
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    mapping = forms.FileField(
        label="or your own mapping",
        help_text="A YAML file. It goes before the choice above.",
        required=False,
        allow_empty_file=True,
        widget=_file(".yaml,.yml"),
    )

    def __init__(self, *args: Any, survey: Survey, **more: Any) -> None:
        super().__init__(*args, **more)
        self.survey = survey
        names = [(name, f"{name}.yaml, comes with Milieu") for name in shipped_mappings()]
        self.fields["shipped"].choices = [("", "A file of my own"), *names]

    def clean_wave(self) -> str:
        slug: str = self.cleaned_data["wave"]
        if slug in NOT_WAVES:
            raise ValidationError(f"A wave cannot be called “{slug}”. Choose another name.")
        if Wave.objects.filter(survey=self.survey, slug=slug).exists():
            raise ValidationError(
                f"The survey has a wave “{slug}” already, and an import never writes over one. "
                "Choose another name."
            )
        return slug

    def clean_data(self) -> bytes:
        return _read(self.cleaned_data["data"], settings.UPLOAD_BYTES)

    def clean_codebook(self) -> bytes | None:
        file = self.cleaned_data["codebook"]
        return None if file is None else _read(file, LARGEST_TEXT)

    def clean_mapping(self) -> bytes | None:
        file = self.cleaned_data["mapping"]
        return None if file is None else _read(file, LARGEST_TEXT)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("mapping") is None and cleaned.get("shipped"):
            cleaned["mapping"] = shipped_mappings()[cleaned["shipped"]].read_bytes()
        if cleaned.get("mapping") is None and "mapping" not in self.errors:
            self.add_error("mapping", "Choose a mapping that comes with Milieu, or a file.")
        return cleaned


def _read(file: UploadedFile, largest: int) -> bytes:
    if (file.size or 0) > largest:
        raise ValidationError(
            f"The file has {filesizeformat(file.size)}; {filesizeformat(largest)} can be uploaded "
            "here. Larger files are imported with the command import_microdata."
        )
    content: bytes = file.read()
    return content
