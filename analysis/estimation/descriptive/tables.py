"""Cross-tabulations: counts and shares of two classifications, and tests of association."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Unpack

import numpy as np

from analysis.estimation.descriptive.association import Association, Cells, associations
from analysis.estimation.descriptive.description import Description, described
from analysis.estimation.descriptive.groups import Group, Values, in_words, level_names
from analysis.estimation.descriptive.means import mean_part
from analysis.estimation.descriptive.scope import Scope, Setting, setting
from analysis.estimation.descriptive.shares import with_logit_or_bound
from analysis.estimation.descriptive.statistic import Part, degrees_of_freedom
from analysis.estimation.estimates import Floats
from analysis.estimation.labels import Rows, named
from analysis.refusals import Refusal

# Of a share: a standard error below it is rounding.
FIXED = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class CrossTabulation:
    """R by C cells; every description has its R C terms by rows.

    Attributes
    ----------
    row_levels, column_levels : names of the R rows and C columns
    n : (R, C) firms that answered, unweighted
    counts : firms of the population in each cell
    shares : of all firms; ``share[row, column]``
    row_shares : of the firms of the row; ``row_share[row, column]``
    column_shares : of the firms of the column; ``column_share[row, column]``
    tests : by name, see `associations`
    notes : sentences on what was left out and what to beware of
    """

    row_levels: tuple[str, ...]
    column_levels: tuple[str, ...]
    n: Floats
    counts: Description
    shares: Description
    row_shares: Description
    column_shares: Description
    tests: dict[str, Association]
    notes: tuple[str, ...]

    def cell(self, description: Description) -> Floats:
        """(R, C) estimates of one of the descriptions."""
        return description.estimates.coefficients.reshape(self.n.shape)


def cross_tabulation(
    rows: Any,
    columns: Any,
    *,
    row_levels: Sequence[Any] | None = None,
    column_levels: Sequence[Any] | None = None,
    **scope: Unpack[Scope],
) -> CrossTabulation:
    """How two classifications of firms go together in the population.

    Parameters
    ----------
    rows, columns : (n,) labels
        None or NaN missing
    row_levels, column_levels
        the levels in the order wanted; those that firms of the
        domain have, sorted, if left out
    scope
        see `Scope`; without `by`. In its wording "y" is the rows, "other" the columns.

    Raises
    ------
    Refusal
        ``empty_row``, ``empty_column``, ``too_few_levels``, ``table_by_groups`` and those of
        `totals`.

    Notes
    -----
    Shares have logit intervals; those of 0 and 1 have Korn-Graubard's. Row and column shares
    take the degrees of freedom of the whole table.
    """
    asked = setting(scope)
    if asked.by is not None:
        raise Refusal(
            "table_by_groups",
            "A cross-tabulation is of two classifications, and a third was asked for.",
            "Make one for each subpopulation.",
        )
    down, across = np.asarray(rows), np.asarray(columns)
    found = asked.answers({"y": down, "other": across})
    table = _Classified(
        found.rows,
        _levels(down, found.rows, row_levels, "row", asked.word("y")),
        _levels(across, found.rows, column_levels, "column", asked.word("other")),
    )
    return _tabulated(table, asked, found.notes)


@dataclass(frozen=True, slots=True, eq=False)
class _Classified:
    """The firms of a table, and those of each of its rows and columns, by name."""

    firms: Rows
    rows: dict[str, Rows]
    columns: dict[str, Rows]

    def parts(self, asked: Setting, kind: str) -> list[Part]:
        """The RC shares of one kind, or the counts, by rows."""
        parts = []
        for row, in_row in self.rows.items():
            for column, in_column in self.columns.items():
                base = {"row_share": in_row, "column_share": in_column}.get(kind, self.firms)
                part = mean_part(
                    f"{kind}[{row}, {column}]",
                    (in_row & in_column).astype(float),
                    Group("", base),
                    asked.design.weight,
                )
                if kind == "count":
                    part = _counted(part, in_row & in_column)
                parts.append(replace(part, domain=self.firms))
        return parts


def _counted(part: Part, cell: Rows) -> Part:
    return replace(
        part,
        columns=cell[:, None].astype(float),
        function=lambda sums: sums,
        jacobian=np.ones((1, 1)),
    )


def _levels(
    values: Values, firms: Rows, levels: Sequence[Any] | None, side: str, word: str
) -> dict[str, Rows]:
    wanted = level_names(values, firms, levels)
    members = {in_words(level): firms & np.asarray(values == level) for level in wanted}
    empty = [name for name, inside in members.items() if not inside.any()]
    if empty:
        raise Refusal(
            f"empty_{side}",
            f"No firm of the subpopulation that answered is in this {side} of the table "
            f"({word}): {named(empty)}.",
            "Leave it out, join it with another, or widen the subpopulation.",
        )
    if len(members) < 2:
        raise Refusal(
            "too_few_levels",
            f"All firms of the subpopulation that answered are in the {side} {named(members)} "
            f"of {word}: a table needs two.",
            "Choose another classification or widen the subpopulation.",
        )
    return members


def _tabulated(table: _Classified, asked: Setting, notes: tuple[str, ...]) -> CrossTabulation:
    n = np.array(
        [
            [np.count_nonzero(row & column) for column in table.columns.values()]
            for row in table.rows.values()
        ],
        dtype=float,
    )
    counts = described("count", table.parts(asked, "count"), asked)
    shares = described("share", table.parts(asked, "share"), asked)
    df = degrees_of_freedom(table.firms, asked.design, asked.covariance)
    tests, remarks = _tests(counts, shares, n, df)
    row_shares, column_shares = (
        with_logit_or_bound(described(kind, table.parts(asked, kind), asked))
        for kind in ("row_share", "column_share")
    )
    return CrossTabulation(
        row_levels=tuple(table.rows),
        column_levels=tuple(table.columns),
        n=n,
        counts=counts,
        shares=with_logit_or_bound(shares),
        row_shares=row_shares,
        column_shares=column_shares,
        tests=tests,
        notes=notes + _empty_cells(table, n) + remarks,
    )


def _tests(
    counts: Description, shares: Description, n: Floats, df: float
) -> tuple[dict[str, Association], tuple[str, ...]]:
    estimates = shares.estimates
    if np.all(estimates.std_errors <= FIXED * np.abs(estimates.coefficients)):
        return {}, (
            "The sample was drawn by these very classes, so the design fixes the shares: they have "
            "no sampling error, and there is nothing to test.",
        )
    return associations(_cells(counts, shares, n, df))


def _cells(counts: Description, shares: Description, n: Floats, df: float) -> Cells:
    return Cells(
        shares=shares.estimates.coefficients.reshape(n.shape),
        # An empty cell is empty in every sample that is thought of here.
        covariance=np.nan_to_num(shares.estimates.covariance),
        counts=counts.estimates.coefficients.reshape(n.shape),
        count_covariance=np.nan_to_num(counts.estimates.covariance),
        n=int(n.sum()),
        df=df,
    )


def _empty_cells(table: _Classified, n: Floats) -> tuple[str, ...]:
    names = [(row, column) for row in table.rows for column in table.columns]
    empty = [
        f"{row}, {column}" for (row, column), count in zip(names, n.flat, strict=True) if count == 0
    ]
    if not empty:
        return ()
    return (
        f"No firm in {named(empty)}: the share is estimated at 0 without a standard error, and "
        "the tests of association are rough.",
    )
