"""The plans of the library over waves: each is carried, estimated, and true to its design."""

from dataclasses import replace
from functools import lru_cache

import pytest

from analysis import pipeline
from analysis.linking import stacked
from analysis.pipeline.carrying import lacking
from tests.analysis.library.test_plans import LEFT_TO_PANELS, codebook, plan_of
from tests.analysis.library.whole_core import whole_core

PANELS = sorted(LEFT_TO_PANELS)
FIRMS = 500


@lru_cache(maxsize=1)
def panel():
    """The same firms in two waves, whose answers have nothing to do with each other."""
    waves = [
        replace(data, provenance=data.provenance | {"wave": str(year), "reference_last_year": year})
        for year, data in ((2023, whole_core(FIRMS, 1)), (2025, whole_core(FIRMS, 2)))
    ]
    units = [str(name) for name in waves[0].frame.index]
    return stacked(waves, units=(units, units), longitudinal=dict.fromkeys(units, 2.0))


def test_there_is_a_plan_of_each_kind_that_only_waves_allow():
    estimators = {each.estimator for name in PANELS for each in plan_of(name).specifications}

    assert {"cross_lagged", "fixed_effects", "lagged_outcome"} <= estimators
    assert {plan_of(name).theory.theme for name in PANELS} == {"waves"}


@pytest.mark.parametrize("name", PANELS)
def test_the_whole_core_instrument_can_carry_every_plan_over_waves(name):
    assert lacking(plan_of(name), codebook()) == ()


def test_a_wave_without_cooperation_lacks_it_for_ties_kept_and_lost():
    data = codebook()
    kept = tuple(each for each in data.variables if each.construct != "networking.cooperation")
    without = replace(
        data, variables=kept, frame=data.frame[[each.name for each in kept]], fingerprint="without"
    )

    found = {each.name: each.constructs for each in lacking(plan_of("ties_kept_and_lost"), without)}

    assert found["ties_kept"] == ("networking.cooperation",)


@pytest.mark.slow
@pytest.mark.parametrize("name", PANELS)
def test_every_model_of_a_plan_over_waves_is_estimated(name):
    plan = plan_of(name)

    assert pipeline.check(panel(), plan) == ()
    document = pipeline.run(panel(), plan).estimates_document
    assert document["not_estimated"] == []
    assert len(document["models"]) == len(plan.specifications)


@pytest.mark.slow
def test_what_is_expected_over_waves_is_not_found_where_waves_have_nothing_in_common():
    document = pipeline.run(panel(), plan_of("success_then_networking")).estimates_document
    lags = {
        line["term"]: line["statistic"]
        for model in document["models"][:2]
        for line in model["terms"]
        if line["term"].startswith("lag(")
    }

    assert all(abs(statistic) < 3.5 for statistic in lags.values())
