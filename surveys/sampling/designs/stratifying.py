"""The strata of a plan on a frame."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from surveys.sampling.arrays import Flags, Floats, Integers, Labels
from surveys.sampling.designs.design import Certainty, Collapsing, Design, SizeClassing, Strata
from surveys.sampling.designs.frame import FrameColumns, in_groups, with_strata
from surveys.sampling.refusals import SamplingRefused
from surveys.sampling.selection.groups import Groups
from surveys.sampling.strata.cells import Cells, cross
from surveys.sampling.strata.collapsing import Collapsed, Rule, collapse
from surveys.sampling.strata.size_bounds import (
    classes_of,
    cumulative_root_frequency,
    lavallee_hidiroglou,
)

CERTAIN = "certain"
"""Size class of the stratum of firms that are drawn whatever their numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Stratified:
    """A frame in the strata of a plan.

    Attributes
    ----------
    firms : FrameColumns
        The frame as it is.
    primary : FrameColumns
        What is drawn first: firms, or groups; with the size classes that the plan formed.
    groups : Groups or None
    cells : Cells
        Before the collapse.
    strata : Collapsed
    certain : (N,) booleans
        Of `primary`.
    bounds : (L - 1,) floats
        Of the size classes that the plan formed; empty if it took those of the frame.
    """

    firms: FrameColumns
    primary: FrameColumns
    groups: Groups | None
    cells: Cells
    strata: Collapsed
    certain: Flags
    bounds: Floats

    @property
    def firms_in_strata(self) -> Integers:
        """(H,) firms, where `strata.population` counts groups."""
        if self.groups is None:
            return self.strata.population
        of_firm = self.strata.code[self.groups.code]
        return np.bincount(of_firm, minlength=len(self.strata.keys))


def stratified(design: Design, frame: FrameColumns, *, origin: str) -> Stratified:
    """The frame in the plan's strata; `origin` names the survey to which numbers belong.

    Raises SamplingRefused for what the frame does not have.
    """
    if not len(frame):
        raise SamplingRefused("The frame holds no firm. Load one first.")
    primary, groups = frame, None
    if design.selection.groups:
        primary, groups = in_groups(frame, origin=origin, seed=0)
    bounds, take_all = np.empty(0), set(design.strata.take_all)
    if design.strata.size is not None:
        bounds, labels = _size_classes(design.strata.size, primary)
        primary = replace(primary, size_class=np.array(labels)[_classes(design, primary, bounds)])
        if design.strata.size.rule == "lavallee_hidiroglou":
            take_all.add(labels[-1])
        design = _ordered(design, labels)
    certain = _certain(design.strata.certain, frame, primary, groups)
    cells = _cells(design.strata, primary, certain, take_all)
    strata = _collapsed(design.strata.collapse, cells)
    if groups is not None:
        groups = with_strata(groups, strata.code)
    return Stratified(frame, primary, groups, cells, strata, certain, bounds)


def size_labels(bounds: Floats) -> list[str]:
    """Words for the classes between bounds, the smallest first."""
    first, last = f"under {bounds[0]:g}", f"{bounds[-1]:g} or more"
    pairs = pairwise(bounds.tolist())
    return [first, *(f"{low:g} to <{high:g}" for low, high in pairs), last]


def _size_classes(classing: SizeClassing, frame: FrameColumns) -> tuple[Floats, list[str]]:
    sizes = frame.measure(classing.measure, use="Size classes")
    if classing.rule == "bounds":
        bounds = np.array(classing.bounds)
    elif classing.rule == "root_frequency":
        bounds = cumulative_root_frequency(sizes, classes=classing.classes).bounds
    else:
        bounds = lavallee_hidiroglou(sizes, classes=classing.classes, cv=classing.cv).bounds
    return bounds, size_labels(bounds)


def _classes(design: Design, frame: FrameColumns, bounds: Floats) -> Integers:
    measure = design.strata.size.measure if design.strata.size else ""
    return classes_of(frame.measures[measure], bounds)


def _ordered(design: Design, labels: list[str]) -> Design:
    """The plan with the formed classes in their order for the collapse."""
    rule = design.strata.collapse
    if rule is None:
        return design
    order = {**rule.order, "size_class": tuple(labels)}
    strata = replace(design.strata, collapse=replace(rule, order=order))
    return replace(design, strata=strata)


def _certain(
    rule: Certainty | None, frame: FrameColumns, primary: FrameColumns, groups: Groups | None
) -> Flags:
    found = np.zeros(len(frame), dtype=bool)
    if rule is None:
        return np.zeros(len(primary), dtype=bool)
    if rule.units:
        _refuse_unknown(rule.units, frame.identifier)
        found |= np.isin(frame.identifier, rule.units)
    if rule.measure:
        found |= frame.measure(rule.measure, use="Certain firms") >= rule.least
    if groups is None:
        return found
    return np.asarray(np.bincount(groups.code, weights=found, minlength=len(primary)) > 0)


def _refuse_unknown(units: tuple[str, ...], identifiers: Labels) -> None:
    missing = np.flatnonzero(~np.isin(units, identifiers))
    if missing.size:
        places = ", ".join(str(int(n) + 1) for n in missing[:10])
        raise SamplingRefused(
            f"Certain firms: {missing.size} of the {len(units)} named are not on the frame, at "
            f"position {places} of strata.certain.units. Take them out, or load a frame with them."
        )


def _cells(strata: Strata, frame: FrameColumns, certain: Flags, take_all: set[str]) -> Cells:
    nothing = np.full(len(frame), "")
    size = frame.size_class if "size_class" in strata.by else nothing
    industry = frame.industry if "industry" in strata.by else nothing
    region = frame.region if "region" in strata.by else nothing
    if certain.any():
        size = np.where(certain, CERTAIN, size)
        industry, region = np.where(certain, "", industry), np.where(certain, "", region)
        # A class of which every firm is certain has no stratum of its own any more.
        gone = set(np.unique(frame.size_class).tolist()) - set(np.unique(size).tolist())
        take_all = (take_all - gone) | {CERTAIN}
    return cross(size, industry, region, take_all=take_all)


def _collapsed(rule: Collapsing | None, cells: Cells) -> Collapsed:
    if rule is None:
        return collapse(cells, (), minimum=1)
    rules = [
        Rule(
            dimension,
            order=rule.order.get(dimension, ()),
            within=_within(cells, dimension, rule.within.get(dimension)),
        )
        for dimension in rule.over
    ]
    return collapse(cells, rules, minimum=rule.below)


def _within(cells: Cells, dimension: str, characters: int | None) -> dict[str, str] | None:
    if characters is None:
        return None
    return {each: each[:characters] for each in (getattr(key, dimension) for key in cells.keys)}
