"""Firms play through all modules of the core instrument: one that does much, one little."""

from typing import Any

import pytest

from surveys.queries.modules import library
from surveys.questionnaire import (
    Finding,
    Instrument,
    bound_values,
    check_page,
    check_value,
    route,
)
from surveys.questionnaire.items import Computed
from tests.surveys.questionnaire.authored import context
from tests.surveys.questionnaire.core_firms import SHOP, composed, innovator, money

WHOLE = composed(dict(library()))


def spoken(
    instrument: Instrument, answers: dict[str, Any], known: dict[str, Any] | None = None
) -> list[Finding]:
    """The edits that speak on the route."""
    found = route(instrument, answers, known)
    counting = {**found.answers, **(known or {})}
    quoted = context(instrument, found.answers)
    return [each for page in found.pages for each in check_page(page, counting, quoted)]


def faults(instrument: Instrument, answers: dict[str, Any]) -> dict[str, Any]:
    found = route(instrument, answers)
    checked = {
        item.name: check_value(item, found.answers.get(item.name), found.answers)
        for page in found.pages
        for item in page.items
        if not isinstance(item, Computed)
    }
    return {name: each for name, each in checked.items() if each}


def test_a_firm_that_does_everything_is_asked_everything_and_passes_every_check() -> None:
    answers = innovator(WHOLE)
    found = route(WHOLE, answers)

    assert [page.name for page in WHOLE.pages if page not in found.pages] == []
    assert faults(WHOLE, answers) == {}
    assert spoken(WHOLE, answers) == []
    assert set(answers) == set(found.answers) - {"days"}
    assert found.answers["days"] == 100


def test_what_the_firm_that_does_everything_says_is_measured() -> None:
    cells = bound_values(WHOLE, innovator(WHOLE))

    assert [name for name, value in cells.items() if value is None and "tie." not in name] == []
    assert cells["networking.cooperation[suppliers,europe]"] == 1
    assert cells["networking.partners[research_institutes,europe]"] == 1
    assert cells["networking.partners[suppliers,local]"] == 0
    assert cells["tie.cognitive[europe]"] == 4
    assert cells["tie.cognitive[local]"] == 2
    assert cells["tie.cognitive[global]"] is None
    assert cells["phase.partner[concept]"] == "group"
    assert cells["proximity.cognitive[local]"] == 4
    assert cells["mobility.hires_scale[local]"] == 3
    assert cells["learning.outside_days_all"] == 100
    assert cells["control.industry"] == "28.99"


def test_a_shop_that_does_nothing_is_asked_less_and_counts_as_zero() -> None:
    found = route(WHOLE, SHOP)
    off = {page.name.partition("-")[0] for page in WHOLE.pages if page not in found.pages}

    assert off == {
        *("head_office", "origin_place", "exports", "joint_action", "partner", "partner_each"),
        *("channel", "most_valuable", "rule_setter", "hires_from", "leavers_to", "phase"),
        *("proximity", "finance", "novelty", "developer", "turnover_newness", "research_effort"),
    }
    assert faults(WHOLE, SHOP) == {}
    assert spoken(WHOLE, SHOP) == []
    cells = bound_values(WHOLE, SHOP)
    for name, value in cells.items():
        if name.startswith(("networking.cooperation[", "finance.source[")):
            assert value == 0, name
    assert cells["innovation.turnover_share[unchanged]"] == 100
    assert cells["mobility.hires_scale[local]"] == 0
    assert cells["learning.training_days"] == 0


def test_a_firm_that_leaves_everything_blank_is_stopped_nowhere() -> None:
    assert spoken(WHOLE, {}) == []
    assert set(bound_values(WHOLE, {}).values()) == {None}


@pytest.mark.parametrize(
    ("answers", "edit"),
    [
        ({"employment_last": 400}, "employment_jump"),
        ({"turnover_last": money(40_000)}, "turnover_per_person"),
        ({"turnover_first": money(100_000)}, "turnover_jump"),
        ({"markets": ["local"], "largest_market": "country"}, "largest_market_not_ticked"),
        ({"airport_minutes": 700}, "airport_far"),
        (
            {"turnover_newness": {"new_to_market": 0, "new_to_firm": 0, "unchanged": 100}},
            "new_but_no_turnover",
        ),
        ({"research_staff": 46}, "research_staff_above_all_staff"),
        ({"research_spending": money(10_000_000)}, "research_spending_above_turnover"),
        ({"days_near": 12_000}, "more_days_than_worked"),
        ({"minutes_taken": 900}, "long_time"),
    ],
)
def test_an_implausible_answer_makes_its_edit_speak(answers: dict[str, Any], edit: str) -> None:
    assert edit in [each.edit for each in spoken(WHOLE, innovator(WHOLE) | answers)]


@pytest.mark.parametrize(
    ("known", "edits"),
    [
        ({"last.employment_last": 44, "last.turnover_last": money(9_000_000)}, []),
        ({"last.employment_last": 200}, ["employment_since_last_wave"]),
        ({"last.employment_last": 12}, ["employment_since_last_wave"]),
        ({"last.turnover_last": money(900_000)}, ["turnover_since_last_wave"]),
    ],
)
def test_persons_and_turnover_are_compared_with_the_last_wave(
    known: dict[str, Any], edits: list[str]
) -> None:
    assert [each.edit for each in spoken(WHOLE, innovator(WHOLE), known)] == edits
