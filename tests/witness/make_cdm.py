"""Writes cdm_firms.csv and cdm_replicates.csv: made firms from R&D to productivity.

Run: python tests/witness/make_cdm.py. Firms were drawn in groups within strata. The second
file says how often each group is in a bootstrap of n_h - 1 groups of each stratum (Rao and Wu
1988); weights are multiplied by that, times n_h / (n_h - 1).
"""

from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import norm

SEED = 19_980_101
FIRMS, STRATA, GROUPS, REPLICATES = 600, 5, 16, 60


def main() -> None:
    random = np.random.default_rng(SEED)
    stratum = np.repeat(np.arange(STRATA), FIRMS // STRATA)
    group = random.integers(0, GROUPS, FIRMS)
    size = np.round(random.normal(4, 1, FIRMS), 3)
    exporter = random.binomial(1, 0.4, FIRMS)
    subsidy = random.binomial(1, 0.3, FIRMS)
    cooperation = random.binomial(1, 0.35, FIRMS)
    demand = random.binomial(1, 0.5, FIRMS)
    capital = np.round(random.normal(size=FIRMS), 3)
    u, v = random.normal(size=(2, FIRMS))
    performer = -2.4 + 0.45 * size + 0.7 * exporter + u > 0
    latent = 1 + 0.1 * size + 0.7 * subsidy + 0.6 * cooperation
    intensity = latent + 0.5 * u + 0.8 * v
    to_product = -1.9 + 0.15 * size + 0.8 * latent - 0.3 * exporter + 0.4 * demand
    to_process = -1.3 + 0.1 * size + 0.5 * latent + 0.3 * exporter - 0.4 * demand
    shared = random.normal(scale=0.6, size=FIRMS)
    product = to_product + shared + 0.8 * random.normal(size=FIRMS) > 0
    process = to_process + shared + 0.8 * random.normal(size=FIRMS) > 0
    productivity = (
        2
        + 0.3 * capital
        + 0.1 * size
        + 0.8 * norm.cdf(to_product)
        + 0.3 * norm.cdf(to_process)
        + (0.4 + 0.1 * exporter) * random.normal(size=FIRMS)
    )
    folder = Path(__file__).parent
    weight = np.round(random.uniform(1, 5, FIRMS), 4)
    pd.DataFrame(
        {
            "stratum": stratum,
            "group": stratum * 100 + group,
            "weight": weight,
            "size": size,
            "exporter": exporter,
            "subsidy": subsidy,
            "cooperation": cooperation,
            "demand": demand,
            "capital": capital,
            "rd_performer": performer.astype(int),
            "rd_intensity": np.where(performer, np.round(intensity, 5), np.nan),
            "product": product.astype(int),
            "process": process.astype(int),
            "productivity": np.round(productivity, 6),
        }
    ).to_csv(folder / "cdm_firms.csv", index=False)
    counts = []
    for h in range(STRATA):
        there = sorted(set(group[stratum == h]))
        draws = np.array([random.choice(there, len(there) - 1) for _ in range(REPLICATES)])
        counts += [[h * 100 + g, len(there), *np.sum(draws == g, axis=1)] for g in there]
    names = ["group", "in_stratum", *(f"r{r + 1}" for r in range(REPLICATES))]
    pd.DataFrame(counts, columns=names).to_csv(folder / "cdm_replicates.csv", index=False)


if __name__ == "__main__":
    main()
