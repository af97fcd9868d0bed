"""What tables and the reading aid say of models over waves."""

import pytest

from analysis.pipeline import run
from analysis.reading.paragraphs import RULES, paragraphs
from analysis.specification.plan import read_plan
from analysis.tables.panel_notes import LAGGED_AID
from analysis.tables.regression_notes import READING_AID
from tests.analysis.test_linking import panel_of, wave_of

FIRMS = 40
PLAN = """
title: t
waves: all
design: none
covariance: cluster
models:
  - {name: pooled, outcome: control.employment, estimator: linear, formula: control.age}
  - {name: lagged, outcome: control.employment, estimator: linear, formula: lag(control.age)}
  - name: within
    outcome: control.employment
    estimator: fixed_effects
    formula: control.age
    with: {unit: panel.unit, wave: panel.wave}
"""


def made(wave):
    return {
        "control.employment": [10 + (7 * firm + 13 * wave) % 29 for firm in range(FIRMS)],
        "control.age": [2 + (5 * firm + 3 * wave * (firm % 3)) % 17 for firm in range(FIRMS)],
    }


@pytest.fixture(scope="module")
def results():
    later = made(1) | {"control.export_share": [firm % 7 for firm in range(FIRMS)]}
    panel = panel_of(wave_of("2023", made(0)), wave_of("2025", later, 2025))
    text = PLAN + (
        "  - {name: one side, outcome: control.export_share, estimator: linear, "
        "formula: lag(control.age)}\n"
    )
    return run(panel, read_plan(text))


def rules_of(results, place):
    return [each.rule for each in paragraphs(results.estimates_document)[place].sentences]


def test_only_a_lagged_design_is_told_as_one_and_the_others_as_associations(results):
    kinds = [[rule for rule in rules_of(results, place) if rule in KINDS] for place in range(3)]

    assert kinds == [["pooled_waves"], ["lagged"], ["waves"]]
    assert set(KINDS) <= set(RULES)
    texts = [each.text for each in paragraphs(results.estimates_document)]
    assert ["effect" in text for text in texts[:3]] == [False, True, False]


KINDS = ("pooled_waves", "lagged", "waves", "one_wave")


def test_the_notes_say_which_columns_are_lagged_and_which_associate(results):
    notes = " ".join(results.table.notes)

    assert f"(1), (3) {READING_AID}" in notes
    assert f"(2), (4) {LAGGED_AID}" in notes


def test_the_notes_count_firms_beside_rows_and_name_what_a_wave_did_not_ask(results):
    notes = " ".join(results.table.notes)

    assert "A row is a firm in a wave: 40 firms, 40 of them in both waves." in notes
    assert "2 waves: Wave 2023; Wave 2025." in notes
    assert "Wave 2023 has no answers to: " in notes
    assert (
        "(2), (4) 40 firm-waves left out for missing values or for want of another wave." in notes
    )
    rows = {row.label: [cell.text for cell in row.cells] for row in results.table.rows}
    assert rows["Firm-waves (n)"][:2] == ["80", "40"]
    assert rows["Firms"][:3] == ["40", "40", "–"]


def test_the_reading_counts_firm_waves(results):
    assert "Estimated on 80 firm-waves" in paragraphs(results.estimates_document)[0].text
