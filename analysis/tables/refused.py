"""What was refused: columns of models, there and empty, and sentences that say why."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from analysis.estimation.estimates import Estimates, Fit
from analysis.tables import numerals
from analysis.tables.table import Cell, Row, Table

NOT_ESTIMATED = "not estimated"
NOT_MADE = "not made"


def blank_like(fit: Fit) -> Fit:
    """A column's place in the table, without a single number, of the kind of another model."""
    nothing = Estimates((), np.empty(0), np.empty((0, 0)), float("inf"))
    return replace(
        fit,
        estimates=nothing,
        margins=None if fit.margins is None else nothing,
        derived=None,
        fit_measures={},
        log_likelihood=None,
        ancillary=(),
        dropped=(),
        notes=(),
    )


def model_notes(document: Mapping[str, Any]) -> tuple[str, ...]:
    """A sentence on each model of estimates.json that was refused."""
    return tuple(
        f"({each['place']}) {each['name']}: {_told(NOT_ESTIMATED, each)}"
        for each in document.get("not_estimated", ())
    )


def description_notes(document: Mapping[str, Any]) -> tuple[str, ...]:
    """A sentence on each description that was refused; runs of before they were kept have none."""
    return tuple(
        f"Description “{each['name']}”: {_told(NOT_MADE, each)}"
        for each in document.get("not_described", ())
    )


def notes_beside(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Those on descriptions, for tables beside which no lines of descriptions could tell them."""
    return () if document.get("descriptives") else description_notes(document)


def _told(what: str, refused: Mapping[str, Any]) -> str:
    return f"{what}. {refused['message']} {refused['remedy']}".strip()


def with_blanks(table: Table, places: Collection[int]) -> Table:
    """The table, in whose columns `places` (from 0) nothing stands but that there is nothing."""
    if not places:
        return table
    first = next((number for number, row in enumerate(table.rows) if row.cells), None)
    rows = [
        _blanked(row, places, NOT_ESTIMATED if number == first else "")
        for number, row in enumerate(table.rows)
    ]
    return replace(table, rows=tuple(rows))


def _blanked(row: Row, places: Collection[int], text: str) -> Row:
    if not row.cells:
        return row
    nothing = Cell(text or ("" if row.kind == "uncertainty" else numerals.DASH))
    cells = [nothing if place in places else cell for place, cell in enumerate(row.cells)]
    return replace(row, cells=tuple(cells))
