"""Latent class analysis of categorical answers under a sampling design."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.estimation.design import Rows, SurveyDesign
from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.sample import as_domain
from analysis.profiles.class_covariance import at_boundary, uncertainty
from analysis.profiles.described import NOT_A_VERDICT, share_intervals
from analysis.profiles.fit_of_classes import ClassFit, class_fit
from analysis.profiles.identification import refuse_unidentified
from analysis.profiles.mixture import (
    Classes,
    from_many_starts,
    log_densities,
    posteriors,
)
from analysis.profiles.refinement import Maximum, refined
from analysis.profiles.responses import Patterns, Responses, patterns
from analysis.refusals import Refusal

ClassCovariance = Literal["design", "replicate", "model", "empirical"]
STARTS = 50
# Log-likelihoods this near are one maximum.
SAME_MAXIMUM = 0.01
FEW_AT_BEST = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class LatentClasses:
    """K profiles of answers, with their uncertainty.

    Attributes
    ----------
    items : names of the J items
    levels : categories of each item
    estimates : shares of the K classes, then the probability of each level of each item within
        each class, with their joint covariance; terms such as ``class 1`` and
        ``item=level | class 1``. NaN where a probability is at the boundary.
    intervals : (k, 2) of the estimates, from their logits
    level : of the intervals
    covariance_type : ``design``, ``replicate``, ``model`` or ``empirical``
    membership : (n, K) chance that a firm belongs to each class given its answers; NaN for
        firms that take no part
    fit : log-likelihood, criteria and how sharp the classes are
    starts, starts_at_best : starts tried, and those that led to the same maximum
    boundary : terms that are 0 or 1 because the likelihood has no maximum within
    notes : sentences to be shown with any of it
    """

    items: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    estimates: Estimates
    intervals: Floats
    level: float
    covariance_type: ClassCovariance
    membership: Floats
    fit: ClassFit
    starts: int
    starts_at_best: int
    boundary: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def classes(self) -> int:
        return int(self.membership.shape[1])

    @property
    def sizes(self) -> Floats:
        """(K,) shares of the population, largest first."""
        return self.estimates.coefficients[: self.classes]

    def probabilities(self, item: str) -> Floats:
        """(K, levels) chance of each answer to the item within each class."""
        place = self.items.index(item)
        before = sum(len(levels) for levels in self.levels[:place])
        answers = self.estimates.coefficients[self.classes :].reshape(self.classes, -1)
        return answers[:, before : before + len(self.levels[place])]


def latent_classes(
    given: Responses,
    *,
    classes: int,
    design: SurveyDesign,
    domain: Rows | None = None,
    covariance: ClassCovariance = "design",
    starts: int = STARTS,
    seed: int = 1,
    level: float = 0.95,
) -> LatentClasses:
    """Latent classes of n firms by weighted maximum likelihood.

    Answers are independent within a class (Lazarsfeld & Henry 1968; Goodman 1974); what is
    missing is missing at random and adds nothing. Estimates maximise the pseudo-likelihood
    (Skinner 1989): the log probabilities of the answers, summed with the weights. Classes come
    largest first.

    `covariance`: ``design`` is the linearised sandwich under strata, clusters and weights;
    ``replicate`` fits anew under the design's replicate weights; ``model`` the inverse of the
    observed information and ``empirical`` that of the scores' products (as poLCA), both only
    without weights.

    Raises
    ------
    Refusal
        ``too_many_parameters``, ``not_identified``, ``no_rows``, ``too_few_firms``,
        ``flat_likelihood``, ``class_vanished``, ``weights_in_model_covariance``,
        ``no_replicates`` and those of the variance.
    """
    rows = np.ones(len(design.weight), dtype=bool) if domain is None else as_domain(domain)
    if len(given.codes) != len(rows):
        raise ValueError("The answers and the design differ in length.")
    refuse_unidentified(given, classes)
    found, scale = scaled_patterns(given, design.weight, rows)
    takes_part = found.of_firm >= 0
    _refuse_few(int(takes_part.sum()), given.parameters(classes))
    maximum, reached = maximum_of(found, given, classes, starts, seed)
    uncertain = uncertainty(maximum, found, given, design, scale, covariance)
    estimates = Estimates(
        _terms(given, classes), _together(maximum.classes), uncertain.covariance, uncertain.df
    )
    at_best = int((reached >= reached.max() - SAME_MAXIMUM).sum())
    boundary = _at_boundary(estimates.terms, maximum)
    return LatentClasses(
        items=given.names,
        levels=given.levels,
        estimates=estimates,
        intervals=share_intervals(
            estimates.coefficients, estimates.std_errors, uncertain.df, level
        ),
        level=level,
        covariance_type=covariance,
        membership=_membership(maximum.classes, found),
        fit=class_fit(maximum.classes, found, given, is_weighted=design.is_weighted),
        starts=starts,
        starts_at_best=at_best,
        boundary=boundary,
        notes=(
            NOT_A_VERDICT,
            *_told(starts, at_best, boundary, rows, takes_part, given),
            *uncertain.notes,
        ),
    )


def scaled_patterns(given: Responses, weight: Floats, rows: Rows) -> tuple[Patterns, float]:
    """Patterns under weights of mean one among the firms that take part, and the factor."""
    found = patterns(given, weight, rows)
    scale = float((found.of_firm >= 0).sum() / found.weight.sum())
    return Patterns(found.chosen, found.answered, found.weight * scale, found.of_firm), scale


def maximum_of(
    found: Patterns, given: Responses, classes: int, starts: int, seed: int
) -> tuple[Maximum, Floats]:
    """The highest maximum from many starts, largest class first; (starts,) log-likelihoods."""
    best, reached = from_many_starts(found, given, classes, starts, seed)
    maximum = refined(best.ordered(), found, given)
    if not maximum.is_reached:
        raise Refusal(
            "flat_likelihood",
            f"The likelihood of {classes} classes has no peak: different profiles fit these "
            "answers equally well.",
            "Ask for fewer classes, or name more items.",
        )
    if maximum.classes.share.min() * found.weight.sum() < 1:
        raise Refusal(
            "class_vanished",
            f"One of {classes} classes holds less than one firm.",
            "Ask for fewer classes.",
        )
    return maximum, reached


def _refuse_few(firms: int, parameters: int) -> None:
    if firms <= parameters:
        raise Refusal(
            "too_few_firms",
            f"{firms} firms answered, but there are {parameters} parameters.",
            "Ask for fewer classes, or name fewer items.",
        )


def _together(classes: Classes) -> Floats:
    return np.concatenate([classes.share, classes.answer.ravel()])


def _terms(given: Responses, classes: int) -> tuple[str, ...]:
    names = [f"class {k}" for k in range(1, classes + 1)]
    answers = [
        f"{item}={level}"
        for item, levels in zip(given.names, given.levels, strict=True)
        for level in levels
    ]
    return (*names, *(f"{answer} | {name}" for name in names for answer in answers))


def _at_boundary(terms: tuple[str, ...], maximum: Maximum) -> tuple[str, ...]:
    stuck = at_boundary(maximum)
    return tuple(term for term, is_stuck in zip(terms, stuck, strict=True) if is_stuck)


def _membership(classes: Classes, found: Patterns) -> Floats:
    chance, _ = posteriors(log_densities(classes.share, classes.answer, found.chosen))
    membership = np.full((len(found.of_firm), len(classes.share)), np.nan)
    takes_part = found.of_firm >= 0
    membership[takes_part] = chance[found.of_firm[takes_part]]
    return membership


def _told(
    starts: int,
    at_best: int,
    boundary: tuple[str, ...],
    rows: Rows,
    takes_part: Rows,
    given: Responses,
) -> list[str]:
    notes = [f"{at_best} of {starts} starts led to the same maximum."]
    if at_best < max(2, FEW_AT_BEST * starts):
        notes.append("So few agree that a higher maximum may have been missed: try more starts.")
    if boundary:
        notes.append(
            f"At the boundary of 0 or 1, and without a standard error: {', '.join(boundary)}."
        )
    silent = int((rows & ~takes_part).sum())
    if silent:
        notes.append(f"{silent} firms answered none of the items and are left out.")
    partly = int((takes_part & (given.codes < 0).any(axis=1)).sum())
    if partly:
        notes.append(
            f"{partly} firms answered some of the items; what they left blank is taken as missing "
            "at random."
        )
    return notes
