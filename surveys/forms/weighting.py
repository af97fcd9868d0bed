"""The form from which a weighting recipe is written, with a hint in plain words to each choice."""

import csv
import io
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError

from surveys.weighting.words import variable_words

_COLUMNS = ("variable", "category", "total")
_MOST_BYTES = 1_000_000
_BOXES = forms.CheckboxSelectMultiple


class RecipeForm(forms.Form):
    """A recipe for one wave; `recipe` is the document once the form is valid."""

    partials = forms.BooleanField(
        label="Count partial answers as answers",
        required=False,
        help_text="Firms that had enough of the key questions when the field closed.",
    )
    eligibility = forms.BooleanField(
        label="Firms never reached may not exist",
        required=False,
        help_text="Firms of whom nobody knows whether they are eligible are then taken to be so "
        "as often as the known ones of their stratum. Leave it empty on a fresh register.",
    )
    method = forms.ChoiceField(
        label="How silent firms are stood for",
        choices=[
            ("classes", "By firms of the same cell"),
            ("propensity_classes", "By firms with a like chance to answer"),
            ("inverse_propensity", "By the inverse of each firm’s chance to answer"),
            ("none", "Not at all"),
        ],
        help_text="Cells are the safe choice. Chances are estimated from the variables below.",
    )
    variables = forms.MultipleChoiceField(
        label="Cells or chances are made of",
        required=False,
        widget=_BOXES,
        help_text="Choose what tells who answers and what they answer. Thin cells are joined.",
    )
    least = forms.IntegerField(
        label="Fewest respondents of a cell",
        min_value=1,
        initial=10,
        help_text="A cell with fewer is joined with the one most like it.",
    )
    calibration = forms.ChoiceField(
        label="Bring weights to known totals",
        choices=[
            ("", "No"),
            ("raking", "By raking"),
            ("linear", "Linearly"),
            ("logit", "Within bounds"),
        ],
        required=False,
        help_text="Afterwards the weighted firms add up to the frame in every category chosen.",
    )
    margins = forms.MultipleChoiceField(
        label="Totals counted on the frame",
        required=False,
        widget=_BOXES,
        help_text="Categories of which some ten firms or more answered.",
    )
    employees = forms.BooleanField(label="And the frame’s number of employees", required=False)
    margins_file = forms.FileField(
        label="Totals from a file (CSV)",
        required=False,
        help_text="Columns variable, category, total: one row a category.",
    )
    low = forms.FloatField(
        label="Smallest factor", required=False, min_value=0, max_value=1, initial=0.3
    )
    high = forms.FloatField(
        label="Largest factor",
        required=False,
        min_value=1,
        initial=3.0,
        help_text="For calibration within bounds.",
    )
    upper = forms.FloatField(
        label="Cut weights above so many times the median",
        required=False,
        min_value=1,
        help_text="Empty: no weight is cut. The report tells what cutting costs.",
    )
    recalibrate = forms.BooleanField(
        label="Bring weights to the totals once more after cutting", required=False
    )
    replicates = forms.ChoiceField(
        label="Replicate weights",
        required=False,
        choices=[
            ("", "None"),
            ("jackknife", "Jackknife"),
            ("Rao-Wu", "Bootstrap of Rao and Wu"),
            ("bootstrap", "Bootstrap"),
        ],
        help_text="So that standard errors know of every step. A jackknife makes one set a firm.",
    )
    count = forms.IntegerField(
        label="Sets of a bootstrap", min_value=2, max_value=5000, initial=200
    )
    seed = forms.IntegerField(
        label="Seed", min_value=0, initial=1, help_text="The same seed gives the same sets."
    )

    def __init__(self, *args: Any, variables: tuple[str, ...], **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [(name, variable_words(name)) for name in variables]
        self.fields["variables"].choices = choices
        self.fields["variables"].initial = ["stratum"]
        self.fields["margins"].choices = choices
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Fieldset("Who answered", "partials", "eligibility", "method", "variables", "least"),
            Fieldset(
                "Known totals",
                *("calibration", "margins", "employees", "margins_file", "low", "high"),
            ),
            Fieldset("Large weights", "upper", "recalibrate"),
            Fieldset("Replicates", "replicates", "count", "seed"),
        )

    def clean_margins_file(self) -> list[dict[str, Any]]:
        """The margins of the file, in the form of a recipe."""
        held = self.cleaned_data.get("margins_file")
        return read_margins(held.read(_MOST_BYTES + 1)) if held else []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("method") != "none" and not cleaned.get("variables"):
            self.add_error(
                "variables", "Choose at least one, or stand for silent firms not at all."
            )
        if cleaned.get("calibration") and not self._margins() and not cleaned.get("employees"):
            self.add_error("margins", "Choose at least one total, or upload totals.")
        if cleaned.get("calibration") == "logit" and (
            cleaned.get("low") is None or cleaned.get("high") is None
        ):
            self.add_error("high", "Give the smallest and the largest factor.")
        return cleaned

    @property
    def recipe(self) -> dict[str, Any]:
        told = self.cleaned_data
        nonresponse: dict[str, Any] = {"method": told["method"], "least": told["least"]}
        if told["variables"]:
            nonresponse["variables"] = told["variables"]
        respondents = ["complete", "partial"] if told["partials"] else ["complete"]
        recipe: dict[str, Any] = {"respondents": respondents, "nonresponse": nonresponse}
        if told["eligibility"]:
            recipe["eligibility"] = {"variables": ["stratum"], "least": told["least"]}
        if told["calibration"]:
            recipe["calibration"] = {"method": told["calibration"], "margins": self._margins()}
            if told["employees"]:
                recipe["calibration"]["totals"] = ["employees"]
            if told["calibration"] == "logit":
                recipe["calibration"]["bounds"] = [told["low"], told["high"]]
        if told["upper"] is not None:
            recipe["trimming"] = {
                "rule": "median",
                "upper": told["upper"],
                "recalibrate": told["recalibrate"],
            }
        if told["replicates"]:
            recipe["replicates"] = {
                "method": told["replicates"],
                "count": told["count"],
                "seed": told["seed"],
            }
        return recipe

    def _margins(self) -> list[Any]:
        """Margins of the file take the place of those that the frame would count."""
        given = self.cleaned_data.get("margins_file") or []
        names = {each["variable"] for each in given}
        return [*(n for n in self.cleaned_data.get("margins", []) if n not in names), *given]


def read_margins(content: bytes) -> list[dict[str, Any]]:
    """Margins out of an uploaded table. Raises ValidationError with row, column and value."""
    if len(content) > _MOST_BYTES:
        raise ValidationError("The file is larger than 1 MB; totals of margins are not.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValidationError("The file is not UTF-8. Save it as CSV in UTF-8.") from None
    rows = csv.DictReader(io.StringIO(text, newline=""))
    lacking = [name for name in _COLUMNS if name not in (rows.fieldnames or [])]
    if lacking:
        raise ValidationError(f"The file has no column {', '.join(lacking)}.")
    found: dict[str, dict[str, float]] = {}
    for number, row in enumerate(rows, start=2):
        variable, category = (str(row[name] or "").strip() for name in _COLUMNS[:2])
        if not variable or not category:
            raise ValidationError(f"Row {number}: variable or category is empty.")
        margin = found.setdefault(variable, {})
        if category in margin:
            raise ValidationError(f"Row {number}: {variable}, {category} stands there twice.")
        margin[category] = _total(number, str(row["total"] or "").strip())
    if not found:
        raise ValidationError("The file has no rows under its header.")
    return [{"variable": name, "totals": totals} for name, totals in found.items()]


def _total(row: int, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise ValidationError(f"Row {row}, column total: “{text[:40]}” is no number of firms.")
    return value
