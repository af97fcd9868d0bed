"""The measures of a panel: those of each wave, made alike in all of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from analysis.constructs.measured import Measured, Values
from analysis.constructs.places import Crosswalk
from analysis.constructs.ties_over_waves import ties_over_waves
from analysis.dataset import Dataset
from analysis.linking import restricted, waves_apart

Known = dict[str, Measured]
Places = npt.NDArray[np.intp]
Derive = Callable[[Dataset, Crosswalk], Known]


def measures_over_waves(panel: Dataset, crosswalk: Crosswalk, derive: Derive) -> Known:
    """Every measure of a panel, by name.

    A measure that every wave allows is made of what all of them asked and of nothing else: a
    count of partners over eight kinds in one wave and ten in the next would grow by itself. One
    that some waves lack is made of what each of the others asked, and missing where it lacks.
    Which variables a measure is made of is found by making it without those that are not asked
    everywhere: where that is impossible in a wave that has it all the same, waves would be told
    by different questions, and the measure is left out.
    """
    parts = tuple(waves_apart(panel))
    everywhere = frozenset.intersection(*(frozenset(each.frame.columns) for each in parts))
    alike = [derive(restricted(each, everywhere), crosswalk) for each in parts]
    own = [derive(each, crosswalk) for each in parts]
    rows = [np.flatnonzero(panel.design.index.isin(each.frame.index)) for each in parts]
    found: Known = {}
    for name in dict.fromkeys(name for each in reversed(own) for name in each):
        is_alike = all(name in each for each in alike)
        if not is_alike and all(name in each for each in own):
            continue
        versions = [each.get(name) for each in (alike if is_alike else own)]
        lacking = [
            str(wave.get("wave_title") or wave["wave"])
            for wave, version in zip(panel.waves, versions, strict=True)
            if version is None
        ]
        found[name] = _stacked(versions, rows, len(panel.frame), lacking)
    common = restricted(panel, everywhere)
    return found | {each.name: each for each in ties_over_waves(panel, common)}


def barred(panel: Dataset) -> Known:
    """What some waves asked otherwise, which no plan over them may name, with the reason."""
    reasons: Mapping[str, str] = panel.provenance.get("not_pooled", {})
    blank = np.full(len(panel.frame), np.nan)
    return {
        name: Measured(name, blank, "continuous", name, barred=why) for name, why in reasons.items()
    }


def _stacked(
    versions: Sequence[Measured | None],
    rows: Sequence[Places],
    count: int,
    lacking: Sequence[str],
) -> Measured:
    """The measure of each wave in one column, as the newest wave that has it words it."""
    present = [each for each in versions if each is not None]
    newest = present[-1]
    is_category = newest.kind == "category"
    blank, kind = (None, object) if is_category else (np.nan, float)
    values: Values = np.full(count, blank, dtype=kind)
    for version, places in zip(versions, rows, strict=True):
        if version is not None:
            values[places] = version.values
    note = f"Not asked in {', '.join(lacking)}, and missing there." if lacking else ""
    return replace(
        newest,
        values=values,
        definition=" ".join(filter(None, [newest.definition, note])),
        codes=tuple(dict(pair for each in reversed(present) for pair in each.codes).items()),
        parts=_parts(versions, rows, count),
    )


def _parts(
    versions: Sequence[Measured | None], rows: Sequence[Places], count: int
) -> dict[str, Values]:
    parts: dict[str, Values] = {}
    for version, places in zip(versions, rows, strict=True):
        for name, values in (version.parts if version is not None else {}).items():
            parts.setdefault(name, np.full(count, np.nan))[places] = values
    return parts
