"""A run's table with its registered and exploratory specifications apart, in every format."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from analysis.comparison.registered import Standing
from analysis.comparison.standing_words import notes_of
from analysis.tables.registered import apart, named_apart
from analysis.tables.table import Table

_KINDS = {
    "coefficients": "model",
    "margins": "model",
    "descriptives": "description",
    "curve": "curve",
}


def marked(table: Table, what: str, standing: Standing, estimates: Mapping[str, Any]) -> Table:
    """The table with headings and notes that say what was registered; as it is without any.

    `what` is the table asked for; a run without models shows its curve, or its descriptions, as
    its first table.
    """
    if not standing:
        return table
    kind = _shown(what, estimates)
    judged = [each for each in standing.judged if each.kind == kind]
    registered = {each.place for each in judged if each.status == "registered"}
    if kind == "model":
        table = apart(table, registered=registered)
    groups = [row for row in table.rows if row.kind == "group"]
    if what in _KINDS and kind == "description" and len(groups) == len(standing.described):
        table = named_apart(table, registered=[at in registered for at in standing.described])
    return replace(table, notes=(*table.notes, *notes_of(standing, (kind,))))


def _shown(what: str, estimates: Mapping[str, Any]) -> str:
    """The kind of specification that the table shows; other tables are made of descriptions."""
    if what == "coefficients" and not estimates["models"]:
        return "curve" if estimates.get("curve") is not None else "description"
    return _KINDS.get(what, "description")
