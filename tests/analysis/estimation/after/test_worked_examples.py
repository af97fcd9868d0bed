"""The numbers of the worked examples in docs/methods, computed."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.estimation.after.criteria import design_aic
from analysis.estimation.after.decomposition import decomposed, independent_pieces, normalised
from analysis.estimation.after.fairlie import fairlie
from analysis.estimation.after.likelihood_ratio import WorkingModel, rao_scott_likelihood_ratio
from analysis.estimation.after.multiplicity import adjusted
from analysis.estimation.after.shape import u_test
from analysis.estimation.after.wald import contrasts, directed_test, wald_test
from analysis.estimation.design import survey_design
from analysis.estimation.estimates import Estimates
from analysis.estimation.regression import estimate
from tests.analysis.estimation.small import plain

# The pages round to the digits shown.
SHOWN = 5e-4


def test_the_partners_of_the_wald_page() -> None:
    estimates = Estimates(
        ("local", "national", "world"), np.array([0.30, 0.10, 0.05]), 0.01 * np.eye(3), 40
    )

    plain_f = wald_test(estimates, "local = national = world")
    stata = wald_test(estimates, "local = national = world", reference="adjusted F", design_df=42)
    lead = contrasts(estimates, {"lead": "local - national"})
    above = directed_test(estimates, "local > national")

    assert (plain_f.wald, plain_f.statistic) == pytest.approx((3.5, 1.75))
    assert plain_f.p_value == pytest.approx(0.187, abs=SHOWN)
    assert (stata.statistic, stata.denominator_df) == pytest.approx((41 / 84 * 3.5, 41))
    assert stata.p_value == pytest.approx(0.194, abs=SHOWN)
    assert lead.std_errors[0] == pytest.approx(0.1414, abs=SHOWN)
    assert lead.intervals()[0] == pytest.approx([-0.086, 0.486], abs=SHOWN)
    assert above.p_value == pytest.approx(0.0825, abs=SHOWN)


def test_the_rao_scott_test_and_criterion_of_the_likelihood_ratio_page() -> None:
    terms = ("(Intercept)", "local", "national")
    larger = WorkingModel(terms, 0.01 * np.eye(3), 92.0, 80)
    smaller = WorkingModel(terms[:1], 0.01 * np.eye(1), 100.0, 80)
    estimates = Estimates(terms, np.zeros(3), np.diag([0.01, 0.02, 0.01]), np.inf)

    p_values = {
        method: rao_scott_likelihood_ratio(larger, smaller, estimates, method=method).p_value
        for method in ("exact", "saddlepoint", "satterthwaite")
    }
    criterion = design_aic(larger, estimates)

    assert p_values == pytest.approx(
        {"exact": 0.0731, "saddlepoint": 0.0724, "satterthwaite": 0.0754}, abs=SHOWN
    )
    assert (criterion.effective_parameters, criterion.daic) == pytest.approx((3, 98))


def test_the_turning_point_of_the_u_test_page() -> None:
    estimates = Estimates(
        ("x", "x2"), np.array([0.8, -0.1]), np.array([[0.04, -0.005], [-0.005, 0.0009]]), np.inf
    )

    test = u_test(estimates, linear="x", square="x2", lowest=0, highest=8)

    assert (test.lower.statistic, test.upper.statistic) == pytest.approx((4, -2.408), abs=SHOWN)
    assert test.p_value == pytest.approx(0.008, abs=SHOWN)
    assert test.turning_point == pytest.approx(4)
    assert (test.fieller.lower, test.fieller.upper) == pytest.approx((2.914, 6.378), abs=SHOWN)
    assert test.delta == pytest.approx((2.700, 5.300), abs=SHOWN)


def test_the_four_tests_of_the_multiple_testing_page() -> None:
    p_values = np.array([0.01, 0.02, 0.03, 0.2])

    holm = adjusted("abcd", p_values, "holm").adjusted
    hochberg = adjusted("abcd", p_values, "benjamini-hochberg").adjusted
    yekutieli = adjusted("abcd", p_values, "benjamini-yekutieli").adjusted

    assert holm == pytest.approx([0.04, 0.06, 0.06, 0.2])
    assert hochberg == pytest.approx([0.04, 0.04, 0.04, 0.2])
    assert yekutieli == pytest.approx([0.0833, 0.0833, 0.0833, 0.4167], abs=SHOWN)


def test_the_gap_of_the_decomposition_page() -> None:
    terms = ("(Intercept)", "x")
    fits = (
        Estimates(terms, np.array([1.0, 0.5]), np.diag([0.01, 0.01]), np.inf),
        Estimates(terms, np.array([0.6, 0.3]), np.diag([0.01, 0.01]), np.inf),
    )
    means = (
        Estimates(terms, np.array([1.0, 3.0]), np.diag([0, 0.04]), np.inf),
        Estimates(terms, np.array([1.0, 2.0]), np.diag([0, 0.04]), np.inf),
    )
    pieces = independent_pieces(fits, means, {})

    three = decomposed(pieces, form="threefold").overall
    half = decomposed(pieces, form="twofold", reference="half").overall

    assert three.coefficients == pytest.approx([2.5, 1.2, 1.3, 0.3, 0.8, 0.2])
    assert three.std_errors[3] == pytest.approx(0.131, abs=SHOWN)
    assert half.coefficients[3:] == pytest.approx([0.4, 0.9])


def test_the_levels_of_the_decomposition_page() -> None:
    terms = ("(Intercept)", "metal", "trade")
    fit = Estimates(terms, np.array([1.0, 0.3, 0.6]), np.eye(3), np.inf)
    mean = Estimates(terms, np.array([1.0, 0.2, 0.3]), np.zeros((3, 3)), np.inf)

    found = normalised(
        independent_pieces((fit, fit), (mean, mean), {}), {"sector": ("metal", "trade")}
    )

    assert found.values[0] == pytest.approx([1.3, 0, 0.3, -0.3])
    assert found.values[2] == pytest.approx([1, 0.2, 0.3, 0.5])


def test_the_pairs_of_the_decomposition_page() -> None:
    x = np.tile([0.0, 1.0], 10)
    v = np.where(np.arange(20) < 10, x, 0.0)
    group = (np.arange(20) < 10).astype(float)
    y, everyone, X = (
        (np.arange(20) % 3 == 0).astype(float),
        np.ones(20, dtype=bool),
        plain(x=x, v=v),
    )
    model = estimate(
        y=y,
        X=X,
        estimator="logit",
        covariance="HC1",
        design=survey_design(count=20),
        domain=everyone,
    )
    solution = model.fitted.solution
    given = np.linalg.solve(solution.report, [0.0, 1.0, 1.0])
    model = replace(
        model, fitted=replace(model.fitted, solution=replace(solution, coefficients=given))
    )

    found = fairlie(y=y, X=X, group=group, model=model, domain=everyone, draws=5)

    assert found.detailed.terms == ("x", "v")
    assert found.detailed.coefficients == pytest.approx([0, 0.0749], abs=SHOWN)
    assert found.explained.coefficients == pytest.approx([0.0749], abs=SHOWN)
