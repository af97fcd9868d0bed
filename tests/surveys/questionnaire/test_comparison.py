"""Two versions compared, variable by variable."""

import copy
import re
from collections.abc import Callable
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.questionnaire import codebook, compile_document
from surveys.questionnaire.comparison import KINDS, Comparison, Poolable, compare
from surveys.questionnaire.item_fingerprints import item_fingerprints
from surveys.questionnaire.reading import read_document
from surveys.questionnaire.translations import mark
from tests.surveys.questionnaire.authored import NAMES, ROOT, small

OLD = """
instrument: old
version: '1'
title: Old
sections:
  - name: s
    title: S
    pages:
      - name: first
        title: First
        items:
          - name: exports
            kind: single_choice
            label: Do you export?
            hint: Estimates are fine.
            codes: [{value: yes, label: 'Yes'}, {value: no, label: 'No'}]
          - {name: staff, kind: number, label: 'How many?', unit: persons, minimum: 0}
          - name: split
            kind: allocation
            label: Divide
            parts: [{value: a, label: A}, {value: b, label: B}]
      - name: second
        title: Second
        when: exports = 'yes'
        items:
          - {name: share, kind: share, label: 'Which share?'}
      - name: partners
        title: Partners
        items:
          - name: partners
            kind: battery
            label: How often {row}?
            rows: [{value: suppliers, label: suppliers}, {value: fairs, label: fairs}]
            facets:
              - name: used
                label: Used?
                choose: one
                codes: [{value: '0', label: 'No'}, {value: '1', label: 'Yes'}]
              - {name: where, label: 'Where?', choose: many, codes: [{value: n, label: Near}, {value: f, label: Far}]}
"""

Change = Callable[[dict[str, Any]], None]


def document() -> dict[str, Any]:
    return read_document(OLD)


def items(written: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        item["name"]: item
        for section in written["sections"]
        for page in section["pages"]
        for item in page["items"]
    }


def compared(change: Change) -> Comparison:
    new = document()
    change(new)
    return compare(compile_document(document()), compile_document(new))


def test_nothing_changed_where_only_the_version_did() -> None:
    comparison = compared(lambda new: new.update(version="2", title="New"))

    assert {change.kind for change in comparison.changes} == {"same"}
    assert {change.poolable for change in comparison.changes} == {"yes"}
    assert comparison.counts["same"] == len(codebook(compile_document(document())))
    assert [change.variable for change in comparison.changes] == [
        variable.name for variable in codebook(compile_document(document()))
    ]


@pytest.mark.parametrize(
    ("variable", "change", "kind", "what", "poolable"),
    [
        ("exports", {"hint": "Guess."}, "reworded", ["hint"], "yes"),
        ("exports", {"definition": "Abroad."}, "reworded", ["definition"], "yes"),
        ("exports", {"label": "Did you export?"}, "reworded", ["label"], "with_care"),
        ("staff", {"period": "{last_year}"}, "reworded", ["period"], "with_care"),
        ("staff", {"unit": "hundreds"}, "recoded", ["unit"], "no"),
        ("staff", {"minimum": 1}, "recoded", ["minimum"], "no"),
        ("staff", {"kind": "money", "unit": None}, "recoded", ["kind"], "no"),
        ("staff", {"when": "exports = 'yes'"}, "rerouted", ["item"], "for_firms_asked_in_both"),
        ("split.a", {"total": 10}, "recoded", ["total"], "no"),
    ],
)
def test_a_change_of_an_item_is_told_with_what_follows(
    variable: str, change: dict[str, Any], kind: str, what: list[str], poolable: str
) -> None:
    def changed(new: dict[str, Any]) -> None:
        item = items(new)[variable.partition(".")[0]]
        item.update(change)
        for key in [key for key, value in change.items() if value is None]:
            del item[key]

    told = compared(changed).change(variable)

    assert (told.kind, told.poolable) == (kind, poolable)
    assert {detail.what for detail in told.details} >= set(what)
    assert told.why.endswith(".")


def test_a_code_that_keeps_its_value_and_changes_its_label_is_recoded() -> None:
    told = compared(
        lambda new: items(new)["exports"]["codes"][1].update(label="Not at all")
    ).change("exports")

    assert (told.kind, told.poolable) == ("recoded", "no")
    (detail,) = told.details
    assert (detail.what, detail.old, detail.new) == ("code no", "No", "Not at all")


def test_a_code_that_is_added_lets_the_old_ones_be_pooled() -> None:
    told = compared(
        lambda new: items(new)["exports"]["codes"].append({"value": "soon", "label": "Soon"})
    ).change("exports")

    assert (told.kind, told.poolable) == ("recoded", "with_care")
    assert "soon" in told.why


def test_a_code_that_is_taken_away_is_recoded() -> None:
    def without(new: dict[str, Any]) -> None:
        items(new)["exports"]["codes"] = [
            {"value": "yes", "label": "Yes"},
            {"value": "never", "label": "No"},
        ]
        new["sections"][0]["pages"][1].pop("when")

    told = compared(without).change("exports")

    assert (told.kind, told.poolable) == ("recoded", "no")
    assert {detail.what for detail in told.details} == {"code no", "code never"}


def test_codes_in_another_order_are_reworded() -> None:
    told = compared(lambda new: items(new)["exports"]["codes"].reverse()).change("exports")

    assert (told.kind, told.poolable) == ("reworded", "with_care")


def test_a_page_asked_of_others_reroutes_its_variables_and_no_other() -> None:
    comparison = compared(lambda new: new["sections"][0]["pages"][1].update(when="exports = 'no'"))

    assert [each.variable for each in comparison.changes if each.kind == "rerouted"] == ["share"]
    assert comparison.counts["rerouted"] == 1


def test_several_changes_are_told_together_and_the_gravest_names_the_kind() -> None:
    def changed(new: dict[str, Any]) -> None:
        items(new)["share"].update(label="What share?", decimals=1)
        new["sections"][0]["pages"][1]["when"] = "exports = 'no'"

    told = compared(changed).change("share")

    assert told.kind == "recoded"
    assert {detail.kind for detail in told.details} == {"reworded", "rerouted", "recoded"}
    assert told.poolable == "no"


def test_a_facet_changes_its_own_variables_only() -> None:
    comparison = compared(
        lambda new: items(new)["partners"]["facets"][1].update(when={"used": ["1"]})
    )

    assert [each.variable for each in comparison.changes if each.kind != "same"] == [
        "partners.suppliers.where",
        "partners.fairs.where",
    ]


def test_what_is_new_and_what_is_dropped_is_told() -> None:
    def renamed(new: dict[str, Any]) -> None:
        items(new)["staff"]["name"] = "persons"

    comparison = compared(renamed)

    assert comparison.change("persons").kind == "new"
    assert comparison.change("staff").kind == "dropped"
    assert comparison.change("staff").poolable == "no"
    assert (comparison.counts["new"], comparison.counts["dropped"]) == (1, 1)


def test_a_translation_changes_no_variable_and_is_listed_apart() -> None:
    new = mark(document(), "items.exports.label", "nb", "Eksporterer dere?")

    comparison = compare(compile_document(document()), compile_document(new))

    assert {change.kind for change in comparison.changes} == {"same"}
    (change,) = comparison.translations
    assert (change.language, change.key, change.old) == ("nb", "items.exports.label", "")


@pytest.mark.parametrize("name", NAMES)
def test_every_variable_of_the_codebook_is_compared(name: str) -> None:
    instrument = small(name)

    compared = compare(instrument, instrument)

    assert [change.variable for change in compared.changes] == [
        variable.name for variable in codebook(instrument)
    ]
    assert compared.counts["same"] == len(compared.changes)


def test_a_fingerprint_of_an_item_stands_for_its_content_alone() -> None:
    moved, reworded = document(), document()
    moved["version"] = "2"
    moved["sections"][0]["pages"][0]["items"].reverse()
    items(reworded)["staff"]["label"] = "How many persons?"

    before = item_fingerprints(compile_document(document()))

    assert item_fingerprints(compile_document(moved)) == before
    changed = item_fingerprints(compile_document(reworded))
    assert {name for name in before if before[name] != changed[name]} == {"staff"}
    assert all(len(each) == 64 for each in before.values())


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_comparing_the_other_way_round_mirrors(data: st.DataObject) -> None:
    old, new = document(), copy.deepcopy(document())
    dropped = data.draw(st.sets(st.sampled_from(["staff", "split"])))
    page = new["sections"][0]["pages"][0]
    page["items"] = [item for item in page["items"] if item["name"] not in dropped]
    items(new)["exports"]["label"] = data.draw(st.sampled_from(["Do you export?", "Exports?"]))

    forth = compare(compile_document(old), compile_document(new))
    back = compare(compile_document(new), compile_document(old))

    opposite = {"new": "dropped", "dropped": "new"}
    kinds = {each.variable: each.kind for each in back.changes}
    assert kinds == {each.variable: opposite.get(each.kind, each.kind) for each in forth.changes}
    assert sum(forth.counts.values()) == len(forth.changes)


def test_the_small_instruments_share_no_variable() -> None:
    comparison = compare(small("bound_cells"), small("skips_when_no"))

    assert {change.kind for change in comparison.changes} == {"new", "dropped"}


def test_the_reference_has_every_kind_and_every_way_to_pool_in_order() -> None:
    page = (ROOT / "docs" / "reference" / "comparison.md").read_text()

    assert re.findall(r"^\| `(\w+)` \|", page, re.M) == [*KINDS, *get_args(Poolable)]
