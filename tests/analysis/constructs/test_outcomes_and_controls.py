import math

import numpy as np

from analysis.constructs import measures
from tests.analysis.datasets import EVERY_CONSTRUCT, dataset_of

NAN = float("nan")


def values(columns, name, **more):
    return measures(dataset_of(columns, **more))[name].values.tolist()


def same(found, expected):
    return np.allclose(found, expected, rtol=1e-15, equal_nan=True)


def test_any_kind_of_new_good_or_service_is_a_product_innovation():
    columns = {
        "innovation.product[good]": [0, 1, None, None],
        "innovation.product[service]": [0, 0, 1, None],
    }

    assert same(values(columns, "product"), [0, 1, 1, NAN])


def test_any_type_of_process_is_a_process_innovation():
    columns = {
        "innovation.process[production]": [0, 0, None],
        "innovation.process[logistics]": [0, 1, None],
    }

    assert same(values(columns, "process"), [0, 1, NAN])


def test_novelty_is_that_of_the_newest_product_and_two_is_new_to_the_market():
    columns = {
        "innovation.novelty[good]": [0, 1, 3, None, None],
        "innovation.novelty[service]": [0, 0, 1, 2, None],
    }

    assert same(values(columns, "novelty"), [0, 1, 3, 2, NAN])
    assert same(values(columns, "new_to_market"), [0, 0, 1, 1, NAN])


def test_turnover_shares_are_as_answered():
    columns = {"innovation.turnover_share[new_to_market]": [12.5, None]}

    assert same(values(columns, "turnover.new_to_market"), [12.5, NAN])


def test_log_of_employment_is_missing_for_a_firm_without_staff():
    columns = {"control.employment": [1, math.e, 0, None]}

    assert same(values(columns, "ln_employment"), [0, 1, NAN, NAN])


def test_a_log_of_employment_that_was_given_is_taken_as_it_is():
    columns = {"control.ln_employment": [2.5], "control.employment": [400]}

    assert values(columns, "ln_employment") == [2.5]


def test_age_counts_from_the_year_of_start_to_the_last_reference_year():
    columns = {"control.start_year": [2024, 2015, 2025, None]}
    found = {
        name: values(columns, name, provenance={"reference_last_year": 2024})
        for name in ("age", "ln_age")
    }

    assert same(found["age"], [1, 10, NAN, NAN])
    assert same(found["ln_age"], [0, math.log(10), NAN, NAN])


def test_ten_per_cent_held_abroad_is_foreign():
    assert same(values({"control.foreign_share": [9.99, 10, None]}, "foreign_owned"), [0, 1, NAN])


def test_any_export_makes_an_exporter():
    assert same(values({"control.export_share": [0, 0.1, None]}, "exporter"), [0, 1, NAN])


def test_research_bought_anywhere_is_research():
    columns = {
        "research.inside": [0, 1, 0, 0, None, None],
        "research.bought[country]": [0, 0, 0, 0, None, 1],
        "research.bought[abroad]": [0, 0, 1, None, 0, 0],
    }

    assert same(values(columns, "rd_any"), [0, 1, 1, NAN, NAN, 1])
    assert same(values(columns, "research_inside"), [0, 1, 0, 0, NAN, NAN])


def test_every_measure_says_what_it_is_and_when_it_is_missing():
    found = measures(dataset_of(EVERY_CONSTRUCT))

    assert [
        name
        for name, measure in found.items()
        if not (measure.label and measure.definition and measure.missing_rule)
    ] == []
