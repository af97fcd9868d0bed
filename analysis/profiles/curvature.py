"""Scores and observed information of latent classes, in logits of what is not at a boundary."""

from dataclasses import dataclass

import numpy as np

from analysis.estimation.estimates import Floats
from analysis.profiles.mixture import Classes, log_densities, posteriors
from analysis.profiles.responses import Codes, Patterns, Responses


@dataclass(frozen=True, slots=True, eq=False)
class Free:
    """Which of the parameters move.

    Logits are against the likeliest class, and within a class and item against its likeliest
    level; both stay put. Levels that are never given in a class, and those always given, do
    not move either.

    Attributes
    ----------
    classes : positions of the K - 1 shares that move
    of_class, level : class and level of each probability that moves
    """

    classes: Codes
    of_class: Codes
    level: Codes

    @property
    def count(self) -> int:
        return len(self.classes) + len(self.level)


def free_parameters(classes: Classes, given: Responses, at_nought: np.ndarray) -> Free:
    """The parameters that move when those of `at_nought`, (K, L) booleans, are held at 0."""
    moves = ~at_nought
    for start, end in zip(given.starts[:-1], given.starts[1:], strict=True):
        likeliest = start + np.argmax(classes.answer[:, start:end], axis=1)
        moves[np.arange(len(moves)), likeliest] = False
    of_class, level = np.nonzero(moves)
    others = np.delete(np.arange(len(classes.share)), np.argmax(classes.share))
    return Free(others, of_class, level)


def scores_and_information(
    classes: Classes, found: Patterns, given: Responses, free: Free
) -> tuple[Floats, Floats]:
    """(P, D) derivatives of the log probability of each pattern; (D, D) observed information.

    The information is that of the complete data less that of what is missing (Louis 1982,
    equation 3.2'), summed with the weights of the patterns.
    """
    chance, _ = posteriors(log_densities(classes.share, classes.answer, found.chosen))
    scores = np.zeros((len(found.weight), free.count))
    information = _of_complete_data(classes, found, given, free, chance)
    for k in range(len(classes.share)):
        complete = _complete_scores(classes, found, free, k)
        scores += chance[:, [k]] * complete
        information -= complete.T @ ((found.weight * chance[:, k])[:, None] * complete)
    information += scores.T @ (found.weight[:, None] * scores)
    return scores, information


def _complete_scores(classes: Classes, found: Patterns, free: Free, k: int) -> Floats:
    """(P, D) scores of each pattern if its class were known to be k."""
    shares = (free.classes == k) - classes.share[free.classes]
    residual = found.chosen - found.answered * classes.answer[k]
    answers = np.where(free.of_class == k, residual[:, free.level], 0.0)
    return np.column_stack([np.broadcast_to(shares, (len(residual), len(shares))), answers])


def _of_complete_data(
    classes: Classes, found: Patterns, given: Responses, free: Free, chance: Floats
) -> Floats:
    information = np.zeros((free.count, free.count))
    share, lead = classes.share[free.classes], len(free.classes)
    information[:lead, :lead] = found.weight.sum() * (np.diag(share) - np.outer(share, share))
    asked = (found.weight[:, None] * chance).T @ found.answered
    probability = classes.answer[free.of_class, free.level]
    together = (free.of_class[:, None] == free.of_class) & (
        given.item_of_level[free.level][:, None] == given.item_of_level[free.level]
    )
    spread = np.diag(probability) - np.outer(probability, probability) * together
    information[lead:, lead:] = asked[free.of_class, free.level][:, None] * spread
    return information


def moved(classes: Classes, given: Responses, free: Free, step: Floats) -> Classes:
    """The classes after a step in the logits."""
    share, lead = classes.share.copy(), len(free.classes)
    share[free.classes] *= np.exp(step[:lead])
    answer = classes.answer.copy()
    answer[free.of_class, free.level] *= np.exp(step[lead:])
    totals = np.add.reduceat(answer, given.starts[:-1], axis=1)
    return Classes(share / share.sum(), answer / totals[:, given.item_of_level])


def jacobian(classes: Classes, given: Responses, free: Free) -> Floats:
    """(K + K L, D) derivatives of shares and probabilities by the logits that move."""
    count, levels = classes.answer.shape
    result = np.zeros((count + count * levels, free.count))
    share, lead = classes.share, len(free.classes)
    result[:count, :lead] = (np.eye(count)[:, free.classes] - share[free.classes]) * share[:, None]
    for column, (k, level) in enumerate(zip(free.of_class, free.level, strict=True), start=lead):
        item = given.item_of_level[level]
        start, end = given.starts[item], given.starts[item + 1]
        own = classes.answer[k, start:end]
        change = -own * classes.answer[k, level]
        change[level - start] += classes.answer[k, level]
        result[count + k * levels + start : count + k * levels + end, column] = change
    return result
