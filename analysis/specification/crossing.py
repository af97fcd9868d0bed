"""The cells of a cross-tabulation as a table of rows and columns, with its margins."""

from dataclasses import replace

from analysis.constructs.measured import Measured
from analysis.estimation.descriptive.description import Description
from analysis.estimation.descriptive.shares import shares
from analysis.estimation.design import SurveyDesign
from analysis.specification.composed_parts import Part
from analysis.specification.computing import Vocabulary, known
from analysis.specification.describing import Result
from analysis.specification.levels import codes_of, labels_of, test_document
from analysis.specification.matrix import subpopulation_of
from analysis.specification.model import Described


def crossed(
    asked: Described,
    table: int,
    cells: Result,
    vocabulary: Vocabulary,
    design: SurveyDesign,
    count: int,
) -> tuple[Result, ...]:
    """The cells, marked as a table of their own, and the shares of its rows and columns.

    `cells` is the cross-tabulation as `described` gives it. Shares within rows and columns rest
    on the same cells and margins, and are shown where these are.
    """
    assert cells.table is not None  # noqa: S101 -- asked of cross-tabulations only
    rows, columns = known(asked.outcome, vocabulary), known(asked.other, vocabulary)
    found = cells.table
    codes = {"rows": codes_of(rows), "columns": codes_of(columns)}
    more = {
        "title": cells.title,
        "row_label": rows.label,
        "column_label": columns.label,
        "rows": [[level, codes["rows"].get(level, level)] for level in found.row_levels],
        "columns": [[level, codes["columns"].get(level, level)] for level in found.column_levels],
        "n": found.n.astype(int).tolist(),
        "shares": list(asked.shares),
        "of_row": found.row_shares,
        "of_column": found.column_shares,
        "test": test_document(found.tests.get("pearson_f")),
    }
    firms = (
        subpopulation_of(asked.subpopulation, vocabulary, count) & ~rows.missing & ~columns.missing
    )
    levels = {"of_rows": found.row_levels, "of_columns": found.column_levels}
    margins = []
    for role, measured in (("of_rows", rows), ("of_columns", columns)):
        share = shares(
            labels_of(measured),
            levels=levels[role],
            interval="korn_graubard",
            design=design,
            domain=firms,
            covariance=asked.covariance,
            wording={"y": measured.label},
        )
        margins.append(_margin(asked, table, cells, measured, share, role))
    part = Part(table, asked.statistic, "cells", "cells", (), more)
    return (replace(cells, part=part), *margins)


def _margin(
    asked: Described, table: int, cells: Result, measured: Measured, found: Description, role: str
) -> Result:
    return Result(
        asked=replace(asked, statistic="share", outcome=measured.name, other="", shares=()),
        title=f"{cells.title}: {measured.label}",
        description=found,
        table=None,
        codes={"y": codes_of(measured)},
        part=Part(table, asked.statistic, role, measured.name),
    )
