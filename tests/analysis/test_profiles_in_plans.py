"""Profiles by rule as variables of a plan: described with their uncertainty, never as verdicts."""

import numpy as np
import pytest

from analysis import pipeline
from analysis.estimation.design import survey_design
from analysis.pipeline.naming import nameable
from analysis.profiles.described import NOT_A_VERDICT
from analysis.profiles.recipes import MODES
from analysis.profiles.typologies import by_rule
from analysis.refusals import Refusal
from analysis.specification.plan import read_plan
from tests.analysis.constructs.test_catalogue import every
from tests.analysis.datasets import EVERY_CONSTRUCT, dataset_of
from tests.analysis.test_pipeline import made_dataset

PLAN = """
title: Modes
descriptives:
  - {statistic: share, outcome: profile.modes}
"""


@pytest.fixture(scope="module")
def dataset():
    """Three hundred firms that answer every question somehow."""
    random = np.random.default_rng(5)
    columns = {
        name: [value] * 300
        if isinstance(value, str)
        else random.integers(0, max(int(value), 1) + 1, 300).astype(float).tolist()
        for name, (value,) in EVERY_CONSTRUCT.items()
    }
    return dataset_of(columns, provenance={"reference_last_year": 2025})


def test_a_typology_is_there_where_its_measures_are():
    assert "profile.modes" in nameable(every(), {})
    assert not any(name.startswith("profile") for name in nameable(made_dataset(), {}))


def test_its_shares_are_those_of_the_typology_by_rule(dataset):
    known = nameable(dataset, {})
    design = survey_design(count=len(dataset.frame))
    expected = by_rule(MODES, {name: known[name].values for name in MODES.measures}, design=design)

    (found,) = pipeline.run(dataset, read_plan(PLAN)).estimates_document["descriptives"]

    shares = {line["label"]: line["estimate"] for line in found["terms"]}
    for name, share in zip(expected.names, expected.estimates.coefficients, strict=True):
        label = name[:1].upper() + name[1:]
        assert shares.get(label, 0) == pytest.approx(share)
    assert all(line["conf_low"] < line["estimate"] < line["conf_high"] for line in found["terms"])


def test_what_it_means_says_that_it_is_no_verdict(dataset):
    measured = nameable(dataset, {})["profile.modes"]

    assert NOT_A_VERDICT in measured.definition
    assert measured.source.startswith("Jensen")


def test_without_its_constructs_it_is_refused_by_name():
    with pytest.raises(Refusal) as refused:
        pipeline.run(made_dataset(), read_plan(PLAN))

    assert refused.value.code == "unknown_term"
