"""Descriptions by region as maps, where the survey has boundaries of its regions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from analysis.figures.boundaries import Boundaries
from analysis.figures.figure import Figure
from analysis.figures.maps import Area, region_map

REGION = "control.region"
_SHOWN = ("mean", "share", "total", "ratio")
_YES = ("1", "yes")
_TERM = re.compile(r"\w+\[(?:(?P<level>[^,\]]+), )?(?P<region>[^,\]]+)\]")


@dataclass(frozen=True, slots=True)
class Mapped:
    """One description by region; `level` is the answer whose share it is, or nothing."""

    title: str
    axis: str
    areas: tuple[Area, ...]
    boundaries: Boundaries


def maps_of(document: Mapping[str, Any], boundaries: Boundaries | None) -> list[Mapped]:
    """One of each description by region that has an estimate of a region with boundaries."""
    if boundaries is None:
        return []
    drawn = {region.code for region in boundaries.regions}
    found = [
        _mapped(description, boundaries)
        for description in document.get("descriptives", ())
        if description["by"] == REGION and description["statistic"] in _SHOWN
    ]
    return [
        each
        for each in found
        if any(area.code in drawn and area.estimate is not None for area in each.areas)
    ]


def drawer(mapped: Mapped, source: str) -> "partial[Figure]":
    """The map, to be called when it is wanted; `source` ends its caption."""
    return partial(
        region_map,
        mapped.areas,
        mapped.boundaries,
        title=mapped.title,
        note=source,
        axis=mapped.axis,
    )


def _mapped(description: Mapping[str, Any], boundaries: Boundaries) -> Mapped:
    lines = [(_TERM.fullmatch(line["term"]), line) for line in description["terms"]]
    levels = list(dict.fromkeys(cell["level"] for cell, _ in lines if cell and cell["level"]))
    level = next((each for each in levels if each in _YES), levels[-1] if levels else None)
    areas = tuple(
        Area(
            cell["region"],
            line["label"].rpartition(" × ")[2],
            line["estimate"],
            line["conf_low"],
            line["conf_high"],
            line["n"],
        )
        for cell, line in lines
        if cell is not None and cell["level"] == level
    )
    statistic = description["statistic"].capitalize()
    axis = statistic if level is None else f"{statistic}: {_level_word(description, level)}"
    return Mapped(description["title"], axis, areas, boundaries)


def _level_word(description: Mapping[str, Any], level: str) -> str:
    """The level as the lines word it, before the region."""
    for line in description["terms"]:
        cell = _TERM.fullmatch(line["term"])
        if cell is not None and cell["level"] == level:
            return str(line["label"].partition(" × ")[0])
    return level
