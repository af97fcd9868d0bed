"""Cross-tabulations of a measure with its own lag, as flows between two waves."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from analysis.constructs.places import NEAR_TO_FAR
from analysis.figures.figure import Figure
from analysis.figures.flows import Flow, alluvial

# Measures whose numbers are ranks of scales, nearest first.
_OF_SCALES = ("reach", "source_reach")
_CELL = re.compile(r"\w+\[(?P<before>[^,\]]+), (?P<after>[^,\]]+)\]")


@dataclass(frozen=True, slots=True)
class Flows:
    """Where firms were and where they went; `firms` of both waves together."""

    title: str
    found: tuple[Flow, ...]
    waves: tuple[str, str]
    withheld: int


def flows_of(document: Mapping[str, Any]) -> list[Flows]:
    """One of each cross-tabulation of ``lag(reach)`` with ``reach`` in a plan of waves."""
    waves = [str(each["wave"]) for each in document.get("data", {}).get("waves") or ()]
    return [
        _flows(description, (waves[0], waves[-1]))
        for description in document.get("descriptives", ())
        if len(waves) > 1 and _is_of_flows(description)
    ]


def drawer(flows: Flows, source: str) -> "partial[Figure]":
    """The figure, to be called when it is wanted; `source` ends its caption."""
    held = _left_out(flows.withheld)
    return partial(
        alluvial,
        flows.found,
        waves=flows.waves,
        title=flows.title,
        note=f"{source}{held}",
    )


def _left_out(bands: int) -> str:
    if bands == 0:
        return ""
    return (
        " 1 band of few firms is left out."
        if bands == 1
        else (f" {bands} bands of few firms are left out.")
    )


def _is_of_flows(description: Mapping[str, Any]) -> bool:
    other = description.get("other", "")
    return (
        description["statistic"] == "cross_tabulation"
        and other in _OF_SCALES
        and description["outcome"] == f"lag({other})"
        and any(_share(line) for line in description["terms"])
    )


def _flows(description: Mapping[str, Any], waves: tuple[str, str]) -> Flows:
    # Each share is of all firms of the table.
    firms = max(line["n"] or 0 for line in description["terms"])
    cells = [(_CELL.fullmatch(line["term"]), _share(line)) for line in description["terms"]]
    return Flows(
        "How far did firms reach, and how far do they reach now?",
        tuple(
            Flow(_scale(cell["before"]), _scale(cell["after"]), share * firms)
            for cell, share in cells
            if cell is not None and share
        ),
        waves,
        sum(1 for cell, share in cells if cell is not None and share is None),
    )


def _share(line: Mapping[str, Any]) -> float | None:
    share: float | None = line["estimate"]
    return share


def _scale(rank: str) -> str:
    return NEAR_TO_FAR[int(float(rank)) - 1]
