"""The table as one immutable value. Every format renders this and nothing else."""

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    `text` is what is printed; `value` is the number behind it, for spreadsheets, or None.
    `basis` says which firms it rests on, for disclosure control: it is neither stored nor shown.
    """

    text: str
    value: float | None = None
    basis: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Spanner:
    """A heading over columns `first` to `last`, counted from 0 among the body columns."""

    text: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its label in the stub and its cells.

    `kind` is ``estimate``, ``uncertainty`` (the line under an estimate), ``statistic``
    (n, fit, design) or ``group`` (a heading within the body; no cells).
    `scale` names the geographic scale that the row belongs to, or is empty.
    """

    label: str
    cells: tuple[Cell, ...]
    kind: Literal["estimate", "uncertainty", "statistic", "group"] = "estimate"
    scale: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """All that is printed; `beneath` names what a line of kind ``uncertainty`` holds."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    spanners: tuple[Spanner, ...] = ()
    notes: tuple[str, ...] = ()
    fingerprint: str = ""
    beneath: str = "standard error"

    def to_document(self) -> dict[str, Any]:
        """Plain data, for storing; `from_document` gives an equal table back."""
        return {
            "title": self.title,
            "columns": list(self.columns),
            "rows": [
                {
                    "label": row.label,
                    "cells": [[cell.text, cell.value] for cell in row.cells],
                    "kind": row.kind,
                    "scale": row.scale,
                }
                for row in self.rows
            ],
            "spanners": [[s.text, s.first, s.last] for s in self.spanners],
            "notes": list(self.notes),
            "fingerprint": self.fingerprint,
            "beneath": self.beneath,
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "Table":
        return cls(
            title=document["title"],
            columns=tuple(document["columns"]),
            rows=tuple(
                Row(
                    label=row["label"],
                    cells=tuple(Cell(text, value) for text, value in row["cells"]),
                    kind=row["kind"],
                    scale=row["scale"],
                )
                for row in document["rows"]
            ),
            spanners=tuple(Spanner(*spanner) for spanner in document["spanners"]),
            notes=tuple(document["notes"]),
            fingerprint=document["fingerprint"],
            beneath=document.get("beneath", "standard error"),
        )
