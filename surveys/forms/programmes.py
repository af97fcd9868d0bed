"""Forms that make and describe a survey, and plan a wave."""

from typing import Any

from django import forms

from surveys.actions.programmes import SurveyFacts
from surveys.actions.wave_plans import WavePlan
from surveys.models import Survey, Wave

_TEXT = {"class": "form-control"}
_PLAIN = {"class": "form-control", "autocomplete": "off"}
_DAY = {"class": "form-control", "type": "date"}
_YEAR = {"class": "form-control", "inputmode": "numeric"}
_NO_DAY = "Give a day, such as 2026-03-31."
_NO_YEAR = "Give a year, such as 2024."


def _address() -> forms.SlugField:
    return forms.SlugField(
        label="Short name in addresses (may be left out)",
        help_text="Letters, digits, hyphens. Left out, it comes from the title. It never changes.",
        required=False,
        max_length=60,
        error_messages={"invalid": "Use letters, digits and hyphens only, such as autumn-2026."},
        widget=forms.TextInput(attrs=_PLAIN),
    )


def _day(label: str, help_text: str = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        error_messages={"required": _NO_DAY, "invalid": _NO_DAY},
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
    )


def _year(label: str, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        error_messages={"required": _NO_YEAR, "invalid": _NO_YEAR},
        widget=forms.TextInput(attrs=_YEAR),
    )


class DescribeSurveyForm(forms.Form):
    """What a survey says of itself. After `is_valid`, `facts()` has it."""

    title = forms.CharField(
        label="Title",
        help_text="Firms see it at the head of every page.",
        max_length=200,
        error_messages={"required": "Give the survey a title."},
        widget=forms.TextInput(attrs=_PLAIN),
    )
    institute = forms.CharField(
        label="Institute",
        help_text="Who asks.",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs=_TEXT),
    )
    contact_name = forms.CharField(
        label="Whom firms can ask",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs=_TEXT),
    )
    contact_phone = forms.CharField(
        label="Phone",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={**_TEXT, "type": "tel"}),
    )
    contact_email = forms.EmailField(
        label="E-mail",
        required=False,
        error_messages={"invalid": "This is not an e-mail address."},
        widget=forms.EmailInput(attrs=_TEXT),
    )
    confidentiality = forms.CharField(
        label="What firms are promised",
        help_text="Who sees the answers, what is published. Firms read it before they begin.",
        required=False,
        widget=forms.Textarea(attrs={**_TEXT, "rows": 4}),
    )

    @classmethod
    def filled(cls, survey: Survey) -> "DescribeSurveyForm":
        return cls(initial={name: getattr(survey, name) for name in cls.base_fields})

    def facts(self) -> SurveyFacts:
        return SurveyFacts(**{name: self.cleaned_data[name] for name in SurveyFacts.__slots__})


class NewSurveyForm(DescribeSurveyForm):
    """A survey that is not there yet."""

    slug = _address()
    field_order = ["title", "slug"]


class WavePlanForm(forms.Form):
    """Title and periods of a wave. After `is_valid`, `plan()` has them."""

    title = forms.CharField(
        label="Title",
        help_text="Such as “Innovation survey 2026”.",
        max_length=200,
        error_messages={"required": "Give the wave a title."},
        widget=forms.TextInput(attrs=_PLAIN),
    )
    reference_first_year = _year("First year asked about", "The reference period.")
    reference_last_year = _year("Last year asked about")
    field_start = _day("First day to answer", "The field period.")
    field_end = _day("Last day to answer")
    corrections_until = _day(
        "Last day to correct (may be left out)",
        "Until then firms can fetch a copy of their answers, and cases can be put right.",
        required=False,
    )

    @classmethod
    def filled(cls, wave: Wave) -> "WavePlanForm":
        return cls(initial={name: getattr(wave, name) for name in cls.base_fields})

    def plan(self) -> WavePlan:
        return WavePlan(**{name: self.cleaned_data[name] for name in WavePlan.__slots__})


class NewWaveForm(WavePlanForm):
    """A wave that is not there yet, which may take over what an earlier one has."""

    slug = _address()
    like = forms.ModelChoiceField(
        label="Take over from",
        help_text="Its questionnaire, contact steps and closing rules; its answers are quoted.",
        queryset=Wave.objects.none(),
        required=False,
        empty_label="nothing: begin anew",
        error_messages={"invalid_choice": "Choose a wave of the list."},
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    field_order = ["title", "slug", "like"]

    def __init__(self, *args: Any, survey: Survey, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["like"].queryset = Wave.objects.filter(
            survey=survey, origin=Wave.Origin.COLLECTED
        )
        self.fields["like"].label_from_instance = lambda wave: wave.title
