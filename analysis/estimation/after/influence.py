"""Firms and sampled units that an estimate hangs on."""

from dataclasses import dataclass

import numpy as np
import scipy.linalg

from analysis.estimation.estimates import Floats
from analysis.estimation.labels import Codes, Rows
from analysis.estimation.regression import Model
from analysis.refusals import Refusal

# Of one: a firm that alone decides a coefficient has no influence to speak of, it has it all.
ALONE = 1e-10
MOST_UNITS = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class FirmInfluence:
    """What each of the m firms does to the k reported coefficients.

    Attributes
    ----------
    rows : (m,) places of the firms among the n of the design
    terms : k names
    leverage : (m,) floats from 0 to 1, summing to k; NaN where the estimator defines none
    dfbeta : (m, k) floats, coefficients with the firm less those without it
    dfbetas : (m, k) floats, the same in standard errors of the model
    cooks_distance : (m,) floats, squared length of dfbeta in the model's information, over k
    """

    rows: Codes
    terms: tuple[str, ...]
    leverage: Floats
    dfbeta: Floats
    dfbetas: Floats
    cooks_distance: Floats


def firm_influence(model: Model) -> FirmInfluence:
    r"""Leverage, Cook's distance and DFBETAS of every firm.

    Exact for least squares; else one scoring step from the whole sample's estimates (Pregibon
    1981, Williams 1987), or, where leverage is not defined, the infinitesimal jackknife.
    Under sampling weights a firm goes with its weight. DFBETAS are in the standard errors
    that the model reports; with model-based ones of least squares the residual variance is
    that without the firm (Belsley, Kuh and Welsch 1980).

    Raises: Refusal ``leverage_one``.

    Notes
    -----
    With U the information, :math:`d_i = U^{-1} w_i s_i / (1 - h_i)` and Cook's distance
    :math:`d_i' U d_i / (k \phi)`.
    """
    solution, sample = model.fitted.solution, model.fitted.sample
    k = len(solution.coefficients)
    leverage = np.full(len(sample.y), np.nan)
    apart = np.ones(len(sample.y))
    if solution.leverage is not None:
        leverage = solution.leverage()
        apart = 1 - leverage
        _refuse_alone(apart, sample.rows)
    step = (sample.weight / apart)[:, None] * (solution.scores @ solution.bread.T)
    information = scipy.linalg.inv(solution.bread)
    distance = np.einsum("ij,jk,ik->i", step, information, step) / (k * solution.dispersion)
    dfbeta = step @ solution.report.T
    scale = np.tile(model.estimates.std_errors, (len(sample.y), 1))
    # Of so few firms that one fewer leaves no residual variance, that of all is taken.
    if model.covariance_type == "model" and (solution.residual_df or 0.0) > 1:
        scale *= _without(model, apart)[:, None]
    return FirmInfluence(
        rows=np.flatnonzero(sample.rows),
        terms=solution.terms,
        leverage=leverage,
        dfbeta=dfbeta,
        dfbetas=dfbeta / scale,
        cooks_distance=distance,
    )


def _without(model: Model, apart: Floats) -> Floats:
    """(m,) residual standard errors without each firm, over that of all."""
    sample, solution = model.fitted.sample, model.fitted.solution
    residual = sample.y - solution.linear_predictors[0]
    spare = len(residual) - sample.Z.shape[1]
    squares = solution.dispersion * spare - residual**2 / apart
    result: Floats = np.sqrt(np.maximum(squares, 0.0) / (spare - 1) / solution.dispersion)
    return result


def _refuse_alone(apart: Floats, rows: Rows) -> None:
    alone = np.flatnonzero(rows)[apart <= ALONE]
    if len(alone):
        raise Refusal(
            "leverage_one",
            f"{len(alone)} firms alone decide a coefficient (leverage 1), the first is firm "
            f"{int(alone[0]) + 1} of the data: without it there is no such estimate.",
            "Leave out the term that only these firms have.",
        )


@dataclass(frozen=True, slots=True, eq=False)
class UnitInfluence:
    """What each of the u sampled units does to the k reported coefficients.

    Attributes
    ----------
    units : u labels of clusters, or numbers of firms where these were drawn one by one
    terms : k names
    dfbeta : (u, k) floats, coefficients with the unit less those without it; NaN where the
        model cannot be fitted without it
    dfbetas : (u, k) floats, the same in standard errors of the model
    """

    units: tuple[str, ...]
    terms: tuple[str, ...]
    dfbeta: Floats
    dfbetas: Floats

    @property
    def not_fitted(self) -> tuple[str, ...]:
        """Units without which there is no estimate."""
        missing: Rows = np.asarray(np.isnan(self.dfbeta).any(axis=1))
        return tuple(unit for unit, lost in zip(self.units, missing, strict=True) if lost)


def unit_influence(model: Model) -> UnitInfluence:
    """The model fitted again without each sampled unit of the design.

    The other units keep their weights: it is asked what hangs on one unit, not what the
    jackknife asks.

    Raises: Refusal ``too_many_units`` above 5,000.
    """
    fitted = model.fitted
    sample, solution = fitted.sample, fitted.solution
    codes = fitted.design.cluster_codes[sample.rows]
    present = np.unique(codes)
    if len(present) > MOST_UNITS:
        raise Refusal(
            "too_many_units",
            f"The model would be fitted {len(present)} times, once without each unit.",
            "Ask for the influence of firms, which is had from one fit.",
        )
    dfbeta = np.full((len(present), len(solution.terms)), np.nan)
    for place, unit in enumerate(present):
        rest = np.where(codes == unit, 0.0, sample.weight)
        if not rest.any():
            continue
        try:
            again = fitted.estimator.refitted(sample.reweighted(rest), solution.coefficients)
        except (Refusal, np.linalg.LinAlgError):
            continue
        dfbeta[place] = solution.report @ (solution.coefficients - again)
    labels = fitted.design.cluster[sample.rows]
    _, first = np.unique(codes, return_index=True)
    return UnitInfluence(
        units=tuple(str(label) for label in labels[first]),
        terms=solution.terms,
        dfbeta=dfbeta,
        dfbetas=dfbeta / model.estimates.std_errors,
    )
