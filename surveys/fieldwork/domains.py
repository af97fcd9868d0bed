"""Outcome rates of groups of firms."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from surveys.fieldwork.eligibility import Eligibility, proportional
from surveys.fieldwork.rates import Outcomes, Rate, all_rates, outcomes

Within = Literal["all", "domain"]


@dataclass(frozen=True, slots=True)
class Amount:
    """Cases of one domain and disposition: how many, and the sum of their base weights."""

    domain: Hashable
    disposition: str
    cases: float
    weight: float


@dataclass(frozen=True, slots=True)
class DomainRates:
    """Outcomes and rates of one domain, and the e under its plain and its weighted rates."""

    counts: Outcomes
    weights: Outcomes
    rates: tuple[Rate, ...]
    plain: Eligibility | None
    weighted: Eligibility | None


def rates_by_domain(
    amounts: Iterable[Amount],
    *,
    eligibility: Eligibility | None = None,
    within: Within = "all",
) -> Mapping[Hashable, DomainRates]:
    """The sixteen rates of each domain, in order of appearance.

    Without a stated `eligibility`, e is estimated in proportion: of all cases together, or
    `within` each domain, where it may rest on few. A domain in which nothing is known has no
    rates that need it. Raises KeyError for an unknown disposition.
    """
    kept = list(amounts)
    everything = _outcomes(kept)
    result = {}
    for domain in dict.fromkeys(each.domain for each in kept):
        counts, weights = _outcomes([each for each in kept if each.domain == domain])
        known = (counts, weights) if within == "domain" else everything
        plain, weighted = (eligibility or _estimated(each) for each in known)
        found = all_rates(counts, weights, plain, weighted)
        result[domain] = DomainRates(counts, weights, found, plain, weighted)
    return result


def _estimated(counts: Outcomes) -> Eligibility | None:
    known = counts.known_eligible + counts.not_eligible
    return proportional(counts) if known > 0 else None


def _outcomes(amounts: list[Amount]) -> tuple[Outcomes, Outcomes]:
    return (
        outcomes((each.disposition, each.cases) for each in amounts),
        outcomes((each.disposition, each.weight) for each in amounts),
    )
