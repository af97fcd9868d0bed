"""Latent classes against what Goodman, Dayton and poLCA (Linzer & Lewis 2011) printed.

poLCA stops its steps when the log-likelihood gains less than 1e-10, which leaves the fifth digit
of its standard errors open; the rest is held to the digits that were printed.
"""

import numpy as np
import pytest

from analysis.estimation.design import survey_design
from analysis.profiles.latent_class import latent_classes
from analysis.profiles.responses import responses
from tests.analysis.profiles.published import carcinoma, cheating, values

PRINTED_7 = 5e-5


def fitted(columns, classes, **asked):
    given = responses(columns)
    design = survey_design(count=len(given.codes))
    return latent_classes(given, classes=classes, design=design, **asked)


def test_values_of_stouffer_and_toby_in_two_classes_as_goodman_and_polca_found():
    found = fitted(values(), 2, covariance="empirical")

    fit = found.fit
    assert (fit.n, fit.parameters, fit.df) == (216, 9, 6)
    assert fit.log_likelihood == pytest.approx(-504.4677, abs=PRINTED_7)
    assert fit.aic == pytest.approx(1026.935, abs=5e-4)
    assert fit.bic == pytest.approx(1057.313, abs=5e-4)
    assert fit.g_squared == pytest.approx(2.719922, abs=5e-7)
    assert fit.pearson == pytest.approx(2.719764, abs=5e-6)
    assert found.sizes == pytest.approx([0.7208, 0.2792], abs=5e-5)
    assert found.probabilities("A")[:, 0] == pytest.approx([0.2864, 0.0068], abs=5e-5)
    assert found.probabilities("D")[:, 0] == pytest.approx([0.8676, 0.2309], abs=5e-5)
    errors = dict(zip(found.estimates.terms, found.estimates.std_errors, strict=True))
    printed = {"A": (0.0393, 0.0254), "B": (0.0489, 0.0649), "C": (0.0482, 0.0642),
               "D": (0.0379, 0.0929)}  # fmt: skip
    for item, (first, second) in printed.items():
        assert errors[f"{item}=1 | class 1"] == pytest.approx(first, abs=5e-5)
        assert errors[f"{item}=1 | class 2"] == pytest.approx(second, abs=5e-5)


def test_one_class_is_independence():
    found = fitted(values(), 1, covariance="model")

    assert found.fit.log_likelihood == pytest.approx(-543.6498, abs=PRINTED_7)
    share = (values()["A"] == 1).mean()
    assert found.probabilities("A")[0, 0] == pytest.approx(share, abs=1e-12)
    errors = dict(zip(found.estimates.terms, found.estimates.std_errors, strict=True))
    assert errors["A=1 | class 1"] == pytest.approx(np.sqrt(share * (1 - share) / 216), abs=1e-12)


def test_cheating_in_two_classes_with_the_standard_errors_of_polca():
    found = fitted(cheating(), 2, covariance="empirical")

    assert found.fit.log_likelihood == pytest.approx(-440.0271, abs=PRINTED_7)
    assert found.fit.bic == pytest.approx(931.9409, abs=PRINTED_7)
    assert found.fit.g_squared == pytest.approx(7.764242, abs=5e-7)
    printed = [
        0.07917588, 0.07917588, 0.02941271, 0.02941271, 0.03118501, 0.03118501, 0.01516346,
        0.01516346, 0.02643547, 0.02643547, 0.18727617, 0.18727617, 0.18239628, 0.18239628,
        0.08797450, 0.08797450, 0.10029747, 0.10029747,
    ]  # fmt: skip
    assert found.estimates.std_errors == pytest.approx(printed, abs=4e-6)


@pytest.mark.parametrize(
    ("classes", "log_likelihood", "parameters", "aic", "bic", "g_squared", "pearson"),
    [
        (2, -317.2568, 15, 664.5137, 706.0739, 62.365, 92.648),
        (3, -293.705, 23, 633.41, 697.1357, 15.26171, 20.503),
        (4, -289.2858, 31, 640.5717, 726.4629, 6.423, 10.086),
    ],
)
def test_carcinoma_as_polca_has_it(
    classes, log_likelihood, parameters, aic, bic, g_squared, pearson
):
    fit = fitted(carcinoma(), classes, covariance="model").fit

    assert fit.parameters == parameters
    assert fit.log_likelihood == pytest.approx(log_likelihood, abs=PRINTED_7)
    assert fit.aic == pytest.approx(aic, abs=PRINTED_7)
    assert fit.bic == pytest.approx(bic, abs=PRINTED_7)
    assert fit.g_squared == pytest.approx(g_squared, abs=5e-4)
    assert fit.pearson == pytest.approx(pearson, abs=2.5e-3)


def test_carcinoma_has_answers_at_the_boundary_and_says_which():
    found = fitted(carcinoma(), 3, covariance="model")

    assert found.sizes == pytest.approx([0.4447, 0.3736, 0.1817], abs=5e-5)
    assert found.probabilities("B")[:, 1] == pytest.approx([0.9809, 0.1379, 1.0], abs=5e-5)
    assert {"A=1 | class 1", "E=1 | class 1", "G=1 | class 1", "B=1 | class 3"} < {*found.boundary}
    assert "B=1 | class 1" not in found.boundary
    stuck = np.isnan(found.estimates.std_errors)
    assert [
        term for term, is_stuck in zip(found.estimates.terms, stuck, strict=True) if is_stuck
    ] == [*found.boundary]
    assert any("At the boundary" in note for note in found.notes)


def test_answers_of_the_first_pattern_belong_to_the_healthy_class():
    found = fitted(carcinoma(), 3, covariance="model")

    assert found.membership[0] == pytest.approx([0.0, 1.0, 0.0], abs=5e-6)
    modal = np.bincount(found.membership.argmax(axis=1)) / 118
    assert modal == pytest.approx([0.4322, 0.3729, 0.1949], abs=5e-5)
