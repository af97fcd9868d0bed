"""The demonstration's two waves as a panel: the ready plans over waves, held to the truth."""

from collections import Counter
from pathlib import Path

import pytest

from analysis import extracts, pipeline
from analysis.figures.of_estimates import figures_of
from analysis.specification.plan import read_plan
from surveys.actions import demonstration
from surveys.models import Case
from tests.factories import NOON

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

MODELS = {
    "success_then_networking": [
        "Success to ties",
        "Ties to success",
        "Partners among successful",
        "Both at once, unweighted",
    ],
    "fragmentation_over_waves": [
        "Own region",
        "Rest of the country",
        "Own region, size held equal",
        "Local ties, number",
        "Own region, unweighted",
    ],
    "growth_on_lagged_cooperation": [
        "Growth",
        "Of those that stayed",
        "Unweighted",
        "New products",
    ],
    "ties_kept_and_lost": [
        "Kept, lost and won",
        "Turnover",
        "Turnover after success",
        "Unweighted",
    ],
}
# What some 200 firms have the power to show; the seed was not searched for.
SIGNS = {
    ("Success to ties", "lag(ln_employment)"): 1,
    ("Success to ties", "lag(ties)"): 1,
    ("Ties to success", "lag(ties)"): 1,
    ("Partners among successful", "lag(product)"): 1,
    ("Own region", "panel.year"): -1,
    ("Rest of the country", "panel.year"): 1,
    ("Own region, unweighted", "panel.year"): -1,
    ("Growth", "lag(partners.abroad)"): 1,
    ("Of those that stayed", "lag(partners.abroad)"): 1,
    ("Kept, lost and won", "ties_new"): 1,
    ("Turnover after success", "lag(product)"): 1,
}
NOTHING_TO_FIND = [
    ("Growth", "lag(partners.near)"),
    ("Growth", "lag(partners.country)"),
    ("Growth", "lag(ln_age)"),
    ("Kept, lost and won", "ties_kept"),
]
FLOWS = """
title: Reach over waves
waves: all
descriptives:
  - {statistic: cross_tabulation, outcome: lag(reach), other: reach}
"""


def test_the_plans_over_waves_are_estimated_on_it_and_find_the_signs_of_the_truth():
    loaded = demonstration.load(at=NOON)
    _is_a_panel_worth_following(loaded)
    data = extracts.dataset_over(loaded.closed_wave, ("all",))
    documents = {name: _estimated(_plan(name), data) for name in MODELS}

    found = {name: [each["name"] for each in doc["models"]] for name, doc in documents.items()}
    assert found == MODELS
    statistics = {
        (model["name"], line["term"]): line["statistic"]
        for document in documents.values()
        for model in document["models"]
        for line in model["terms"]
    }
    weak = {where: statistics[where] for where in SIGNS if SIGNS[where] * statistics[where] < 1.96}
    assert weak == {}
    assert all(abs(statistics[where]) < 2.58 for where in NOTHING_TO_FIND)
    flows = _estimated(read_plan(FLOWS), data)
    assert "flows-1" in {each.key for each in figures_of(flows, source="Source: made data.")}


def _is_a_panel_worth_following(loaded):
    """All firms were drawn before; 150 and more answered both waves, two and more a stratum."""
    complete = Case.Disposition.COMPLETE
    closed, opened = loaded.closed_wave.cases, loaded.open_wave.cases
    drawn = set(closed.values_list("unit_id", flat=True))
    answered = set(closed.filter(disposition=complete).values_list("unit_id", flat=True))
    both = Counter(
        stratum
        for unit, stratum in opened.filter(disposition=complete).values_list("unit", "stratum")
        if unit in answered
    )

    assert set(opened.values_list("unit_id", flat=True)) <= drawn
    assert 150 <= sum(both.values()) <= 250
    assert sum(firms >= 3 for firms in both.values()) >= 30
    assert sum(case.design_weight for case in opened.all()) == pytest.approx(12_000)


def _plan(name):
    return read_plan(Path(f"analysis/plans/{name}.yaml").read_text(encoding="utf-8"))


def _estimated(plan, data):
    assert pipeline.check(data, plan) == ()
    document = pipeline.run(data, plan).estimates_document
    assert document["not_estimated"] == []
    return document
