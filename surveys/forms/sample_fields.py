"""Fields of the sample plan's form: numbers, shares in per cent, bounds, and values by class."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from surveys.sampling.strata.collapsing import DIMENSIONS

_TEXT = {"class": "form-control", "autocomplete": "off"}


def choice(label: str, hint: str, choices: Sequence[tuple[str, str]] = ()) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=choices,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": "Choose one of the list."},
    )


def ticks(label: str, choices: Sequence[tuple[str, str]], hint: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        help_text=hint,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose of the list."},
    )


def number(
    label: str, hint: str, *, least: float, most: float | None = None, whole: bool = True
) -> forms.FloatField | forms.IntegerField:
    words = f"from {least:g}" + (f" to {most:g}" if most is not None else " on")
    kind: Any = forms.IntegerField if whole else forms.FloatField
    said = f"Type a {'whole ' if whole else ''}number {words}."
    made: forms.FloatField | forms.IntegerField = kind(
        label=label,
        help_text=hint,
        min_value=least,
        max_value=most,
        required=False,
        widget=forms.TextInput(attrs={**_TEXT, "inputmode": "numeric" if whole else "decimal"}),
        error_messages={"invalid": said, "min_value": said, "max_value": said},
    )
    return made


class ShareField(forms.FloatField):
    """A share of 1 that people type as per cent."""

    def clean(self, value: Any) -> float | None:
        found = super().clean(value)
        return None if found is None else found / 100

    def prepare_value(self, value: Any) -> Any:
        return f"{100 * value:.10g}" if isinstance(value, float | int) else value


def share(label: str, hint: str) -> ShareField:
    said = "Type per cent, from 0 to 100."
    return ShareField(
        label=label,
        help_text=hint,
        min_value=0,
        max_value=100,
        required=False,
        widget=forms.TextInput(attrs={**_TEXT, "inputmode": "decimal"}),
        error_messages={"invalid": said, "min_value": said, "max_value": said},
    )


class BoundsField(forms.CharField):
    """Numbers with commas between them."""

    def __init__(self, label: str, hint: str) -> None:
        widget = forms.TextInput(attrs=_TEXT)
        super().__init__(label=label, help_text=hint, required=False, widget=widget, max_length=400)

    def clean(self, value: Any) -> list[float]:
        parts = [part for part in super().clean(value).replace(";", ",").split(",") if part.strip()]
        try:
            return [_plain(part) for part in parts]
        except ValueError:
            raise ValidationError("Type numbers with commas between, as in 10, 50, 250.") from None

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(f"{each:g}" for each in value) if isinstance(value, list) else value


class BySizeClassField(forms.CharField):
    """One number, or one for each size class; `percent` divides them by 100."""

    def __init__(self, label: str, hint: str) -> None:
        widget = forms.TextInput(attrs=_TEXT)
        super().__init__(label=label, help_text=hint, required=False, widget=widget, max_length=400)
        self.factor = 100 if label.endswith("%") else 1

    def clean(self, value: Any) -> float | dict[str, float] | None:
        text = super().clean(value).strip()
        if not text:
            return None
        try:
            if ":" not in text:
                return _plain(text) / self.factor
            pairs = [part.rsplit(":", 1) for part in text.split(",")]
            return {name.strip(): _plain(each) / self.factor for name, each in pairs}
        except ValueError:
            raise ValidationError(
                "Type one number, or one for each class as in small: 50, large: 80."
            ) from None

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return ", ".join(f"{name}: {each * self.factor:.10g}" for name, each in value.items())
        return f"{value * self.factor:.10g}" if isinstance(value, float | int) else value


class TargetForm(forms.Form):
    """A precision target; a row without a precision is none."""

    about = choice("Of", "")
    assumed = share("Assumed share, %", "")
    domain = forms.ChoiceField(
        label="In",
        required=False,
        choices=[("", "All firms"), *((name, f"Each {name.replace('_', ' ')}")
                                     for name in DIMENSIONS)],
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    only = forms.CharField(
        label="Only", required=False, max_length=80, widget=forms.TextInput(attrs=_TEXT)
    )
    cv = share("At most, %", "")

    def __init__(self, *args: Any, measures: Sequence[str] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        named = [(each, f"Total of {each.replace('_', ' ')}") for each in measures]
        about = self.fields["about"]
        if isinstance(about, forms.ChoiceField):
            about.choices = [("", "A share of firms"), *named]

    def clean(self) -> dict[str, Any]:
        data = dict(super().clean() or {})
        if data.get("cv") is None:
            if data.get("assumed") is not None or data.get("about"):
                self.add_error("cv", "Type the precision to reach, in per cent.")
            return data
        if not data.get("about") and data.get("assumed") is None:
            self.add_error("assumed", "Type the share that you expect.")
        if data.get("only") and not data.get("domain"):
            self.add_error("domain", "Choose of what this is a value.")
        return data

    @property
    def target(self) -> dict[str, Any] | None:
        """The target as the plan's document has it."""
        data = self.cleaned_data
        if data.get("cv") is None:
            return None
        found = {"variable": data["about"]} if data["about"] else {"share": data["assumed"]}
        where = {"by": data["domain"]} if data["domain"] else {}
        only = {"only": data["only"]} if data["only"] else {}
        return {**found, **where, **only, "cv": data["cv"]}


def initial_target(target: dict[str, Any]) -> dict[str, Any]:
    return {
        "about": target.get("variable", ""),
        "assumed": target.get("share"),
        "domain": target.get("by", ""),
        "only": target.get("only", ""),
        "cv": target.get("cv"),
    }


TargetFormSet = forms.formset_factory(TargetForm, extra=2, max_num=50)


def _plain(text: str) -> float:
    found = float(text)
    return int(found) if found.is_integer() else found
