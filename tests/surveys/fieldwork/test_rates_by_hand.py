"""Rates of twenty firms, worked out by hand.

I 8, P 2, R 3, NC 4, O 1, U 2 and, beside them, 5 not eligible:
    RR1 = 8/20, RR2 = 10/20, RR5 = 8/18, RR6 = 10/18,
    COOP1 = 8/(8+2+3+1) = 8/14, REF1 = 3/20, CON1 = 14/20.
"""

import pytest

from surveys.fieldwork.rates import (
    Outcomes,
    all_rates,
    outcome_rate,
    outcomes,
    response_rate_1,
)

TWENTY = Outcomes(
    complete=8, partial=2, refusal=3, non_contact=4, other=1, unknown=2, not_eligible=5
)


@pytest.mark.parametrize(
    ("rate", "by_hand"),
    [
        ("RR1", 8 / 20),
        ("RR2", 10 / 20),
        ("RR5", 8 / 18),
        ("RR6", 10 / 18),
        ("COOP1", 8 / 14),
        ("REF1", 3 / 20),
        ("CON1", 14 / 20),
    ],
)
def test_a_rate_agrees_with_its_formula_worked_by_hand(rate, by_hand) -> None:
    assert outcome_rate(rate, TWENTY) == by_hand


def test_the_rate_that_every_list_shows_is_the_first() -> None:
    assert response_rate_1(TWENTY) == outcome_rate("RR1", TWENTY)


def test_firms_found_not_eligible_change_no_rate() -> None:
    more = Outcomes(
        complete=8, partial=2, refusal=3, non_contact=4, other=1, unknown=2, not_eligible=500
    )

    assert all_rates(more, more, None, None) == all_rates(TWENTY, TWENTY, None, None)


def test_a_rate_of_no_case_is_not_known() -> None:
    assert [rate.plain for rate in all_rates(Outcomes(), Outcomes(), None, None)] == [None] * 16


def test_dispositions_are_summed_by_outcome_as_if_the_field_closed_now() -> None:
    counted = outcomes(
        [("complete", 8), ("started", 1), ("partial", 1), ("not_started", 3), ("non_contact", 1)]
    )

    assert counted == Outcomes(complete=8, partial=2, non_contact=4)


def test_an_unknown_disposition_is_not_counted_silently() -> None:
    with pytest.raises(KeyError):
        outcomes([("asleep", 1)])


def test_outcomes_of_strata_add_up() -> None:
    left = Outcomes(complete=1, refusal=2)
    right = Outcomes(complete=3, not_eligible=4)

    assert left + right == Outcomes(complete=4, refusal=2, not_eligible=4)


def test_a_weighted_rate_counts_every_case_with_its_design_weight() -> None:
    """One complete firm of weight 30 and one silent firm of weight 10: 1/2 plain, 3/4 weighted."""
    plain, weighted = Outcomes(complete=1, non_contact=1), Outcomes(complete=30, non_contact=10)

    first, *_ = all_rates(plain, weighted, None, None)

    assert (first.name, first.plain, first.weighted) == ("RR1", 0.5, 0.75)
