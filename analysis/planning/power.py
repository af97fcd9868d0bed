"""Power of the planned logit: how likely a survey is to show an assumed odds ratio.

Firms are made by stratum: whether they have distant partners, whether they have the outcome,
whether they answer. Those who answer are analysed as the survey will be, by a logit under its
design. docs/methods/sampling-power.md has the formulas.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.estimation.design import SurveyDesign
from analysis.estimation.design_matrix import INTERCEPT, Column, DesignMatrix, Factor, design_matrix
from analysis.estimation.estimates import Floats
from analysis.estimation.regression import estimate
from analysis.planning.closed_form import closed_form_power
from analysis.planning.study import Integers, Study, base_odds, effective_size
from analysis.refusals import Refusal

EXPOSURE = "distant_partners"


@dataclass(frozen=True, slots=True)
class Tally:
    """What replications showed; tallies of different replications can be added.

    Attributes
    ----------
    replications : how many surveys were made
    rejected : in how many the odds ratio differed from 1 at the level, on the side assumed
    wrong_side : in how many it did on the other side
    failed : in how many no estimate existed, as when all firms have the outcome
    log_odds, respondents : sums over the surveys with an estimate
    """

    replications: int = 0
    rejected: int = 0
    wrong_side: int = 0
    failed: int = 0
    log_odds: float = 0.0
    respondents: float = 0.0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.replications + other.replications,
            self.rejected + other.rejected,
            self.wrong_side + other.wrong_side,
            self.failed + other.failed,
            self.log_odds + other.log_odds,
            self.respondents + other.respondents,
        )


@dataclass(frozen=True, slots=True)
class Power:
    """Power and how well it is known.

    Attributes
    ----------
    power : share of the surveys that show the odds ratio; one without an estimate shows nothing
    error : Monte Carlo standard error
    interval : 95 % interval of Wilson
    closed_form : power by the formula of Hsieh, Bloch & Larsen on the effective sample size
    effective_size : expected respondents over the design effect of weights
    respondents : on average
    odds_ratio : geometric mean of the estimates
    tally : the counts
    """

    power: float
    error: float
    interval: tuple[float, float]
    closed_form: float
    effective_size: float
    respondents: float
    odds_ratio: float
    tally: Tally


def simulate(plan: Study, *, seed: int, replications: Sequence[int] | range) -> Tally:
    """Make and analyse these replications; which they are depends on seed and number alone.

    A worker can do them in parts and add up the tallies.
    """
    result = Tally()
    base = base_odds(plan)
    for number in replications:
        random = np.random.default_rng([seed, number])
        result += _replicated(plan, base, random)
    return result


def power(plan: Study, *, seed: int, replications: int = 1000) -> Power:
    """The power of a plan from so many made surveys.

    Raises Refusal ``too_few_replications`` for fewer than 1.
    """
    if replications < 1:
        raise Refusal("too_few_replications", "No survey was to be made.", "Make 1,000.")
    return power_of(plan, simulate(plan, seed=seed, replications=range(replications)))


def power_of(plan: Study, tally: Tally) -> Power:
    """What a tally of the plan's replications says."""
    share = tally.rejected / tally.replications
    estimated = max(tally.replications - tally.failed, 1)
    effective = effective_size(plan)
    return Power(
        power=share,
        error=float(np.sqrt(share * (1 - share) / tally.replications)),
        interval=wilson_interval(tally.rejected, tally.replications),
        closed_form=closed_form(plan),
        effective_size=effective,
        respondents=tally.respondents / estimated,
        odds_ratio=float(np.exp(tally.log_odds / estimated)),
        tally=tally,
    )


def wilson_interval(successes: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Of a share (Wilson 1927, Journal of the American Statistical Association 22)."""
    z2 = float(stats.norm.ppf((1 + level) / 2)) ** 2
    share = successes / trials
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = np.sqrt(z2 * (share * (1 - share) / trials + z2 / (4 * trials**2))) / (1 + z2 / trials)
    return float(max(middle - half, 0.0)), float(min(middle + half, 1.0))


def closed_form(plan: Study) -> float:
    """Power by formula, of the rates of all firms and the effective number of respondents."""
    taken = plan.drawn * plan.response_rate > 0
    weight = plan.population[taken] / plan.population[taken].sum()
    share = plan.exposure_share[taken]
    without = (base_odds(plan) / (1 + base_odds(plan)))[taken]
    odds = base_odds(plan)[taken] * plan.odds_ratio
    exposed = float(weight @ share)
    return closed_form_power(
        size=effective_size(plan),
        exposed=exposed,
        rate_without=float((weight * (1 - share)) @ without) / (1 - exposed),
        rate_with=float((weight * share) @ (odds / (1 + odds))) / exposed,
        level=plan.level,
    )


def _replicated(plan: Study, base: Floats, random: np.random.Generator) -> Tally:
    answering = random.binomial(plan.drawn, plan.response_rate)
    stratum = np.repeat(np.arange(len(answering)), answering)
    exposed = (random.random(len(stratum)) < plan.exposure_share[stratum]).astype(float)
    odds = base[stratum] * plan.odds_ratio**exposed
    outcome = (random.random(len(stratum)) < odds / (1 + odds)).astype(float)
    # Without a respondent of either kind the regressor leaves the model.
    if len(np.unique(exposed)) < 2:
        return Tally(replications=1, failed=1)
    try:
        log_odds, p_value = _tested(plan, stratum, answering, exposed, outcome)
    except Refusal:
        return Tally(replications=1, failed=1)
    is_shown = p_value < plan.level
    # Where nothing is assumed, either side counts.
    is_right = plan.odds_ratio == 1 or (log_odds > 0) == (plan.odds_ratio > 1)
    return Tally(
        replications=1,
        rejected=int(is_shown and is_right),
        wrong_side=int(is_shown and not is_right),
        log_odds=log_odds,
        respondents=float(len(stratum)),
    )


def _tested(
    plan: Study, stratum: Integers, answering: Integers, exposed: Floats, outcome: Floats
) -> tuple[float, float]:
    """Log odds ratio of the design-based logit and its p-value."""
    size = plan.population.astype(float)
    design = SurveyDesign(
        weight=(size / np.maximum(answering, 1))[stratum],
        stratum=stratum,
        cluster=np.arange(len(stratum)),
        population=size[stratum] if plan.is_finite else None,
        # A stratum of which one firm answers tells no variance of its own.
        lonely="adjust",
    )
    model = estimate(
        y=outcome,
        X=_matrix(exposed),
        estimator="logit",
        covariance="design",
        design=design,
        domain=np.ones(len(stratum), dtype=bool),
    )
    estimates = model.estimates
    at = estimates.terms.index(EXPOSURE)
    return float(estimates.coefficients[at]), float(estimates.p_values[at])


def _matrix(exposed: Floats) -> DesignMatrix:
    columns = (Column(INTERCEPT), Column(EXPOSURE, (Factor(EXPOSURE),)))
    return design_matrix(columns, {EXPOSURE: exposed}, {EXPOSURE: "binary"})
