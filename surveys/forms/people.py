"""Forms of the page of a survey's people."""

from django import forms

from surveys.models import Membership

_SELECT = forms.Select(attrs={"class": "form-select"})


class RoleForm(forms.Form):
    """The role of one member."""

    role = forms.ChoiceField(
        choices=Membership.Role.choices,
        widget=_SELECT,
        error_messages={"invalid_choice": "Choose one of the roles."},
    )


class NewMemberForm(forms.Form):
    """A person who has an account, and the role to give them."""

    username = forms.CharField(
        label="User name",
        help_text="Of an account that is there. The operator makes accounts.",
        max_length=150,
        error_messages={"required": "Type the user name of the person to add."},
        widget=forms.TextInput(
            attrs={"class": "form-control", "autocomplete": "off", "autocapitalize": "none"}
        ),
    )
    role = forms.ChoiceField(
        label="Role",
        choices=[("", "Choose a role"), *Membership.Role.choices],
        widget=_SELECT,
        error_messages={
            "required": "Choose a role: the table below says what each may do.",
            "invalid_choice": "Choose one of the roles.",
        },
    )
