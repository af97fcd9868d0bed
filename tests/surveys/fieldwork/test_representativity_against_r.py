"""R-indicators as R has them; tests/witness/representativity.R asked glm and survey."""

import csv
from pathlib import Path

import numpy as np
import pytest

from surveys.fieldwork.representativity import Representativity, representativity

WITNESS = Path(__file__).resolve().parents[2] / "witness"
# R's derivatives are differences of step 1e-6: good to some 1e-9 of their size.
TOLERANCE = 1e-7


def rows(name: str) -> list[dict[str, str]]:
    lines = (WITNESS / name).read_text().splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


FIRMS = rows("firms.csv")
VARIABLES = {
    name: np.array([firm[name] for firm in FIRMS]) for name in ("size", "region", "industry")
}
STRATUM = np.array([firm["stratum"] for firm in FIRMS])
RESPONDED = np.array([firm["exporter"] == "1" for firm in FIRMS])
ON_FRAME = np.array([float(firm["firms_on_frame"]) for firm in FIRMS])
EVEN = ON_FRAME / np.array([(each == STRATUM).sum() for each in STRATUM])
UNEVEN = np.array([float(firm["weight"]) for firm in FIRMS])

FOUND: dict[str, Representativity] = {
    "stratified": representativity(VARIABLES, RESPONDED, EVEN, stratum=STRATUM),
    "uneven": representativity(VARIABLES, RESPONDED, UNEVEN),
    "linear": representativity(VARIABLES, RESPONDED, EVEN, stratum=STRATUM, link="linear"),
}


def value(found: Representativity, statistic: str) -> float:
    name, *of = statistic.split(" ")
    if not of:
        return float(getattr(found, name))
    partial = next(each for each in found.partial if each.name == of[0])
    if len(of) == 1:
        return float(getattr(partial, name))
    return float(getattr(next(each for each in partial.categories if each.level == of[1]), name))


@pytest.mark.parametrize(
    ("case", "statistic", "by_r"),
    [(row["case"], row["statistic"], float(row["value"])) for row in rows("representativity.csv")],
)
def test_an_indicator_is_what_r_makes_it(case: str, statistic: str, by_r: float) -> None:
    assert value(FOUND[case], statistic) == pytest.approx(by_r, rel=TOLERANCE, abs=1e-9)
