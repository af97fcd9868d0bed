"""Change between two waves that share some of their sampled units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimation.descriptive.comparisons import Comparison, comparison
from analysis.estimation.descriptive.description import Description
from analysis.estimation.descriptive.groups import in_words
from analysis.estimation.design import SurveyDesign
from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.labels import Codes, Labels, named
from analysis.refusals import Refusal


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What changed from the first wave to the second.

    Attributes
    ----------
    comparison : second wave less first, term by term
    correlation : (k,) of the estimates of the two waves, from the units in both
    units : sampled units in the first wave, in the second, and in both
    """

    comparison: Comparison
    correlation: Floats
    units: tuple[int, int, int]


def change(first: Description, second: Description, units: tuple[Any, Any]) -> Change:
    """Second wave less first for the terms that both have.

    Parameters
    ----------
    first, second
        descriptions of the two waves, each under its own design
    units
        identifiers of the sampled units (the firm, or the cluster it was drawn with) of
        the n firms of the first wave and of the second. Who has the same identifier in
        both was drawn once for both.

    Raises
    ------
    Refusal
        ``nothing_to_compare``, ``unit_missing``, ``unit_of_two_clusters``,
        ``wave_replicates``, ``no_sampling_variance``.

    Notes
    -----
    Each wave keeps the variance of its own design. See `overlap_covariance` for the rest.
    """
    _refuse_replicates(first, second)
    terms = [term for term in second.estimates.terms if term in first.estimates.terms]
    if not terms:
        raise Refusal(
            "nothing_to_compare",
            f"The waves have no estimate in common: {named(first.estimates.terms)} and "
            f"{named(second.estimates.terms)}.",
            "Describe both in the same way.",
        )
    before, after = _Wave.of(first, terms, units[0]), _Wave.of(second, terms, units[1])
    shared = overlap_covariance(before, after)
    spread = before.covariance + after.covariance - shared - shared.T
    _refuse_no_variance(spread, terms)
    estimates = Estimates(
        tuple(f"change of {term}" for term in terms),
        after.values - before.values,
        spread,
        _degrees_of_freedom(before, after),
    )
    counted = (len(before.unit), len(after.unit), len(_pairs(before, after)[0]))
    note = f"Sampled units: {counted[0]} and {counted[1]}, of which {counted[2]} are in both waves."
    return Change(
        comparison(estimates, second.level, (*first.notes, *second.notes, note)),
        np.diag(shared) / np.sqrt(np.diag(before.covariance) * np.diag(after.covariance)),
        counted,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Wave:
    """One wave by its U sampled units.

    Attributes
    ----------
    values, covariance : of the k terms
    unit : (U,) identifiers
    deviation : (U, k) weighted influence of each unit less the mean of its stratum, times
        the root of n_h / (n_h - 1)
    stratum : (U,) names of the strata
    size, share : (U,) units n_h sampled in the unit's stratum, and n_h / N_h
    in_domain : (U,) whether the unit holds a firm of the domain
    """

    values: Floats
    covariance: Floats
    unit: Labels
    deviation: Floats
    stratum: Labels
    size: Floats
    share: Floats
    in_domain: Labels

    @classmethod
    def of(cls, description: Description, terms: Sequence[str], units: Any) -> "_Wave":
        design, estimates = description.design, description.estimates
        chosen = [estimates.terms.index(term) for term in terms]
        stratum = design.stratum_of_cluster
        z = unit_totals(description.influence[:, chosen], design)
        n = design.clusters_in_stratum.astype(float)
        mean = np.zeros((len(n), len(chosen)))
        np.add.at(mean, stratum, z)
        deviation = (z - (mean / n[:, None])[stratum]) * np.sqrt(n / np.maximum(n - 1, 1))[
            stratum, None
        ]
        domain = np.zeros(len(stratum), dtype=bool)
        domain[design.cluster_codes[description.domain]] = True
        return cls(
            values=estimates.coefficients[chosen],
            covariance=estimates.covariance[np.ix_(chosen, chosen)],
            unit=_identified(np.asarray(units), design),
            deviation=deviation,
            stratum=np.array(design.stratum_labels, dtype=object)[stratum],
            size=n[stratum],
            share=design.sampled_share[stratum],
            in_domain=domain,
        )


def overlap_covariance(first: _Wave, second: _Wave) -> Floats:
    r"""Covariance of the estimates of two waves through the units they share, (k, k).

    .. math:: C = \sum_{j \in s_1 \cap s_2} g_j
              \sqrt{\frac{n_1}{n_1 - 1} \frac{n_2}{n_2 - 1}}
              (z_{1j} - \bar z_1)(z_{2j} - \bar z_2)'

    with the means of the unit's stratum in each wave and, in a stratum of N units, g = 1 -
    n_1 n_2 / (n_12 N): the covariance of Kish (1965, 12.4) and Tam (1984), given how many
    units n_12 are in both. With all units in both it is the covariance of one design; with
    none it is 0.
    """
    one, other = _pairs(first, second)
    if not len(one):
        return np.zeros((first.deviation.shape[1], second.deviation.shape[1]))
    factor = _correction(first, second, one, other)
    result: Floats = first.deviation[one].T @ (factor[:, None] * second.deviation[other])
    return result


def _correction(first: _Wave, second: _Wave, one: Codes, other: Codes) -> Floats:
    """(pairs,) finite population factors g.

    For units whose stratum changed no population is common to both waves; they take the
    geometric mean of both factors. Beyond that mean g cannot go without leaving a
    correlation beyond 1.
    """
    bound = np.sqrt((1 - first.share[one]) * (1 - second.share[other]))
    names = first.stratum[one]
    same = names == second.stratum[other]
    codes, strata = pd.factorize(names)
    both = np.bincount(codes[same], minlength=len(strata))[codes]
    # n_1 n_2 / N with the smaller of the populations of the waves, the cautious one.
    drawn = np.maximum(first.share[one] * second.size[other], second.share[other] * first.size[one])
    factor = np.where(same, 1 - drawn / np.maximum(both, 1), bound)
    return np.clip(factor, -bound, bound)


def unit_totals(influence: Floats, design: SurveyDesign) -> Floats:
    """(U, k) weighted influence summed within each sampled unit of the first stage."""
    if design.calibration is not None:
        influence = design.calibration.residuals(influence)
    weighted = influence * design.weight[:, None]
    result = np.zeros((len(design.stratum_of_cluster), influence.shape[1]))
    np.add.at(result, design.cluster_codes, weighted)
    return result


def _pairs(first: _Wave, second: _Wave) -> tuple[Codes, Codes]:
    """Positions in each wave of the units that are in both."""
    _, one, other = np.intersect1d(first.unit, second.unit, return_indices=True)
    return one, other


def _degrees_of_freedom(first: _Wave, second: _Wave) -> float:
    """Units of either wave less strata; a stratum without common units counts in each wave."""
    one, other = _pairs(first, second)
    used = [wave.in_domain for wave in (first, second)]
    common = used[0][one] & used[1][other]
    units = int(used[0].sum() + used[1].sum() - common.sum())
    linked = set(first.stratum[one[common]]) & set(second.stratum[other[common]])
    strata = [set(wave.stratum[inside]) for wave, inside in zip((first, second), used, strict=True)]
    return float(units - len(strata[0]) - len(strata[1]) + len(linked))


def _identified(units: Labels, design: SurveyDesign) -> Labels:
    """(U,) identifier of each sampled unit, from those of its n firms."""
    if len(units) != len(design.weight):
        raise ValueError(f"{len(units)} identifiers for {len(design.weight)} firms.")
    missing = np.asarray(pd.isna(units))
    if missing.any():
        raise Refusal(
            "unit_missing",
            f"The identifier is missing for {missing.sum()} of {len(units)} firms; the first is "
            f"firm {int(np.argmax(missing)) + 1} of the data.",
            "Give every firm the identifier of the unit it was drawn with.",
        )
    # As words: a file may give 17 in one wave and 17.0 in the other.
    units = np.array([in_words(unit) for unit in units])
    result = np.empty(len(design.stratum_of_cluster), dtype=units.dtype)
    result[design.cluster_codes] = units
    split = result[design.cluster_codes] != units
    doubled = pd.Series(result).duplicated().to_numpy()
    if split.any() or doubled.any():
        which = units[split] if split.any() else result[doubled]
        raise Refusal(
            "unit_of_two_clusters",
            "Identifiers and sampled units do not go together one to one: "
            f"{named(dict.fromkeys(which))}.",
            "Link the waves by what was drawn: by cluster where clusters were drawn, else by firm.",
        )
    return result


def _refuse_no_variance(spread: Floats, terms: Sequence[str]) -> None:
    if not (np.diag(spread) > 0).all():
        raise Refusal(
            "no_sampling_variance",
            f"The change of {named(terms)} has no sampling variance: the waves hold the same "
            "units with the same answers, every unit was sampled, or all firms say the same.",
            "Read the change as it is: it is not subject to sampling error, or cannot be judged.",
        )


def _refuse_replicates(first: Description, second: Description) -> None:
    if "replicate" in (first.covariance_type, second.covariance_type):
        raise Refusal(
            "wave_replicates",
            "Replicate weights of two waves, made apart, do not say how the waves go together.",
            "Describe both waves with the covariance 'design'.",
        )
