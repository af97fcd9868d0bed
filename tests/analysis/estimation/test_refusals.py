"""Every way in which an estimate cannot honestly be had, in a researcher's words."""

import numpy as np
import pytest

from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.design_matrix import INTERCEPT, Column, Factor, design_matrix
from analysis.refusals import Refusal
from tests.analysis.estimation.small import drawn, fitted, plain

N = 60
X = np.linspace(-1, 1, N)
Y = np.tile([0.0, 1.0, 1.0], N // 3)


def refused(*arguments: object, **choices: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        fitted(*arguments, **choices)
    assert caught.value.remedy
    return caught.value


def test_an_empty_subpopulation() -> None:
    refusal = refused(Y, plain(x=X), domain=np.zeros(N, dtype=bool))

    assert (refusal.code, refusal.message) == (
        "no_rows",
        "No firm with a positive weight is in the subpopulation.",
    )


def test_a_variable_that_nobody_answered_is_named() -> None:
    refusal = refused(Y, plain(x=X, z=np.full(N, np.nan)), labels={"z": "Graduates"})

    assert refusal.code == "no_rows"
    assert "None of the 60 firms" in refusal.message
    assert "Nobody answered 'Graduates'." in refusal.message


def test_an_outcome_that_nobody_answered_is_named() -> None:
    assert (
        "Nobody answered Growth."
        in refused(np.full(N, np.nan), plain(x=X), outcome="Growth").message
    )


def test_an_outcome_without_variation() -> None:
    refusal = refused(np.ones(N), plain(x=X), outcome="Product innovation")

    assert refusal.code == "outcome_constant"
    assert refusal.message.startswith("Product innovation is 1 for all 60 firms")


@pytest.mark.parametrize("estimator", ["logit", "probit"])
def test_an_outcome_that_is_not_yes_or_no(estimator: str) -> None:
    refusal = refused(Y + np.tile([0, 0, 1], N // 3), plain(x=X), estimator=estimator)

    assert refusal.code == "outcome_not_binary"
    assert f"A {estimator} needs an outcome of 0 and 1" in refusal.message
    assert "'2'" in refusal.message


def test_an_infinite_outcome() -> None:
    infinite = np.where(np.arange(N) == 3, np.inf, Y)

    refusal = refused(infinite, plain(x=X), estimator="linear", outcome="Growth")

    assert (refusal.code, refusal.message) == (
        "outcome_infinite",
        "Growth is infinite for 1 of 60 firms.",
    )


def test_the_logarithm_of_zero_is_named_and_counted() -> None:
    matrix = design_matrix(
        (Column(INTERCEPT), Column("log(sales)", (Factor("sales", "log"),))),
        {"sales": np.arange(N, dtype=float) // 3},
        {"sales": "continuous"},
    )

    refusal = refused(Y, matrix)

    assert refusal.code == "term_undefined"
    assert "'log(sales)' for 3 of 60 firms" in refusal.message
    assert fitted(Y, matrix, domain=np.arange(N) >= 3).n == 57


def test_fewer_firms_than_terms() -> None:
    regressors = dict(zip("abcdef", np.random.default_rng(0).normal(size=(6, N)), strict=True))

    refusal = refused(Y, plain(**regressors), domain=np.arange(N) < 6)

    assert refusal.code == "too_few_rows"
    assert refusal.message == "The model has 7 terms and there are 6 firms with complete answers."


def test_terms_from_which_the_outcome_was_computed() -> None:
    refusal = refused(2 * X - 1, plain(x=X), estimator="linear")

    assert refusal.code == "perfect_fit"


def test_model_based_errors_under_sampling_weights() -> None:
    design = survey_design(count=N, weight=np.linspace(1, 2, N))

    refusal = refused(Y, plain(x=X), covariance="model", design=design)

    assert refusal.code == "model_covariance_with_weights"
    assert "design-based or HC1" in refusal.remedy


def test_a_single_cluster() -> None:
    design = survey_design(count=N, cluster=np.zeros(N))

    assert refused(Y, plain(x=X), covariance="cluster", design=design).code == "too_few_clusters"


def test_a_single_unit_in_a_stratum() -> None:
    design = survey_design(count=N, stratum=["lone"] + ["rest"] * (N - 1))

    refusal = refused(Y, plain(x=X), covariance="design", design=design)

    assert refusal.code == "singleton_stratum"
    assert "'lone'" in refusal.message


def test_no_design_degrees_of_freedom() -> None:
    design = survey_design(count=N, cluster=np.arange(N) % 4)
    matrix = plain(x=X, z=X**2, v=X**3, w=X**4)

    refusal = refused(Y, matrix, covariance="design", design=design)

    assert refusal.code == "no_degrees_of_freedom"
    assert "sampled units (4) less its strata (1)" in refusal.message


def test_a_population_enumerated_in_full() -> None:
    design = survey_design(count=N, population=np.full(N, float(N)))

    refusal = refused(Y, plain(x=X), covariance="design", design=design)

    assert refusal.code == "no_sampling_variance"
    assert "population: none" in refusal.remedy


def test_a_design_is_refused_before_anything_is_fitted() -> None:
    with pytest.raises(Refusal, match="weight is negative"):
        SurveyDesign(np.array([-1.0]), np.array(["a"]), np.array(["a"]))


def test_columns_that_follow_from_others_are_dropped_the_later_one_and_named() -> None:
    y, _, _ = drawn(21)
    x, z = np.random.default_rng(21).normal(size=(2, len(y)))

    result = fitted(y, plain(x=x, double=2 * x, z=z, mixture=z - x + 3, one=np.full(len(y), 5.0)))

    assert result.estimates.terms == ("(Intercept)", "x", "z")
    assert result.dropped == (
        ("double", "follows exactly from 'x'"),
        ("mixture", "follows exactly from 'x' and 'z'"),
        ("one", "is 5 for every firm"),
    )
    assert "'double' was dropped: it follows exactly from 'x'." in result.notes
    assert result.margins is not None
    assert result.margins.terms == ("x", "z")


def test_a_category_that_no_firm_of_the_subpopulation_is_in_is_dropped() -> None:
    y, _, _ = drawn(22)
    industry = np.array(["food", "metal", "trade"], dtype=object)[np.arange(len(y)) % 3]

    result = fitted(y, plain(industry=industry), domain=industry != "trade")

    assert result.estimates.terms == ("(Intercept)", "industry[metal]")
    assert result.dropped == (("industry[trade]", "is 0 for every firm"),)


def test_nearly_equal_columns_are_kept() -> None:
    y, _, _ = drawn(23)
    x = np.random.default_rng(23).normal(size=len(y))
    shift = 1e-6 * np.random.default_rng(24).normal(size=len(y))

    result = fitted(y, plain(x=x, near=x + shift), estimator="linear")

    assert result.dropped == ()


def test_large_constants_in_a_regressor_do_not_pass_for_collinearity() -> None:
    y, _, _ = drawn(25)
    year = 2_000_000 + np.random.default_rng(25).integers(0, 3, len(y)).astype(float)

    assert fitted(y, plain(year=year), estimator="linear").dropped == ()


def test_notes_say_what_was_left_out_and_what_is_thin() -> None:
    y, matrix, _ = drawn(26, n=40)
    y[:5] = np.nan

    result = fitted(
        y, matrix, covariance="cluster", design=survey_design(count=40, cluster=np.arange(40) % 7)
    )

    events = int(min(np.nansum(y), np.nansum(1 - y)))
    assert result.notes == (
        "Left out because an answer is missing: 5 of 40 firms.",
        f"The rarer outcome was seen {events} times, fewer than 10 for each of the 2 terms: "
        "estimates may be biased away from zero.",
        "Only 7 clusters: clustered standard errors are unreliable under 30.",
    )
    assert result.n == 35


def test_few_degrees_of_freedom_are_noted() -> None:
    y, matrix, _ = drawn(27)
    design = survey_design(count=len(y), cluster=np.arange(len(y)) % 8)

    result = fitted(y, matrix, covariance="design", design=design)

    assert result.estimates.residual_df == 8 - 1 + 1 - 3
    assert "The design leaves 5 degrees of freedom: intervals are wide and rough." in result.notes


def test_a_model_of_an_intercept_alone_gives_the_share_and_no_effects() -> None:
    matrix = design_matrix((Column(INTERCEPT),), {}, {}, count=N)

    result = fitted(Y, matrix)

    assert result.estimates.coefficients == pytest.approx([np.log(2)])
    assert result.margins is None


def test_effects_are_not_computed_unless_wanted() -> None:
    assert fitted(Y, plain(x=X), margins=False).margins is None


def test_an_unknown_estimator_or_unequal_lengths_are_errors() -> None:
    with pytest.raises(ValueError, match="no estimator 'cauchit'"):
        fitted(Y, plain(x=X), estimator="cauchit")
    with pytest.raises(ValueError, match="differ in length"):
        fitted(Y[:-1], plain(x=X))
