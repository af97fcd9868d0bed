"""Power and size of a logit on one yes-or-no regressor by formula (Hsieh, Bloch & Larsen 1998)."""

import numpy as np
from scipy import stats


def closed_form_power(
    *,
    size: float,
    exposed: float,
    rate_without: float,
    rate_with: float,
    level: float = 0.05,
    correlation: float = 0.0,
) -> float:
    """Power of the two-sided test: formula (2) of the paper, solved for the power.

    Parameters
    ----------
    size : float
        Firms; under weights, the effective number.
    exposed : float
        B, share of the firms with the regressor.
    rate_without, rate_with : float
        P1 and P2, the outcome's shares among firms without and with it.
    level : float
        Of the test.
    correlation : float
        Multiple correlation of the regressor with others in the model; the size is worth
        1 - correlation² of itself (formula (3)).
    """
    spread, own = _spreads(exposed, rate_without, rate_with)
    worth = size * (1 - correlation**2)
    distance = abs(rate_with - rate_without) * np.sqrt(worth * (1 - exposed))
    needed = float(stats.norm.ppf(1 - level / 2)) * spread
    return float(stats.norm.cdf((distance - needed) / own))


def closed_form_size(
    *,
    power: float,
    exposed: float,
    rate_without: float,
    rate_with: float,
    level: float = 0.05,
    correlation: float = 0.0,
) -> float:
    """Firms for that power: formulas (2) and (3). Parameters as `closed_form_power`."""
    spread, own = _spreads(exposed, rate_without, rate_with)
    needed = float(stats.norm.ppf(1 - level / 2)) * spread + float(stats.norm.ppf(power)) * own
    alone = needed**2 / ((rate_with - rate_without) ** 2 * (1 - exposed))
    return float(alone / (1 - correlation**2))


def _spreads(exposed: float, rate_without: float, rate_with: float) -> tuple[float, float]:
    """Deviations under no difference and under the assumed one."""
    pooled = (1 - exposed) * rate_without + exposed * rate_with
    none = pooled * (1 - pooled) / exposed
    own = rate_without * (1 - rate_without) + rate_with * (1 - rate_with) * (1 - exposed) / exposed
    return float(np.sqrt(none)), float(np.sqrt(own))
