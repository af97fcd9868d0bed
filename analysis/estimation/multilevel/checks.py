"""What a multilevel model needs of its regions, and what is refused."""

import numpy as np

from analysis.estimation.design import SurveyDesign, named
from analysis.estimation.estimates import Covariance
from analysis.estimation.multilevel.regions import REGION, Regions
from analysis.estimation.parts import Labels
from analysis.estimation.sample import Sample
from analysis.refusals import Refusal

FEWEST_REGIONS = 3
FEW_REGIONS = 10
REGIONS_PER_CONTEXT = 10
FEW_WITH_A_VALUE = 5
# Standard deviations from zero at which the mean of a slope's variable leaves its variance and
# that of the intercepts to rounding.
FAR_FROM_ZERO = 50.0
# Of a column's variation: less than that within regions is rounding.
NO_VARIATION = 1e-10


def refuse_regions(sample: Sample, regions: Regions, most: int) -> None:
    """Refuse regions and slopes that the random part cannot be estimated from.

    Raises
    ------
    Refusal
        ``too_few_regions``, ``regions_of_one_firm``, ``too_many_slopes``,
        ``slope_without_within_variation``, ``slope_far_from_zero``,
        ``too_few_regions_for_context``.
    """
    if regions.count < FEWEST_REGIONS:
        raise Refusal(
            "too_few_regions",
            f"The firms of the model lie in {regions.count} regions; how regions differ cannot be "
            f"estimated from fewer than {FEWEST_REGIONS}.",
            "Enter the regions as a category instead.",
        )
    if regions.sizes.max() < 2:
        raise Refusal(
            "regions_of_one_firm",
            "No region has two firms, so differences between regions and differences between "
            "firms are the same thing.",
            "Choose a coarser division into regions, or a model of one level.",
        )
    if len(regions.columns) > most:
        raise Refusal(
            "too_many_slopes",
            f"{len(regions.columns) - 1} slopes vary over regions; {sample.estimator} allows "
            f"{most - 1}.",
            "Let fewer slopes vary.",
        )
    _refuse_constant_slopes(sample, regions)
    _refuse_far_slopes(sample, regions)
    _refuse_saturated(sample, regions)


def _refuse_constant_slopes(sample: Sample, regions: Regions) -> None:
    X = regions.X[regions.order]
    within = X - (regions.sums(X) / regions.sizes[:, None])[regions.code]
    share = (within**2).sum(axis=0) / np.maximum(((X - X.mean(axis=0)) ** 2).sum(axis=0), 1e-300)
    flat = [
        sample.wording.labels.get(column.name, column.name)
        for column, part in zip(regions.columns[1:], share[1:], strict=True)
        if part < NO_VARIATION
    ]
    if flat:
        raise Refusal(
            "slope_without_within_variation",
            f"{named(flat)} is the same for all firms of a region, so no region shows a slope.",
            "Keep the term among the regressors and leave it out of the slopes; to let the effect "
            "of a firm's trait depend on it, add their product.",
        )


def _refuse_far_slopes(sample: Sample, regions: Regions) -> None:
    mean, spread = regions.X.mean(axis=0), regions.X.std(axis=0)
    far = np.flatnonzero(np.abs(mean[1:]) > FAR_FROM_ZERO * spread[1:]) + 1
    if far.size:
        labels = sample.wording.labels
        names = [regions.columns[place].name for place in far]
        raise Refusal(
            "slope_far_from_zero",
            f"The values of {named([labels.get(name, name) for name in names])} lie so far from "
            "zero that intercepts of regions, which are at zero, and slopes cannot be told apart.",
            "Take the mean off the variable, or count a year from the first of the survey.",
        )


def context_columns(sample: Sample, regions: Regions) -> list[int]:
    """Positions of the terms that do not vary within regions, the intercept apart."""
    X = sample.X[regions.order]
    within = np.abs(X - X[regions.starts][regions.code]).max(axis=0)
    size = np.abs(X).max(axis=0)
    return [
        place
        for place in range(1, X.shape[1])
        if within[place] <= NO_VARIATION * max(size[place], 1e-300)
    ]


def _refuse_saturated(sample: Sample, regions: Regions) -> None:
    context = context_columns(sample, regions)
    if len(context) + 1 >= regions.count:
        raise Refusal(
            "too_few_regions_for_context",
            f"{len(context)} terms describe regions ({_terms(sample, context)}) and there are "
            f"{regions.count} regions: the terms alone explain every difference between them.",
            "Leave terms that describe regions out.",
        )


def cautions(sample: Sample, regions: Regions) -> tuple[str, ...]:
    """Sentences on regions that are few, in all or for the terms that describe them."""
    notes = []
    if regions.count < FEW_REGIONS:
        notes.append(
            f"Only {regions.count} regions: the variance between regions is estimated roughly, "
            "and tests of terms that describe regions are too bold."
        )
    context = context_columns(sample, regions)
    needed = REGIONS_PER_CONTEXT * len(context)
    if context and regions.count < needed:
        notes.append(
            f"{len(context)} terms describe regions ({_terms(sample, context)}) and there are "
            f"{regions.count} regions, fewer than {REGIONS_PER_CONTEXT} for each."
        )
    values = sample.X[regions.order[regions.starts]]
    for place in context:
        counts = np.unique(values[:, place], return_counts=True)[1]
        if len(counts) == 2 and counts.min() < FEW_WITH_A_VALUE:
            notes.append(
                f"{sample.wording.term(sample.names[place])} rests on {counts.min()} regions that "
                "differ from the others."
            )
    return tuple(notes)


def refuse_split_regions(sample: Sample, design: SurveyDesign, covariance: Covariance) -> None:
    """Refuse clusters or sampled units that cut a region in two.

    The scores of a region stand together: they can be summed into larger units, not divided.

    Raises: Refusal ``region_split``.
    """
    if covariance not in {"cluster", "design", "replicate"}:
        return
    labels = np.asarray(sample.labels[REGION])
    units = [sample.labels[role] for role in ("cluster", "cluster_2") if role in sample.labels]
    if covariance != "cluster":
        units = [design.cluster[sample.rows]]
    for unit in units:
        _refuse_split(labels, np.asarray(unit))


def _refuse_split(labels: Labels, unit: Labels) -> None:
    first: dict[object, object] = {}
    split = {
        region
        for region, each in zip(labels.tolist(), unit.tolist(), strict=True)
        if first.setdefault(region, each) != each
    }
    if split:
        raise Refusal(
            "region_split",
            "Firms of one region are in several clusters or sampled units: "
            f"{named(sorted(f'{each}' for each in split))}. The random effect ties a region's "
            "firms together, so standard errors can allow for whole regions or groups of them "
            "only.",
            "Cluster by the region or by something larger, or take a model of one level with "
            "design-based standard errors.",
        )


def _terms(sample: Sample, places: list[int]) -> str:
    labels = sample.wording.labels
    return named([labels.get(sample.names[place], sample.names[place]) for place in places])
