"""Made firms: they reach what they can reach, and answer only what others rest on."""

import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.queries.modules import library
from surveys.questionnaire import (
    Instrument,
    check_value,
    compile_document,
    read_document,
    route,
)
from surveys.questionnaire.conditions import is_blank
from surveys.questionnaire.editing.trials import made_page, made_routes
from tests.surveys.questionnaire.core_firms import composed

INSTRUMENTS = Path(__file__).resolve().parents[3] / "surveys" / "instruments"

TEXT = """
instrument: made
version: '1.0'
title: Made
sections:
  - name: one
    title: One
    pages:
      - name: first
        title: First
        items:
          - {name: staff, kind: number, label: Staff, minimum: 0, maximum: 100}
          - {name: remark, kind: text, label: Remark}
          - {name: a, kind: number, label: A, minimum: 1, maximum: 9}
          - {name: twice, kind: computed, label: Twice, expression: a + a}
      - name: uses
        title: Uses
        items:
          - name: use
            kind: battery
            label: "How much of {row}?"
            rows: [{value: web, label: Web}, {value: fairs, label: Fairs}]
            facets:
              - {name: weight, choose: one, label: Weight, codes: [{value: '0', label: No}, {value: '1', label: Much}]}
      - {name: small, title: Small, when: staff < 10, items: [{name: s, kind: text, label: S}]}
      - {name: sums, title: Sums, when: twice > 4, items: [{name: t, kind: text, label: T}]}
      - {name: webs, title: Webs, when: use.web.weight = '1', items: [{name: w, kind: text, label: W}]}
      - {name: none, title: None, when: staff > 100, items: [{name: n, kind: text, label: N}]}
"""


def test_some_but_not_all_made_firms_pass_a_condition_and_none_an_impossible_one():
    routes = made_routes(compile_document(read_document(TEXT)), firms=100)
    reached = {
        name: sum(route.holds(name) for route in routes)
        for name in ("small", "sums", "webs", "none")
    }

    assert all(0 < reached[name] < 100 for name in ("small", "sums", "webs"))
    assert reached["none"] == 0


def test_what_no_condition_reads_is_asked_and_not_answered():
    (route,) = made_routes(compile_document(read_document(TEXT)), firms=1)

    assert "remark" in route.asked
    assert "use.fairs" in route.asked
    assert not {"remark", "use.fairs"} & set(route.answers)


TOTALS = """
instrument: totals
version: '1.0'
title: Totals
sections:
  - name: one
    title: One
    pages:
      - name: hired
        title: Hired
        items:
          - {name: hires, kind: number, label: Hires, minimum: 0, maximum: 30}
          - {name: hours, kind: number, label: Hours, minimum: 0.25, maximum: 9.5, decimals: 2}
          - {name: most, kind: number, label: Most, minimum: 0.5, maximum: 3}
      - name: used
        title: Used
        items:
          - name: use
            kind: battery
            label: "Did you use {row}?"
            rows: [{value: web, label: Web}]
            facets:
              - {name: used, choose: one, label: Used, codes: [{value: 'no', label: No}, {value: 'yes', label: Yes}]}
              - {name: weight, choose: one, label: Weight, when: {used: ['yes']}, codes: [{value: '1', label: Some}, {value: '2', label: Much}]}
      - name: origin
        title: Origin
        items:
          - {name: hires_from, kind: allocation, label: From, total_of: hires, unit: persons, parts: [{value: near, label: Near}, {value: far, label: Far}]}
          - {name: some_from, kind: allocation, label: Some, total_of: hires, at_most: yes, unit: persons, parts: [{value: near, label: Near}, {value: far, label: Far}]}
          - {name: hours_on, kind: allocation, label: On, total_of: hours, unit: hours, parts: [{value: work, label: Work}, {value: rest, label: Rest}]}
"""


EDITED = """
instrument: edited
version: "1"
title: Edited
sections:
  - name: all
    title: All
    pages:
      - name: sizes
        title: Sizes
        edits:
          - {name: too_much, severity: hard, when: REFUSED, message: Too much., items: [whole]}
        items:
          - {name: whole, kind: number, label: Whole, minimum: 0, maximum: 50}
          - {name: part, kind: number, label: Part, minimum: 0, maximum: 5000}
"""
WRITTEN = {
    "totals": TOTALS,
    "part_of_whole": EDITED.replace("REFUSED", "part > whole"),
    "never": EDITED.replace("REFUSED", "whole >= 0"),
}


@cache
def instrument_of(name: str) -> Instrument:
    if name == "core":
        return composed(library())
    text = WRITTEN.get(name) or (INSTRUMENTS / f"{name}.yaml").read_text()
    return compile_document(read_document(text))


def filled_in(instrument: Instrument, seed: int) -> dict[str, Any]:
    """The answers of a trial in which every page is filled in with made answers."""
    chance = random.Random(seed)
    answers: dict[str, Any] = {}
    for page in instrument.pages:
        if route(instrument, answers).holds(page.name):
            answers |= made_page(instrument, page, answers, chance)
    return answers


@pytest.mark.parametrize("name", ["totals", "every_kind", "core"])
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_made_answers_are_such_as_their_items_take(name: str, seed: int):
    instrument = instrument_of(name)
    answers = filled_in(instrument, seed)
    counting = route(instrument, answers)

    wrong = {
        item.name: (answers[item.name], faults)
        for item in instrument.items
        if item.name in counting.asked
        and item.name in answers
        and (faults := check_value(item, answers[item.name], counting.answers))
    }

    assert wrong == {}


def test_every_kind_is_made_an_answer():
    every = filled_in(instrument_of("totals"), 3)

    assert len(every) == len(tuple(instrument_of("totals").items))
    assert [name for name in every if is_blank(every[name])] == []


def test_made_answers_meet_no_hard_edit():
    instrument = instrument_of("part_of_whole")

    made = [filled_in(instrument, seed) for seed in range(40)]

    assert [each for each in made if each["part"] > each["whole"]] == []


def test_a_hard_edit_that_no_answer_meets_does_not_keep_the_trial_from_going_on():
    answers = made_page(
        instrument_of("never"), instrument_of("never").pages[0], {}, random.Random(1)
    )

    assert answers["whole"] >= 0
