"""What stands in the linked files of several waves, and what was left out of them and why."""

from collections.abc import Sequence

from surveys.queries.answer_tables import described, listed
from surveys.queries.pooling import Pooled, PooledRoster

CODEBOOK_COLUMNS = (
    "file", "variable", "label", "type", "unit", "codes", "missing", "pooled",
)  # fmt: skip
PANEL, POOLED = "panel", "yes"
_DESIGN = (
    ("firm", "The firm: its pseudonym in the first of the waves", "text"),
    ("wave", "Wave of the answers", "text"),
    ("reference_last_year", "Last year that the answers are about", "number"),
    ("stratum", "Stratum from which the firm was drawn in the wave", "text"),
    ("weight", "Weight of the firm in the wave alone", "number"),
    ("weights_version", "Published version of that weight; empty where none is", "number"),
    ("longitudinal_weight", "Weight of the firm as one that answered in all waves", "number"),
)
_CHANGED = "yes; the question that asks for the list changed between the waves"

Line = tuple[str, ...]


def panel_codebook(pooled: Pooled, rosters: Sequence[PooledRoster]) -> tuple[Line, ...]:
    """One row a variable and file, in the columns `CODEBOOK_COLUMNS`.

    `pooled` is ``yes``, or the reason why the variable is in no column.
    """
    measured = (
        (
            *(PANEL, column.name, column.label, column.measure, column.unit),
            *(listed(column.codes), "empty: there is no value", POOLED),
        )
        for column in pooled.columns
    )
    entries = (line for roster in rosters for line in _of_roster(roster))
    left_out = _left_out(PANEL, pooled.left_out)
    return (*_design(PANEL), *measured, *left_out, *entries)


def file_of(roster: PooledRoster) -> str:
    """By what the codebook names the file of a roster."""
    return f"roster-{roster.name}"


def _of_roster(roster: PooledRoster) -> tuple[Line, ...]:
    told = _CHANGED if roster.is_changed else POOLED
    within = []
    for column in roster.columns:
        name, _, label, kind, unit, codes, _, missing, *_ = map(str, described(column))
        pooled = told if column.item == roster.name else POOLED
        within.append((file_of(roster), name, label, kind, unit, codes, missing, pooled))
    return (
        *_design(file_of(roster)),
        *within,
        *_left_out(file_of(roster), roster.left_out),
    )


def _design(file: str) -> tuple[Line, ...]:
    return tuple((file, name, label, kind, "", "", "", POOLED) for name, label, kind in _DESIGN)


def _left_out(file: str, names: tuple[tuple[str, str], ...]) -> tuple[Line, ...]:
    return tuple((file, name, "", "", "", "", "", f"no: {why}") for name, why in names)
