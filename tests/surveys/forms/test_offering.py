"""What of an item is offered after other answers, with items made by hand."""

import pytest

from surveys.forms.pages import PageForm
from surveys.questionnaire import FillContext, Page, parse_condition
from surveys.questionnaire.items import Allocation, Code, MultipleChoice, SingleChoice, Text
from surveys.questionnaire.offering import UNKNOWN_TOTAL, may_hold, offered, still_offered

BIG = parse_condition("persons > 10")
PICKED = SingleChoice(
    name="picked",
    label="Picked",
    codes=(Code("always", "Always"), Code("big", "If big", universe=BIG)),
)


def codes(item, answers, on_page=frozenset()):
    return [code.value for code in offered(item, answers, on_page).codes]


def test_a_code_is_offered_when_its_condition_holds():
    assert codes(PICKED, {"persons": 11}) == ["always", "big"]
    assert codes(PICKED, {"persons": 10}) == ["always"]
    assert codes(PICKED, {}) == ["always"]


def test_a_code_that_rests_on_the_page_stays_in():
    assert codes(PICKED, {"persons": 1}, frozenset({"persons"})) == ["always", "big"]


def test_an_item_without_conditions_is_itself():
    plain = SingleChoice(name="x", label="X", codes=(Code("a", "A"),))

    assert offered(plain, {}) is plain


@pytest.mark.parametrize(
    ("answer", "kept", "lost"),
    [("always", "always", ()), ("big", None, ("big",)), (None, None, ())],
)
def test_what_is_left_of_a_saved_answer(answer, kept, lost):
    assert still_offered(offered(PICKED, {}), answer) == (kept, lost)


def test_what_is_left_of_several():
    several = MultipleChoice(name="s", label="S", codes=PICKED.codes)

    assert still_offered(offered(several, {}), ["always", "big"]) == (["always"], ("big",))
    assert still_offered(offered(several, {}), ["big"]) == (None, ("big",))


def test_a_total_is_that_of_the_earlier_answer():
    parts = Allocation(name="p", label="P", parts=(Code("a", "A"),), total_of="turnover")

    assert offered(parts, {"turnover": {"amount": 500, "unit": "units"}}).total == 500
    assert offered(parts, {"turnover": None}).total == UNKNOWN_TOTAL


def test_a_condition_may_yet_hold_where_the_page_is_open():
    assert may_hold(BIG, {"persons": 11})
    assert not may_hold(BIG, {"persons": 1})
    assert may_hold(BIG, {"persons": 1}, frozenset({"persons"}))


def test_what_is_known_of_a_firm_decides_like_an_answer():
    asked = Text(name="x", label="X", universe=parse_condition("frame.employees >= 50"))
    page = Page("p", "P", (asked,))
    context = FillContext("Nord AS", 2023, 2025)

    assert not PageForm(page=page, context=context, known={"frame.employees": 49}).fields
    assert "x" in PageForm(page=page, context=context, known={"frame.employees": 50}).fields
