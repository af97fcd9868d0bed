"""The worked example of docs/methods, published values, properties, and refusals."""

import numpy as np
import pandas as pd
import pytest
from scipy import optimize
from scipy.special import expit, log_expit

from analysis.estimation.design import survey_design
from analysis.estimation.penalised import FIRTH_LOGIT, profile_intervals
from analysis.refusals import Refusal
from tests.analysis.estimation.instrumental.solving import solved
from tests.analysis.estimation.small import drawn, fitted, plain
from tests.witness.firms import FOLDER

# Rounding of sums over a few hundred firms.
EXACT = 1e-10
# Heinze and Schemper (2002), table II, print three decimals or two.
PRINTED = 0.006
# A numerical maximum stops where the height is flat to rounding.
MAXIMUM = 1e-6

SEVEN = {"exporter": [0, 0, 0, 0, 1, 1, 1], "y": [1, 0, 0, 0, 1, 1, 1]}


def separated():
    return solved(SEVEN["y"], plain(exporter=SEVEN["exporter"]), FIRTH_LOGIT, "model")


def test_the_worked_example_adds_half_a_firm_to_every_cell() -> None:
    estimates = separated().estimates

    low, high = np.log(1.5 / 3.5), np.log(3.5 / 0.5)
    information = 4 * 0.3 * 0.7, 3 * 0.875 * 0.125
    assert estimates.coefficients == pytest.approx([low, high - low], rel=EXACT)
    assert estimates.std_errors == pytest.approx(
        np.sqrt([1 / information[0], 1 / information[0] + 1 / information[1]]), rel=EXACT
    )


def test_the_endometrial_cancers_as_published() -> None:
    data = pd.read_csv(FOLDER / "firth_endometrial.csv")
    matrix = plain(NV=data["NV"], PI=data["PI"], EH=data["EH"])

    found = profile_intervals(solved(data["HG"], matrix, FIRTH_LOGIT, "model").fitted)[1:]

    assert [each.estimate for each in found] == pytest.approx([2.929, -0.035, -2.604], abs=PRINTED)
    assert [each.lower for each in found] == pytest.approx([0.610, -0.124, -4.365], abs=PRINTED)
    assert [each.upper for each in found] == pytest.approx([7.855, 0.040, -1.233], abs=PRINTED)


def test_the_estimates_are_the_maximum_of_the_penalised_likelihood() -> None:
    y, matrix, design = drawn(21)
    weight = design.weight / design.weight.mean()

    model = solved(y, matrix, FIRTH_LOGIT, "HC1", design=design)

    def fall(beta: np.ndarray) -> float:
        eta = matrix.X @ beta
        information = matrix.X.T @ ((weight * expit(eta) * expit(-eta))[:, None] * matrix.X)
        height = weight @ (y * log_expit(eta) + (1 - y) * log_expit(-eta))
        return -float(height + np.linalg.slogdet(information)[1] / 2)

    best = optimize.minimize(fall, np.zeros(3), method="BFGS", options={"gtol": 1e-9})
    np.testing.assert_allclose(model.estimates.coefficients, best.x, rtol=MAXIMUM)
    measures = model.fitted.solution.fit_measures
    assert measures["weighted_penalised_log_likelihood"] == pytest.approx(-best.fun, rel=EXACT)


def test_with_many_firms_it_is_the_plain_logit() -> None:
    random = np.random.default_rng(22)
    x = random.normal(size=40_000)
    y = (random.random(40_000) < expit(0.3 * x - 0.5)).astype(float)

    penalised = solved(y, plain(x=x), FIRTH_LOGIT, "HC1").estimates

    plainly = fitted(y, plain(x=x), covariance="HC1").estimates
    np.testing.assert_allclose(penalised.coefficients, plainly.coefficients, rtol=2e-3)
    np.testing.assert_allclose(penalised.std_errors, plainly.std_errors, rtol=2e-3)


def test_its_scores_sum_to_zero_under_the_weights() -> None:
    y, matrix, design = drawn(23)

    fit = solved(y, matrix, FIRTH_LOGIT, "design", design=design).fitted

    total = fit.sample.weight @ fit.solution.scores
    np.testing.assert_allclose(total, 0, atol=1e-9)


def test_the_unit_of_the_weights_changes_nothing() -> None:
    y, matrix, _ = drawn(24)
    weight = np.random.default_rng(24).uniform(1, 3, len(y))

    one, other = (
        solved(
            y, matrix, FIRTH_LOGIT, "design", design=survey_design(count=len(y), weight=t * weight)
        ).estimates
        for t in (1.0, 9.0)
    )

    np.testing.assert_allclose(other.coefficients, one.coefficients, rtol=EXACT)
    np.testing.assert_allclose(other.std_errors, one.std_errors, rtol=EXACT)


def test_the_unit_of_a_term_does_not_move_intervals() -> None:
    data = pd.read_csv(FOLDER / "firth_endometrial.csv")

    one, other = (
        profile_intervals(
            solved(data["HG"], plain(PI=t * data["PI"]), FIRTH_LOGIT, "model").fitted
        )[1]
        for t in (1.0, 1e3)
    )

    assert 1e3 * other.lower == pytest.approx(one.lower, rel=1e-8)
    assert 1e3 * other.upper == pytest.approx(one.upper, rel=1e-8)
    assert other.statistic == pytest.approx(one.statistic, rel=1e-8)


def test_separated_data_are_said_to_be_separated() -> None:
    notes = separated().fitted.solution.notes

    assert any("every firm with 'exporter' has outcome 1 (3 of 3)" in note for note in notes)


@pytest.mark.parametrize("covariance", ["HC0", "HC1", "cluster", "design"])
def test_robust_errors_of_separated_data_are_refused(covariance: str) -> None:
    model = separated()

    with pytest.raises(Refusal, match="far too small") as found:
        model.under(covariance)

    assert found.value.code == "separation"


def test_separated_data_under_weights_are_refused() -> None:
    design = survey_design(count=7, weight=[1, 2, 1, 2, 1, 2, 1])

    with pytest.raises(Refusal, match="no honest standard errors") as found:
        solved(SEVEN["y"], plain(exporter=SEVEN["exporter"]), FIRTH_LOGIT, "design", design=design)

    assert found.value.code == "separation"


def test_profiles_under_weights_are_refused() -> None:
    y, matrix, design = drawn(25)
    model = solved(y, matrix, FIRTH_LOGIT, "design", design=design)

    with pytest.raises(Refusal) as found:
        profile_intervals(model.fitted)

    assert found.value.code == "profile_with_weights"


def test_an_outcome_of_three_values_is_refused() -> None:
    with pytest.raises(Refusal) as found:
        solved([0, 1, 2, 1, 0, 1], plain(x=[1, 2, 4, 3, 5, 7]), FIRTH_LOGIT, "model")

    assert found.value.code == "outcome_not_binary"


def test_modified_scores_vanish_where_like_firms_have_one_outcome() -> None:
    estimates = separated().estimates.coefficients

    X = np.column_stack([np.ones(7), SEVEN["exporter"]])
    p = expit(X @ estimates)
    information = X.T @ ((p * (1 - p))[:, None] * X)
    leverage = p * (1 - p) * np.einsum("ij,jk,ik->i", X, np.linalg.inv(information), X)
    modified = np.array(SEVEN["y"]) - p + leverage * (0.5 - p)

    np.testing.assert_allclose(modified[4:], 0, atol=1e-12)
    assert np.abs(modified[:4]).min() > 0.1
