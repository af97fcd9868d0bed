"""The plan editor's form."""

from django import forms

from analysis.specification.plan_text import LARGEST_PLAN


class PlanForm(forms.Form):
    """The text of a plan. Line ends of any kind become plain ones; nothing is stripped."""

    source = forms.CharField(
        label="Plan",
        max_length=LARGEST_PLAN,
        strip=False,
        widget=forms.Textarea(
            attrs={
                "rows": 32,
                "class": "form-control source-text",
                "spellcheck": "false",
                "autocapitalize": "off",
                "autocomplete": "off",
                "wrap": "off",
            }
        ),
        error_messages={
            "required": "The plan is empty. Write one, or start from a shipped plan.",
            "max_length": "The plan has more than %(limit_value)d characters. Shorten it.",
        },
    )

    def clean_source(self) -> str:
        text: str = self.cleaned_data["source"]
        return text.replace("\r\n", "\n").replace("\r", "\n")


def _per_cent(label: str, hint: str, initial: float) -> forms.FloatField:
    said = "Type per cent, above 0 and below 100."
    return forms.FloatField(
        label=label,
        help_text=hint,
        initial=initial,
        min_value=0.01,
        max_value=100,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), said),
    )


class PowerForm(forms.Form):
    """What is assumed of the firms; `assumptions` are shares of 1 after `is_valid`."""

    outcome_rate = _per_cent("Firms with the outcome, %", "Such as an innovation.", 30)
    exposure_share = _per_cent("Firms with distant partners, %", "National or abroad.", 25)
    odds_ratio = forms.FloatField(
        label="Odds ratio to be shown",
        help_text="Odds of the outcome with distant partners over those without; 1 is no effect.",
        initial=1.5,
        min_value=0.01,
        max_value=100,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Type a number above 0, up to 100."
        ),
    )
    response_rate = _per_cent("Firms that answer, %", "Of those drawn.", 50)
    level = _per_cent("Level of the test, %", "Two-sided.", 5)
    replications = forms.IntegerField(
        label="Surveys to make",
        help_text="1\u202f000 tell the power to about ±3 points.",
        initial=1000,
        min_value=100,
        max_value=20_000,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Type a number from 100 to 20000."
        ),
    )

    @property
    def assumptions(self) -> dict[str, float]:
        data = self.cleaned_data
        shares = ("outcome_rate", "exposure_share", "response_rate", "level")
        return {name: data[name] / 100 for name in shares} | {"odds_ratio": data["odds_ratio"]}
