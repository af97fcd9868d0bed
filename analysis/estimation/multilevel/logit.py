"""The logit of firms in regions, by maximum likelihood with adaptive quadrature."""

from dataclasses import dataclass

import numpy as np

from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import Estimator
from analysis.estimation.multilevel.averages import PREDICTIONS
from analysis.estimation.multilevel.checks import (
    cautions,
    refuse_regions,
    refuse_split_regions,
)
from analysis.estimation.multilevel.climb import Hill, summit
from analysis.estimation.multilevel.components import (
    Estimated,
    is_degenerate,
    logit_derived,
    logit_fit_measures,
    upright,
    zero_note,
)
from analysis.estimation.multilevel.linear import COVARIANCES, ROLES
from analysis.estimation.multilevel.quadrature import LogitIntegrals, nodes
from analysis.estimation.multilevel.regions import Regions, regions_of
from analysis.estimation.outcomes import refuse_not_binary
from analysis.estimation.parts import Role
from analysis.estimation.sample import Sample
from analysis.estimation.separation import refuse_empty_cells, refuse_separation
from analysis.estimation.solution import Solution
from analysis.refusals import Refusal

POINTS = "points"
DEFAULT_POINTS = 7
MOST_POINTS = 51
MOST_NODES = 2500
MOST_RANDOM_COLUMNS = 3
START = 0.5
# Standard errors from the summit at which a fit with one point serves another to start from.
NEAR = 1e-2
LOGISTIC_SPREAD = 1.8
# Standard deviation of the linear predictor at which a coefficient has run away.
RUN_AWAY = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """The integrals of a sample, and the fit with no random part."""

    sample: Sample
    regions: Regions
    integrals: LogitIntegrals
    pooled: Floats

    @property
    def k(self) -> int:
        result: int = self.integrals.k
        return result


def integrals_of(sample: Sample, regions: Regions, points: int | None = None) -> LogitIntegrals:
    """The integrals of a sample with the points that its numbers ask for, or those given.

    Raises: Refusal ``points_wrong``.
    """
    given = sample.numbers.get(POINTS, DEFAULT_POINTS) if points is None else points
    q = len(regions.columns)
    if given != int(given) or not 1 <= given <= MOST_POINTS or given**q > MOST_NODES:
        raise Refusal(
            "points_wrong",
            f"{given:g} points of quadrature in each of {q} dimensions cannot be had.",
            f"Choose a whole number from 1 to {int(min(MOST_POINTS, MOST_NODES ** (1 / q)))}.",
        )
    return LogitIntegrals(sample, regions, nodes(int(given), q))


def _solve(sample: Sample, start: Floats | None) -> Solution:
    regions = regions_of(sample)
    if start is None:
        refuse_not_binary(sample)
        refuse_regions(sample, regions, MOST_RANDOM_COLUMNS)
        refuse_empty_cells(sample)
        refuse_separation(sample)
    what = f"The multilevel logit of {sample.wording.outcome}"
    integrals = integrals_of(sample, regions)
    model = _Model(sample, regions, integrals, _pooled(integrals, what))
    k = model.k
    if start is not None and len(start) < len(model.pooled):
        return _pooled_solution(model, ())
    hill = Hill(integrals.height, integrals.curvature, what)
    if start is not None:
        return _solution(model, upright(regions, summit(hill, start), k))
    parameters = upright(regions, summit(hill, _near(model, what)), k)
    if is_degenerate(sample, regions, parameters[k:], LOGISTIC_SPREAD):
        return _pooled_solution(model, zero_note())
    _refuse_run_away(sample, regions, parameters, k)
    return _solution(model, parameters)


def _pooled(integrals: LogitIntegrals, what: str) -> Floats:
    """The logit of one level, with zeros for the random part."""
    k = integrals.k
    zeros = np.zeros(len(integrals.regions.lower[0]))

    def height(b: Floats) -> tuple[float, Floats]:
        value, gradient = integrals.height(np.concatenate([b, zeros]))
        return value, gradient[:k]

    def curvature(b: Floats) -> Floats:
        p = 1 / (1 + np.exp(-integrals.Z @ b))
        w = integrals.w * integrals.W[integrals.regions.code] * p * (1 - p)
        return -integrals.Z.T @ (w[:, None] * integrals.Z)

    b = summit(Hill(height, curvature, what), np.zeros(k))
    return np.concatenate([b, zeros])


def _near(model: _Model, what: str) -> Floats:
    """Parameters near the summit, by the approximation of Laplace."""
    rows, columns = model.regions.lower
    start = model.pooled.copy()
    start[model.k :][rows == columns] = START
    one = integrals_of(model.sample, model.regions, points=1)
    try:
        near = summit(Hill(one.height, one.curvature, what), start, tolerance=NEAR)
    except Refusal:
        return start
    L = model.regions.triangle(near[model.k :])
    # From a variance of zero no step leads away: it is a summit or a saddle.
    return near if np.all(np.abs(np.diag(L)) > START / 10) else start


def _refuse_run_away(sample: Sample, regions: Regions, parameters: Floats, k: int) -> None:
    fitted = sample.Z @ parameters[:k]
    L = regions.triangle(parameters[k:])
    if max(float(fitted.std()), float(np.abs(L).max())) > RUN_AWAY:
        raise Refusal(
            "random_effects_run_away",
            f"The random effects grow without bound: in nearly every region all firms have "
            f"{sample.wording.outcome}, or none has.",
            "Choose a coarser division into regions, or the region as the unit of the model.",
        )


def _solution(model: _Model, parameters: Floats) -> Solution:
    sample, regions, integrals = model.sample, model.regions, model.integrals
    height = integrals.height(parameters)[0]
    estimated = Estimated(sample, regions, parameters, model.k)
    return Solution(
        coefficients=parameters,
        scores=regions.in_first_rows(integrals.scores(parameters), sample.weight),
        bread=_inverse(-integrals.curvature(parameters)),
        blocks=(sample.main, *regions.blocks()),
        predictions=PREDICTIONS,
        derived=logit_derived(estimated),
        log_likelihood=height,
        fit_measures=logit_fit_measures(estimated, height, integrals.height(model.pooled)[0]),
        notes=cautions(sample, regions),
    )


def _pooled_solution(model: _Model, notes: tuple[str, ...]) -> Solution:
    """The model without its random part, whose variance is estimated as zero."""
    sample, regions, integrals, k = model.sample, model.regions, model.integrals, model.k
    height = integrals.height(model.pooled)[0]
    estimated = Estimated(sample, regions, model.pooled, k)
    scores = integrals.scores(model.pooled)[:, :k]
    return Solution(
        coefficients=model.pooled[:k],
        scores=regions.in_first_rows(scores, sample.weight),
        bread=_inverse(-integrals.curvature(model.pooled)[:k, :k]),
        blocks=(sample.main,),
        predictions=PREDICTIONS,
        log_likelihood=height,
        fit_measures=logit_fit_measures(estimated, height, height),
        notes=(*cautions(sample, regions), *notes),
    )


def _inverse(information: Floats) -> Floats:
    return np.asarray(np.linalg.inv(information), dtype=float)


MULTILEVEL_LOGIT = Estimator(
    "multilevel_logit",
    "Multilevel logit",
    "Yes or no, of firms in regions.",
    _solve,
    COVARIANCES,
    (*ROLES, Role(POINTS, "number", "of quadrature in each dimension", is_needed=False)),
    check_design=refuse_split_regions,
)
