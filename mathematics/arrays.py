"""Arrays of firms, and how lists of labels read in a sentence."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[Any]
Codes = npt.NDArray[np.intp]
Rows = npt.NDArray[np.bool_]

NAMED_AT_MOST = 8


def named(labels: Iterable[Any]) -> str:
    """The labels in quotes, the first few of a long list and how many more there are."""
    quoted = [f"'{label}'" for label in labels]
    shown = ", ".join(quoted[:NAMED_AT_MOST])
    more = len(quoted) - NAMED_AT_MOST
    return shown if more <= 0 else f"{shown} and {more} more"
