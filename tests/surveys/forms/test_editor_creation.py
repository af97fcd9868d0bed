"""The form by which a draft begins from modules: its currency."""

from typing import Any

import pytest

from surveys.forms.editor.creation import ModulesForm

LIBRARY = [("firm", {"title": "Firm", "summary": "", "sections": []})]


def sent(**more: str) -> ModulesForm:
    data: dict[str, Any] = {"title": "Core", "modules": ["firm"], **more}
    return ModulesForm(data, library=LIBRARY)


def test_euros_stand_in_the_form_to_begin_with() -> None:
    assert ModulesForm(library=LIBRARY)["currency"].value() == "EUR"


@pytest.mark.parametrize(
    ("said", "taken"), [({}, "EUR"), ({"currency": ""}, "EUR"), ({"currency": "nok"}, "NOK")]
)
def test_a_currency_is_taken_in_any_case_and_euros_without_one(
    said: dict[str, str], taken: str
) -> None:
    form = sent(**said)

    assert form.is_valid()
    assert form.cleaned_data["currency"] == taken


def test_what_is_no_currency_is_told_at_the_field() -> None:
    form = sent(currency="DEM")

    assert not form.is_valid()
    assert form.errors == {
        "currency": ["Give the code of a currency in three letters, such as NOK."]
    }
