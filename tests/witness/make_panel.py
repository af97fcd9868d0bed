"""Writes panel_firms.csv: made firms over four waves. Run: python tests/witness/make_panel.py

Firms in regions (clusters) in strata; some enter late, leave, or leave a wave out; weights of
firms, and weights that change from wave to wave.
"""

from pathlib import Path

import numpy as np
import pandas as pd

SEED = 20_261_121
FIRMS = 150
WAVES = (2010, 2012, 2014, 2016)


def main() -> None:
    random = np.random.default_rng(SEED)
    rows = []
    for firm in range(FIRMS):
        effect = random.normal()
        stratum = ("small", "large")[firm % 2]
        region = f"{stratum[0]}{firm // 2 % 14:02d}"
        weight = round(float(random.uniform(1, 5)), 3)
        networking, productivity = 2 + effect + random.normal(), 1 + effect + random.normal()
        for number, wave in enumerate(WAVES):
            size = 3 + 0.4 * effect + 0.1 * number + random.normal(scale=0.5)
            exporter = int(random.random() < 1 / (1 + np.exp(0.3 - 0.6 * effect)))
            networking, productivity = (
                1 + 0.4 * networking + 0.15 * productivity + 0.3 * effect + random.normal(),
                0.5
                + 0.35 * productivity
                + 0.25 * networking
                + 0.3 * size
                + 0.2 * exporter
                + 0.4 * effect
                + 0.1 * number
                + random.normal(),
            )
            index = -1.2 + 0.35 * networking + 0.4 * exporter + 0.7 * effect
            rows.append(
                {
                    "firm": f"f{firm:03d}",
                    "wave": wave,
                    "stratum": stratum,
                    "region": region,
                    "founded": 1980 + firm % 23,
                    "weight": weight,
                    "weight_t": round(weight * random.uniform(0.6, 1.6), 3),
                    "networking": round(networking, 4),
                    "size": round(size, 4),
                    "exporter": exporter,
                    "productivity": round(productivity, 4),
                    "patents": random.poisson(np.exp(-0.6 + 0.25 * networking + 0.4 * effect)),
                    "innovator": int(random.random() < 1 / (1 + np.exp(-index))),
                }
            )
    panel = pd.DataFrame(rows)
    leaving = 1 / (1 + np.exp(2.2 - 0.5 * (panel["networking"] - 2)))
    gone = random.random(len(panel)) < leaving
    out = set()
    kept = np.ones(len(panel), dtype=bool)
    for position, (firm, wave) in enumerate(zip(panel["firm"], panel["wave"], strict=True)):
        kept[position] = firm not in out
        if gone[position]:
            out.add(firm)
        if wave == 2014 and random.random() < 0.08:
            kept[position] = False
    panel[kept].to_csv(Path(__file__).with_name("panel_firms.csv"), index=False)


if __name__ == "__main__":
    main()
