"""From what a plan says of the design to the design of a data set."""

import numpy as np

from analysis.dataset import Dataset
from analysis.estimation.design import SurveyDesign, survey_design
from analysis.estimation.estimates import Covariance, Floats
from analysis.estimation.replication import ReplicateWeights, replicate_weights
from analysis.refusals import Refusal
from analysis.specification.model import DesignChoice


def design_of(
    chosen: DesignChoice, dataset: Dataset, covariance: Covariance = "design"
) -> SurveyDesign:
    """The parts of the sample's design that a model takes into account.

    Raises: Refusal of a design that cannot be had of these data.
    """
    design = dataset.design
    made = survey_design(
        count=len(design),
        weight=_weight(chosen, dataset),
        stratum=design["stratum"].to_numpy() if chosen.strata else None,
        cluster=design["cluster"].to_numpy() if chosen.clusters else None,
        population=_population(chosen, dataset, covariance),
        lonely=chosen.lonely,
    )
    if chosen.replicates == "none":
        return made
    if chosen.replicates == "published":
        return made.with_replicates(_published(chosen, dataset))
    return made.with_replicates(
        replicate_weights(made, method=chosen.replicates, count=chosen.count, seed=chosen.seed)
    )


def refuse_design(chosen: DesignChoice, dataset: Dataset, covariance: Covariance) -> None:
    """Raises: Refusal of a design that cannot be had of these data."""
    _population(chosen, dataset, covariance)
    _weight(chosen, dataset)
    if chosen.replicates == "published":
        _published(chosen, dataset)


def _weight(chosen: DesignChoice, dataset: Dataset) -> Floats | None:
    """Raises: Refusal ``no_longitudinal_weights``."""
    if not chosen.weights:
        return None
    name = "longitudinal_weight" if chosen.longitudinal else "weight"
    if name not in dataset.design.columns:
        raise Refusal(
            "no_longitudinal_weights",
            "There are no longitudinal weights: no firm has answered in every wave of the plan.",
            "Take waves that some firms have all answered, or write  weights: design.",
        )
    return dataset.design[name].to_numpy(dtype=float)


def _published(chosen: DesignChoice, dataset: Dataset) -> ReplicateWeights:
    """Raises: Refusal ``no_published_replicates``, ``replicates_without_weights``."""
    if not chosen.weights:
        raise Refusal(
            "replicates_without_weights",
            "The design leaves the weights out, but the published replicates are of those weights.",
            "Take the weights in, or name a method of making replicates, such as JKn.",
        )
    if dataset.waves:
        raise Refusal(
            "no_published_replicates",
            "Published replicate weights are of one wave: those of several waves were not made "
            "together, so they do not tell how the waves of a firm go together.",
            "Name a method, such as JKn, which leaves firms out with all their waves.",
        )
    if dataset.replicates is None:
        raise Refusal(
            "no_published_replicates",
            "The wave's weights were published without replicate weights, or are not published.",
            "Make weights with replicates and publish them, or name a method, such as JKn.",
        )
    return dataset.replicates


def _population(chosen: DesignChoice, dataset: Dataset, covariance: Covariance) -> Floats | None:
    """N_h in the units that were drawn, if the covariance is to be corrected by it.

    Raises: Refusal ``population_of_clusters`` where the clusters that it counts are left out.
    """
    population = dataset.design["population"].to_numpy(dtype=float)
    if not (chosen.population and chosen.strata) or np.isnan(population).all():
        return None
    if chosen.clusters or dataset.design["cluster"].is_unique:
        return population
    if covariance not in ("design", "replicate"):
        return None
    raise Refusal(
        "population_of_clusters",
        "The design leaves the clusters out, but the population of each stratum counts clusters, "
        "not firms: corrected by it, standard errors would be too small.",
        "Say  population: none  beside  clusters: none,  or take the clusters in.",
    )
