"""What a table says of the instruments of a two-stage fit."""

from contextlib import suppress

from analysis.estimation.covariance import Fitted
from analysis.estimation.estimates import Covariance
from analysis.estimation.instrumental.auxiliary import undesigned
from analysis.estimation.instrumental.equations import Instrumented
from analysis.estimation.instrumental.strength import (
    Strength,
    cragg_donald,
    first_stages,
)
from analysis.estimation.instrumental.validity import endogeneity, overidentification
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Solution
from analysis.refusals import Refusal

# Stock and Yogo (2005), one endogenous term: critical values of the homoskedastic first-stage F
# for a 5 % test of at most 10 % size (table 5.2), by number of instruments; and for a bias of at
# most 10 % of that of least squares (table 5.1), from three instruments on.
SIZE_10 = (16.38, 19.93, 22.30, 24.58, 26.87, 29.18, 31.50, 33.84, 36.19, 38.54)
BIAS_10 = (9.08, 10.27, 10.83, 11.12, 11.29, 11.39, 11.46, 11.49)
# What was long thought enough (Staiger and Stock 1997), for several endogenous terms.
RULE_OF_THUMB = 10.0


def described(
    sample: Sample, equation: Instrumented, solution: Solution
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Fit measures and cautions, under HC1 and, without weights, homoskedastic too.

    What rests on strata and clusters is asked of the functions of `strength`, `validity` and
    `anderson_rubin`, which take any covariance.
    """
    fitted = undesigned(sample, solution)
    measures: dict[str, float] = {}
    robust = first_stages(fitted, "HC1")
    is_only = len(robust) == 1
    for each in robust:
        mark = "" if is_only else f"[{each.term}]"
        measures[f"first_stage_partial_r_squared{mark}"] = each.partial_r_squared
        measures[f"first_stage_robust_f{mark}"] = each.first_stage.statistic
        if each.conditional_f is not None:
            measures[f"conditional_first_stage_robust_f{mark}"] = each.conditional_f.statistic
        if each.effective is not None:
            measures["effective_first_stage_f"] = each.effective.statistic
    if not sample.is_weighted:
        for each in first_stages(fitted, "model"):
            mark = "" if is_only else f"[{each.term}]"
            measures[f"first_stage_f{mark}"] = each.first_stage.statistic
        measures["cragg_donald_f"] = cragg_donald(fitted)
    measures |= _validity(fitted, equation)
    measures["instruments"] = float(equation.excluded)
    notes = tuple(_caution(sample, each) for each in robust if _is_weak(each))
    return measures, notes + _stock_yogo(measures, equation)


def _validity(fitted: Fitted, equation: Instrumented) -> dict[str, float]:
    measures: dict[str, float] = {}
    kinds: list[tuple[Covariance, str]] = [("HC1", "robust_")]
    if not fitted.sample.is_weighted:
        kinds.append(("model", ""))
    for kind, mark in kinds:
        # Where there are no residuals to tell apart the fit itself still stands.
        with suppress(Refusal):
            exogenous = endogeneity(fitted, kind)
            measures[f"{mark}endogeneity_f"] = exogenous.statistic
            measures[f"{mark}endogeneity_p_value"] = exogenous.p_value
        if equation.excluded > len(equation.endogenous):
            agreed = overidentification(fitted, kind)
            name = "sargan" if kind == "model" else "hansen_j"
            measures[name] = agreed.statistic
            measures[f"{name}_p_value"] = agreed.p_value
    return measures


def _is_weak(strength: Strength) -> bool:
    if strength.effective is not None:
        return strength.effective.statistic < strength.effective.threshold
    conditional = strength.conditional_f
    return conditional is not None and conditional.statistic < RULE_OF_THUMB


def _caution(sample: Sample, strength: Strength) -> str:
    term = sample.wording.term(strength.term)
    if strength.effective is not None:
        return (
            f"Instruments of {term} may be weak: effective F {strength.effective.statistic:.1f}, "
            f"under {strength.effective.threshold:.1f}, from which a bias of over 10 % of the "
            "worst case is ruled out (Montiel Olea and Pflueger 2013). Report the Anderson-Rubin "
            "confidence set."
        )
    statistic = 0.0 if strength.conditional_f is None else strength.conditional_f.statistic
    return (
        f"Instruments of {term} may be weak: F {statistic:.1f} given the other endogenous terms "
        f"(Sanderson and Windmeijer 2016), under {RULE_OF_THUMB:g}."
    )


def _stock_yogo(measures: dict[str, float], equation: Instrumented) -> tuple[str, ...]:
    """The reference of Stock and Yogo, which holds without heteroskedasticity only."""
    count = equation.excluded
    if len(equation.endogenous) > 1 or "first_stage_f" not in measures or count > len(SIZE_10):
        return ()
    reference = f"{SIZE_10[count - 1]:.2f} for a test of at most 10 % size"
    if count >= 3:
        reference += f", {BIAS_10[count - 3]:.2f} for a bias of at most 10 % of least squares"
    return (
        f"First-stage F {measures['first_stage_f']:.2f}; Stock and Yogo (2005) ask, if errors are "
        f"homoskedastic, {reference}.",
    )
