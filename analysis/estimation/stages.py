"""Stages of a sample: what was drawn within what, and which share of it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimation.estimates import Floats
from analysis.estimation.labels import Codes, Labels, Rows, named
from analysis.refusals import Refusal


@dataclass(frozen=True, eq=False)
class Stage:
    """A further stage: units drawn within each sampled unit of the stage before.

    Attributes
    ----------
    cluster : (n,) labels
        What was drawn. A label means one unit within each unit of the stage before, so that
        villages may be numbered from one in every district.
    stratum : (n,) labels or None
        Strata within the units of the stage before; None means that there are none.
    population : (n,) floats or None
        As `SurveyDesign.population`: how many units each stratum of this stage has, or which
        share of them was drawn. None takes it as infinite.
    """

    cluster: Labels
    stratum: Labels | None = None
    population: Floats | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "cluster", np.asarray(self.cluster))
        if self.stratum is not None:
            object.__setattr__(self, "stratum", np.asarray(self.stratum))
        if self.population is not None:
            object.__setattr__(self, "population", np.asarray(self.population, dtype=float))

    @property
    def lengths(self) -> set[int]:
        parts = (self.cluster, self.stratum, self.population)
        return {len(part) for part in parts if part is not None}


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One stage in numbers: U units in S strata within P units of the stage before.

    Attributes
    ----------
    unit : (n,) codes of the units
    stratum_of_unit : (U,) codes of the strata
    units_in_stratum : (S,) sampled units, those outside every domain counted too
    sampled_share : (S,) share of the stratum's units that was drawn; 0 where it is infinite
    parent_of_stratum : (S,) codes of the units of the stage before; zeros at the first stage
    carried : (S,) product of the shares drawn at the stages before; 1 at the first stage
    labels : (S,) names of the strata
    """

    unit: Codes
    stratum_of_unit: Codes
    units_in_stratum: Codes
    sampled_share: Floats
    parent_of_stratum: Codes
    carried: Floats
    labels: Labels

    @property
    def stratum(self) -> Codes:
        """(n,) codes of the strata."""
        return self.stratum_of_unit[self.unit]


def layer_within(stage: Stage, above: Layer, number: int) -> Layer:
    """The units of a further stage within those of the one above it.

    Raises: Refusal ``design_missing``, ``cluster_in_two_strata`` and those of `sampled_share`.
    """
    what = f"of stage {number}"
    cluster = _codes(stage.cluster, f"cluster {what}")
    inner = None if stage.stratum is None else _codes(stage.stratum, f"stratum {what}")
    stratum = above.unit if inner is None else _crossed(above.unit, inner)
    unit = _crossed(above.unit, cluster)
    units, strata = int(unit.max(initial=-1)) + 1, int(stratum.max(initial=-1)) + 1
    stratum_of_unit, parent = np.empty(units, dtype=np.intp), np.empty(strata, dtype=np.intp)
    stratum_of_unit[unit] = stratum
    parent[stratum] = above.unit
    refuse_split(stage.cluster, stratum_of_unit[unit] != stratum)
    units_in_stratum = np.bincount(stratum_of_unit, minlength=strata)
    labels = np.empty(strata, dtype=object)
    labels[stratum] = stage.cluster if inner is None else stage.stratum
    labels = np.array([f"{label} (stage {number})" for label in labels], dtype=object)
    outer = above.stratum_of_unit[parent]
    return Layer(
        unit=unit,
        stratum_of_unit=stratum_of_unit,
        units_in_stratum=units_in_stratum,
        sampled_share=sampled_share(stage.population, stratum, units_in_stratum, labels),
        parent_of_stratum=parent,
        carried=above.carried[outer] * above.sampled_share[outer],
        labels=labels,
    )


def sampled_share(
    population: Floats | None, stratum: Codes, units_in_stratum: Codes, labels: Labels
) -> Floats:
    """(S,) shares n_h / N_h; 0 where the population is not given.

    A column whose values all lie above 0 and up to 1, and not all at 1, holds the shares
    themselves; any other column holds counts N_h.

    Raises
    ------
    Refusal
        ``population_not_positive``, ``population_mixed``, ``population_varies``,
        ``population_too_small``.
    """
    if population is None:
        return np.zeros(len(labels))
    _refuse_nonsense(population, stratum, labels)
    value = np.empty(len(labels))
    value[stratum] = population
    _refuse_varying(population, value, stratum, labels)
    known = ~np.isnan(value)
    if np.nanmin(value, initial=np.inf) < 1:
        return np.where(known, value, 0.0)
    short = value < units_in_stratum
    if short.any():
        raise Refusal(
            "population_too_small",
            "More units were sampled than the population count allows in these strata: "
            f"{named(labels[short])}.",
            "The population count is the number on the frame, not the sample; shares are given "
            "as numbers up to 1 throughout.",
        )
    share = np.zeros(len(labels))
    share[known] = units_in_stratum[known] / value[known]
    return share


def refuse_split(cluster: Labels, split: Rows) -> None:
    """Refuse clusters that lie in more than one stratum; `split` marks their rows."""
    if split.any():
        clusters = list(dict.fromkeys(str(label) for label in cluster[split]))
        raise Refusal(
            "cluster_in_two_strata",
            f"These clusters lie in more than one stratum: {named(clusters)}.",
            "Clusters are drawn within strata: name a cluster of each stratum differently.",
        )


def refuse_missing(codes: Codes, name: str) -> None:
    missing = codes < 0
    if missing.any():
        raise Refusal(
            "design_missing",
            f"The {name} is missing for {missing.sum()} of {len(codes)} firms; the first is "
            f"firm {int(np.argmax(missing)) + 1} of the data.",
            f"Fill in the {name} of every firm, or leave it out of the design.",
        )


def _refuse_nonsense(population: Floats, stratum: Codes, labels: Labels) -> None:
    wrong = population <= 0
    if wrong.any():
        strata = labels[np.unique(stratum[wrong])]
        raise Refusal(
            "population_not_positive",
            f"The population count is zero or negative in these strata: {named(strata)}.",
            "Give the number of units on the frame, or leave it empty where it is not known.",
        )
    share, count = population < 1, population > 1
    if share.any() and count.any():
        raise Refusal(
            "population_mixed",
            f"Some population counts are shares below 1 (first in stratum "
            f"'{labels[stratum[np.argmax(share)]]}') and some are numbers above 1 (first in "
            f"stratum '{labels[stratum[np.argmax(count)]]}').",
            "Give one kind for all strata of a stage: numbers on the frame, or shares drawn.",
        )


def _refuse_varying(population: Floats, value: Floats, stratum: Codes, labels: Labels) -> None:
    expected = value[stratum]
    differs = (population != expected) & ~(np.isnan(population) & np.isnan(expected))
    varies = np.bincount(stratum, differs, len(labels)) > 0
    if varies.any():
        raise Refusal(
            "population_varies",
            f"The population count differs between firms of one stratum: {named(labels[varies])}.",
            "Give every firm of a stratum the number of firms of that stratum on the frame.",
        )


def _codes(labels: Labels, name: str) -> Codes:
    codes: Codes = pd.factorize(labels)[0]
    refuse_missing(codes, name)
    return codes


def _crossed(outer: Codes, inner: Codes) -> Codes:
    """Codes of the pairs that occur, in order of appearance."""
    pairs = outer.astype(np.int64) * (int(inner.max(initial=-1)) + 1) + inner
    return np.asarray(pd.factorize(pairs)[0], dtype=np.intp)
