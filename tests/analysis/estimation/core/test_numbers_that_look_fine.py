"""Numbers that would look fine and are not: each is refused by name, or got right."""

import numpy as np
import pandas as pd
import pytest

from analysis.estimation.curves import estimate_each
from analysis.estimation.design import survey_design
from analysis.estimation.estimates import Estimates
from analysis.estimation.parts import Parts
from analysis.estimation.regression import estimate
from analysis.estimation.replication import replicate_weights
from analysis.estimation.sample import as_domain
from analysis.refusals import Refusal
from analysis.specification.frames import matrix_from

N = 200


def firms(count: int = N, seed: int = 4) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    frame = pd.DataFrame({"x": random.normal(size=count), "g": random.choice(list("abcde"), count)})
    frame["y"] = 1 + 0.5 * frame["x"] + random.normal(size=count)
    frame["b"] = (random.random(count) < 0.5).astype(float)
    frame["c"] = random.poisson(2, count).astype(float)
    return frame


def fitted(frame: pd.DataFrame, outcome: str, formula: str, **choices: object):
    settings = {
        "estimator": "linear",
        "covariance": "HC1",
        "design": survey_design(count=len(frame)),
        "domain": np.ones(len(frame), dtype=bool),
    }
    return estimate(y=frame[outcome], X=matrix_from(frame, formula), **(settings | choices))


def test_terms_made_of_the_clusters_have_no_clustered_standard_error() -> None:
    frame = firms()

    with pytest.raises(Refusal, match=r"g\[b\]") as refused:
        fitted(
            frame,
            "y",
            "factor(g)",
            covariance="cluster",
            parts=Parts(labels={"cluster": frame["g"].to_numpy()}),
        )

    assert refused.value.code == "no_variation"


def test_a_half_enumerated_design_is_not_called_a_census() -> None:
    frame = firms()
    frame["part"] = (np.arange(N) < 80).astype(float)
    population = np.where(frame["part"] == 1, 80.0, 500.0)
    design = survey_design(
        count=N, stratum=frame["part"], population=population, weight=population / 100
    )

    estimates = fitted(frame, "y", "x", design=design, covariance="design").estimates

    assert np.all(estimates.std_errors > 0)


@pytest.mark.parametrize("covariance", ["HC1", "cluster"])
def test_more_parameters_than_firms_leave_no_small_sample_factor(covariance: str) -> None:
    frame = firms(30)
    frame["level"] = np.arange(30.0) % 10

    with pytest.raises(Refusal) as refused:
        fitted(frame, "level", "x + b + c", estimator="multinomial_logit", covariance=covariance)

    assert refused.value.code in ("too_few_rows", "separation")


def test_a_note_says_that_so_few_clusters_cannot_test_all_terms_at_once() -> None:
    frame = firms()
    frame["level"] = np.minimum(frame["c"], 4)
    design = survey_design(count=N, cluster=np.arange(N) % 5)

    model = fitted(
        frame, "level", "x", estimator="ordered_logit", covariance="design", design=design
    )

    assert any("all together cannot be tested" in note for note in model.spread.notes)


@pytest.mark.parametrize("estimator", ["logit", "probit", "cloglog", "poisson"])
def test_a_replicate_that_loses_the_one_deciding_firm_is_no_estimate(estimator: str) -> None:
    frame = firms()
    frame["d"] = (np.arange(N) < 20).astype(float)
    outcome = "c" if estimator == "poisson" else "b"
    frame.loc[:19, outcome] = 0.0
    frame.loc[3, outcome] = 1.0
    design = survey_design(count=N)
    design = design.with_replicates(replicate_weights(design, method="JK1"))

    with pytest.raises(Refusal) as refused:
        fitted(frame, outcome, "x + d", estimator=estimator, covariance="replicate", design=design)

    assert refused.value.code == "replicates_failed"


def test_a_count_explained_by_its_own_logarithm_is_a_perfect_fit() -> None:
    frame = firms()
    frame["c"] += 1

    with pytest.raises(Refusal) as refused:
        fitted(frame, "c", "log(c)", estimator="poisson")

    assert refused.value.code == "perfect_fit"


@pytest.mark.parametrize(("rare", "ones"), [(8, 3), (48, 24)])
def test_a_rare_level_does_not_lead_a_large_sample_astray(rare: int, ones: int) -> None:
    count = 60_000
    frame = firms(count)
    places = 1 + 6 * np.arange(rare)
    frame["r"] = 0.0
    frame.loc[places, "r"] = 1.0
    frame.loc[places, "b"] = (np.arange(rare) < ones).astype(float)
    frame.loc[::6, "r"] = 0.0

    estimates = fitted(frame, "b", "x + r", estimator="logit").estimates

    share, elsewhere = ones / rare, frame.loc[frame["r"] == 0, "b"].mean()
    expected = np.log(share / (1 - share)) - np.log(elsewhere / (1 - elsewhere))
    assert estimates.coefficients[2] == pytest.approx(expected, abs=0.05)


def test_a_model_of_a_curve_keeps_a_term_that_only_other_models_determine() -> None:
    frame = firms()
    frame["d1"], frame["d2"] = (frame["g"] == "a") * 1.0, (frame["g"] == "b") * 1.0
    frame["either"] = frame["d1"] + frame["d2"]

    first, second, third = estimate_each(
        [["x", "either"], ["x", "d1", "d2"], ["d1", "d2", "either"]],
        y=frame["b"],
        X=matrix_from(frame, "x + d1 + d2 + either"),
        estimator="logit",
        covariance="HC1",
        design=survey_design(count=N),
        domain=np.ones(N, dtype=bool),
    )

    alone = fitted(frame, "b", "x + either", estimator="logit").estimates
    assert isinstance(first, Estimates)
    assert first.terms == ("(Intercept)", "x", "either")
    np.testing.assert_allclose(first.coefficients, alone.coefficients, rtol=1e-9)
    np.testing.assert_allclose(first.std_errors, alone.std_errors, rtol=1e-9)
    assert isinstance(second, Estimates)
    assert isinstance(third, Refusal)
    assert third.code == "terms_dependent"


@pytest.mark.parametrize(
    "domain", [np.r_[np.ones(3), np.nan], np.arange(4), [True, None, False, True], ["a"] * 4]
)
def test_a_domain_is_true_or_false_for_every_firm(domain: object) -> None:
    with pytest.raises(ValueError, match="one true or false for each firm"):
        as_domain(domain)


def test_ones_and_zeros_are_a_domain() -> None:
    for domain in ([1, 0, 1], np.array([1.0, 0.0, 1.0]), pd.Series([True, False, True])):
        assert as_domain(domain).tolist() == [True, False, True]


def test_a_missing_label_leaves_the_firm_out_even_of_models_with_needs_of_their_own() -> None:
    frame = firms()
    lower = frame["y"].round()
    region = np.array([None, *frame["g"][1:]], dtype=object)

    model = estimate(
        y=lower,
        X=matrix_from(frame, "x"),
        estimator="interval_regression",
        covariance="cluster",
        design=survey_design(count=N),
        domain=np.ones(N, dtype=bool),
        parts=Parts(outcomes={"upper": lower.to_numpy() + 1}, labels={"cluster": region}),
    )

    assert model.fitted.n == N - 1
