"""From a panel's cross-tabulation of reach with its lag to the alluvial plot."""

import itertools
import json

import numpy as np
import pytest

from analysis import pipeline
from analysis.figures.of_estimates import figures_of
from analysis.linking import stacked
from analysis.specification.plan import read_plan
from tests.analysis.datasets import dataset_of

SCALES = ("local", "country", "global")
PLAN = """
title: Reach over waves
waves: all
design: none
descriptives:
  - {statistic: cross_tabulation, outcome: lag(reach), other: reach}
"""
# Farthest scale before and after, and how many firms.
MOVED = {("local", "local"): 30, ("local", "global"): 20, ("country", "country"): 15,
         ("country", "local"): 10, ("global", "global"): 25}  # fmt: skip


def wave_of(slug: str, reached: list[str]):
    place = {name: number for number, name in enumerate(SCALES)}
    columns = {
        f"networking.cooperation[suppliers,{scale}]": [
            float(place[scale] <= place[far]) for far in reached
        ]
        for scale in SCALES
    }
    return dataset_of(
        columns, provenance={"wave": slug, "wave_title": slug, "reference_last_year": int(slug)}
    )


@pytest.fixture(scope="module")
def document() -> dict:
    pairs = list(itertools.chain(*([pair] * count for pair, count in MOVED.items())))
    waves = [
        wave_of(slug, [pair[place] for pair in pairs])
        for place, slug in enumerate(("2022", "2024"))
    ]
    units = [[f"firm {number}" for number in range(len(pairs))]] * 2
    panel = stacked(waves, units=units)
    return json.loads(json.dumps(pipeline.run(panel, read_plan(PLAN)).estimates_document))


def test_firms_flow_from_the_scale_they_reached_to_the_one_they_reach(document: dict) -> None:
    found = {each.key: each for each in figures_of(document, source="Source: made.")}

    figure = found["flows-1"].draw()

    firms = {(before, after): round(count) for before, after, count, _ in figure.rows}
    words = {"local": "Local area", "country": "Rest of country", "global": "Elsewhere"}
    assert firms == {(words[b], words[a]): count for (b, a), count in MOVED.items()}
    assert figure.columns[:2] == ("2022", "2024")
    assert np.isclose(sum(row[3] for row in figure.rows), 1)


def test_a_band_of_few_firms_is_left_out_and_said_to_be(document: dict) -> None:
    (description,) = document["descriptives"]
    lines = [line | ({"estimate": None, "n": None} if np.isclose(line["estimate"], 0.1) else {})
             for line in description["terms"]]  # fmt: skip
    withheld = document | {"descriptives": [description | {"terms": lines}]}

    (flows,) = [each for each in figures_of(withheld, source="") if each.key == "flows-1"]

    assert len(flows.draw().rows) == 4
    caption = " ".join(flows.draw().specification["title"]["subtitle"])
    assert "1 band of few firms is left out." in caption
