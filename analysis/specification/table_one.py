"""“Table 1”: several variables of the firms, all together and by group, side by side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from analysis.constructs.measured import Measured, Values
from analysis.estimation.descriptive.balance import (
    equal_means,
    standardised_difference,
    standardised_difference_of_shares,
)
from analysis.estimation.descriptive.description import Description
from analysis.estimation.descriptive.means import means
from analysis.estimation.descriptive.shares import shares
from analysis.estimation.descriptive.tables import cross_tabulation
from analysis.estimation.descriptive.variances import standard_deviations
from analysis.estimation.design import SurveyDesign
from analysis.refusals import Refusal
from analysis.specification.columns import Rows
from analysis.specification.composed_parts import Part
from analysis.specification.computing import Vocabulary, known
from analysis.specification.describing import Result
from analysis.specification.levels import codes_of, labels_of, levels_of, test_document
from analysis.specification.matrix import subpopulation_of
from analysis.specification.model import Described

ALL = "all"


def table_one(
    asked: Described, table: int, vocabulary: Vocabulary, design: SurveyDesign, count: int
) -> tuple[Result, ...]:
    """Means and standard deviations of numbers, shares of categories, of all firms and by group.

    Raises: Refusal ``unknown_term``, ``too_few_groups`` and those of the statistics.
    """
    firms = subpopulation_of(asked.subpopulation, vocabulary, count) & (design.weight > 0)
    by = known(asked.by, vocabulary) if asked.by else None
    maker = _Maker(asked, table, design, firms, by)
    results = maker.sizes()
    for name in asked.variables:
        results += maker.of(known(name, vocabulary))
    return tuple(results)


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """One description of a variable: what it is in the table, of which columns."""

    role: str
    statistic: str
    description: Description
    columns: tuple[str, ...]


class _Maker:
    """The descriptions of one variable after the other."""

    def __init__(
        self,
        asked: Described,
        table: int,
        design: SurveyDesign,
        firms: Rows,
        by: Measured | None,
    ) -> None:
        self.asked, self.table, self.design, self.by = asked, table, design, by
        self.firms = firms if by is None else firms & ~by.missing
        self.without_group = int(firms.sum() - self.firms.sum())
        self.of_group = None if by is None else labels_of(by)
        self.groups = () if by is None else levels_of(by, self.firms)
        if by is not None and len(self.groups) < 2:
            raise Refusal(
                "too_few_groups",
                f"All firms that are described are in one group of {by.label}.",
                "Leave  by  out, or widen the subpopulation.",
            )

    def sizes(self) -> list[Result]:
        """The shares of the groups, so that how large they are is judged as any number is."""
        if self.by is None:
            return []
        found = self._level(self.by, self.firms)(self.of_group, **self._scope(self.firms))
        if self.without_group:
            left = f"{self.without_group} firms without an answer to {self.by.label} left out."
            found = found.noted(left)
        told = _Told("sizes", "share", found, _keys(self.groups))
        return [self._result(self.by, told, self._frame())]

    def of(self, measured: Measured) -> list[Result]:
        """The variable in all firms and, if groups were asked for, in each."""
        answered = self.firms & ~measured.missing
        try:
            told = self._told(measured, answered)
        except Refusal as refusal:
            message = f"{measured.label}: {refusal.message}"
            raise Refusal(refusal.code, message, refusal.remedy) from None
        levels, codes = levels_of(measured, answered), codes_of(measured)
        more = {
            "label": measured.label,
            "kind": measured.kind,
            "levels": [[level, codes.get(level, level)] for level in levels],
            "n": int(answered.sum()),
            "missing": int(self.firms.sum() - answered.sum()),
            "unanswered": self._unanswered(answered),
            **self._frame(),
            **self._compared(measured, answered, told),
        }
        return [self._result(measured, each, more) for each in told]

    def _unanswered(self, answered: Rows) -> dict[str, Rows]:
        """Who did not answer, by column: for disclosure control to judge by; nothing shows them."""
        without = self.firms & ~answered
        by_group = {f"group:{level}": without & (self.of_group == level) for level in self.groups}
        return {ALL: without, **by_group}

    def _told(self, measured: Measured, answered: Rows) -> list[_Told]:
        is_number = measured.kind == "continuous"
        values, statistic = _read(measured), "mean" if is_number else "share"
        level, scope = self._level(measured, answered), self._scope(answered)
        told = [_Told("level", statistic, level(values, **scope), (ALL,))]
        if groups := self._with(values, answered):
            by_group = level(values, **scope, by=self.of_group, groups=groups)
            told.append(_Told("level_by", statistic, by_group, _keys(groups)))
        if not is_number or np.ptp(values[answered]) == 0:
            return told
        spread = standard_deviations(values, **scope)
        told.append(_Told("deviation", "standard_deviation", spread, (ALL,)))
        if groups := self._with(values, answered, varying=True):
            by_group = standard_deviations(values, **scope, by=self.of_group, groups=groups)
            told.append(_Told("deviation_by", "standard_deviation", by_group, _keys(groups)))
        return told

    def _level(self, measured: Measured, answered: Rows) -> Callable[..., Description]:
        """What describes the variable: its mean, or the shares of its levels."""
        wording = {"y": measured.label}
        if measured.kind == "continuous":
            return partial(means, wording=wording)
        levels = levels_of(measured, answered)
        return partial(shares, levels=levels, interval="korn_graubard", wording=wording)

    def _scope(self, answered: Rows) -> dict[str, Any]:
        covariance = self.asked.covariance
        return {"design": self.design, "domain": answered, "covariance": covariance}

    def _with(self, values: Values, answered: Rows, *, varying: bool = False) -> tuple[str, ...]:
        """The groups of which two firms answered and, if they are to vary, not all the same."""
        found = []
        for level in self.groups:
            inside = values[answered & (self.of_group == level)]
            if len(inside) > 1 and not (varying and np.ptp(inside) == 0):
                found.append(level)
        return tuple(found)

    def _compared(
        self, measured: Measured, answered: Rows, told: Sequence[_Told]
    ) -> dict[str, Any]:
        """The test of no difference and the largest standardised difference, of all groups."""
        by_role = {each.role: each for each in told}
        level = by_role.get("level_by")
        if level is None or len(level.columns) < len(self.groups):
            return {}
        found = level.description.estimates.coefficients
        if measured.kind != "continuous":
            return {
                "test": self._association(measured, answered),
                "difference": standardised_difference_of_shares(
                    found.reshape(len(self.groups), -1)
                ),
            }
        compared: dict[str, Any] = {"test": test_document(equal_means(level.description))}
        spread = by_role.get("deviation_by")
        if spread is not None and spread.columns == level.columns:
            variances = spread.description.estimates.coefficients**2
            compared["difference"] = standardised_difference(found, variances)
        return compared

    def _association(self, measured: Measured, answered: Rows) -> dict[str, float] | None:
        """Rao and Scott's F; none where the variable does not vary, or the design fixes it."""
        try:
            found = cross_tabulation(labels_of(measured), self.of_group, **self._scope(answered))
        except Refusal:
            return None
        return test_document(found.tests.get("pearson_f"))

    def _frame(self) -> dict[str, Any]:
        """What the whole table says of its firms and groups."""
        weight, codes = self.design.weight, codes_of(self.by) if self.by is not None else {}
        return {
            "firms": int(self.firms.sum()),
            "population": float(weight[self.firms].sum()),
            "by": self.by.label if self.by is not None else "",
            "groups": [
                {
                    "key": f"group:{level}",
                    "label": codes.get(level, level),
                    "n": int((self.firms & (self.of_group == level)).sum()),
                    "population": float(weight[self.firms & (self.of_group == level)].sum()),
                }
                for level in self.groups
            ],
        }

    def _result(self, measured: Measured, told: _Told, more: dict[str, Any]) -> Result:
        by = self.by if told.role.endswith("_by") else None
        asked = replace(
            self.asked,
            statistic=told.statistic,
            outcome=measured.name,
            by="" if by is None else by.name,
            variables=(),
        )
        return Result(
            asked=asked,
            title=f"{title_of(self.asked)}: {measured.label}",
            description=told.description,
            table=None,
            codes={"y": codes_of(measured), "by": {} if by is None else codes_of(by)},
            answers={"y": measured.values},
            part=Part(
                self.table,
                self.asked.statistic,
                told.role,
                measured.name,
                told.columns,
                {"title": title_of(self.asked), **more},
            ),
        )


def title_of(asked: Described) -> str:
    return asked.name or "Descriptive statistics of the firms"


def _read(measured: Measured) -> Values:
    return measured.values.astype(float) if measured.kind == "continuous" else labels_of(measured)


def _keys(groups: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"group:{level}" for level in groups)
