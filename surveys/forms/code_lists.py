"""Upload of a code list: the file, and what it is called."""

from django import forms
from django.core.exceptions import ValidationError

from surveys.actions.code_lists import LARGEST_FILE, MOST_CODES


def _line(label: str, hint: str, most: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=most,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


class CodeListForm(forms.Form):
    """After `is_valid`, `cleaned_data` holds `name`, `version`, `title`, and `file` as bytes."""

    title = _line("Title", "What the codes are, such as Municipalities of Norway.", 200)
    name = _line("Name", "Questionnaires call the list by it, such as municipalities.", 60)
    version = _line("Version", "Such as 2024. A version stays as it is once it is uploaded.", 20)
    file = forms.FileField(
        label="File",
        help_text=(
            f"CSV (UTF-8) or XLSX, up to {MOST_CODES:,} codes and 5 MB. The first row names the "
            "columns: value and label, and if you like parent (the code above) and words (other "
            "names it is found by). In a spreadsheet, format the codes as text."
        ),
        allow_empty_file=True,
        error_messages={"required": "Choose the file with the codes."},
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".csv,.tsv,.txt,.xlsx"}),
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError("The file is larger than 5 MB. Leave out columns, or divide it.")
        content: bytes = file.read()
        return content
