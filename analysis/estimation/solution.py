"""What a solved model hands on: coefficients, and the scores and derivatives behind them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import scipy.linalg

from analysis.estimation.blocks import Block
from analysis.estimation.estimates import Floats
from analysis.estimation.labels import Rows


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """What is predicted for each firm, and how it moves with the M linear predictors.

    Attributes
    ----------
    value : (m,) floats
    slope : (M, m) floats, first derivatives
    bend : (M, M, m) floats, second derivatives; None leaves them to differences of `slope`
    """

    value: Floats
    slope: Floats
    bend: Floats | None = None


@dataclass(frozen=True, slots=True)
class Prediction:
    """One thing a model predicts: the mean, the probability of a level.

    `curve` takes the (M, m) linear predictors of any number m of firms.
    """

    name: str
    title: str
    curve: Callable[[Floats], Curve]


@dataclass(frozen=True, slots=True, eq=False)
class Derived:
    """A number that follows from the coefficients: rho, sigma, a turning point.

    `gradient` is (k,), by the working coefficients of the solution.
    """

    term: str
    value: float
    gradient: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """Coefficients at which the weighted estimating functions of m firms sum to zero.

    Everything is in working coordinates: the k coefficients of the blocks' Z, one block after
    the other. `report` takes them to what is reported.

    Attributes
    ----------
    coefficients : (k,) floats
    scores : (m, k) floats
        Each firm's estimating functions before weighting; of a maximum likelihood, the
        derivatives of its log-likelihood.
    bread : (k, k) floats
        Inverse of minus the derivative of the sum of the estimating functions under weights
        of mean one: ``coefficients - truth ~ bread @ sum(w * scores)``. Symmetric, and a
        covariance if the model is right, for a maximum likelihood; not for two steps.
    blocks : the linear predictors, M of them, in the order of the coefficients
    predictions : by name; the first is what average marginal effects are of
    report : (r, k) floats; reported coefficients are ``report @ coefficients``
    terms : the r names
    derived : numbers that follow from the coefficients, on their natural scale
    log_likelihood, null_log_likelihood : under weights of mean one; None if there is none
    dispersion : what `bread` is multiplied by in the model-based covariance
    is_likelihood : False if `bread` is never a covariance, as after two steps
    leverage : gives (m,) floats, the diagonal of the hat matrix (of the last reweighted least
        squares); None where HC2 and HC3 are not defined
    absorbed : parameters that were removed before the fit, as firm effects
    used : (m,) rows that the estimates rest on, where some only serve others, as earlier waves
        serve as lags; None if all do
    residual_df : degrees of freedom of model-based and HC inference; None is the normal
    fit_measures : what a table may say of the fit
    notes : sentences of caution
    """

    coefficients: Floats
    scores: Floats
    bread: Floats
    blocks: tuple[Block, ...]
    predictions: Mapping[str, Prediction]
    report: Floats = field(default_factory=lambda: np.empty((0, 0)))
    terms: tuple[str, ...] = ()
    derived: tuple[Derived, ...] = ()
    log_likelihood: float | None = None
    null_log_likelihood: float | None = None
    dispersion: float = 1.0
    is_likelihood: bool = True
    leverage: Callable[[], Floats] | None = None
    absorbed: int = 0
    used: Rows | None = None
    residual_df: float | None = None
    fit_measures: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.report.size == 0:
            backs = [each.back for each in self.blocks]
            report = backs[0] if len(backs) == 1 else scipy.linalg.block_diag(*backs)
            object.__setattr__(self, "report", report)
        if not self.terms:
            terms = tuple(term for each in self.blocks for term in each.terms)
            object.__setattr__(self, "terms", terms)

    @property
    def slices(self) -> tuple[slice, ...]:
        """Where each block's coefficients stand among the k."""
        ends = np.cumsum([each.width for each in self.blocks])
        return tuple(
            slice(int(end - each.width), int(end))
            for each, end in zip(self.blocks, ends, strict=True)
        )

    @property
    def widest(self) -> int:
        """Terms of the equation that has most."""
        return max(each.width for each in self.blocks)

    @property
    def linear_predictors(self) -> Floats:
        """(M, m) floats."""
        return linear_predictors(self.blocks, self.coefficients)


def linear_predictors(blocks: tuple[Block, ...], coefficients: Floats) -> Floats:
    """(M, m) floats: each block's Z times its part of the working coefficients."""
    eta = np.empty((len(blocks), len(blocks[0].Z)))
    start = 0
    for position, each in enumerate(blocks):
        eta[position] = each.Z @ coefficients[start : start + each.width]
        start += each.width
    return eta
