"""Who reads nothing but the CSV of a run cannot work out what was withheld from it."""

import csv
import io

import numpy as np
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from analysis import pipeline
from analysis.disclosure.rules import DisclosurePolicy
from analysis.refusals import Refusal
from analysis.specification.plan import read_plan
from analysis.tables import delimited
from tests.analysis.datasets import dataset_of

POLICY = DisclosurePolicy()
PRODUCT = "innovation.product[good]"
PLAN = read_plan(f"""
title: Regions and products
design: {{weights: none, strata: none, clusters: none, population: none}}
descriptives:
  - {{statistic: total, outcome: control.turnover, by: control.region, name: Turnover}}
  - {{statistic: total, outcome: control.turnover, name: All turnover}}
  - {{statistic: share, outcome: control.region, name: Regions}}
  - {{statistic: share, outcome: '{PRODUCT}', name: Products}}
  - {{statistic: cross_tabulation, outcome: control.region, other: '{PRODUCT}', name: Both}}
""")


def firms(counts: list[tuple[int, int]], seed: int):
    """So many firms without and with a product in each region."""
    random = np.random.default_rng(seed)
    region, product = [], []
    for number, (without, having) in enumerate(counts):
        region += [f"r{number}"] * (without + having)
        product += [0.0] * without + [1.0] * having
    turnover = np.round(random.lognormal(4, 1.0, len(region)), 2)
    return dataset_of(
        {PRODUCT: product, "control.turnover": turnover.tolist(), "control.region": region}
    )


def lines_of(table) -> dict[str, dict[str, float | None]]:
    """Estimates by description and line, as the CSV has them; None where withheld."""
    content = delimited.render(table)
    text = content if isinstance(content, str) else content.decode("utf-8-sig")
    found: dict[str, dict[str, float | None]] = {}
    heading = ""
    for kind, label, _, *numbers in csv.reader(io.StringIO(text)):
        if kind == "group":
            found[label] = {}
            heading = label
        elif kind == "estimate":
            found[heading][label] = float(numbers[0]) if numbers[0] else None
    return found


def told(unknown: dict, sums: list, aim) -> tuple[float, float]:
    """What the value can be at least and at most: sums are (names with signs, what they make)."""
    places = {name: place for place, name in enumerate(unknown)}
    matrix = np.zeros((len(sums), len(places)))
    for row, (terms, _) in enumerate(sums):
        for name, sign in terms:
            matrix[row, places[name]] += sign
    right = np.array([value for _, value in sums])
    limits = []
    for sign in (1.0, -1.0):
        cost = np.zeros(len(places))
        cost[places[aim]] = sign
        solved = linprog(cost, A_eq=matrix, b_eq=right, bounds=(0, None), method="highs")
        assert solved.status in (0, 3), solved.message
        limits.append(np.inf if solved.status == 3 else sign * solved.fun)
    return limits[0] if np.isfinite(limits[0]) else 0.0, limits[1]


def equations(shown: dict, names: list, parts: list[tuple[str, list[str]]]) -> list:
    """Each shown value, and that parts add up to their whole."""
    sums = [([(name, 1.0)], shown[name]) for name in names if shown.get(name) is not None]
    return sums + [([(whole, -1.0), *((each, 1.0) for each in of)], 0.0) for whole, of in parts]


REGION = st.tuples(st.integers(0, 40), st.integers(0, 40)).filter(lambda pair: sum(pair) > 1)


@settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(REGION, min_size=2, max_size=5), st.integers(0, 10_000))
def test_no_withheld_count_or_total_can_be_told_from_the_csv(counts, seed):
    assume(sum(a for a, _ in counts) > 0 < sum(b for _, b in counts))
    dataset = firms(counts, seed)
    try:
        made = pipeline.run(dataset, PLAN, policy=POLICY)
    except Refusal:
        assume(False)
    lines, n = lines_of(made.table), float(len(dataset.frame))
    assert set(lines) == {each.name for each in PLAN.descriptives}

    # Counts: shares of all firms, whose number is known; cells add up to regions and products.
    regions = [f"r{number}" for number in range(len(counts))]
    shown = {"all": n}
    for name in regions:
        shown[name] = _times(lines["Regions"].get(name), n)
    shown["1"] = _times(lines["Products"]["All firms"], n)
    shown["0"] = None
    for code in "01":
        for name in regions:
            shown[f"{name}×{code}"] = _times(lines["Both"].get(f"{name} × {code}"), n)
    cells = [f"{name}×{code}" for name in regions for code in "01"]
    names = ["all", *regions, "0", "1", *cells]
    parts = [(name, [f"{name}×0", f"{name}×1"]) for name in regions]
    parts += [(code, [f"{name}×{code}" for name in regions]) for code in "01"]
    parts += [("all", regions), ("all", ["0", "1"])]
    sums = equations(shown, names, parts)
    true = {
        f"{name}×{code}": counts[at][int(code)] for at, name in enumerate(regions) for code in "01"
    }
    true |= {name: sum(counts[at]) for at, name in enumerate(regions)}
    for name, count in true.items():
        if 0 < count < POLICY.least_firms:
            assert shown[name] is None, name
            _, most = told(dict.fromkeys(names), sums, name)
            assert most >= POLICY.least_firms - 1e-4, (name, count, most)

    # Totals of turnover: regions add up to all.
    turnover = dataset.frame["control.turnover"].to_numpy()
    totals = {name: lines["Turnover"].get(name) for name in regions}
    totals["all"] = lines["All turnover"]["All firms"]
    sums = equations(totals, ["all", *regions], [("all", regions)])
    for at, name in enumerate(regions):
        if not 0 < sum(counts[at]) < POLICY.least_firms:
            continue
        own = turnover[dataset.frame["control.region"].to_numpy() == name].sum()
        assert totals[name] is None
        least, most = told(dict.fromkeys(["all", *regions]), sums, name)
        assert most >= own * 1.15 * (1 - 1e-6)
        assert least <= own * 0.85 * (1 + 1e-6)


def _times(share: float | None, n: float) -> float | None:
    return None if share is None else share * n


def test_the_same_attack_finds_what_is_not_withheld():
    dataset = firms([(20, 20), (2, 1), (30, 10)], 3)
    lines = lines_of(pipeline.run(dataset, PLAN).table)

    assert lines["Turnover"]["r1"] is not None
    least, most = told(
        dict.fromkeys(["all", "r0", "r1", "r2"]),
        equations(
            {"all": lines["All turnover"]["All firms"], "r0": lines["Turnover"]["r0"],
             "r2": lines["Turnover"]["r2"]},
            ["all", "r0", "r2"], [("all", ["r0", "r1", "r2"])],
        ),
        "r1",
    )  # fmt: skip
    assert abs(least - most) < 1e-6
    assert abs(least - lines["Turnover"]["r1"]) < 1e-4
