"""Made firms from R&D to innovation to productivity, drawn again and again."""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from scipy import special

from analysis.estimation.estimates import Covariance, Estimates, Floats
from analysis.estimation.parts import Parts
from benchmarks.monte_carlo.categories import WAYS, Drawing
from benchmarks.monte_carlo.clustered_firms import Firms, fitted, one_by_one
from benchmarks.monte_carlo.instrumental import Explained, explained, plain
from benchmarks.monte_carlo.scenario import Scenario

# Intercept, x and z, and a term of each equation's own.
SELECTION = np.array([0.2, 0.4, 0.3, 0.7])
INTENSITY = np.array([1.0, 0.3, 0.2, 0.8])
RHO = 0.4
# Intercept, x, z; predicted intensity.
PRODUCT = np.array([-1.0, 0.2, 0.3, 0.7])
# Intercept, x, z; predicted product innovation.
PRODUCTIVITY = np.array([1.0, 0.2, 0.1, 1.0])
MANY = 4000
OWN = ("(Intercept)", "x", "z")
TERMS = (
    *OWN,
    "predicted_product",
    *(f"intensity|{name}" for name in (*OWN, "subsidy")),
    *(f"selection|{name}" for name in (*OWN, "exports")),
    *(f"product|{name}" for name in (*OWN, "predicted_rd_intensity")),
)
TRUTH = np.concatenate([PRODUCTIVITY, INTENSITY, SELECTION, PRODUCT])


def drawn(firms: Firms) -> tuple[Floats, Explained, Parts]:
    """Productivity, firms, and the rest of the system. The last two errors are regressors."""
    one, two, three, four, subsidy, exports = firms.noise.T
    shared = plain(x=firms.x, z=firms.z)
    intensity = plain(x=firms.x, z=firms.z, subsidy=subsidy)
    selection = plain(x=firms.x, z=firms.z, exports=exports)
    latent = intensity.X @ INTENSITY
    performer = (selection.X @ SELECTION + one > 0).astype(float)
    spent = latent + RHO * one + np.sqrt(1 - RHO**2) * two
    index = shared.X @ PRODUCT[:3] + PRODUCT[3] * latent
    product = (index + three > 0).astype(float)
    y = shared.X @ PRODUCTIVITY[:3] + PRODUCTIVITY[3] * special.ndtr(index) + 0.5 * four
    parts = Parts(
        outcomes={
            "rd_performer": performer,
            "rd_intensity": np.where(performer == 1, spent, np.nan),
            "product": product,
        },
        matrices={"selection": selection, "intensity": intensity, "knowledge": shared},
    )
    return y, explained(firms, shared), parts


def replicated(
    drawing: Drawing, covariances: tuple[Covariance, ...]
) -> Callable[[np.random.Generator], Mapping[str, Estimates]]:
    def replicate(random: np.random.Generator) -> Mapping[str, Estimates]:
        y, firms, parts = drawn(drawing(random, 6))
        return fitted("cdm", y, firms, covariances, parts)

    return replicate


ALONE: tuple[str, Drawing, tuple[Covariance, ...]] = (
    "4,000 firms drawn for themselves",
    partial(one_by_one, count=MANY),
    ("HC0", "HC1"),
)
SCENARIOS: tuple[Scenario, ...] = tuple(
    Scenario(
        "cdm", TERMS, TRUTH, replicated(drawing, covariances), f"product innovation alone; {note}"
    )
    for note, drawing, covariances in (ALONE, *WAYS[1:])
)
