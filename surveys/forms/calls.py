"""Forms of the phone list: which firms it shows, what a call came to, the right contact."""

from collections.abc import Iterable
from typing import Any

from django import forms

from surveys.actions.calls import Call
from surveys.actions.contact_corrections import GivenContact
from surveys.fieldwork.calls import OUTCOMES
from surveys.forms.teams import DeclarationForm
from surveys.models import Membership
from surveys.queries.calls import NOBODY, STATES

_SELECT = forms.Select(attrs={"class": "form-select"})
_TEXT = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})


def _moment(**more: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        widget=forms.DateTimeInput(
            attrs={"class": "form-control", "type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        ),
        error_messages={
            "invalid": "Type a date and time as 2026-11-30 14:30.",
            "required": "Give when the call was made.",
        },
        **more,
    )


class CallForm(forms.Form):
    """What came of one call."""

    outcome = forms.ChoiceField(
        label="What came of the call",
        choices=[("", "Choose"), *((name, each.words) for name, each in OUTCOMES.items())],
        widget=_SELECT,
        error_messages={"required": "Choose what came of the call."},
    )
    called_at = _moment(label="Called at")
    call_back = _moment(label="Call back at", required=False)
    note = forms.CharField(
        label="Note",
        help_text="For whoever calls next. No answers.",
        required=False,
        max_length=200,
        widget=_TEXT,
    )

    @property
    def call(self) -> Call:
        return Call(**self.cleaned_data)


class ContactForm(forms.Form):
    """The person to reach, as a person of the institute types it."""

    name = forms.CharField(
        label="Name",
        max_length=120,
        widget=_TEXT,
        error_messages={"required": "Give the name of the right person."},
    )
    email = forms.CharField(label="E-mail", required=False, max_length=254, widget=_TEXT)
    phone = forms.CharField(label="Telephone", required=False, max_length=40, widget=_TEXT)
    former_has_left = forms.BooleanField(
        label="Whoever was written to before has left the firm: their codes end now",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    @property
    def contact(self) -> GivenContact:
        return GivenContact(**self.cleaned_data)


class TelephoneDeclarationForm(DeclarationForm):
    """Who of the firm gave the answers at the telephone; read by the institute alone."""

    def __init__(self, *positional: Any, **named: Any) -> None:
        super().__init__(*positional, **named)
        declarant, authorised = self.fields["declarant"], self.fields["authorised"]
        declarant.label = "Name of the person who gave the answers"
        declarant.help_text = "Kept with the answers"
        declarant.error_messages["required"] = "Enter the name of who gave the answers."
        authorised.label = (
            "The firm gave these answers by telephone, is authorised to, and knows that they "
            "are handed in now."
        )
        authorised.error_messages["required"] = "Tick that the firm gave the answers by telephone."


class ListFilter(forms.Form):
    """Which firms of the list are shown; what is not understood is left out, not refused."""

    state = forms.ChoiceField(
        label="Show", choices=list(STATES.items()), required=False, widget=_SELECT
    )
    caller = forms.ChoiceField(label="Given to", required=False, widget=_SELECT)
    search = forms.CharField(
        label="Firm or register number", required=False, max_length=200, widget=_TEXT
    )

    def __init__(self, *args: Any, callers: Iterable[Membership], **more: Any) -> None:
        super().__init__(*args, **more)
        names = [(each.user.get_username(), named(each)) for each in callers]
        self.fields["caller"].choices = [("", "Anybody"), *names, (NOBODY, "Nobody yet")]

    @property
    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class AssignForm(forms.Form):
    """To whom the chosen firms are given; blank: to nobody."""

    caller = forms.ChoiceField(label="Give the chosen firms to", required=False, widget=_SELECT)

    def __init__(self, *args: Any, callers: Iterable[Membership], **more: Any) -> None:
        super().__init__(*args, **more)
        names = [(each.user.get_username(), named(each)) for each in callers]
        self.fields["caller"].choices = [*names, ("", "Nobody")]
        self.fields["caller"].initial = names[0][0] if names else ""


def named(member: Membership) -> str:
    """A caller in a list: the name, and the role of who is no interviewer."""
    name = member.user.get_full_name() or member.user.get_username()
    if member.role == Membership.Role.INTERVIEWER:
        return name
    return f"{name} ({member.get_role_display().lower()})"
