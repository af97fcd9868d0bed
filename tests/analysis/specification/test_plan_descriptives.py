"""`descriptives` of a plan: what is read, what is told, and what is described."""

import json
import math

import numpy as np
import pytest
import yaml

from analysis import pipeline
from analysis.estimation.descriptive.entry import NEEDED, STATISTICS, describe
from analysis.refusals import Refusal
from analysis.specification.plan import read_plan
from analysis.specification.plan_descriptives import INTERVALS, MOST_DESCRIPTIVES
from analysis.specification.problems import PlanRefusal
from analysis.tables import delimited, excel, html, latex, word
from tests.analysis.plans_of_estimators import design_of, firms

ASKED = {
    "total": {"outcome": "sales"},
    "mean": {"outcome": "sales", "by": "sector"},
    "share": {"outcome": "sector", "by": "exports"},
    "ratio": {"outcome": "patents", "denominator": "staff"},
    "quantile": {"outcome": "sales", "quantile": 0.25},
    "variance": {"outcome": "sales"},
    "standard_deviation": {"outcome": "sales"},
    "cross_tabulation": {"outcome": "satisfaction", "other": "way"},
}


def plan_of(*entries, **more):
    return read_plan(yaml.safe_dump({"title": "T", "descriptives": list(entries), **more}))


def written(entry):
    return read_plan(f"title: T\ndescriptives:\n  - {{{entry}}}\n")


def problems(call, *arguments, **more):
    with pytest.raises(PlanRefusal) as caught:
        call(*arguments, **more)
    assert all(each.remedy and each.message for each in caught.value.problems)
    return [(each.where, each.code) for each in caught.value.problems]


def run(*entries, **more):
    return pipeline.run(firms(), plan_of(*entries, **more))


def labels(results):
    return [row.label for row in results.table.rows]


def test_every_statistic_has_a_plan():
    assert set(ASKED) == set(STATISTICS)


@pytest.mark.parametrize("statistic", STATISTICS)
def test_a_plan_describes_what_the_statistic_does(statistic):
    asked, frame = ASKED[statistic], firms().frame
    column = {key: frame[name].to_numpy() for key, name in asked.items() if key != "quantile"}
    numbers = statistic not in ("share", "cross_tabulation")
    alone = describe(
        statistic,
        y=column["outcome"].astype(float) if numbers else column["outcome"],
        denominator=column.get("denominator"),
        quantile=asked.get("quantile"),
        other=column.get("other"),
        by=column.get("by"),
        design=design_of(firms(), is_weighted=True),
        domain=np.ones(len(frame), dtype=bool),
    )
    alone = getattr(alone, "shares", alone)

    (told,) = run({"statistic": statistic, **asked}).estimates_document["descriptives"]

    for key, expected in (
        ("estimate", alone.estimates.coefficients),
        ("std_error", alone.estimates.std_errors),
        ("conf_low", alone.intervals[:, 0]),
        ("conf_high", alone.intervals[:, 1]),
        ("n", alone.n),
    ):
        given = np.array([line[key] for line in told["terms"]], dtype=float)
        assert np.allclose(given, expected, rtol=1e-12, equal_nan=True), key
    assert told["statistic"] == statistic


@pytest.mark.parametrize("statistic", STATISTICS)
def test_descriptions_are_json_and_a_table_in_every_format(statistic):
    results = run({"statistic": statistic, **ASKED[statistic]})

    json.dumps(results.estimates_document, allow_nan=False)
    json.dumps(results.table.to_document(), allow_nan=False)
    for render in (html.render, latex.render, word.render, excel.render, delimited.render):
        assert render(results.table)


def test_a_plan_may_describe_and_estimate():
    model = {"name": "M", "outcome": "product", "formula": "size"}

    results = run({"outcome": "sales"}, models=[model])

    assert [row.label for row in results.descriptives_table.rows] == [
        "Mean of Sales per employee (ln)",
        "All firms",
    ]
    assert results.table.columns == ("(1) M",)


def test_codes_of_both_variables_of_a_cross_tabulation_are_told_in_their_own_words():
    found = labels(run({"statistic": "cross_tabulation", **ASKED["cross_tabulation"]}))

    assert found[:4] == [
        "Cross tabulation of Content with the region by How it innovates",
        "Not at all × Alone",
        "Not at all × With partners",
        "Not at all × Bought",
    ]


def test_levels_come_before_groups_and_yes_or_no_are_words():
    assert labels(run({"statistic": "share", "outcome": "sector", "by": "exports"}))[1:4] == [
        "Mining × No",
        "Services × No",
        "Trade × No",
    ]


def test_groups_stand_in_the_order_of_the_codebook():
    found = firms()
    turned = tuple(
        type(each)(**{**as_dict(each), "codes": tuple(reversed(each.codes))})
        for each in found.variables
    )
    dataset = type(found)(found.frame, turned, found.design, found.provenance, found.fingerprint)

    results = pipeline.run(dataset, plan_of({"outcome": "sales", "by": "sector"}))

    assert labels(results)[1:] == ["Trade", "Services", "Mining"]


def as_dict(variable):
    return {name: getattr(variable, name) for name in type(variable).__slots__}


def test_a_quantile_says_which():
    assert labels(run({"statistic": "quantile", "outcome": "sales"}))[1] == "Median"
    assert labels(run({"statistic": "quantile", **ASKED["quantile"]}))[1] == "Quantile 0.25"


def test_a_subpopulation_and_a_name_of_its_own():
    results = run({"name": "Sales", "outcome": "sales", "subpopulation": "sector = 'trade'"})

    (told,) = results.estimates_document["descriptives"]
    assert told["title"] == "Sales"
    assert told["terms"][0]["n"] == (firms().frame["sector"] == "trade").sum()


def test_replicates_give_the_same_estimate_and_another_standard_error():
    asked = {"outcome": "sales", "covariance": "replicate", "design": {"replicates": "JKn"}}

    results = run({"outcome": "sales"}, asked)

    one, other = (each["terms"][0] for each in results.estimates_document["descriptives"])
    assert math.isclose(one["estimate"], other["estimate"], rel_tol=1e-12)
    assert math.isclose(one["std_error"], other["std_error"], rel_tol=0.05)


def test_a_description_that_cannot_be_made_is_named():
    with pytest.raises(Refusal, match=r"^Description “mean of sector”: .* is a category") as caught:
        run({"outcome": "sector"})

    assert caught.value.code == "not_a_number"


def test_a_name_that_the_wave_does_not_know_is_told_wherever_it_stands():
    plan = plan_of(
        {"name": "A", "outcome": "shoes", "by": "hats", "subpopulation": "gloves > 1"},
        {"statistic": "ratio", "outcome": "sales", "denominator": "socks"},
        {"statistic": "cross_tabulation", "outcome": "sector", "other": "ties"},
    )

    found = [(each.where, each.code) for each in pipeline.check(firms(), plan)]

    assert found == [("descriptives > A", "unknown_term")] * 3 + [
        ("descriptives > sales", "unknown_term"),
        ("descriptives > sector", "unknown_term"),
    ]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("statistic: median, outcome: a", "unknown_choice"),
        ("statistic: [mean], outcome: a", "unknown_choice"),
        ("statistic: {a: b}, outcome: a", "unknown_choice"),
        ("statistic: null, outcome: a", "unknown_choice"),
        ("statistic: mean", "missing_key"),
        ("statistic: mean, outcome: null", "missing_key"),
        ("statistic: mean, outcome: ''", "missing_key"),
        ("statistic: ratio, outcome: a", "missing_key"),
        ("statistic: cross_tabulation, outcome: a", "missing_key"),
        ("outcome: yes", "wrong_shape"),
        ("outcome: [a, b]", "wrong_shape"),
        ("outcome: a, by: [b, c]", "wrong_shape"),
        ("outcome: a, by: no", "wrong_shape"),
        ("outcome: a, denominator: b", "unused_key"),
        ("outcome: a, quantile: 0.5", "unused_key"),
        ("outcome: a, interval: logit", "unused_key"),
        ("statistic: quantile, outcome: a, quantile: 50", "wrong_shape"),
        ("statistic: quantile, outcome: a, quantile: 1", "wrong_shape"),
        ("statistic: quantile, outcome: a, quantile: 1.0", "wrong_shape"),
        ("statistic: quantile, outcome: a, quantile: .nan", "wrong_shape"),
        ("statistic: quantile, outcome: a, quantile: '0.5'", "wrong_shape"),
        ("statistic: quantile, outcome: a, quantile: [0.2, 0.8]", "wrong_shape"),
        ("statistic: quantile, outcome: a, quantile: yes", "wrong_shape"),
        ("statistic: share, outcome: a, interval: wide", "unknown_choice"),
        ("statistic: share, outcome: a, interval: [wald]", "unknown_choice"),
        ("statistic: share, outcome: a, interval: woodruff", "unknown_choice"),
        ("outcome: a, covariance: HC1", "unknown_choice"),
        ("outcome: a, covariance: [design]", "unknown_choice"),
        ("outcome: a, covariance: replicate", "no_replicates"),
        ("outcome: a, of: b", "unknown_key"),
        ("outcome: a, 1: b", "unknown_key"),
        ("outcome: a, subpopulation: b >", "cannot_read"),
    ],
)
def test_a_description_that_cannot_be_read_is_told(entry, code):
    assert problems(written, entry) == [("descriptives > 1", code)]


def test_a_name_that_is_no_text_is_told():
    assert problems(written, "outcome: a, name: [b]") == [("descriptives > ['b']", "wrong_shape")]


def test_an_empty_name_or_interval_is_none():
    (read,) = written("statistic: share, outcome: a, name: null, interval: null").descriptives

    assert (read.name, read.interval) == ("", "")


@pytest.mark.parametrize("statistic", INTERVALS)
def test_every_interval_of_a_statistic_is_read(statistic):
    for interval in INTERVALS[statistic]:
        asked = ASKED[statistic] | {"interval": interval}
        (told,) = run({"statistic": statistic, **asked}).estimates_document["descriptives"]

        assert told["interval"] == interval


def test_what_a_statistic_needs_is_what_it_reads():
    assert all(needed in STATISTICS[name][1] for name, needed in NEEDED.items())


def test_descriptives_that_are_no_list_are_told():
    for value in ("{outcome: a}", "a", "[a]"):
        told = problems(read_plan, f"title: T\ndescriptives: {value}\n")
        assert ("plan", "wrong_shape") in told


def test_more_descriptives_than_a_plan_holds_are_told():
    entries = [{"outcome": f"v{place}"} for place in range(MOST_DESCRIPTIVES + 1)]

    assert problems(plan_of, *entries) == [("plan", "too_many_descriptives")]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("{variables: control.age}", "wrong_shape"),
        ("{variables: [1]}", "wrong_shape"),
        ("{variables: ['']}", "wrong_shape"),
        ("{variables: {a: b}}", "wrong_shape"),
        ("{variables: []}", "missing_key"),
        ("{variables: null}", "missing_key"),
        ("{predictors: [a]}", "missing_key"),
        ("{variables: [a], predictors: b}", "wrong_shape"),
        ("{variables: [a], count: 0}", "wrong_shape"),
        ("{variables: [a], count: 2.5}", "wrong_shape"),
        ("{variables: [a], count: yes}", "wrong_shape"),
        ("{variables: [a], iterations: 1000}", "wrong_shape"),
        ("{variables: [a], seed: -1}", "wrong_shape"),
        ("{variables: [a], method: pmm}", "unknown_key"),
        ("[a]", "wrong_shape"),
        ("yes", "wrong_shape"),
        (
            f"{{variables: [{', '.join(f'v{place}' for place in range(201))}]}}",
            "too_many_variables",
        ),
    ],
)
def test_an_imputation_that_cannot_be_read_is_told(value, code):
    text = f"title: T\nimputation: {value}\nmodels: [{{name: M, outcome: a, formula: b}}]\n"

    assert problems(read_plan, text) == [("imputation", code)]


def test_a_code_with_a_comma_is_told_as_it_is():
    found = firms()
    frame = found.frame.assign(region=["North, far"] * 200 + ["South"] * (len(found.frame) - 200))
    dataset = type(found)(frame, found.variables, found.design, found.provenance, found.fingerprint)

    results = pipeline.run(dataset, plan_of({"outcome": "sales", "by": "region"}))

    assert labels(results)[1:] == ["North, far", "South"]


def test_levels_and_groups_with_commas_are_told_as_they_are():
    found = firms()
    frame = found.frame.assign(region=["North, far"] * 200 + ["South"] * (len(found.frame) - 200))
    dataset = type(found)(frame, found.variables, found.design, found.provenance, found.fingerprint)

    asked = {"statistic": "share", "outcome": "sector", "by": "region"}
    results = pipeline.run(dataset, plan_of(asked))

    assert labels(results)[1:] == [
        "mining, North, far",
        "services, North, far",
        "trade, North, far",
        "Mining × South",
        "Services × South",
        "Trade × South",
    ]


def test_a_table_of_what_the_design_fixes_has_no_test_of_association():
    found = firms()
    frame = found.frame.assign(region=found.design["stratum"], sector=found.design["stratum"])
    dataset = type(found)(frame, found.variables, found.design, found.provenance, found.fingerprint)

    asked = {"statistic": "cross_tabulation", "outcome": "region", "other": "sector"}
    results = pipeline.run(dataset, plan_of(asked))

    assert results.estimates_document["descriptives"][0]["tests"] == {}
    assert not any("Rao-Scott" in note for note in results.table.notes)
