"""The checks that every kind of item brings, and the edits that authors write."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaire import Fault, Finding, check_page, check_value, facet_applies, route
from tests.surveys.questionnaire.authored import any_json, context, small

KINDS = small("one_of_every_kind")
EDITS = small("edits_that_speak")

GOOD: list[tuple[str, Any]] = [
    ("one", "a"),
    ("many", ["a", "b"]),
    ("many", ["none"]),
    ("many", []),
    ("persons", 1),
    ("persons", 5000),
    ("persons", 12.0),
    ("hours", -2.5),
    ("hours", 0.1),
    ("hours", 1_234_567.1),
    ("turnover", {"amount": 1_000_000, "unit": "thousands"}),
    ("turnover", {"amount": 0, "unit": "units"}),
    ("turnover", {"amount": None, "unit": "units"}),
    ("degree", 0),
    ("degree", 100),
    ("degree", 12.5),
    ("start", 2026),
    ("words", "ten letter"),
    ("words", ""),
    ("parts", {"new": 30, "old": 30.5, "other": 39.5}),
    ("parts", {"new": 0, "old": 0, "other": 100}),
    ("parts", {"new": None, "old": None, "other": None}),
    ("parts", {}),
    ("partner.fairs", {"importance": "1", "scale": ["local"]}),
    ("partner.fairs", {"importance": "0", "scale": []}),
    ("partner.fairs", {"importance": None, "scale": ["local"]}),
    ("partner.fairs", {}),
]


@pytest.mark.parametrize(("item", "value"), GOOD)
def test_a_good_answer_has_no_fault(item: str, value: Any) -> None:
    assert check_value(KINDS.item(item), value) == ()


@pytest.mark.parametrize("item", [item.name for item in KINDS.items])
def test_a_blank_answer_has_no_fault(item: str) -> None:
    assert check_value(KINDS.item(item), None) == ()


LISTED = "Choose from the answers listed."
ONE_LISTED = "Choose one of the answers listed."
THOUSANDS = "Enter an amount and say whether it is in thousands."
FAULTS: list[tuple[str, Any, str, str]] = [
    ("one", "c", "", ONE_LISTED),
    ("one", ["a"], "", ONE_LISTED),
    ("many", ["a", "c"], "", LISTED),
    ("many", "a", "", LISTED),
    ("many", [["a"]], "", LISTED),
    ("many", ["a", "a"], "", "Choose each answer once."),
    (
        "many",
        ["a", "none"],
        "",
        "Choose either “None of these” or the other answers, not both.",
    ),
    ("persons", 0, "", "Enter a number of 1 or more."),
    ("persons", 5001, "", "Enter a number of 5\u2009000 or less."),
    ("persons", 1.5, "", "Enter a whole number, without decimals."),
    ("persons", "12", "", "Enter a number."),
    ("persons", True, "", "Enter a number."),
    ("persons", float("nan"), "", "Enter a number."),
    ("persons", float("inf"), "", "Enter a number."),
    ("persons", 10**400, "", "Enter a number of 5\u2009000 or less."),
    ("hours", -2.6, "", "Enter a number of -2.5 or more."),
    ("hours", 0.25, "", "Enter a number with at most 1 decimal."),
    ("turnover", 12, "", THOUSANDS),
    ("turnover", {"amount": 12}, "", THOUSANDS),
    ("turnover", {"amount": 12, "unit": "millions"}, "unit", "Say whether the amount is in thousands."),
    ("turnover", {"amount": -1, "unit": "units"}, "", "Enter a number of 0 or more."),
    ("turnover", {"amount": 1_000_001, "unit": "units"}, "", "Enter a number of 1\u2009000\u2009000 or less."),
    ("turnover", {"amount": "12", "unit": "units"}, "", "Enter a number."),
    ("degree", -1, "", "Enter a number of 0 or more."),
    ("degree", 100.1, "", "Enter a number of 100 or less."),
    ("start", 1799, "", "Enter a number of 1800 or more."),
    ("start", 2027, "", "Enter a number of 2026 or less."),
    ("words", "eleven letters", "", "Shorten the text to 10 characters; it has 14."),
    ("words", 12, "", "Enter a text."),
    ("words", "a\x00b", "", "Remove the characters that cannot be printed."),
    ("parts", {"new": 30, "old": 30, "other": 39}, "", "The parts must add up to 100 %; they add up to 99 %."),
    ("parts", {"new": 33.33, "old": 33.33, "other": 33.33}, "", "The parts must add up to 100 %; they add up to 99.99 %."),
    ("parts", {"new": 60, "old": 60, "other": 60}, "", "The parts must add up to 100 %; they add up to 180 %."),
    ("parts", {"new": -10, "old": 60, "other": 50}, "new", "Enter a number of 0 or more."),
    ("parts", {"new": 101, "old": 0, "other": 0}, "new", "Enter a number of 100 or less."),
    ("parts", {"new": "60", "old": 40, "other": 0}, "new", "Enter a number."),
    ("parts", {"new": 60, "old": 40, "other": None}, "other", "Enter a number for “Other”, or 0."),
    ("parts", {"newer": 100}, "", "Enter a number for each part."),
    ("parts", [100], "", "Enter a number for each part."),
    ("partner.fairs", {"importance": "2"}, "importance", ONE_LISTED),
    ("partner.fairs", {"importance": ["1"]}, "importance", ONE_LISTED),
    ("partner.fairs", {"scale": ["moon"]}, "scale", LISTED),
    ("partner.fairs", {"colour": "red"}, "", LISTED),
    ("partner.fairs", ["local"], "", LISTED),
    (
        "partner.fairs",
        {"importance": "0", "scale": ["local"]},
        "scale",
        "You chose an answer that does not go with “Not used”. Change one of the two.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("item", "value", "field", "message"), FAULTS)
def test_a_faulty_answer_is_told_what_to_do(
    item: str, value: Any, field: str, message: str
) -> None:
    assert check_value(KINDS.item(item), value) == (Fault(field, message),)


def test_a_number_without_bounds_is_still_one_that_can_be_stored() -> None:
    item = EDITS.item("before")

    assert check_value(item, 10**15) == check_value(item, -(10**15)) == ()
    assert len(check_value(item, 10**400)) == len(check_value(item, -(10**400))) == 1


def test_every_blank_part_is_named() -> None:
    faults = check_value(KINDS.item("parts"), {"new": 40})

    assert [fault.field for fault in faults] == ["old", "other"]


@given(st.sampled_from(list(KINDS.items)), any_json())
def test_any_json_value_is_checked_without_failing(item, value) -> None:
    for fault in check_value(item, value):
        assert fault.message


def test_a_facet_applies_where_an_earlier_one_leaves_it_open() -> None:
    importance, scale = KINDS.item("partner.fairs").facets  # type: ignore[attr-defined]

    assert facet_applies(importance, {"importance": "0"})
    assert facet_applies(scale, {"importance": "1"})
    assert facet_applies(scale, {"importance": None})
    assert not facet_applies(scale, {"importance": "0"})


def findings(page: str, answers: dict[str, Any]) -> tuple[Finding, ...]:
    found = route(EDITS, answers)
    return check_page(EDITS.page(page), found.answers, context(EDITS, found.answers))


def test_a_soft_edit_speaks_with_what_the_firm_told() -> None:
    assert findings("persons", {"before": 10, "now": 1200}) == (
        Finding(
            edit="jump",
            severity="soft",
            message="You told us of 10 persons and 1\u2009200 persons in 2023 to 2025.",
            items=("before", "now"),
        ),
    )


@pytest.mark.parametrize("answers", [{"before": 10, "now": 50}, {"before": 9, "now": 900}])
def test_an_edit_is_silent_within_its_bounds(answers: dict[str, Any]) -> None:
    assert findings("persons", answers) == ()


@pytest.mark.parametrize("answers", [{}, {"before": 10}, {"before": None, "now": 900}])
def test_an_edit_is_silent_about_blanks(answers: dict[str, Any]) -> None:
    assert findings("persons", answers) == ()


def test_a_hard_edit_compares_with_an_earlier_page() -> None:
    assert findings("research", {"now": 10, "research": 10.5}) == (
        Finding("more_than_all", "hard", "More than all.", ("research",)),
    )
    assert findings("research", {"now": 10, "research": 10}) == ()
