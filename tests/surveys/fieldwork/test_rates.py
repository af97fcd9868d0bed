"""Eligibility, domains, refusals and properties of outcome rates."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathematics.refusals import Refusal
from surveys.fieldwork.domains import Amount, rates_by_domain
from surveys.fieldwork.eligibility import proportional, stated
from surveys.fieldwork.rates import FORMULAS, Outcomes, all_rates, outcome_rate

FIFTY = Outcomes(
    complete=20, partial=5, refusal=5, non_contact=8, other=2, unknown=5, not_eligible=5
)

numbers = st.integers(0, 10_000)
counted = st.builds(Outcomes, **{each.name: numbers for each in fields(Outcomes)})


def refused(call) -> tuple[str, str]:
    with pytest.raises(Refusal) as caught:
        call()
    assert caught.value.remedy
    return caught.value.code, caught.value.message


def test_the_proportional_share_is_that_of_the_cases_that_are_known() -> None:
    found = proportional(FIFTY)

    assert found.e == 40 / 45
    assert found.sentence == "40 of 45 cases of known eligibility are eligible"
    assert outcome_rate("RR3", FIFTY, found) == 20 / (40 + 5 * 40 / 45)


def test_a_stated_share_keeps_its_source() -> None:
    found = stated(0.5, " register of 2025 ")

    assert found.sentence == "register of 2025"
    assert outcome_rate("RR4", FIFTY, found) == 25 / 42.5


@pytest.mark.parametrize(
    ("e", "source"), [(1.1, "x"), (-0.1, "x"), (0.5, "  "), (float("nan"), "x")]
)
def test_a_share_without_sense_or_source_is_refused(e, source) -> None:
    assert refused(lambda: stated(e, source))[0] == "eligibility_share"


def test_nothing_known_leaves_nothing_to_estimate_from() -> None:
    assert refused(lambda: proportional(Outcomes(unknown=9)))[0] == "eligibility_unknown"


def test_an_empty_denominator_is_refused_with_the_formula() -> None:
    code, message = refused(lambda: outcome_rate("COOP1", Outcomes(non_contact=9)))

    assert code == "rate_empty"
    assert "I / ((I + P) + R + O)" in message


def test_a_rate_with_e_needs_one() -> None:
    assert refused(lambda: outcome_rate("RR3", FIFTY))[0] == "eligibility_missing"


def test_a_rate_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(Refusal, match="RR1, RR2"):
        outcome_rate("RR7", FIFTY)


def test_without_an_e_the_rates_that_need_it_are_left_open() -> None:
    open_rates = {each.name for each in all_rates(FIFTY, FIFTY, None, None) if each.plain is None}

    assert open_rates == {"RR3", "RR4", "REF2", "CON2"}


AMOUNTS = [
    Amount("north", "complete", 6, 60.0),
    Amount("north", "undelivered", 4, 20.0),
    Amount("south", "complete", 3, 30.0),
    Amount("south", "closed", 1, 40.0),
]


def rate(of, name):
    return next(each for each in of.rates if each.name == name)


def test_rates_of_a_domain_take_the_e_of_all_cases() -> None:
    found = rates_by_domain(AMOUNTS)

    assert list(found) == ["north", "south"]
    assert rate(found["north"], "RR3").plain == 6 / (6 + 4 * 0.9)
    assert rate(found["north"], "RR3").weighted == 60 / (60 + 20 * 90 / 130)
    assert found["north"].plain.e == 0.9
    assert found["north"].weighted.e == 90 / 130


def test_rates_of_a_domain_may_take_its_own_e() -> None:
    found = rates_by_domain(AMOUNTS, within="domain")

    assert rate(found["north"], "RR3").plain == rate(found["north"], "RR1").plain == 0.6


def test_a_stated_e_holds_everywhere() -> None:
    found = rates_by_domain(AMOUNTS, eligibility=stated(0.0, "none of them exists"))

    assert rate(found["north"], "RR3").plain == rate(found["north"], "RR5").plain == 1


def test_a_domain_of_which_nothing_is_known_has_no_estimated_rates() -> None:
    found = rates_by_domain([Amount("east", "undelivered", 2, 9.0)])

    assert rate(found["east"], "RR1").plain == 0
    assert rate(found["east"], "RR3").plain is None


@given(counted.filter(lambda each: each.complete + each.refusal > 0), st.floats(0, 1))
def test_rates_lie_between_zero_and_one_and_in_the_order_of_their_definitions(
    counts, share
) -> None:
    of = {name: outcome_rate(name, counts, stated(share, "made")) for name in FORMULAS}

    assert all(0 <= each <= 1 for each in of.values())
    slack = 1e-12
    assert of["RR1"] <= of["RR3"] + slack <= of["RR5"] + 2 * slack
    assert of["RR2"] <= of["RR4"] + slack <= of["RR6"] + 2 * slack
    assert of["REF1"] <= of["REF2"] + slack <= of["REF3"] + 2 * slack
    assert of["CON1"] <= of["CON2"] + slack <= of["CON3"] + 2 * slack
    assert of["COOP1"] <= of["COOP3"] + slack
    assert of["RR1"] <= of["RR2"]


@given(counted.filter(lambda each: each.complete > 0), st.floats(0.001, 1000))
def test_rates_do_not_depend_on_the_unit_of_the_weights(counts, unit) -> None:
    scaled = replace(
        counts, **{each.name: unit * getattr(counts, each.name) for each in fields(Outcomes)}
    )

    for name in FORMULAS:
        assert outcome_rate(name, scaled, proportional(scaled)) == pytest.approx(
            outcome_rate(name, counts, proportional(counts)), rel=1e-9
        )


@given(counted)
def test_response_nonresponse_and_refusal_exhaust_the_cases(counts) -> None:
    if counts.eligible == 0:
        return
    others = (counts.non_contact + counts.other + counts.undetermined) / counts.eligible

    assert outcome_rate("RR2", counts) + outcome_rate("REF1", counts) + others == pytest.approx(1)
