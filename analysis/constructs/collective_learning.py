"""The three mechanisms of collective learning: spin-off, networking, recruitment.

Keeble & Wilkinson (1999) name the mechanisms; the indices are ours, from the map of the field
(K1, K9).
"""

from collections.abc import Iterator

import numpy as np

from analysis.constructs.cells import by_coordinate, column, grid, side_by_side, texts
from analysis.constructs.entry import Entry
from analysis.constructs.measured import (
    ALL_MISSING,
    NO_PARTS,
    Floats,
    Measured,
    count_true,
    mean_of_all,
    ratio,
)
from analysis.constructs.places import INSIDE, within
from analysis.dataset import Dataset

KEEBLE = "Keeble & Wilkinson (1999); index ours"
OFTEN = 3.0
NO_SPIN_OFF = "no"

_SPIN_OFF_NEEDS = (
    ("control.spin_off",), ("control.spin_off_scale",), ("control.spin_off_contact",),
)  # fmt: skip
_HIRES = (("mobility.hires_scale",),)

_SPIN_OFF = Entry(
    "spin_off_index", _SPIN_OFF_NEEDS, "Spin-off index",
    "0 if the firm did not come out of another organisation; else the mean of 1, whether that "
    "organisation was inside the own region (1 or 0), and contact with it today over 3.",
    (0, 1), "Missing if the origin is, or, of a spin-off, its place or its contact.", KEEBLE,
)  # fmt: skip
_NETWORKING = Entry(
    "networking_index", (("networking.cooperation",),), "Regional networking index",
    "Partner types with at least one partner inside the own region, over the types asked.",
    (0, 1), ALL_MISSING, KEEBLE, codes=INSIDE,
)  # fmt: skip
_RECRUITMENT = Entry(
    "recruitment_index", _HIRES, "Regional recruitment index",
    "Persons hired from inside the own region over persons hired of known origin.",
    (0, 1), "Missing for a firm that hired nobody of known origin.", KEEBLE, codes=INSIDE,
)  # fmt: skip
_ALL = Entry(
    "collective_learning", (*_SPIN_OFF_NEEDS, ("networking.cooperation",), *_HIRES),
    "Collective learning", "Mean of spin_off_index, networking_index and recruitment_index.",
    (0, 1), NO_PARTS, KEEBLE,
)  # fmt: skip
_HIRE_RATE = Entry(
    "regional_hire_rate", (*_HIRES, ("control.employment",)), "Regional hires",
    "Persons hired from inside the own region over persons employed, last year.",
    "0 and above", "Missing if either number is, and for a firm without persons.", KEEBLE,
    codes=INSIDE,
)  # fmt: skip
_LABOUR_TURNOVER = Entry(
    "labour_turnover", (("mobility.hires",), ("mobility.leavers",), ("control.employment",)),
    "Labour turnover", "Half the sum of persons hired and persons who left, over persons "
    "employed, last year.",
    "0 and above", "Missing if any of the three is, and for a firm without persons.",
    "Map of the field, K9",
)  # fmt: skip
_RIVALS = Entry(
    "hires_from_rivals", (("mobility.hires_origin",), ("mobility.hires",)), "Hires from rivals",
    "Persons hired from other firms in the line of business over persons hired.",
    (0, 1), "Missing if either number is, and for a firm that hired nobody.",
    "Map of the field, K1", codes=("rivals",),
)  # fmt: skip
ENTRIES = (
    _SPIN_OFF, _NETWORKING, _RECRUITMENT, _ALL, _HIRE_RATE, _LABOUR_TURNOVER, _RIVALS,
)  # fmt: skip


def collective_learning(dataset: Dataset) -> Iterator[Measured]:
    """The three indices, their mean, and the flows of people beside them."""
    found = {
        entry.stem: (entry, values)
        for entry, values in (
            (_SPIN_OFF, _spin_off(dataset)),
            (_NETWORKING, _networking(dataset)),
            (_RECRUITMENT, _recruitment(dataset)),
        )
        if values is not None
    }
    yield from (entry.measured(values) for entry, values in found.values())
    if len(found) == 3:
        parts = {name: values for name, (_, values) in found.items()}
        yield _ALL.measured(
            mean_of_all(side_by_side(parts.values())), parts=parts, reflective=False
        )
    yield from _flows(dataset)


def _spin_off(dataset: Dataset) -> Floats | None:
    origin, place = texts(dataset, "control.spin_off"), texts(dataset, "control.spin_off_scale")
    contact = column(dataset, "control.spin_off_contact")
    if origin is None or place is None or contact is None:
        return None
    unknown = np.array([each is None for each in place])
    near = np.where(unknown, np.nan, np.isin(place, INSIDE).astype(float))
    index = (1.0 + near + contact / OFTEN) / 3.0
    known = np.array([each is not None for each in origin])
    return np.where(known, np.where(origin == NO_SPIN_OFF, 0.0, index), np.nan)


def _networking(dataset: Dataset) -> Floats | None:
    cooperation = grid(dataset, "networking.cooperation")
    if cooperation is None or not within(cooperation.columns, INSIDE):
        return None
    return count_true(cooperation.rows_at(INSIDE)) / len(cooperation.rows)


def _regional_hires(dataset: Dataset) -> tuple[Floats, Floats] | None:
    """(n,) persons hired from inside the region, and from anywhere."""
    hires = by_coordinate(dataset, "mobility.hires_scale")
    near = [values for scale, values in hires.items() if scale in INSIDE]
    if not near:
        return None
    return side_by_side(near).sum(axis=1), side_by_side(hires.values()).sum(axis=1)


def _recruitment(dataset: Dataset) -> Floats | None:
    hires = _regional_hires(dataset)
    return None if hires is None else ratio(*hires)


def _flows(dataset: Dataset) -> Iterator[Measured]:
    persons = column(dataset, "control.employment")
    hired, left = column(dataset, "mobility.hires"), column(dataset, "mobility.leavers")
    regional = _regional_hires(dataset)
    if regional is not None and persons is not None:
        yield _HIRE_RATE.measured(ratio(regional[0], persons))
    if hired is not None and left is not None and persons is not None:
        yield _LABOUR_TURNOVER.measured(ratio((hired + left) / 2, persons))
    rivals = column(dataset, "mobility.hires_origin[rivals]")
    if rivals is not None and hired is not None:
        yield _RIVALS.measured(ratio(rivals, hired))
