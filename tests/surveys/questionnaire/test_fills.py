"""Texts that quote the firm, the period and answers; answers in words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaire import FillContext, answer_text, fill, number_text
from surveys.questionnaire.fills import neutral
from tests.surveys.questionnaire.authored import any_json, context, small

KINDS = small("one_of_every_kind")
EDITS = small("edits_that_speak")
THIN = "\u2009"


def test_a_text_names_firm_and_reference_period() -> None:
    text = "{firm} in {period}: from {first_year} to {last_year}"

    assert fill(text, context(KINDS, {})) == "Nord AS in 2023 to 2025: from 2023 to 2025"


def test_a_text_quotes_an_answer_in_words() -> None:
    text = "{answer:one} and {answer:persons}; {answer:partner.fairs}; {answer:many}"
    answers = {
        "one": "b",
        "persons": 1200,
        "partner.fairs": {"importance": "1", "scale": ["local", "country"]},
    }

    assert fill(text, context(KINDS, answers)) == (
        f"The second and 1{THIN}200 persons; Used; Local area; Rest of the country; Not provided"
    )


def test_what_a_fill_brings_is_not_filled_again() -> None:
    mischief = FillContext("{period} {answer:words}", 2023, 2025, {"words": "{firm}"}, KINDS)

    assert fill("{firm}: {answer:words}", mischief) == "{period} {answer:words}: {firm}"


@pytest.mark.parametrize("text", ["{nothing}", "{answer:nobody}", "{", "{firm", "{firm.__class__}"])
def test_what_is_not_known_stays_as_it_is_written(text: str) -> None:
    assert fill(text, context(KINDS, {})) == text


def test_without_an_instrument_no_answer_is_quoted() -> None:
    assert fill("{firm} {answer:one}", FillContext("Nord AS", 2023, 2025)) == "Nord AS {answer:one}"


def test_the_codebook_speaks_of_every_firm() -> None:
    assert neutral("{firm} in {period}, {first_year} to {last_year}: {answer:now}") == (
        "the firm in the reference period, the first year to the last year: [answer:now]"
    )


WORDS: list[tuple[str, Any, str]] = [
    ("one", "a", "The first"),
    ("one", "gone", "gone"),
    ("many", ["a", "b"], "Apples; Pears"),
    ("many", [], "Not provided"),
    ("persons", 1_234_567, f"1{THIN}234{THIN}567 persons"),
    ("persons", 0, "0 persons"),
    ("hours", 12.5, "12.5"),
    ("hours", 12.0, "12"),
    ("turnover", {"amount": 2_500_000, "unit": "thousands"}, f"NOK 2{THIN}500{THIN}000"),
    ("turnover", {"amount": None, "unit": "units"}, "Not provided"),
    ("degree", 12.5, "12.5 %"),
    ("start", 1987, "1987"),
    ("words", "Fine", "Fine"),
    ("words", "", "Not provided"),
    ("parts", {"new": 40, "old": 60, "other": 0}, "New: 40 %; Old: 60 %; Other: 0 %"),
    ("partner.fairs", {"importance": "1", "scale": ["local"]}, "Used; Local area"),
    ("partner.fairs", {"importance": None, "scale": []}, "Not provided"),
]


@pytest.mark.parametrize(("item", "value", "words"), WORDS)
def test_an_answer_is_said_in_words(item: str, value: Any, words: str) -> None:
    assert answer_text(KINDS.item(item), value) == words


@pytest.mark.parametrize(
    ("number", "text"),
    [(999, "999"), (1000, f"1{THIN}000"), (-1000.5, f"-1{THIN}000.5"), (1e300, "1e+300")],
)
def test_a_number_is_printed_with_thin_spaces(number: float, text: str) -> None:
    assert number_text(number) == text


@given(st.sampled_from(list(KINDS.items)), any_json())
def test_any_json_value_is_said_in_words(item, value) -> None:
    assert isinstance(answer_text(item, value), str)


@given(st.text(), st.text(), st.dictionaries(st.sampled_from(["before", "now"]), any_json()))
def test_any_text_is_filled_whatever_the_firm_is_called_and_told(text, firm, answers) -> None:
    filled = fill(text + "{firm}{answer:now}", FillContext(firm, 2023, 2025, answers, EDITS))

    assert firm in filled
