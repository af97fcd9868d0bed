"""Forms of the office review: a comment, a reason."""

from django import forms


class CommentForm(forms.Form):
    """What is said to a response; a firm whose answers go back reads it."""

    comment = forms.CharField(
        label="Comment",
        help_text="When the answers go back, the firm reads this on its first page.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
    )


class ReasonForm(forms.Form):
    """Why the institute changes an answer. Its name cannot be that of an item."""

    _reason = forms.CharField(
        label="Reason for the change",
        max_length=1000,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        error_messages={"required": "Say why the answer is changed: the reason is kept with it."},
    )
