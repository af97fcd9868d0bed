"""Forms of the pages of frames: the file, what its columns are, what became of a firm."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat

from surveys.actions.enterprises import BY_HAND
from surveys.frames import FIELDS, FrameMapping, mapping_of
from surveys.microdata import MicrodataRefused
from surveys.microdata.text import ENCODINGS
from surveys.models import Frame, Survey

_ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".parquet")
_SELECT = {"class": "form-select"}
_TEXT = {"class": "form-control", "autocomplete": "off"}


class FrameFileForm(forms.Form):
    """The list of firms, as a file."""

    file = forms.FileField(
        label="List of firms",
        help_text="CSV, XLSX or Parquet with one row a firm and a name for every column.",
        allow_empty_file=True,
        error_messages={"required": "Choose the file with the firms."},
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ",".join(_ENDINGS)}),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if PurePath(file.name or "").suffix.lower() not in _ENDINGS:
            raise ValidationError("Choose a file that ends in .csv, .txt, .tsv, .xlsx or .parquet.")
        largest = settings.FRAME_BYTES
        if (file.size or 0) > largest:
            raise ValidationError(
                f"The file has {filesizeformat(file.size)}; {filesizeformat(largest)} can be "
                "uploaded here. Larger files are loaded with the command load_frame."
            )
        return file


class MappingForm(forms.Form):
    """One choice of a column for each field; after `is_valid`, `mapping` is set."""

    attributes = forms.MultipleChoiceField(
        label="Columns to keep besides",
        help_text="Kept with each firm under their own names.",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    encoding = forms.ChoiceField(
        label="Encoding",
        required=False,
        choices=[("", "Find out"), *((name, name) for name in ENCODINGS)],
        widget=forms.Select(attrs=_SELECT),
    )
    decimal = forms.ChoiceField(
        label="Decimal mark",
        choices=[(".", "Point: 1.5"), (",", "Comma: 1,5")],
        widget=forms.Select(attrs=_SELECT),
    )
    mapping: FrameMapping

    def __init__(self, *args: Any, columns: list[str], told: dict[str, Any], **more: Any) -> None:
        chosen, file = told.get("columns", {}), told.get("file", {})
        initial = {f"field_{name}": column for name, column in chosen.items()}
        initial |= {"attributes": told.get("attributes", []), "decimal": file.get("decimal", ".")}
        initial["encoding"] = file.get("encoding", "")
        super().__init__(*args, initial=initial, **more)
        self.told = told
        names = [(name, name) for name in dict.fromkeys(columns)]
        self.fields["attributes"].choices = names
        for each in FIELDS:
            self.fields[f"field_{each.name}"] = forms.ChoiceField(
                label=each.label,
                help_text=each.hint,
                required=each.is_needed,
                choices=[("", "Not in the file"), *names],
                widget=forms.Select(attrs=_SELECT),
                error_messages={"required": f"Choose the column with the {each.label.lower()}."},
            )

    @property
    def of_fields(self) -> list[forms.BoundField]:
        """The choices of columns in the order of the reference."""
        return [self[f"field_{each.name}"] for each in FIELDS]

    @property
    def taken(self) -> set[str]:
        """Columns that a field has, as the form stands now."""
        return {str(field.value()) for field in self.of_fields if field.value()}

    @property
    def has_columns_left(self) -> bool:
        """Whether a column could be kept besides."""
        return any(name not in self.taken for name, _ in self.fields["attributes"].choices)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        columns = {each.name: cleaned[f"field_{each.name}"] for each in FIELDS}
        used = [column for column in columns.values() if column]
        for name, column in columns.items():
            if column and used.count(column) > 1:
                self.add_error(f"field_{name}", "This column is chosen for two fields.")
        document = {
            "columns": {name: column for name, column in columns.items() if column},
            "attributes": [name for name in cleaned["attributes"] if name not in used],
            "file": self.told.get("file", {})
            | {"encoding": cleaned["encoding"], "decimal": cleaned["decimal"]},
        }
        try:
            self.mapping = mapping_of(document)
        except MicrodataRefused as refused:
            raise ValidationError([each.message for each in refused.report.shown]) from None
        return cleaned


class ChooseFrameForm(forms.Form):
    """The version from which a wave draws."""

    frame = forms.ModelChoiceField(
        queryset=Frame.objects.none(),
        error_messages={"invalid_choice": "Choose one of the versions of this survey."},
    )

    def __init__(self, *args: Any, survey: Survey, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["frame"].queryset = Frame.objects.filter(survey=survey)


class EventForm(forms.Form):
    """What became of a firm."""

    kind = forms.ChoiceField(
        label="What happened",
        choices=[("", "Choose"), *((kind.value, kind.label) for kind in BY_HAND)],
        widget=forms.Select(attrs=_SELECT),
        error_messages={"required": "Choose what happened."},
    )
    on = forms.DateField(
        label="Day",
        widget=forms.DateInput(attrs=_TEXT | {"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Give the day.", "invalid": "Write the day as 2026-11-21."},
    )
    successor = forms.CharField(
        label="Successor (may be left out)",
        help_text="Register identifier of the firm it merged into or was split into.",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs=_TEXT),
    )
    note = forms.CharField(
        label="Note (may be left out)",
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs=_TEXT | {"rows": 2}),
    )
