"""The linear model of firms in regions, by maximum or restricted maximum likelihood."""

import numpy as np

from analysis.estimation.blocks import ancillary
from analysis.estimation.estimates import Floats
from analysis.estimation.estimator import Estimator
from analysis.estimation.multilevel.checks import (
    cautions,
    refuse_regions,
    refuse_split_regions,
)
from analysis.estimation.multilevel.climb import Hill, summit
from analysis.estimation.multilevel.components import (
    Estimated,
    is_degenerate,
    linear_derived,
    linear_fit_measures,
    upright,
    zero_note,
)
from analysis.estimation.multilevel.normal import Normal
from analysis.estimation.multilevel.regions import Regions, regions_of
from analysis.estimation.outcomes import refuse_perfect_fit
from analysis.estimation.parts import Role
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Curve, Prediction, Solution
from analysis.refusals import Refusal

MOST_RANDOM_COLUMNS = 5
START = 0.5
LOG_SIGMA = "log_sigma"


def _solve(sample: Sample, start: Floats | None) -> Solution:
    regions = regions_of(sample)
    model = Normal(sample, regions, is_restricted=_method(sample) == "reml")
    if start is None:
        refuse_regions(sample, regions, MOST_RANDOM_COLUMNS)
    b, log_sigma = model.pooled()
    if start is None:
        refuse_perfect_fit(sample, sample.y - sample.Z @ b)
        _refuse_constant_within(sample, regions)
    none = np.zeros(len(regions.lower[0]))
    pooled = np.concatenate([b, none, [log_sigma]])
    if start is not None and len(start) < len(pooled):
        return _pooled_solution(model, pooled, start)
    what = f"The multilevel model of {sample.wording.outcome}"
    hill = Hill(model.height, model.curvature, what)
    if start is not None:
        return _solution(model, upright(regions, summit(hill, start), model.k), pooled)
    parameters = upright(regions, summit(hill, _apart(model, pooled)), model.k)
    if is_degenerate(sample, regions, parameters[model.k : -1], float(np.exp(parameters[-1]))):
        return _pooled_solution(model, pooled, None)
    return _solution(model, parameters, pooled)


def _apart(model: Normal, pooled: Floats) -> Floats:
    """The pooled model with regions apart, to start from."""
    result = pooled.copy()
    rows, columns = model.regions.lower
    result[model.k : -1][rows == columns] = START * np.exp(pooled[-1])
    return result


def _method(sample: Sample) -> str:
    method = sample.words.get("method", "reml")
    if method not in {"reml", "ml"}:
        raise Refusal("method_unknown", f"There is no method {method!r}.", "Choose reml or ml.")
    if method == "reml" and sample.is_weighted:
        raise Refusal(
            "reml_with_weights",
            "Restricted maximum likelihood is not defined under sampling weights or replicates.",
            "Choose maximum likelihood (method: ml).",
        )
    return method


def _refuse_constant_within(sample: Sample, regions: Regions) -> None:
    y = sample.y[regions.order]
    if np.all(y == y[regions.starts][regions.code]):
        raise Refusal(
            "outcome_constant_within_regions",
            f"{sample.wording.outcome} is the same for all firms of a region.",
            "Take the region as the unit of the model.",
        )


def _solution(model: Normal, parameters: Floats, pooled: Floats) -> Solution:
    sample, regions, k = model.sample, model.regions, model.k
    height = model.height(parameters)[0]
    curvature = model.curvature(parameters)
    bread = np.zeros_like(curvature)
    bread[:k, :k] = np.linalg.inv(-curvature[:k, :k])
    # Coefficients and variances are independent in expectation; of the variances, the observed
    # information once the coefficients have been maximised out.
    cross = curvature[k:, :k]
    profile = -curvature[k:, k:] - cross @ bread[:k, :k] @ cross.T
    bread[k:, k:] = np.linalg.inv(profile)
    estimated = Estimated(sample, regions, parameters, k)
    return Solution(
        coefficients=parameters,
        scores=regions.in_first_rows(model.scores(parameters), sample.weight),
        bread=bread,
        blocks=(sample.main, *regions.blocks(), ancillary(LOG_SIGMA, len(sample.y))),
        predictions=_PREDICTIONS,
        derived=linear_derived(estimated),
        log_likelihood=None if model.is_restricted else height,
        fit_measures=linear_fit_measures(
            estimated, height, model.height(pooled)[0], is_restricted=model.is_restricted
        ),
        notes=cautions(sample, regions),
    )


def _pooled_solution(model: Normal, pooled: Floats, start: Floats | None) -> Solution:
    """The model without its random part, whose variance is estimated as zero."""
    sample, regions, k = model.sample, model.regions, model.k
    height = model.height(pooled)[0]
    kept = np.r_[0:k, len(pooled) - 1]
    curvature = model.curvature(pooled)[np.ix_(kept, kept)]
    bread = np.zeros_like(curvature)
    bread[:k, :k], bread[k, k] = np.linalg.inv(-curvature[:k, :k]), -1 / curvature[k, k]
    estimated = Estimated(sample, regions, pooled, k)
    return Solution(
        coefficients=pooled[kept],
        scores=regions.in_first_rows(model.scores(pooled)[:, kept], sample.weight),
        bread=bread,
        blocks=(sample.main, ancillary(LOG_SIGMA, len(sample.y))),
        predictions=_PREDICTIONS,
        derived=linear_derived(estimated, is_pooled=True),
        log_likelihood=None if model.is_restricted else height,
        fit_measures=linear_fit_measures(
            estimated, height, height, is_restricted=model.is_restricted
        ),
        notes=(*cautions(sample, regions), *(zero_note() if start is None else ())),
    )


def _mean(eta: Floats) -> Curve:
    slope = np.zeros_like(eta)
    slope[0] = 1.0
    return Curve(eta[0], slope, np.zeros((len(eta), *eta.shape)))


_PREDICTIONS = {"mean": Prediction("mean", "Expected outcome", _mean)}

ROLES = (
    Role("region", "labels", "the region that each firm is in"),
    Role("slopes", "word", "terms whose slopes vary over regions, after commas", is_needed=False),
    Role("within", "outcome", "weight of a firm within its region", is_needed=False),
    Role("scaling", "word", "of weights within: size, effective or none", is_needed=False),
)
COVARIANCES = frozenset({"model", "cluster", "design", "replicate"})
MULTILEVEL_LINEAR = Estimator(
    "multilevel_linear",
    "Multilevel linear",
    "A number, of firms in regions.",
    _solve,
    COVARIANCES,
    (*ROLES, Role("method", "word", "reml or ml", is_needed=False)),
    check_design=refuse_split_regions,
)
