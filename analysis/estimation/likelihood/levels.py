"""Outcomes of a few levels, each a number."""

from dataclasses import dataclass, replace

import numpy as np

from analysis.estimation.estimates import Floats
from analysis.estimation.fit_measures import likelihood_measures
from analysis.estimation.labels import Codes, named
from analysis.estimation.parts import Role
from analysis.estimation.sample import Sample
from analysis.estimation.solution import Solution
from analysis.refusals import Refusal

# Each level but one is a linear predictor or a threshold of its own.
MOST_LEVELS = 20
LEVELS = Role(
    "levels",
    "word",
    "All levels the outcome can have, as in 0, 1, 2, 3: one that no firm has is then refused "
    "by name.",
    is_needed=False,
)


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """The L levels of an outcome, in increasing order, and the firms' place among them.

    Attributes
    ----------
    values : (L,) floats
    codes : (m,) integers from 0 to L - 1
    share : (L,) floats, weighted shares of the firms
    """

    values: Floats
    codes: Codes
    share: Floats

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(level_name(value) for value in self.values)

    @property
    def count(self) -> int:
        return len(self.values)


def levels_of(sample: Sample) -> Levels:
    """The levels that the firms of the sample have.

    Raises: Refusal ``too_many_levels``; ``empty_level`` for one that was declared or that only
    firms of weight zero have, as may happen in a replicate; ``level_unknown`` for a number that
    the declaration leaves out.
    """
    values, codes = np.unique(sample.y, return_inverse=True)
    if len(values) > MOST_LEVELS:
        raise Refusal(
            "too_many_levels",
            f"{sample.wording.outcome} has {len(values)} different values; a model of its levels "
            f"takes at most {MOST_LEVELS}.",
            "Join levels, or use the linear estimator for a quantity.",
        )
    _check_declared(sample, values)
    share = np.bincount(codes, sample.weight, len(values)) / sample.weight.sum()
    _refuse_empty([level_name(value) for value in values[share == 0]], sample)
    return Levels(values, codes, share)


def level_name(value: float) -> str:
    """The level as a person would write it: 2, not 2.0."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def skipped_levels(sample: Sample, levels: Levels) -> tuple[str, ...]:
    """A note that whole numbers between the lowest and the highest level were not seen."""
    if sample.words.get("levels") or not all(float(value).is_integer() for value in levels.values):
        return ()
    lowest, highest = int(levels.values[0]), int(levels.values[-1])
    if highest - lowest > MOST_LEVELS:
        return ()
    seen = set(levels.values)
    missed = [str(value) for value in range(lowest, highest + 1) if value not in seen]
    if not missed:
        return ()
    return (f"No firm of the model has the level {named(missed)} of {sample.wording.outcome}.",)


def level_likelihood(sample: Sample, levels: Levels) -> float:
    """Log-likelihood of the model of intercepts or thresholds alone: the shares as they are."""
    return float(sample.weight.sum() * (levels.share @ np.log(levels.share)))


def measured(solution: Solution, height: float, sample: Sample, levels: Levels) -> Solution:
    """The solution, of log-likelihood `height`, with what a table says of its fit.

    Beside the measures of every likelihood the share of firms whose likeliest level is the
    one they have.
    """
    eta = solution.linear_predictors
    probabilities = np.array(
        [solution.predictions[f"probability[{name}]"].curve(eta).value for name in levels.names]
    )
    correct = probabilities.argmax(axis=0) == levels.codes
    lead = "weighted_" if sample.is_weighted else ""
    null = level_likelihood(sample, levels)
    measures = {
        **likelihood_measures(sample, height, null, len(solution.coefficients)),
        f"{lead}share_correctly_predicted": float(np.average(correct, weights=sample.weight)),
    }
    return replace(solution, fit_measures=measures)


def declared_number(text: str, sample: Sample) -> float:
    """A level as written in a plan.

    Raises: Refusal ``level_unknown``.
    """
    try:
        return float(text)
    except ValueError:
        raise Refusal(
            "level_unknown",
            f"'{text}' was given as a level of {sample.wording.outcome}, whose levels are numbers.",
            "Write the level as its number.",
        ) from None


def _check_declared(sample: Sample, values: Floats) -> None:
    if not sample.words.get("levels"):
        return
    declared = [declared_number(part.strip(), sample) for part in sample.words["levels"].split(",")]
    strangers = [level_name(value) for value in values if value not in declared]
    if strangers:
        raise Refusal(
            "level_unknown",
            f"{sample.wording.outcome} has values that are not among its levels "
            f"{named(map(level_name, declared))}: {named(strangers)}.",
            "Correct the data or the list of levels.",
        )
    _refuse_empty([level_name(value) for value in declared if value not in values], sample)


def _refuse_empty(names: list[str], sample: Sample) -> None:
    if names:
        raise Refusal(
            "empty_level",
            f"No firm of the model with a positive weight has the level {named(names)} of "
            f"{sample.wording.outcome}, so nothing can be said of it.",
            "Join the level with another, leave it out of the list of levels, or widen the "
            "subpopulation.",
        )
