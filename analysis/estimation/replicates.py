"""Replicate weights, and the variance of what is estimated under each of them."""

from mathematics.replicates import (
    FAY,
    ReplicateWeights,
    checked_fay,
    failed_replicates,
    given_replicates,
    rank,
    replicate_variance,
)

__all__ = [
    "FAY",
    "ReplicateWeights",
    "checked_fay",
    "failed_replicates",
    "given_replicates",
    "rank",
    "replicate_variance",
]
