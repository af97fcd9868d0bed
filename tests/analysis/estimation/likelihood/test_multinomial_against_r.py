"""The multinomial logit against R's VGAM::vglm, sandwiches by hand, and survey::svytotal.

tests/witness/multinomial.R asked, tests/witness/multinomial.csv holds the answers.
"""

import pytest

from analysis.estimation.likelihood.multinomial import MULTINOMIAL_LOGIT
from tests.analysis.estimation.likelihood.levels_and_limits import (
    CASES,
    Floats,
    expected,
    growth,
    of_case,
)
from tests.witness import firms

# Both sides end within rounding of the summit; ten times what was seen.
AGREEMENT = 2e-11


def kind() -> Floats:
    return firms.outcome("logit") + 2.0 * (growth() > 0.1)


@pytest.mark.parametrize("case", CASES)
def test_coefficients_and_standard_errors_agree_with_r(case: str) -> None:
    witness = expected("multinomial", case, "multinomial_logit")

    estimates = of_case(case, MULTINOMIAL_LOGIT, kind()).estimates

    assert list(estimates.terms) == list(witness.index)
    assert estimates.coefficients == pytest.approx(witness["estimate"].to_numpy(), rel=AGREEMENT)
    assert estimates.std_errors == pytest.approx(witness["std_error"].to_numpy(), rel=AGREEMENT)
