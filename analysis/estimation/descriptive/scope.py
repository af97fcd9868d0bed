"""What every description is asked with: the design, the firms, the groups, the covariance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NotRequired, Required, TypedDict

import numpy as np

from analysis.estimation.descriptive.groups import Answers, Group, Values, answers
from analysis.estimation.design import SurveyDesign
from analysis.estimation.estimates import Floats
from analysis.estimation.labels import Labels, Rows
from analysis.refusals import Refusal

CovarianceName = Literal["design", "replicate"]

WORDS: Mapping[str, str] = {
    "y": "the variable",
    "by": "the groups",
    "denominator": "the denominator",
    "other": "the other variable",
}


class Scope(TypedDict, total=False):
    """Keywords that all descriptive functions take.

    design : SurveyDesign of the n firms
    domain : (n,) booleans, the firms described; all of them if left out
    by : (n,) labels; one estimate for each group, with the covariance between groups
    groups : the groups wanted, in order; those that firms of the domain are in, sorted
    covariance : ``design`` (linearised) or ``replicate``
    level : of the intervals, 0.95
    wording : how "y", "by", "denominator" and "other" are called in sentences
    """

    design: Required[SurveyDesign]
    domain: NotRequired[Rows]
    by: NotRequired[Labels | None]
    groups: NotRequired[Sequence[Any] | None]
    covariance: NotRequired[CovarianceName]
    level: NotRequired[float]
    wording: NotRequired[Mapping[str, str]]


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """A scope with what was left out filled in."""

    design: SurveyDesign
    domain: Rows
    by: Labels | None = None
    groups: Sequence[Any] | None = None
    covariance: CovarianceName = "design"
    level: float = 0.95
    wording: Mapping[str, str] = field(default_factory=dict)

    def word(self, role: str) -> str:
        return self.wording.get(role) or WORDS.get(role, role)

    def answers(self, variables: Mapping[str, Values]) -> Answers:
        """The groups of firms that answered; roles of the variables to (n,) values."""
        return answers(
            {self.word(role): values for role, values in variables.items()},
            design=self.design,
            domain=self.domain,
            by=self.by,
            by_label=self.word("by"),
            levels=self.groups,
        )


def setting(scope: Scope) -> Setting:
    """The scope, filled in and checked.

    Raises
    ------
    Refusal
        ``unknown_level``, ``unknown_covariance``, ``no_replicates``.
    """
    given: dict[str, Any] = {"domain": np.ones(len(scope["design"].weight), dtype=bool), **scope}
    if given.get("by") is not None:
        given["by"] = np.asarray(given["by"])
    result = Setting(**given)
    if not 0 < result.level < 1:
        raise Refusal(
            "unknown_level",
            f"A confidence level lies between 0 and 1, and {result.level:g} does not.",
            "Give 0.95 for 95 %.",
        )
    if result.covariance not in {"design", "replicate"}:
        raise Refusal(
            "unknown_covariance",
            f"Descriptions have no covariance '{result.covariance}'.",
            "Use 'design' or 'replicate'.",
        )
    return result


def numbers(values: Any) -> Floats:
    """(n,) floats, NaN missing."""
    return np.asarray(values, dtype=float)


def inside(values: Floats, group: Group) -> Floats:
    """(n,) the values in the rows of the group, 0 elsewhere (where they may be NaN)."""
    return np.where(group.rows, values, 0.0)
