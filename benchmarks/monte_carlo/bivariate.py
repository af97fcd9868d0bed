"""Bivariate and recursive bivariate probits of made firms, drawn again and again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from analysis.estimation.design import SurveyDesign
from analysis.estimation.design_matrix import INTERCEPT, Column, DesignMatrix, Factor, design_matrix
from analysis.estimation.estimates import Covariance, Estimates
from analysis.estimation.parts import Parts
from benchmarks.monte_carlo.categories import WAYS, Drawing
from benchmarks.monte_carlo.clustered_firms import Firms, fitted, one_by_one
from benchmarks.monte_carlo.scenario import Scenario
from benchmarks.monte_carlo.selection import with_distance

FIRST = np.array([-0.2, 0.4, -0.3])
SECOND = np.array([0.1, 0.3, 0.2, 0.8])
EFFECT = 0.5
RHO = 0.4
MANY = 6000
OWN = ("(Intercept)", "x", "z")
OTHERS = tuple(f"second|{term}" for term in (*OWN, "distance"))


@dataclass(frozen=True, slots=True, eq=False)
class Recursive:
    """Firms among whose regressors is the second outcome."""

    firms: Firms
    second: np.ndarray

    @property
    def design(self) -> SurveyDesign:
        return self.firms.design

    @property
    def matrix(self) -> DesignMatrix:
        columns = tuple(Column(name, (Factor(name),)) for name in ("x", "z", "subsidy"))
        return design_matrix(
            (Column(INTERCEPT), *columns),
            {"x": self.firms.x, "z": self.firms.z, "subsidy": self.second},
            {"x": "continuous", "z": "binary", "subsidy": "binary"},
        )


def replicated(
    name: str, drawing: Drawing, covariances: tuple[Covariance, ...]
) -> Callable[[np.random.Generator], Mapping[str, Estimates]]:
    def replicate(random: np.random.Generator) -> Mapping[str, Estimates]:
        firms = drawing(random, 3)
        matrix = with_distance(firms)
        second = (matrix.X @ SECOND + firms.noise[:, 1] > 0).astype(float)
        error = RHO * firms.noise[:, 1] + np.sqrt(1 - RHO**2) * firms.noise[:, 0]
        is_recursive = name == "recursive_bivariate_probit"
        first = firms.matrix.X @ FIRST + error + (EFFECT * second if is_recursive else 0.0)
        parts = Parts(
            outcomes={"second_outcome": second},
            matrices={"second": matrix},
            words={"endogenous": "subsidy"} if is_recursive else {},
        )
        asked = Recursive(firms, second) if is_recursive else firms
        return fitted(name, (first > 0).astype(float), asked, covariances, parts)

    return replicate


def scenarios(name: str) -> tuple[Scenario, ...]:
    is_recursive = name == "recursive_bivariate_probit"
    own = (*OWN, "subsidy") if is_recursive else OWN
    truth = np.concatenate([np.append(FIRST, EFFECT) if is_recursive else FIRST, SECOND])
    alone = Scenario(
        name,
        (*own, *OTHERS, "atanh_rho"),
        np.append(truth, np.arctanh(RHO)),
        replicated(name, partial(one_by_one, count=MANY), ("model", "HC0", "HC1")),
        f"{MANY:,} firms drawn for themselves, rho 0.4",
    )
    return alone, *(
        Scenario(
            name, (*own, *OTHERS), truth, replicated(name, drawing, covariances), f"rho 0.4; {note}"
        )
        for note, drawing, covariances in WAYS[1:]
    )


SCENARIOS: tuple[Scenario, ...] = tuple(
    scenario
    for name in ("bivariate_probit", "recursive_bivariate_probit")
    for scenario in scenarios(name)
)
