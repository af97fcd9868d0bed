"""What is to be estimated, as a value. Written by `plan.read_plan`, read by the pipeline."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod
from typing import Literal

from analysis.estimation.descriptive.scope import CovarianceName
from analysis.estimation.design import Lonely
from analysis.estimation.estimates import Covariance
from analysis.estimation.replication import Method
from analysis.estimation.sample import Missing
from analysis.specification.expressions import Expression
from analysis.specification.formula import Formula
from analysis.specification.theory import Theory

Effect = Literal["coefficient", "margin"]
CHOICES = (
    "outcome", "measure", "controls", "optional", "subpopulation", "estimator", "weights",
)  # fmt: skip
ALL_WAVES = ("all",)
MOST_SPECIFICATIONS = 10_000
MOST_PERMUTED = 1_000_000


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
    longitudinal : whether firms of a panel count by what they stand for in all of its waves
    """

    weights: bool = True
    strata: bool = True
    clusters: bool = True
    population: bool = True
    lonely: Lonely = "refuse"
    replicates: Method | Literal["none", "published"] = "none"
    count: int = 200
    seed: int = 1
    longitudinal: bool = False


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
class Bootstrap:
    """How often the sample is drawn anew for the distribution of a model's coefficients."""

    replicates: int
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Permutation:
    """How often the firms' values of a term's variables are shuffled to test the term."""

    of: str
    replicates: int
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Drawn:
    """A curve asked of a model along the values of a variable, for a figure.

    Attributes
    ----------
    kind : ``prediction``, the average prediction if every firm had the value; ``effect``, the
        average marginal effect of those that have it
    of : the variable
    by : another, of which every firm is given each level in turn; or nothing
    """

    kind: Literal["prediction", "effect"]
    of: str
    by: str = ""


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
    bootstrap: Bootstrap | None = None
    permutation: Permutation | None = None
    drawn: tuple[Drawn, ...] = ()


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
    variables : of a statistic that makes a table of its own
    missing : of a correlation, ``listwise`` or ``pairwise``
    shares : of a cross-tabulation, those its own table shows: ``row``, ``column``, ``total``
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
    variables: tuple[str, ...] = ()
    missing: str = ""
    shares: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImputationChoice:
    """Which of the wave's variables are imputed, from which, how often, from which seed."""

    variables: tuple[str, ...]
    predictors: tuple[str, ...] = ()
    count: int = 20
    iterations: int = 10
    seed: int = 1


@dataclass(frozen=True)
class Curve:
    """What varies between the models of a specification curve (Simonsohn et al. 2020).

    Attributes
    ----------
    outcomes, estimators : names
    measures : formulas, of whose first term each model shows the effect
    controls : pairs of a name and the formula that every model of this choice holds
    optional : formulas, each of them once in and once left out
    subpopulations : pairs of a name and an expression, or None for all firms
    weights : whether firms count by their weights
    effect : ``coefficient``, or ``margin`` for average marginal effects
    permutations, seed : of the joint tests; none are made with 0
    """

    outcomes: tuple[str, ...]
    measures: tuple[Formula, ...]
    controls: tuple[tuple[str, Formula], ...] = (("none", Formula(())),)
    optional: tuple[Formula, ...] = ()
    subpopulations: tuple[tuple[str, Expression | None], ...] = (("all", None),)
    estimators: tuple[str, ...] = ("logit",)
    weights: tuple[bool, ...] = (True,)
    covariance: Covariance = "design"
    design: DesignChoice = field(default_factory=DesignChoice)
    effect: Effect = "coefficient"
    permutations: int = 0
    seed: int = 1

    @property
    def _lengths(self) -> tuple[int, ...]:
        """How many there are of each of CHOICES."""
        return (
            len(self.outcomes),
            len(self.measures),
            len(self.controls),
            2 ** len(self.optional),
            len(self.subpopulations),
            len(self.estimators),
            len(self.weights),
        )

    @property
    def count(self) -> int:
        """Models of the curve."""
        return prod(self._lengths)

    @cached_property
    def permuted(self) -> tuple[str, ...]:
        """Variables of the measures, which a permutation shuffles together."""
        return tuple(dict.fromkeys(name for measure in self.measures for name in measure.variables))

    def specification(self, number: int) -> Specification:
        """The model of that number, from 0; the last of CHOICES varies fastest."""
        outcome, measure, controls, optional, subpopulation, estimator, weights = self._places(
            number
        )
        formula = self.measures[measure] + self.controls[controls][1]
        for term in self._taken(optional):
            formula = formula + term
        return Specification(
            name=f"Specification {number + 1}",
            outcome=self.outcomes[outcome],
            estimator=self.estimators[estimator],
            formula=formula,
            covariance=self.covariance,
            design=replace(self.design, weights=self.weights[weights]),
            subpopulation=self.subpopulations[subpopulation][1],
            margins=self.effect == "margin",
        )

    def term(self, number: int) -> str:
        """The term whose effect the model of that number shows."""
        return str(self.measures[self._places(number)[1]].terms[0])

    def chosen(self, number: int) -> dict[str, str]:
        """In words, what the model of that number chose of each of CHOICES."""
        places = self._places(number)
        words = (
            self.outcomes[places[0]],
            str(self.measures[places[1]]),
            self.controls[places[2]][0],
            " + ".join(str(each) for each in self._taken(places[3])) or "none",
            self.subpopulations[places[4]][0],
            self.estimators[places[5]],
            "design" if self.weights[places[6]] else "none",
        )
        return dict(zip(CHOICES, words, strict=True))

    def probes(self) -> Iterator[int]:
        """Numbers of models among which every choice is met at least once."""
        lengths = self._lengths
        for axis, length in enumerate(lengths):
            for place in range(length) if axis != CHOICES.index("optional") else (length - 1,):
                places = [place if other == axis else 0 for other in range(len(lengths))]
                yield self._number(places)

    def _taken(self, optional: int) -> tuple[Formula, ...]:
        return tuple(each for bit, each in enumerate(self.optional) if optional >> bit & 1)

    def _places(self, number: int) -> tuple[int, ...]:
        places = []
        for length in reversed(self._lengths):
            number, place = divmod(number, length)
            places.append(place)
        return tuple(reversed(places))

    def _number(self, places: list[int]) -> int:
        number = 0
        for length, place in zip(self._lengths, places, strict=True):
            number = number * length + place
        return number


@dataclass(frozen=True, slots=True)
class Plan:
    """Specifications meant for one table.

    Attributes
    ----------
    definitions : pairs of name and expression, in the order in which they can be computed
    scales : pairs of a coarse scale and the instrument's scales it holds
    source : the text as written
    fingerprint : SHA-256 of the plan's canonical form
    waves : slugs of the waves that are stacked, in time; ALL_WAVES; or none for one wave
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
    curve: Curve | None = None
    waves: tuple[str, ...] = ()
    theory: Theory | None = None
