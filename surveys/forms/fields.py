"""Form fields that read what people type; a blank is None, an error says what to do."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from surveys.forms.numbers import UnreadableNumber, read_number
from surveys.forms.text import plain
from surveys.questionnaire.speech import say

NOT_LISTED = "Choose one of the answers listed on this page."


class PlainTextField(forms.CharField):
    """Text without unseen signs; None if nothing is left. Its length is checked with its item."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, strip=False, empty_value="", **options)
        # A NUL byte is taken out like every other unseen sign, so nothing is left to refuse.
        self.validators = []

    def to_python(self, value: Any) -> str | None:
        if value is None:
            return None
        return plain(str(value)) or None


class NumberField(PlainTextField):
    """A number in figures, with the separators of any country; see `numbers`.

    `signs` are units that may stand beside the figures, such as ``%``.
    """

    def __init__(self, *, decimals: int, example: str, signs: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.decimals = decimals
        self.example = example
        self.signs = signs

    def to_python(self, value: Any) -> Any:
        typed = without_signs(super().to_python(value) or "", self.signs)
        if typed == "":
            return None
        try:
            return read_number(typed, decimals=self.decimals, example=self.example)
        except UnreadableNumber as error:
            raise ValidationError(str(error), code="unreadable") from None


class OneCodeField(forms.ChoiceField):
    """One of the codes, or None."""

    def __init__(self, codes: tuple[tuple[str, str], ...]) -> None:
        super().__init__(
            required=False, choices=codes, error_messages={"invalid_choice": NOT_LISTED}
        )

    def validate(self, value: Any) -> None:
        if value and not self.valid_value(value):
            raise ValidationError(say(NOT_LISTED), code="invalid_choice")

    def clean(self, value: Any) -> str | None:
        return super().clean(value) or None


class ManyCodesField(forms.MultipleChoiceField):
    """Some of the codes in the order of the instrument, or None."""

    def __init__(self, codes: tuple[tuple[str, str], ...]) -> None:
        super().__init__(
            required=False,
            choices=codes,
            error_messages={"invalid_choice": NOT_LISTED, "invalid_list": NOT_LISTED},
        )

    def validate(self, value: Any) -> None:
        if not all(self.valid_value(each) for each in value):
            raise ValidationError(say(NOT_LISTED), code="invalid_choice")

    def clean(self, value: Any) -> list[str] | None:
        chosen = set(super().clean(value))
        return [code for code, _ in self.choices if code in chosen] or None


def without_signs(typed: str, signs: tuple[str, ...]) -> str:
    """The text without a unit before or behind it: ``EUR 2,500`` and ``12 %``."""
    if not signs:
        return typed
    sign = "|".join(re.escape(text) for text in signs)
    return re.sub(rf"^(?:{sign})|(?:{sign})$", "", typed.strip(), flags=re.IGNORECASE).strip()
