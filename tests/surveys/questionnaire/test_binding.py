"""From the answers of a firm to the cells of constructs."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaire import BoundColumn, bound_columns, bound_values, route
from tests.surveys.questionnaire.authored import NAMES, answers_to, any_json, small

CELLS = small("bound_cells")
PARTNERS = small("partners_by_scale")
GOOD = "innovation.product[good]"
NOVELTY = "innovation.novelty[any]"


def values(**answers: Any) -> dict[str, Any]:
    return bound_values(CELLS, answers)


def partner_values(answers: dict[str, Any]) -> dict[str, Any]:
    return bound_values(PARTNERS, answers)


def test_columns_are_named_in_the_space_of_constructs() -> None:
    columns = {column.name: column for column in bound_columns(CELLS)}

    assert list(columns) == [
        GOOD,
        NOVELTY,
        "innovation.turnover_share[new_to_firm]",
        "innovation.turnover_share[unchanged]",
        "control.employment",
        "control.turnover",
        "control.industry",
    ]
    assert columns["innovation.turnover_share[new_to_firm]"] == BoundColumn(
        name="innovation.turnover_share[new_to_firm]",
        construct="innovation.turnover_share",
        measure="share",
        label="Share of turnover by newness: new to firm",
        coordinates=(("newness", "new_to_firm"),),
        unit="%",
    )
    assert columns["control.industry"].codes == (("making", "Making"), ("serving", "Serving"))


def test_a_battery_gives_a_column_a_row_and_code_without_the_exclusive_one() -> None:
    names = [column.name for column in bound_columns(PARTNERS)]

    assert [name for name in names if name.startswith("networking.cooperation[")] == [
        "networking.cooperation[group,local]",
        "networking.cooperation[group,global]",
        "networking.cooperation[suppliers,local]",
        "networking.cooperation[suppliers,global]",
    ]


@pytest.mark.parametrize(
    ("machine", "material", "good"),
    [
        ("yes", "no", 1.0),
        ("no", "yes", 1.0),
        ("yes", None, 1.0),
        ("no", "no", 0.0),
        ("no", None, None),
        (None, None, None),
        ("no", "unknown", None),
    ],
)
def test_one_yes_is_enough_and_one_blank_leaves_the_rest_unknown(
    machine: str | None, material: str | None, good: float | None
) -> None:
    assert values(new_machine=machine, new_material=material)[GOOD] == good


def test_what_is_not_asked_for_certain_takes_the_value_off_the_route() -> None:
    found = values(new_machine="no", new_material="no", novelty="2")

    assert found[NOVELTY] == 0.0
    assert found["innovation.turnover_share[new_to_firm]"] == 0.0
    assert found["innovation.turnover_share[unchanged]"] == 100.0


def test_what_hangs_on_a_blank_filter_is_missing_and_not_zero() -> None:
    assert values()[NOVELTY] is None
    assert values(new_machine="no")[NOVELTY] is None
    assert values(new_machine="no", new_material=None)[NOVELTY] is None
    assert values(new_machine="yes")[NOVELTY] is None


def test_answers_count_as_their_codes_say() -> None:
    found = values(
        new_machine="yes",
        novelty="2",
        turnover_newness={"new": 30, "unchanged": 70},
        persons=12,
        turnover={"amount": 2_500_000, "unit": "thousands"},
        industry="s",
    )

    assert found == {
        GOOD: 1.0,
        NOVELTY: 2.0,
        "innovation.turnover_share[new_to_firm]": 30.0,
        "innovation.turnover_share[unchanged]": 70.0,
        "control.employment": 12.0,
        "control.turnover": 2_500_000.0,
        "control.industry": "serving",
    }


def test_every_scale_ticked_is_one_and_every_other_zero() -> None:
    found = partner_values(
        {
            "in_group": "yes",
            "cooperated": ["research"],
            "cooperation.group": {"scale": ["none"]},
            "cooperation.suppliers": {"scale": ["global"]},
        }
    )

    assert found["networking.cooperated[research]"] == 1.0
    assert found["networking.cooperated[other]"] == 0.0
    assert found["networking.cooperation[group,local]"] == 0.0
    assert found["networking.cooperation[group,global]"] == 0.0
    assert found["networking.cooperation[suppliers,local]"] == 0.0
    assert found["networking.cooperation[suppliers,global]"] == 1.0


def test_a_firm_that_did_not_cooperate_has_no_partner_anywhere() -> None:
    found = partner_values({"in_group": "yes", "cooperated": ["none"]})

    assert {v for k, v in found.items() if k.startswith("networking.")} == {0.0}


def test_a_firm_without_a_group_has_no_partner_in_it() -> None:
    found = partner_values({"in_group": "no", "cooperated": ["other"]})

    assert found["networking.cooperation[group,local]"] == 0.0
    assert found["networking.cooperation[suppliers,local]"] is None


@pytest.mark.parametrize("blank", [None, [], {}])
def test_a_partner_page_left_blank_is_missing(blank: Any) -> None:
    answers = {"in_group": "no", "cooperated": ["other"]}

    found = partner_values(answers | {"cooperation.suppliers": {"scale": blank}})

    assert found["networking.cooperation[suppliers,local]"] is None


def test_the_places_of_a_source_that_is_not_used_are_zero() -> None:
    found = partner_values(
        {
            "sources.clients": {"importance": "0", "scale": []},
            "sources.suppliers": {"importance": "3", "scale": None},
            "sources.universities": {"importance": "3", "scale": ["local"]},
        }
    )

    assert found["sourcing.importance[clients]"] == 0.0
    assert found["sourcing.scale[clients,local]"] == 0.0
    assert found["sourcing.scale[suppliers,local]"] is None
    assert found["sourcing.scale[universities,local]"] == 1.0
    assert found["sourcing.scale[universities,global]"] == 0.0


instruments = st.sampled_from([small(name) for name in NAMES])


@given(st.data(), instruments)
def test_values_are_those_of_the_columns_and_of_the_answers_that_count(data, instrument) -> None:
    answers = data.draw(answers_to(instrument))

    found = bound_values(instrument, answers)

    assert list(found) == [column.name for column in bound_columns(instrument)]
    assert found == bound_values(instrument, route(instrument, answers).answers)


@given(st.data(), instruments)
def test_any_json_answers_give_finite_numbers_texts_or_nothing(data, instrument) -> None:
    names = [item.name for item in instrument.items]
    answers = data.draw(st.dictionaries(st.sampled_from(names), any_json()))

    for value in bound_values(instrument, answers).values():
        assert value is None or isinstance(value, str) or math.isfinite(value)
