"""The form by which a firm says who of it is the right person to answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from surveys.actions.contact_corrections import GivenContact
from surveys.forms.teams import PlainForm
from surveys.queries.barred import is_callable
from surveys.queries.contacts import is_usable


def _text(label: Any, kind: str, longest: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": kind}),
    )


class RightPersonForm(PlainForm):
    """The right person and how to reach them, or that nobody here knows who it is."""

    name = _text(gettext_lazy("Name of the right person"), "text", 120)
    email = _text(gettext_lazy("E-mail address of the right person"), "email", 254)
    phone = _text(gettext_lazy("Telephone number of the right person"), "tel", 40)
    has_left = forms.BooleanField(
        label=gettext_lazy("The person to whom this was addressed has left the firm"),
        required=False,
    )
    unknown = forms.BooleanField(
        label=gettext_lazy("I do not know who the right person is"), required=False
    )

    @property
    def is_unknown(self) -> bool:
        return bool(self.cleaned_data["unknown"])

    @property
    def contact(self) -> GivenContact:
        name, email, phone = (self.cleaned_data[each] for each in ("name", "email", "phone"))
        return GivenContact(name, email, phone, self.cleaned_data["has_left"])

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or self.cleaned_data)
        name, email, phone = (cleaned.get(each, "") for each in ("name", "email", "phone"))
        if cleaned.get("unknown") and not (name or email or phone):
            return cleaned
        cleaned["unknown"] = False
        if not name and "name" not in self.errors:
            self.add_error("name", gettext("Enter the name of the right person."))
        if email and not is_usable(email):
            self.add_error("email", gettext("Enter an e-mail address, like name@firm.example."))
        if phone and not is_callable(phone):
            sentence = gettext("Enter a telephone number, like +47 22 00 00 00.")
            self.add_error("phone", sentence)
        if not email and not phone and not {"email", "phone"} & set(self.errors):
            sentence = gettext("Enter an e-mail address or a telephone number.")
            self.add_error("email", sentence)
        return cleaned
