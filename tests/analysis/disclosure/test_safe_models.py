"""What of a regression may be shown."""

import numpy as np
import pytest

from analysis.disclosure.models import (
    MODEL_NOTE,
    FittedModel,
    Published,
    refuse_single_firms,
    safe_models,
)
from analysis.disclosure.rules import DisclosurePolicy
from analysis.disclosure.safe import safe
from analysis.estimation.design import survey_design
from analysis.estimation.design_matrix import INTERCEPT, Column, Factor, design_matrix
from analysis.estimation.regression import fit
from analysis.refusals import Refusal
from analysis.tables.regression import regression_table

POLICY = DisclosurePolicy()


def fitted(y, *, sizes=None, covariates=None, domain=None, interactions=(), name="(1)"):
    """A linear or logit model on levels of a category and on numbers."""
    variables, columns, kinds = {}, [Column(INTERCEPT)], {}
    for variable, values in (sizes or {}).items():
        variables[variable] = np.asarray(values, dtype=object)
        kinds[variable] = "category"
        columns += [
            Column(f"{variable}[{level}]", (Factor(variable, "indicator", level),))
            for level in sorted(set(values))[1:]
        ]
    for variable, values in (covariates or {}).items():
        variables[variable], kinds[variable] = np.asarray(values, dtype=float), "continuous"
        columns.append(Column(variable, (Factor(variable),)))
    columns += [
        Column(":".join(f"{v}[{level}]" for v, level in pair),
               tuple(Factor(v, "indicator", level) for v, level in pair))
        for pair in interactions
    ]  # fmt: skip
    matrix = design_matrix(columns, variables, kinds, count=len(y))
    rows = np.ones(len(y), dtype=bool) if domain is None else domain
    y = np.asarray(y, dtype=float)
    found = fit(
        y=y,
        X=matrix,
        design=survey_design(count=len(y)),
        domain=rows,
        estimator="linear",
        covariance="HC1",
    )
    return FittedModel(name, "sales", found, y, matrix, rows)


def noise(count, seed=0):
    return np.random.default_rng(seed).normal(size=count)


def rules(findings):
    return [(finding.rule, finding.action) for finding in findings]


def test_a_model_of_many_firms_goes_out_as_it_is():
    model = fitted(noise(80), covariates={"rd": noise(80, 1)})

    (same,), findings = safe_models([model], POLICY)

    assert same is model.fit
    assert findings == ()
    assert safe([model], POLICY) == ((model.fit,), ())


def test_one_category_alone_is_a_table_of_cells_and_one_small_cell_spoils_it():
    model = fitted(noise(80), sizes={"size": ["a"] * 40 + ["b"] * 37 + ["c"] * 3})

    (cleaned,), findings = safe_models([model], POLICY)

    assert ("few_in_level", "withheld") in rules(findings)
    assert ("saturated", "refused") in rules(findings)
    assert cleaned is None


def test_beside_a_number_a_small_level_alone_is_withheld():
    model = fitted(
        noise(80),
        sizes={"size": ["a"] * 40 + ["b"] * 34 + ["c"] * 6},
        covariates={"rd": np.concatenate([noise(74, 1), np.linspace(-4, 4, 6)])},
    )

    (cleaned,), findings = safe_models([model], POLICY)

    assert rules(findings) == [("few_in_level", "withheld")]
    estimates = dict(zip(cleaned.estimates.terms, cleaned.estimates.coefficients, strict=True))
    assert np.isnan(estimates["size[c]"])
    assert np.isfinite([estimates["size[b]"], estimates["rd"]]).all()
    assert np.isfinite(cleaned.estimates.std_errors).sum() == 3
    assert cleaned.notes[-1] == MODEL_NOTE
    table = regression_table(title="t", names=["m"], outcomes=["y"], fits=[cleaned], labels={})
    line = next(row for row in table.rows if row.label == "size[c]")
    assert [(cell.text, cell.value) for cell in line.cells] == [("–", None)]


def test_a_base_level_of_few_firms_takes_the_intercept_away():
    model = fitted(
        noise(80),
        sizes={"size": ["a"] * 5 + ["b"] * 40 + ["c"] * 35},
        covariates={"rd": np.concatenate([np.linspace(-4, 4, 5), noise(75, 1)])},
    )

    (cleaned,), findings = safe_models([model], POLICY)

    assert findings[0].where == f"(1): {INTERCEPT}"
    assert np.isnan(cleaned.estimates.coefficients[0])


def test_a_saturated_model_with_a_small_cell_is_refused_though_every_level_has_firms():
    """acro lets it pass: its degrees of freedom are many."""
    sizes = ["s"] * 60 + ["l"] * 40
    places = ["n"] * 55 + ["o"] * 5 + ["n"] * 20 + ["o"] * 20
    model = fitted(
        noise(100),
        sizes={"size": sizes, "place": places},
        interactions=[(("size", "s"), ("place", "o"))],
    )

    (cleaned,), findings = safe_models([model], POLICY)

    assert ("saturated", "refused") in rules(findings)
    assert cleaned is None


def test_a_dummy_for_one_firm_is_refused():
    one = np.zeros(80)
    one[7] = 1

    (_,), findings = safe_models(
        [fitted(noise(80), covariates={"rd": noise(80, 1), "dummy": one})], POLICY
    )

    assert ("saturated", "refused") in rules(findings)
    assert ("leverage", "review") in rules(findings)


def test_few_firms_and_few_degrees_of_freedom_are_refused():
    few = fitted(noise(9), covariates={"rd": noise(9, 1)})
    crowded = fitted(noise(16), covariates={f"x{i}": noise(16, i + 1) for i in range(7)})

    _, of_few = safe_models([few], POLICY)
    _, of_crowded = safe_models([crowded], POLICY)

    assert rules(of_few) == [("few_firms", "refused")]
    assert ("few_df", "refused") in rules(of_crowded)


def test_firms_of_one_group_are_one_firm_in_a_level():
    model = fitted(
        noise(80),
        sizes={"size": ["a"] * 40 + ["b"] * 40},
        covariates={"rd": noise(80, 1)},
    )
    holdings = np.array([None] * 45 + ["giant"] * 35, dtype=object)

    assert safe_models([model], POLICY)[1] == ()
    _, findings = safe_models([model], POLICY, holdings=holdings)

    assert ("few_in_level", "withheld") in rules(findings)


def test_an_outcome_that_few_of_a_level_have_is_for_a_person_to_judge():
    yes = np.array([1.0, 0.0] * 20 + [1.0] * 4 + [0.0] * 36)
    model = fitted(yes, sizes={"size": ["a"] * 40 + ["b"] * 40}, covariates={"rd": noise(80, 1)})

    _, findings = safe_models([model], POLICY)

    assert rules(findings) == [("one_outcome", "review")]


def test_a_near_perfect_fit_is_for_a_person_to_judge():
    rd = noise(80, 1)
    model = fitted(3 * rd + 0.01 * noise(80), covariates={"rd": rd})

    _, findings = safe_models([model], POLICY)

    assert rules(findings) == [("near_perfect_fit", "review")]


def test_the_same_model_without_three_firms_is_refused_the_second_time():
    y, rd = noise(80), noise(80, 1)
    fewer = np.arange(80) < 77
    whole, part = (
        fitted(y, covariates={"rd": rd}, name="(1)"),
        fitted(y, covariates={"rd": rd}, domain=fewer, name="(2)"),
    )

    (first, second), findings = safe_models([whole, part], POLICY)

    assert [(finding.where, finding.rule) for finding in findings] == [("(2)", "difference")]
    assert np.isfinite(first.estimates.coefficients).all()
    assert second is None
    before = Published("sales", frozenset(part.fit.estimates.terms), part.rows)
    assert rules(safe_models([whole], POLICY, published=[before])[1]) == [("difference", "refused")]


def test_another_model_on_almost_the_same_firms_is_none_of_its_business():
    y = noise(80)
    rd = noise(80, 1)
    age = noise(80, 2)
    age[:3] = np.nan

    _, findings = safe_models(
        [fitted(y, covariates={"rd": rd}), fitted(y, covariates={"rd": rd, "age": age})], POLICY
    )

    assert findings == ()


@pytest.mark.parametrize(
    ("statistic", "code"), [("maximum", "extremes"), ("residuals", "single_firm")]
)
def test_extremes_and_residuals_are_refused_by_name(statistic, code):
    with pytest.raises(Refusal) as refused:
        refuse_single_firms(statistic)

    assert refused.value.code == code
    refuse_single_firms("mean")
