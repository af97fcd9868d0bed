"""Heckman's model of made firms, by likelihood and in two steps, drawn again and again."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from analysis.estimation.design_matrix import INTERCEPT, Column, DesignMatrix, Factor, design_matrix
from analysis.estimation.estimates import Covariance, Estimates, Floats
from analysis.estimation.parts import Parts
from benchmarks.monte_carlo.categories import WAYS, Drawing
from benchmarks.monte_carlo.clustered_firms import Firms, fitted, one_by_one
from benchmarks.monte_carlo.scenario import Scenario

MEAN = np.array([1.0, 0.4, -0.3])
# Of x, z and of the term that the outcome does not have.
SELECTION = np.array([0.3, 0.4, 0.3, 0.8])
RHO, SIGMA = 0.5, 1.2
MANY = 6000
COVARIANCES: dict[str, tuple[Covariance, ...]] = {
    "heckman": ("model", "HC0", "HC1"),
    "heckman_two_step": ("HC0", "HC1"),
}
OWN = ("(Intercept)", "x", "z")
TERMS = (*OWN, *(f"selection|{term}" for term in (*OWN, "distance")))


def with_distance(firms: Firms) -> DesignMatrix:
    """The regressors and one more, as random as the errors are made."""
    columns = tuple(Column(name, (Factor(name),)) for name in ("x", "z", "distance"))
    return design_matrix(
        (Column(INTERCEPT), *columns),
        {"x": firms.x, "z": firms.z, "distance": firms.noise[:, 2]},
        {"x": "continuous", "z": "binary", "distance": "continuous"},
    )


def outcome(firms: Firms) -> tuple[Floats, Parts]:
    matrix = with_distance(firms)
    selected = (matrix.X @ SELECTION + firms.noise[:, 0] > 0).astype(float)
    error = RHO * firms.noise[:, 0] + np.sqrt(1 - RHO**2) * firms.noise[:, 1]
    y = np.where(selected == 1, firms.matrix.X @ MEAN + SIGMA * error, np.nan)
    return y, Parts(outcomes={"selected": selected}, matrices={"selection": matrix})


def replicated(
    estimator: str, drawing: Drawing, covariances: tuple[Covariance, ...]
) -> Callable[[np.random.Generator], Mapping[str, Estimates]]:
    def replicate(random: np.random.Generator) -> Mapping[str, Estimates]:
        firms = drawing(random, 3)
        y, parts = outcome(firms)
        return fitted(estimator, y, firms, covariances, parts)

    return replicate


def scenarios(name: str) -> tuple[Scenario, ...]:
    truth = np.concatenate([MEAN, SELECTION])
    last = ("atanh_rho", "log_sigma") if name == "heckman" else ("lambda", "log_sigma")
    ends = np.array([np.arctanh(RHO) if name == "heckman" else RHO * SIGMA, np.log(SIGMA)])
    many = partial(one_by_one, count=MANY)
    alone = Scenario(
        name,
        (*TERMS, *last),
        np.concatenate([truth, ends]),
        replicated(name, many, COVARIANCES[name]),
        f"{MANY:,} firms drawn for themselves, rho one half",
    )
    return alone, *(
        Scenario(
            name, TERMS, truth, replicated(name, drawing, covariances), f"rho one half; {note}"
        )
        for note, drawing, covariances in WAYS[1:]
    )


SCENARIOS: tuple[Scenario, ...] = tuple(
    scenario for name in COVARIANCES for scenario in scenarios(name)
)
