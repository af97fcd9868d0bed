"""A matrix of correlations, with the mean and the spread of each variable."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
from scipy import stats

from analysis.constructs.measured import Floats, Measured
from analysis.estimation.descriptive.description import Description
from analysis.estimation.descriptive.means import means
from analysis.estimation.descriptive.variances import correlations, standard_deviations
from analysis.estimation.design import SurveyDesign
from analysis.refusals import Refusal
from analysis.specification.columns import Rows
from analysis.specification.composed_parts import Part
from analysis.specification.computing import Vocabulary, known
from analysis.specification.describing import Result
from analysis.specification.matrix import subpopulation_of
from analysis.specification.model import Described


def correlation_matrix(
    asked: Described, table: int, vocabulary: Vocabulary, design: SurveyDesign, count: int
) -> tuple[Result, ...]:
    """Correlations of every two of the variables; means and standard deviations of each.

    Listwise: of the firms that answered all. Pairwise: each number of all firms that answered
    what it is of, so that the matrix need not be one of any population.

    Raises: Refusal ``unknown_term``, ``not_a_number`` and those of the statistics.
    """
    measured = [known(name, vocabulary) for name in asked.variables]
    _refuse_categories(measured)
    firms = subpopulation_of(asked.subpopulation, vocabulary, count) & (design.weight > 0)
    if asked.missing != "pairwise":
        firms = firms & ~np.logical_or.reduce([each.missing for each in measured])
    maker = _Maker(asked, table, design, firms, tuple(each.label for each in measured))
    alone = [result for each in measured for result in maker.alone(each)]
    pairs = [
        maker.pair(place, measured[place[0]], measured[place[1]])
        for place in combinations(range(len(measured)), 2)
    ]
    return (*alone, *pairs)


class _Maker:
    """The descriptions of one matrix, each judged for itself."""

    def __init__(
        self,
        asked: Described,
        table: int,
        design: SurveyDesign,
        firms: Rows,
        labels: tuple[str, ...],
    ) -> None:
        self.asked, self.table, self.design, self.firms = asked, table, design, firms
        self.labels = labels

    def alone(self, measured: Measured) -> list[Result]:
        """Its mean and its standard deviation."""
        scope = self._scope(self.firms & ~measured.missing, {"y": measured.label})
        values = measured.values.astype(float)
        return [
            self._result("mean", measured.name, means(values, **scope), "mean", {}, measured),
            self._result(
                "standard_deviation",
                measured.name,
                standard_deviations(values, **scope),
                "deviation",
                {},
                measured,
            ),
        ]

    def pair(self, place: tuple[int, int], one: Measured, other: Measured) -> Result:
        """The correlation of two variables."""
        both = self.firms & ~one.missing & ~other.missing
        names = {one.name: one.values.astype(float), other.name: other.values.astype(float)}
        found = correlations(names, **self._scope(both, {}))
        more = {"pair": list(place), "p_value": float(p_values(found)[0]), "n": int(both.sum())}
        name = f"{one.name}, {other.name}"
        return self._result("correlation", name, found, "pair", more, None)

    def _scope(self, rows: Rows, wording: dict[str, str]) -> dict[str, Any]:
        return {
            "design": self.design,
            "domain": rows,
            "covariance": self.asked.covariance,
            "wording": wording,
        }

    def _result(
        self,
        statistic: str,
        name: str,
        found: Description,
        role: str,
        more: dict[str, Any],
        measured: Measured | None,
    ) -> Result:
        title = self.asked.name or "Means, standard deviations and correlations"
        told = {"title": title, "labels": self.labels, "missing": self.asked.missing, **more}
        return Result(
            asked=replace(self.asked, statistic=statistic, outcome=name, variables=()),
            title=f"{title}: {name if measured is None else measured.label}",
            description=found,
            table=None,
            codes={},
            answers={} if measured is None else {"y": measured.values},
            part=Part(self.table, self.asked.statistic, role, name, (), told),
        )


def p_values(found: Description) -> Floats:
    """(k,) of the correlations being 0, in Fisher's z as their intervals are.

    z = atanh(r) has the standard error SE(r) / (1 - r^2); compared with t on the degrees of
    freedom of the design, so that p < 0.05 where the 95 % interval leaves 0 out. NaN at -1 and 1.
    """
    r, error = found.estimates.coefficients, found.estimates.std_errors
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.arctanh(r) * (1 - r**2) / error
    result: Floats = 2 * stats.t.sf(np.abs(statistic), found.degrees_of_freedom)
    return result


def _refuse_categories(measured: list[Measured]) -> None:
    for each in measured:
        if each.kind == "category":
            raise Refusal(
                "not_a_number",
                f"“{each.name}” is a category, of which there is no correlation.",
                "Leave it out, or cross-tabulate it.",
            )
