"""Instruments of made firms, in two stages and as control functions, drawn again and again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import special

from analysis.estimation.design_matrix import INTERCEPT, Column, DesignMatrix, Factor, design_matrix
from analysis.estimation.estimates import Covariance, Estimates, Floats
from analysis.estimation.parts import Parts
from benchmarks.monte_carlo.categories import WAYS, Drawing
from benchmarks.monte_carlo.clustered_firms import Firms, fitted, one_by_one
from benchmarks.monte_carlo.scenario import Scenario

# Intercept, the endogenous term, z; and what the outcome owes to the term's own error.
EFFECTS = np.array([0.2, 0.5, -0.3])
SHARED = 0.6
# Of the endogenous term: intercept, z, and two instruments.
FIRST_STAGE = np.array([0.2, 0.3, 0.7, 0.4])
MANY = 6000
TERMS = ("(Intercept)", "cause", "z")
STAGES = tuple(f"first_stage|{name}" for name in ("(Intercept)", "z", "x", "distance"))
COVARIANCES: dict[str, tuple[Covariance, ...]] = {
    "two_stage_least_squares": ("model", "HC0", "HC1"),
    "control_function_linear": ("HC0", "HC1"),
    "control_function_logit": ("HC0", "HC1"),
    "control_function_probit": ("HC0", "HC1"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Explained(Firms):
    """Firms with regressors of their own making."""

    regressors: DesignMatrix

    @property
    def matrix(self) -> DesignMatrix:
        return self.regressors


def plain(**variables: Floats) -> DesignMatrix:
    """An intercept and each variable as it is."""
    columns = (Column(INTERCEPT), *(Column(name, (Factor(name),)) for name in variables))
    kinds = {name: "binary" if name == "z" else "continuous" for name in variables}
    return design_matrix(columns, variables, kinds)


def explained(firms: Firms, regressors: DesignMatrix) -> Explained:
    return Explained(firms.x, firms.z, firms.noise, firms.design, regressors)


def drawn(name: str, firms: Firms) -> tuple[Floats, Explained, Parts]:
    """Outcome, firms and instruments. The third error is no error but an instrument."""
    own, error, distance = firms.noise.T
    moved = np.column_stack([np.ones_like(own), firms.z, firms.x, distance]) @ FIRST_STAGE
    cause = moved + own
    matrix = plain(cause=cause, z=firms.z)
    if name.endswith("logit"):
        error = -special.log_ndtr(-error) + special.log_ndtr(error)
    latent = matrix.X @ EFFECTS + SHARED * own + error
    is_binary = name.endswith(("logit", "probit"))
    parts = Parts(
        matrices={"instruments": plain(x=firms.x, distance=distance)},
        words={"endogenous": "cause"},
    )
    y = (latent > 0).astype(float) if is_binary else latent
    return y, explained(firms, matrix), parts


def replicated(
    estimator: str, drawing: Drawing, covariances: tuple[Covariance, ...]
) -> Callable[[np.random.Generator], Mapping[str, Estimates]]:
    def replicate(random: np.random.Generator) -> Mapping[str, Estimates]:
        y, firms, parts = drawn(estimator, drawing(random, 3))
        return fitted(estimator, y, firms, covariances, parts)

    return replicate


def scenarios(name: str) -> tuple[Scenario, ...]:
    terms, truth = TERMS, EFFECTS
    if name.startswith("control"):
        terms = (*TERMS, "residual|cause", *STAGES)
        truth = np.concatenate([EFFECTS, [SHARED], FIRST_STAGE])
    alone = ("6,000 firms drawn for themselves", partial(one_by_one, count=MANY), COVARIANCES[name])
    return tuple(
        Scenario(
            name,
            terms,
            truth,
            replicated(name, drawing, covariances),
            f"two instruments of one term; {note}",
        )
        for note, drawing, covariances in (alone, *WAYS[1:])
    )


SCENARIOS: tuple[Scenario, ...] = tuple(
    scenario for name in COVARIANCES for scenario in scenarios(name)
)
