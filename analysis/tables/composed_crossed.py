"""A cross-tabulation as an entry of composed tables: rows by columns, shares and counts."""

import math
from typing import Any

import numpy as np

from analysis.specification.describing import Result
from analysis.tables.composed_cells import (
    cell,
    count,
    is_withheld,
    line,
    numbers_of,
    part_of,
    plain,
    withheld,
)


def entry(results: list[Result]) -> dict[str, Any]:
    """Blocks of shares and of counts, each with its margins."""
    by_role = {part_of(result).role: result for result in results}
    more = part_of(by_role["cells"]).more
    rows, columns = more["rows"], more["columns"]
    shape = (len(rows), len(columns))
    joint = np.array(numbers_of(by_role["cells"].description), dtype=object).reshape(shape)
    of_rows = numbers_of(by_role["of_rows"].description)
    of_columns = numbers_of(by_role["of_columns"].description)
    blocks = {
        "row": _Block("Share of the row, %", numbers_of(more["of_row"]), None, of_rows),
        "column": _Block("Share of the column, %", numbers_of(more["of_column"]), of_columns, None),
        "total": _Block("Share of all firms, %", joint.ravel().tolist(), of_columns, of_rows),
    }
    lines = []
    for kind in more["shares"]:
        lines += _block_lines(kind, blocks[kind], more, joint, of_rows, of_columns)
    lines += _count_lines(more, joint, of_rows, of_columns)
    hidden = any(is_withheld(result) for result in results)
    test = None if hidden else more["test"]
    return {
        "title": more["title"],
        "columns": [
            *(
                {"key": key, "label": label, "group": more["column_label"]}
                for key, label in columns
            ),
            {"key": "@all", "label": "All"},
        ],
        "lines": lines,
        "beneath": "shown",
        "n": int(np.array(more["n"]).sum()),
        "test": test,
        "notes": [
            f"Rows: {more['row_label']}. Shares are estimates for the population; n counts firms.",
            *([] if test is None else [association_words(test)]),
        ],
    }


class _Block:
    """Shares of one kind: a heading, the cells by rows, and the margins that are no 100 %."""

    def __init__(self, heading: str, cells: Any, below: Any, right: Any) -> None:
        self.heading, self.cells, self.below, self.right = heading, cells, below, right


def _block_lines(
    kind: str, block: _Block, more: Any, joint: Any, of_rows: Any, of_columns: Any
) -> list[dict[str, Any]]:
    lines = []
    width = len(more["columns"])
    for at, (key, label) in enumerate(more["rows"]):
        cells = []
        for across in range(width):
            margin = {"row": of_rows[at], "column": of_columns[across], "total": joint[at, across]}
            hidden = joint[at, across].is_withheld or margin[kind].is_withheld
            made = block.cells[at * width + across]
            cells.append(withheld() if hidden else cell("share", made))
        if kind == "row":
            total = withheld() if of_rows[at].is_withheld else plain("share", 1.0)
        else:
            total = cell("share", of_rows[at])
        lines.append(line(f"{kind}/{key}", label, [*cells, total], group=block.heading))
    if kind == "column":
        whole = [withheld() if c.is_withheld else plain("share", 1.0) for c in of_columns]
    else:
        whole = [cell("share", each) for each in of_columns]
    whole.append(plain("share", 1.0))
    lines.append(line(f"{kind}/@all", "All", whole, group=block.heading))
    return lines


def _count_lines(more: Any, joint: Any, of_rows: Any, of_columns: Any) -> list[dict[str, Any]]:
    """Firms that answered, in each cell and margin."""
    n = np.array(more["n"])
    lines = []
    for at, (key, label) in enumerate(more["rows"]):
        cells = [
            withheld() if joint[at, across].is_withheld else count(n[at, across])
            for across in range(n.shape[1])
        ]
        total = withheld() if of_rows[at].is_withheld else count(n[at].sum())
        lines.append(line(f"n/{key}", label, [*cells, total], group="Firms (n)"))
    whole = [
        withheld() if of_columns[across].is_withheld else count(n[:, across].sum())
        for across in range(n.shape[1])
    ]
    lines.append(line("n/@all", "All", [*whole, count(n.sum())], group="Firms (n)"))
    return lines


def association_words(test: Any) -> str:
    """Rao and Scott's test as a sentence."""
    p = test["p_value"]
    words = "< 0.001" if p < 0.0005 else f"= {p:.3f}"
    return (
        f"Rao-Scott test of association: F({test['numerator_df']:.2f}, "
        f"{test['denominator_df']:.2f}) = {test['statistic']:.3f}, p {words}."
        if math.isfinite(test["statistic"])
        else "No test of association."
    )
