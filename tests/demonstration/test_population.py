import dataclasses

import numpy as np
import pytest

from surveys.demonstration import (
    FIRMS,
    PLAN,
    PRODUCT_INNOVATION,
    RESPONDENTS,
    Population,
    firm_names,
    make_population,
    regressors,
    responding,
)
from surveys.demonstration.sample import FEWEST_RESPONDENTS


@pytest.fixture(scope="module")
def population() -> Population:
    return make_population(1)


def logit(y, X, weight) -> np.ndarray:
    """Maximum of the weighted logit likelihood by Newton's method."""
    b = np.zeros(X.shape[1])
    for _ in range(25):
        p = 1 / (1 + np.exp(-X @ b))
        b = b + np.linalg.solve((X.T * (weight * p * (1 - p))) @ X, X.T @ (weight * (y - p)))
    return b


def coefficients(population, firms=slice(None), weight=None) -> np.ndarray:
    X = np.column_stack(list(regressors(population).values()))[firms]
    y = population.product[firms].astype(float)
    return logit(y, X, np.ones(len(y)) if weight is None else weight)


def test_a_seed_always_makes_the_same_population(population):
    again, other = make_population(1), make_population(2)

    for field in dataclasses.fields(Population):
        assert np.array_equal(getattr(population, field.name), getattr(again, field.name))
    assert not np.array_equal(population.product, other.product)


def test_the_frame_holds_12_000_firms_in_36_strata_with_skewed_sizes(population):
    sizes = np.bincount(population.stratum)

    assert (len(population.employees), len(sizes)) == (FIRMS, 36)
    assert sizes.min() >= PLAN.minimum
    assert population.employees.min() == 10
    assert population.employees.mean() > 2 * np.median(population.employees)


def test_only_members_of_a_group_work_with_their_group(population):
    assert not population.cooperation[~population.in_group, 0].any()


@pytest.mark.slow
def test_a_fit_to_a_large_population_finds_the_truth():
    large = make_population(3, firms=400_000)

    found = coefficients(large)

    assert list(regressors(large)) == list(PRODUCT_INNOVATION)
    assert found == pytest.approx(list(PRODUCT_INNOVATION.values()), abs=0.05)


def test_1_200_firms_respond_and_their_weights_sum_to_the_frame(population):
    answering = responding(population, 1)

    assert len(answering.firm) == RESPONDENTS
    assert len(set(answering.firm.tolist())) == RESPONDENTS
    assert answering.weight.sum() == pytest.approx(FIRMS)
    assert np.bincount(answering.stratum).min() >= FEWEST_RESPONDENTS
    assert (population.stratum[answering.firm] == answering.stratum).all()


@pytest.mark.slow
def test_without_weights_distant_partners_look_weaker_than_they_are():
    """Mean of 40 samples: unweighted more than five of its standard errors below the truth."""
    unweighted, weighted = [], []
    for seed in range(40):
        firms = make_population(seed)
        sample = responding(firms, seed)
        unweighted.append(coefficients(firms, sample.firm))
        weighted.append(coefficients(firms, sample.firm, sample.weight))

    europe = list(PRODUCT_INNOVATION).index("partners.europe")
    truth = PRODUCT_INNOVATION["partners.europe"]

    def distance(found: list[np.ndarray]) -> float:
        values = np.array(found)[:, europe]
        return float((values.mean() - truth) / (values.std(ddof=1) / np.sqrt(len(values))))

    assert distance(unweighted) < -5
    assert abs(distance(weighted)) < 3


def test_names_are_all_different():
    names = firm_names(1, ["other goods", "knowledge services", "other services"] * 4_000)

    assert len(set(names)) == 12_000
