"""A confirmatory look at an index: one factor by maximum likelihood, omega, and fit."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from analysis.constructs.measured import Floats
from analysis.constructs.reliability import Answered, answered, covariance_of
from analysis.refusals import Refusal

FEWEST_FOR_A_FACTOR = 3
# The variance of a part that the factor leaves, over the part's variance: R factanal's bound.
LEAST_UNIQUE = 0.005
NEARLY_SINGULAR = 1e-8
RMSEA_TAIL = 0.05
# A factor that fewer than three parts load on is not identified.
NO_LOADING = 1e-3
FLAT = 1e-9


@dataclass(frozen=True, slots=True)
class Fit:
    """How well one factor reproduces the covariances of the parts.

    Attributes
    ----------
    chi_square, df, p : likelihood ratio against any covariances, N times the discrepancy
    cfi, tli : against parts that have nothing in common
    rmsea, rmsea_interval : with its 90 per cent interval
    srmr : root mean square of residual correlations, the diagonal counted
    """

    chi_square: float
    df: int
    p: float
    cfi: float
    tli: float
    rmsea: float
    rmsea_interval: tuple[float, float]
    srmr: float


@dataclass(frozen=True, slots=True)
class OneFactor:
    """One common factor of p parts.

    Attributes
    ----------
    firms : firms that answered every part; `effective` is Kish's number, less under weights
    omega : (sum of loadings)^2 over that plus the sum of unique variances, in raw units
    loadings, uniquenesses : (p,) standardized
    fit : None of three parts, which one factor always reproduces
    """

    parts: tuple[str, ...]
    firms: int
    effective: float
    omega: float
    loadings: tuple[float, ...]
    uniquenesses: tuple[float, ...]
    fit: Fit | None


def one_factor(names: Sequence[str], values: Floats, weight: Floats | None = None) -> OneFactor:
    """McDonald's omega and the fit of one factor.

    Parameters
    ----------
    names
        Of the p parts.
    values
        (n, p) floats, NaN for missing.
    weight
        (n,) design weights, or None for equal ones. Covariances are weighted then, and the
        chi-square takes Kish's effective number of firms: read it as a rough guide.

    Raises
    ------
    Refusal
        ``too_few_parts``, ``too_few_firms``, ``constant_part``, ``parts_say_the_same``,
        ``no_common_factor``, ``heywood_case``.

    Notes
    -----
    Joreskog (1967): with theta the eigenvalues of U^(-1/2) R U^(-1/2), U the diagonal of unique
    variances, the discrepancy is the sum of theta - ln theta - 1 over all but the largest.
    """
    found = answered(names, values, weight, what="One factor", least=FEWEST_FOR_A_FACTOR)
    covariance = covariance_of(found)
    spread = np.sqrt(np.diag(covariance))
    correlation = np.asarray(covariance / np.outer(spread, spread))
    _refuse_singular(found, correlation)
    unique = _unique_variances(correlation)
    loading, discrepancy = _loadings(correlation, unique)
    _refuse_improper(found, unique, loading)
    common = float((loading * spread).sum()) ** 2
    fit = _fit(correlation, loading, unique, discrepancy, found.effective)
    return OneFactor(
        parts=found.names,
        firms=len(found.rows),
        effective=found.effective,
        omega=common / (common + float((unique * spread**2).sum())),
        loadings=tuple(loading.tolist()),
        uniquenesses=tuple(unique.tolist()),
        fit=fit if len(found.names) > FEWEST_FOR_A_FACTOR else None,
    )


def _unique_variances(correlation: Floats) -> Floats:
    """(p,) unique variances of least discrepancy, from the squared multiple correlations."""
    start = np.clip(1 / np.diag(np.linalg.inv(correlation)), 0.05, 0.95)
    solution = optimize.minimize(
        lambda unique: _loadings(correlation, unique)[1],
        start,
        jac=lambda unique: _slope(correlation, unique),
        method="L-BFGS-B",
        bounds=[(LEAST_UNIQUE, 1.0)] * len(correlation),
        options={"ftol": 1e-16, "gtol": 1e-10, "maxiter": 2000},
    )
    unique = np.asarray(solution.x, dtype=float)
    if (unique <= LEAST_UNIQUE + FLAT).any() or (unique >= 1.0 - FLAT).any():
        return unique
    # The line search stops where the discrepancy no longer moves; its slope still does.
    root = optimize.root(lambda inner: _slope(correlation, inner), unique, tol=1e-13)
    near = np.abs(root.x - unique).max() < 1e-3
    return np.asarray(root.x, dtype=float) if near else unique


def _loadings(correlation: Floats, unique: Floats) -> tuple[Floats, float]:
    """(p,) loadings, mostly positive, and the discrepancy at the unique variances."""
    root = np.sqrt(unique)
    values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
    loading = root * vectors[:, -1] * np.sqrt(max(values[-1] - 1.0, 0.0))
    rest = values[:-1]
    discrepancy = float((rest - np.log(rest) - 1.0).sum())
    return loading * (1.0 if loading.sum() >= 0 else -1.0), discrepancy


def _slope(correlation: Floats, unique: Floats) -> Floats:
    """(p,) derivative of the discrepancy."""
    loading, _ = _loadings(correlation, unique)
    residual = loading**2 + unique - np.diag(correlation)
    return np.asarray(residual / unique**2)


def _fit(
    correlation: Floats, loading: Floats, unique: Floats, discrepancy: float, firms: float
) -> Fit | None:
    p = len(loading)
    df, base_df = p * (p - 3) // 2, p * (p - 1) // 2
    if df == 0:
        return None
    chi_square = firms * max(discrepancy, 0.0)
    base = -firms * float(np.linalg.slogdet(correlation)[1])
    excess, base_excess = max(chi_square - df, 0.0), max(base - base_df, chi_square - df, 0.0)
    residual = correlation - np.outer(loading, loading) - np.diag(unique)
    return Fit(
        chi_square=chi_square,
        df=df,
        p=float(stats.chi2.sf(chi_square, df)),
        cfi=1.0 - excess / base_excess if base_excess > 0 else 1.0,
        tli=(base / base_df - chi_square / df) / (base / base_df - 1.0),
        rmsea=float(np.sqrt(excess / (firms * df))),
        rmsea_interval=_rmsea_interval(chi_square, df, firms),
        srmr=float(np.sqrt((np.tril(residual) ** 2).sum() / (p * (p + 1) / 2))),
    )


def _rmsea_interval(chi_square: float, df: int, firms: float) -> tuple[float, float]:
    low, high = (
        float(np.sqrt(_noncentrality(chi_square, df, at) / (firms * df)))
        for at in (1 - RMSEA_TAIL, RMSEA_TAIL)
    )
    return low, high


def _noncentrality(chi_square: float, df: int, probability: float) -> float:
    """The noncentrality under which a chi-square as large has the probability; 0 if none has."""

    def too_likely(noncentrality: float) -> float:
        return float(stats.ncx2.cdf(chi_square, df, noncentrality)) - probability

    if stats.chi2.cdf(chi_square, df) < probability:
        return 0.0
    highest = 4 * (chi_square + 10.0)
    return float(optimize.brentq(too_likely, 1e-12, highest, xtol=1e-12, rtol=1e-14))


def _refuse_singular(found: Answered, correlation: Floats) -> None:
    if float(np.linalg.eigvalsh(correlation)[0]) > NEARLY_SINGULAR:
        return
    off = np.abs(correlation - np.eye(len(correlation)))
    first, second = np.unravel_index(int(off.argmax()), off.shape)
    raise Refusal(
        "parts_say_the_same",
        f"One part follows from others: {found.names[first]} and {found.names[second]} have the "
        f"correlation {correlation[first, second]:.3f}.",
        "Leave one of them out.",
    )


def _refuse_improper(found: Answered, unique: Floats, loading: Floats) -> None:
    if int((np.abs(loading) > NO_LOADING).sum()) < FEWEST_FOR_A_FACTOR:
        raise Refusal(
            "no_common_factor",
            "Fewer than three of the parts have anything in common that a factor could stand for.",
            "Take them one by one, or as an index that adds up and need not agree.",
        )
    heywood = [
        name for name, left in zip(found.names, unique, strict=True) if left <= LEAST_UNIQUE + FLAT
    ]
    if heywood:
        raise Refusal(
            "heywood_case",
            f"The factor would explain all of {', '.join(heywood)}, or more than all: its own "
            "variance is at or below 0 (a Heywood case).",
            "A sample too small, or a part that stands for the index by itself, gives this; "
            "leave the part out, or read alpha alone.",
        )
