"""The linked extract of several waves as CSV."""

from surveys.exports import delimited
from surveys.queries.panel import Linked


def panel_as_csv(found: Linked) -> bytes:
    """One row a firm and wave; missing values are empty."""
    values = found.table.astype(object).where(found.table.notna(), None)
    return delimited.render([str(name) for name in found.table.columns], values.values.tolist())
