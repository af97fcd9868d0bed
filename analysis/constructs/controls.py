"""The usual controls: size, age, ownership, exports, research, human capital."""

from collections.abc import Iterator

import numpy as np

from analysis.constructs.cells import by_coordinate, column, side_by_side
from analysis.constructs.entry import Entry
from analysis.constructs.measured import ANY_MISSING, Measured, where_known
from analysis.constructs.outcomes import log_of_positive
from analysis.dataset import Dataset

FOREIGN_FROM = 10.0

_SIZE = Entry(
    "ln_employment", (("control.ln_employment", "control.employment"),), "Employment (log)",
    "Natural log of persons employed in the last year; a log that was given is taken as it is.",
    "any number", f"{ANY_MISSING} Also for 0 persons.",
)  # fmt: skip
_AGE_NEEDS = (("control.age", "control.start_year"),)
_AGE = Entry(
    "age", _AGE_NEEDS, "Age",
    "Last year of the reference period less year of start, plus 1; an age that was given is "
    "taken as it is.",
    "0 and above", f"{ANY_MISSING} Also for a start after the reference period.",
)  # fmt: skip
_LN_AGE = Entry(
    "ln_age", _AGE_NEEDS, "Age (log)", "Natural log of age.",
    "0 and above; below 0 only for a given age below 1", f"{ANY_MISSING} Also for age 0.",
)  # fmt: skip
_FOREIGN = Entry(
    "foreign_owned", (("control.foreign_share",),), "Foreign-owned",
    "1 if 10 per cent or more of the firm is owned abroad.",
    (0, 1), ANY_MISSING, kind="binary",
)  # fmt: skip
_EXPORTER = Entry(
    "exporter", (("control.export_share",),), "Exporter", "1 if any turnover comes from abroad.",
    (0, 1), ANY_MISSING, kind="binary",
)  # fmt: skip
_GROUP = Entry(
    "in_group", (("control.group",),), "Part of a group", "1 if part of an enterprise group.",
    (0, 1), ANY_MISSING, kind="binary",
)  # fmt: skip
_GRADUATES = Entry(
    "graduate_share", (("control.graduate_share",),), "Graduates (share of staff)",
    "Per cent of staff with a degree.", (0, 100), ANY_MISSING,
)  # fmt: skip
_INSIDE = Entry(
    "research_inside", (("research.inside",),), "R&D inside",
    "1 if the firm did R&D itself, now and then or all the time.",
    (0, 1), ANY_MISSING, kind="binary",
)  # fmt: skip
_ANY = Entry(
    "rd_any", (("research.any", "research.inside"),), "Any R&D",
    "1 if the firm did R&D itself or bought it (research.bought).",
    (0, 1), "Missing if it said no to some and left others blank.", kind="binary",
)  # fmt: skip
ENTRIES = (_SIZE, _AGE, _LN_AGE, _FOREIGN, _EXPORTER, _GROUP, _GRADUATES, _INSIDE, _ANY)


def controls(dataset: Dataset) -> Iterator[Measured]:
    """Controls derived from the constructs that the data set binds."""
    yield from _employment(dataset)
    yield from _age(dataset)
    yield from _thresholds(dataset)
    for entry in (_GROUP, _GRADUATES):
        values = column(dataset, entry.needs[0][0])
        if values is not None:
            yield entry.measured(values)
    yield from _research(dataset)


def _employment(dataset: Dataset) -> Iterator[Measured]:
    given = column(dataset, "control.ln_employment")
    persons = column(dataset, "control.employment")
    if given is not None:
        yield _SIZE.measured(given)
    elif persons is not None:
        yield _SIZE.measured(log_of_positive(persons))


def _age(dataset: Dataset) -> Iterator[Measured]:
    age = column(dataset, "control.age")
    start = column(dataset, "control.start_year")
    last_year = dataset.provenance.get("reference_last_year")
    if age is None and start is not None and last_year is not None:
        age = np.where(start <= last_year, last_year - start + 1, np.nan)
    if age is not None:
        yield _AGE.measured(age)
        yield _LN_AGE.measured(log_of_positive(age))


def _thresholds(dataset: Dataset) -> Iterator[Measured]:
    foreign = column(dataset, "control.foreign_share")
    if foreign is not None:
        yield _FOREIGN.measured(where_known(foreign, foreign >= FOREIGN_FROM))
    exports = column(dataset, "control.export_share")
    if exports is not None:
        yield _EXPORTER.measured(where_known(exports, exports > 0))


def _research(dataset: Dataset) -> Iterator[Measured]:
    inside, given = column(dataset, "research.inside"), column(dataset, "research.any")
    if inside is not None:
        yield _INSIDE.measured(where_known(inside, inside > 0))
    if given is not None:
        yield _ANY.measured(given)
    elif inside is not None:
        bought = by_coordinate(dataset, "research.bought").values()
        cells = side_by_side([where_known(inside, inside > 0), *bought])
        yes = (cells == 1).any(axis=1)
        unknown = ~yes & np.isnan(cells).any(axis=1)
        yield _ANY.measured(np.where(unknown, np.nan, yes.astype(float)))
