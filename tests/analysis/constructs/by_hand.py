"""Values of measures beside values counted by hand; None stands for missing."""

import numpy as np

from analysis.constructs import measures
from tests.analysis.datasets import dataset_of


def values(columns, name, scales=None, **more):
    """The measure of firms with the columns."""
    return measures(dataset_of(columns, **more), scales)[name].values


def same(found, expected):
    wanted = [np.nan if each is None else each for each in expected]
    return np.allclose(
        np.asarray(found, dtype=float), wanted, rtol=1e-12, atol=1e-15, equal_nan=True
    )


def cells(construct, **columns):
    """Columns such as suppliers__local=[...]: the coordinates, two underscores between them."""
    return {f"{construct}[{name.replace('__', ',')}]": column for name, column in columns.items()}
