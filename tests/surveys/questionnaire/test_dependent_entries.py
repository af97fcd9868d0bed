"""Entries of the wave before: what of them comes back, and what became of each."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import questionnaire
from surveys.questionnaire.dependent_entries import (
    ENTRY_FLAGS,
    LastEntry,
    differs,
    entry_flag,
    last_entries,
)
from surveys.questionnaire.items import Dependent, Roster

TEXT = """
instrument: ties
version: "1"
title: Ties
sections:
  - name: network
    title: Network
    pages:
      - name: ties
        title: Ties
        items:
          - name: ties
            kind: roster
            label: Who?
            thing: partner
            things: partners
            items:
              - {name: name, kind: text, label: Name, max_length: 20}
              - name: type
                kind: single_choice
                label: What?
                codes: [{value: firm, label: Firm}, {value: other, label: Else, specify: text}]
              - {name: visits, kind: number, label: Visits, minimum: 0, maximum: 9}
"""
(ROSTER,) = questionnaire.compile_text(TEXT).items
assert isinstance(ROSTER, Roster)
ALL = frozenset(item.name for item in ROSTER.items)
SINTRA = {
    "entry": "sint2345",
    "name": "Sintra",
    "type": "other",
    "type.other": "Guild",
    "visits": 3,
}


def roster(mode: Dependent, **modes: Dependent) -> Roster:
    """The roster in a mode, with items in modes of their own."""
    assert isinstance(ROSTER, Roster)
    pages = tuple(
        replace(
            page,
            items=tuple(
                replace(item, dependent=modes.get(item.name.removeprefix("ties."), "hidden"))
                for item in page.items
            ),
        )
        for page in ROSTER.pages
    )
    return replace(ROSTER, dependent=mode, pages=pages)


def only(found: tuple[LastEntry, ...]) -> LastEntry:
    (entry,) = found
    return entry


def test_without_modes_of_items_the_whole_entry_comes_back() -> None:
    last = only(last_entries(roster("prefilled"), [SINTRA], ALL))

    assert last.as_entry == SINTRA
    assert (last.key, last.name) == ("sint2345", "Sintra")


def test_items_with_a_mode_come_back_with_their_companions_others_are_asked_anew() -> None:
    last = only(last_entries(roster("confirmed", type="prefilled"), [SINTRA], ALL))

    assert last.as_entry == {key: value for key, value in SINTRA.items() if key != "visits"}


def test_what_is_only_shown_is_not_filled_in() -> None:
    shown = only(last_entries(roster("shown"), [SINTRA], ALL))
    in_part = only(
        last_entries(roster("prefilled", type="shown", visits="confirmed"), [SINTRA], ALL)
    )

    assert shown.filled == {"name": "Sintra"}
    assert shown.told == {key: value for key, value in SINTRA.items() if key != "entry"}
    assert in_part.filled == {"name": "Sintra", "visits": 3}


def test_what_means_something_else_now_or_cannot_be_taken_does_not_come_back() -> None:
    entry = SINTRA | {"visits": 99}
    last = only(last_entries(roster("prefilled"), [entry], ALL - {"ties.type"}))

    assert last.filled == {"name": "Sintra", "type.other": "Guild", "visits": None}
    assert "visits" not in last.told


@pytest.mark.parametrize(
    "entry", [{"name": "Sintra"}, {"entry": "x/y", "name": "A"}, {"entry": "sint2345"}, 3, None]
)
def test_an_entry_without_a_key_or_a_name_is_not_offered(entry: Any) -> None:
    assert last_entries(roster("prefilled"), [entry], ALL) == ()
    assert last_entries(roster("hidden"), [SINTRA], ALL) == ()


@pytest.mark.parametrize(
    ("mode", "changes", "is_settled", "flag"),
    [
        ("prefilled", {}, False, "prefilled"),
        ("prefilled", {"visits": 4}, False, "changed"),
        ("confirmed", {}, False, "to_confirm"),
        ("confirmed", {}, True, "confirmed"),
        ("confirmed", {"visits": None}, True, "changed"),
        ("shown", {}, False, "confirmed"),
        ("shown", {"visits": None}, False, "confirmed"),
        ("shown", {"visits": 4}, False, "changed"),
    ],
)
def test_what_became_of_an_entry(
    mode: Dependent, changes: dict[str, Any], is_settled: bool, flag: str
) -> None:
    last = only(last_entries(roster(mode), [SINTRA], ALL))

    assert entry_flag(mode, last, SINTRA | changes, is_settled=is_settled) == flag
    assert flag in ENTRY_FLAGS


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-20, 20) | st.text(max_size=5) | st.just("firm"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["missing", "name", "x"]), inner, max_size=2)
    ),
    max_leaves=5,
)
ENTRY = st.fixed_dictionaries(
    {"entry": st.text("ab1", min_size=3, max_size=6) | JSON, "name": JSON},
    optional={"type": JSON, "type.other": JSON, "visits": JSON},
)
MODES: st.SearchStrategy[Dependent] = st.sampled_from(("shown", "prefilled", "confirmed"))


@given(mode=MODES, of_item=MODES | st.just("hidden"), entries=st.lists(ENTRY | JSON) | JSON)
def test_whatever_was_stored_what_comes_back_passes_its_checks_and_is_no_change(
    mode: Dependent, of_item: Dependent, entries: Any
) -> None:
    asked = roster(mode, visits=of_item)
    found = last_entries(asked, json.loads(json.dumps(entries)), ALL)

    assert (
        questionnaire.check_value(replace(asked, most=100), [each.as_entry for each in found]) == ()
    )
    assert len({each.key for each in found}) == len(found)
    assert not any(differs(each, each.as_entry) for each in found)
