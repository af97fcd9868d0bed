"""What is to be estimated, as a value. Written by `plan.read_plan`, read by the pipeline."""

from dataclasses import dataclass
from typing import Literal

from analysis.estimation.descriptive.scope import CovarianceName
from analysis.estimation.design import Lonely
from analysis.estimation.estimates import Covariance
from analysis.estimation.replication import Method
from analysis.estimation.sample import Missing
from analysis.specification.expressions import Expression
from analysis.specification.formula import Formula


@dataclass(frozen=True, slots=True)
class DesignChoice:
    """Which parts of the sampling design a model takes into account.

    Attributes
    ----------
    lonely : what is done with strata of one sampled unit: ``refuse``, ``certainty``,
        ``adjust``, ``average``
    replicates : method by which replicate weights are made; ``published`` takes those of the
        wave's published weights; or ``none``
    count, seed : how many bootstrap replicates, from which seed
    """

    weights: bool = True
    strata: bool = True
    clusters: bool = True
    population: bool = True
    lonely: Lonely = "refuse"
    replicates: Method | Literal["none", "published"] = "none"
    count: int = 200
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Given:
    """What a plan gives an estimator for one of its roles: a formula, a name, a number, a word."""

    role: str
    value: Formula | str | float


@dataclass(frozen=True, slots=True)
class Asked:
    """A test asked of a model: its kind, and the terms or the sentence it is about."""

    kind: str
    about: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind}: {', '.join(self.about)}"


@dataclass(frozen=True, slots=True)
class Specification:
    """One column of the table."""

    name: str
    outcome: str
    estimator: str
    formula: Formula
    covariance: Covariance
    design: DesignChoice
    subpopulation: Expression | None = None
    margins: bool = True
    given: tuple[Given, ...] = ()
    tests: tuple[Asked, ...] = ()
    missing: Missing = "leave_out"


@dataclass(frozen=True, slots=True)
class Described:
    """One description of the firms: a statistic of a variable.

    Attributes
    ----------
    statistic : of `analysis.estimation.descriptive.entry.STATISTICS`
    outcome : what is described
    by : the groups, or nothing
    denominator, other : the variable that a ratio divides by, or that a table crosses with
    quantile : share below the quantile
    covariance : ``design`` or ``replicate``
    """

    name: str
    statistic: str
    outcome: str
    covariance: CovarianceName
    design: DesignChoice
    by: str = ""
    denominator: str = ""
    other: str = ""
    quantile: float | None = None
    interval: str = ""
    subpopulation: Expression | None = None


@dataclass(frozen=True, slots=True)
class ImputationChoice:
    """Which of the wave's variables are imputed, from which, how often, from which seed."""

    variables: tuple[str, ...]
    predictors: tuple[str, ...] = ()
    count: int = 20
    iterations: int = 10
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """Specifications meant for one table.

    Attributes
    ----------
    definitions : pairs of name and expression, in the order in which they can be computed
    scales : pairs of a coarse scale and the instrument's scales it holds
    source : the text as written
    fingerprint : SHA-256 of the plan's canonical form
    """

    title: str
    about: str
    specifications: tuple[Specification, ...]
    definitions: tuple[tuple[str, Expression], ...]
    scales: tuple[tuple[str, tuple[str, ...]], ...]
    labels: tuple[tuple[str, str], ...]
    source: str
    fingerprint: str
    descriptives: tuple[Described, ...] = ()
    imputation: ImputationChoice | None = None
