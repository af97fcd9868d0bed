"""Shares of firms, with intervals that stay within 0 and 1."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal, Unpack

import numpy as np

from analysis.estimation.descriptive.description import Description, described
from analysis.estimation.descriptive.groups import (
    Answers,
    Values,
    in_words,
    level_names,
    refuse_not_binary,
)
from analysis.estimation.descriptive.intervals import korn_graubard_interval, logit_interval
from analysis.estimation.descriptive.means import mean_part
from analysis.estimation.descriptive.scope import Scope, Setting, setting
from analysis.estimation.descriptive.statistic import Part
from analysis.estimation.estimates import Floats
from analysis.estimation.labels import Rows, named
from analysis.refusals import Refusal

ShareInterval = Literal["logit", "korn_graubard", "wald"]

# A share this near to 0 or 1 is there but for rounding.
BOUND = 1e-14


def shares(
    y: Any,
    *,
    interval: ShareInterval = "logit",
    levels: Sequence[Any] | None = None,
    **scope: Unpack[Scope],
) -> Description:
    """Share of the population's firms that say yes, or that are of each category.

    Parameters
    ----------
    y
        (n,) 0 and 1 with NaN missing, or labels of categories with None missing
    interval
        ``logit`` (symmetric on the logit scale), ``korn_graubard`` (Clopper-Pearson at
        the effective sample size, also at shares of 0 and 1) or ``wald`` (symmetric)
    levels
        the categories in the order wanted, for labels

    Raises
    ------
    Refusal
        ``share_at_bound`` for a share of 0 or 1 unless by ``korn_graubard``,
        ``outcome_not_binary``, ``unknown_interval`` and those of `totals`.
    """
    asked, y = setting(scope), np.asarray(y)
    if interval not in {"logit", "korn_graubard", "wald"}:
        raise Refusal(
            "unknown_interval",
            f"Shares have no interval '{interval}'.",
            "Use 'logit', 'korn_graubard' or 'wald'.",
        )
    found = asked.answers({"y": y})
    parts = _parts(y, levels, found, asked)
    description = described("share", parts, asked, found.notes)
    if interval != "korn_graubard":
        _refuse_bounds(description, asked)
    return _with_interval(description, interval)


def _parts(y: Values, levels: Sequence[Any] | None, found: Answers, asked: Setting) -> list[Part]:
    weight = asked.design.weight
    if y.dtype.kind in "fiub" and levels is None:
        values = y.astype(float)
        refuse_not_binary(values, found.rows, asked.word("y"))
        return [mean_part(group.term("share"), values, group, weight) for group in found.groups]
    return [
        mean_part(group.term("share", in_words(level)), (y == level).astype(float), group, weight)
        for group in found.groups
        for level in level_names(y, found.rows, levels)
    ]


def _refuse_bounds(description: Description, asked: Setting) -> None:
    share = description.estimates.coefficients
    bound = is_at_bound(share)
    if bound.any():
        terms = [
            f"{term} = {value:.0f}"
            for term, value, is_at in zip(description.estimates.terms, share, bound, strict=True)
            if is_at
        ]
        raise Refusal(
            "share_at_bound",
            f"All firms or none say {asked.word('y')}: {named(terms)}. Logit and Wald intervals "
            "are not defined there.",
            "Ask for the interval 'korn_graubard', or join groups.",
        )


def is_at_bound(share: Floats) -> Rows:
    """(k,) booleans: 0 or 1 but for rounding."""
    result: Rows = np.minimum(share, 1 - share) <= BOUND
    return result


def _with_interval(description: Description, interval: ShareInterval) -> Description:
    estimates, level = description.estimates, description.level
    share, df = estimates.coefficients, description.degrees_of_freedom
    if interval == "wald":
        return replace(description, interval="wald")
    if interval == "logit":
        limits = logit_interval(share, estimates.std_errors, df, level)
        return replace(description, interval="logit", intervals=limits)
    limits = _korn_graubard(description)
    return replace(description, interval="korn_graubard", intervals=limits)


def with_logit_or_bound(description: Description) -> Description:
    """Shares with logit intervals, and Korn and Graubard's for those of 0 and 1."""
    estimates = description.estimates
    share = estimates.coefficients
    with np.errstate(divide="ignore", invalid="ignore"):
        limits = logit_interval(
            share, estimates.std_errors, description.degrees_of_freedom, description.level
        )
    bound = is_at_bound(share)
    if bound.any():
        limits[bound] = _korn_graubard(description)[bound]
    return replace(description, interval="logit", intervals=limits)


def _korn_graubard(description: Description) -> Floats:
    estimates, df = description.estimates, description.degrees_of_freedom
    share = estimates.coefficients
    bound = is_at_bound(share)
    share = np.where(bound, np.round(share), share)
    variance = np.where(bound, 1.0, np.diag(estimates.covariance))
    # Of the design effect of a share of 0 or 1 only the part of the weights is known.
    with np.errstate(divide="ignore"):
        size = np.where(bound, description.effects.effective_n, share * (1 - share) / variance)
    return korn_graubard_interval(share, size, description.n, df, description.level)
