"""How the responding firms came to be in the sample."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.estimation.estimates import Floats
from analysis.refusals import Refusal

Labels = npt.NDArray[Any]
Codes = npt.NDArray[np.intp]
Rows = npt.NDArray[np.bool_]

NAMED_AT_MOST = 8


@dataclass(frozen=True, eq=False)
class SurveyDesign:
    """Weights, strata, clusters and population counts of n responding firms.

    Attributes
    ----------
    weight : (n,) floats
        Firms of the population that one respondent stands for. Ones throughout mean that
        the sample is not weighted. Zero puts the firm outside every domain.
    stratum : (n,) labels
    cluster : (n,) labels
        What was drawn: the firm itself, unless firms were drawn in clusters. A cluster
        lies within one stratum.
    population : (n,) floats or None
        Number N_h on the frame, in the units that were drawn, of the row's stratum. NaN
        or None takes the stratum as infinite: no finite population correction.

    Raises
    ------
    Refusal
        ``weight_missing``, ``weight_negative``, ``weight_infinite``, ``design_missing``,
        ``cluster_in_two_strata``, ``population_varies``, ``population_too_small``.
    """

    weight: Floats
    stratum: Labels
    cluster: Labels
    population: Floats | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "weight", np.asarray(self.weight, dtype=float))
        object.__setattr__(self, "stratum", np.asarray(self.stratum))
        object.__setattr__(self, "cluster", np.asarray(self.cluster))
        lengths = {len(self.weight), len(self.stratum), len(self.cluster)}
        if self.population is not None:
            object.__setattr__(self, "population", np.asarray(self.population, dtype=float))
            lengths.add(len(self.population))
        if len(lengths) > 1:
            raise ValueError(f"The parts of the design differ in length: {sorted(lengths)}.")
        _check_weight(self.weight)
        _check_labels(self)
        _check_population(self)

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
        share = np.zeros(len(self.stratum_labels))
        if self.population is not None:
            count = np.empty(len(self.stratum_labels))
            count[self.stratum_codes] = self.population
            known = ~np.isnan(count)
            share[known] = self.clusters_in_stratum[known] / count[known]
        return share

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

    def degrees_of_freedom(self, domain: Rows) -> int:
        """Clusters less strata, counting those that hold a firm of the domain, as R survey."""
        strata, clusters = self.strata_and_clusters(domain)
        return clusters - strata


def survey_design(
    *,
    count: int,
    weight: Sequence[float] | Floats | None = None,
    stratum: Sequence[Any] | Labels | None = None,
    cluster: Sequence[Any] | Labels | None = None,
    population: Sequence[float] | Floats | None = None,
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
    )


def named(labels: Iterable[Any]) -> str:
    """The labels in quotes, the first few of a long list and how many more there are."""
    quoted = [f"'{label}'" for label in labels]
    shown = ", ".join(quoted[:NAMED_AT_MOST])
    more = len(quoted) - NAMED_AT_MOST
    return shown if more <= 0 else f"{shown} and {more} more"


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


def _check_labels(design: SurveyDesign) -> None:
    for name, codes in (("stratum", design.stratum_codes), ("cluster", design.cluster_codes)):
        missing = codes < 0
        if missing.any():
            raise Refusal(
                "design_missing",
                f"The {name} is missing for {missing.sum()} of {len(codes)} firms; the first is "
                f"firm {int(np.argmax(missing)) + 1} of the data.",
                f"Fill in the {name} of every firm, or leave it out of the design.",
            )
    split = design.stratum_of_cluster[design.cluster_codes] != design.stratum_codes
    if split.any():
        clusters = list(dict.fromkeys(str(label) for label in design.cluster[split]))
        raise Refusal(
            "cluster_in_two_strata",
            f"These clusters lie in more than one stratum: {named(clusters)}.",
            "Clusters are drawn within strata: name a cluster of each stratum differently.",
        )


def _check_population(design: SurveyDesign) -> None:
    if design.population is None:
        return
    strata = np.array(design.stratum_labels, dtype=object)
    count = np.empty(len(strata))
    count[design.stratum_codes] = design.population
    expected = count[design.stratum_codes]
    differs = (design.population != expected) & ~(np.isnan(design.population) & np.isnan(expected))
    varies = np.bincount(design.stratum_codes, differs, len(strata)) > 0
    if varies.any():
        raise Refusal(
            "population_varies",
            f"The population count differs between firms of one stratum: {named(strata[varies])}.",
            "Give every firm of a stratum the number of firms of that stratum on the frame.",
        )
    short = count < design.clusters_in_stratum
    if short.any():
        raise Refusal(
            "population_too_small",
            "More units were sampled than the population count allows in these strata: "
            f"{named(strata[short])}.",
            "The population count is the number on the frame (not a share, not the sample).",
        )
