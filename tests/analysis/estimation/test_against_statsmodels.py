"""statsmodels as a second opinion where it is right, and as a warning where it is not."""

import numpy as np
import pytest
import statsmodels.api as sm

from analysis.estimation.design import survey_design
from tests.analysis.estimation.small import drawn, fitted

CLOSE = 1e-8


def test_an_unweighted_logit_is_that_of_statsmodels() -> None:
    y, matrix, _ = drawn(11)
    theirs = sm.Logit(y, matrix.X).fit(disp=0, method="newton", tol=1e-12)

    ours = fitted(y, matrix, covariance="model")

    effects = theirs.get_margeff(dummy=True)
    assert ours.margins is not None
    assert ours.estimates.coefficients == pytest.approx(theirs.params, rel=CLOSE)
    assert ours.estimates.std_errors == pytest.approx(theirs.bse, rel=CLOSE)
    assert ours.estimates.p_values == pytest.approx(theirs.pvalues, rel=1e-6)
    assert ours.estimates.intervals() == pytest.approx(theirs.conf_int(), rel=1e-6)
    assert ours.margins.coefficients == pytest.approx(effects.margeff, rel=CLOSE)
    assert ours.margins.std_errors == pytest.approx(effects.margeff_se, rel=1e-6)
    assert ours.log_likelihood == pytest.approx(theirs.llf, rel=1e-12)
    assert ours.fit_measures == pytest.approx(
        {
            "mcfadden_r_squared": theirs.prsquared,
            "share_correctly_predicted": np.trace(theirs.pred_table()) / len(y),
            "aic": theirs.aic,
            "bic": theirs.bic,
        },
        rel=1e-8,  # statsmodels finds its null model by iteration
    )


@pytest.mark.parametrize("covariance", ["nonrobust", "HC1"])
def test_least_squares_is_that_of_statsmodels(covariance: str) -> None:
    _, matrix, _ = drawn(12)
    y = matrix.X @ [0.4, 1.0, -0.5] + np.random.default_rng(120).normal(size=len(matrix.X))
    theirs = sm.OLS(y, matrix.X).fit(cov_type=covariance, use_t=True)

    ours = fitted(
        y, matrix, estimator="linear", covariance="model" if covariance == "nonrobust" else "HC1"
    )

    assert ours.estimates.std_errors == pytest.approx(theirs.bse, rel=1e-10)
    assert ours.estimates.p_values == pytest.approx(theirs.pvalues, rel=1e-8)
    assert ours.log_likelihood is None
    assert ours.fit_measures == pytest.approx(
        {
            "r_squared": theirs.rsquared,
            "adjusted_r_squared": theirs.rsquared_adj,
            "residual_std_error": theirs.scale**0.5,
        },
        rel=1e-10,
    )


@pytest.mark.parametrize(("estimator", "model"), [("linear", sm.OLS), ("logit", sm.Logit)])
def test_clustered_errors_are_those_of_statsmodels(estimator: str, model: type) -> None:
    y, matrix, design = drawn(13)
    settings = {} if estimator == "linear" else {"disp": 0, "method": "newton", "tol": 1e-12}
    theirs = model(y, matrix.X).fit(
        cov_type="cluster", cov_kwds={"groups": design.cluster_codes}, **settings
    )

    ours = fitted(
        y,
        matrix,
        estimator=estimator,
        covariance="cluster",
        design=survey_design(count=len(y), cluster=design.cluster),
    )

    assert ours.estimates.std_errors == pytest.approx(theirs.bse, rel=CLOSE)


def test_what_statsmodels_calls_hc1_of_a_logit_lacks_the_factor() -> None:
    # The reason why covariances are our own. Should this fail, statsmodels has mended it.
    y, matrix, _ = drawn(14)
    theirs = sm.Logit(y, matrix.X).fit(disp=0, method="newton", tol=1e-12, cov_type="HC1")

    ours = fitted(y, matrix).estimates

    n, k = matrix.X.shape
    assert ours.std_errors == pytest.approx(theirs.bse * np.sqrt(n / (n - k)), rel=CLOSE)


def test_weights_as_frequencies_would_claim_firms_that_were_never_asked() -> None:
    # The negative control: sampling weights given to statsmodels as frequencies.
    y, matrix, design = drawn(15)
    theirs = sm.GLM(y, matrix.X, family=sm.families.Binomial(), freq_weights=design.weight).fit()

    ours = fitted(y, matrix, covariance="HC1", design=design).estimates

    assert ours.coefficients == pytest.approx(theirs.params, rel=1e-6)
    assert np.all(theirs.bse < 0.7 * ours.std_errors)


def test_under_weights_fit_measures_are_named_for_what_they_are() -> None:
    y, matrix, design = drawn(16)

    logit = fitted(y, matrix, covariance="design", design=design)
    linear = fitted(y, matrix, estimator="linear", covariance="design", design=design)

    theirs = sm.WLS(y, matrix.X, weights=design.weight / design.weight.mean()).fit()
    assert (logit.log_likelihood, linear.log_likelihood) == (None, None)
    assert set(logit.fit_measures) == {
        "weighted_pseudo_r_squared",
        "weighted_share_correctly_predicted",
    }
    assert linear.fit_measures == pytest.approx(
        {
            "weighted_r_squared": theirs.rsquared,
            "weighted_adjusted_r_squared": theirs.rsquared_adj,
            "weighted_residual_std_error": theirs.scale**0.5,
        },
        rel=1e-10,
    )
    assert logit.population == pytest.approx(design.weight.sum())
