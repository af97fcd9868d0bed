"""Firms in their regions: the random part of a model, and the weights of both levels."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.estimation.blocks import Block, ancillary
from analysis.estimation.design import named
from analysis.estimation.design_matrix import INTERCEPT, Column
from analysis.estimation.estimates import Floats
from analysis.estimation.parts import Labels
from analysis.estimation.sample import Sample
from analysis.refusals import Refusal

Codes = npt.NDArray[np.intp]
Batch = npt.NDArray[Any]  # of floats, or of complex numbers in a complex step

REGION = "region"
SLOPES = "slopes"
WITHIN = "within"
SCALING = "scaling"
STANDARD_DEVIATION = "region_sd"
CHOLESKY = "region_cholesky"
# Of the largest: weights of a region that were printed with six digits are still equal.
SAME = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """The m firms of a sample, those with weight in the order of their G regions.

    Attributes
    ----------
    order : (p,) positions among the m firms of those with weight, region after region
    starts : (G,) where each region starts in that order
    code : (p,) number of each firm's region
    labels : (G,) names
    columns : the q columns with random coefficients, the intercept first
    X : (m, q) these columns
    scale : (q,) what X is divided by in working coordinates
    firm_weight : (p,) weights of firms within their region
    region_weight : (G,)
    """

    order: Codes
    starts: Codes
    code: Codes
    labels: Labels
    columns: tuple[Column, ...]
    X: Floats
    scale: Floats
    firm_weight: Floats
    region_weight: Floats

    @property
    def count(self) -> int:
        return len(self.starts)

    @property
    def sizes(self) -> Codes:
        """(G,) firms of each region."""
        return np.diff(self.starts, append=len(self.order))

    @property
    def working(self) -> Floats:
        """(p, q) the random columns in working coordinates and in order."""
        result: Floats = self.X[self.order] / self.scale
        return result

    @property
    def lower(self) -> tuple[Codes, Codes]:
        """Rows and columns of the parameters of the triangle L, column after column."""
        q = len(self.columns)
        columns, rows = np.triu_indices(q)
        return rows, columns

    def triangle(self, parameters: Batch) -> Batch:
        """(q, q) L in working coordinates: the random effects have covariance L L'."""
        q = len(self.columns)
        result = np.zeros((q, q), dtype=parameters.dtype)
        result[self.lower] = parameters
        return result

    def blocks(self) -> tuple[Block, ...]:
        """The linear predictors t_k = sum_j x_j L_jk; a firm's random part has variance t't.

        The parameters are those of L itself, not of its logarithm: a variance of zero is then
        an ordinary point that iterations and replicates can reach.
        """
        if len(self.columns) == 1:
            return (ancillary(STANDARD_DEVIATION, len(self.X)),)
        return tuple(
            Block(
                f"{CHOLESKY}{place + 1}",
                self.columns[place:],
                self.X[:, place:],
                self.X[:, place:] / self.scale[place:],
                np.diag(1 / self.scale[place:]),
            )
            for place in range(len(self.columns))
        )

    def sums(self, values: Batch) -> Batch:
        """Sums within regions of what is given for the p firms in order, along the first axis."""
        result: Batch = np.add.reduceat(values, self.starts, axis=0)
        return result

    def in_first_rows(self, scores: Floats, weight: Floats) -> Floats:
        """(m, k) the weighted scores of each region in its first firm's row, zero elsewhere.

        A firm's row is multiplied by its weight in every covariance; so it is divided by it.
        """
        result = np.zeros((len(self.X), scores.shape[1]))
        first = self.order[self.starts]
        result[first] = scores * (self.region_weight / weight[first])[:, None]
        return result


def regions_of(sample: Sample) -> Regions:
    """The regions of a sample with their random columns and weights.

    Raises
    ------
    Refusal
        ``slope_not_in_model``, ``level_weights_missing``, ``level_weights_wrong``,
        ``region_weight_varies``, ``scaling_unknown``.
    """
    codes, _ = pd.factorize(np.asarray(sample.labels[REGION]))
    counted = np.flatnonzero(sample.weight > 0)
    order = counted[np.argsort(codes[counted], kind="stable")]
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    code = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(order)))
    places = _places(sample)
    X = np.column_stack([sample.X[:, place] for place in places])
    spread = X.std(axis=0)
    firm_weight, region_weight = _weights(sample, order, starts, code)
    return Regions(
        order=order,
        starts=starts,
        code=code,
        labels=np.asarray(sample.labels[REGION])[order[starts]],
        columns=tuple(sample.columns[place] for place in places),
        X=X,
        scale=np.where(np.arange(len(places)) == 0, 1.0, np.where(spread > 0, spread, 1.0)),
        firm_weight=firm_weight,
        region_weight=region_weight,
    )


def _places(sample: Sample) -> list[int]:
    """Where the random columns stand in the main equation."""
    written = sample.words.get(SLOPES, "")
    slopes = [word.strip() for word in written.split(",") if word.strip()]
    odd = [name for name in slopes if name not in sample.names or name == INTERCEPT]
    if odd:
        raise Refusal(
            "slope_not_in_model",
            f"{named([sample.wording.labels.get(name, name) for name in odd])} cannot have a slope "
            "of its own in each region, for the model has no such term (or it was dropped).",
            "Put the term among the regressors: its slopes vary about its coefficient.",
        )
    return [0, *(sample.names.index(name) for name in dict.fromkeys(slopes))]


def _weights(sample: Sample, order: Codes, starts: Codes, code: Codes) -> tuple[Floats, Floats]:
    if not sample.is_weighted and WITHIN not in sample.outcomes:
        return np.ones(len(order)), np.ones(len(starts))
    if WITHIN not in sample.outcomes:
        raise Refusal(
            "level_weights_missing",
            "A multilevel model needs weights of both levels: those of the regions, and those of "
            "firms within their region. The design has only the product of the two.",
            "Give the firms' weights within their region (within); where every region of the "
            "country is in the sample these are the weights of the design.",
        )
    within = sample.outcomes[WITHIN][order]
    if not (np.isfinite(within).all() and (within > 0).all()):
        raise Refusal(
            "level_weights_wrong",
            "The weights of firms within their region must be above zero and finite; "
            f"{int((~(within > 0)).sum())} are not.",
            "Correct the weights within regions.",
        )
    region = sample.weight[order] / within
    sizes = np.diff(starts, append=len(order))
    mean = np.add.reduceat(region, starts) / sizes
    _refuse_varying(sample, region / mean[code] - 1, code, order[starts])
    return within * _scaling(sample, within, starts)[code], mean


def _refuse_varying(sample: Sample, apart: Floats, code: Codes, first: Codes) -> None:
    odd = np.unique(code[np.abs(apart) > SAME])
    if odd.size:
        labels = [f"{label}" for label in np.asarray(sample.labels[REGION])[first[odd]]]
        raise Refusal(
            "region_weight_varies",
            "A firm's weight divided by its weight within the region is the weight of the region, "
            f"one number for all its firms; it differs within {named(labels)}.",
            "Check the weights of both levels. Replicates and bootstraps must draw whole regions.",
        )


def _scaling(sample: Sample, within: Floats, starts: Codes) -> Floats:
    """(G,) factors of the weights within regions (Rabe-Hesketh and Skrondal 2006, section 5)."""
    total = np.add.reduceat(within, starts)
    scaling = sample.words.get(SCALING, "size")
    match scaling:
        case "effective":
            factor = total / np.add.reduceat(within**2, starts)
        case "size":
            factor = np.diff(starts, append=len(within)) / total
        case "none":
            factor = np.ones(len(starts))
        case _:
            raise Refusal(
                "scaling_unknown",
                f"There is no scaling {scaling!r} of weights within regions.",
                "Choose size, effective or none.",
            )
    result: Floats = factor
    return result
