"""Forms of a firm's people: whom to invite, who declares the answers, where a receipt goes."""

from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from surveys.models import Contributor

_ROLES = (
    (
        Contributor.Role.SECTION,
        gettext_lazy("Some sections: your colleague sees these and nothing else"),
    ),
    (Contributor.Role.WHOLE, gettext_lazy("The whole questionnaire, together with you")),
    (
        Contributor.Role.SUCCESSOR,
        gettext_lazy("Hand over: your colleague takes your place, your code ends"),
    ),
)


def _name(label: Promise, missing: Promise, help_text: Promise | str = "") -> forms.CharField:
    """A name to type; `missing` is said where it was left blank."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=120,
        error_messages={"required": missing},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def _email(label: Promise, missing: Promise) -> forms.EmailField:
    return forms.EmailField(
        label=label,
        max_length=254,
        error_messages={
            "required": missing,
            "invalid": gettext_lazy("Enter an e-mail address, like name@firm.example."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class PlainForm(forms.Form):
    """Without a tag, a token or a colon of its own; templates have the rest."""

    def __init__(self, *positional: Any, **named: Any) -> None:
        super().__init__(*positional, label_suffix="", **named)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.form_show_errors = True

    @property
    def summary(self) -> list[dict[str, str]]:
        """Every error once, with the field it leads to."""
        return [
            {"message": str(message), "field_id": self[name].id_for_label or f"id_{name}_0"}
            for name in self.fields
            for message in self.errors.get(name, ())
        ]


class InviteForm(PlainForm):
    """Whom to invite, and to what.

    `sections` are pairs of a name and a title. `holder` is who invites, None as long as no
    name was given: then the form asks for it.
    """

    name = _name(
        gettext_lazy("Your colleague’s name"), gettext_lazy("Enter the name of your colleague.")
    )
    email = _email(
        gettext_lazy("Your colleague’s e-mail address"),
        gettext_lazy("Enter the e-mail address of your colleague."),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("What do you share?"),
        choices=_ROLES,
        error_messages={"required": gettext_lazy("Choose what you share.")},
        widget=forms.RadioSelect,
        initial=Contributor.Role.SECTION,
    )
    sections = forms.MultipleChoiceField(
        label=gettext_lazy("Which sections?"),
        help_text=gettext_lazy("Only if you share some sections"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    own_name = _name(
        gettext_lazy("Your name"),
        gettext_lazy("Enter your name, so that your colleague knows who invites."),
        gettext_lazy("Your colleague reads it in the e-mail"),
    )
    own_email = _email(
        gettext_lazy("Your e-mail address"),
        gettext_lazy("Enter your e-mail address, so that your colleague can reply."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        sections: Sequence[tuple[str, str]],
        holder: Contributor | None,
    ) -> None:
        initial = {"own_name": holder.name, "own_email": holder.email} if holder else {}
        super().__init__(data, initial=initial)
        choices = self.fields["sections"]
        if isinstance(choices, forms.MultipleChoiceField):
            choices.choices = list(sections)

    def clean_name(self) -> str:
        return _one_line(self.cleaned_data["name"])

    def clean_own_name(self) -> str:
        return _one_line(self.cleaned_data["own_name"])

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or self.cleaned_data)
        if cleaned.get("role") == Contributor.Role.SECTION and not cleaned.get("sections"):
            sentence = gettext("Choose the sections that your colleague is to answer.")
            self.add_error("sections", sentence)
        return cleaned


class DeclarationForm(PlainForm):
    """Who hands the answers in, and that they may.

    `open_sections` are sections that colleagues were given and have not finished; only the
    responsible person may hand in without them.
    """

    declarant = _name(
        gettext_lazy("Your name"),
        gettext_lazy("Enter your name, so that it can be kept with the answers."),
        gettext_lazy("Kept with the answers as the person who handed them in"),
    )
    authorised = forms.BooleanField(
        label=gettext_lazy(
            "I am authorised to answer for the firm, and the answers are right "
            "to the best of my knowledge."
        ),
        error_messages={"required": gettext_lazy("Tick the declaration to submit the answers.")},
    )
    without = forms.BooleanField(
        label=gettext_lazy("Submit without waiting for my colleagues"),
        error_messages={
            "required": gettext_lazy(
                "Some sections were given to colleagues who have not said that they "
                "are finished. Wait for them, or tick that you submit without waiting."
            )
        },
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        open_sections: Sequence[str] = (),
        declarant: str = "",
    ) -> None:
        super().__init__(data, initial={"declarant": declarant})
        if not open_sections:
            del self.fields["without"]

    def clean_declarant(self) -> str:
        return _one_line(self.cleaned_data["declarant"])


class ReceiptForm(PlainForm):
    """Where a receipt without answers is to be sent."""

    email = _email(
        gettext_lazy("Send this receipt to"),
        gettext_lazy("Enter the e-mail address that the receipt is to be sent to."),
    )


def _one_line(text: str) -> str:
    """A name as it may stand in the head of an e-mail."""
    if "<" in text or ">" in text:
        raise ValidationError(gettext("Leave out the characters < and >."))
    return " ".join(text.split())
