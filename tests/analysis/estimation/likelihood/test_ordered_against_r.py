"""Ordered logit and probit against R's ordinal::clm, sandwiches by hand, and survey::svytotal.

tests/witness/ordered.R asked, tests/witness/ordered.csv holds the answers.
"""

import numpy as np
import pytest

from analysis.estimation.likelihood.ordered import ORDERED_LOGIT, ORDERED_PROBIT
from analysis.estimation.likelihood.ordered_tests import parallel_lines_test
from tests.analysis.estimation.likelihood.levels_and_limits import (
    CASES,
    Floats,
    expected,
    growth,
    of_case,
)

# Both sides end within rounding of the summit; ten times what was seen.
AGREEMENT = 2e-11
# As above; the logits of R are fitted to a deviance steady to 1e-14.
BRANT_AGREEMENT = 1e-12
ESTIMATORS = {each.name: each for each in (ORDERED_LOGIT, ORDERED_PROBIT)}


def rank() -> Floats:
    return np.digitize(growth(), [-0.3, 0.0, 0.3]) + 1.0


@pytest.mark.parametrize("name", ESTIMATORS)
@pytest.mark.parametrize("case", CASES)
def test_coefficients_and_standard_errors_agree_with_r(case: str, name: str) -> None:
    witness = expected("ordered", case, name)

    estimates = of_case(case, ESTIMATORS[name], rank()).estimates

    assert list(estimates.terms) == list(witness.index)
    assert estimates.coefficients == pytest.approx(witness["estimate"].to_numpy(), rel=AGREEMENT)
    assert estimates.std_errors == pytest.approx(witness["std_error"].to_numpy(), rel=AGREEMENT)


def test_the_test_of_parallel_lines_agrees_with_brant_by_hand_in_r() -> None:
    witness = expected("ordered", "brant", "ordered_logit")

    found = parallel_lines_test(of_case("model", ORDERED_LOGIT, rank()))

    tests = [found.overall, *found.by_term.values()]
    assert ["all", *found.by_term] == list(witness.index)
    assert [each.wald for each in tests] == pytest.approx(
        witness["estimate"].to_numpy(), rel=BRANT_AGREEMENT
    )
    # The file's second column of numbers holds the degrees of freedom of these rows.
    assert [each.numerator_df for each in tests] == list(witness["std_error"])
