"""Why a description was refused, without what that would tell of single firms."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from analysis.disclosure.judging import counted
from analysis.disclosure.rules import WHY, DisclosurePolicy, Finding
from analysis.estimation.design import Rows
from analysis.pipeline.prepared import Prepared
from analysis.pipeline.withholding import REMEDY, refused_safely
from analysis.refusals import Refusal
from analysis.specification.computing import is_known, known
from analysis.specification.matrix import subpopulation_of
from analysis.specification.model import Described
from analysis.tables.estimates_document import Unestimated

_UNTOLD = (
    "The answers of a group of its firms, or of all of them, do not suit the statistic: there are "
    "too few, they do not differ, or they have other values. Which it is would tell of firms."
)
_OF_ANSWERS = frozenset(
    {
        "too_few_rows", "too_few_levels", "too_few_groups", "outcome_constant",
        "outcome_not_binary", "share_at_bound", "no_degrees_of_freedom", "quantile_out_of_reach",
        "zero_denominator", "no_sampling_variance",
    }
)  # fmt: skip
"""Refusals whose words name a group and what its firms answered, or how few they are."""
_OF_NOBODY = frozenset({"no_rows", "empty_row", "empty_column"})
"""Refusals that say that no firm did something."""


def safe_undescribed(
    prepared: Prepared, undescribed: tuple[Unestimated, ...]
) -> tuple[tuple[Unestimated, ...], tuple[Finding, ...]]:
    """The descriptions that were refused with reasons that may be told, and what was found."""
    policy = prepared.policy
    if policy is None:
        return undescribed, ()
    told, findings = [], []
    for one in undescribed:
        if _is_of_few(prepared.plan.descriptives[one.place - 1], prepared, policy):
            findings.append(Finding(one.name, "few_firms", WHY["few_firms"], "refused"))
            one = replace(
                one, code="few_firms", message=f"Withheld: {WHY['few_firms']}", remedy=REMEDY
            )
        told.append(_in_safe_words(one, policy))
    return tuple(told), tuple(findings)


def _in_safe_words(one: Unestimated, policy: DisclosurePolicy) -> Unestimated:
    untold = _OF_ANSWERS if policy.zeros_are_safe else _OF_ANSWERS | _OF_NOBODY
    if one.code in untold:
        return replace(one, message=_UNTOLD)
    safe = refused_safely(Refusal(one.code, one.message, one.remedy), policy)
    return replace(one, message=safe.message, remedy=safe.remedy)


def _is_of_few(asked: Described, prepared: Prepared, policy: DisclosurePolicy) -> bool:
    """Whether it would have been of few firms: then not even why is told."""
    try:
        return any(
            0 < counted(rows, prepared.holdings) < policy.least_firms
            for rows in _firms_of(asked, prepared)
        )
    except Refusal:
        return False


def _firms_of(asked: Described, prepared: Prepared) -> Iterator[Rows]:
    """The firms asked of, those of them that answered each question, and those that all."""
    domain = subpopulation_of(asked.subpopulation, prepared.known, prepared.firms)
    names: Sequence[str] = (
        asked.outcome, asked.by, asked.denominator, asked.other, *asked.variables,
    )  # fmt: skip
    yield domain
    every = domain
    for name in names:
        if name and is_known(name, prepared.known):
            answered = ~known(name, prepared.known).missing
            yield domain & answered
            every = every & answered
    yield every
