"""How many classes: models side by side, and the bootstrap likelihood-ratio test."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from analysis.estimation.design import Rows, SurveyDesign
from analysis.estimation.estimates import Floats
from analysis.estimation.sample import as_domain
from analysis.profiles.fit_of_classes import ClassFit, class_fit
from analysis.profiles.identification import refuse_unidentified
from analysis.profiles.latent_class import SAME_MAXIMUM, STARTS, maximum_of, scaled_patterns
from analysis.profiles.mixture import (
    Classes,
    from_many_starts,
    log_likelihood,
)
from analysis.profiles.responses import MISSING, Codes, Patterns, Responses
from analysis.refusals import Refusal

DRAWS = 99
# Gain per firm and step below which a draw's likelihood is near enough to its maximum.
NEAR = 1e-7


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number of classes: its fit, or why it cannot be had.

    Attributes
    ----------
    classes : int
    fit : ClassFit or None
    starts_at_best : starts that led to the highest maximum
    refusal : the reason there is no fit, or empty
    """

    classes: int
    fit: ClassFit | None
    starts_at_best: int
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class BootstrapTest:
    """Whether K classes fit better than K - 1 by more than chance.

    Attributes
    ----------
    statistic : twice the gain in log-likelihood
    p_value : share of the draws under K - 1 classes that gain as much, the sample counted in
    draws : int
    """

    statistic: float
    p_value: float
    draws: int


def side_by_side(
    given: Responses,
    numbers: Iterable[int],
    *,
    design: SurveyDesign,
    domain: Rows | None = None,
    starts: int = STARTS,
    seed: int = 1,
) -> tuple[Candidate, ...]:
    """Fit of each number of classes. What cannot be identified is told, not left out."""
    rows = np.ones(len(design.weight), dtype=bool) if domain is None else as_domain(domain)
    found, _ = scaled_patterns(given, design.weight, rows)
    return tuple(
        _candidate(given, found, number, design.is_weighted, starts, seed) for number in numbers
    )


def _candidate(
    given: Responses, found: Patterns, number: int, is_weighted: bool, starts: int, seed: int
) -> Candidate:
    try:
        refuse_unidentified(given, number)
        maximum, reached = maximum_of(found, given, number, starts, seed)
    except Refusal as refusal:
        return Candidate(number, None, 0, refusal.message)
    at_best = int((reached >= reached.max() - SAME_MAXIMUM).sum())
    fit = class_fit(maximum.classes, found, given, is_weighted=is_weighted)
    return Candidate(number, fit, at_best)


def bootstrap_test(
    given: Responses,
    *,
    classes: int,
    design: SurveyDesign,
    domain: Rows | None = None,
    draws: int = DRAWS,
    starts: int = 10,
    seed: int = 1,
) -> BootstrapTest:
    """Parametric bootstrap of the likelihood ratio of K against K - 1 classes (McLachlan 1987).

    Samples are drawn from the fitted K - 1 classes with the blanks where the firms left them.
    Raises: Refusal ``weights_in_bootstrap_test``, ``too_few_classes`` and those of a fit.
    """
    if design.is_weighted:
        raise Refusal(
            "weights_in_bootstrap_test",
            "The bootstrap test draws firms from the model, which says nothing of how a weighted "
            "sample came about.",
            "Compare the adjusted BIC and how stable and how telling the profiles are.",
        )
    if classes < 2:
        raise Refusal("too_few_classes", "One class has none before it.", "Ask for two or more.")
    rows = np.ones(len(design.weight), dtype=bool) if domain is None else as_domain(domain)
    found, _ = scaled_patterns(given, design.weight, rows)
    refuse_unidentified(given, classes)
    fewer, _ = maximum_of(found, given, classes - 1, STARTS, seed)
    more, _ = maximum_of(found, given, classes, STARTS, seed)
    statistic = 2 * (log_likelihood(more.classes, found) - log_likelihood(fewer.classes, found))
    generator = np.random.default_rng(seed)
    codes = given.codes[found.of_firm >= 0]
    drawn = [
        _gain(drawn_from(fewer.classes, codes, given, generator), given, classes, starts, seed)
        for _ in range(draws)
    ]
    as_much = int((np.array(drawn) >= statistic - 1e-9).sum())
    return BootstrapTest(statistic, (1 + as_much) / (1 + draws), draws)


def drawn_from(
    classes: Classes, codes: Codes, given: Responses, generator: np.random.Generator
) -> Patterns:
    """As many firms from these classes, with the same blanks."""
    of_class = generator.choice(len(classes.share), size=len(codes), p=classes.share)
    made = np.empty_like(codes)
    for item, (start, end) in enumerate(zip(given.starts[:-1], given.starts[1:], strict=True)):
        bounds = classes.answer[:, start:end].cumsum(axis=1)[of_class]
        made[:, item] = (generator.random(len(codes))[:, None] > bounds[:, :-1]).sum(axis=1)
    made[codes == MISSING] = MISSING
    everyone = np.ones(len(codes), dtype=bool)
    drawn = Responses(given.names, given.levels, made)
    found, _ = scaled_patterns(drawn, np.ones(len(codes)), everyone)
    return found


def _gain(found: Patterns, given: Responses, classes: int, starts: int, seed: int) -> float:
    reached: list[Floats] = [
        from_many_starts(found, given, number, starts if number > 1 else 1, seed, NEAR)[1]
        for number in (classes - 1, classes)
    ]
    return 2 * float(reached[1].max() - reached[0].max())
