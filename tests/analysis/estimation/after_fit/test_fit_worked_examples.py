"""The worked examples of the pages on goodness of fit and diagnostics."""

import numpy as np
import pytest
from scipy import stats

from analysis.estimation.after.collinearity_measures import variance_inflation
from analysis.estimation.after.count_checks import dispersion_test, zero_share
from analysis.estimation.after.diagnostics import effective_sizes, separation
from analysis.estimation.after.discrimination import discrimination
from analysis.estimation.after.goodness import classification, pseudo_r_squared
from analysis.estimation.after.influence import firm_influence
from analysis.estimation.after.weights_influence import weight_comparison
from analysis.estimation.design import survey_design
from analysis.estimation.design_matrix import INTERCEPT, Column, DesignMatrix, design_matrix
from tests.analysis.estimation.core.made_samples import solved
from tests.analysis.estimation.small import plain

# As many digits as the pages print.
AS_PRINTED = 5e-5


def alone(count: int) -> DesignMatrix:
    return design_matrix([Column(INTERCEPT)], {}, {}, count=count)


def test_eight_firms() -> None:
    model = solved([0, 0, 0, 1, 0, 1, 1, 1], plain(exporter=[0, 0, 0, 0, 1, 1, 1, 1]), "logit")

    assert pseudo_r_squared(model) == pytest.approx(
        {
            "mcfadden": 0.1887,
            "adjusted_mcfadden": -0.1720,
            "cox_snell": 0.2302,
            "nagelkerke": 0.3069,
            "tjur": 0.25,
            "mckelvey_zavoina": 0.2684,
            "efron": 0.25,
        },
        abs=AS_PRINTED,
    )
    area = discrimination(model).auc
    assert area.coefficients == pytest.approx([0.75])
    assert area.std_errors == pytest.approx([0.1637], abs=AS_PRINTED)
    assert classification(model).coefficients[0] == pytest.approx(6 / 8)


def test_four_counts() -> None:
    model = solved([0, 0, 1, 3], alone(4), "poisson", covariance="model")

    zeros, dispersion = zero_share(model), dispersion_test(model)

    assert zeros.coefficients == pytest.approx([0.5, 0.3679, 0.1321], abs=AS_PRINTED)
    assert zeros.std_errors[2] == pytest.approx(0.1684, abs=AS_PRINTED)
    assert (dispersion.alpha, dispersion.std_error, dispersion.statistic) == pytest.approx(
        (0.5, 0.5, 1)
    )


def test_archer_and_lemeshows_f() -> None:
    f, g, wald = 62 - 31, 10, 20

    statistic = (f - g + 2) / (f * g) * wald

    assert statistic == pytest.approx(1.484, abs=5e-4)
    assert stats.f.sf(statistic, g - 1, f - g + 2) == pytest.approx(0.212, abs=5e-4)


def test_three_firms_on_a_line() -> None:
    model = solved([0, 1, 5], plain(x=[0.0, 1.0, 2.0]), "linear", covariance="model")

    found = firm_influence(model)

    assert model.estimates.coefficients == pytest.approx([-0.5, 2.5])
    assert found.leverage == pytest.approx([5 / 6, 1 / 3, 5 / 6])
    assert found.dfbeta[2, 1] == pytest.approx(1.5)
    assert found.cooks_distance[:2] == pytest.approx([2.5, 0.25])


def test_four_weighted_firms() -> None:
    design = survey_design(count=4, weight=[1, 1, 1, 3])
    model = solved([1, 2, 3, 6], alone(4), "linear", design=design)

    found = weight_comparison(model)

    assert found.weighted.coefficients == pytest.approx([4])
    assert found.unweighted.coefficients == pytest.approx([3])
    assert found.differences.std_errors == pytest.approx([0.36], abs=5e-3)
    together = found.together
    assert together.statistic == pytest.approx(7.714, abs=5e-4)
    assert (together.numerator_df, together.denominator_df) == (1, 3)
    assert together.p_value == pytest.approx(0.069, abs=5e-4)
    assert effective_sizes(model).kish == pytest.approx(3)


def test_two_terms_with_a_correlation_of_four_fifths() -> None:
    a = np.tile([-1.0, -1, 1, 1], 5)
    b = 0.8 * a + 0.6 * np.tile([-1.0, 1, -1, 1], 5)

    found = variance_inflation(solved(np.sin(np.arange(20)), plain(a=a, b=b), "linear"))

    assert [each.factor for each in found] == pytest.approx([2.78, 2.78], abs=5e-3)


def test_partners_abroad_of_innovators_alone() -> None:
    found = separation(
        y=np.array([1, 1, 1, 1, 1, 0, 0, 0]),
        X=plain(partners=[1, 1, 0, 0, 0, 0, 0, 0]),
        estimator="logit",
        design=survey_design(count=8),
        domain=np.ones(8, dtype=bool),
    )

    assert (found.kind, found.infinite, found.finite) == ("quasi", ("partners",), ("(Intercept)",))
    assert found.certain == 2
