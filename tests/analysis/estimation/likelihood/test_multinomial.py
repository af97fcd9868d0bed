"""The multinomial logit: known values, properties, refusals."""

from typing import Any

import numpy as np
import pytest

from analysis.estimation.likelihood.multinomial import MULTINOMIAL_LOGIT
from analysis.estimation.likelihood.ordered_tests import parallel_lines_test
from analysis.estimation.margins import average_marginal_effects
from analysis.estimation.parts import Parts
from analysis.refusals import Refusal
from tests.analysis.estimation.likelihood.modelled import modelled
from tests.analysis.estimation.small import drawn, fitted, plain

# Newton steps end within 1e-10 standard errors of the summit.
SAME = 1e-9


def kinds(seed: int = 4, n: int = 300) -> tuple[np.ndarray, Any]:
    """Three kinds, 1, 2 and 4, with one continuous and one binary regressor."""
    random = np.random.default_rng(seed)
    x, z = random.normal(size=n), (random.random(n) < 0.4).astype(float)
    utility = np.array([0 * x, 0.3 + 0.8 * x, -0.2 - 0.5 * x + z]) + random.gumbel(size=(3, n))
    return np.array([1.0, 2, 4])[utility.argmax(axis=0)], plain(x=x, z=z)


def refusal(*arguments: Any, **choices: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        modelled(MULTINOMIAL_LOGIT, *arguments, **choices)
    return caught.value


def test_the_multinomial_logit_of_the_methods_page() -> None:
    exporter = np.repeat([0.0, 1.0], 8)
    kind = np.array([0] * 4 + [1] * 2 + [2] * 2 + [0] * 2 + [1] * 2 + [2] * 4)

    model = modelled(MULTINOMIAL_LOGIT, kind, plain(exporter=exporter), covariance="model")
    margins = [
        average_marginal_effects(model.margins(f"probability[{level}]")) for level in (0, 1, 2)
    ]

    assert model.estimates.terms == ("1|(Intercept)", "1|exporter", "2|(Intercept)", "2|exporter")
    assert model.estimates.coefficients == pytest.approx(
        [-np.log(2), np.log(2), -np.log(2), np.log(4)]
    )
    assert np.diag(model.estimates.covariance) == pytest.approx([3 / 4, 7 / 4, 3 / 4, 3 / 2])
    assert [each.coefficients[0] for each in margins if each] == pytest.approx(
        [-0.25, 0, 0.25], abs=1e-12
    )


def test_two_levels_are_a_logit() -> None:
    y, X, design = drawn(6)

    multinomial = modelled(MULTINOMIAL_LOGIT, y, X, covariance="design", design=design)
    logit = fitted(y, X, covariance="design", design=design)

    assert multinomial.estimates.coefficients == pytest.approx(
        logit.estimates.coefficients, rel=SAME
    )
    assert multinomial.estimates.std_errors == pytest.approx(logit.estimates.std_errors, rel=SAME)
    assert multinomial.estimates.residual_df == logit.estimates.residual_df


def test_with_another_base_coefficients_are_differences() -> None:
    y, X = kinds()

    lowest = modelled(MULTINOMIAL_LOGIT, y, X).estimates
    middle = modelled(MULTINOMIAL_LOGIT, y, X, parts=Parts(words={"base": "2"})).estimates

    first, second = lowest.coefficients[:3], lowest.coefficients[3:]
    difference = np.hstack([-np.eye(3), np.eye(3)])
    assert middle.terms == tuple(
        f"{level}|{term}" for level in (1, 4) for term in ("(Intercept)", "x", "z")
    )
    assert middle.coefficients == pytest.approx([*-first, *(second - first)], rel=SAME)
    assert middle.covariance[3:, 3:] == pytest.approx(
        difference @ lowest.covariance @ difference.T, rel=1e-8
    )


def test_probabilities_of_the_levels_do_not_depend_on_the_base() -> None:
    y, X = kinds()

    models = [
        modelled(MULTINOMIAL_LOGIT, y, X, parts=Parts(words={"base": base})) for base in "124"
    ]
    effects = [average_marginal_effects(model.margins("probability[2]")) for model in models]

    assert effects[0] is not None
    for other in effects[1:]:
        assert other is not None
        assert other.coefficients == pytest.approx(effects[0].coefficients, rel=SAME)
        assert other.std_errors == pytest.approx(effects[0].std_errors, rel=SAME)


def test_average_probabilities_are_the_shares_of_the_levels() -> None:
    y, X = kinds()
    solution = modelled(MULTINOMIAL_LOGIT, y, X).fitted.solution

    averages = [
        each.curve(solution.linear_predictors).value.mean()
        for each in solution.predictions.values()
    ]

    assert list(solution.predictions) == [f"probability[{level}]" for level in (2, 4, 1)]
    assert averages == pytest.approx([np.mean(y == level) for level in (2, 4, 1)], rel=SAME)


def test_the_base_is_told() -> None:
    y, X = kinds()

    solution = modelled(MULTINOMIAL_LOGIT, y, X, outcome="kind of partner").fitted.solution

    assert solution.notes == ("The base level of kind of partner is 1.",)


@pytest.mark.parametrize("base", ["3", "none"])
def test_a_base_that_is_no_level_is_refused(base: str) -> None:
    y, X = kinds()

    assert refusal(y, X, parts=Parts(words={"base": base})).code == "level_unknown"


def test_a_term_without_firms_of_a_level_is_refused_by_name() -> None:
    y, X = kinds()
    z = X.variables["z"]

    found = refusal(np.where((z == 1) & (y == 4), 2, y), X, labels={"z": "exporter"})

    assert found.code == "separation"
    assert "'exporter'" in found.message
    assert "'x'" not in found.message
    assert f"at least {int(z.sum())} of 300" in found.message


def test_a_category_without_firms_of_the_base_is_refused_by_name() -> None:
    y, X = kinds()
    region = np.array(list("nsw"))[np.arange(300) % 3]
    y = np.where((region == "s") & (y == 1), 2, y)

    found = refusal(y, plain(x=X.variables["x"], region=list(region)))

    assert found.code == "separation"
    assert "'region[s]'" in found.message


def test_parallel_lines_are_not_tested() -> None:
    y, X = kinds()

    with pytest.raises(Refusal) as caught:
        parallel_lines_test(modelled(MULTINOMIAL_LOGIT, y, X))

    assert caught.value.code == "not_ordered"


def test_far_out_probabilities_of_zero_do_not_stop_the_iterations() -> None:
    y, X = kinds()
    x = X.variables["x"].copy()
    x[0], y[0] = 60.0, 1.0

    estimates = modelled(MULTINOMIAL_LOGIT, y, plain(x=x, z=X.variables["z"])).estimates

    assert np.isfinite(estimates.std_errors).all()
