"""How answers to every kind are checked, said, quoted and bound."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaire import Fault, answer_text, bound_columns, bound_values, check_value, fill
from tests.surveys.questionnaire.authored import any_json, context
from tests.surveys.questionnaire.whole_language import OTHER, PARTNER, WHOLE

THIN = "\u2009"
STATED = "This reason is not offered here. Answer the question, or leave it blank."
FAULTS: list[tuple[str, Any, dict[str, Any], tuple[tuple[str, str], ...]]] = [
    ("founded", "1990-05", {}, ()),
    ("founded", "1990-05-01", {}, (("", "Enter a month that is in the calendar."),)),
    ("founded", "1890-05", {}, (("", "Enter a date that is not before Jan 1900."),)),
    ("founded", "2027-01", {}, (("", "Enter a date that is not after Dec 2026."),)),
    ("founded", 1990, {}, (("", "Enter a date."),)),
    ("opened", "2024-02-29", {}, ()),
    ("opened", "2023-02-29", {}, (("", "Enter a day that is in the calendar."),)),
    ("anchored", 4, {}, ()),
    ("anchored", 5, {}, (("", "Choose a point from 0 to 4."),)),
    ("anchored", True, {}, (("", "Choose a point from 0 to 4."),)),
    ("municipality", "0301", {}, ()),
    ("municipality", "9999", {}, (("", "Choose an answer from the list."),)),
    ("origin", ["staff", "other"], {}, ()),
    ("origin", ["staff", "other", "group"], {}, (("", "Choose at most 2 answers; you chose 3."),)),
    ("employment_last", {"missing": "refused"}, {}, ()),
    ("employment_last", {"missing": "not_applicable"}, {}, (("", STATED),)),
    ("large", {"missing": "dont_know"}, {}, (("", STATED),)),
    ("welcome", "x", {}, (("", "Nothing is entered here."),)),
    ("turnover", 12, {}, (("", "Nothing is entered here."),)),
    ("staff_by_place", {"office": 3, "home": 4}, {"employment_last": 10}, ()),
    ("staff_by_place", {"office": 3, "home": 40}, {}, ()),
    (
        "staff_by_place",
        {"office": 6, "home": 7},
        {"employment_last": 10},
        (("", "The parts may add up to at most 10 persons; they add up to 13 persons."),),
    ),
    ("sources.suppliers", {"visits": {"local": 3}, "years": 2.5}, {}, ()),
    (
        "sources.suppliers",
        {"visits": {"local": 366}, "years": "x"},
        {},
        (
            ("visits.local", "Enter a number of 365 or less."),
            ("years", "Enter a number."),
        ),
    ),
    ("sources.suppliers", {"visits": 3}, {}, (("visits", "Enter a number for each column."),)),
    ("partners", [PARTNER, OTHER], {}, ()),
    ("partners", [{**PARTNER, "name": ""}], {}, (("ab12.name", "Partner 1: Give the partner a name."),)),
    (
        "partners",
        [PARTNER, {**OTHER, "close": 9}],
        {},
        (("cd34.close", "Partner “Sør AS”: Choose a point from 0 to 4."),),
    ),
    (
        "partners",
        [PARTNER, PARTNER],
        {},
        (("", "Two partners are stored as one. Remove one and add it again."),),
    ),
    (
        "partners",
        [{**PARTNER, "entry": f"abc{n}"} for n in range(4)],
        {},
        (("", "Enter at most 3 partners; you entered 4. Remove some."),),
    ),
    ("partners", [{"name": "Nord AS"}], {}, (("", "Enter the partners one by one."),)),
    ("partners", [{**PARTNER, "shoe": 43}], {}, (("", "Enter the partners one by one."),)),
    ("partners", "Nord AS", {}, (("", "Enter the partners one by one."),)),
]  # fmt: skip


@pytest.mark.parametrize(("item", "value", "answers", "faults"), FAULTS)
def test_an_answer_is_checked_by_its_kind(
    item: str, value: Any, answers: dict[str, Any], faults: tuple[tuple[str, str], ...]
) -> None:
    found = check_value(WHOLE.item(item), value, answers)

    assert found == tuple(Fault(field, message) for field, message in faults)


WORDS: list[tuple[str, Any, str]] = [
    ("opened", "2026-11-21", "21 Nov 2026"),
    ("founded", "2026-11", "Nov 2026"),
    ("anchored", 4, "4 – Very"),
    ("anchored", 3, "3"),
    ("municipality", "0301", "Oslo"),
    ("turnover", 12000.4, f"12{THIN}000 NOK"),
    ("employment_last", {"missing": "refused"}, "Prefer not to say"),
    ("sources.suppliers", {"visits": {"local": 3}, "years": 2.5}, "Local area: 3 visits; 2.5"),
    (
        "partners",
        [PARTNER, OTHER],
        "Nord AS: Supplier, Local area; Sør AS: Something else, Club, Rest of the country",
    ),
    ("partners", [], "Not provided"),
]


@pytest.mark.parametrize(("item", "value", "words"), WORDS)
def test_an_answer_is_said_in_words(item: str, value: Any, words: str) -> None:
    assert answer_text(WHOLE.item(item), value) == words


@given(st.sampled_from(list(WHOLE.items)), any_json())
def test_any_json_value_is_checked_and_said(item: Any, value: Any) -> None:
    assert all(fault.message for fault in check_value(item, value, {"employment_last": value}))
    assert isinstance(answer_text(item, value), str)


def test_a_fill_quotes_computed_values_names_of_entries_and_within_an_entry() -> None:
    answers = {"turnover": 12, "partners": [PARTNER, OTHER], "partners.name": "Nord AS"}
    text = "{answer:turnover}; {answer:partners}; {answer:partners.name}; {trading_as}"

    assert fill(text, context(WHOLE, answers)) == "12 NOK; Nord AS; Sør AS; Nord AS; Nord AS"


def test_a_roster_is_bound_by_counting_its_entries() -> None:
    columns = [column.name for column in bound_columns(WHOLE)]
    answers = {
        "employment_last": 3,
        "founded": "1987-03",
        "municipality": "0301",
        "anchored": 2,
        "sources.filter": ["suppliers"],
        "partners": [PARTNER, {**PARTNER, "entry": "ef56"}, OTHER],
    }
    values = bound_values(WHOLE, answers)

    assert [name for name in columns if name.startswith("networking.partners[")] == [
        "networking.partners[supplier,local]",
        "networking.partners[supplier,country]",
        "networking.partners[other,local]",
        "networking.partners[other,country]",
    ]
    assert values["networking.partners[supplier,local]"] == 2
    assert values["networking.partners[other,country]"] == 1
    assert values["networking.partners[other,local]"] == 0
    assert values["control.start_year"] == 1987
    assert values["control.region"] == "0301"
    assert values["control.anchored"] == 2
