"""Firms by the rules of a typology, and the latent classes of the same indicators beside them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from analysis.estimation.design import Rows, SurveyDesign
from analysis.estimation.estimates import Estimates, Floats
from analysis.estimation.sample import as_domain
from analysis.estimation.variance import linearized_variance
from analysis.profiles.described import NOT_A_VERDICT, share_intervals
from analysis.profiles.latent_class import LatentClasses, latent_classes
from analysis.profiles.recipes import Condition, Indicator, Rule, Typology
from analysis.profiles.responses import Codes, responses
from analysis.refusals import Refusal

UNKNOWN = -1


@dataclass(frozen=True, slots=True, eq=False)
class RuleClasses:
    """Firms by rule.

    Attributes
    ----------
    typology : Typology
    names : of the C classes, that of firms which fulfil no rule last
    of_firm : (n,) position of the class, -1 where answers are missing that would decide
    indicators : (n,) 0, 1 or NaN by name of the indicator
    estimates, intervals : shares of the classes among the firms that are decided
    n : firms that are decided
    notes : sentences to be shown with any of it
    """

    typology: Typology
    names: tuple[str, ...]
    of_firm: Codes
    indicators: Mapping[str, Floats]
    estimates: Estimates
    intervals: Floats
    n: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SideBySide:
    """Classes by rule and by likelihood.

    Attributes
    ----------
    by_rule : RuleClasses
    latent : LatentClasses of the same indicators
    shares : (C, K) how firms of each class by rule divide among the latent classes, by their
        chances; rows add up to one, NaN for a class without firms
    """

    by_rule: RuleClasses
    latent: LatentClasses
    shares: Floats


def lacking(typology: Typology, held: Collection[str]) -> tuple[str, ...]:
    """Measures that the typology needs and that are not among the names held."""
    return tuple(name for name in typology.measures if name not in held)


def by_rule(
    typology: Typology,
    measures: Mapping[str, Floats],
    *,
    design: SurveyDesign,
    domain: Rows | None = None,
    level: float = 0.95,
) -> RuleClasses:
    """The class of each firm by the first rule it fulfils, and shares under the design.

    `measures` are (n,) columns by name. A rule that hangs on a missing answer leaves the firm
    undecided, unless the answers that are there decide.

    Raises: Refusal ``measure_lacking``, ``nobody_decided`` and those of the variance.
    """
    indicators = indicated(typology, measures, design=design, domain=domain)
    rows = np.ones(len(design.weight), dtype=bool) if domain is None else as_domain(domain)
    of_firm = classified(typology, indicators)
    of_firm[~rows | (design.weight <= 0)] = UNKNOWN
    decided = of_firm != UNKNOWN
    if not decided.any():
        raise Refusal(
            "nobody_decided",
            f"“{typology.title}”: every firm lacks an answer that its class hangs on.",
            "Choose another subpopulation or another typology.",
        )
    names = typology.names
    estimates = _shares(names, of_firm, decided, design)
    undecided = int((rows & (design.weight > 0) & ~decided).sum())
    return RuleClasses(
        typology=typology,
        names=names,
        of_firm=of_firm,
        indicators=indicators,
        estimates=estimates,
        intervals=share_intervals(
            estimates.coefficients, estimates.std_errors, estimates.residual_df, level
        ),
        n=int(decided.sum()),
        notes=(
            NOT_A_VERDICT,
            typology.caution,
            *([f"{undecided} firms lack answers that would decide."] if undecided else []),
        ),
    )


def side_by_side(
    typology: Typology,
    measures: Mapping[str, Floats],
    *,
    design: SurveyDesign,
    domain: Rows | None = None,
    classes: int | None = None,
    seed: int = 1,
) -> SideBySide:
    """Classes by rule, and latent classes of the indicators, as many as the source expects."""
    ruled = by_rule(typology, measures, design=design, domain=domain)
    latent = latent_classes(
        responses(ruled.indicators),
        classes=classes or typology.classes,
        design=design,
        domain=domain,
        seed=seed,
    )
    counted = (ruled.of_firm != UNKNOWN) & np.isfinite(latent.membership[:, 0])
    member = np.arange(len(ruled.names)) == ruled.of_firm[counted, None]
    weighted = member * design.weight[counted, None]
    with np.errstate(invalid="ignore"):
        shares = (weighted.T @ latent.membership[counted]) / weighted.sum(axis=0)[:, None]
    return SideBySide(ruled, latent, shares)


def indicated(
    typology: Typology,
    measures: Mapping[str, Floats],
    *,
    design: SurveyDesign,
    domain: Rows | None = None,
) -> dict[str, Floats]:
    """(n,) 0, 1 or NaN for each indicator. Raises: Refusal ``measure_lacking``."""
    if missing := lacking(typology, measures):
        raise Refusal(
            "measure_lacking",
            f"“{typology.title}” needs {', '.join(missing)}, which are not there.",
            "Ask for what they are made of, or give columns of these names.",
        )
    rows = np.ones(len(design.weight), dtype=bool) if domain is None else as_domain(domain)
    return cut(typology, measures, design.weight, rows)


def cut(
    typology: Typology, measures: Mapping[str, Floats], weight: Floats, rows: Rows
) -> dict[str, Floats]:
    """(n,) 0, 1 or NaN for each indicator; medians are those of the `rows` under the weights."""
    return {
        indicator.name: _cut(
            indicator, np.asarray(measures[indicator.measure], dtype=float), weight, rows
        )
        for indicator in typology.indicators
    }


def _cut(indicator: Indicator, values: Floats, weight: Floats, rows: Rows) -> Floats:
    if indicator.below is not None:
        yes = values < indicator.below
    elif isinstance(indicator.at_least, str):
        middle = weighted_median(values[rows], weight[rows])
        # Where half of the firms or more say the most, these are the ones that stand out.
        top = bool((values[rows & (weight > 0)] > middle).any())
        yes = values > middle if top else values >= middle
    else:
        yes = values >= indicator.at_least
    return np.where(np.isnan(values), np.nan, yes.astype(float))


def weighted_median(values: Floats, weight: Floats) -> float:
    """The smallest value that half of the weight does not exceed; NaN without values."""
    known = np.isfinite(values) & (weight > 0)
    if not known.any():
        return float("nan")
    order = np.argsort(values[known], kind="stable")
    cumulated = np.cumsum(weight[known][order])
    place = int(np.searchsorted(cumulated, 0.5 * cumulated[-1] * (1 - 1e-12)))
    return float(values[known][order][place])


def classified(typology: Typology, indicators: Mapping[str, Floats]) -> Codes:
    """(n,) place of each firm's class among the typology's names, -1 where answers lack."""
    count = len(next(iter(indicators.values())))
    of_firm = np.full(count, len(typology.rules))
    open_still = np.ones(count, dtype=bool)
    for place, rule in enumerate(typology.rules):
        holds, may = _judged(rule, indicators)
        of_firm[open_still & holds] = place
        of_firm[open_still & ~holds & may] = UNKNOWN
        open_still &= ~may
    return of_firm


def _judged(rule: Rule, indicators: Mapping[str, Floats]) -> tuple[Rows, Rows]:
    """(n,) whether the rule is fulfilled, and whether it may be, for all that is known."""
    judged = [_fulfilled(condition, indicators) for condition in rule.conditions]
    holds: Rows = np.logical_and.reduce([sure for sure, _ in judged])
    may: Rows = np.logical_and.reduce([possible for _, possible in judged])
    return holds, may


def _fulfilled(condition: Condition, indicators: Mapping[str, Floats]) -> tuple[Rows, Rows]:
    given = np.column_stack([indicators[name] for name in condition.indicators])
    yes, open_still = (given == 1).sum(axis=1), np.isnan(given).sum(axis=1)
    sure, possible = yes >= condition.at_least, yes + open_still >= condition.at_least
    return (sure, possible) if condition.holds else (~possible, ~sure)


def _shares(
    names: tuple[str, ...], of_firm: Codes, decided: Rows, design: SurveyDesign
) -> Estimates:
    member = (of_firm[:, None] == np.arange(len(names))).astype(float)
    weight = np.where(decided, design.weight, 0.0)
    shares = weight @ member / weight.sum()
    influence = (member - shares) / weight.sum()
    return Estimates(
        names,
        shares,
        linearized_variance(influence, design, decided),
        float(design.degrees_of_freedom(decided)),
    )
