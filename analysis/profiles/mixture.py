"""Latent classes by expectation and maximisation, from many starts at once."""

from dataclasses import dataclass

import numpy as np

from analysis.estimation.estimates import Floats
from analysis.profiles.responses import Codes, Patterns, Responses

# Probabilities under the logarithm; what is nought has no weight there.
LEAST = 1e-300
# Gain in log-likelihood per firm below which a start has arrived.
ARRIVED = 1e-10
MOST_STEPS = 5000


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """Parameters of K classes.

    Attributes
    ----------
    share : (K,) floats, adding up to one
    answer : (K, L) probability of each level of each item, adding up to one within an item
    """

    share: Floats
    answer: Floats

    def ordered(self) -> "Classes":
        """Largest class first: the names of classes mean nothing, their order should."""
        order = np.lexsort((*self.answer.T[::-1], -np.round(self.share, 9)))
        return Classes(self.share[order], self.answer[order])


def log_densities(share: Floats, answer: Floats, chosen: Floats) -> Floats:
    """(..., P, K) log of the share of a class times the probability of the pattern in it."""
    answers = chosen @ np.swapaxes(np.log(np.maximum(answer, LEAST)), -1, -2)
    result: Floats = answers + np.log(np.maximum(share, LEAST))[..., None, :]
    return result


def posteriors(densities: Floats) -> tuple[Floats, Floats]:
    """(..., P, K) chance of each class given the pattern, and (..., P) log of its probability."""
    top = densities.max(axis=-1, keepdims=True)
    relative = np.exp(densities - top)
    total = relative.sum(axis=-1, keepdims=True)
    return relative / total, (np.log(total) + top)[..., 0]


def log_likelihood(classes: Classes, found: Patterns) -> float:
    """Pseudo-log-likelihood: the sum over firms of weight times log probability."""
    _, log_probability = posteriors(log_densities(classes.share, classes.answer, found.chosen))
    return float(found.weight @ log_probability)


def improved(classes: Classes, found: Patterns, given: Responses, steps: int) -> Classes:
    """After so many steps of expectation and maximisation at most."""
    share, answer, _ = _climb(classes.share[None], classes.answer[None], found, given, steps)
    return Classes(share[0], answer[0])


def from_many_starts(
    found: Patterns,
    given: Responses,
    classes: int,
    starts: int,
    seed: int,
    arrived: float = ARRIVED,
) -> tuple[Classes, Floats]:
    """The best of the maxima found, and (starts,) the log-likelihood that each start reached."""
    generator = np.random.default_rng(seed)
    share = generator.dirichlet(np.full(classes, 5.0), size=starts)
    answer = within_items(generator.gamma(1.0, size=(starts, classes, given.starts[-1])), given)
    share, answer, reached = _climb(share, answer, found, given, MOST_STEPS, arrived)
    best = int(np.argmax(reached))
    return Classes(share[best], answer[best]), reached


def within_items(values: Floats, given: Responses) -> Floats:
    """(..., L) positive values as probabilities of the levels of each item."""
    totals = np.add.reduceat(values, given.starts[:-1], axis=-1)
    safe = np.where(totals > 0, totals, 1.0)
    result: Floats = values / safe[..., given.item_of_level]
    return result


def _climb(
    share: Floats,
    answer: Floats,
    found: Patterns,
    given: Responses,
    steps: int,
    arrived: float = ARRIVED,
) -> tuple[Floats, Floats, Floats]:
    """Every start until it has arrived; those that have are left in peace."""
    share, answer = share.copy(), answer.copy()
    total = found.weight.sum()
    reached = np.full(len(share), -np.inf)
    active: Codes = np.arange(len(share))
    for _ in range(steps):
        chance, log_probability = posteriors(
            log_densities(share[active], answer[active], found.chosen)
        )
        now = log_probability @ found.weight
        gained = now - reached[active]
        reached[active] = now
        going = gained > arrived * total
        active, chance = active[going], chance[going]
        if not len(active):
            break
        share[active], answer[active] = maximised(chance, answer[active], found, given)
    return share, answer, reached


def maximised(
    chance: Floats, answer: Floats, found: Patterns, given: Responses
) -> tuple[Floats, Floats]:
    """(..., K) and (..., K, L): the shares and answers that (..., P, K) chances make likeliest.

    An item that nobody of a class answered keeps what it had.
    """
    counts = np.swapaxes(chance * found.weight[:, None], -1, -2)
    share = counts.sum(axis=-1) / found.weight.sum()
    given_answers = counts @ found.chosen
    answered = (counts @ found.answered) > 0
    return share, np.where(answered, within_items(given_answers, given), answer)
