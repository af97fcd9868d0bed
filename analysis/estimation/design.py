"""How the responding firms came to be in the sample."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis.estimation.calibration.record import Calibration
from analysis.estimation.estimates import Floats
from analysis.estimation.labels import Codes, Labels, Rows, named
from analysis.estimation.replicates import ReplicateWeights
from analysis.estimation.stages import (
    Layer,
    Stage,
    layer_within,
    refuse_missing,
    refuse_split,
    sampled_share,
)
from analysis.refusals import Refusal

__all__ = [
    "Codes",
    "Convention",
    "Labels",
    "Lonely",
    "Rows",
    "Stage",
    "SurveyDesign",
    "named",
    "survey_design",
]

Lonely = Literal["refuse", "certainty", "adjust", "average"]
LONELY: tuple[Lonely, ...] = ("refuse", "certainty", "adjust", "average")
Convention = Literal["R", "Stata"]


@dataclass(frozen=True, eq=False)
class SurveyDesign:
    """How n responding firms were drawn and weighted.

    Attributes
    ----------
    weight : (n,) floats
        Firms of the population that one respondent stands for. Ones throughout mean that
        the sample is not weighted. Zero puts the firm outside every domain.
    stratum : (n,) labels
    cluster : (n,) labels
        What was drawn first: the firm itself, unless firms were drawn in clusters. A cluster
        lies within one stratum.
    population : (n,) floats or None
        Number N_h on the frame, in the units that were drawn, of the row's stratum; or the
        share n_h / N_h that was drawn, if no value lies above 1. NaN or None takes the
        stratum as infinite: no finite population correction.
    stages : tuple of Stage
        What was drawn within the clusters, from the second stage on. They count as far as
        the populations of the stages before them are given.
    lonely : {"refuse", "certainty", "adjust", "average"}
        What a stratum with one sampled unit adds to a variance: nothing is estimated; zero;
        its squared distance from the mean of all units; the average of the other strata.
    replicates : ReplicateWeights or None
    calibration : Calibration or None
        How `weight` came from the weights before; made by `calibrate`, `rake` and
        `post_stratify`.

    Raises
    ------
    Refusal
        ``weight_missing``, ``weight_negative``, ``weight_infinite``, ``design_missing``,
        ``cluster_in_two_strata``, ``population_not_positive``, ``population_mixed``,
        ``population_varies``, ``population_too_small``.
    """

    weight: Floats
    stratum: Labels
    cluster: Labels
    population: Floats | None = None
    stages: tuple[Stage, ...] = ()
    lonely: Lonely = "refuse"
    replicates: ReplicateWeights | None = None
    calibration: Calibration | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", np.asarray(self.weight, dtype=float))
        object.__setattr__(self, "stratum", np.asarray(self.stratum))
        object.__setattr__(self, "cluster", np.asarray(self.cluster))
        if self.population is not None:
            object.__setattr__(self, "population", np.asarray(self.population, dtype=float))
        if self.lonely not in LONELY:
            raise ValueError(f"There is no policy {self.lonely!r}; there are {LONELY}.")
        lengths = _lengths(self)
        if len(lengths) > 1:
            raise ValueError(f"The parts of the design differ in length: {sorted(lengths)}.")
        _check_weight(self.weight)
        if self.calibration is not None and not np.array_equal(self.calibration.after, self.weight):
            raise ValueError("These are not the weights that the calibration of the design gave.")
        refuse_missing(self.stratum_codes, "stratum")
        refuse_missing(self.cluster_codes, "cluster")
        split = self.stratum_of_cluster[self.cluster_codes] != self.stratum_codes
        refuse_split(self.cluster, split)
        # Reading the layers checks the populations of every stage.
        _ = self.layers

    @cached_property
    def _strata(self) -> tuple[Codes, Any]:
        return pd.factorize(self.stratum)

    @cached_property
    def stratum_codes(self) -> Codes:
        """(n,) positions in `stratum_labels`."""
        return self._strata[0]

    @cached_property
    def stratum_labels(self) -> tuple[str, ...]:
        """Names of the strata, in order of appearance."""
        return tuple(str(label) for label in self._strata[1])

    @cached_property
    def cluster_codes(self) -> Codes:
        """(n,) numbers of the clusters, in order of appearance."""
        return pd.factorize(self.cluster)[0]

    @cached_property
    def stratum_of_cluster(self) -> Codes:
        """(clusters,) positions in `stratum_labels`."""
        result = np.empty(self.cluster_codes.max(initial=-1) + 1, dtype=np.intp)
        result[self.cluster_codes] = self.stratum_codes
        return result

    @cached_property
    def clusters_in_stratum(self) -> Codes:
        """(strata,) sampled clusters n_h, those outside the domain counted too."""
        return np.bincount(self.stratum_of_cluster, minlength=len(self.stratum_labels))

    @cached_property
    def sampled_share(self) -> Floats:
        """(strata,) n_h / N_h; 0 where the population is taken as infinite."""
        return sampled_share(
            self.population,
            self.stratum_codes,
            self.clusters_in_stratum,
            np.array(self.stratum_labels, dtype=object),
        )

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The stages in numbers, the clusters first."""
        strata = len(self.stratum_labels)
        first = Layer(
            unit=self.cluster_codes,
            stratum_of_unit=self.stratum_of_cluster,
            units_in_stratum=self.clusters_in_stratum,
            sampled_share=self.sampled_share,
            parent_of_stratum=np.zeros(strata, dtype=np.intp),
            carried=np.ones(strata),
            labels=np.array(self.stratum_labels, dtype=object),
        )
        layers = [first]
        for number, stage in enumerate(self.stages, start=2):
            layers.append(layer_within(stage, layers[-1], number))
        return tuple(layers)

    @cached_property
    def is_weighted(self) -> bool:
        return bool(np.any(self.weight != 1))

    def strata_and_clusters(self, domain: Rows) -> tuple[int, int]:
        """How many strata and clusters hold a firm of the domain with positive weight."""
        inside = domain & (self.weight > 0)
        return (
            int(np.count_nonzero(np.bincount(self.stratum_codes[inside]))),
            int(np.count_nonzero(np.bincount(self.cluster_codes[inside]))),
        )

    def degrees_of_freedom(self, domain: Rows, convention: Convention = "R") -> int:
        """Clusters less strata.

        R survey counts the clusters and strata that hold a firm of the domain with positive
        weight; Stata the strata that do, and every cluster of these.
        """
        strata, clusters = self.strata_and_clusters(domain)
        if convention == "Stata":
            inside = domain & (self.weight > 0)
            reached = np.unique(self.stratum_codes[inside])
            clusters = int(self.clusters_in_stratum[reached].sum())
        return clusters - strata

    def residual_degrees_of_freedom(
        self, domain: Rows, terms: int, convention: Convention = "R"
    ) -> int:
        """Of a model of so many terms: as R survey fewer by terms - 1, as Stata no fewer."""
        spare = self.degrees_of_freedom(domain, convention)
        return spare + 1 - terms if convention == "R" else spare

    def with_replicates(self, replicates: ReplicateWeights | None) -> "SurveyDesign":
        """The same design with these replicate weights, or with none."""
        if replicates is not None and len(replicates.weights) != len(self.weight):
            raise ValueError("The replicates and the design differ in length.")
        return self._changed(replicates=replicates)

    def calibrated(
        self, calibration: Calibration, replicates: ReplicateWeights | None
    ) -> "SurveyDesign":
        """The same design under the weights of a calibration."""
        _check_weight(calibration.after)
        return self._changed(
            weight=calibration.after, calibration=calibration, replicates=replicates
        )

    def _changed(self, **changes: Any) -> "SurveyDesign":
        """Without reading strata and clusters again, which takes long for a million firms."""
        result = object.__new__(SurveyDesign)
        kept = {key: value for key, value in self.__dict__.items() if key != "is_weighted"}
        result.__dict__.update(kept | changes)
        return result


def survey_design(
    *,
    count: int,
    weight: Sequence[float] | Floats | None = None,
    stratum: Sequence[Any] | Labels | None = None,
    cluster: Sequence[Any] | Labels | None = None,
    population: Sequence[float] | Floats | None = None,
    stages: Sequence[Stage] = (),
    lonely: Lonely = "refuse",
    replicates: ReplicateWeights | None = None,
) -> SurveyDesign:
    """The design of `count` firms from the parts of it that are to be taken into account.

    What is left out is taken as plainly as can be: weights of one, one stratum, each firm
    drawn for itself, an infinite population.
    """
    return SurveyDesign(
        weight=np.ones(count) if weight is None else np.asarray(weight, dtype=float),
        stratum=np.zeros(count, dtype=int) if stratum is None else np.asarray(stratum),
        cluster=np.arange(count) if cluster is None else np.asarray(cluster),
        population=None if population is None else np.asarray(population, dtype=float),
        stages=tuple(stages),
        lonely=lonely,
        replicates=replicates,
    )


def _lengths(design: SurveyDesign) -> set[int]:
    parts = [design.weight, design.stratum, design.cluster]
    if design.population is not None:
        parts.append(design.population)
    if design.replicates is not None:
        parts.append(design.replicates.weights)
    lengths = {len(part) for part in parts}
    return lengths.union(*(stage.lengths for stage in design.stages))


def _check_weight(weight: Floats) -> None:
    found = {
        "missing": (np.isnan(weight), "missing"),
        "negative": (weight < 0, "negative"),
        "infinite": (np.isposinf(weight), "infinite"),
    }
    for kind, (rows, words) in found.items():
        if rows.any():
            raise Refusal(
                f"weight_{kind}",
                f"The weight is {words} for {rows.sum()} of {len(weight)} firms; the first is firm "
                f"{int(np.argmax(rows)) + 1} of the data.",
                "Correct the weights. A firm that is to be left out has weight 0.",
            )
