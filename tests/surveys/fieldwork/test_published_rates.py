"""Rates against published examples.

Two worked examples of the R package outcomerate, which follows AAPOR's Standard Definitions
and the default e of AAPOR's Outcome Rate Calculator 4.0: the twelve cases of its README, as
printed to three digits, and the 1,691 of its introduction, printed to eight.
"""

import pytest

from surveys.fieldwork.eligibility import proportional
from surveys.fieldwork.rates import FORMULAS, Outcomes, outcome_rate

README = Outcomes(
    complete=4,
    partial=2,
    refusal=1,
    non_contact=1,
    other=1,
    unknown_unit=1,
    unknown=1,
    not_eligible=1,
)
README_RATES = {
    "RR1": 0.364, "RR2": 0.545, "RR3": 0.370, "RR4": 0.556, "RR5": 0.444, "RR6": 0.667,
    "COOP1": 0.500, "COOP2": 0.750, "COOP3": 0.571, "COOP4": 0.857,
    "REF1": 0.091, "REF2": 0.093, "REF3": 0.111,
    "CON1": 0.727, "CON2": 0.741, "CON3": 0.889,
}  # fmt: skip

INTRODUCTION = Outcomes(
    complete=760,
    partial=339,
    refusal=59,
    non_contact=288,
    other=1,
    unknown=173,
    not_eligible=71,
)
INTRODUCTION_RATES = {
    "RR1": 0.46913580, "RR2": 0.67839506, "RR3": 0.47149080, "RR4": 0.68180052,
    "RR5": 0.52522460, "RR6": 0.75950242,
    "COOP1": 0.65573770, "COOP2": 0.94823123, "COOP3": 0.65630397, "COOP4": 0.94905009,
    "REF1": 0.03641975, "REF2": 0.03660258, "REF3": 0.04077402,
    "CON1": 0.71543210, "CON2": 0.71902347, "CON3": 0.80096752,
}  # fmt: skip


@pytest.mark.parametrize("name", FORMULAS)
def test_the_example_of_twelve_cases(name) -> None:
    found = outcome_rate(name, README, proportional(README))

    assert found == pytest.approx(README_RATES[name], abs=5e-4)


@pytest.mark.parametrize("name", FORMULAS)
def test_the_example_of_1691_cases(name) -> None:
    found = outcome_rate(name, INTRODUCTION, proportional(INTRODUCTION))

    assert found == pytest.approx(INTRODUCTION_RATES[name], abs=5e-9)
