"""What a sample is to estimate, as the numbers an allocation needs: a total and its variances.

For every estimand the frame gives the variance within strata of the variable whose total (or,
for a mean, whose linearised residual) is estimated. A domain that cuts across strata is taken
exactly: firms outside it have the value 0 (Cochran 1977, section 5A.14).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from surveys.sampling.arrays import Flags, Floats, Integers, counts, floats, integers, sums
from surveys.sampling.refusals import AllocationRefused

ALL = "all firms"


@dataclass(frozen=True, slots=True, eq=False)
class Estimand:
    """A total, mean or share in a domain.

    Attributes
    ----------
    variable, domain : names
    value : float
        Of the frame, in the unit of the N_h² S_h² below: a total.
    variance : (H,) floats
        S_h², with divisor N_h - 1.
    """

    variable: str
    domain: str
    value: float
    variance: Floats


def total_of(
    values: npt.ArrayLike,
    stratum: npt.ArrayLike,
    *,
    variable: str,
    strata: int,
    inside: npt.ArrayLike = True,
    domain: str = ALL,
) -> Estimand:
    """The total of a frame variable in a domain.

    Parameters
    ----------
    values : (N,) floats
        Of the variable.
    stratum : (N,) integers
        From 0 to H - 1.
    variable : str
        What people call it.
    strata : int
        H.
    inside : (N,) booleans
        The domain.
    domain : str
        What people call it.
    """
    codes = integers(stratum)
    worth = floats(values, named=variable, length=len(codes)) * np.asarray(inside, dtype=bool)
    return Estimand(variable, domain, float(worth.sum()), _variances(worth, codes, strata))


def mean_of(
    values: npt.ArrayLike,
    stratum: npt.ArrayLike,
    *,
    variable: str,
    strata: int,
    inside: npt.ArrayLike = True,
    domain: str = ALL,
) -> Estimand:
    """The mean of a frame variable in a domain, or of an indicator: a share.

    The mean divides by the estimated number of firms of the domain, so the variance is that of
    the residuals y - mean within the domain and 0 outside (Särndal, Swensson & Wretman 1992,
    section 5.8). Parameters as `total_of`; `value` is the mean times the domain's firms.

    Raises AllocationRefused if no firm of the frame is in the domain.
    """
    codes = integers(stratum)
    member = np.broadcast_to(np.asarray(inside, dtype=bool), codes.shape)
    if not member.any():
        raise AllocationRefused(f"No firm of the frame is in the domain {domain}.")
    worth = floats(values, named=variable, length=len(codes))
    residual = np.where(member, worth - worth[member].mean(), 0.0)
    return Estimand(
        variable, domain, float(worth[member].sum()), _variances(residual, codes, strata)
    )


def from_strata(
    *,
    population: npt.ArrayLike,
    mean: npt.ArrayLike,
    deviation: npt.ArrayLike,
    variable: str,
    inside: npt.ArrayLike = True,
    domain: str = ALL,
) -> Estimand:
    """A total from means and standard deviations of strata, in a domain that is made of strata.

    Parameters
    ----------
    population : (H,) integers
        N_h.
    mean : (H,) floats
        Of the variable within strata.
    deviation : (H,) floats
        S_h with divisor N_h - 1; of a share see `deviation_of_share`.
    variable : str
        What people call it.
    inside : (H,) booleans
        Strata of the domain.
    domain : str
        What people call it.
    """
    size = integers(population)
    member: Flags = np.broadcast_to(np.asarray(inside, dtype=bool), size.shape)
    level = floats(mean, named=f"mean of {variable}", length=len(size))
    width = floats(deviation, named=f"deviation of {variable}", length=len(size))
    return Estimand(variable, domain, float((size * level)[member].sum()), width**2 * member)


def deviation_of_share(share: npt.ArrayLike, population: npt.ArrayLike) -> Floats:
    """(H,) S_h of an indicator with that share of ones (Cochran 1977, section 3.2)."""
    of_ones = np.asarray(share, dtype=float)
    size = np.asarray(population, dtype=float)
    result: Floats = np.sqrt(of_ones * (1 - of_ones) * size / np.maximum(size - 1, 1))
    return result


def expected_variance(
    estimand: Estimand,
    population: npt.ArrayLike,
    drawn: npt.ArrayLike,
    response_rate: npt.ArrayLike = 1.0,
) -> float:
    """Of the estimated total under simple sampling within strata (Cochran 1977, theorem 5.3).

    The sum of N_h² S_h² (1 / r_h - 1 / N_h), with r_h = n_h times the response rate, respondents
    being taken as a simple random sample of their stratum. Infinite if a stratum with a positive
    variance has no respondent.
    """
    size = np.asarray(population, dtype=float)
    answering = np.asarray(drawn, dtype=float) * np.asarray(response_rate, dtype=float)
    weight = size**2 * estimand.variance
    with np.errstate(divide="ignore"):
        factor = np.where(weight > 0, 1 / answering - 1 / size, 0.0)
    return float(weight @ factor) if np.isfinite(factor).all() else float("inf")


def expected_cvs(
    estimands: Sequence[Estimand],
    population: npt.ArrayLike,
    drawn: npt.ArrayLike,
    response_rate: npt.ArrayLike = 1.0,
) -> Floats:
    """(J,) expected coefficients of variation, shares of 1; NaN for an estimand of value 0."""
    return np.array(
        [
            np.sqrt(max(expected_variance(each, population, drawn, response_rate), 0.0))
            / abs(each.value)
            if each.value
            else np.nan
            for each in estimands
        ]
    )


def effective_size(weight: npt.ArrayLike) -> float:
    """Kish's effective sample size (sum w)² / sum w² of n weights (Kish 1965, section 11.7)."""
    w = floats(weight, named="weights")
    return float(w.sum() ** 2 / (w @ w))


def effective_size_of(population: npt.ArrayLike, drawn: npt.ArrayLike) -> float:
    """Kish's effective size of an allocation, with base weights N_h / n_h.

    Strata of which nothing is drawn are left out.
    """
    size, number = np.asarray(population, dtype=float), np.asarray(drawn, dtype=float)
    taken = number > 0
    return float(size[taken].sum() ** 2 / (size[taken] ** 2 / number[taken]).sum())


def _variances(values: Floats, stratum: Integers, strata: int) -> Floats:
    """(H,) variances within strata with divisor N_h - 1; 0 for a stratum of one unit."""
    size = counts(stratum, strata)
    if (size == 0).any():
        raise AllocationRefused("Some strata hold no firm of the frame. Number them without gaps.")
    deviation = values - (sums(values, stratum, strata) / size)[stratum]
    return sums(deviation**2, stratum, strata) / np.maximum(size - 1, 1)
