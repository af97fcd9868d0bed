"""What a plan would give, as plain data: strata, collapses, precision, burden, overlap."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from surveys.sampling.allocation import effective_size
from surveys.sampling.arrays import Floats, Integers, counts
from surveys.sampling.designs.design import Design, PrecisionTarget
from surveys.sampling.designs.precision import Question, cvs, is_simple, questions_of
from surveys.sampling.designs.sizing import ALL, Sized, by_stratum
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
    told = precision(design, on, size)
    rates = by_stratum(design.allocation.response_rate, on, use="Response rate")
    answering = float(rates[draw.stratum].mean()) if len(draw.unit) else 0.0
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
        "precision": told,
        "taken_as_simple": is_taken_as_simple(design),
        "design_effect": design_effect(on, draw, _plain_cv(told), answering),
        "correlation": None if on.groups is None else design.selection.correlation,
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

    They are those of the plan's own draw, with the stated response rate.
    """
    binding = {(met.variable, met.domain) for met in size.met if met.is_binding}
    questions = _questions(design, on)
    lines = []
    for each, cv in zip(questions, cvs(questions, design, on, size), strict=True):
        named = each.target.named
        lines.append(
            {
                "variable": named,
                "domain": each.domain,
                "cv": float(cv) if np.isfinite(cv) else None,
                "wanted": each.wanted,
                "met": None if each.wanted is None else not each.is_missed(cv),
                "decides": (named, each.domain) in binding,
            }
        )
    return lines


def _plain_cv(lines: Sequence[Mapping[str, Any]]) -> float | None:
    named = PrecisionTarget(cv=1.0, share=PLAIN_SHARE).named
    found = (each["cv"] for each in lines if (each["variable"], each["domain"]) == (named, ALL))
    return next(found, None)


def _questions(design: Design, on: Stratified) -> list[Question]:
    plain = questions_of(_plain(design, on), on)
    return [
        *questions_of(design.targets, on),
        *(replace(each, wanted=None) for each in plain),
    ]


def is_taken_as_simple(design: Design) -> bool:
    """Whether the allocation rests on variances of equal chances, and the draw has others."""
    plan = design.allocation
    rests_on_variances = plan.method in ("neyman", "optimal", "bethel") or bool(plan.variable)
    return rests_on_variances and not plan.for_draw and not is_simple(design)


def design_effect(on: Stratified, draw: Draw, cv: float | None, answering: float) -> float | None:
    """Of a share of one half over all firms, against a simple sample of as many firms."""
    firms, drawn = len(on.firms), len(draw.unit) * answering
    if cv is None or firms < 2 or not 0 < drawn < firms:
        return None
    simple = firms**2 * PLAIN_SHARE**2 * firms / (firms - 1) * (1 / drawn - 1 / firms)
    return float((cv * PLAIN_SHARE * firms) ** 2 / simple)


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
