"""Panel estimators on made firms followed over waves. Truth is that of the model that made them."""

from collections.abc import Callable, Mapping

import numpy as np

from analysis.estimation.design import survey_design
from analysis.estimation.design_matrix import INTERCEPT, Column, DesignMatrix, Factor, design_matrix
from analysis.estimation.estimates import Covariance, Estimates
from analysis.estimation.panel.attrition import attrition_weights
from analysis.estimation.parts import Parts
from analysis.estimation.regression import Model, estimate
from benchmarks.monte_carlo.panel_firms import (
    LONG_RUN,
    PATHS,
    REMAINDER,
    SLOPES,
    TERMS,
    Table,
    answers,
    correlated,
    counts,
    followed,
    pairs,
    plainly,
    roughly,
    walking,
)
from benchmarks.monte_carlo.scenario import Floats, Scenario

Reader = Callable[[Model], Estimates]


def matrix(table: Table, *names: str) -> DesignMatrix:
    """An intercept and the variables as they are; d is yes or no."""
    return design_matrix(
        (Column(INTERCEPT), *(Column(name, (Factor(name),)) for name in names)),
        {name: table[name].to_numpy(dtype=float) for name in names},
        dict.fromkeys(names, "continuous"),
        count=len(table),
    )


def fitted(
    estimator: str,
    table: Table,
    names: tuple[str, ...],
    first: Covariance,
    *,
    is_weighted: bool,
    other: str = "",
    **choices: Mapping[str, str],
) -> Model:
    """One model of the column y, by firm, with the first of the covariances."""
    return estimate(
        y=table["y"].to_numpy(dtype=float),
        X=matrix(table, *names),
        estimator=estimator,
        covariance=first,
        design=survey_design(
            count=len(table),
            weight=table["weight"] if is_weighted else None,
            stratum=table["stratum"] if is_weighted else None,
            cluster=table["firm"],
        ),
        domain=np.ones(len(table), dtype=bool),
        parts=Parts(
            labels={"unit": table["firm"].to_numpy(), "wave": table["wave"].to_numpy()},
            outcomes={"other": table[other].to_numpy(dtype=float)} if other else {},
            **choices,
        ),
    )


def scenario(
    estimator: str,
    make: Callable[[np.random.Generator], Table],
    truth: Floats,
    covariances: tuple[Covariance, ...],
    note: str,
    *,
    terms: tuple[str, ...] = TERMS,
    names: tuple[str, ...] = TERMS,
    read: Reader = lambda model: model.estimates,
    other: str = "",
    **choices: Mapping[str, str],
) -> Scenario:
    """A scenario of one estimator; weighted and stratified if it asks for the design."""

    def replicate(random: np.random.Generator) -> dict[str, Estimates]:
        model = fitted(
            estimator,
            make(random),
            names,
            covariances[0],
            is_weighted="design" in covariances,
            other=other,
            **choices,
        )
        return {each: read(model.under(each)) for each in covariances}

    return Scenario(estimator, terms, truth, replicate, note)


ATTENUATED = SLOPES / np.sqrt(1 + REMAINDER**2)
_RATIO = np.sqrt(LONG_RUN[1, 1] / LONG_RUN[0, 0])
CROSSED = np.array(
    [PATHS[0, 1] - PATHS[1, 0], PATHS[0, 1] * _RATIO - PATHS[1, 0] / _RATIO, PATHS[0, 1] * _RATIO]
)
CROSSED_TERMS = (
    "crossed paths apart",
    "standardised|crossed paths apart",
    "standardised|other_lag",
)
PATH_TERMS = ("outcome_lag", "other_lag", "other|outcome_lag", "other|other_lag")


def derived(model: Model) -> Estimates:
    if model.derived is None:
        raise ValueError("A cross-lagged pair has standardised paths.")
    return model.derived


def weighted_mean(random: np.random.Generator) -> dict[str, Estimates]:
    """The mean of the last wave, by firms that stayed, weighted for those that left."""
    table = followed(random)
    design = survey_design(count=len(table), weight=table["weight"], cluster=table["firm"])
    weights = attrition_weights(
        unit=table["firm"].to_numpy(),
        wave=table["wave"].to_numpy(),
        X=matrix(table, "y", "x"),
        design=design,
        covariance="HC1",
    )
    table["weight"] = weights.weight
    last = table[table["wave"] == 2].reset_index(drop=True)
    model = estimate(
        y=last["y"].to_numpy(dtype=float),
        X=matrix(last),
        estimator="linear",
        covariance="HC1",
        design=survey_design(count=len(last), weight=last["weight"]),
        domain=np.ones(len(last), dtype=bool),
    )
    return {"HC1": model.estimates}


ROUGH: tuple[Covariance, ...] = ("cluster",)
DESIGN: tuple[Covariance, ...] = ("design", "cluster")
SCENARIOS: tuple[Scenario, ...] = (
    scenario("fixed_effects", plainly, SLOPES, ("model", "cluster"), "errors independent"),
    scenario("fixed_effects", roughly, SLOPES, ROUGH, "errors persist and spread with x"),
    scenario("fixed_effects", roughly, SLOPES, DESIGN, "the same, drawn from strata"),
    scenario("first_differences", walking, SLOPES, ("model", "cluster"), "errors are sums"),
    scenario("first_differences", roughly, SLOPES, DESIGN, "errors persist; strata"),
    scenario(
        "long_differences",
        roughly,
        SLOPES,
        DESIGN,
        "over two waves; strata",
        numbers={"lag": 2.0},
    ),
    scenario(
        "long_differences",
        plainly,
        SLOPES,
        ("model", "cluster"),
        "over two waves; errors independent",
        numbers={"lag": 2.0},
    ),
    scenario(
        "fixed_effects_poisson",
        lambda random: counts(random, spread=0.0),
        SLOPES,
        ("model", "cluster"),
        "counts of a Poisson law",
    ),
    scenario(
        "fixed_effects_poisson",
        lambda random: counts(random, spread=0.5),
        SLOPES,
        DESIGN,
        "counts spread further; strata",
    ),
    scenario("conditional_logit", answers, SLOPES / 2, ("model", "cluster"), "yes or no"),
    scenario("conditional_logit", answers, SLOPES / 2, DESIGN, "yes or no; strata"),
    scenario(
        "correlated_random_effects",
        correlated,
        ATTENUATED,
        ("cluster",),
        "probit; coefficients of the average firm",
        words={"response": "probit"},
    ),
    scenario(
        "correlated_random_effects",
        correlated,
        ATTENUATED,
        DESIGN,
        "the same, drawn from strata",
        words={"response": "probit"},
    ),
    scenario(
        "lagged_outcome",
        pairs,
        PATHS[0],
        ("model", "cluster"),
        "no effects of firms",
        terms=("outcome_lag", "z (t-1)"),
        names=("z",),
    ),
    scenario(
        "lagged_outcome",
        pairs,
        PATHS[0],
        DESIGN,
        "the same, drawn from strata",
        terms=("outcome_lag", "z (t-1)"),
        names=("z",),
    ),
    scenario(
        "cross_lagged",
        pairs,
        PATHS.ravel(),
        DESIGN,
        "two processes at their long-run level; strata",
        terms=PATH_TERMS,
        names=(),
        other="z",
    ),
    scenario(
        "cross_lagged",
        pairs,
        CROSSED,
        ("cluster",),
        "standardised paths and how far the crossed ones are apart",
        terms=CROSSED_TERMS,
        names=(),
        read=derived,
        other="z",
    ),
    Scenario(
        "linear",
        (INTERCEPT,),
        np.array([1.0]),
        weighted_mean,
        "a mean of the last wave under attrition weights; standard errors are on the safe side",
    ),
)
