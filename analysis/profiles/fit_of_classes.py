"""How well latent classes fit, and how sharply they divide the firms."""

from dataclasses import dataclass

import numpy as np

from analysis.profiles.mixture import Classes, log_densities, posteriors
from analysis.profiles.responses import Patterns, Responses


@dataclass(frozen=True, slots=True)
class ClassFit:
    """Measures of one model.

    Attributes
    ----------
    n : firms that take part
    log_likelihood : of weights of mean one; a pseudo-log-likelihood under a design
    parameters, df : free parameters, and independent frequencies less these
    aic, bic, adjusted_bic : smaller is better; under weights only a rough guide
    entropy_r_squared : 1 - sum of -p log p over n log K; 1 if every firm is certain, None for
        one class
    g_squared, pearson : against the observed frequencies; None with weights or missing answers
    smallest_share : of the classes
    is_weighted : bool
    """

    n: int
    log_likelihood: float
    parameters: int
    df: int
    aic: float
    bic: float
    adjusted_bic: float
    entropy_r_squared: float | None
    g_squared: float | None
    pearson: float | None
    smallest_share: float
    is_weighted: bool


def class_fit(
    classes: Classes, found: Patterns, given: Responses, *, is_weighted: bool
) -> ClassFit:
    """Akaike (1974); Schwarz (1978); Sclove (1987) for n + 2 over 24 in place of n."""
    chance, log_probability = posteriors(log_densities(classes.share, classes.answer, found.chosen))
    n = int((found.of_firm >= 0).sum())
    count = len(classes.share)
    log_likelihood = float(found.weight @ log_probability)
    parameters = given.parameters(count)
    plain = not is_weighted and bool(found.answered.all())
    return ClassFit(
        n=n,
        log_likelihood=log_likelihood,
        parameters=parameters,
        df=given.possible_patterns - 1 - parameters,
        aic=-2 * log_likelihood + 2 * parameters,
        bic=-2 * log_likelihood + float(np.log(n)) * parameters,
        adjusted_bic=-2 * log_likelihood + float(np.log((n + 2) / 24)) * parameters,
        entropy_r_squared=None if count == 1 else _sharpness(chance, found),
        g_squared=_g_squared(found, log_probability, n) if plain else None,
        pearson=_pearson(found, log_probability, n) if plain else None,
        smallest_share=float(classes.share.min()),
        is_weighted=is_weighted,
    )


def _sharpness(chance: np.ndarray, found: Patterns) -> float:
    """Ramaswamy et al. (1993)."""
    uncertain = -(chance * np.log(np.maximum(chance, 1e-300))).sum(axis=1)
    return float(1 - found.weight @ uncertain / (found.weight.sum() * np.log(chance.shape[1])))


def _g_squared(found: Patterns, log_probability: np.ndarray, n: int) -> float:
    return float(2 * found.weight @ (np.log(found.weight) - np.log(n) - log_probability))


def _pearson(found: Patterns, log_probability: np.ndarray, n: int) -> float:
    """Patterns that nobody has add what is expected of them."""
    expected = n * np.exp(log_probability)
    return float(((found.weight - expected) ** 2 / expected).sum() + n - expected.sum())
