"""What the same estimators give in samples too small for them: shown, and held to no bar."""

from functools import partial

import numpy as np

from analysis.estimation.parts import Parts
from benchmarks.monte_carlo import categories, censored, counts, glm, selection
from benchmarks.monte_carlo.clustered_firms import in_clusters, in_pairs, one_by_one
from benchmarks.monte_carlo.scenario import Scenario


def of_glm(name: str, made: glm.Made, drawing: categories.Drawing, *covariances: str) -> Scenario:
    def drawn(random: np.random.Generator) -> glm.Drawn:
        return drawing(random, 1), Parts()

    replicate = glm.replicated(name, made, drawn, covariances, "")
    return Scenario(name, glm.TERMS, glm.EFFECTS, replicate, NOTES[drawing])


FORTY = partial(one_by_one, count=40)
HUNDRED = partial(one_by_one, count=100)
FEW_CLUSTERS = partial(in_clusters, count=12)
FEW_PAIRS = partial(in_pairs, strata=12)
NOTES = {
    FORTY: "40 firms drawn for themselves",
    HUNDRED: "100 firms drawn for themselves",
    FEW_CLUSTERS: "12 clusters of 15 firms whose errors correlate by 0.1",
    FEW_PAIRS: categories.PAIRS.format(12),
}
ORDERED_TERMS = ("x", "z", "cut1", "cut2", "cut3")
ORDERED = np.array([*categories.SLOPES, *categories.CUTS])

SCENARIOS: tuple[Scenario, ...] = (
    of_glm("linear", glm.spread, FORTY, "HC0", "HC1", "HC2", "HC3"),
    of_glm("logit", glm.MODELS["logit"], FORTY, "model", "HC0", "HC1", "HC2", "HC3"),
    of_glm("linear", glm.alike, FEW_CLUSTERS, "cluster"),
    of_glm("logit", glm.MODELS["logit"], FEW_CLUSTERS, "cluster"),
    of_glm("linear", glm.alike, FEW_PAIRS, "design"),
    of_glm("logit", glm.MODELS["logit"], FEW_PAIRS, "design"),
    Scenario(
        "ordered_logit",
        ORDERED_TERMS,
        ORDERED,
        categories.ordered("logit", FEW_PAIRS, ("design",)),
        NOTES[FEW_PAIRS],
    ),
    Scenario(
        "tobit",
        (*censored.TERMS, "log_sigma"),
        np.append(censored.MEAN, np.log(censored.SIGMA)),
        censored.replicated(censored.between_limits, HUNDRED, ("model",)),
        NOTES[HUNDRED],
    ),
    Scenario(
        "negative_binomial",
        (*counts.TERMS, "log_alpha"),
        np.append(counts.MEAN, np.log(counts.ALPHA)),
        counts.replicated(
            "negative_binomial", partial(counts.negative_binomial, 0.0), HUNDRED, ("model",)
        ),
        NOTES[HUNDRED],
    ),
    Scenario(
        "heckman",
        (*selection.TERMS, "atanh_rho", "log_sigma"),
        np.array(
            [
                *selection.MEAN,
                *selection.SELECTION,
                np.arctanh(selection.RHO),
                np.log(selection.SIGMA),
            ]
        ),
        selection.replicated("heckman", partial(one_by_one, count=400), ("model",)),
        "400 firms drawn for themselves, rho one half",
    ),
)
