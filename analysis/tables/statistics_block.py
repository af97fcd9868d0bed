"""The lines under the estimates: n, population, design, fit, estimator."""

from collections.abc import Sequence

from analysis.estimation.estimates import Covariance, Fit
from analysis.tables import numerals
from analysis.tables.table import Cell, Row

COVARIANCE_IN_WORDS: dict[Covariance, str] = {
    "model": "Model-based",
    "HC1": "Robust (HC1)",
    "cluster": "Clustered",
    "design": "Design-based",
}
ESTIMATOR_IN_WORDS = {"linear": "Linear", "logit": "Logit", "probit": "Probit"}
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
}
_OF_LIKELIHOOD = ("aic", "bic")


def _cell(value: float | None, decimals: int) -> Cell:
    return Cell(numerals.DASH if value is None else numerals.fixed(value, decimals), value)


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
    return ESTIMATOR_IN_WORDS.get(fit.estimator, fit.estimator)


def statistics_block(fits: Sequence[Fit]) -> tuple[Row, ...]:
    """Lines for those statistics that at least one of the models has."""
    rows = [
        *_numbers("Firms (n)", [fit.n for fit in fits]),
        *_numbers("Firms in the population", [fit.population for fit in fits]),
        *_numbers("Strata", [fit.n_strata for fit in fits]),
        *_numbers("Clusters", [clusters_of(fit) for fit in fits]),
        *_numbers("Degrees of freedom", [_finite_df(fit) for fit in fits]),
    ]
    for name in dict.fromkeys(name for fit in fits for name in fit.fit_measures):
        label = FIT_MEASURE_IN_WORDS.get(name, name.replace("_", " ").capitalize())
        decimals = 1 if name in _OF_LIKELIHOOD else 3
        rows += _numbers(label, [fit.fit_measures.get(name) for fit in fits], decimals)
    rows += _numbers("Log-likelihood", [fit.log_likelihood for fit in fits], decimals=1)
    rows.append(_words("Estimator", [estimator_in_words(fit) for fit in fits]))
    rows.append(_words("Standard errors", [COVARIANCE_IN_WORDS[f.covariance_type] for f in fits]))
    return tuple(rows)
