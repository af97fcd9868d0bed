"""Writes innovators.csv: counts, selected outcomes and pairs of outcomes of made firms.

Run: python tests/witness/make_innovators.py. The firms and their design are those of firms.csv;
what they did is drawn here from the models that the witnesses of counts, selection and pairs fit.
"""

from pathlib import Path

import numpy as np
import pandas as pd

SEED = 20_261_121
FOLDER = Path(__file__).parent
DESIGN = ["stratum", "group", "groups_on_frame", "weight"]
JACKKNIFE_GROUPS = 20


def main() -> None:
    random = np.random.default_rng(SEED)
    firms = pd.read_csv(FOLDER / "firms.csv")
    n = len(firms)
    made = firms[[*DESIGN, "local", "exporter"]].copy()
    clusters = {name: at for at, name in enumerate(random.permutation(firms["group"].unique()))}
    made["jackknife"] = firms["group"].map(clusters) % JACKKNIFE_GROUPS
    shock = dict(zip(clusters, random.normal(scale=0.3, size=len(clusters)), strict=True))
    alike = firms["group"].map(shock)
    made["size"] = np.round(np.log(firms["employment"]) - 4, 6)
    made["distance"] = np.round(random.normal(size=n), 6)
    made["years"] = random.integers(1, 6, n)
    index = 0.1 + 0.2 * made["size"] + 0.25 * made["exporter"] + 0.1 * made["local"] + alike
    made["projects"] = random.poisson(
        made["years"] / 3 * np.exp(index) * random.gamma(1.6, 1 / 1.6, n)
    )
    sure = random.random(n) < 1 / (1 + np.exp(0.6 - 0.8 * made["distance"]))
    made["patents"] = np.where(sure, 0, random.poisson(np.exp(index) * random.gamma(2, 0.5, n)))
    made["licences"] = np.where(sure, 0, random.poisson(np.exp(index)))
    errors = random.multivariate_normal([0, 0], [[1, 0.55], [0.55, 1]], n)
    research = -0.2 + 0.5 * made["size"] + 0.4 * made["exporter"] + 0.6 * made["distance"]
    made["research"] = (research + alike + errors[:, 0] > 0).astype(int)
    intensity = 1 + 0.4 * made["size"] - 0.3 * made["exporter"] + alike + 1.3 * errors[:, 1]
    made["intensity"] = np.round(intensity, 6).mask(made["research"] == 0)
    made["subsidy"] = made["research"]
    product = -0.7 + 0.3 * made["size"] + 0.6 * made["subsidy"] + alike
    made["product"] = (product + errors[:, 1] > 0).astype(int)
    process = -0.3 + 0.3 * made["size"] + 0.2 * made["local"] + alike
    made["process"] = (process + 0.6 * errors[:, 1] + random.normal(scale=0.8, size=n) > 0).astype(
        int
    )
    made.drop(columns="subsidy").to_csv(FOLDER / "innovators.csv", index=False)


if __name__ == "__main__":
    main()
