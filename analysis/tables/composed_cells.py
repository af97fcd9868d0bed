"""Cells and lines of composed tables as plain data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.estimation.descriptive.description import Description
from analysis.specification.composed_parts import Part
from analysis.specification.describing import Result

# Of an estimate: a standard error below it is rounding, of what the design fixes.
ROUNDING = 1e-10


@dataclass(frozen=True, slots=True)
class Numbers:
    """One estimate of a description; `n` is not a number where the estimate was withheld."""

    estimate: float
    std_error: float
    low: float
    high: float
    n: float

    @property
    def is_withheld(self) -> bool:
        return bool(np.isnan(self.n))


def numbers_of(found: Description) -> list[Numbers]:
    """One for each term."""
    lines = zip(
        found.estimates.coefficients.tolist(),
        found.estimates.std_errors.tolist(),
        *found.intervals.T.tolist(),
        found.n.tolist(),
        strict=True,
    )
    return [Numbers(*each) for each in lines]


def part_of(result: Result) -> Part:
    """Its place in the table that it is of."""
    assert result.part is not None  # noqa: S101 -- only such are given here
    return result.part


def is_withheld(result: Result) -> bool:
    """Whether any of the description's estimates was withheld."""
    return bool(np.isnan(result.description.n).any())


def cell(form: str, found: Numbers) -> dict[str, Any]:
    """An estimate with all that may stand beneath it; `form` says how it is printed."""
    if found.is_withheld:
        return withheld()
    return {
        **plain(form, found.estimate),
        **_uncertainty(found),
        "n": int(found.n),
    }


def _uncertainty(found: Numbers) -> dict[str, Any]:
    """Nothing of what the design fixes: a standard error that is rounding is none."""
    if found.std_error <= ROUNDING * abs(found.estimate):
        return {"std_error": None, "low": None, "high": None}
    return {
        "std_error": finite(found.std_error),
        "low": finite(found.low),
        "high": finite(found.high),
    }


def plain(form: str, value: float) -> dict[str, Any]:
    """A number with nothing beneath it."""
    return {"form": form, "value": finite(value)}


def count(value: float) -> dict[str, Any]:
    return plain("count", float(value))


def withheld() -> dict[str, Any]:
    return {"form": "", "value": None, "withheld": True}


def line(
    key: str,
    label: str,
    cells: Sequence[dict[str, Any] | None],
    *,
    group: str = "",
    kind: str = "estimate",
) -> dict[str, Any]:
    """One line of the body; `group` is the heading it stands under, a None cell is empty."""
    return {"key": key, "label": label, "group": group, "kind": kind, "cells": list(cells)}


def finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
