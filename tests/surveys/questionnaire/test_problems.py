"""Every authoring error: what provokes it, where it is, and that all come at once."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaire import (
    PROBLEM_CATALOGUE,
    InstrumentErrors,
    Problem,
    compile_document,
    read_document,
)
from tests.surveys.questionnaire.authored import SMALL, any_json

BASE = """
instrument: base
version: '1'
title: A base to spoil
intro: About {firm}.
codes:
  yes_no: [{value: yes, label: 'Yes'}, {value: no, label: 'No'}]
sections:
  - name: first
    title: First
    pages:
      - name: filter
        title: Filter
        items:
          - {name: filter, kind: single_choice, label: 'Filter?', codes: yes_no}
          - {name: kinds, kind: multiple_choice, label: 'Kinds?', codes: yes_no}
          - {name: word, kind: text, label: 'A word?'}
      - name: size
        title: Size
        when: filter = 'yes'
        items:
          - {name: persons, kind: number, label: 'Persons?', minimum: 0}
          - name: parts
            kind: allocation
            label: Parts?
            parts: [{value: new, label: New}, {value: old, label: Old}]
        edits:
          - {name: many, severity: soft, when: persons > 9, message: Many., items: [persons]}
      - name: sources
        title: Sources
        items:
          - name: sources
            kind: battery
            label: 'How was {row}?'
            rows: [{value: fairs, label: the fair}, {value: press, label: the press}]
            facets:
              - {name: used, label: 'Used?', choose: one, codes: yes_no}
              - {name: scale, label: 'Where?', choose: many, codes: yes_no, when: {used: [yes]}}
"""


def problems_of(document: dict[str, Any]) -> tuple[Problem, ...]:
    try:
        compile_document(document)
    except InstrumentErrors as refused:
        return refused.problems
    return ()


def spoilt(place: str, value: Any) -> dict[str, Any]:
    """The base with one value changed; ``None`` takes the key away."""
    document = copy.deepcopy(read_document(BASE))
    *path, last = [int(step) if step.isdigit() else step for step in place.split("/")]
    holder: Any = document
    for step in path:
        holder = holder[step]
    if value is None:
        del holder[last]
    else:
        holder[last] = value
    return document


PAGES = "sections/0/pages"
FILTER, SIZE, SOURCES = f"{PAGES}/0", f"{PAGES}/1", f"{PAGES}/2"
ROWS = f"{SOURCES}/items/0/rows"
FACETS = f"{SOURCES}/items/0/facets"
BIND_FILTER, BIND_SIZE = f"{FILTER}/items/0/bind", f"{SIZE}/items/0/bind"
ITEM = f"{SOURCES}/items/0"
GROUPS = [{"name": "a", "title": "A", "rows": ["fairs"]}]


def test_the_base_has_no_problem() -> None:
    assert problems_of(read_document(BASE)) == ()


LOOKUP = {"name": "town", "kind": "lookup", "label": "Town?"}
TOWNS: dict[str, Any] = {
    "name": "towns",
    "version": "1",
    "title": "Towns",
    "codes": [{"value": "a", "label": "A"}],
}
DATE = {"name": "day", "kind": "date", "label": "When?"}
SCALE = {"name": "close", "kind": "scale", "label": "How close?"}
NAME = {"name": "name", "kind": "text", "label": "Name?"}
ROSTER = {"name": "ties", "kind": "roster", "label": "Who?", "thing": "tie", "things": "ties"}
SUM = {"name": "sum", "kind": "computed", "label": "Sum"}


def roster(*items: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {**ROSTER, "items": list(items), **keys}


# Each of them stands for the first item of the last page.
NEW_KINDS: list[tuple[str, dict[str, Any]]] = [
    ("bad_date", {**DATE, "minimum": "2024-02-30"}),
    ("bad_date", {**DATE, "maximum": "2024-02"}),
    ("bad_date", {**DATE, "precision": "month", "maximum": "2024-02-01"}),
    ("bad_date", {**DATE, "minimum": "2024-02-02", "maximum": "2024-02-01"}),
    ("wrong_shape", {**DATE, "precision": "week"}),
    ("bad_points", SCALE),
    ("bad_points", {**SCALE, "points": {"0": "Not", "5": "Very"}}),
    ("bad_number", {**SCALE, "minimum": 4, "points": {"4": "Very"}}),
    ("bad_number", {**SCALE, "maximum": 500, "points": {"0": "Not", "500": "Very"}}),
    ("missing_key", LOOKUP),
    ("missing_key", SUM),
    ("bad_condition", {**SUM, "expression": "1 +"}),
    ("type_mismatch", {**SUM, "expression": "1 + word"}),
    ("unknown_item", {**SUM, "expression": "1 + nothing"}),
    ("reads_ahead", {**SUM, "expression": "1 + sum"}),
    ("unknown_key", {"name": "n", "kind": "note", "label": "N", "required": "soft"}),
    ("bad_roster", roster({**DATE})),
    ("bad_roster", roster({**NAME, "when": "filter = 'yes'"})),
    ("bad_roster", roster(NAME, {**SUM, "expression": "1"})),
    ("bad_roster", roster(NAME, pages=[{"title": "P", "items": [NAME]}])),
    ("bad_name", roster(NAME, {**DATE, "name": "entry"})),
    ("bad_binding", roster(NAME, {**DATE, "bind": {"construct": "control.start_year"}})),
    ("bad_binding", roster(NAME, bind={"construct": "control.start_year"})),
    (
        "bad_binding",
        roster(
            NAME,
            bind={"construct": "networking.partners", "at": {"partner": "$name", "scale": "x"}},
        ),
    ),
    ("duplicate_name", roster(NAME, NAME)),
    ("missing_key", {key: value for key, value in roster(NAME).items() if key != "thing"}),
    ("missing_key", ROSTER),
    ("empty", roster()),
    (
        "reads_ahead",
        roster(
            NAME,
            {**DATE, "when": "ties.later > 1"},
            {**SCALE, "name": "later", "points": {"0": "a", "4": "b"}},
        ),
    ),
    ("unknown_fill", {**SCALE, "points": {"0": "{firm}", "4": "b"}}),
    ("bad_binding", {**DATE, "bind": {"construct": "control.employment"}}),
]

SPOILT: list[tuple[str, str, Any]] = [
    ("wrong_shape", "sections", "first"),
    ("wrong_shape", "sections/0/pages", {"name": "a"}),
    ("wrong_shape", f"{FILTER}/items/0", "filter"),
    ("wrong_shape", f"{FILTER}/title", ["a"]),
    ("wrong_shape", "codes", ["a"]),
    ("wrong_shape", "version", 1.1),
    ("wrong_shape", "version", "1" * 21),
    ("wrong_shape", "title", "x" * 201),
    ("wrong_shape", f"{FILTER}/items/2/long", "maybe"),
    ("wrong_shape", f"{SIZE}/edits/0/items", "persons"),
    ("wrong_shape", f"{SOURCES}/items/0/layout", "grid"),
    ("wrong_shape", f"{FACETS}/0/choose", "some"),
    ("wrong_shape", f"{FACETS}/1/when", "used"),
    ("wrong_shape", BIND_SIZE, "control.employment"),
    ("wrong_shape", BIND_SIZE, {"construct": "control.employment", "at": "x"}),
    ("wrong_shape", BIND_SIZE, {"construct": "control.employment", "values": "x"}),
    ("wrong_shape", BIND_SIZE, {"construct": "control.employment", "at": {"kind": ["x"]}}),
    ("missing_key", "sections", None),
    ("missing_key", "instrument", None),
    ("missing_key", "version", None),
    ("missing_key", "title", ""),
    ("missing_key", f"{FILTER}/name", None),
    ("missing_key", f"{FILTER}/items/0/kind", None),
    ("missing_key", f"{FILTER}/items/0/label", None),
    ("missing_key", f"{FILTER}/items/0/codes", None),
    ("missing_key", f"{SIZE}/edits/0/when", ""),
    ("missing_key", f"{SIZE}/edits/0/items", []),
    ("missing_key", f"{SOURCES}/items/0/facets", None),
    ("missing_key", f"{SOURCES}/items/0/layout", "grouped"),
    ("missing_key", BIND_SIZE, {"at": {}}),
    ("unknown_key", "lang", "en"),
    ("unknown_key", f"{FILTER}/items/0/lable", "x"),
    ("unknown_key", f"{FILTER}/items/0/minimum", 0),
    ("unknown_key", f"{ROWS}/0/exclusive", "yes"),
    ("unknown_key", "codes/yes_no/0/title", "x"),
    ("unknown_kind", f"{FILTER}/items/0/kind", "radio"),
    ("bad_name", "instrument", "Base!"),
    ("bad_name", f"{FILTER}/name", "Filter page"),
    ("bad_name", f"{FILTER}/items/0/name", "f.x"),
    ("bad_name", "codes/yes_no/0/value", "a-b"),
    ("duplicate_name", f"{SIZE}/name", "filter"),
    ("duplicate_name", f"{SIZE}/items/0/name", "filter"),
    ("duplicate_name", "codes/yes_no/1/value", "yes"),
    ("duplicate_name", f"{ROWS}/1/value", "fairs"),
    ("duplicate_name", f"{FACETS}/1/name", "used"),
    ("unknown_codes", f"{FILTER}/items/0/codes", "no_yes"),
    ("too_few_codes", f"{FILTER}/items/0/codes", [{"value": "a", "label": "A"}]),
    ("too_few_codes", "codes/yes_no", []),
    ("bad_groups", f"{SOURCES}/items/0/groups", GROUPS),
    ("bad_number", f"{SIZE}/items/0/minimum", "none"),
    ("bad_number", f"{SIZE}/items/0/maximum", -1),
    ("bad_number", f"{SIZE}/items/0/maximum", 10**400),
    ("bad_number", f"{SIZE}/items/1/total", 10**400),
    ("bad_binding", BIND_FILTER, {"construct": "control.group", "values": {"yes": 10**400}}),
    ("bad_number", f"{SIZE}/items/0/decimals", 10**9),
    ("bad_number", f"{SIZE}/items/1/total", 0),
    ("bad_number", f"{FILTER}/items/2/max_length", 10**9),
    ("bad_number", "sections/0/minutes", -1),
    ("bad_condition", f"{SIZE}/when", "__import__('os')"),
    ("bad_condition", f"{ROWS}/0/when", "("),
    ("unknown_item", f"{SIZE}/when", "filtre = 'yes'"),
    ("unknown_item", f"{SIZE}/when", "parts.newer > 1"),
    ("unknown_item", f"{SIZE}/edits/0/items", ["filter"]),
    ("unknown_item", f"{SIZE}/edits/0/items", ["persons", "filter"]),
    ("unknown_item", f"{SIZE}/edits/0/message", "{answer:person}"),
    ("unknown_item", f"{FACETS}/1/when", {"usage": ["yes"]}),
    ("unknown_code", f"{SIZE}/when", "filter = 'maybe'"),
    ("unknown_code", f"{SIZE}/when", "'maybe' != filter"),
    ("unknown_code", f"{SIZE}/when", "kinds has 'maybe'"),
    ("unknown_code", f"{FACETS}/1/when", {"used": ["maybe"]}),
    ("reads_ahead", f"{FILTER}/when", "persons > 1"),
    ("reads_ahead", f"{SIZE}/when", "persons > 1"),
    ("reads_ahead", f"{ROWS}/1/when", "sources.press.used = 'yes'"),
    ("reads_ahead", f"{SIZE}/title", "You have {answer:persons}"),
    ("reads_ahead", "intro", "You have {answer:persons}"),
    ("type_mismatch", f"{SIZE}/when", "word > 1"),
    ("type_mismatch", f"{SIZE}/when", "filter = 1"),
    ("type_mismatch", f"{SIZE}/when", "word < 'b'"),
    ("type_mismatch", f"{SIZE}/when", "kinds = 'yes'"),
    ("type_mismatch", f"{SIZE}/when", "word has 'yes'"),
    ("type_mismatch", f"{SIZE}/when", "word + 1 > 2"),
    ("type_mismatch", f"{SIZE}/edits/0/when", "parts > 1"),
    ("type_mismatch", f"{SIZE}/edits/0/when", "not (1 > 2 * word) and persons > 1"),
    ("unknown_construct", BIND_SIZE, {"construct": "control.employees"}),
    ("bad_binding", BIND_SIZE, {"construct": "control.employment", "at": {"kind": "x"}}),
    ("bad_binding", BIND_SIZE, {"construct": "control.employment", "facet": "used"}),
    ("bad_binding", BIND_SIZE, {"construct": "control.employment", "values": {"yes": 1}}),
    ("bad_binding", BIND_SIZE, {"construct": "control.industry"}),
    ("bad_binding", BIND_SIZE, {"construct": "market.scale", "spread": "scale"}),
    ("bad_binding", BIND_SIZE, {"construct": "market.scale", "at": {"scale": "a,b"}}),
    ("bad_binding", BIND_FILTER, {"construct": "control.group"}),
    ("bad_binding", BIND_FILTER, {"construct": "control.group", "values": {"yes": 2, "no": 0}}),
    ("bad_binding", f"{FILTER}/items/1/bind", {"construct": "control.group"}),
    (
        "bad_binding",
        f"{FILTER}/items/1/bind",
        {"construct": "sourcing.importance", "spread": "source"},
    ),
    ("bad_binding", f"{FILTER}/items/2/bind", {"construct": "control.employment"}),
    (
        "bad_binding",
        f"{SOURCES}/items/0/bind",
        {"construct": "market.scale", "at": {"scale": "$row"}},
    ),
    ("unknown_fill", "intro", "About {company}."),
    ("unknown_fill", "sections/0/intro", "About {{firm}}."),
    ("unknown_fill", f"{FILTER}/items/0/label", "About {Firm}."),
    ("unknown_fill", f"{FILTER}/items/0/label", "About {row}."),
    ("unknown_fill", f"{FILTER}/items/0/hint", "About {firm"),
    ("unknown_fill", f"{FACETS}/0/label", "About {answer: filter}"),
    ("unknown_fill", "codes/yes_no/0/label", "Yes, {firm}"),
    ("bad_severity", f"{SIZE}/edits/0/severity", "warning"),
    ("empty", "sections", []),
    ("empty", "sections/0/pages", []),
    ("missing_key", FACETS, []),
    ("too_few_codes", f"{FACETS}/0/codes", []),
    ("too_few_codes", ROWS, []),
    *((code, ITEM, value) for code, value in NEW_KINDS),
    ("wrong_shape", "sections/0/opens", "perhaps"),
    ("wrong_shape", f"{FILTER}/items/0/required", "very"),
    ("wrong_shape", f"{FILTER}/items/0/missing", ["forgotten"]),
    ("wrong_shape", f"{FILTER}/items/0/dependent", "copied"),
    ("wrong_shape", f"{FILTER}/items/0/variable", "x" * 61),
    ("wrong_shape", "codes/yes_no/0/specify", "date"),
    ("wrong_shape", "languages", "en"),
    ("wrong_shape", "language", []),
    ("wrong_shape", f"{FACETS}/0/unit", "persons"),
    ("wrong_shape", f"{SOURCES}/items/0/none_label", "Nobody"),
    ("bad_name", f"{FILTER}/items/0/name", "last"),
    ("bad_name", f"{FACETS}/0/name", "missing"),
    ("bad_number", f"{FILTER}/items/1/most", 0),
    ("bad_translation", "translations", {"nb": {"title": {"text": "Grunnlag"}}}),
    ("bad_condition", f"{FILTER}/items/0/when", "persons >"),
    ("reads_ahead", f"{FILTER}/items/0/when", "word = 'a'"),
    ("reads_ahead", f"{FILTER}/items/0/when", "filter = 'yes'"),
    ("unknown_code", "codes/yes_no/0/when", "filter = 'maybe'"),
    ("unknown_list", ITEM, {**LOOKUP, "codes": "towns@1"}),
    ("wrong_shape", ITEM, {**LOOKUP, "codes": "towns"}),
    ("wrong_shape", "codes/yes_no/0/exclusive", "perhaps"),
    ("duplicate_name", "code_lists", [TOWNS, TOWNS]),
    ("duplicate_name", "code_lists", [{**TOWNS, "codes": TOWNS["codes"] * 2}]),
    ("bad_name", "code_lists", [{**TOWNS, "codes": [{"value": "a b", "label": "A"}]}]),
    (
        "unknown_code",
        "code_lists",
        [{**TOWNS, "codes": [{"value": "a", "label": "A", "parent": "z"}]}],
    ),
    ("bad_total", f"{SIZE}/items/1/total_of", "word"),
    ("bad_total", f"{SIZE}/items/1/total_of", "parts"),
    ("bad_total", f"{SIZE}/items/1/total_of", "nothing"),
    ("empty", f"{FILTER}/items", []),
]


@pytest.mark.parametrize(("code", "place", "value"), SPOILT)
def test_a_spoilt_place_is_named_by_its_problem(code: str, place: str, value: Any) -> None:
    problems = problems_of(spoilt(place, value))

    assert code in {problem.code for problem in problems}
    assert all(problem.where and problem.message and problem.remedy for problem in problems)


def test_an_item_bound_to_a_cell_that_another_fills_is_a_problem() -> None:
    document = spoilt(BIND_SIZE, {"construct": "control.employment"})
    page = document["sections"][0]["pages"][1]
    page["items"].append({**page["items"][0], "name": "staff"})

    assert [str(problem) for problem in problems_of(document)] == [
        "item staff > bind: control.employment is bound by 'persons' already. "
        "Only binary and ordinal cells may be bound by several items."
    ]


def test_a_battery_has_its_page_for_itself() -> None:
    document = read_document(BASE)
    pages = document["sections"][0]["pages"]
    pages[2]["items"].append({"name": "more", "kind": "text", "label": "More?"})

    assert [problem.message for problem in problems_of(document)] == [
        "A battery or roster shares its page."
    ]


def test_an_edit_of_a_battery_that_is_about_none_of_its_rows_is_not_dropped_in_silence() -> None:
    edit = {"name": "odd", "severity": "soft", "when": "persons > 1", "message": "Odd."}
    document = spoilt(f"{SOURCES}/edits", [edit | {"items": ["sources"]}])

    assert [problem.message for problem in problems_of(document)] == [
        "The edit 'odd' is about no item of this page."
    ]


def test_a_row_in_a_group_has_no_title_of_its_own() -> None:
    document = spoilt(f"{ROWS}/0/title", "The fair")
    document["sections"][0]["pages"][2]["items"][0]["groups"] = [
        {"name": "all", "title": "All", "rows": ["fairs", "press"]}
    ]

    assert [problem.code for problem in problems_of(document)] == ["bad_groups"]


def test_a_language_that_the_file_has_not_is_a_problem() -> None:
    with pytest.raises(InstrumentErrors) as refused:
        compile_document(read_document(BASE), language="nb")

    assert [str(problem) for problem in refused.value.problems] == [
        "languages: The file has no language 'nb'. Choose from en."
    ]


def test_a_misspelt_key_comes_with_the_one_that_was_meant() -> None:
    (problem,) = problems_of(spoilt(f"{FILTER}/items/0/hnit", "x"))

    assert problem == Problem(
        "unknown_key",
        "instrument > first > filter > filter",
        "The key 'hnit' is not known.",
        "Did you mean hint?",
    )


def test_a_mistake_in_the_order_of_pages_is_explained() -> None:
    (problem,) = problems_of(spoilt(f"{FILTER}/when", "persons > 1"))

    assert problem == Problem(
        "reads_ahead",
        "page filter",
        "The condition reads 'persons', which is asked on this page or later.",
        "Read items of earlier pages only.",
    )


def test_all_problems_of_a_file_come_at_once() -> None:
    document = spoilt(f"{SIZE}/when", "filtre = 'yes'")
    document["lang"] = "en"
    document["sections"][0]["pages"][0]["items"][0]["kind"] = "radio"
    document["sections"][0]["pages"][2]["items"][0]["facets"][0]["codes"] = "no_yes"

    assert {problem.code for problem in problems_of(document)} >= {
        "unknown_key",
        "unknown_kind",
        "unknown_codes",
        "unknown_item",
    }


def test_every_problem_in_the_catalogue_is_provoked_by_a_test() -> None:
    here = {code for code, _, _ in SPOILT} | {"bound_twice", "unknown_language"}
    in_reading = {"not_yaml", "not_plain", "too_large"}

    of_modules = {"missing_module"}

    assert here | in_reading | of_modules == set(PROBLEM_CATALOGUE)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner: list[tuple[Any, ...]] = []
    steps = value.items() if isinstance(value, dict) else []
    steps = list(enumerate(value)) if isinstance(value, list) else steps
    for key, each in steps:
        inner += places(each, (*path, key))
    return [path, *inner] if path else inner


WHOLE = [read_document(path.read_text()) for path in sorted(SMALL.glob("*.yaml"))]


@given(st.data())
def test_an_instrument_with_anything_anywhere_compiles_or_has_known_problems(
    data: st.DataObject,
) -> None:
    document = copy.deepcopy(data.draw(st.sampled_from(WHOLE)))
    *path, last = data.draw(st.sampled_from(places(document)))
    holder: Any = document
    for step in path:
        holder = holder[step]
    holder[last] = data.draw(any_json())

    assert {problem.code for problem in problems_of(document)} <= set(PROBLEM_CATALOGUE)
