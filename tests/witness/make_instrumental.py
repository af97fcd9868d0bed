"""Writes instrumental_workers.csv: made workers whose schooling is endogenous, as in Card (1995).

Run: python tests/witness/make_instrumental.py. Ability moves schooling, training and wages and is
not in the file; distance to a college and the father's schooling move schooling, a subsidy moves
training. Drawn in clusters within strata, with unequal weights.
"""

from pathlib import Path

import numpy as np
import pandas as pd

SEED = 19_951_107
WORKERS = 480


def main() -> None:
    random = np.random.default_rng(SEED)
    stratum = np.repeat(np.arange(6), WORKERS // 6)
    cluster = stratum * 100 + random.integers(0, 12, WORKERS)
    shock = random.normal(scale=0.2, size=1_000)[cluster]
    ability = random.normal(size=WORKERS)
    near_four = random.binomial(1, 0.6, WORKERS)
    near_two = random.binomial(1, 0.4, WORKERS)
    father = np.round(random.normal(10, 3, WORKERS))
    subsidy = random.binomial(1, 0.5, WORKERS)
    south = random.binomial(1, 0.4, WORKERS)
    experience = np.round(random.uniform(2, 24, WORKERS))
    schooling = np.round(
        11.5
        + 0.8 * near_four
        + 0.3 * near_two
        + 0.15 * (father - 10)
        - 0.6 * south
        - 0.05 * experience
        + 1.1 * ability
        + random.normal(scale=1.5, size=WORKERS),
        2,
    )
    training = np.round(
        2 + 1.2 * subsidy + 0.2 * near_two + 0.6 * ability + random.normal(size=WORKERS), 2
    )
    noise = random.normal(scale=0.25 + 0.1 * south, size=WORKERS)
    wage = np.round(
        4.5
        + 0.08 * schooling
        + 0.06 * training
        + 0.05 * experience
        - 0.0012 * experience**2
        - 0.12 * south
        + 0.2 * ability
        + shock
        + noise,
        6,
    )
    groups = pd.DataFrame({"stratum": stratum, "cluster": cluster})
    drawn = groups.groupby("stratum")["cluster"].transform("nunique")
    pd.DataFrame(
        {
            "stratum": stratum,
            "cluster": cluster,
            "clusters_on_frame": drawn * 3,
            "weight": np.round(random.uniform(1, 4, WORKERS), 4),
            "wage": wage,
            "well_paid": (wage > np.median(wage)).astype(int),
            "schooling": schooling,
            "training": training,
            "experience": experience,
            "south": south,
            "near_four": near_four,
            "near_two": near_two,
            "father": father,
            "subsidy": subsidy,
        }
    ).to_csv(Path(__file__).with_name("instrumental_workers.csv"), index=False)


if __name__ == "__main__":
    main()
