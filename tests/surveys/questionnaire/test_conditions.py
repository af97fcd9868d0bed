"""What conditions say about answers, above all about answers that are not there."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaire import ALWAYS, parse_condition
from surveys.questionnaire.conditions import (
    AnswerTo,
    Either,
    Verdict,
    is_blank,
    look_up,
    stated_missing,
)
from tests.surveys.questionnaire.authored import any_json
from tests.surveys.questionnaire.test_condition_language import conditions, expressions

ANSWERS = {
    "good": "yes",
    "kinds": ["a", "b"],
    "persons": 12,
    "turnover": {"amount": 2_500_000, "unit": "thousands"},
    "parts": {"new": 40, "old": 60},
    "sources.fairs": {"importance": "3", "scale": ["local"]},
    "blank": None,
    "no_amount": {"amount": None, "unit": "units"},
    "zero": 0,
    "empty_row": {"importance": None, "scale": []},
}

TRUE = [
    "good = 'yes'",
    "good != 'no'",
    "good in ('no', 'yes')",
    "kinds has 'b'",
    "not kinds has 'c'",
    "persons > 11.5 and persons <= 12",
    "turnover / persons > 200000",
    "parts.new + parts.old = 100",
    "sources.fairs.importance = '3'",
    "sources.fairs.scale has 'local'",
    "answered(turnover) and answered(zero)",
    "not answered(blank) and not answered(no_amount) and not answered(nowhere)",
    "not answered(empty_row)",
    "zero < 1",
    "1 < 2",
]
NOT_TRUE = [
    "good = 'no'",
    "kinds has 'c'",
    "persons > 12",
    "blank = 1",
    "blank != 1",
    "not (blank = 1)",
    "not (blank has 'x')",
    "no_amount > 0",
    "not (no_amount > 0)",
    "nowhere < 1",
    "persons / zero > 1",
    "not (persons / zero > 1)",
    "good > 1",
    "persons = '12'",
    "kinds = 'a'",
]


@pytest.mark.parametrize("text", TRUE)
def test_a_condition_holds(text: str) -> None:
    assert parse_condition(text).holds(ANSWERS)


@pytest.mark.parametrize("text", NOT_TRUE)
def test_a_condition_does_not_hold(text: str) -> None:
    assert not parse_condition(text).holds(ANSWERS)


def test_a_blank_answer_leaves_a_condition_open_where_another_answer_could_make_it_true() -> None:
    open_items = {"blank"}

    def verdict(text: str) -> Verdict:
        return parse_condition(text).weigh(ANSWERS, open_items)

    assert verdict("blank = 'yes'") is Verdict.OPEN
    assert verdict("not (blank = 'yes')") is Verdict.OPEN
    assert verdict("blank = 'yes' or good = 'no'") is Verdict.OPEN
    assert verdict("blank = 'yes' or good = 'yes'") is Verdict.YES
    assert verdict("blank = 'yes' and good = 'no'") is Verdict.NO
    assert verdict("blank = 'yes' and good = 'yes'") is Verdict.OPEN
    assert verdict("nowhere = 'yes'") is Verdict.DOES_NOT_APPLY
    assert verdict("nowhere = 'yes' and blank = 'yes'") is Verdict.DOES_NOT_APPLY
    assert verdict("blank > nowhere") is Verdict.DOES_NOT_APPLY


def test_a_part_of_a_blank_answer_is_as_open_as_the_answer() -> None:
    condition = parse_condition("empty_row.importance = '3'")

    assert condition.weigh(ANSWERS, {"empty_row"}) is Verdict.OPEN


@given(conditions, st.dictionaries(st.sampled_from(["a", "b", "c", "a.b", "b.c"]), any_json()))
def test_a_condition_weighs_any_answers_whatever_is_open(condition, answers) -> None:
    assert condition.holds(answers) == (condition.weigh(answers, condition.reads) is Verdict.YES)


def test_a_condition_knows_what_it_reads() -> None:
    condition = parse_condition("not (a.b + 1 > c) or d has 'x' and answered(e)")

    assert condition.reads == {"a.b", "c", "d", "e"}
    assert ALWAYS.reads == frozenset()


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "",
        [],
        {},
        {"amount": None, "unit": "units"},
        {"missing": "refused"},
        {"visits": {"men": None}},
    ],
)
def test_an_answer_that_says_nothing_is_blank(answer: object) -> None:
    assert is_blank(answer)


@pytest.mark.parametrize("answer", [0, 0.0, False, "0", ["a"], {"amount": 0}, {"scale": ["a"]}])
def test_an_answer_that_says_something_is_not_blank(answer: object) -> None:
    assert not is_blank(answer)


@pytest.mark.parametrize("reason", ["dont_know", "refused", "not_applicable"])
def test_a_firm_may_say_why_it_gives_no_answer(reason: str) -> None:
    assert stated_missing({"missing": reason}) == reason


@pytest.mark.parametrize(
    "answer",
    [None, "refused", {"missing": "lost"}, {"missing": 40}, {"missing": "refused", "new": 1}],
)
def test_other_answers_give_no_reason(answer: object) -> None:
    assert stated_missing(answer) == ""


ROSTER = {"partners": [{"entry": "a1b2", "years": 3}, {"entry": "c3d4", "years": None}]}


def test_an_item_of_a_roster_is_read_over_the_entries_and_within_one() -> None:
    assert look_up(ROSTER, "partners.years") == [3]
    assert look_up(ROSTER | {"partners.years": 8}, "partners.years") == 8
    assert look_up(ROSTER, "partners.nothing") == []


@given(expressions, st.dictionaries(st.sampled_from(["a", "b", "c", "a.b", "b.c"]), any_json()))
def test_an_expression_has_a_finite_number_a_text_an_answer_or_nothing(expression, answers) -> None:
    value = expression.value(answers)

    if not isinstance(expression, AnswerTo | Either) and isinstance(value, float):
        assert math.isfinite(value)
