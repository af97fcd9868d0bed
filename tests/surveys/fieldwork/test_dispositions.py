import pytest

from surveys.fieldwork.dispositions import TERMS, at_closing, may_move, moves_from, term
from surveys.models import Case


def test_every_disposition_of_a_case_has_its_term() -> None:
    assert {each.disposition for each in TERMS} == set(Case.Disposition.values)


def test_closing_makes_a_started_case_a_partial() -> None:
    assert at_closing("started") == "partial"


def test_closing_makes_a_case_without_a_reply_a_non_contact() -> None:
    assert at_closing("not_started") == "non_contact"


@pytest.mark.parametrize("each", [each for each in TERMS if each.final])
def test_closing_leaves_a_final_disposition_as_it_is(each) -> None:
    assert at_closing(each.disposition) == each.disposition


@pytest.mark.parametrize("each", TERMS)
def test_closing_gives_a_final_disposition_in_which_the_case_counted_already(each) -> None:
    closed = term(at_closing(each.disposition))

    assert closed.final
    assert closed.outcome == each.outcome


def test_a_refusal_may_answer_after_all() -> None:
    assert may_move("refusal", "started")


def test_a_complete_case_is_not_made_a_refusal() -> None:
    assert not may_move("complete", "refusal")


def test_moves_are_listed_in_the_order_of_the_terms() -> None:
    assert moves_from("started") == ("complete", "partial", "refusal", "not_eligible")


def test_an_unknown_disposition_has_no_term() -> None:
    with pytest.raises(KeyError):
        term("asleep")
