"""Whether the answers can tell the parameters of latent classes apart at all."""

import numpy as np

from analysis.estimation.estimates import Floats
from analysis.profiles.curvature import free_parameters, scores_and_information
from analysis.profiles.mixture import Classes, log_densities, posteriors, within_items
from analysis.profiles.responses import Patterns, Responses
from analysis.refusals import Refusal

# Complete patterns that the rank is judged on; more are drawn at random from all.
MOST_PATTERNS = 4096
RANK_TOLERANCE = 1e-8


def refuse_unidentified(given: Responses, classes: int) -> None:
    """Refuse more parameters than the table of answers has cells, or than it can tell apart.

    The model is locally identified if the probabilities of the patterns have a Jacobian of
    full rank (Goodman 1974, section 5). It is judged at a point drawn at random, where the
    rank is the highest there is.

    Raises: Refusal ``too_many_parameters``, ``not_identified``.
    """
    parameters, cells = given.parameters(classes), given.possible_patterns - 1
    if parameters > cells:
        raise Refusal(
            "too_many_parameters",
            f"{classes} classes of {len(given.names)} items have {parameters} parameters, but the "
            f"answers have only {cells} independent frequencies: {cells - parameters} degrees of "
            "freedom.",
            "Ask for fewer classes, or name more items.",
        )
    rank = rank_of_jacobian(given, classes)
    if rank < parameters:
        raise Refusal(
            "not_identified",
            f"{classes} classes have {parameters} parameters, of which answers to these items can "
            f"tell only {rank} apart: many different profiles would fit equally well.",
            "Ask for fewer classes, or name more items.",
        )


def rank_of_jacobian(given: Responses, classes: int) -> int:
    """Rank of the derivatives of the patterns' probabilities by the parameters."""
    generator = np.random.default_rng(20)
    point = Classes(
        generator.dirichlet(np.full(classes, 20.0)),
        within_items(generator.uniform(0.2, 1.0, (classes, given.starts[-1])), given),
    )
    table = _complete_patterns(given, generator)
    free = free_parameters(point, given, np.zeros(point.answer.shape, dtype=bool))
    scores, _ = scores_and_information(point, table, given, free)
    _, log_probability = posteriors(log_densities(point.share, point.answer, table.chosen))
    jacobian: Floats = scores * np.exp(log_probability - log_probability.max())[:, None]
    length = np.linalg.norm(jacobian, axis=0)
    values = np.linalg.svd(jacobian / np.where(length > 0, length, 1.0), compute_uv=False)
    return int(np.count_nonzero(values > RANK_TOLERANCE * values[0]))


def _complete_patterns(given: Responses, generator: np.random.Generator) -> Patterns:
    sizes = [len(levels) for levels in given.levels]
    if given.possible_patterns <= MOST_PATTERNS:
        codes = np.array(np.unravel_index(np.arange(given.possible_patterns), sizes)).T
    else:
        codes = np.column_stack([generator.integers(size, size=MOST_PATTERNS) for size in sizes])
    chosen = np.zeros((len(codes), given.starts[-1]))
    for item, start in enumerate(given.starts[:-1]):
        chosen[np.arange(len(codes)), start + codes[:, item]] = 1.0
    return Patterns(chosen, np.ones_like(chosen), np.ones(len(codes)), np.arange(len(codes)))
