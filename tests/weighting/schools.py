"""The 200 schools of R survey's apistrat as cases of a wave; tests/witness/weighting.R."""

import csv
from pathlib import Path

import numpy as np

from surveys.weighting import Margin, Sharing

WITNESS = Path(__file__).resolve().parents[1] / "witness"


def rows(name: str) -> list[dict[str, str]]:
    lines = (WITNESS / name).read_text().splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


SCHOOLS = rows("design_apistrat.csv")


def column(name: str) -> np.ndarray:
    return np.array([float(school[name]) for school in SCHOOLS])


STYPE = np.array([school["stype"] for school in SCHOOLS])
WIDE = np.array([school["sch.wide"] for school in SCHOOLS])
BASE = column("pw")
RESPONDED = column("mobility") <= 18
SHARING = Sharing.of(gives=~RESPONDED, takes=RESPONDED)
TYPES = {"E": 4421.0, "H": 755.0, "M": 1018.0}
BY_TYPE = Margin("school type", STYPE, TYPES)
BY_WIDE = Margin("school-wide growth", WIDE, {"No": 1072.0, "Yes": 5122.0})


def weights_by_r(case: str) -> np.ndarray:
    return np.array([float(row["weight"]) for row in rows("weighting.csv") if row["case"] == case])


def estimate_by_r(statistic: str) -> float:
    return next(
        float(row["value"])
        for row in rows("weighting_estimates.csv")
        if row["statistic"] == statistic
    )
