"""What is to be estimated, as a value. Written by `plan.read_plan`, read by the pipeline."""

from dataclasses import dataclass
from typing import Literal

from analysis.estimation.estimates import Covariance
from analysis.specification.expressions import Expression
from analysis.specification.formula import Formula

Estimator = Literal["linear", "logit", "probit"]


@dataclass(frozen=True, slots=True)
class DesignChoice:
    """Which parts of the sampling design a model takes into account."""

    weights: bool = True
    strata: bool = True
    clusters: bool = True
    population: bool = True


@dataclass(frozen=True, slots=True)
class Specification:
    """One column of the table."""

    name: str
    outcome: str
    estimator: Estimator
    formula: Formula
    covariance: Covariance
    design: DesignChoice
    subpopulation: Expression | None = None
    margins: bool = True


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
