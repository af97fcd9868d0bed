"""Processes by type, growth, productivity, and the types of innovator as rules."""

from math import log

import pytest

from analysis.constructs import measures
from analysis.constructs.outcomes import PROCESS_TYPES
from tests.analysis.constructs.by_hand import cells, same, values
from tests.analysis.datasets import dataset_of

PROCESSES = cells(
    "innovation.process",
    production=[1, 0, 0, None],
    logistics=[0, 0, 0, None],
    information=[0, 0, 0, None],
    administration=[0, 0, 0, None],
    external=[0, 1, 0, None],
    organisation=[0, 0, 0, None],
    marketing=[1, 0, 0, None],
)


def test_each_of_the_seven_types_of_process_is_a_measure():
    found = measures(dataset_of(PROCESSES))

    assert [name for name in found if name.startswith("process.")] == [
        f"process.{each}" for each in PROCESS_TYPES
    ]
    assert same(found["process.external"].values, [0, 1, 0, None])
    assert same(found["process_types"].values, [2, 1, 0, None])


NOVELTY = {"innovation.novelty[any]": [0, 1, 2, 3, 4, None]}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("new_to.region", [0, 0, 1, 1, 1, None]),
        ("new_to.country", [0, 0, 0, 1, 1, None]),
        ("new_to.europe", [0, 0, 0, 0, 1, None]),
        # Nobody reached the world: the question may not have offered it.
        ("new_to.world", [None] * 6),
    ],
)
def test_a_rung_of_the_ladder_holds_all_above_it(name, expected):
    assert same(values(NOVELTY, name), expected)


def test_turnover_from_new_products_is_new_to_market_and_new_to_firm_together():
    columns = cells(
        "innovation.turnover_share", new_to_market=[10, 5, None], new_to_firm=[20, None, 3]
    )

    assert same(values(columns, "turnover_new"), [30, None, None])


def test_unfinished_work_is_ongoing_or_abandoned():
    columns = cells(
        "innovation.unfinished",
        ongoing=[1, 0, 0, None], dropped=[0, 1, 0, None], no_result=[0, 0, 1, None],
    )  # fmt: skip

    assert same(values(columns, "ongoing"), [1, 0, 0, None])
    assert same(values(columns, "abandoned"), [0, 1, 1, None])


FIRM = {
    "control.employment_first": [10, 8, 0, 0],
    "control.employment": [12, 4, 3, 0],
    "control.turnover_first": [100, 80, 0, 5],
    "control.turnover": [240, 20, 30, 5],
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("employment_growth", [log(12 / 10), log(4 / 8), None, None]),
        ("employment_growth_rate", [2 / 11, -4 / 6, 2, None]),
        ("turnover_growth", [log(2.4), log(1 / 4), None, 0]),
        ("ln_productivity", [log(20), log(5), log(10), None]),
        ("productivity_growth", [log(2), log(1 / 2), None, None]),
    ],
)
def test_growth_is_from_the_first_to_the_last_year(name, expected):
    assert same(values(FIRM, name), expected)


# Product and production; external relations only; nothing finished; all blank.
INNOVATORS = {
    **PROCESSES,
    "innovation.product[good]": [1, 0, 0, None],
    **cells("innovation.unfinished", ongoing=[0, 0, 1, None], dropped=[0, 0, 0, None]),
    "research.inside": [1, 0, 0, None],
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("innovator", [1, 1, 0, None]),
        ("innovation_active", [1, 1, 1, None]),
        ("product_only", [0, 0, 0, None]),
        ("process_only", [0, 1, 0, None]),
        ("product_and_process", [1, 0, 0, None]),
        ("technological_process", [1, 0, 0, None]),
        ("organisational", [0, 1, 0, None]),
        ("marketing", [1, 0, 0, None]),
        ("innovator_pp", [1, 0, 0, None]),
        ("innovator_npp", [0, 1, 0, None]),
        ("innovator_pp_and_npp", [1, 0, 0, None]),
        ("innovator_without_research", [0, 1, 0, None]),
    ],
)
def test_types_of_innovator_are_rules(name, expected):
    assert same(values(INNOVATORS, name), expected)


def test_every_firm_is_of_one_type():
    found = measures(dataset_of(INNOVATORS))["innovator_type"]

    assert found.values.tolist() == ["both", "process_only", "active_only", None]
    assert [code for code, _ in found.codes] == [
        "both", "product_only", "process_only", "active_only", "none",
    ]  # fmt: skip


def test_one_answer_settles_a_rule_that_the_other_cannot_change():
    columns = {
        "innovation.product[good]": [1, None, 0],
        "innovation.process[logistics]": [None, 0, None],
    }

    assert same(values(columns, "innovator"), [1, None, None])
    assert same(values(columns, "process_only"), [0, 0, None])
    assert same(values(columns, "product_only"), [None, None, 0])


def test_former_codes_are_told_only_where_all_their_types_were_asked():
    found = measures(dataset_of({"innovation.process[production]": [1]}))

    assert "technological_process" not in found


def test_rules_from_memory_are_marked_unverified():
    found = measures(dataset_of(INNOVATORS))

    assert {name for name, each in found.items() if each.source.endswith("unverified")} == {
        "technological_process", "organisational", "marketing",
        "innovator_pp", "innovator_npp", "innovator_pp_and_npp",
    }  # fmt: skip
