"""How many firms left a question of “Table 1” out is not told where they are few."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.disclosure.rules import DisclosurePolicy
from analysis.tables.document_tables import table_of_document
from tests.analysis.withheld import DESIGN, OUTCOME, firms, results

POLICY = DisclosurePolicy(p_percent=None, dominance=(), least_difference=1)
ROWS = {"north": range(60), "south": range(60, 120)}


def source(by="control.region"):
    of = f"by: {by}, " if by else ""
    return f"""
title: Firms
descriptives:
  - {{statistic: table_one, variables: [control.turnover, {OUTCOME}], {of}design: {DESIGN}}}
"""


def run(policy=POLICY, holdings=None, by="control.region", **without):
    """120 firms of two regions; so many of each as `without` says left their turnover out."""
    made = firms(south=60, west=0, islands=0)
    frame = made.frame.copy()
    for region, count in without.items():
        frame.loc[frame.index[list(ROWS[region])[10 : 10 + count]], "control.turnover"] = np.nan
    return results(policy, source(by), replace(made, frame=frame), holdings=holdings)


def entry(made):
    return made.estimates_document["tables"][0]


def cells(made, line=0):
    found = entry(made)
    keys = [column["key"] for column in found["columns"]]
    return dict(zip(keys, found["lines"][line]["cells"], strict=True))


def counts(made, line=0):
    found = cells(made, line)
    return [found[key].get("value") for key in ("n", "missing")]


@pytest.mark.parametrize(
    ("without", "expected"),
    [
        ({}, [120.0, 0.0]),
        ({"north": 1}, [None, None]),
        ({"north": 5, "south": 4}, [None, None]),
        ({"north": 5, "south": 5}, [110.0, 10.0]),
        ({"north": 12, "south": 11}, [97.0, 23.0]),
    ],
)
def test_from_nought_and_from_the_least_number_on_it_is_told(without, expected):
    assert counts(run(**without)) == expected


def test_without_a_policy_all_is_told():
    made = run(policy=None, north=2)

    assert counts(made) == [118.0, 2.0]
    assert cells(made)["group:north"]["n"] == 58


def test_nothing_beside_it_tells_how_many_answered():
    found = cells(run(north=2))

    assert found["all"]["value"] is not None
    assert [key for key, cell in found.items() if cell and "n" in cell] == []
    assert "test" not in found["p"]
    assert found["p"]["value"] is not None


def test_a_variable_that_all_answered_is_told_beside_it():
    made = run(north=2)

    assert counts(made, 1) == [120.0, 0.0]
    assert cells(made, 1)["group:north"]["n"] == 60


def test_of_a_group_with_few_the_other_groups_are_not_told_either():
    """They add up to all firms."""
    found = cells(run(north=2, south=20))

    assert [found[key]["value"] for key in ("n", "missing")] == [98.0, 22.0]
    assert found["all"]["n"] == 98
    assert ["n" in found[f"group:{region}"] for region in ROWS] == [False, False]
    assert "test" not in found["p"]


def test_firms_of_one_enterprise_group_count_as_one():
    holdings = np.full(120, None, dtype=object)
    holdings[10:22] = "one"

    assert counts(run(by="", north=12)) == [108.0, 12.0]
    assert counts(run(by="", north=12, holdings=holdings)) == [None, None]


def test_a_finding_names_the_variable_without_a_number():
    (found,) = [each for each in run(north=2).withheld if each.rule == "few_unanswered"]

    assert "control.turnover" in found.where
    assert found.action == "withheld"
    assert not any(character.isdigit() for character in found.why)


def test_the_table_marks_it_and_its_notes_say_so():
    made = run(north=2)

    table = table_of_document(made.estimates_document, what="table-1")

    assert [cell.text for cell in table.rows[0].cells[:2]] == ["– (c)", "– (c)"]
    assert sum("few firms left out" in note for note in table.notes) == 1
    assert not any("few firms left out" in note for note in entry(run())["notes"])
