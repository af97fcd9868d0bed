"""What an estimator reads besides one outcome and its regressors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy.typing as npt

from analysis.estimation.design_matrix import DesignMatrix
from analysis.estimation.estimates import Floats

Labels = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Role:
    """One thing that an estimator reads besides outcome and regressors.

    `kind`: another ``outcome`` (n floats), the regressors of another equation (``matrix``),
    ``labels`` (n names of regions, firms or waves), a ``number`` or a ``word``.
    """

    name: str
    kind: Literal["outcome", "matrix", "labels", "number", "word"]
    about: str = ""
    is_needed: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Values by role, of the same n firms in the same order as the outcome.

    Attributes
    ----------
    outcomes : role to (n,) floats, NaN missing
    matrices : role to DesignMatrix
    labels : role to (n,) labels, None missing
    numbers : role to a number
    words : role to a word
    """

    outcomes: Mapping[str, Floats] = field(default_factory=dict)
    matrices: Mapping[str, DesignMatrix] = field(default_factory=dict)
    labels: Mapping[str, Labels] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(
            name
            for mapping in (self.outcomes, self.matrices, self.labels, self.numbers, self.words)
            for name in mapping
        )
