"""What every profile says of itself, and the intervals of its shares."""

import numpy as np
from scipy import special, stats

from analysis.estimation.estimates import Floats

NOT_A_VERDICT = (
    "A profile describes how answers go together among many firms, with the uncertainty shown. "
    "It is not a verdict on any firm or region: firms lie between profiles, another set of "
    "questions would draw other lines, and a name of a profile is an interpretation."
)


def share_intervals(shares: Floats, std_errors: Floats, df: float, level: float) -> Floats:
    """(k, 2) limits of shares, symmetric in their logits; NaN where there is no standard error."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logits = np.log(shares) - np.log1p(-shares)
        half = stats.t.ppf((1 + level) / 2, df) * std_errors / (shares * (1 - shares))
        limits = np.column_stack([logits - half, logits + half])
        result: Floats = special.expit(limits)
    result[~np.isfinite(std_errors) | (std_errors <= 0)] = np.nan
    return result
