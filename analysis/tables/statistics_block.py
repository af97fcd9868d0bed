"""The lines under the estimates: n, population, design, fit, estimator."""

from collections.abc import Callable, Sequence

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
    "r_squared": "R²",
    "adjusted_r_squared": "Adjusted R²",
}

Number = Callable[[Fit], float | None]


def _count(value: float | None) -> Cell:
    return Cell(numerals.whole(value), value)


def _decimals(value: float | None, decimals: int) -> Cell:
    return Cell(numerals.DASH if value is None else numerals.fixed(value, decimals), value)


def _numbers(label: str, fits: Sequence[Fit], number: Number, decimals: int = 0) -> list[Row]:
    """One line of numbers; no line where no model has the number."""
    values = [number(fit) for fit in fits]
    if all(value is None for value in values):
        return []
    cells = tuple(_decimals(v, decimals) if decimals else _count(v) for v in values)
    return [Row(label, cells, "statistic")]


def _words(label: str, texts: Sequence[str]) -> Row:
    return Row(label, tuple(Cell(text) for text in texts), "statistic")


def _finite_df(fit: Fit) -> float | None:
    """Degrees of freedom of the t distribution; None for the normal."""
    df = fit.estimates.residual_df
    return None if df == float("inf") else df


def estimator_in_words(fit: Fit) -> str:
    return ESTIMATOR_IN_WORDS.get(fit.estimator, fit.estimator)


def statistics_block(fits: Sequence[Fit]) -> tuple[Row, ...]:
    """Lines for those statistics that at least one of the models has."""
    rows = [
        *_numbers("Firms (n)", fits, lambda fit: fit.n),
        *_numbers("Firms in the population", fits, lambda fit: fit.population),
        *_numbers("Strata", fits, lambda fit: fit.n_strata),
        *_numbers("Clusters", fits, lambda fit: fit.n_clusters),
        *_numbers("Degrees of freedom", fits, _finite_df),
    ]
    for name in dict.fromkeys(name for fit in fits for name in fit.fit_measures):
        label = FIT_MEASURE_IN_WORDS.get(name, name.replace("_", " ").capitalize())
        rows += _numbers(label, fits, lambda fit, name=name: fit.fit_measures.get(name), 3)
    rows += _numbers("Log-likelihood", fits, lambda fit: fit.log_likelihood, 1)
    rows.append(_words("Estimator", [estimator_in_words(fit) for fit in fits]))
    rows.append(_words("Standard errors", [COVARIANCE_IN_WORDS[f.covariance_type] for f in fits]))
    return tuple(rows)
