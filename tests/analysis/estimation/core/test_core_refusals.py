"""What generalised linear models refuse, by name."""

import numpy as np
import pytest

from analysis.estimation.design import survey_design
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import Estimator
from analysis.estimation.labels import Rows
from analysis.estimation.parts import Parts, Role
from analysis.estimation.replicates import ReplicateWeights
from analysis.refusals import Refusal
from tests.analysis.estimation.core.made_samples import solved
from tests.analysis.estimation.small import plain

N = 60
X = np.linspace(-1, 1, N)
FEW = (np.arange(N) < 6).astype(float)
SHARES = 0.5 + 0.3 * np.sin(9 * X)
COUNTS = np.round(2 + np.cos(11 * X) + X)
YES_NO = (np.sin(40 * X) + X > 0).astype(float)


# analysis/estimation/glm.py takes such a replicate for one that has converged, to 1e30 or to 50.
def refused(*arguments: object, **choices: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        solved(*arguments, **choices)
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize("estimator", ["logit", "probit", "cloglog"])
def test_a_term_that_only_firms_with_the_outcome_have(estimator: str) -> None:
    y = np.where(FEW == 1, 1.0, YES_NO)

    refusal = refused(y, plain(x=X, few=FEW), estimator)

    assert refusal.code == "separation"
    assert "every firm with 'few' has outcome 1 (6 of 6)" in refusal.message


@pytest.mark.parametrize("estimator", ["logit", "probit", "cloglog"])
def test_a_number_that_parts_the_outcomes(estimator: str) -> None:
    refusal = refused((X > 0.2).astype(float), plain(x=X, z=np.cos(7 * X)), estimator)

    assert (refusal.code, "'x' predicts" in refusal.message) == ("separation", True)


@pytest.mark.parametrize("estimator", ["fractional_logit", "fractional_probit"])
@pytest.mark.parametrize("end", [0.0, 1.0])
def test_shares_at_one_end_for_all_firms_with_a_term(estimator: str, end: float) -> None:
    refusal = refused(np.where(FEW == 1, end, SHARES), plain(x=X, few=FEW), estimator)

    assert (refusal.code, "'few'" in refusal.message) == ("separation", True)


@pytest.mark.parametrize("estimator", ["fractional_logit", "fractional_probit"])
def test_shares_at_the_ends_that_a_number_parts_while_others_lie_on_the_plane(
    estimator: str,
) -> None:
    # Where z is zero lie the shares between; above it all are 1, below it all 0.
    z = np.where(FEW == 1, X + 3, np.where(np.arange(N) > 50, X - 3, 0.0))
    y = np.where(z > 0, 1.0, np.where(z < 0, 0.0, SHARES))

    refusal = refused(y, plain(x=X, z=z), estimator)

    assert (refusal.code, "'z'" in refusal.message) == ("separation", True)


@pytest.mark.parametrize("estimator", ["fractional_logit", "fractional_probit"])
def test_shares_at_both_ends_that_overlap_are_estimated(estimator: str) -> None:
    model = solved(np.clip(SHARES * 2 - 0.5, 0, 1), plain(x=X, few=FEW), estimator)

    assert np.isfinite(model.estimates.std_errors).all()


def test_counts_that_are_zero_for_all_firms_with_a_term() -> None:
    # Santos Silva and Tenreyro (2010): the coefficient goes to minus infinity.
    refusal = refused(np.where(FEW == 1, 0.0, COUNTS), plain(x=X, few=FEW), "poisson")

    assert (refusal.code, "'few' predicts" in refusal.message) == ("separation", True)


def test_counts_that_are_zero_beyond_a_bound_of_two_terms_together() -> None:
    # Where x + z leaves zero no firm has any; neither alone tells that.
    z = np.where(FEW == 1, 2.0, 0.0) - X
    y = np.where(FEW == 1, 0.0, COUNTS)

    refusal = refused(y, plain(x=X, z=z), "poisson")

    assert refusal.code == "separation"
    assert "'x'" in refusal.message
    assert "'z'" in refusal.message


def test_counts_that_are_never_zero_with_a_term_are_estimated() -> None:
    model = solved(np.where(FEW == 1, 3.0, COUNTS), plain(x=X, few=FEW), "poisson")

    assert np.isfinite(model.estimates.std_errors).all()


def test_a_regressor_of_absurd_size() -> None:
    x = X.copy()
    x[17] = 1e300

    refusal = refused(YES_NO, plain(size=x), "logit")

    assert (refusal.code, "'size' (up to 1e+300)" in refusal.message) == ("absurd_scale", True)


def test_an_outcome_of_absurd_size() -> None:
    y = X.copy()
    y[17] = -1e300

    refusal = refused(y, plain(x=X), "linear", outcome="profit")

    assert (refusal.code, "profit" in refusal.message) == ("absurd_scale", True)


@pytest.mark.parametrize("kind", ["HC2", "HC3"])
@pytest.mark.parametrize("estimator", ["linear", "poisson"])
def test_a_firm_that_alone_decides_a_coefficient(estimator: str, kind: str) -> None:
    alone = (np.arange(N) == 41).astype(float)

    refusal = refused(COUNTS, plain(x=X, alone=alone), estimator, covariance=kind)

    assert (refusal.code, "firm 42 of the data" in refusal.message) == ("leverage_one", True)


def test_a_firm_that_alone_decides_is_no_obstacle_to_hc1() -> None:
    alone = (np.arange(N) == 41).astype(float)

    model = solved(COUNTS, plain(x=X, alone=alone), "linear")

    assert np.isfinite(model.estimates.std_errors).all()


def test_two_ways_of_clustering_that_leave_negative_variances() -> None:
    # Residuals that cancel within both ways: the crossing alone varies.
    rows, columns = np.divmod(np.arange(64), 8)
    y = np.where((rows + columns) % 2 == 0, 1.0, -1.0) + 1e-3 * np.sin(np.arange(64))
    labels = {"cluster": rows, "cluster_2": columns}

    refusal = refused(
        y,
        plain(x=np.cos(np.arange(64))),
        "linear",
        covariance="cluster",
        parts=Parts(labels=labels),
    )

    assert refusal.code == "two_way_not_positive"


def test_one_cluster() -> None:
    refusal = refused(
        X,
        plain(z=np.cos(7 * X)),
        "linear",
        covariance="cluster",
        parts=Parts(labels={"cluster": np.zeros(N)}),
    )

    assert refusal.code == "too_few_clusters"


@pytest.mark.parametrize("bad", [0.0, -2.0])
def test_an_exposure_that_is_not_positive(bad: float) -> None:
    exposure = np.ones(N)
    exposure[[3, 9]] = bad

    refusal = refused(COUNTS, plain(x=X), "poisson", parts=Parts(outcomes={"exposure": exposure}))

    assert (refusal.code, "for 2 of 60 firms" in refusal.message) == ("exposure_not_positive", True)


@pytest.mark.parametrize("bad", [-1.0, 0.5])
def test_an_outcome_that_does_not_count(bad: float) -> None:
    y = COUNTS.copy()
    y[4] = bad

    refusal = refused(y, plain(x=X), "poisson", outcome="patents")

    assert (refusal.code, f"such as {bad:g}" in refusal.message) == ("outcome_not_count", True)


@pytest.mark.parametrize("bad", [-0.1, 35.0])
def test_an_outcome_that_is_no_share(bad: float) -> None:
    y = SHARES.copy()
    y[4] = bad

    refusal = refused(y, plain(x=X), "fractional_logit", outcome="the share of sales")

    assert (refusal.code, f"such as {bad:g}" in refusal.message) == ("outcome_not_share", True)


@pytest.mark.parametrize("estimator", ["fractional_logit", "fractional_probit"])
def test_a_quasi_likelihood_has_no_model_based_covariance(estimator: str) -> None:
    refusal = refused(SHARES, plain(x=X), estimator, covariance="model")

    assert (refusal.code, "HC1" in refusal.remedy) == ("covariance_not_defined", True)


def test_model_based_covariance_under_weights() -> None:
    design = survey_design(count=N, weight=1 + X**2)

    refusal = refused(COUNTS, plain(x=X), "poisson", covariance="model", design=design)

    assert refusal.code == "model_covariance_with_weights"


def with_replicates_of(y: Floats, term: Floats, lost: Rows, estimator: str) -> Refusal:
    """What becomes of eight replicates, in the last of which some firms are left out."""
    random = np.random.default_rng(3)
    weights = random.uniform(0.5, 1.5, (len(y), 8))
    weights[lost, 7] = 0.0
    design = survey_design(count=len(y), weight=random.uniform(1, 2, len(y)))
    replicates = ReplicateWeights(weights, scale=0.1, rscales=np.ones(8))
    return refused(
        y,
        plain(x=np.cos(np.arange(len(y))), term=term),
        estimator,
        covariance="replicate",
        design=design.with_replicates(replicates),
    )


def test_a_replicate_in_which_no_firm_has_the_term() -> None:
    refusal = with_replicates_of(COUNTS, FEW, FEW == 1, "poisson")

    assert refusal.code == "replicates_failed"
    assert "replicate 8" in refusal.message


@pytest.mark.parametrize("estimator", ["linear", "logit", "poisson"])
def test_a_replicate_in_which_every_firm_has_the_term(estimator: str) -> None:
    y = YES_NO if estimator == "logit" else COUNTS

    assert with_replicates_of(y, 1 - FEW, FEW == 1, estimator).code == "replicates_failed"


@pytest.mark.parametrize("estimator", ["logit", "probit", "cloglog", "poisson"])
def test_a_replicate_whose_outcomes_are_separated(estimator: str) -> None:
    few = (np.arange(N) < 8).astype(float)
    y = COUNTS if estimator == "poisson" else YES_NO
    y = np.where(few == 1, np.arange(N) % 2, y)
    lost = (few == 1) & (y == (1 if estimator == "poisson" else 0))

    assert with_replicates_of(y, few, lost, estimator).code == "replicates_failed"


def test_a_design_without_replicates() -> None:
    assert refused(X, plain(z=np.cos(X)), "linear", covariance="replicate").code == "no_replicates"


def test_roles_that_an_estimator_does_not_read_are_errors_of_the_caller() -> None:
    with pytest.raises(ValueError, match=r"linear does not read \['exposure'\]"):
        solved(X, plain(z=X**2), "linear", parts=Parts(outcomes={"exposure": np.ones(N)}))


def test_roles_that_an_estimator_needs_are_errors_of_the_caller() -> None:
    needy = Estimator(
        "needy", "Needy", "", lambda *_: None, frozenset(), roles=(Role("limit", "number"),)
    )

    with pytest.raises(ValueError, match=r"needy needs \['limit'\]"):
        needy.check_roles(Parts())
    needy.check_roles(Parts(numbers={"limit": 1.0}, labels={"cluster": np.ones(3)}))
