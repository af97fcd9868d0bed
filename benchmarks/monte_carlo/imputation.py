"""Answers missing at random, imputed by chained equations and pooled, again and again."""

from collections.abc import Callable, Mapping

import numpy as np
from scipy import special

from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.design_matrix import (
    INTERCEPT,
    Column,
    DesignMatrix,
    Factor,
    Values,
    design_matrix,
)
from analysis.estimation.estimates import Covariance, Estimates, Floats
from analysis.estimation.imputation import fit_imputed, impute_dataset
from analysis.estimation.imputation.recipe import Derive, Kind, Method
from benchmarks.monte_carlo.scenario import Scenario

FIRMS = 300
# Of a logit, whose maximum likelihood is off by about 1 / n.
MANY = 1500
IMPUTATIONS = 5
ITERATIONS = 5
SLOPES = np.array([0.5, 0.4, -0.3])
# Of the stratified firms: population shares, and what strata add to regressor and outcome.
SHARES = np.array([0.55, 0.25, 0.15, 0.05])
REGRESSOR_LEVEL = np.array([0.0, 0.5, 1.0, 1.5])
OUTCOME_LEVEL = np.array([0.0, 0.3, 0.2, 1.0])
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(40)


def lost(random: np.random.Generator, values: Values, index: Floats) -> Values:
    """The values, missing with a chance that rises with the index; a quarter where it is 0."""
    gone = random.random(len(values)) < special.expit(index - 1.1)
    if values.dtype == object:
        return np.where(gone, None, values)
    return np.where(gone, np.nan, values)


def matrix(data: Mapping[str, Values], *names: str) -> DesignMatrix:
    columns, kinds = [Column(INTERCEPT)], {}
    for name in names:
        is_category = data[name].dtype == object
        kinds[name] = "category" if is_category else "continuous"
        levels = sorted(set(data[name]))[1:] if is_category else ()
        columns += [
            Column(f"{name}[{level}]", (Factor(name, "indicator", level),)) for level in levels
        ] or [Column(name, (Factor(name),))]
    return design_matrix(columns, {name: data[name] for name in names}, kinds)


def pooled(
    random: np.random.Generator,
    data: Mapping[str, Values],
    kinds: Mapping[str, Kind],
    asked: tuple[tuple[str, ...], tuple[str, ...], str, tuple[str, ...]],
    *,
    estimator: str = "linear",
    covariances: tuple[Covariance, ...] = ("model", "HC1"),
    design: SurveyDesign | None = None,
    derive: Derive | None = None,
    methods: Mapping[str, Method] | None = None,
) -> Mapping[str, Estimates]:
    """`asked`: what is imputed, what predicts besides, the outcome, the regressors."""
    variables, predictors, outcome, regressors = asked
    imputations = impute_dataset(
        data,
        kinds,
        variables=variables,
        predictors=predictors,
        design=design,
        count=IMPUTATIONS,
        iterations=ITERATIONS,
        seed=int(random.integers(2**32)),
        derive=derive,
        methods=methods,
    )
    model = fit_imputed(
        imputations,
        lambda completed: (completed[outcome], matrix(completed, *regressors)),
        estimator=estimator,
        covariance=covariances[0],
        design=design or survey_design(count=len(data[outcome])),
    )
    return {name: model.under(name).pooled.estimates for name in covariances}


def numbers(
    method: Method,
) -> Callable[[np.random.Generator], Mapping[str, Estimates]]:
    """Graduates are missing by growth."""

    def replicate(random: np.random.Generator) -> Mapping[str, Estimates]:
        size = random.normal(size=FIRMS)
        graduates = 0.5 * size + random.normal(size=FIRMS)
        growth = SLOPES[0] + SLOPES[1] * size + SLOPES[2] * graduates + random.normal(size=FIRMS)
        data = {"size": size, "growth": growth, "graduates": lost(random, graduates, 0.5 * growth)}
        return pooled(
            random,
            data,
            {"size": "continuous", "growth": "continuous", "graduates": "continuous"},
            (("graduates",), ("size", "growth"), "growth", ("size", "graduates")),
            methods={"graduates": method},
        )

    return replicate


def yes_or_no(random: np.random.Generator) -> Mapping[str, Estimates]:
    """A logit of innovation; whether a firm exports is missing by innovation and size."""
    size = random.normal(size=MANY)
    exporter = (random.random(MANY) < special.expit(0.8 * size)) * 1.0
    index = SLOPES[0] + SLOPES[1] * size + SLOPES[2] * exporter
    product = (random.random(MANY) < special.expit(index)) * 1.0
    data = {"size": size, "product": product, "exporter": lost(random, exporter, product - size)}
    return pooled(
        random,
        data,
        {"size": "continuous", "product": "binary", "exporter": "binary"},
        (("exporter",), ("size", "product"), "product", ("size", "exporter")),
        estimator="logit",
    )


def breadth(random: np.random.Generator) -> Mapping[str, Estimates]:
    """Breadth counts three kinds of partner, of which each may be missing."""
    size = random.normal(size=FIRMS)
    items = (random.random((3, FIRMS)) < special.expit(0.5 * size - 0.2)) * 1.0
    growth = SLOPES[0] + SLOPES[1] * size + 0.5 * items.sum(axis=0) + random.normal(size=FIRMS)
    names = ("suppliers", "clients", "universities")
    data = {"size": size, "growth": growth}
    data |= {
        name: lost(random, item, 0.5 * growth - size - 0.5)
        for name, item in zip(names, items, strict=True)
    }
    kinds: dict[str, Kind] = {"size": "continuous", "growth": "continuous"}
    return pooled(
        random,
        data,
        kinds | dict.fromkeys(names, "binary"),
        (names, ("size", "growth"), "growth", ("size", "breadth")),
        derive=lambda known: {"breadth": sum(known[name] for name in names)},
    )


def industries(random: np.random.Generator) -> Mapping[str, Estimates]:
    """The industry is missing by growth."""
    size = random.normal(size=FIRMS)
    pull = np.column_stack([np.zeros(FIRMS), 0.5 * size, 0.3 - 0.4 * size])
    industry = (pull + random.gumbel(size=pull.shape)).argmax(axis=1)
    growth = (
        SLOPES[0]
        + SLOPES[1] * size
        + np.array([0.0, 0.5, -0.4])[industry]
        + random.normal(size=FIRMS)
    )
    words = np.array(["food", "metal", "trade"], dtype=object)[industry]
    data = {"size": size, "growth": growth, "industry": lost(random, words, growth - 0.5)}
    return pooled(
        random,
        data,
        {"size": "continuous", "growth": "continuous", "industry": "category"},
        (("industry",), ("size", "growth"), "growth", ("size", "industry")),
    )


def novelty(random: np.random.Generator) -> Mapping[str, Estimates]:
    """Four levels of novelty, missing by size and sector."""
    size, sector = random.normal(size=FIRMS), (random.random(FIRMS) < 0.5) * 1.0
    index = 0.8 * sector + 0.7 * size
    level = np.digitize(index + random.logistic(size=FIRMS), CUTS).astype(float)
    data = {"size": size, "sector": sector, "novelty": lost(random, level, size - sector)}
    return pooled(
        random,
        data,
        {"size": "continuous", "sector": "binary", "novelty": "ordered"},
        (("novelty",), ("size", "sector"), "novelty", ("sector",)),
    )


CUTS = np.array([-0.5, 0.5, 2.0])


def mean_novelty(sector: float) -> float:
    above = special.expit(0.8 * sector + 0.7 * NODES[:, None] - CUTS).sum(axis=1)
    return float(WEIGHTS @ above / WEIGHTS.sum())


def stratified(random: np.random.Generator) -> Mapping[str, Estimates]:
    """As many firms drawn from each stratum, so that weights tell of the outcome."""
    stratum = np.repeat(np.arange(len(SHARES)), FIRMS // len(SHARES))
    graduates = REGRESSOR_LEVEL[stratum] + random.normal(size=len(stratum))
    growth = 0.5 + 0.4 * graduates + OUTCOME_LEVEL[stratum] + random.normal(size=len(stratum))
    data = {"growth": growth, "graduates": lost(random, graduates, growth - 1)}
    return pooled(
        random,
        data,
        {"growth": "continuous", "graduates": "continuous"},
        (("graduates",), ("growth",), "growth", ("graduates",)),
        covariances=("design", "HC1"),
        design=survey_design(count=len(stratum), weight=100 * SHARES[stratum], stratum=stratum),
    )


def projection() -> Floats:
    """Intercept and slope of growth on graduates in the whole population of the strata."""
    mean = SHARES @ REGRESSOR_LEVEL
    variance = 1 + SHARES @ (REGRESSOR_LEVEL - mean) ** 2
    slope = 0.4 + SHARES @ ((REGRESSOR_LEVEL - mean) * OUTCOME_LEVEL) / variance
    level = 0.5 + 0.4 * mean + SHARES @ OUTCOME_LEVEL
    return np.array([level - slope * mean, slope])


Replicate = Callable[[np.random.Generator], Mapping[str, Estimates]]


def scenario(
    estimator: str, terms: tuple[str, ...], truth: Floats, replicate: object, what: str
) -> Scenario:
    """Pooled estimates read like Estimates, with degrees of freedom for each term."""
    firms = MANY if estimator == "logit" else FIRMS
    note = f"{firms} firms, {IMPUTATIONS} imputations; {what}"
    return Scenario(estimator, terms, np.asarray(truth), replicate, note)  # type: ignore[arg-type]


SCENARIOS: tuple[Scenario, ...] = (
    scenario(
        "linear",
        (INTERCEPT, "size", "graduates"),
        SLOPES,
        numbers("pmm"),
        "a regressor by predictive mean matching",
    ),
    scenario(
        "linear",
        (INTERCEPT, "size", "graduates"),
        SLOPES,
        numbers("normal"),
        "a regressor by the normal model",
    ),
    scenario(
        "logit", (INTERCEPT, "size", "exporter"), SLOPES, yes_or_no, "a yes or no by the logit"
    ),
    scenario(
        "linear",
        (INTERCEPT, "size", "breadth"),
        np.array([0.5, 0.4, 0.5]),
        breadth,
        "three items by the logit, their count derived",
    ),
    scenario(
        "linear",
        (INTERCEPT, "size", "industry[metal]", "industry[trade]"),
        np.array([0.5, 0.4, 0.5, -0.4]),
        industries,
        "a category by the multinomial logit",
    ),
    scenario(
        "linear",
        (INTERCEPT, "sector"),
        np.array([mean_novelty(0), mean_novelty(1) - mean_novelty(0)]),
        novelty,
        "levels by the ordered logit",
    ),
    scenario(
        "linear",
        (INTERCEPT, "graduates"),
        projection(),
        stratified,
        "a regressor by matching, strata and weights among the predictors",
    ),
)
