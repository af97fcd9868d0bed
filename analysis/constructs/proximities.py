"""Boschma's five proximities of the main partner at each scale, and their squares.

Boschma (2005): cognitive, organisational, social, institutional and geographical proximity.
Squares ask for "too much" of each, as Fitjar, Huber & Rodriguez-Pose (2016) do.
"""

from collections.abc import Iterator

from analysis.constructs.cells import by_coordinate, side_by_side
from analysis.constructs.entry import Entry
from analysis.constructs.measured import ANY_MISSING, Measured, mean_given
from analysis.dataset import Dataset

BOSCHMA = "Boschma (2005)"
KINDS = ("cognitive", "organisational", "social", "institutional", "geographical")
HIGHEST = 4.0
_NO_PARTNER = "Missing for a firm without a partner at any scale, or if every rating is missing."


def _of(kind: str) -> tuple[Entry, Entry, Entry, Entry]:
    """Mean over scales, at a scale, and the square of each."""
    needs, label = ((f"proximity.{kind}",),), f"{kind.capitalize()} proximity"
    mean = f"mean over the scales with a partner of {kind} proximity to the main partner there"
    at_scale = f"{kind} proximity to the main partner at {{at}}"
    stem, squared = f"{kind}_proximity", f"{kind}_proximity_squared"
    at_missing = f"{ANY_MISSING} A firm without a partner at the scale has none."
    return (
        Entry(stem, needs, label, f"{_capital(mean)}, 0 to 4.", (0, HIGHEST), _NO_PARTNER, BOSCHMA),
        Entry(
            stem, needs, label, f"{_capital(at_scale)}, 0 to 4.", (0, HIGHEST), at_missing,
            BOSCHMA, "scale",
        ),
        Entry(
            squared, needs, f"{label} squared", f"Square of the {mean}.", (0, HIGHEST**2),
            _NO_PARTNER, BOSCHMA,
        ),
        Entry(
            squared, needs, f"{label} squared", f"Square of the {at_scale}.", (0, HIGHEST**2),
            at_missing, BOSCHMA, "scale",
        ),
    )  # fmt: skip


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


_BY_KIND = {kind: _of(kind) for kind in KINDS}
ENTRIES = tuple(entry for entries in _BY_KIND.values() for entry in entries)


def proximities(dataset: Dataset) -> Iterator[Measured]:
    """Each proximity overall and by scale, and squares; no single score of nearness is made."""
    for kind, (overall, at_scale, overall_squared, at_scale_squared) in _BY_KIND.items():
        ratings = by_coordinate(dataset, f"proximity.{kind}")
        if not ratings:
            continue
        mean = mean_given(side_by_side(ratings.values()))
        yield overall.measured(mean)
        yield overall_squared.measured(mean**2)
        for scale, values in ratings.items():
            yield at_scale.measured(values, at=scale)
            yield at_scale_squared.measured(values**2, at=scale)
