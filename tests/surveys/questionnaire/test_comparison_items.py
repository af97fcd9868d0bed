"""Changes of variables, put together by the item that authors know."""

import copy
from typing import Any

from surveys.questionnaire import compile_document, read_document
from surveys.questionnaire.comparison import KINDS, compare
from surveys.questionnaire.comparison_items import ItemChange, by_item, labels_of

TEXT = """
instrument: base
version: '1'
title: Base
sections:
  - name: all
    title: All
    pages:
      - name: one
        title: One
        items: [{name: persons, kind: number, label: 'Persons?'}]
      - name: rows
        title: Rows
        items:
          - name: used
            kind: battery
            label: 'How important was {row}?'
            rows: [{value: fairs, label: fairs}, {value: press, label: the press}]
            facets:
              - {name: how, label: How?, choose: one, codes: [{value: a, label: A}, {value: b, label: B}]}
              - {name: often, label: 'How often?', choose: number}
      - name: ties
        title: Ties
        items:
          - name: ties
            kind: roster
            label: Partners
            thing: partner
            things: partners
            most: 2
            items: [{name: called, kind: text, label: Name}]
"""


def changed(change: Any) -> tuple[ItemChange, ...]:
    before = read_document(TEXT)
    after = copy.deepcopy(before)
    change(after["sections"][0]["pages"])
    comparison = compare(compile_document(before), compile_document(after))
    differing = [each for each in comparison.changes if each.kind != "same"]
    return by_item(differing, labels_of(after, before))


def test_the_variables_of_a_battery_are_one_item_with_counts_of_each_kind() -> None:
    def change(pages: Any) -> None:
        pages[1]["items"][0]["facets"][0]["codes"][1]["label"] = "Bee"

    (item,) = changed(change)

    assert (item.item, item.label) == ("used", "How important was {row}?")
    assert [each.variable for each in item.changes] == ["used.fairs.how", "used.press.how"]
    assert item.counts == {"recoded": 2}
    assert [detail.what for detail in item.common] == ["code b"]
    assert item.pooled == {"not pooled": 2}
    assert len(item.whys) == 1


def test_what_differs_from_row_to_row_is_not_common() -> None:
    def change(pages: Any) -> None:
        pages[1]["items"][0]["label"] = "How useful was {row}?"

    (item,) = changed(change)

    assert item.common == ()
    assert item.apart == ("label",)
    assert item.counts == {"reworded": 4}
    assert item.pooled == {"with care": 4}


def test_an_item_that_is_gone_keeps_the_text_it_had() -> None:
    (item,) = changed(lambda pages: pages.pop(0))

    assert (item.item, item.label, item.counts) == ("persons", "Persons?", {"dropped": 1})


def test_a_roster_is_one_item_too() -> None:
    items = changed(lambda pages: pages.pop(2))

    assert [item.item for item in items] == ["ties"]
    assert len(items[0].changes) > 1


def test_every_change_belongs_to_one_item() -> None:
    document = read_document(TEXT)
    changes = compare(compile_document(document), compile_document(document)).changes

    items = by_item(changes, {})

    assert [each for item in items for each in item.changes] == list(changes)
    assert all(set(item.counts) <= set(KINDS) for item in items)
    assert [item.item for item in items] == ["persons", "used", "ties"]
