"""Modules put into the currency of a study."""

from typing import Any

import pytest

from surveys.queries.modules import library
from surveys.questionnaire import Money, compile_document
from surveys.questionnaire.currencies import in_currency, is_currency
from surveys.questionnaire.modules import compose, insert
from tests.surveys.questionnaire.core_firms import find

SALES: dict[str, Any] = {"name": "sales", "kind": "money", "label": "Sales"}
GIFT: dict[str, Any] = {"name": "gift", "kind": "money", "label": "Gifts", "currency": "USD"}
EDIT = {
    "name": "many_sales",
    "severity": "soft",
    "when": "sales > EUR 5000000 or sales < EUR 2",
    "message": "Is that right?",
    "items": ["sales"],
}


def module() -> dict[str, Any]:
    page = {"name": "p", "title": "P", "items": [dict(SALES), dict(GIFT)], "edits": [dict(EDIT)]}
    section = {"name": "s", "title": "S", "pages": [page]}
    return {"module": "m", "title": "M", "summary": "", "sections": [section]}


def currencies(document: dict[str, Any]) -> dict[str, str]:
    items = compile_document(document, code_lists=find).items
    return {item.name: item.currency for item in items if isinstance(item, Money)}


def condition(document: dict[str, Any]) -> str:
    return str(document["sections"][-1]["pages"][0]["edits"][0]["when"])


@pytest.mark.parametrize("code", ["EUR", "NOK", "CHF", "JPY"])
def test_codes_of_iso_4217_are_currencies(code: str) -> None:
    assert is_currency(code)


@pytest.mark.parametrize("code", ["", "nok", "NO", "DEM", "EURO", "XTS"])
def test_what_is_no_currency_in_use_is_none(code: str) -> None:
    assert not is_currency(code)


def test_money_is_in_euros_unless_another_currency_is_chosen() -> None:
    document = compose("M", "m", "1", [module()])

    assert currencies(document) == {"sales": "EUR", "gift": "USD"}
    assert condition(document) == "sales > 5000000 or sales < 2"


def test_money_and_amounts_in_conditions_are_in_the_currency_chosen() -> None:
    document = compose("M", "m", "1", [module()], currency="NOK")

    assert currencies(document) == {"sales": "NOK", "gift": "USD"}
    assert condition(document) == "sales > 50000000 or sales < 20"


def test_a_module_that_is_put_in_later_comes_in_the_currency_chosen() -> None:
    page = {"name": "q", "title": "Q", "items": [{"name": "n", "kind": "text", "label": "N?"}]}
    before = {
        "instrument": "i",
        "version": "1",
        "title": "I",
        "sections": [{"name": "first", "title": "First", "pages": [page]}],
    }

    document = insert(before, module(), currency="JPY")

    assert currencies(document) == {"sales": "JPY", "gift": "USD"}
    assert condition(document) == "sales > 500000000 or sales < 200"


def test_the_module_itself_stays_as_it_was() -> None:
    own = module()

    in_currency(own, "NOK")

    assert own == module()


def test_a_currency_that_there_is_not_is_refused() -> None:
    with pytest.raises(KeyError):
        compose("M", "m", "1", [module()], currency="DEM")


def test_all_money_of_the_core_instrument_is_in_the_currency_chosen() -> None:
    shipped = dict(library())

    document = compose("Core", "core", "1", list(shipped.values()), library=shipped, currency="NOK")

    assert set(currencies(document).values()) == {"NOK"}
    assert len(currencies(document)) == 5
    assert "EUR" not in str(document["sections"])
    assert "euro" not in str(document["translations"]).replace("europ", "")


@pytest.mark.parametrize(("currency", "asked"), [("EUR", True), ("NOK", False), ("HUF", False)])
def test_turnover_per_person_is_judged_by_the_worth_of_the_currency(
    currency: str, asked: bool
) -> None:
    firm = dict(library())["a_firm"]
    document = compose("Firm", "firm", "1", [firm], currency=currency)
    instrument = compile_document(document, code_lists=find)
    edits = {edit.name: edit for page in instrument.pages for edit in page.edits}

    turnover = {"amount": 60_000_000, "unit": "units"}
    answers = {"employment_last": 10, "turnover_last": turnover}

    assert edits["turnover_per_person"].fails_when.holds(answers) is asked
