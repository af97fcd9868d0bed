"""Writes multilevel_firms.csv: made firms in regions, drawn in two stages.

Run: python make_multilevel.py (in this folder). Forty regions in four strata, drawn with unequal
chances; in each a handful of firms, drawn with unequal chances. Intercepts and the effect of
`size` differ between regions, `universities` is the same for all firms of a region.
"""

from pathlib import Path

import numpy as np
import pandas as pd

REGIONS, STRATA = 40, 4


def made(seed: int = 20261121) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    stratum = np.arange(REGIONS) % STRATA
    universities = random.normal(size=REGIONS).round(3)
    effects = random.multivariate_normal([0, 0], [[0.8, 0.2], [0.2, 0.4]], size=REGIONS)
    region_weight = np.array([2.0, 3.5, 5.0, 8.0])[stratum] * random.uniform(0.8, 1.25, REGIONS)
    region = np.repeat(np.arange(REGIONS), random.integers(6, 19, REGIONS))
    n = len(region)
    size = random.normal(size=n).round(3)
    exporter = (random.random(n) < 0.4).astype(int)
    within = random.uniform(1, 6, n).round(4)
    linear = (
        0.3
        + (0.6 + effects[region, 1]) * size
        + 0.5 * exporter
        + 0.4 * universities[region]
        + 0.3 * size * universities[region]
        + effects[region, 0]
    )
    growth = (linear + random.normal(scale=1.2, size=n)).round(4)
    product = (random.random(n) < 1 / (1 + np.exp(0.4 - linear))).astype(int)
    return pd.DataFrame(
        {
            "region": [f"r{number:02d}" for number in region],
            "stratum": [f"s{number}" for number in stratum[region]],
            "size": size,
            "exporter": exporter,
            "universities": universities[region],
            "growth": growth,
            "product": product,
            "within": within,
            "region_weight": region_weight.round(4)[region],
        }
    )


if __name__ == "__main__":
    made().to_csv(Path(__file__).parent / "multilevel_firms.csv", index=False)
