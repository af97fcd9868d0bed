"""Linearised variance of estimates from a stratified, clustered sample."""

import numpy as np

from analysis.estimation.design import Codes, Rows, SurveyDesign, named
from analysis.estimation.estimates import Floats
from analysis.refusals import Refusal

# A stratum is enumerated in full if all but this share of it was sampled (as R survey).
CENSUS_TOLERANCE = 1e-7


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
        enumerated in full, has one sampled cluster.

    Notes
    -----
    With z the weighted influence summed within a cluster (Binder 1983),

    .. math:: V = \sum_h (1 - n_h / N_h) \frac{n_h}{n_h - 1}
              \sum_{j \in h} (z_{hj} - \bar z_h)(z_{hj} - \bar z_h)'
    """
    clusters = design.clusters_in_stratum
    refuse_singletons(design, domain)
    z = _totals(influence, design, domain)
    stratum = design.stratum_of_cluster
    mean = _sums(z, stratum, len(clusters)) / clusters[:, None]
    scale = (1 - design.sampled_share) * clusters / np.maximum(clusters - 1, 1)
    deviation = mean[stratum]
    np.subtract(z, deviation, out=deviation)
    deviation *= np.sqrt(scale)[stratum, None]
    covariance: Floats = deviation.T @ deviation
    return covariance


def refuse_singletons(design: SurveyDesign, domain: Rows) -> None:
    """Refuse strata of the domain whose one cluster says nothing of how clusters differ."""
    census = 1 - design.sampled_share <= CENSUS_TOLERANCE
    reached = np.zeros(len(census), dtype=bool)
    reached[design.stratum_codes[domain & (design.weight > 0)]] = True
    lonely = reached & ~census & (design.clusters_in_stratum == 1)
    if lonely.any():
        strata = [design.stratum_labels[position] for position in np.flatnonzero(lonely)]
        raise Refusal(
            "singleton_stratum",
            f"{len(strata)} of {len(census)} strata hold a single sampled unit, so the variance "
            f"within them cannot be estimated: {named(strata)}.",
            "Join each with a stratum like it; or give its population count if it was "
            "enumerated in full; or leave strata out of the design (design: strata: none).",
        )


def _totals(influence: Floats, design: SurveyDesign, domain: Rows) -> Floats:
    """(clusters, k) weighted influence summed within each cluster."""
    weighted = influence * design.weight[:, None]
    # Not a product with 0: outside the domain the influence may be NaN.
    weighted[~domain] = 0.0
    return _sums(weighted, design.cluster_codes, len(design.stratum_of_cluster))


def _sums(values: Floats, codes: Codes, count: int) -> Floats:
    """(count, k) sums of the rows that carry each code."""
    if count == len(values):
        # Each row is a cluster, and clusters are numbered in order of appearance.
        return values
    return np.column_stack([np.bincount(codes, column, count) for column in values.T])
