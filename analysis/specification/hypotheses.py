"""Tests that a plan asks of a model, carried out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from analysis.estimation.after.hypotheses import Asked as Sum
from analysis.estimation.after.hypotheses import linear_hypothesis
from analysis.estimation.after.language import read_direction
from analysis.estimation.after.shape import inner_range, u_test
from analysis.estimation.after.wald import directed_test, wald_test
from analysis.estimation.design_matrix import Values
from analysis.estimation.estimates import Estimates
from analysis.estimation.imputation.joint import joint_test
from analysis.estimation.imputation.pooling import Pooled, barnard_rubin
from analysis.specification.model import Asked

Ranges = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Tested:
    """One test with its result.

    Attributes
    ----------
    asked : as the plan has it
    kind : ``joint``, ``directed`` or ``u_shape``
    statistic, numerator_df, denominator_df : of F, or of t where the numerator is None
    sentence : the result in words
    """

    asked: str
    kind: str
    statistic: float
    numerator_df: int | None
    denominator_df: float
    p_value: float
    sentence: str


def ranges_of(asked: Sequence[Asked], variables: Mapping[str, Values]) -> Ranges:
    """Between which values the model's firms lie, of each variable whose shape is tested."""
    shaped = {each.about[0] for each in asked if each.kind == "u_shape"}
    return {name: inner_range(variables[name]) for name in sorted(shaped & set(variables))}


def tested(
    asked: Asked,
    estimates: Estimates,
    ranges: Sequence[Ranges],
    pooled: Pooled | None,
) -> Tested:
    """The test carried out on estimates.

    `ranges` are those of `ranges_of`, one mapping for each completed data set.
    Where data sets were imputed, `pooled` are the estimates within and between them: joint
    tests are then D1 of Li, Raghunathan & Rubin with Reiter's degrees of freedom, and those of
    one sum have Barnard & Rubin's degrees of freedom of that sum.

    Raises: Refusal of `analysis.estimation.after`, such as ``unknown_term``.
    """
    if asked.kind == "u_shape":
        return _shape(asked, estimates, ranges, pooled)
    (hypothesis,) = asked.about
    if ">" in hypothesis or "<" in hypothesis:
        restriction, _ = read_direction(hypothesis, estimates.terms)
        return _directed(hypothesis, _with_df_of(estimates, pooled, restriction))
    return _joint(hypothesis, estimates) if pooled is None else _joint_pooled(hypothesis, pooled)


def _with_df_of(estimates: Estimates, pooled: Pooled | None, *sums: Sum) -> Estimates:
    """The estimates with the degrees of freedom of sums of them, the smallest of several."""
    if pooled is None:
        return estimates
    weights = linear_hypothesis(sums, pooled.terms).matrix
    between = (1 + 1 / pooled.count) * np.diag(weights @ pooled.between @ weights.T)
    total = np.diag(weights @ pooled.covariance @ weights.T)
    share = between / np.where(total > 0, total, 1.0)
    df = barnard_rubin(share, pooled.count, pooled.complete_df)
    return replace(estimates, residual_df=float(df.min()), term_df=None)


def _joint_pooled(hypothesis: str, pooled: Pooled) -> Tested:
    test = joint_test(pooled, hypothesis)
    q, df = test.numerator_df, test.denominator_df
    if np.isinf(df):
        statistic, letter = q * test.statistic, f"chi-square({q})"
        p_value = float(stats.chi2.sf(statistic, q))
    else:
        statistic, letter, p_value = test.statistic, f"F({q}, {df:.1f})", test.p_value
    return Tested(
        hypothesis,
        "joint",
        statistic,
        q,
        df,
        p_value,
        f"{hypothesis}: {letter} = {statistic:.3f}, {_p(p_value)} (D1 over {pooled.count} "
        "imputations).",
    )


def _joint(hypothesis: str, estimates: Estimates) -> Tested:
    test = wald_test(estimates, hypothesis)
    reference = (
        f"chi-square({test.numerator_df}) = {test.statistic:.3f}"
        if np.isinf(test.denominator_df)
        else f"F({test.numerator_df}, {test.denominator_df:g}) = {test.statistic:.3f}"
    )
    return Tested(
        hypothesis,
        "joint",
        test.statistic,
        test.numerator_df,
        test.denominator_df,
        test.p_value,
        f"{hypothesis}: {reference}, {_p(test.p_value)}.",
    )


def _directed(hypothesis: str, estimates: Estimates) -> Tested:
    test = directed_test(estimates, hypothesis)
    letter = "z" if np.isinf(test.residual_df) else f"t({test.residual_df:g})"
    return Tested(
        hypothesis,
        "directed",
        test.statistic,
        None,
        test.residual_df,
        test.p_value,
        f"{hypothesis}, one-sided: {letter} = {test.statistic:.3f}, {_p(test.p_value)}.",
    )


def _shape(
    asked: Asked,
    estimates: Estimates,
    ranges: Sequence[Ranges],
    pooled: Pooled | None,
) -> Tested:
    (variable,) = asked.about
    square = f"{variable}^2"
    seen = [each[variable] for each in ranges if variable in each]
    lowest = min((low for low, _ in seen), default=0.0)
    highest = max((high for _, high in seen), default=0.0)
    if {variable, square} <= set(estimates.terms):
        slopes = [{variable: 1.0, square: 2 * at} for at in (lowest, highest)]
        estimates = _with_df_of(estimates, pooled, *slopes)
    test = u_test(
        estimates,
        linear=variable,
        square=square,
        lowest=lowest,
        highest=highest,
    )
    nearer = min((test.lower, test.upper), key=lambda slope: abs(slope.statistic))
    return Tested(
        str(asked),
        "u_shape",
        nearer.statistic,
        None,
        test.residual_df,
        test.p_value,
        f"Lind-Mehlum test on {variable}: {test.sentence}",
    )


def _p(value: float) -> str:
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"
