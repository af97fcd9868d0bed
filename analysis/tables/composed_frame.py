"""Firms that answered against the sample and the frame, as an entry of composed tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.specification.describing import Result
from analysis.tables.composed_cells import (
    cell,
    count,
    is_withheld,
    line,
    numbers_of,
    part_of,
    plain,
    withheld,
)

_COLUMNS = (
    ("frame_n", "n", "Frame"),
    ("frame", "%", "Frame"),
    ("drawn_n", "n", "Drawn"),
    ("drawn", "%", "Drawn"),
    ("drawn_weighted", "%, weighted", "Drawn"),
    ("responding_n", "n", "Answered"),
    ("rate", "Response, %", "Answered"),
    ("unweighted", "%", "Answered"),
    ("design", "%, design weights", "Answered"),
    ("final", "%, final weights", "Answered"),
    ("off", "Final less frame", ""),
    ("p", "p", ""),
)


def entry(results: list[Result]) -> dict[str, Any]:
    """Lines of each variable's categories; nothing of a category of too few firms."""
    by_variable: dict[str, dict[str, Result]] = {}
    for result in results:
        part = part_of(result)
        by_variable.setdefault(part.variable, {})[part.role] = result
    more = part_of(results[0]).more
    return {
        "title": more["title"],
        "columns": [{"key": key, "label": label, "group": group} for key, label, group in _COLUMNS],
        "lines": [each for found in by_variable.values() for each in _of_variable(found)],
        "beneath": "shown",
        "n": int(sum(more["responding"].values())),
        "notes": [
            f"Frame: {more['frame_name']}, {more['frame_total']} units. Drawn are the eligible "
            "firms of the sample, answered are those that the estimates of this wave are of.",
            "Final less frame is in percentage points. p is of response going together with the "
            "variable among the firms drawn: Rao and Scott's F under design weights and strata.",
        ],
    }


def _of_variable(found: Mapping[str, Result]) -> list[dict[str, Any]]:
    more = part_of(found["final"]).more
    shares = {
        weighting: dict(zip(more["answered"], numbers_of(result.description), strict=True))
        for weighting, result in found.items()
    }
    hidden = any(is_withheld(result) for result in found.values())
    lines = []
    for place, (code, label) in enumerate(more["levels"]):
        cells = _of_frame(more, code)
        # Of a category nobody answered in, that nobody did is all there is.
        mine = {weighting: told.get(code) for weighting, told in shares.items()}
        if any(each is not None and each.is_withheld for each in mine.values()):
            cells |= dict.fromkeys(_of_answered(), withheld())
        else:
            cells |= _answered(more, code, mine)
        if place == 0 and not hidden and more["test"] is not None:
            cells["p"] = {
                **plain("p_value", more["test"]["p_value"]),
                "test": more["test"],
                "once": more["label"],
            }
        ordered = [cells.get(key) for key, _, _ in _COLUMNS]
        key = f"{part_of(found['final']).variable}={code}"
        lines.append(line(key, label, ordered, group=more["label"]))
    return lines


def _of_answered() -> Sequence[str]:
    return [key for key, _, group in _COLUMNS if group == "Answered"] + ["off"]


def _of_frame(more: Mapping[str, Any], code: str) -> dict[str, Any]:
    """What the register and the draw say, which is no answer of any firm."""
    return {
        "frame_n": count(more["frame"].get(code, 0)),
        "frame": plain("share", _share(more["frame"], code)),
        "drawn_n": count(more["drawn"][code]),
        "drawn": plain("share", _share(more["drawn"], code)),
        "drawn_weighted": plain("share", _share(more["drawn_weighted"], code)),
    }


def _answered(more: Mapping[str, Any], code: str, mine: Mapping[str, Any]) -> dict[str, Any]:
    drawn, responding = more["drawn"][code], more["responding"][code]
    cells = {"responding_n": count(responding)}
    cells["rate"] = plain("share", responding / drawn if drawn else float("nan"))
    for weighting, numbers in mine.items():
        cells[weighting] = plain("share", 0.0) if numbers is None else cell("share", numbers)
    final = 0.0 if mine["final"] is None else mine["final"].estimate
    cells["off"] = plain("share", final - _share(more["frame"], code))
    return cells


def _share(counts: Mapping[str, float], code: str) -> float:
    return counts.get(code, 0) / sum(counts.values())
