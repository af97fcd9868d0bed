"""How many firms left a question of “Table 1” out, where they are few.

The number is the total less those that answered, in all firms and in each group, so these go
with it; the totals themselves are taken as known and stay.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from analysis.disclosure.judging import counted
from analysis.disclosure.rules import WHY, DisclosurePolicy, Finding
from analysis.estimation.design import Labels
from analysis.specification.describing import Result

RULE = "few_unanswered"


def without_few_unanswered(
    results: Sequence[Result], policy: DisclosurePolicy, holdings: Labels | None = None
) -> tuple[tuple[Result, ...], tuple[Finding, ...]]:
    """The descriptions, those of “Table 1” without such numbers; a finding for each variable.

    `holdings` are the (n,) enterprise groups of the firms, if they are known.
    """
    cleaned: list[Result] = []
    findings: dict[Finding, None] = {}
    for result in results:
        hidden = _hidden(result, policy, holdings)
        if not hidden:
            cleaned.append(result)
            continue
        where = f"{result.title}: firms without an answer"
        findings[Finding(where, RULE, WHY[RULE], "withheld")] = None
        assert result.part is not None  # noqa: S101 -- or nothing of it were hidden
        more = {**result.part.more, **hidden}
        cleaned.append(replace(result, part=replace(result.part, more=more)))
    return tuple(cleaned), tuple(findings)


def _hidden(result: Result, policy: DisclosurePolicy, holdings: Labels | None) -> dict[str, Any]:
    """What takes the place of the counts: None for a number, False where cells tell no n.

    Where the few are of a group, the other groups go with it, for they add up to all.
    """
    unanswered: Mapping[str, Any] = {}
    if result.part is not None:
        unanswered = result.part.more.get("unanswered", {})
    few = {
        column
        for column, rows in unanswered.items()
        if 0 < counted(rows, holdings) < policy.least_firms
    }
    if not few:
        return {}
    if "all" not in few:
        return {"n_of_cells": ("all",)}
    return {"n": None, "missing": None, "n_of_cells": ()}
