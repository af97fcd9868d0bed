"""What a description says: estimates, intervals, design effects, and of how many firms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.estimation.descriptive.effects import DesignEffects, design_effects
from analysis.estimation.descriptive.intervals import t_interval
from analysis.estimation.descriptive.scope import CovarianceName, Setting
from analysis.estimation.descriptive.statistic import (
    Estimated,
    Part,
    degrees_of_freedom,
    estimated,
)
from analysis.estimation.design import SurveyDesign
from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.labels import Rows, named
from analysis.estimation.replicates import failed_replicates
from analysis.refusals import Refusal

# Below this share of the estimate an influence is rounding.
ROUNDING = 1e-12
FEW_DEGREES_OF_FREEDOM = 10


@dataclass(frozen=True, slots=True, eq=False)
class Description:
    """k descriptive estimates and all that a table says of them.

    Attributes
    ----------
    statistic : ``mean``, ``total``, ``share``, ...
    estimates : with the joint covariance of all terms, groups included. NaN where the firms
        of a term do not differ at all, so that the sample cannot say how sure it is.
    intervals : (k, 2) confidence limits, each with the degrees of freedom of its own firms
    interval : how they were made: ``t``, ``logit``, ``korn_graubard``, ``woodruff``, ...
    level : of the intervals
    covariance_type : ``design`` or ``replicate``
    n : (k,) firms that each estimate is of
    population : (k,) firms they stand for
    degrees_of_freedom : (k,) of each interval
    effects : (k,) design effects and effective sizes
    notes : sentences on what was left out and what to beware of
    rows : k times (n,) booleans, the firms of each term
    influence : (n, k) change of the estimates per unit of weight of each firm
    replicates : (R, k) estimates under the replicate weights, or None
    design : SurveyDesign
    """

    statistic: str
    estimates: Estimates
    intervals: Floats
    interval: str
    level: float
    covariance_type: CovarianceName
    n: Floats
    population: Floats
    degrees_of_freedom: Floats
    effects: DesignEffects
    notes: tuple[str, ...]
    rows: tuple[Rows, ...]
    influence: Floats
    replicates: Floats | None
    design: SurveyDesign

    @property
    def domain(self) -> Rows:
        """(n,) firms of any term."""
        result: Rows = np.logical_or.reduce(self.rows)
        return result

    def noted(self, *notes: str) -> "Description":
        return replace(self, notes=self.notes + notes)


def described(
    statistic: str, parts: Sequence[Part], asked: Setting, notes: tuple[str, ...] = ()
) -> Description:
    """The description that parts add up to, with symmetric t intervals.

    Raises
    ------
    Refusal
        ``no_degrees_of_freedom``; ``singleton_stratum`` and others of the design.
    """
    design = asked.design
    found = estimated(parts, design, asked.covariance)
    terms = tuple(term for part in parts for term in part.terms)
    rows = tuple(part.rows for part in parts for _ in part.terms)
    df = _degrees_of_freedom(parts, asked)
    covariance, unknown = _without_constants(
        found.values, found.covariance, found.influence, rows, design
    )
    whole = degrees_of_freedom(np.logical_or.reduce(rows), design, asked.covariance)
    estimates = Estimates(terms, found.values, covariance, whole)
    return Description(
        statistic=statistic,
        estimates=estimates,
        intervals=t_interval(found.values, estimates.std_errors, df, asked.level),
        interval="t",
        level=asked.level,
        covariance_type=asked.covariance,
        n=np.array([row.sum() for row in rows], dtype=float),
        population=np.array([design.weight[row].sum() for row in rows]),
        degrees_of_freedom=df,
        effects=design_effects(np.diag(covariance), found.influence, rows, design.weight),
        notes=notes + _failures(found) + _warnings(terms, unknown, np.diag(covariance), df),
        rows=rows,
        influence=found.influence,
        replicates=found.replicates,
        design=design,
    )


def _degrees_of_freedom(parts: Sequence[Part], asked: Setting) -> Floats:
    """(k,) of the firms of each term; the rank of replicate weights is found once for each."""
    known: dict[int, float] = {}
    for part in parts:
        key = id(part.reference)
        if key not in known:
            known[key] = degrees_of_freedom(part.reference, asked.design, asked.covariance)
        if known[key] <= 0:
            raise Refusal(
                "no_degrees_of_freedom",
                f"The firms of '{part.terms[0]}' lie in too few sampled units: the degrees of "
                f"freedom are {known[key]:g}, so nothing says how sure the estimate is.",
                "Join the group with another or widen the subpopulation.",
            )
    return np.array([known[id(part.reference)] for part in parts for _ in part.terms])


def _failures(found: Estimated) -> tuple[str, ...]:
    failed = 0 if found.replicates is None else failed_replicates(found.replicates)
    if not failed:
        return ()
    return (f"Replicates left out because nothing could be estimated under them: {failed}.",)


def _without_constants(
    values: Floats,
    covariance: Floats,
    influence: Floats,
    rows: Sequence[Rows],
    design: SurveyDesign,
) -> tuple[Floats, Rows]:
    """NaN for the terms whose firms all say the same, and which terms those are."""
    population = np.array([design.weight[row].sum() for row in rows])
    unknown = np.abs(influence).max(axis=0) * population <= ROUNDING * np.abs(values)
    result = covariance.copy()
    result[unknown, :] = np.nan
    result[:, unknown] = np.nan
    return result, unknown


def _warnings(
    terms: tuple[str, ...], unknown: Rows, variance: Floats, df: Floats
) -> tuple[str, ...]:
    notes = []
    if unknown.any():
        notes.append(
            f"No standard error for {_chosen(terms, unknown)}: the firms it is of do not differ, "
            "and so the sample does not say how sure it is."
        )
    if (variance == 0).any():
        notes.append(
            f"Standard error 0 for {_chosen(terms, variance == 0)}: every unit was sampled, or the "
            "sampled units of each stratum are alike."
        )
    few = df < FEW_DEGREES_OF_FREEDOM
    if few.any():
        notes.append(
            f"Few degrees of freedom ({df.min():g}) for {_chosen(terms, few)}: intervals are wide "
            "and rough."
        )
    return tuple(notes)


def _chosen(terms: tuple[str, ...], which: Rows) -> str:
    return named([term for term, is_chosen in zip(terms, which, strict=True) if is_chosen])
