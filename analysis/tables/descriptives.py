"""Descriptions of the firms as one Table value."""

from collections.abc import Sequence

import numpy as np

from analysis.specification.describing import Result
from analysis.tables import numerals
from analysis.tables.basis import Basis, bases
from analysis.tables.composed_cells import ROUNDING
from analysis.tables.table import Cell, Row, Table

COLUMNS = ("Estimate", "Std. error", "95 % from", "to", "Firms (n)", "Design effect")
_READING = (
    "Estimates for the population of firms that the sample stands for; standard errors allow for "
    "the design of the sample. The design effect is the variance over that of a simple random "
    "sample of as many firms."
)


def descriptives_table(
    results: Sequence[Result], *, title: str, notes: Sequence[str] = (), fingerprint: str = ""
) -> Table:
    """A heading for each description and a line for each of its estimates."""
    rows = [row for result in results for row in _rows(result)]
    told = [
        f"{result.title}: {note}" for result in results for note in (*result.notes, *_tests(result))
    ]
    return Table(
        title=title,
        columns=COLUMNS,
        rows=tuple(rows),
        notes=(_READING, *dict.fromkeys(told), *notes),
        fingerprint=fingerprint,
    )


def _rows(result: Result) -> list[Row]:
    found = result.description
    estimates = found.estimates
    errors = estimates.std_errors
    told = np.isfinite(errors) & (errors > ROUNDING * np.abs(estimates.coefficients))
    decimals = numerals.decimals_for(errors[told].tolist()) if told.any() else 3
    lines = zip(
        estimates.terms,
        estimates.coefficients.tolist(),
        errors.tolist(),
        found.intervals.tolist(),
        found.n.tolist(),
        found.effects.with_replacement.tolist(),
        bases(result),
        strict=True,
    )
    heading = Row(result.title, (), "group")
    return [
        heading,
        *(
            Row(
                result.words(term),
                (
                    _cell(estimate, decimals, basis),
                    _cell(error, decimals),
                    _cell(interval[0], decimals),
                    _cell(interval[1], decimals),
                    _cell(n, 0),
                    _cell(effect, 2),
                ),
            )
            for term, estimate, error, interval, n, effect, basis in lines
        ),
    ]


def _tests(result: Result) -> tuple[str, ...]:
    """The test of association of a cross-tabulation, as R's svychisq has it."""
    if result.table is None:
        return ()
    test = result.table.tests.get("pearson_f")
    if test is None:
        return ()
    return (
        f"Rao-Scott test of association: F({test.numerator_df:.2f}, {test.denominator_df:.2f}) = "
        f"{test.statistic:.3f}, p {_equal(numerals.p_value(test.p_value))}.",
    )


def _equal(text: str) -> str:
    return text if text.startswith("<") else f"= {text}"


def _cell(value: float, decimals: int, basis: Basis | None = None) -> Cell:
    if not np.isfinite(value):
        return Cell(numerals.DASH, basis=basis)
    return Cell(numerals.fixed(value, decimals), value, basis)
