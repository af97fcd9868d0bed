"""Variables taken apart within and between regions."""

import numpy as np
import pytest

from analysis.estimation.multilevel.contextual import centred, region_means, within_between
from tests.analysis.estimation.multilevel.made import drawn, model, values
from tests.analysis.estimation.small import plain

X = np.array([1.0, 3.0, 5.0, np.nan, 10.0])
REGION = np.array(["a", "a", "b", "b", None], dtype=object)


def test_means_are_those_of_firms_that_answered() -> None:
    assert region_means(X, REGION) == pytest.approx([2, 2, 5, 5, np.nan], nan_ok=True)


def test_means_are_weighted_and_of_the_rows_asked_for() -> None:
    weight = np.array([3.0, 1, 1, 1, 1])
    assert region_means(X, REGION, weight)[0] == 1.5
    rows = np.array([False, True, False, True, True])
    assert region_means(X, REGION, rows=rows) == pytest.approx(
        [3, 3, np.nan, np.nan, np.nan], nan_ok=True
    )


def test_parts_add_up_to_the_variable() -> None:
    parts = within_between(X, REGION)
    assert parts.within + parts.between == pytest.approx([1, 3, 5, np.nan, np.nan], nan_ok=True)
    assert parts.within[:3] == pytest.approx([-1, 1, 0])


def test_centred_values_have_a_mean_of_zero() -> None:
    assert centred(np.array([1.0, 2, 6])).tolist() == [-2, -1, 3]


def test_effect_within_regions_is_that_of_fixed_effects() -> None:
    y, _, x, region = drawn(1)
    x = x + np.random.default_rng(1).normal(size=25)[region]
    parts = within_between(x, region)
    fitted = values(model(y, plain(within=parts.within, between=parts.between), region))
    fixed = parts.within @ y / (parts.within @ parts.within)
    assert fitted["within"] == pytest.approx(fixed, rel=1e-8)
