"""The lines under the estimates: n, population, design, fit, estimator."""

import math
from collections.abc import Sequence

from analysis.estimation.estimates import Covariance, Fit
from analysis.estimation.registry import ESTIMATORS
from analysis.tables import numerals
from analysis.tables.table import Cell, Row

COVARIANCE_IN_WORDS: dict[Covariance, str] = {
    "model": "Model-based",
    "HC0": "Robust (HC0)",
    "HC1": "Robust (HC1)",
    "HC2": "Robust (HC2)",
    "HC3": "Robust (HC3)",
    "cluster": "Clustered",
    "design": "Design-based",
    "replicate": "Replicated",
}
FIT_MEASURE_IN_WORDS = {
    "mcfadden_r_squared": "McFadden R²",
    "weighted_pseudo_r_squared": "McFadden R², weighted",
    "share_correctly_predicted": "Predicted correctly",
    "weighted_share_correctly_predicted": "Predicted correctly, weighted",
    "r_squared": "R²",
    "weighted_r_squared": "R², weighted",
    "adjusted_r_squared": "Adjusted R²",
    "weighted_adjusted_r_squared": "Adjusted R², weighted",
    "residual_std_error": "Residual standard error",
    "weighted_residual_std_error": "Residual standard error, weighted",
    "aic": "AIC",
    "bic": "BIC",
    "squared_correlation": "Squared correlation with the expected outcome",
    "within_r_squared": "R² within firms",
    "between_r_squared": "R² between firms",
    "overall_r_squared": "R² overall",
    "r_squared_of_changes": "R² of changes",
    "other_r_squared": "R² of the second process",
    "residual_correlation": "Correlation of the residuals",
    "mills_r_squared": "R² of the inverse Mills ratio",
    "marginal_r_squared": "R² of the terms",
    "conditional_r_squared": "R² of the terms and regions",
    "penalised_log_likelihood": "Penalised log-likelihood",
    "restricted_log_likelihood": "Restricted log-likelihood",
    "n_at_lower_limit": "Firms at the lower limit",
    "n_at_upper_limit": "Firms at the upper limit",
    "n_exact": "Firms known exactly",
    "n_between_limits": "Firms between two limits",
    "n_with_one_limit": "Firms with one limit",
    "rd_performers": "Firms that do R&D",
    "share_of_rd_performers": "Share that does R&D",
    "first_stage_partial_r_squared": "Partial R² of the first stage",
    "first_stage_f": "F of the first stage",
    "first_stage_robust_f": "F of the first stage, robust",
    "effective_first_stage_f": "F of the first stage, effective",
    "cragg_donald_f": "Cragg-Donald F",
    "endogeneity_f": "F of endogeneity",
    "endogeneity_p_value": "p of endogeneity",
    "robust_endogeneity_f": "F of endogeneity, robust",
    "robust_endogeneity_wald": "Wald test of endogeneity, robust",
    "robust_endogeneity_p_value": "p of endogeneity, robust",
    "regions_p_value": "p of no variance over regions",
}
"""Measures that stand under other names with weights too are found without `weighted_`."""
_WEIGHTED = "weighted_"
_OF_LIKELIHOOD = ("aic", "bic", "penalised_log_likelihood", "restricted_log_likelihood")
_COUNTS = (
    "n_at_lower_limit",
    "n_at_upper_limit",
    "n_exact",
    "n_between_limits",
    "n_with_one_limit",
    "rd_performers",
    "regions",
    "instruments",
)


def _cell(value: float | None, decimals: int) -> Cell:
    if value is None or not math.isfinite(value):
        return Cell(numerals.DASH)
    return Cell(numerals.fixed(value, decimals), value)


def _numbers(label: str, values: Sequence[float | None], decimals: int = 0) -> list[Row]:
    """One line of numbers; no line where no model has the number."""
    if all(value is None for value in values):
        return []
    return [Row(label, tuple(_cell(value, decimals) for value in values), "statistic")]


def _words(label: str, texts: Sequence[str]) -> Row:
    return Row(label, tuple(Cell(text) for text in texts), "statistic")


def _finite_df(fit: Fit) -> float | None:
    """Degrees of freedom of the t distribution; None for the normal."""
    df = fit.estimates.residual_df
    return None if df == float("inf") else df


def clusters_of(fit: Fit) -> int | None:
    """The number of clusters; None where every firm is its own."""
    return None if fit.n_clusters == fit.n else fit.n_clusters


def estimator_in_words(fit: Fit) -> str:
    return ESTIMATORS[fit.estimator].title if fit.estimator in ESTIMATORS else fit.estimator


def is_of_waves(fit: Fit) -> bool:
    """Whether each row of the data is one firm in one wave."""
    return fit.units is not None or (
        fit.estimator in ESTIMATORS
        and any(role.name == "unit" for role in ESTIMATORS[fit.estimator].roles)
    )


def _rows_of_data(fits: Sequence[Fit]) -> list[Row]:
    """How many firms, or firm-waves, the estimates rest on and stand for."""
    rows: list[Row] = []
    for what, of_waves in (("Firms", False), ("Firm-waves", True)):
        is_so = [is_of_waves(fit) == of_waves for fit in fits]
        for label, numbers in (
            (f"{what} (n)", [fit.n for fit in fits]),
            (f"{what} in the population", [fit.population for fit in fits]),
        ):
            chosen = [number if so else None for number, so in zip(numbers, is_so, strict=True)]
            rows += _numbers(label, chosen)
    return rows + _numbers("Firms", [fit.units for fit in fits])


def fit_measure_in_words(name: str) -> str:
    """The label of a measure of fit; one of the weighted kind says so."""
    if name in FIT_MEASURE_IN_WORDS:
        return FIT_MEASURE_IN_WORDS[name]
    plain = name.removeprefix(_WEIGHTED)
    measure, mark, of = plain.partition("|")
    words = FIT_MEASURE_IN_WORDS.get(measure, measure.replace("_", " ").capitalize())
    words += f": {of}" if mark else ""
    return f"{words}, weighted" if plain != name else words


def _decimals_of(name: str) -> int:
    if name in _COUNTS:
        return 0
    return 1 if name.removeprefix(_WEIGHTED) in _OF_LIKELIHOOD else 3


def statistics_block(fits: Sequence[Fit]) -> tuple[Row, ...]:
    """Lines for those statistics that at least one of the models has."""
    rows = [
        *_rows_of_data(fits),
        *_numbers("Strata", [fit.n_strata for fit in fits]),
        *_numbers("Clusters", [clusters_of(fit) for fit in fits]),
        *_numbers("Degrees of freedom", [_finite_df(fit) for fit in fits]),
    ]
    for name in dict.fromkeys(name for fit in fits for name in fit.fit_measures):
        values = [fit.fit_measures.get(name) for fit in fits]
        rows += _numbers(fit_measure_in_words(name), values, _decimals_of(name))
    rows += _numbers("Log-likelihood", [fit.log_likelihood for fit in fits], decimals=1)
    rows.append(_words("Estimator", [estimator_in_words(fit) for fit in fits]))
    rows.append(_words("Standard errors", [COVARIANCE_IN_WORDS[f.covariance_type] for f in fits]))
    return tuple(rows)
