"""Knowledge sourcing and cooperation: the instrument that comes with the platform."""

import re
from typing import Any

import pytest

from surveys.questionnaire import (
    BatteryRow,
    Item,
    MultipleChoice,
    SingleChoice,
    Text,
    bound_columns,
    bound_values,
    check_page,
    check_value,
    fill,
    missing_state,
    route,
)
from surveys.questionnaire.constructs import CATALOGUE
from tests.surveys.questionnaire.authored import context, core

CORE = core()
SCALES = ("local", "region", "country", "europe", "global")
PARTNERS = (
    "group",
    "clients_private",
    "clients_public",
    "suppliers",
    "competitors",
    "other_firms",
    "consultants",
    "universities",
    "research_institutes",
    "associations",
)
SOURCES = (
    "inside",
    "clients_private",
    "clients_public",
    "suppliers",
    "competitors",
    "consultants",
    "universities",
    "research_institutes",
    "fairs",
    "publications",
    "associations",
    "standards",
)

WORKSHOP: dict[str, Any] = {
    "industry": "other_manufacturing",
    "start_year": 1987,
    "municipality": "Sandnes",
    "employment_first": 38,
    "employment_last": 45,
    "turnover_first": {"amount": 8_200_000, "unit": "thousands"},
    "turnover_last": {"amount": 9_750_000, "unit": "thousands"},
    "in_group": "yes",
    "head_office": "europe",
    "foreign_share": 60,
    "legal_form": "limited",
    "owner_managed": "no",
    "spin_off": "firm",
    "spin_off_scale": "local",
    "spin_off_same": "yes",
    "position": "stage",
    "anchored": "2",
    "staff_would_follow": 30,
    "markets": ["local", "country", "europe"],
    "largest_market": "country",
    "export_share": 25,
    **{f"sources.{name}": {"importance": "0", "scale": []} for name in SOURCES},
    "sources.suppliers": {"importance": "3", "scale": ["country", "europe"]},
    "cooperated": ["research", "other_business"],
    **{f"cooperation.{name}": {"scale": ["none"]} for name in PARTNERS},
    "cooperation.suppliers": {"scale": ["local", "europe"]},
    "cooperation.universities": {"scale": ["region"]},
    "new_good": "yes",
    "new_service": "no",
    "novelty": "3",
    "developer": "with_others",
    "turnover_newness": {"new_to_market": 10, "new_to_firm": 15, "unchanged": 75},
    "process": ["production", "logistics"],
    "research_inside": "occasional",
    "research_bought": ["none"],
    "research_staff": 1.5,
    "research_spending": {"amount": 140_000, "unit": "units"},
    "graduate_share": 12,
    "comment": "Ideas come from the people we hire.",
    "minutes_taken": 25,
}
SHOP: dict[str, Any] = {
    "in_group": "no",
    "spin_off": "no",
    "markets": ["local"],
    "cooperated": ["none"],
    "new_good": "no",
    "new_service": "no",
    "process": ["none"],
    "research_inside": "never",
}


def spoken(answers: dict[str, Any]) -> list[str]:
    """Names of the edits that speak on the route."""
    found = route(CORE, answers)
    quoted = context(CORE, found.answers)
    return [
        finding.edit for page in found.pages for finding in check_page(page, found.answers, quoted)
    ]


def test_it_has_about_forty_items_where_a_battery_is_one() -> None:
    items = {i.battery if isinstance(i, BatteryRow) else i.name for i in CORE.items}

    assert len(items) == 37
    assert CORE.name == "knowledge-sourcing"
    assert sum(section.minutes for section in CORE.sections) <= 30


def test_a_workshop_that_did_everything_is_asked_everything_and_passes_every_check() -> None:
    found = route(CORE, WORKSHOP)

    assert found.pages == CORE.pages
    assert found.answers == WORKSHOP
    assert [check_value(item, WORKSHOP[item.name]) for item in CORE.items] == [()] * len(WORKSHOP)
    assert spoken(WORKSHOP) == []


def test_every_cell_of_the_workshop_is_known() -> None:
    cells = bound_values(CORE, WORKSHOP)

    assert [name for name, value in cells.items() if value is None] == []
    ticked = [n for n, v in cells.items() if n.startswith("networking.cooperation[") and v == 1]
    assert ticked == [
        "networking.cooperation[suppliers,local]",
        "networking.cooperation[suppliers,europe]",
        "networking.cooperation[universities,region]",
    ]
    assert cells["sourcing.importance[suppliers]"] == 3
    assert cells["sourcing.scale[suppliers,europe]"] == 1
    assert cells["innovation.novelty[any]"] == 3
    assert cells["innovation.turnover_share[new_to_market]"] == 10
    assert cells["research.spending"] == 140_000


def test_a_shop_that_did_nothing_is_asked_little_and_counts_as_zero() -> None:
    found = route(CORE, SHOP)
    off = {page.name for page in CORE.pages} - {page.name for page in found.pages}

    assert off == {
        "head_office",
        "origin_place",
        "exports",
        *(f"partner-{partner}" for partner in PARTNERS),
        "novelty",
        "turnover_newness",
        "research_effort",
    }
    cells = bound_values(CORE, SHOP)
    partners = [value for name, value in cells.items() if name.startswith("networking.")]
    assert partners == [0.0] * (3 + 50)
    assert cells["innovation.novelty[any]"] == 0
    assert cells["innovation.turnover_share[new_to_market]"] == 0
    assert cells["innovation.turnover_share[unchanged]"] == 100
    assert cells["research.staff"] == cells["research.spending"] == 0
    assert cells["control.export_share"] == 0


def test_a_firm_that_skipped_the_filters_counts_as_missing() -> None:
    cells = bound_values(CORE, {})

    assert set(cells.values()) == {None}
    assert missing_state(CORE.item("novelty"), route(CORE, {})) == "not_reached"
    assert missing_state(CORE.item("novelty"), route(CORE, SHOP)) == "not_asked"


@pytest.mark.parametrize(
    ("answers", "edit"),
    [
        ({"employment_last": 191}, "employment_jump"),
        ({"employment_first": 300}, "employment_jump"),
        ({"turnover_last": {"amount": 9_750, "unit": "units"}}, "turnover_per_person"),
        ({"turnover_last": {"amount": 10**9, "unit": "thousands"}}, "turnover_per_person"),
        ({"turnover_first": {"amount": 100_000, "unit": "units"}}, "turnover_jump"),
        ({"largest_market": "global"}, "largest_market_not_ticked"),
        ({"research_staff": 45.5}, "research_staff_above_all_staff"),
        ({"research_spending": {"amount": 10**7, "unit": "units"}}, "research_spending_above_turnover"),
    ],
)  # fmt: skip
def test_an_implausible_answer_makes_its_edit_speak(answers: dict[str, Any], edit: str) -> None:
    assert edit in spoken(WORKSHOP | answers)


def test_every_edit_of_the_instrument_is_provoked_above() -> None:
    assert [edit.name for page in CORE.pages for edit in page.edits] == [
        "employment_jump",
        "turnover_per_person",
        "turnover_jump",
        "largest_market_not_ticked",
        "research_staff_above_all_staff",
        "research_spending_above_turnover",
    ]


def test_only_what_cannot_be_is_a_hard_edit() -> None:
    hard = [e.name for page in CORE.pages for e in page.edits if e.severity == "hard"]

    assert hard == ["research_staff_above_all_staff"]


def test_no_edit_speaks_to_a_firm_that_left_everything_blank() -> None:
    assert spoken({}) == []
    assert spoken({item.name: None for item in CORE.items}) == []


def test_every_item_with_an_answer_to_measure_is_bound() -> None:
    unbound = [item.name for item in CORE.items if not item.bindings]

    assert unbound == ["municipality", "spin_off_same", "comment", "minutes_taken"]


def test_the_batteries_fill_partner_by_scale_and_source_by_scale() -> None:
    names = {column.name for column in bound_columns(CORE)}

    assert {f"networking.cooperation[{p},{s}]" for p in PARTNERS for s in SCALES} <= names
    assert {f"sourcing.scale[{source},{s}]" for source in SOURCES for s in SCALES} <= names
    assert {column.construct for column in bound_columns(CORE)} <= set(CATALOGUE)


def test_every_partner_question_names_the_partner_and_ends_in_an_exclusive_none() -> None:
    for partner in PARTNERS:
        item = CORE.item(f"cooperation.{partner}")
        assert isinstance(item, BatteryRow)
        *scales, none = item.facets[0].codes
        assert [scale.value for scale in scales] == list(SCALES)
        assert (none.exclusive, none.label) == (True, f"We did not cooperate with {item.row.label}")
        assert item.row.label in item.label


def test_each_scale_says_what_it_means() -> None:
    markets = CORE.item("markets")
    assert isinstance(markets, MultipleChoice)

    assert [code.value for code in markets.codes if not code.definition] == []
    assert "80 kilometres" in markets.codes[0].definition


def test_page_titles_tell_pages_apart() -> None:
    titles = [page.title for page in CORE.pages]

    assert len(titles) == len(set(titles))


def texts(item: Item) -> list[str]:
    codes = item.codes if isinstance(item, SingleChoice | MultipleChoice) else ()
    return [item.label, item.hint, item.definition, *(code.label for code in codes)]


def test_every_text_is_filled_for_a_firm_and_its_years() -> None:
    quoted = context(CORE, WORKSHOP)
    everything = [CORE.intro, *(text for item in CORE.items for text in texts(item))]
    for section in CORE.sections:
        everything += [section.title, section.intro]
        for page in section.pages:
            everything += [page.title, page.intro, *(edit.message for edit in page.edits)]

    assert [text for text in everything if re.search(r"[{}]", fill(text, quoted))] == []


def test_labels_are_short_sentences() -> None:
    for item in CORE.items:
        if not isinstance(item, Text):
            assert len(fill(item.label, context(CORE, {}))) <= 120, item.name
