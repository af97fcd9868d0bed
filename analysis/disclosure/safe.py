"""From what was computed to what may be shown. To be called before anything is rendered."""

from collections.abc import Sequence
from dataclasses import replace
from functools import singledispatch
from typing import Any, overload

import numpy as np

from analysis.disclosure.firm_sets import Line
from analysis.disclosure.judging import judged
from analysis.disclosure.models import FittedModel, safe_models
from analysis.disclosure.rules import DisclosurePolicy, Finding
from analysis.estimation.descriptive.description import Description
from analysis.estimation.design import Labels
from analysis.estimation.estimates import Estimates, Fit
from analysis.refusals import Refusal
from analysis.specification.describing import Result
from analysis.tables import numerals
from analysis.tables.basis import Basis, bases
from analysis.tables.table import Cell, Row, Table

WITHHELD = f"{numerals.DASH} (c)"
WITHHELD_NOTE = f"{WITHHELD}: withheld so that nothing can be learnt about a single firm."


@overload
def safe(
    given: Table,
    policy: DisclosurePolicy,
    holdings: Labels | None = None,
    published: Sequence[Table] = (),
) -> tuple[Table, tuple[Finding, ...]]: ...
@overload
def safe(
    given: Sequence[Result],
    policy: DisclosurePolicy,
    holdings: Labels | None = None,
    published: Sequence[Table] = (),
) -> tuple[tuple[Result, ...], tuple[Finding, ...]]: ...
@overload
def safe(
    given: Sequence[FittedModel], policy: DisclosurePolicy, holdings: Labels | None = None
) -> tuple[tuple[Fit | None, ...], tuple[Finding, ...]]: ...
def safe(
    given: Any,
    policy: DisclosurePolicy,
    holdings: Labels | None = None,
    published: Sequence[Table] = (),
) -> Any:
    """A table of descriptions, or the descriptions, without what must not be shown; the findings.

    Lines are withheld whole. A table of descriptions has a marked dash in their cells and a
    note; descriptions have NaN. `holdings` are the (n,) enterprise groups of the firms, if they
    are known, `published` tables of descriptions that went out before, made anew from the data:
    what was withheld in them counts as withheld. If no choice of lines protects what must be
    withheld, all of them are. A table without descriptions stays as it is: of models, the fits
    are made safe before their table.
    """
    return _safe(given, policy, holdings, _lines_out(published))


@singledispatch
def _safe(
    given: Any, policy: DisclosurePolicy, holdings: Labels | None, out: Sequence[Line]
) -> Any:
    if given and isinstance(given[0], FittedModel):
        return safe_models(given, policy, holdings=holdings)
    lines, places = [], []
    for number, result in enumerate(given):
        for place, basis in enumerate(bases(result)):
            where = f"{result.title}: {result.words(result.description.estimates.terms[place])}"
            lines.append(Line(where, number, basis))
            places.append((number, place))
    hidden, findings = _judged_or_none([*lines, *out], policy, holdings)
    gone: dict[int, list[int]] = {}
    for line in hidden:
        number, place = places[line]
        gone.setdefault(number, []).append(place)
    cleaned = (_without(result, gone.get(number, [])) for number, result in enumerate(given))
    return tuple(cleaned), findings


@_safe.register
def _(given: Table, policy: DisclosurePolicy, holdings: Labels | None, out: Sequence[Line]) -> Any:
    places, lines = _lines_of(given)
    hidden, findings = _judged_or_none([*lines, *out], policy, holdings)
    if not hidden:
        return given, findings
    gone = {places[line] for line in hidden}
    rows = tuple(_dashed(row) if place in gone else row for place, row in enumerate(given.rows))
    return replace(given, rows=rows, notes=(*given.notes, WITHHELD_NOTE)), findings


def _lines_of(table: Table) -> tuple[list[int], list[Line]]:
    """Rows that rest on known firms, and what they rest on."""
    lines, places, heading, family = [], [], "", 0
    for place, row in enumerate(table.rows):
        if row.kind == "group":
            heading, family = row.label, family + 1
            continue
        found = [cell.basis for cell in row.cells if isinstance(cell.basis, Basis)]
        if found:
            where = f"{heading}: {row.label}" if heading else row.label
            lines.append(Line(where, family, found[0]))
            places.append(place)
    return places, lines


def _lines_out(published: Sequence[Table]) -> list[Line]:
    """Lines that were shown before; families apart from those of what is to be shown."""
    return [
        replace(line, family=-1 - line.family - 10_000 * number, is_out=True)
        for number, table in enumerate(published)
        for line in _lines_of(table)[1]
    ]


def _judged_or_none(
    lines: Sequence[Line], policy: DisclosurePolicy, holdings: Labels | None
) -> tuple[set[int], tuple[Finding, ...]]:
    try:
        reasons, findings = judged(lines, policy, holdings)
    except Refusal as refusal:
        everything = "All descriptions"
        return {place for place, line in enumerate(lines) if not line.is_out}, (
            Finding(everything, refusal.code, refusal.message, "refused"),
        )
    return set(reasons), findings


def _dashed(row: Row) -> Row:
    return replace(row, cells=tuple(Cell(WITHHELD) for _ in row.cells))


def _without(result: Result, places: Sequence[int]) -> Result:
    """The description with NaN for the terms at these places."""
    if not places:
        return result
    return replace(result, description=_blank(result.description, places), table=None, answers={})


def _blank(found: Description, places: Sequence[int]) -> Description:
    gone = np.zeros(len(found.estimates.terms), dtype=bool)
    gone[list(places)] = True
    covariance = found.estimates.covariance.copy()
    covariance[gone] = covariance[:, gone] = np.nan
    estimates = Estimates(
        found.estimates.terms,
        np.where(gone, np.nan, found.estimates.coefficients),
        covariance,
        found.estimates.residual_df,
        found.estimates.term_df,
    )
    effects = type(found.effects)(
        **{
            name: np.where(gone, np.nan, getattr(found.effects, name))
            for name in found.effects.__dataclass_fields__
        }
    )
    return replace(
        found,
        estimates=estimates,
        intervals=np.where(gone[:, None], np.nan, found.intervals),
        n=np.where(gone, np.nan, found.n),
        population=np.where(gone, np.nan, found.population),
        degrees_of_freedom=np.where(gone, np.nan, found.degrees_of_freedom),
        effects=effects,
        influence=np.where(gone, np.nan, found.influence),
        rows=tuple(
            np.zeros_like(rows) if is_gone else rows
            for rows, is_gone in zip(found.rows, gone, strict=True)
        ),
        replicates=None,
        notes=(*_telling_nothing(found.notes, found.estimates.terms), WITHHELD_NOTE),
    )


def _telling_nothing(notes: Sequence[str], terms: Sequence[str]) -> list[str]:
    """Sentences that name no term and no number: others may tell of what was withheld."""
    names = [term for term in terms if term]
    return [
        note
        for note in notes
        if not any(character.isdigit() for character in note)
        and not any(name in note for name in names)
    ]
