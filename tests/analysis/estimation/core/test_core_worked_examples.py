"""The worked examples of the pages on generalised linear models and on margins."""

import numpy as np
import pytest

from analysis.estimation.blocks import block
from analysis.estimation.design_matrix import INTERCEPT, Column, Factor, design_matrix
from analysis.estimation.glm import predictions
from analysis.estimation.margins import (
    Margins,
    average_marginal_effects,
    contrast,
    elasticities,
)
from analysis.estimation.parts import Parts
from analysis.estimation.responses import LINEAR, POISSON
from analysis.estimation.sample import Sample, Wording
from analysis.estimation.solution import Solution
from tests.analysis.estimation.core.made_samples import solved
from tests.analysis.estimation.small import plain

# As many digits as the pages print.
AS_PRINTED = 5e-5

EXPORTER = plain(exporter=[0, 0, 0, 0, 1, 1, 1, 1])
PAIRS = plain(exporter=[0, 0, 1, 1])


def test_hazards_of_the_complementary_log_log() -> None:
    estimates = solved([0, 0, 0, 1, 0, 1, 1, 1], EXPORTER, "cloglog").estimates

    assert estimates.coefficients == pytest.approx([-1.2459, 1.5725], abs=AS_PRINTED)
    assert np.exp(estimates.coefficients[1]) == pytest.approx(4.82, abs=5e-3)


def test_rates_of_the_poisson_with_exposure() -> None:
    years = Parts(outcomes={"exposure": np.array([1.0, 2.0, 1.0, 1.0])})

    model = solved([1, 2, 4, 2], PAIRS, "poisson", covariance="model", parts=years)

    assert model.estimates.coefficients == pytest.approx([0, 1.0986], abs=AS_PRINTED)
    assert np.diag(model.estimates.covariance) == pytest.approx([1 / 3, 1 / 2])


def test_shares_of_the_fractional_logit() -> None:
    model = solved([0.1, 0.3, 0.5, 0.7], PAIRS, "fractional_logit")

    assert model.estimates.coefficients == pytest.approx([-1.3863, 1.7918], abs=AS_PRINTED)
    variances = [model.under(kind).estimates.covariance[1, 1] for kind in ("HC0", "HC1")]
    assert variances == pytest.approx([0.2821, 0.5642], abs=AS_PRINTED)
    assert model.estimates.std_errors[1] == pytest.approx(0.7512, abs=AS_PRINTED)


def margins_of(response, columns, variables, kinds, coefficients, covariance) -> Margins:
    """Margins of a model of which coefficients and covariance are written down."""
    matrix = design_matrix(columns, variables, kinds)
    weight = np.ones(len(matrix.X))
    main = block("", matrix.columns, matrix.X, weight)
    sample = Sample(
        rows=weight > 0,
        y=weight,
        main=main,
        weight=weight,
        is_weighted=False,
        variables=matrix.variables,
        kinds=matrix.kinds,
        bases={},
        wording=Wording("growth", {}),
    )
    forth = np.linalg.inv(main.back)
    solution = Solution(
        coefficients=forth @ coefficients,
        scores=np.zeros_like(matrix.X),
        bread=np.eye(len(coefficients)),
        blocks=(main,),
        predictions=predictions(response),
    )
    return Margins(solution, sample, forth @ covariance @ forth.T, residual_df=20)


def test_the_total_effect_of_breadth() -> None:
    covariance = np.zeros((4, 4))
    covariance[1:3, 1:3] = [[0.01, -0.0009], [-0.0009, 0.0001]]
    margins = margins_of(
        LINEAR,
        (
            Column(INTERCEPT),
            Column("breadth", (Factor("breadth"),)),
            Column("breadth^2", (Factor("breadth", "power", exponent=2),)),
            Column("exporter", (Factor("exporter"),)),
        ),
        {"breadth": np.array([1.0, 3, 5, 7, 4, 4]), "exporter": np.array([0.0, 1, 0, 1, 1, 0])},
        {"breadth": "continuous", "exporter": "binary"},
        np.array([1, 0.30, -0.03, 0.20]),
        covariance,
    )

    effects, change = average_marginal_effects(margins), contrast(margins, "breadth", 2.0, 4.0)

    assert effects is not None
    assert effects.coefficients == pytest.approx([0.06, 0.20])
    assert effects.std_errors[0] == pytest.approx(0.0447, abs=AS_PRINTED)
    assert change.coefficients == pytest.approx([0.24])
    assert change.std_errors == pytest.approx([0.1058], abs=AS_PRINTED)


def test_elasticities_of_a_poisson() -> None:
    margins = margins_of(
        POISSON,
        (Column(INTERCEPT), Column("breadth", (Factor("breadth"),))),
        {"breadth": np.array([1.0, 3, 5, 7])},
        {"breadth": "continuous"},
        np.array([0.1, 0.5]),
        np.diag([0.02, 0.01]),
    )

    by_unit, by_share = elasticities(margins, "eydx"), elasticities(margins, "eyex")

    assert by_unit.coefficients == pytest.approx([0.5])
    assert by_share.coefficients == pytest.approx([2.0])
    assert by_share.std_errors == pytest.approx(4 * by_unit.std_errors)
    assert by_unit.std_errors == pytest.approx([0.1])
