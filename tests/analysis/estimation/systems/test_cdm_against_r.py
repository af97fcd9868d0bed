"""The three steps of a CDM model against R, step by step, and all its covariances.

The script that asked R and the file it wrote lie in tests/witness; R is not needed here.
"""

import pytest

from analysis.estimation.regression import Model
from analysis.estimation.systems.cdm import CDM
from tests.analysis.estimation.instrumental.solving import solved
from tests.witness import cdm
from tests.witness.firms import witness

# Of 1 and of the coefficient: R's Newton steps use numDeriv's derivatives.
COEFFICIENTS = 1e-8
# The witness differentiates 26 stacked equations by numDeriv.
ERRORS = 1e-7

CASES = {
    "HC0": ("HC0", False),
    "HC1": ("HC1", False),
    "cluster": ("cluster", False),
    "design": ("design", True),
    "replicate": ("replicate", True),
}


def model(case: str) -> Model:
    covariance, weighted = CASES[case]
    design = cdm.design(weighted=weighted)
    if case == "replicate":
        design = design.with_replicates(cdm.replicates())
    return solved(cdm.productivity(), cdm.main(), CDM, covariance, parts=cdm.parts(), design=design)


@pytest.mark.parametrize("case", CASES)
def test_every_equation_agrees_with_r(case: str) -> None:
    table = witness("cdm")
    expected = table[table["case"] == case].set_index("term")

    estimates = model(case).estimates

    expected = expected.loc[list(estimates.terms)]
    assert len(expected) == len(estimates.terms) == 26
    assert estimates.coefficients == pytest.approx(
        expected["estimate"].to_numpy(), rel=COEFFICIENTS, abs=COEFFICIENTS
    )
    assert estimates.std_errors == pytest.approx(expected["std_error"].to_numpy(), rel=ERRORS)
