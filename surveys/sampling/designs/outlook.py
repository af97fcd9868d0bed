"""What a plan would give, as plain data: strata, collapses, precision, burden, overlap."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from surveys.sampling.allocation import effective_size, expected_cvs
from surveys.sampling.arrays import Floats, Integers, counts
from surveys.sampling.designs.design import Design, PrecisionTarget
from surveys.sampling.designs.sizing import Sized, by_stratum, domains_of, estimand_of, targets_of
from surveys.sampling.designs.stratifying import Stratified
from surveys.sampling.selection.burden import burden
from surveys.sampling.selection.draws import Draw

MOST_DOMAINS = 100
"""Domains of one dimension whose precision is told; of finer ones it would fill pages."""
PLAIN_SHARE = 0.5


def outlook(
    design: Design,
    on: Stratified,
    size: Sized,
    draw: Draw,
    *,
    starts: Floats,
    earlier: Mapping[str, npt.ArrayLike],
) -> dict[str, Any]:
    """The preview of a plan; `earlier` holds register identifiers by wave, oldest first."""
    shares = draw.base_weight
    return {
        "firms": len(on.firms),
        "groups": None if on.groups is None else len(on.primary),
        "drawn": len(draw.unit),
        "drawn_groups": None if on.groups is None else size.allocation.total,
        "effective_size": effective_size(shares) if len(draw.unit) else 0.0,
        "largest_weight": float(shares.max()) if len(draw.unit) else 0.0,
        "size_bounds": on.bounds.tolist(),
        "strata": strata_lines(on, size, draw, starts),
        "collapsed": [
            {"thin": each.thin, "with": each.with_, "firms": each.population, "over": each.rule}
            for each in on.strata.joined
        ],
        "still_thin": list(on.strata.still_thin),
        "precision": precision(design, on, size),
        "burden": _burden(on, draw, list(earlier.values())),
        "overlap": _overlap(design, on, draw, earlier),
    }


def strata_lines(on: Stratified, size: Sized, draw: Draw, starts: Floats) -> list[dict[str, Any]]:
    """A line for each stratum, with the cells that it was made of."""
    number = len(on.strata.keys)
    cells: list[list[str]] = [[] for _ in range(number)]
    for cell, stratum in enumerate(on.strata.stratum_of_cell.tolist()):
        cells[stratum].append(on.cells.keys[cell].label)
    firms, drawn = on.firms_in_strata, counts(draw.stratum, number)
    weights = np.bincount(draw.stratum, weights=draw.base_weight, minlength=number)
    return [
        {
            "label": key.label or "All firms",
            "size_class": key.size_class,
            "industry": key.industry,
            "region": key.region,
            "population": int(firms[h]),
            "drawn": int(drawn[h]),
            "groups": None if on.groups is None else int(on.strata.population[h]),
            "drawn_groups": None if on.groups is None else int(size.allocation.drawn[h]),
            "fraction": float(drawn[h] / firms[h]),
            "weight": float(weights[h] / drawn[h]) if drawn[h] else None,
            "take_all": bool(on.strata.take_all[h]),
            "cells": cells[h],
            "start": float(starts[h]),
            "rate": float(size.allocation.rate[h]),
        }
        for h, key in enumerate(on.strata.keys)
    ]


def precision(design: Design, on: Stratified, size: Sized) -> list[dict[str, Any]]:
    """Expected coefficients of variation: of the targets, then of a plain share by domain.

    They are those of simple sampling within strata with the stated response rate.
    """
    asked = [each for target in design.targets for each in targets_of(target, on)]
    estimands = [target.estimand for target in asked]
    wanted: list[float | None] = [target.cv for target in asked]
    binding = {(met.variable, met.domain) for met in size.met if met.is_binding}
    for plain in _plain(design, on):
        for domain, inside in domains_of(plain, on).items():
            estimands.append(estimand_of(plain, on, inside=inside, domain=domain))
            wanted.append(None)
    answering = by_stratum(design.allocation.response_rate, on, use="Response rate")
    cvs = expected_cvs(estimands, on.strata.population, size.allocation.drawn, answering)
    return [
        {
            "variable": each.variable,
            "domain": each.domain,
            "cv": float(cv) if np.isfinite(cv) else None,
            "wanted": limit,
            "met": None if limit is None else bool(cv <= limit * (1 + 1e-9)),
            "decides": (each.variable, each.domain) in binding,
        }
        for each, cv, limit in zip(estimands, cvs, wanted, strict=True)
    ]


def _plain(design: Design, on: Stratified) -> list[PrecisionTarget]:
    """A share of a half, and the measure of the allocation: overall and by dimension."""
    dimensions = [
        name
        for name in design.strata.by
        if len(np.unique(getattr(on.primary, name))) <= MOST_DOMAINS
    ]
    result = [PrecisionTarget(cv=1.0, share=PLAIN_SHARE)]
    result += [PrecisionTarget(cv=1.0, share=PLAIN_SHARE, by=name) for name in dimensions]
    if design.allocation.variable:
        result.append(PrecisionTarget(cv=1.0, variable=design.allocation.variable))
    return result


def _burden(on: Stratified, draw: Draw, earlier: Sequence[npt.ArrayLike]) -> dict[str, Any]:
    found = burden(on.firms.identifier, earlier)
    drawn = found.waves[draw.unit]
    return {
        "waves": len(earlier),
        "frame": {str(k): v for k, v in found.distribution.items()},
        "drawn": _tallied(drawn),
    }


def _tallied(values: Integers) -> dict[str, int]:
    different, number = np.unique(values, return_counts=True)
    return {str(k): int(n) for k, n in zip(different.tolist(), number.tolist(), strict=True)}


def _overlap(
    design: Design, on: Stratified, draw: Draw, earlier: Mapping[str, npt.ArrayLike]
) -> dict[str, Any] | None:
    rotation = design.selection.rotation
    if rotation is None:
        return None
    before = np.asarray(earlier.get(rotation.wave, np.empty(0, dtype=str))).astype(str)
    both = int(np.isin(on.firms.identifier[draw.unit], before).sum())
    return {"wave": rotation.wave, "both": both, "before": len(before), "drawn": len(draw.unit)}
