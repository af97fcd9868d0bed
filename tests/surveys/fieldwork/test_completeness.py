"""How much of a questionnaire was answered."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathematics.refusals import Refusal
from surveys.fieldwork.completeness import (
    STATES,
    ItemNonresponse,
    PageLoss,
    Thresholds,
    break_off_by_page,
    item_nonresponse,
    key_share,
    standing,
)

PAGES = ["firm", "partners", "innovation"]


def test_a_key_item_counts_as_answered_when_it_was_considered() -> None:
    states = ["answered", "dont_know", "refused", "blank", "not_asked"]

    assert key_share(states) == 2 / 4


def test_a_firm_that_was_asked_no_key_item_has_no_share() -> None:
    assert key_share(["not_asked"]) is None


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (1.0, "complete"),
        (0.8, "complete"),
        (0.79, "partial"),
        (0.5, "partial"),
        (0.49, "break_off"),
    ],
)
def test_answers_stand_by_their_share(share, told) -> None:
    assert standing(share, Thresholds()) == told


@pytest.mark.parametrize(("complete", "partial"), [(0.5, 0.6), (1.2, 0.5), (0.5, 0.0)])
def test_thresholds_that_tell_nothing_apart_are_refused(complete, partial) -> None:
    with pytest.raises(Refusal, match="cannot be told apart"):
        Thresholds(complete, partial)


def test_firms_break_off_where_they_were_last_seen() -> None:
    visits = [("firm", False), ("partners", False), ("partners", False), ("innovation", True)]

    assert break_off_by_page(PAGES, visits) == [
        PageLoss("firm", reached=4, broke_off=1),
        PageLoss("partners", reached=3, broke_off=2),
        PageLoss("innovation", reached=1, broke_off=0),
    ]


def test_a_page_that_nobody_reached_has_no_share() -> None:
    assert [each.share for each in break_off_by_page(PAGES, [("firm", False)])] == [1, None, None]


def test_a_page_of_another_version_is_refused() -> None:
    with pytest.raises(Refusal, match="'old'"):
        break_off_by_page(PAGES, [("old", False)])


@given(st.lists(st.tuples(st.sampled_from(PAGES), st.booleans())))
def test_every_firm_is_counted_once(visits) -> None:
    losses = break_off_by_page(PAGES, visits)

    assert losses[0].reached == len(visits)
    assert sum(each.broke_off for each in losses) == sum(not handed_in for _, handed_in in visits)
    assert all(after.reached == each.reached - each.broke_off for each, after in pairwise(losses))


def test_item_nonresponse_is_of_the_firms_that_were_asked() -> None:
    answers = [("rd", "answered"), ("rd", "blank"), ("rd", "not_asked"), ("staff", "dont_know")]

    found = item_nonresponse(answers)

    assert found == [
        ItemNonresponse("rd", answered=1, blank=1, not_asked=1),
        ItemNonresponse("staff", dont_know=1),
    ]
    assert [each.share for each in found] == [0.5, 1.0]


def test_an_item_that_nobody_was_asked_has_no_nonresponse() -> None:
    assert item_nonresponse([("rd", "not_asked")])[0].share is None


def test_a_state_that_does_not_exist_is_not_counted_silently() -> None:
    with pytest.raises(ValueError, match="'skipped'"):
        item_nonresponse([("rd", "skipped")])


@given(st.lists(st.sampled_from(STATES), min_size=1))
def test_the_states_of_an_item_add_up(states) -> None:
    (found,) = item_nonresponse([("rd", state) for state in states])

    assert found.asked + found.not_asked == len(states)
    assert found.share is None or 0 <= found.share <= 1
