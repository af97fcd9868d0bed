"""What cannot be tested honestly, in a researcher's words."""

from functools import partial
from typing import Any

import numpy as np
import pytest

from analysis.estimation.after.criteria import design_bic, information_criteria
from analysis.estimation.after.likelihood_ratio import (
    WorkingModel,
    likelihood_ratio_test,
    rao_scott_test,
    working_model,
    working_wald_test,
)
from analysis.estimation.after.multiplicity import adjusted, bootstrapped, max_t, romano_wolf
from analysis.estimation.after.quadratic_forms import tail
from analysis.estimation.after.shape import u_test
from analysis.estimation.after.wald import contrasts, directed_test, wald_test
from analysis.estimation.design import survey_design
from analysis.estimation.estimates import Estimates
from analysis.estimation.regression import assembled
from analysis.estimation.replicates import ReplicateWeights
from tests.analysis.estimation.after.refusing import THREE, WEIGHTED, N, X, Y, Z, logit, refused
from tests.analysis.estimation.small import plain


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        ("locale = national", "unknown_term", "The model has no term 'locale'."),
        ("`local = national", "hypothesis_not_understood", "a backquote is not closed"),
        ("local = ", "hypothesis_not_understood", "it ends too early"),
        ("local national", "hypothesis_not_understood", "'national' is out of place"),
        ("(local = national", "hypothesis_not_understood", "')' is missing"),
        ("local = * 2", "hypothesis_not_understood", "belongs before '*'"),
        ("local / 0 = 1", "hypothesis_not_understood", "divided by zero"),
        ("local * national = 1", "hypothesis_not_linear", "by each other"),
        ("1 / local = 1", "hypothesis_not_linear", "by each other"),
        ("local = local", "hypothesis_without_terms", "says nothing of any coefficient"),
        ([], "hypothesis_without_terms", "No restriction was given"),
        ({"local": np.nan}, "hypothesis_not_understood", "not a finite number"),
        ({"locale": 1.0}, "unknown_term", "no term 'locale'"),
        ("local:world = 0", "unknown_term", "no term 'local:world'"),
    ],
)
def test_a_hypothesis_that_cannot_be_read(asked: Any, code: str, words: str) -> None:
    refusal = refused(wald_test, THREE, asked)

    assert refusal.code == code
    assert words in refusal.message


def test_a_term_of_nearly_that_name_is_offered() -> None:
    assert "'local'" in refused(wald_test, THREE, "locals").remedy


def test_a_restriction_that_follows_from_others_is_named() -> None:
    refusal = refused(wald_test, THREE, "local = national; national = world; local = world")

    assert refusal.code == "redundant_restriction"
    assert refusal.message == (
        "'local = world' follows from 'local = national', 'national = world': "
        "it adds no restriction."
    )


def test_restrictions_that_contradict_each_other_are_named() -> None:
    refusal = refused(wald_test, THREE, "local = 1; 2 * local = 3")

    assert refusal.code == "contradictory_restrictions"
    assert "'2 * local = 3' cannot hold together with 'local = 1'" in refusal.message


def test_a_term_without_variance_is_named() -> None:
    estimates = Estimates(("a", "b"), np.ones(2), np.diag([1.0, 0.0]), 5)

    for test in (
        partial(wald_test, estimates, "a; b"),
        partial(contrasts, estimates, {"b = 0": "b"}),
        partial(directed_test, estimates, "b = 0 > a - a"),
    ):
        assert refused(test).code in {"covariance_singular", "hypothesis_not_understood"}
    assert "'b = 0'" in refused(wald_test, estimates, "a; b").message


def test_more_restrictions_than_degrees_of_freedom() -> None:
    root = np.random.default_rng(0).normal(size=(3, 2))
    singular = Estimates(("a", "b", "c"), np.ones(3), root @ root.T, 2)
    few = Estimates(("a", "b", "c"), np.ones(3), np.eye(3), 2)

    assert refused(wald_test, singular, "a; b; c").code == "covariance_singular"
    assert (
        refused(wald_test, few, "a; b; c", reference="adjusted F").code == "no_degrees_of_freedom"
    )


def test_a_directed_hypothesis_has_one_direction() -> None:
    for asked in ("local = world", "local > national > world"):
        assert refused(directed_test, THREE, asked).code == "hypothesis_not_understood"


@pytest.mark.parametrize(
    ("larger", "smaller", "code", "words"),
    [
        ({"design": WEIGHTED, "covariance": "HC1"}, {}, "likelihood_ratio_not_valid", "weighted"),
        ({"covariance": "HC1"}, {}, "likelihood_ratio_not_valid", "'HC1'"),
        ({"estimator": "linear"}, {"estimator": "linear"}, "no_likelihood", "maximum likelihood"),
        ({"estimator": "probit"}, {}, "not_nested", "other a logit"),
        ({"matrix": plain(x=X)}, {"matrix": plain(x=X, z=Z)}, "not_nested", "'z'"),
        ({}, {"matrix": plain(x=X, z=Z)}, "not_nested", "the same terms"),
        ({"domain": X > -0.9}, {}, "different_rows", "80 firms"),
        ({"y": 1 - Y}, {}, "different_rows", "outcomes differ"),
    ],
)
def test_a_likelihood_ratio_that_is_not_one(
    larger: dict[str, Any], smaller: dict[str, Any], code: str, words: str
) -> None:
    refusal = refused(
        likelihood_ratio_test, logit(**larger), logit(**({"matrix": plain(x=X)} | smaller))
    )

    assert refusal.code == code
    assert words in refusal.message


def test_rao_scott_of_other_firms_or_other_models() -> None:
    larger = logit(design=WEIGHTED, covariance="design")
    fractional = logit(estimator="fractional_logit", y=0.5 * Y + 0.1, covariance="HC1")

    elsewhere = logit(plain(x=X), design=WEIGHTED, covariance="design", domain=X > -0.9)
    assert refused(rao_scott_test, larger, elsewhere).code == "different_rows"
    assert refused(rao_scott_test, elsewhere, larger).code == "not_nested"
    assert refused(working_model, fractional.fitted.solution).code == "no_likelihood"


def test_a_working_model_without_the_terms() -> None:
    working = WorkingModel(("local",), np.eye(1), 10.0, 50)

    assert refused(working_wald_test, working, THREE, "local").code == "not_nested"


def test_a_sum_of_chi_squares_without_variance_or_too_uneven() -> None:
    assert refused(tail, 1.0, np.array([1.0, 0.0])).code == "covariance_singular"
    uneven = refused(tail, 1.0, np.array([1e6, 1.0]))
    assert uneven.code == "too_uneven"
    assert "1e+06 times" in uneven.message


def test_criteria_without_a_likelihood() -> None:
    weighted = assembled(logit(design=WEIGHTED, covariance="HC1"), margins=False)
    linear = assembled(logit(estimator="linear"), margins=False)
    working = WorkingModel(THREE.terms, np.eye(3), 10.0, 50)

    assert refused(information_criteria, weighted).code == "likelihood_not_of_the_sample"
    assert refused(information_criteria, linear).code == "no_likelihood"
    assert refused(design_bic, ("local", "size"), working, THREE).code == "not_nested"


CURVE = Estimates(("x", "x2"), np.array([1.0, -0.2]), np.eye(2) / 100, 20)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"square": "x3"}, "square_missing"),
        ({"linear": "w"}, "unknown_term"),
        ({"highest": 0.0}, "range_is_point"),
        ({"highest": np.inf}, "range_is_point"),
    ],
)
def test_a_u_that_cannot_be_tested(changes: dict[str, Any], code: str) -> None:
    settings = {"linear": "x", "square": "x2", "lowest": 0.0, "highest": 5.0}

    assert refused(u_test, CURVE, **(settings | changes)).code == code


def test_a_square_of_exactly_zero_has_no_turning_point() -> None:
    line = Estimates(("x", "x2"), np.array([1.0, 0.0]), np.eye(2), 20)

    refusal = refused(u_test, line, linear="x", square="x2", lowest=0, highest=5)

    assert refusal.code == "no_curvature"


def test_tests_without_p_values_are_named() -> None:
    refusal = refused(adjusted, ("local", "world"), np.array([0.1, np.nan]), "holm")

    assert refusal.code == "p_value_missing"
    assert "'world'" in refusal.message
    assert refused(adjusted, (), np.array([]), "holm").code == "p_value_missing"


def test_too_few_replicates_and_no_variance() -> None:
    few = np.random.default_rng(0).normal(size=(60, 3))
    few[:30] = np.nan
    flat = Estimates(("a", "b"), np.ones(2), np.diag([1.0, 0.0]), 5)

    assert "Of 60 replicates 30 could be estimated" in refused(romano_wolf, THREE, few).message
    assert refused(max_t, flat).code == "covariance_singular"


def test_a_jackknife_is_no_bootstrap() -> None:
    jackknife = ReplicateWeights(1 - np.eye(N), (N - 1) / N, np.ones(N), method="JK1")
    design = survey_design(count=N).with_replicates(jackknife)
    model = logit(design=design, covariance="replicate")

    assert refused(bootstrapped, model, ("x", "z")).code == "replicates_not_draws"
    assert refused(bootstrapped, logit(), ("x", "z")).code == "no_replicates"
    assert refused(bootstrapped, model, ("x", "w")).code == "unknown_term"
