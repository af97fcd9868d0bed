"""How many firms to draw from every stratum, and how precise that will be."""

from surveys.sampling.allocation.estimands import (
    Estimand,
    deviation_of_share,
    effective_size,
    effective_size_of,
    expected_cvs,
    expected_variance,
    from_strata,
    mean_of,
    total_of,
)
from surveys.sampling.allocation.multivariate import (
    MetTarget,
    MultivariateAllocation,
    Target,
    bethel,
)
from surveys.sampling.allocation.result import AllocationResult, Limits, limits
from surveys.sampling.allocation.univariate import equal, neyman, optimal, power, proportional

__all__ = [
    "AllocationResult",
    "Estimand",
    "Limits",
    "MetTarget",
    "MultivariateAllocation",
    "Target",
    "bethel",
    "deviation_of_share",
    "effective_size",
    "effective_size_of",
    "equal",
    "expected_cvs",
    "expected_variance",
    "from_strata",
    "limits",
    "mean_of",
    "neyman",
    "optimal",
    "power",
    "proportional",
    "total_of",
]
