"""A survey as planned and the world as assumed, by stratum."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.estimation.estimates import Floats
from analysis.refusals import Refusal

Integers = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """A survey as planned, and the world as assumed, by stratum.

    Attributes
    ----------
    population, drawn : (H,) integers
        N_h and n_h.
    outcome_rate : (H,) floats
        Share of the firms with the outcome.
    exposure_share : (H,) floats
        Share of the firms with distant partners.
    response_rate : (H,) floats
        Chance that a firm drawn answers, whatever its outcome.
    odds_ratio : float
        Of the outcome, with against without distant partners, within strata.
    level : float
        Of the two-sided test.
    is_finite : bool
        Whether the test is of this population only, with finite population corrections; firms
        beyond it are meant otherwise.

    Raises
    ------
    Refusal
        ``study_without_sample``, ``study_impossible``.
    """

    population: Integers
    drawn: Integers
    outcome_rate: Floats
    exposure_share: Floats
    response_rate: Floats
    odds_ratio: float
    level: float = 0.05
    is_finite: bool = False

    def __post_init__(self) -> None:
        if not (self.drawn > 0).any():
            raise Refusal("study_without_sample", "The allocation draws no firm.", "Draw some.")
        problems = _problems(self)
        if problems:
            raise Refusal(
                "study_impossible", f"The study cannot be: {'; '.join(problems)}.", "Correct these."
            )


def study(
    *,
    population: npt.ArrayLike,
    drawn: npt.ArrayLike,
    outcome_rate: npt.ArrayLike,
    exposure_share: npt.ArrayLike,
    odds_ratio: float,
    response_rate: npt.ArrayLike = 1.0,
    level: float = 0.05,
    is_finite: bool = False,
) -> Study:
    """A Study, in which one number may stand for all strata."""
    size = np.asarray(population, dtype=np.intp)
    return Study(
        population=size,
        drawn=np.asarray(drawn, dtype=np.intp),
        outcome_rate=np.broadcast_to(np.asarray(outcome_rate, dtype=float), size.shape),
        exposure_share=np.broadcast_to(np.asarray(exposure_share, dtype=float), size.shape),
        response_rate=np.broadcast_to(np.asarray(response_rate, dtype=float), size.shape),
        odds_ratio=float(odds_ratio),
        level=level,
        is_finite=is_finite,
    )


def effective_size(plan: Study) -> float:
    """Kish's effective number of the expected respondents, of weights N_h / r_h (Kish 1965)."""
    answering = plan.drawn * plan.response_rate
    taken = answering > 0
    size = plan.population[taken].astype(float)
    return float(size.sum() ** 2 / (size**2 / answering[taken]).sum())


def base_odds(plan: Study) -> Floats:
    """(H,) odds without distant partners, such that the stratum has its outcome rate.

    The positive root o of (1 - s) o / (1 + o) + s o r / (1 + o r) = p, with s the share exposed
    and r the odds ratio.
    """
    p, s, r = plan.outcome_rate, plan.exposure_share, plan.odds_ratio
    a = r * (1 - p)
    b = (1 - s) + s * r - p * (1 + r)
    # a o² + b o - p = 0; this form of the root loses no digits.
    root = np.sqrt(b**2 + 4 * a * p)
    odds: Floats = np.where(b > 0, 2 * p / (b + root), (root - b) / (2 * a))
    return odds


def _problems(plan: Study) -> list[str]:
    rates = (plan.outcome_rate, plan.exposure_share, plan.response_rate)
    lengths = {len(each) for each in (plan.population, plan.drawn, *rates)}
    if len(lengths) > 1:
        return ["population, allocation and rates are of different strata"]
    found = {
        "more firms are drawn than there are": (plan.drawn > plan.population).any(),
        "fewer than no firms are drawn": (plan.drawn < 0).any(),
        "outcome rates must lie between 0 and 1": not _is_within(plan.outcome_rate),
        "shares with distant partners must lie between 0 and 1": not _is_within(
            plan.exposure_share
        ),
        "response rates must be above 0 and at most 1": not (
            (plan.response_rate > 0) & (plan.response_rate <= 1)
        ).all(),
        "the odds ratio must be positive": not plan.odds_ratio > 0,
        "the level must lie between 0 and 1": not 0 < plan.level < 1,
    }
    return [words for words, is_so in found.items() if is_so]


def _is_within(share: Floats) -> bool:
    return bool(((share > 0) & (share < 1)).all())
