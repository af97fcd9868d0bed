"""Tables laid out anew from estimates.json alone."""

import copy
from functools import cache

import pytest
import yaml

from analysis import pipeline
from analysis.specification.plan import read_plan
from analysis.tables.document_tables import (
    fit_of_model,
    statistics_of_document,
    table_of_document,
    units_of_document,
)
from analysis.tables.layout import Layout, Line
from tests.analysis.plans_of_estimators import CASES


@cache
def made() -> pipeline.Results:
    models = [CASES["logit"].model("logit", name=name) for name in ("First", "Second")]
    plan = read_plan(yaml.safe_dump({"title": "T", "models": models}))
    return pipeline.run(CASES["logit"].dataset, plan, fingerprint="abc")


def document() -> dict:
    return copy.deepcopy(made().estimates_document)


def with_the_second_refused() -> dict:
    found = document()
    second = found["models"].pop()
    found["not_estimated"] = [
        {"place": 2, "name": second["name"], "code": "separation",
         "message": "Size predicts all.", "remedy": "Leave it out."}
    ]  # fmt: skip
    return found


def test_the_table_of_a_run_comes_back_from_its_document():
    assert table_of_document(document()) == made().table


def test_a_refused_model_keeps_its_empty_column_and_its_reason():
    table = table_of_document(with_the_second_refused())

    assert table.columns == ("(1) First", "(2) Second")
    first = next(row for row in table.rows if row.cells)
    assert first.cells[1].text == "not estimated"
    assert "(2) Second: not estimated. Size predicts all. Leave it out." in table.notes
    assert all(row.cells[1].value is None for row in table.rows if row.cells)


def test_a_refused_model_is_empty_in_both_of_its_columns():
    table = table_of_document(with_the_second_refused(), layout=Layout(place="beside"))

    assert len(table.columns) == 4
    for row in table.rows:
        assert [cell.value for cell in row.cells[2:]] in ([], [None, None])


def test_lines_that_may_be_moved_stand_in_the_order_of_the_layout():
    plain = [unit.key for unit in units_of_document(document())]
    last = plain[-1]

    moved = units_of_document(document(), layout=Layout(lines=(Line(last, "Last"),)))

    assert [unit.key for unit in moved] == [last, *plain[:-1]]
    assert moved[0].label == "Last"


def test_a_line_that_is_left_out_is_still_offered():
    key = units_of_document(document())[0].key

    units = units_of_document(document(), layout=Layout(lines=(Line(key, is_shown=False),)))

    assert units[0].key == key


def test_the_statistics_are_those_under_the_estimates():
    shown = [row.label for row in made().table.rows if row.kind == "statistic"]

    assert list(statistics_of_document(document())) == shown


def test_numbers_come_back_as_they_were():
    fit, model = made().fits[0], document()["models"][0]

    found = fit_of_model(model)

    assert found.estimates.terms == fit.estimates.terms
    assert found.estimates.p_values.tolist() == fit.estimates.p_values.tolist()
    assert found.estimates.intervals().tolist() == fit.estimates.intervals().tolist()
    assert found.notes == fit.notes


def test_marginal_effects_that_no_model_has_cannot_be_laid_out():
    found = document()
    for model in found["models"]:
        model["margins"] = None

    with pytest.raises(ValueError, match="no margins"):
        table_of_document(found, what="margins")


def test_a_run_without_models_has_no_table_to_lay_out():
    with pytest.raises(ValueError, match="no coefficients"):
        table_of_document(document() | {"models": []})
