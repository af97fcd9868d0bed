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
