"""Categories of the firms: their codes, which of them there are, and what they are called."""

from typing import Any

import numpy as np

from analysis.constructs.measured import Measured, Values
from analysis.estimation.descriptive.association import Association
from analysis.estimation.descriptive.comparisons import JointTest
from analysis.specification.columns import Rows


def codes_of(measured: Measured) -> dict[str, str]:
    """Codes to their labels; of yes and no too."""
    return {"0": "No", "1": "Yes"} if measured.kind == "binary" else dict(measured.codes)


def labels_of(measured: Measured) -> Values:
    """(n,) codes as texts, None missing; numbers as they are written."""
    if measured.kind == "category":
        return measured.values
    numbers = measured.values.astype(float)
    made = np.full(len(numbers), None, dtype=object)
    known = ~np.isnan(numbers)
    made[known] = [f"{value:.12g}" for value in numbers[known]]
    return made


def levels_of(measured: Measured, firms: Rows) -> tuple[str, ...]:
    """Codes that the firms have: those of the codebook first, in its order. None of a number."""
    if measured.kind == "continuous":
        return ()
    found = set(labels_of(measured)[firms & ~measured.missing])
    declared = list(codes_of(measured))
    return (*(code for code in declared if code in found), *sorted(found - set(declared)))


def test_document(found: JointTest | Association | None) -> dict[str, Any] | None:
    """A test as plain data."""
    if found is None:
        return None
    return {
        "statistic": found.statistic,
        "numerator_df": found.numerator_df,
        "denominator_df": found.denominator_df,
        "p_value": found.p_value,
    }
