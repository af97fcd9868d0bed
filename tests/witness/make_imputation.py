"""Writes imputation_firms.csv: made firms that left answers out at random given the others.

Run: python make_imputation.py (in this folder).
"""

from pathlib import Path

import numpy as np
import pandas as pd

FIRMS = 500
SEED = 20261121


def made() -> pd.DataFrame:
    random = np.random.default_rng(SEED)
    size = random.normal(size=FIRMS)
    graduates = 0.4 * size + random.normal(size=FIRMS)
    exporter = (random.random(FIRMS) < 1 / (1 + np.exp(0.2 - 0.7 * size - 0.5 * graduates))) * 1.0
    pull = np.column_stack(
        [np.zeros(FIRMS), 0.3 + 0.5 * size, -0.2 + 0.6 * graduates]
    ) + random.gumbel(size=(FIRMS, 3))
    industry = np.array(["food", "metal", "trade"])[pull.argmax(axis=1)]
    novelty = np.digitize(0.5 * size + 0.4 * graduates + random.logistic(size=FIRMS), [-1, 0, 1.5])
    growth = (
        0.5
        + 0.3 * size
        + 0.4 * graduates
        - 0.5 * exporter
        + 0.3 * (industry == "metal")
        + 0.2 * novelty
        + random.normal(size=FIRMS)
    )
    firms = pd.DataFrame(
        {
            "size": size,
            "graduates": graduates,
            "exporter": exporter,
            "industry": industry,
            "novelty": novelty,
            "growth": growth,
        }
    ).round({"size": 6, "graduates": 6, "growth": 6})
    for name, slope in (
        ("graduates", 0.6),
        ("exporter", -0.4),
        ("industry", 0.5),
        ("novelty", -0.5),
        ("growth", 0.3),
    ):
        gone = random.random(FIRMS) < 1 / (1 + np.exp(1.1 - slope * size))
        firms[name] = firms[name].astype(object).where(~gone)
    return firms


if __name__ == "__main__":
    made().to_csv(Path(__file__).with_name("imputation_firms.csv"), index=False, na_rep="NA")
