"""Which pages apply, which answers count, and what is known of the rest."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaire import Route, missing_state, route, section_statuses
from surveys.questionnaire.items import Computed, Note
from tests.surveys.questionnaire.authored import NAMES, answers_to, small

FILTER = small("skips_when_no")
PARTNERS = small("partners_by_scale")
INSTRUMENTS = [small(name) for name in NAMES]


def pages(found: Route) -> list[str]:
    return [page.name for page in found.pages]


def test_a_page_is_asked_only_under_its_condition() -> None:
    assert pages(route(FILTER, {})) == ["filter", "comment", "silence"]
    assert pages(route(FILTER, {"new_good": "no"})) == ["filter", "comment", "silence"]
    assert pages(route(FILTER, {"new_good": "yes", "comment": "Fine"})) == [
        "filter",
        "sales",
        "comment",
    ]
    assert pages(route(FILTER, {"new_good": "yes", "sales": 60}))[:4] == [
        "filter",
        "sales",
        "much",
        "exports",
    ]


def test_answers_left_off_the_route_do_not_count_and_come_back_with_it() -> None:
    saved = {"new_good": "no", "sales": 60, "how": "By chance"}

    off = route(FILTER, saved)
    on = route(FILTER, saved | {"new_good": "yes"})

    assert off.answers == {"new_good": "no"}
    assert on.answers == {"new_good": "yes", "sales": 60, "how": "By chance"}


def test_a_negated_condition_asks_nothing_because_of_a_blank() -> None:
    assert not route(FILTER, {"new_good": "yes", "sales": None}).holds("exports")
    assert not route(FILTER, {"new_good": "yes", "sales": 5}).holds("exports")
    assert route(FILTER, {"new_good": "yes", "sales": 10}).holds("exports")


def test_the_route_leads_forward_and_back() -> None:
    found = route(FILTER, {"new_good": "no"})

    assert (found.holds("filter"), found.holds("sales")) == (True, False)
    assert found.page_after("filter") == FILTER.page("comment")
    assert found.page_before("comment") == FILTER.page("filter")
    assert found.page_before("filter") is None
    assert found.page_after("silence") is None
    assert found.page_after("sales") is None
    assert found.page_after("nowhere") is None


def test_a_battery_has_a_page_a_row_each_under_its_own_condition() -> None:
    no_group = {"in_group": "no", "cooperated": ["research"]}

    assert pages(route(PARTNERS, {"cooperated": ["none"]})) == [
        "cooperated",
        "sources-market",
        "sources-science",
    ]
    assert pages(route(PARTNERS, no_group))[1] == "partner-suppliers"
    assert pages(route(PARTNERS, no_group | {"in_group": "yes"}))[1:3] == [
        "partner-group",
        "partner-suppliers",
    ]


def test_rows_in_groups_stand_on_one_page_in_the_order_of_the_group() -> None:
    page = PARTNERS.page("sources-market")

    assert page.title == "In the market"
    assert [item.name for item in page.items] == ["sources.clients", "sources.suppliers"]


def test_a_row_has_a_title_of_its_own_or_that_of_its_page() -> None:
    group, suppliers = PARTNERS.page("partner-group"), PARTNERS.page("partner-suppliers")

    assert (group.title, group.intro) == ("Your group", "Now one partner at a time.")
    assert (suppliers.title, suppliers.intro) == ("Partners", "")
    assert suppliers.items[0].label == "Where were the suppliers?"
    assert suppliers.items[0].definition == "They sell to you."


def statuses(answers: dict[str, Any], saved: set[str]) -> list[tuple[str, str, int]]:
    found = route(FILTER, answers)
    return [
        (each.section.name, each.status, each.done)
        for each in section_statuses(FILTER, found, saved)
    ]


def test_sections_say_how_far_a_firm_has_come() -> None:
    assert statuses({}, set()) == [
        ("products", "not_started", 0),
        ("abroad", "not_applicable", 0),
        ("end", "not_started", 0),
    ]
    assert statuses({"new_good": "yes"}, {"filter"}) == [
        ("products", "in_progress", 1),
        ("abroad", "not_applicable", 0),
        ("end", "not_started", 0),
    ]
    assert statuses({"new_good": "yes", "sales": 20}, {"filter", "sales"}) == [
        ("products", "completed", 2),
        ("abroad", "not_started", 0),
        ("end", "not_started", 0),
    ]


def test_a_saved_page_that_fell_off_the_route_is_not_counted_as_done() -> None:
    assert statuses({"new_good": "no"}, {"filter", "sales", "much"})[0] == (
        "products",
        "completed",
        1,
    )


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({}, "not_reached"),
        ({"new_good": None}, "not_reached"),
        ({"new_good": "no"}, "not_asked"),
        ({"new_good": "no", "sales": 5}, "not_asked"),
        ({"new_good": "yes"}, "not_reached"),
        ({"new_good": "yes", "sales": None}, "skipped"),
        ({"new_good": "yes", "sales": 0}, "answered"),
    ],
)
def test_missing_answers_are_told_apart(answers: dict[str, Any], state: str) -> None:
    assert missing_state(FILTER.item("sales"), route(FILTER, answers)) == state


def test_what_hangs_on_an_open_question_is_open_all_the_way_down() -> None:
    assert route(FILTER, {"new_good": None}).open_items >= {"new_good", "sales", "how", "exports"}
    assert route(FILTER, {"new_good": "no"}).open_items == {"comment", "why"}


instruments = st.sampled_from(INSTRUMENTS)


@given(st.data(), instruments)
def test_a_route_is_a_subsequence_of_the_pages(data, instrument) -> None:
    found = route(instrument, data.draw(answers_to(instrument)))

    assert list(found.pages) == [page for page in instrument.pages if page in found.pages]


@given(st.data(), instruments)
def test_the_route_of_the_answers_that_count_is_the_same_route(data, instrument) -> None:
    found = route(instrument, data.draw(answers_to(instrument)))

    assert route(instrument, found.answers) == found


@given(st.data(), instruments)
def test_an_answer_changes_nothing_before_it_and_not_its_own_page(data, instrument) -> None:
    answers = data.draw(answers_to(instrument))
    item = data.draw(st.sampled_from(list(instrument.items)))
    other = data.draw(answers_to(instrument))
    place = next(i for i, page in enumerate(instrument.pages) if item in page.items)
    earlier = set(instrument.pages[: place + 1])

    before = route(instrument, answers)
    after = route(instrument, answers | {item.name: other.get(item.name)})

    assert [p for p in after.pages if p in earlier] == [p for p in before.pages if p in earlier]


@given(st.data(), instruments)
def test_every_item_has_exactly_one_state(data, instrument) -> None:
    found = route(instrument, data.draw(answers_to(instrument)))

    for item in instrument.items:
        state = missing_state(item, found)
        is_asked = item.name in found.asked and not isinstance(item, Note | Computed)
        assert (state not in ("not_asked", "not_reached")) == (item.name in found.answers)
        assert state != "not_asked" or not is_asked
