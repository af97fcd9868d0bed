"""Estimates side by side: fits to one Table value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from analysis.estimation.estimates import Fit
from analysis.tables import numerals
from analysis.tables.arrangement import Arranged, Body, Unit, arranged, standing_apart
from analysis.tables.estimate_cells import (
    NAMES,
    NOTHING,
    beneath,
    beside,
    decimals_of,
    estimate_cell,
    headings_beside,
)
from analysis.tables.estimate_columns import Column
from analysis.tables.layout import ONE_TO_THREE, Layout
from analysis.tables.regression_notes import regression_notes
from analysis.tables.statistics_block import statistics_block
from analysis.tables.table import Cell, Row, Spanner, Table

What = Literal["coefficients", "margins"]

_ABSENT = Cell(numerals.DASH)
_OMITTED = Cell("omitted")


def regression_table(
    *,
    title: str,
    names: Sequence[str],
    outcomes: Sequence[str],
    fits: Sequence[Fit],
    labels: Mapping[str, str],
    scales: Mapping[str, str] | None = None,
    factors: Mapping[str, str] | None = None,
    words: Sequence[Mapping[str, str]] = (),
    specification_notes: Sequence[str] = (),
    notes: Sequence[str] = (),
    fingerprint: str = "",
    what: What = "coefficients",
    fold_factors: bool = True,
    stars: bool = False,
    layout: Layout | None = None,
    numbers: Sequence[int] = (),
) -> Table:
    """Coefficients, or average marginal effects, of several models with their fit.

    Terms that belong to a geographic scale come first, nearest scale first, then the other
    terms in the order of the models, then factors, then the intercept; then each further
    equation under its heading, and last what belongs to no regressor. `layout` may want
    other lines, and says what stands with an estimate.

    `names`, `outcomes` and, if given, `words` and `specification_notes` have one entry for
    each fit; adjacent equal outcomes share a spanner. `words` are those of one model alone: of
    its equations, levels and thresholds. `labels` maps terms to the words of the stub; a
    term that is missing there is shown as it is. `scales` maps terms to the name of their
    geographic scale, `factors` maps the indicators of a factor to the factor's name, such
    as ``Industry``; both leave out the terms they do not concern. `notes` hold for the whole
    table: source and wave, made data, units. With ``what="margins"`` the estimates are
    `Fit.margins`. A folded factor is one line, "yes" where the model holds it; otherwise
    its levels stand under its name. `stars` are at 10, 5 and 1 per cent. `numbers` are what
    the models are called in headings and notes where some of the plan are not here; without
    them they are counted from 1.
    """
    layout = layout or Layout()
    numbers = numbers or range(1, len(fits) + 1)
    layout = replace(layout, stars=layout.stars or ONE_TO_THREE) if stars else layout
    names, outcomes = _as_named(names, outcomes, numbers, layout)
    body = body_of(fits, labels, scales or {}, factors or {}, words, what, fold_factors, layout)
    found = arranged(body.units(), layout)
    told = regression_notes(
        fits=fits,
        what=what,
        labels=labels,
        words=words,
        folded=_factors_shown(body, found),
        specification_notes=specification_notes,
        layout=layout,
        arranged=found,
        numbers=numbers,
    )
    return Table(
        title=title if what == "coefficients" else f"{title}: average marginal effects",
        columns=_columns(names, numbers, layout),
        rows=(*_Rows(body.columns, layout).of(found.units), *_statistics(fits, layout)),
        spanners=_spanners(outcomes, 1 + len(headings_beside(layout))),
        notes=(*told, *notes),
        fingerprint=fingerprint,
        beneath=NAMES[layout.shown],
    )


def body_of(
    fits: Sequence[Fit],
    labels: Mapping[str, str],
    scales: Mapping[str, str],
    factors: Mapping[str, str],
    words: Sequence[Mapping[str, str]],
    what: What,
    fold_factors: bool,
    layout: Layout,
) -> Body:
    """The models as the lines of a table read them; `words` may be empty."""
    columns = tuple(
        Column.of(fit, what, own, ratios=layout.ratios)
        for fit, own in zip(fits, words or [{}] * len(fits), strict=True)
    )
    return Body(columns, labels, scales, factors, fold_factors, standing_apart(fits))


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of the lines: estimates, what stands with them, headings."""

    columns: tuple[Column, ...]
    layout: Layout

    def of(self, units: Sequence[Unit]) -> list[Row]:
        rows: list[Row] = []
        for group, members in groupby(units, key=lambda unit: (unit.group, unit.group_scale)):
            if group[0]:
                rows.append(Row(group[0], (), "group", group[1]))
            for unit in members:
                rows += [self._held(unit)] if unit.is_folded else self._line(unit)
        return rows

    def _held(self, unit: Unit) -> Row:
        """``yes`` where the model holds any of the terms."""
        held = (any(term in column.numbers for term in unit.terms) for column in self.columns)
        return Row(unit.label, self._spread([Cell("yes") if h else _ABSENT for h in held]))

    def _line(self, unit: Unit) -> list[Row]:
        """The estimates of one term and, beneath, what stands with them, if anything does."""
        (term,) = unit.terms
        found = [column.numbers.get(term) for column in self.columns]
        known = [numbers for numbers in found if numbers is not None]
        decimals = decimals_of(known, self.layout.decimals)
        is_beside = self.layout.place == "beside"
        above: list[Cell] = []
        under: list[Cell] = []
        for column, numbers in zip(self.columns, found, strict=True):
            if numbers is None:
                absent = _OMITTED if term in column.omitted else _ABSENT
                above += self._spread([absent])
                under.append(NOTHING)
                continue
            above.append(estimate_cell(numbers, self.layout, decimals))
            if is_beside and self.layout.shown != "none":
                above += beside(numbers, self.layout, decimals)
            under.append(beneath(numbers, self.layout, decimals))
        line = Row(unit.label, tuple(above), "estimate", unit.scale)
        if is_beside or self.layout.shown == "none" or not known:
            return [line]
        return [line, Row("", tuple(under), "uncertainty", unit.scale)]

    def _spread(self, cells: Sequence[Cell]) -> tuple[Cell, ...]:
        return _over_columns(cells, self.layout)


def _over_columns(cells: Sequence[Cell], layout: Layout) -> tuple[Cell, ...]:
    """One cell a model, with nothing in the columns beside it."""
    empty = (NOTHING,) * len(headings_beside(layout))
    return tuple(each for cell in cells for each in (cell, *empty))


def model_key(place: int) -> str:
    """What a layout calls the column of the model at a place, counted from 1."""
    return f"model-{place}"


def _as_named(
    names: Sequence[str], outcomes: Sequence[str], numbers: Sequence[int], layout: Layout
) -> tuple[list[str], list[str]]:
    """The words of the columns and the headings over them, as the layout wants them."""
    chosen = {line.key: line for line in layout.columns}
    words, headings = list(names), list(outcomes)
    for place, number in enumerate(numbers):
        line = chosen.get(model_key(number))
        if line is not None:
            words[place] = line.label or words[place]
            headings[place] = headings[place] if line.group is None else line.group
    return words, headings


def _columns(names: Sequence[str], numbers: Sequence[int], layout: Layout) -> tuple[str, ...]:
    return tuple(
        heading
        for number, name in zip(numbers, names, strict=True)
        for heading in (f"({number}) {name}".strip(), *headings_beside(layout))
    )


def _statistics(fits: Sequence[Fit], layout: Layout) -> list[Row]:
    return [
        replace(row, cells=_over_columns(row.cells, layout))
        for row in statistics_block(fits)
        if row.label not in layout.left_out
    ]


def _factors_shown(body: Body, found: Arranged) -> tuple[str, ...]:
    """Folded factors that still have a line of their own."""
    shown = {term for unit in found.units if unit.is_folded for term in unit.terms}
    grouped = {label for _, labels in found.folded for label in labels}
    return tuple(
        factor
        for factor in body.folded_factors()
        if factor not in grouped
        and any(body.factors.get(term.rpartition("|")[2]) == factor for term in shown)
    )


def _spanners(outcomes: Sequence[str], width: int) -> tuple[Spanner, ...]:
    """One heading over each run of adjacent models with the same outcome."""
    spanners: list[Spanner] = []
    for place, outcome in enumerate(outcomes):
        first, last = place * width, (place + 1) * width - 1
        if spanners and spanners[-1].text == outcome:
            spanners[-1] = Spanner(outcome, spanners[-1].first, last)
        else:
            spanners.append(Spanner(outcome, first, last))
    return tuple(spanners)
