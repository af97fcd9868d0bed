"""Knowledge base, embeddedness, absorptive capacity, accessibility: each by hand."""

import pytest

from analysis.constructs import measures
from tests.analysis.constructs.by_hand import cells, same, values
from tests.analysis.datasets import dataset_of

WORK = cells(
    "knowledge.base",
    analytical=[60, 50, 40, 100, None],
    synthetic=[30, 50, 40, 0, 20],
    symbolic=[10, 0, 20, 0, 80],
)


def test_the_base_is_the_largest_share_from_a_half_on_if_it_is_alone():
    found = measures(dataset_of(WORK))

    assert found["knowledge_base"].values.tolist() == [
        "analytical", "mixed", "mixed", "analytical", None,
    ]  # fmt: skip
    assert same(found["knowledge_share.symbolic"].values, [10, 0, 20, 0, 80])


def test_what_can_be_written_down_is_sticky_if_no_outsider_can_use_it():
    columns = {
        "knowledge.writable": [70, 70, 30, 70, None, None],
        "knowledge.usable_outside": [0, 1, 0, None, 0, 2],
    }

    assert same(values(columns, "sticky"), [1, 0, 0, None, None, 0])
    assert same(values(columns, "tacit_share"), [30, 30, 70, 30, None, None])


SOCIETY = {
    **cells("informal.untraded", rules=[3, 0, 1], labour=[0, 3, 1], advice=[3, 3, 3]),
    **cells("trust.belonging", place=[4, 2, None], regional=[2, 0, 1], abroad=[0, 0, 0]),
}


def test_societal_embeddedness_is_of_rules_labour_and_belonging():
    assert same(values(SOCIETY, "societal_embeddedness"), [(1 + 0 + 1 + 0.5) / 4, 1.5 / 4, None])


# A: one of two types, two purposes of four, ties of five years. B: both types, one purpose each,
# long ago. C: nobody.
NETWORK = {
    **cells(
        "networking.cooperation",
        suppliers__local=[1, 1, 0], suppliers__global=[1, 0, 0],
        universities__local=[0, 1, 0], universities__global=[0, 0, 0],
    ),
    **cells(
        "networking.purpose",
        suppliers__research=[1, 1, 0], suppliers__training=[1, 0, 0],
        suppliers__testing=[0, 0, 0], suppliers__finance=[0, 0, 0],
        universities__research=[0, 1, 0], universities__training=[0, 0, 0],
        universities__testing=[0, 0, 0], universities__finance=[0, 0, 0],
    ),
    **cells("contact.age", suppliers=[5, 20, None], universities=[None, 30, None]),
    "control.anchored": [3, 1, 2],
}  # fmt: skip


def test_network_embeddedness_is_of_types_length_and_purposes():
    expected = [(1 / 2 + 5 / 10 + 2 / 4) / 3, (1 + 1 + 1 / 4) / 3, None]

    assert same(values(NETWORK, "network_embeddedness"), expected)


def test_territorial_embeddedness_is_of_anchoring_and_ties_inside_the_region():
    expected = [(1 + 1 / 2) / 2, (1 / 3 + 1) / 2, None]

    assert same(values(NETWORK, "territorial_embeddedness"), expected)


def test_social_capital_is_the_mean_of_five_parts():
    columns = {
        "trust.partners[local]": [4, 2, None],
        "trust.reciprocity": [2, 2, 4],
        **cells("trust.sharing", customers=[4, 0, 4], suppliers=[2, None, 4]),
        "trust.belonging[place]": [1, 4, 4],
        "trust.failure_accepted[around]": [0, 2, 4],
    }

    expected = [(1 + 0.5 + 0.75 + 0.25 + 0) / 5, (0.5 + 0.5 + 0 + 1 + 0.5) / 5, None]
    assert same(values(columns, "social_capital"), expected)
    assert same(values(columns, "sharing"), [3, 0, 4])


def test_absorptive_capacity_is_of_degrees_continuous_research_and_training():
    columns = {
        "control.graduate_share": [60, 0, 10],
        "research.inside": [2, 1, None],
        "learning.trained_share": [20, 30, 40],
    }

    assert same(values(columns, "absorptive_capacity"), [(0.6 + 1 + 0.2) / 3, 0.1, None])


def test_research_effort_is_over_turnover_and_over_persons():
    columns = {
        "research.spending": [5, 0, 3, 1],
        "research.staff": [2, 0, 1, None],
        "control.turnover": [100, 50, 0, 10],
        "control.employment": [10, 5, 0, 4],
    }

    assert same(values(columns, "research_intensity"), [0.05, 0, None, 0.1])
    assert same(values(columns, "research_staff_share"), [0.2, 0, None, None])


ACCESS = {
    "access.airport_minutes": [60, 61, None],
    "access.connection": [4, 2, 3],
    **cells("access.importance", fairs=[3, 0, 1], press=[1, 2, None]),
    **cells("access.scale", press__local=[1, 0, 0], press__global=[1, 1, 0],
            fairs__local=[0, 1, 1], fairs__global=[1, None, 0]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("airport_within_hour", [1, 0, None]),
        ("access_breadth", [2, 1, 1]),
        ("access_depth", [1, 0, 0]),
        # A channel that was not used is at no scale, whatever was left ticked.
        ("access_breadth.local", [1, 0, 1]),
        ("access_breadth.global", [2, 1, 0]),
        ("accessibility", [(1 + 1 + 2 / 3) / 3, (0 + 1 / 2 + 1 / 3) / 3, None]),
    ],
)
def test_access_is_by_air_by_wire_and_by_open_channels(name, expected):
    assert same(values(ACCESS, name), expected)
