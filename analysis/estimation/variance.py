"""Linearised variance of estimates from a stratified, clustered sample of one or more stages."""

from typing import Literal

import numpy as np
from scipy import sparse

from analysis.estimation.design import SurveyDesign
from analysis.estimation.estimates import Floats
from analysis.estimation.labels import Codes, Rows, named
from analysis.estimation.stages import Layer
from analysis.refusals import Refusal
from mathematics.replication import CENSUS_TOLERANCE

# Rows above which sums column by column are faster than a product with a sparse matrix.
AS_COLUMNS = 100_000


def linearized_variance(influence: Floats, design: SurveyDesign, domain: Rows) -> Floats:
    r"""Covariance of k estimates from the influence of each firm on each of them.

    Parameters
    ----------
    influence : (n, k) floats
        Influence of firm i on estimate j before weighting, in the estimate's unit. What
        stands in rows outside the domain is not read.
    design : SurveyDesign
        The same n firms, in the same order.
    domain : (n,) booleans
        The firms that are estimated on. The others stay in the design with influence 0,
        for how many firms of a domain a sample holds is itself left to chance.

    Returns
    -------
    (k, k) floats, in products of the estimates' units

    Raises
    ------
    Refusal
        ``singleton_stratum`` if a stratum that holds a firm of the domain, and was not
        enumerated in full, has one sampled unit and the design has no policy for it;
        ``nothing_to_average`` if the policy is the average and every stratum is such.

    Notes
    -----
    With z the weighted influence summed within a sampled unit (Binder 1983),

    .. math:: V = \sum_h (1 - n_h / N_h) \frac{n_h}{n_h - 1}
              \sum_{j \in h} (z_{hj} - \bar z_h)(z_{hj} - \bar z_h)'

    and the same of each further stage within each unit of the one before, times the product
    of the shares n_h / N_h drawn before (Särndal, Swensson and Wretman 1992, result 4.3.1).
    Of a calibrated design, z is of the residual of the influence on the calibration
    variables under the weights before calibration (Deville and Särndal 1992, section 3).
    """
    if design.calibration is not None:
        influence = np.where(domain[:, None], influence, 0.0)
        influence = design.calibration.residuals(influence)
        # The residual of a firm outside the domain is not zero.
        domain = np.ones_like(domain)
    inside = domain & (design.weight > 0)
    refuse_singletons(design, domain)
    # Row by row, as the sums of few firms read it; of many firms a copy would cost more.
    order: Literal["C", "K"] = "K" if len(influence) > AS_COLUMNS else "C"
    weighted = np.multiply(influence, design.weight[:, None], order=order)
    # Not a product with 0: outside the domain the influence may be NaN.
    if not domain.all():
        weighted[~domain] = 0.0
    covariance = np.zeros((influence.shape[1], influence.shape[1]))
    for layer in _layers_that_count(design):
        z = _sums(weighted, layer.unit, len(layer.stratum_of_unit))
        covariance += _within_strata(z, layer, _reached(layer, inside), design)
    return covariance


def refuse_singletons(design: SurveyDesign, domain: Rows) -> None:
    """Refuse strata of the domain whose one unit says nothing of how units differ."""
    if design.lonely != "refuse":
        return
    inside = domain & (design.weight > 0)
    for layer in _layers_that_count(design):
        lonely = _lonely(layer, _reached(layer, inside))
        if lonely.any():
            raise Refusal(
                "singleton_stratum",
                f"{lonely.sum()} of {len(lonely)} strata hold a single sampled unit, so the "
                f"variance within them cannot be estimated: {named(layer.labels[lonely])}.",
                "Join each with a stratum like it; or give its population count if it was "
                "enumerated in full; or name a policy (certainty, adjust or average); or leave "
                "strata out of the design (design: strata: none).",
            )


def _layers_that_count(design: SurveyDesign) -> list[Layer]:
    """The stages up to the first whose share of the population is nowhere known."""
    return [layer for layer in design.layers if layer.carried.any()]


def _reached(layer: Layer, inside: Rows) -> Rows:
    """(S,) strata that hold a firm of the domain with positive weight."""
    reached = np.zeros(len(layer.carried), dtype=bool)
    reached[layer.stratum[inside]] = True
    return reached


def _lonely(layer: Layer, reached: Rows) -> Rows:
    """(S,) strata of one sampled unit that matter and were not enumerated in full."""
    census = 1 - layer.sampled_share <= CENSUS_TOLERANCE
    lonely: Rows = reached & ~census & (layer.units_in_stratum == 1) & (layer.carried > 0)
    return lonely


def _within_strata(z: Floats, layer: Layer, reached: Rows, design: SurveyDesign) -> Floats:
    """(k, k) what the units of one stage add, from their (U, k) totals."""
    units, stratum = layer.units_in_stratum, layer.stratum_of_unit
    centre = _sums(z, stratum, len(units)) / units[:, None]
    scale = layer.carried * (1 - layer.sampled_share) * units / np.maximum(units - 1, 1)
    lonely = _lonely(layer, reached)
    if lonely.any() and design.lonely == "adjust":
        centre[lonely] = _means_of_parents(z, layer, reached)[layer.parent_of_stratum[lonely]]
    if lonely.any() and design.lonely == "average":
        scale = scale * _stretch(layer, reached, lonely)[layer.parent_of_stratum]
    deviation = centre[stratum]
    np.subtract(z, deviation, out=deviation)
    deviation *= np.sqrt(scale)[stratum, None]
    covariance: Floats = deviation.T @ deviation
    return covariance


def _means_of_parents(z: Floats, layer: Layer, reached: Rows) -> Floats:
    """(P, k) mean total of all sampled units of each parent, in the strata that are reached."""
    parents = int(layer.parent_of_stratum.max()) + 1
    parent = layer.parent_of_stratum[layer.stratum_of_unit]
    counted = reached[layer.stratum_of_unit]
    sums = _sums(np.where(counted[:, None], z, 0.0), parent, parents, always=True)
    count = np.bincount(parent, counted, parents)
    means: Floats = sums / np.maximum(count, 1)[:, None]
    return means


def _stretch(layer: Layer, reached: Rows, lonely: Rows) -> Floats:
    """(P,) strata of each parent over those of them that are not lonely."""
    parents = int(layer.parent_of_stratum.max()) + 1
    strata = np.bincount(layer.parent_of_stratum, reached, parents)
    known = np.bincount(layer.parent_of_stratum, reached & ~lonely, parents)
    alone = (known == 0) & (strata > 0)
    if alone.any():
        where = alone[layer.parent_of_stratum] & lonely
        raise Refusal(
            "nothing_to_average",
            "Strata with a single sampled unit are to count as the average of the others, but "
            f"there is no other beside {named(layer.labels[where])}.",
            "Choose adjust or certainty for such strata, or join them.",
        )
    stretch: Floats = strata / np.maximum(known, 1)
    return stretch


def _sums(values: Floats, codes: Codes, count: int, *, always: bool = False) -> Floats:
    """(count, k) sums of the rows that carry each code."""
    if count == len(values) and not always:
        # Each row is a unit, and units are numbered in order of appearance.
        return values
    if len(values) > AS_COLUMNS:
        return np.column_stack([np.bincount(codes, column, count) for column in values.T])
    ones, ends = np.ones(len(values)), np.arange(len(values) + 1)
    result: Floats = sparse.csc_array((ones, codes, ends), (count, len(values))) @ values
    return result
