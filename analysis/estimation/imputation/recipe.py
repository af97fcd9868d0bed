"""What is to be imputed, and how: the values that every chain follows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from analysis.estimation.design import Rows, SurveyDesign
from analysis.estimation.design_matrix import Values
from analysis.refusals import Refusal

Kind = Literal["continuous", "binary", "ordered", "category", "share", "count"]
Method = Literal["pmm", "normal", "logit", "ordered_logit", "multinomial_logit"]
Derive = Callable[[Mapping[str, Values]], Mapping[str, Values]]

METHODS: Mapping[Kind, tuple[Method, ...]] = {
    "continuous": ("pmm", "normal"),
    "binary": ("logit", "pmm"),
    "ordered": ("ordered_logit", "pmm"),
    "category": ("multinomial_logit",),
    "share": ("pmm",),
    "count": ("pmm",),
}
"""Methods that a kind of variable allows; the first is taken where none is named."""
DONORS = 5


@dataclass(frozen=True, slots=True)
class ImputationModel:
    """How one variable is imputed.

    Attributes
    ----------
    kind : what the variable is
    method : one of `METHODS` of the kind; None takes the first
    predictors : names of the variables that predict it, derived measures among them if they
        do not follow from it; None takes all that are imputed or complete
    donors : k of predictive mean matching
    levels : all levels that an answer may have, where that is known

    Raises: Refusal ``method_unfit`` if the kind does not allow the method.
    """

    kind: Kind
    method: Method | None = None
    predictors: tuple[str, ...] | None = None
    donors: int = DONORS
    levels: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in METHODS:
            raise ValueError(f"There is no kind {self.kind!r}; there are {tuple(METHODS)}.")
        if self.donors < 1:
            raise ValueError("A value is taken from one donor at least.")
        if self.method is not None and self.method not in METHODS[self.kind]:
            raise Refusal(
                "method_unfit",
                f"The method '{self.method}' does not suit a variable of the kind '{self.kind}': "
                "it could impute values that no answer can have.",
                f"Use {' or '.join(METHODS[self.kind])}.",
            )

    @property
    def chosen(self) -> Method:
        """The method named, or the one that the kind suggests."""
        return self.method or METHODS[self.kind][0]


@dataclass(frozen=True, slots=True, eq=False)
class DesignUse:
    """How the survey design enters the imputation models.

    Attributes
    ----------
    design : SurveyDesign of the n firms
    weight : ``predictor``: its logarithm is one; ``fit``: the models are fitted under the
        weights, their coefficients drawn from the linearised covariance and donors by weight;
        ``both``; ``none``
    stratum, cluster : ``effects``: an indicator each; ``shrunken``: an indicator each with a
        normal prior, whose variance is drawn too; ``none``; ``auto`` chooses
    """

    design: SurveyDesign
    weight: Literal["predictor", "fit", "both", "none"] = "predictor"
    stratum: Literal["auto", "effects", "shrunken", "none"] = "auto"
    cluster: Literal["auto", "shrunken", "none"] = "auto"

    @property
    def fits_weighted(self) -> bool:
        return self.weight in ("fit", "both")


@dataclass(frozen=True, slots=True, eq=False)
class Recipe:
    """Which variables are imputed, from what.

    Attributes
    ----------
    models : name to model of each variable that is imputed
    complete : name to kind of the variables that only predict
    eligible : name to (n,) rows in which an answer exists, known or not. Elsewhere the question
        was not asked: nothing is imputed there. A variable without an entry was asked of all.
    derive : from the variables to measures that follow from them, (n,) each; called anew
        whenever imputed values have changed. It must not change what it is given.
    design : None leaves the design out of the models
    """

    models: Mapping[str, ImputationModel]
    complete: Mapping[str, Kind] = field(default_factory=dict)
    eligible: Mapping[str, Rows] = field(default_factory=dict)
    derive: Derive | None = None
    design: DesignUse | None = None
