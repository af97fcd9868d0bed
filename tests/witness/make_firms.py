"""Writes firms.csv: a made survey of firms for the witnesses. Run: python tests/witness/make_firms.py

Stratified by size and region, firms in groups (clusters) within strata, unequal weights,
finite population counts, some answers missing.
"""

from pathlib import Path

import numpy as np
import pandas as pd

SEED = 20_261_104
STRATA = [(size, region) for size in ("small", "medium", "large") for region in ("n", "s", "w")]
GROUPS_ON_FRAME = (60, 50, 45, 40, 36, 30, 14, 10, 8)
GROUPS_DRAWN = (26, 22, 20, 18, 16, 14, 9, 7, 8)


def main() -> None:
    random = np.random.default_rng(SEED)
    rows = []
    for (size, region), on_frame, drawn in zip(STRATA, GROUPS_ON_FRAME, GROUPS_DRAWN, strict=True):
        for group in range(drawn):
            shock = random.normal(scale=0.5)
            drawn_group = (size, region, f"{size[0]}{region}{group:02d}", on_frame, drawn, shock)
            rows += [drawn_group] * int(random.integers(2, 7))
    firms = pd.DataFrame(
        rows, columns=["size", "region", "group", "groups_on_frame", "groups_drawn", "shock"]
    )
    n = len(firms)
    firms["stratum"] = firms["size"] + "-" + firms["region"]
    firms["firm"] = np.arange(1, n + 1)
    firms["weight"] = np.round(
        firms["groups_on_frame"] / firms["groups_drawn"] * random.uniform(0.7, 1.8, n), 4
    )
    in_stratum = firms.groupby("stratum")["firm"].transform("size")
    firms["firms_on_frame"] = np.ceil(in_stratum * firms["groups_on_frame"] / firms["groups_drawn"])
    firms["local"] = random.binomial(6, 0.35, n)
    firms["world"] = random.binomial(4, 0.2, n)
    centre = firms["size"].map({"small": 3.0, "medium": 4.3, "large": 6.0})
    firms["employment"] = np.maximum(np.round(np.exp(random.normal(centre, 0.5))), 2)
    firms["graduates"] = np.round(random.beta(1.5, 5, n), 3)
    firms["exporter"] = random.binomial(1, 0.35, n)
    firms["industry"] = random.choice(
        ["food", "metal", "services", "trade"], n, p=[0.3, 0.3, 0.25, 0.15]
    )
    predictor = (
        -1.6
        + 0.45 * firms["local"]
        - 0.04 * firms["local"] ** 2
        + 0.3 * firms["world"]
        + 0.15 * np.log(firms["employment"])
        + 0.4 * firms["exporter"]
        + firms["industry"].map({"food": 0, "metal": 0.3, "services": -0.2, "trade": 0.1})
        + firms["shock"]
    )
    firms["product"] = (random.random(n) < 1 / (1 + np.exp(-predictor))).astype(int)
    firms["growth"] = np.round(
        0.2 * predictor + random.normal(scale=0.3 + 0.1 * firms["world"], size=n), 6
    )
    firms["graduates"] = firms["graduates"].mask(random.random(n) < 0.04)
    firms["manufacturer"] = firms["industry"].isin(["food", "metal"]).astype(int)
    firms.drop(columns=["shock"]).to_csv(
        Path(__file__).with_name("firms.csv"), index=False, na_rep=""
    )


if __name__ == "__main__":
    main()
