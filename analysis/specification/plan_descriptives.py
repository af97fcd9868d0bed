"""What a plan asks to be described, and what it asks to be imputed."""

from collections.abc import Callable
from typing import Any, get_args

from analysis.estimation.descriptive.entry import NEEDED, STATISTICS
from analysis.estimation.descriptive.quantiles import QuantileInterval
from analysis.estimation.descriptive.shares import ShareInterval
from analysis.specification.composed_parts import COMPOSED
from analysis.specification.expressions import Expression
from analysis.specification.language import normal_name
from analysis.specification.model import Described, DesignChoice, ImputationChoice
from analysis.specification.plan_composed import (
    COVARIANCES,
    names_of,
    one_of,
    read_composed,
    table_shares,
    word,
)
from analysis.specification.plan_parts import note_replicates
from analysis.specification.problems import Ledger, shown

DESCRIPTIVE_KEYS = (
    "name", "statistic", "outcome", "by", "denominator", "other", "quantile", "interval",
    "covariance", "design", "subpopulation", "shares",
)  # fmt: skip
IMPUTATION_KEYS = ("variables", "predictors", "count", "iterations", "seed")
INTERVALS = {"share": get_args(ShareInterval), "quantile": get_args(QuantileInterval)}
MOST_DESCRIPTIVES = 200
MOST_IMPUTATIONS = 200


def read_described(
    where: str,
    entry: dict[str, Any],
    *,
    design: DesignChoice,
    subpopulation: Expression | None,
    ledger: Ledger,
) -> Described | None:
    """One entry of ``descriptives``."""
    if entry.get("statistic") in COMPOSED:
        return read_composed(
            where, entry, design=design, subpopulation=subpopulation, ledger=ledger
        )
    ledger.only(where, entry, DESCRIPTIVE_KEYS)
    known_so_far = len(ledger.problems)
    known = (*STATISTICS, *COMPOSED)
    statistic = one_of(where, "statistic", entry, known, "mean", ledger)
    covariance = one_of(where, "covariance", entry, COVARIANCES, "design", ledger)
    names = {
        key: normal_name(word(where, key, entry, ledger))
        for key in ("outcome", "by", "denominator", "other")
    }
    quantile = _quantile(where, entry, ledger)
    interval = _interval(where, statistic, entry, ledger)
    _note_parts(where, statistic, entry, ledger)
    note_replicates(where, covariance, design, ledger)
    if len(ledger.problems) > known_so_far:
        return None
    return Described(
        name=word(where, "name", entry, ledger),
        statistic=statistic,
        covariance=covariance,
        design=design,
        quantile=quantile,
        interval=interval,
        subpopulation=subpopulation,
        shares=table_shares(where, statistic, entry, ledger),
        outcome=names["outcome"],
        by=names["by"],
        denominator=names["denominator"],
        other=names["other"],
    )


def _quantile(where: str, entry: dict[str, Any], ledger: Ledger) -> float | None:
    quantile = entry.get("quantile")
    if quantile is None or (isinstance(quantile, float) and 0 < quantile < 1):
        return quantile
    ledger.note(
        where, "wrong_shape", f"quantile is {shown(quantile)}.", "Write a share such as 0.5."
    )
    return None


def _interval(where: str, statistic: str, entry: dict[str, Any], ledger: Ledger) -> str:
    known = INTERVALS.get(statistic, ())
    if not known or entry.get("interval") is None:
        return ""
    return str(one_of(where, "interval", entry, known, known[0], ledger))


def _note_parts(where: str, statistic: str, entry: dict[str, Any], ledger: Ledger) -> None:
    """What the statistic needs and is not there, and what is there and not read."""
    for key in ("outcome", *filter(None, [NEEDED.get(statistic)])):
        if entry.get(key) in (None, ""):
            ledger.note(where, "missing_key", f"{key} is missing.", f"Add {key}.")
    _, read = STATISTICS[statistic]
    for key in ("denominator", "other", "quantile", "interval"):
        if entry.get(key) is not None and key not in read:
            ledger.note(
                where, "unused_key", f"A {statistic} has no use for {key}.", "Leave it out."
            )


def read_imputation(value: Any, ledger: Ledger) -> ImputationChoice | None:
    """The plan's ``imputation``; None if it has none."""
    if value is None:
        return None
    where = "imputation"
    if not isinstance(value, dict):
        ledger.note(where, "wrong_shape", "imputation is not a mapping.", "Write  variables: [a].")
        return None
    ledger.only(where, value, IMPUTATION_KEYS)
    variables = names_of(where, "variables", value, ledger)
    if value.get("variables") in (None, []):
        ledger.note(where, "missing_key", "variables is missing.", "Name what is to be imputed.")
        return None
    whole = _whole_numbers(where, value, ledger)
    if value.get("count") == 1 and value["count"] is not True:
        ledger.note(
            where,
            "one_imputation",
            "From one imputation nobody can say how much the missing answers matter.",
            "Ask for at least two; twenty are a good start.",
        )
    return ImputationChoice(
        variables,
        names_of(where, "predictors", value, ledger),
        count=whole("count", 20, MOST_IMPUTATIONS),
        iterations=whole("iterations", 10, MOST_IMPUTATIONS),
        seed=whole("seed", 1, 2**31 - 1),
    )


def _whole_numbers(
    where: str, value: dict[str, Any], ledger: Ledger
) -> Callable[[str, int, int], int]:
    def whole(key: str, default: int, most: int) -> int:
        number = value.get(key, default)
        if isinstance(number, int) and not isinstance(number, bool) and 0 < number <= most:
            return number
        ledger.note(
            where,
            "wrong_shape",
            f"{key} is {shown(number)}.",
            f"Write a whole number from 1 to {most}.",
        )
        return default

    return whole
