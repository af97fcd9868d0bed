"""The table with a row a firm: what stands where a firm was asked a part of an item only."""

from typing import Any

import pytest

from surveys.questionnaire import compile_text, route
from surveys.questionnaire.binding import bound_values
from surveys.questionnaire.wide_values import long_rows, wide_values

AUTHORED = """
instrument: parts
version: '1'
title: Parts
sections:
  - name: all
    title: All
    pages:
      - name: main
        title: Main
        items:
          - {name: exports, kind: single_choice, label: Do you export?, codes: [{value: 'yes', label: 'Yes'}, {value: 'no', label: 'No'}]}
          - name: markets
            kind: multiple_choice
            label: Where?
            codes:
              - {value: home, label: Home}
              - {value: abroad, label: Abroad, when: exports = 'yes'}
            bind: {construct: support.level, spread: level, values: {home: regional, abroad: eu}}
          - name: turnover
            kind: allocation
            label: Turnover
            parts:
              - {value: home, label: Home}
              - {value: abroad, label: Abroad, when: exports = 'yes'}
      - name: sources
        title: Sources
        items:
          - name: sources
            kind: battery
            label: 'How about {row}?'
            rows: [{value: clients, label: Clients}]
            layout: stacked
            facets:
              - {name: used, label: Used, choose: one, codes: [{value: 'yes', label: 'Yes'}, {value: 'no', label: 'No'}]}
              - {name: scale, label: Where, choose: many, when: {used: ['yes']}, codes: [{value: near, label: Near}, {value: far, label: Far, when: exports = 'yes'}]}
              - {name: visits, label: Visits, choose: number, when: {used: ['yes']}}
      - name: partners
        title: Partners
        items:
          - name: partners
            kind: roster
            label: Your partners
            thing: partner
            things: partners
            most: 2
            items:
              - {name: name, kind: text, label: Name}
              - {name: type, kind: single_choice, label: Type, codes: [{value: client, label: Client}, {value: other, label: Other}]}
              - {name: place, kind: single_choice, label: Place, codes: [{value: region, label: Here}, {value: abroad, label: Abroad}]}
            bind: {construct: networking.partners, at: {partner: $type, scale: $place}}
      - name: alone
        title: Alone
        when: count(partners) = 0
        items: [{name: why, kind: text, label: Why not}]
      - name: together
        title: Together
        when: count(partners) > 0
        items: [{name: how, kind: text, label: How}]
"""
INSTRUMENT = compile_text(AUTHORED)


def values(**answers: Any) -> dict[str, Any]:
    return wide_values(INSTRUMENT, route(INSTRUMENT, answers))


def test_a_facet_that_an_earlier_one_closes_was_not_asked() -> None:
    closed = values(**{"sources.clients": {"used": "no", "scale": None, "visits": None}})
    blank = values(**{"sources.clients": {"used": "yes", "scale": None, "visits": None}})

    assert closed["sources.clients.visits"] == closed["sources.clients.scale.near"] == ".a"
    assert blank["sources.clients.visits"] == blank["sources.clients.scale.near"] == ".b"


def test_a_facet_that_was_not_asked_says_so_in_the_long_form() -> None:
    firm = route(INSTRUMENT, {"sources.clients": {"used": "no"}})

    cells = {(row.facet, row.column): row.value for row in long_rows(INSTRUMENT, firm)}

    assert cells == {
        ("used", ""): "no",
        ("scale", "near"): ".a",
        ("scale", "far"): ".a",
        ("visits", ""): ".a",
    }


def test_a_code_that_was_not_offered_was_not_asked_about() -> None:
    at_home = values(
        exports="no",
        markets=["home"],
        turnover={"home": 100},
        **{"sources.clients": {"used": "yes", "scale": ["near"]}},
    )
    abroad = values(exports="yes", markets=["home"], turnover={"home": 60, "abroad": 40})

    assert (at_home["markets.home"], at_home["markets.abroad"]) == (1, ".a")
    assert (at_home["turnover.home"], at_home["turnover.abroad"]) == (100, ".a")
    assert at_home["sources.clients.scale.far"] == ".a"
    assert (abroad["markets.abroad"], abroad["turnover.abroad"]) == (0, 40)


def test_a_firm_that_said_that_there_are_none_has_no_partners() -> None:
    said_none, said_nothing = values(partners=[]), values(partners=None)

    assert said_none["partners.entries"] == 0
    assert said_nothing["partners.entries"] == ".b"


def test_no_partners_count_as_none_of_every_kind() -> None:
    cells = bound_values(INSTRUMENT, {"partners": []})
    blank = bound_values(INSTRUMENT, {"partners": None})

    assert {value for name, value in cells.items() if name.startswith("networking.partners")} == {
        0.0
    }
    assert {value for name, value in blank.items() if name.startswith("networking.partners")} == {
        None
    }


def test_a_code_that_was_not_offered_takes_the_value_off_the_route() -> None:
    cells = bound_values(INSTRUMENT, {"exports": "no", "markets": ["home"]})

    assert cells["support.level[eu]"] is None
    assert cells["support.level[regional]"] == 1.0


def test_a_firm_without_partners_is_routed_by_having_none() -> None:
    def asked(**answers: Any) -> list[str]:
        pages = route(INSTRUMENT, answers).pages
        return [page.name for page in pages if page.name in ("alone", "together")]

    assert asked(partners=[]) == ["alone"]
    assert asked(partners=[{"entry": "ab12", "name": "Nord AS"}]) == ["together"]
    assert asked(partners=None) == asked() == []
    assert values(partners=[])["how"] == ".a"
    assert values(partners=None)["how"] == ".b"


def test_no_tick_at_all_is_a_blank() -> None:
    assert values(markets=[])["markets.home"] == ".b"
    assert route(INSTRUMENT, {"markets": []}).answers == {"markets": None}


@pytest.mark.parametrize("entries", [[1], ["x"], [None], [{}]])
def test_entries_of_no_shape_are_passed_over(entries: list[Any]) -> None:
    assert values(partners=entries)["partners.1.name"] in (".a", ".b")
