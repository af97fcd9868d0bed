"""The linter warns of what will hurt, and of nothing that is not so."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.questionnaire import Problem, compile_document, route
from surveys.questionnaire.linting.lint import WARNINGS, lint
from surveys.questionnaire.translations import mark
from tests.surveys.questionnaire.authored import NAMES, ROOT, core, small

PAGE = (ROOT / "docs" / "reference" / "linter.md").read_text()
YES_NO = [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}]


def document(*items: dict[str, Any], **page: Any) -> dict[str, Any]:
    first = {"name": "p", "title": "In {last_year}", "items": list(items)} | page
    sections = [{"name": "s", "title": "S", "pages": [first]}]
    return {"instrument": "made", "version": "1", "title": "Made", "sections": sections}


def item(name: str = "x", kind: str = "text", **keys: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "label": "Which?"} | keys


def choice(name: str = "x", kind: str = "single_choice", **keys: Any) -> dict[str, Any]:
    return item(name, kind, **({"codes": YES_NO} | keys))


def battery(rows: int, **keys: Any) -> dict[str, Any]:
    facets = [{"name": "f", "label": "F", "choose": "one", "codes": YES_NO}]
    made = [{"value": f"r{number}", "label": f"row {number}"} for number in range(rows)]
    return item("b", "battery", rows=made, facets=facets, **keys)


def warnings(written: dict[str, Any]) -> list[Problem]:
    return list(lint(compile_document(written)))


def told(written: dict[str, Any]) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in warnings(written)]


def edit(message: str) -> dict[str, Any]:
    return {
        "name": "e",
        "severity": "soft",
        "when": "x = 'yes'",
        "message": message,
        "items": ["x"],
    }


@pytest.mark.parametrize(
    ("written", "code", "where"),
    [
        (document(item("a" * 33)), "long_name", f"item {'a' * 33}"),
        (document(item(label="W" * 81)), "long_label", "item x"),
        (document(item()) | {"codes": {"spare": YES_NO}}, "unused_codes", "codes spare"),
        (document(choice(required="soft", label="New and better?")), "double_barrelled", "item x"),
        (document(battery(9)), "long_battery", "item b"),
        (
            document(item(kind="scale", points={"0": "No", "4": "Yes"}, required="hard")),
            "mandatory_opinion",
            "item x",
        ),
        (document(item(long=True, required="hard")), "mandatory_opinion", "item x"),
        (document(choice(required="hard")), "required_hard", "item x"),
        (document(*[item(f"x{number}") for number in range(8)]), "crowded_page", "page p"),
        (document(choice(), edits=[edit("Sure?")]), "edit_without_value", "page p > e"),
        (document(item(kind="number"), title="Staff"), "no_period", "item x"),
        (document(item(kind="money"), title="Sales"), "no_period", "item x"),
    ],
)
def test_what_hurts_is_told_once(written: dict[str, Any], code: str, where: str) -> None:
    assert told(written) == [(code, where)]


@pytest.mark.parametrize(
    "written",
    [
        document(item("a" * 32, label="W" * 80)),
        document(choice(codes="own")) | {"codes": {"own": YES_NO}},
        document(choice(label="New and better?")),
        document(choice(required="soft", label="Sandy beaches?")),
        document(battery(8)),
        document(battery(9, layout="filter_first")),
        document(item(kind="scale", points={"0": "No", "4": "Yes"}, required="soft")),
        document(*[item(f"x{number}") for number in range(7)]),
        document(choice(), edits=[edit("You said {answer:x}.")]),
        document(item(kind="number")),
        document(item(kind="number", period="{period}"), title="Staff"),
        document(item(kind="number", label="Staff in 2024"), title="Staff"),
        document(
            choice(codes=[{"value": "a", "label": "A", "specify": "number"}, YES_NO[0]]), title="T"
        ),
    ],
)
def test_what_does_not_hurt_is_not_told(written: dict[str, Any]) -> None:
    assert told(written) == []


def test_a_battery_whose_rows_have_each_their_condition_is_filtered_by_hand() -> None:
    codes = [{"value": f"r{number}", "label": f"R{number}"} for number in range(9)]
    written = document(item("which", "multiple_choice", codes=codes))
    page = {"name": "b", "title": "B", "items": [battery(9)]}
    for row in page["items"][0]["rows"]:
        row["when"] = f"which has '{row['value']}'"
    written["sections"][0]["pages"].append(page)

    assert told(written) == []


@pytest.mark.parametrize(
    ("rows", "others"),
    [(2, "1 more of this item is too long."), (3, "2 more of this item are too long.")],
)
def test_names_of_a_battery_are_told_together(rows: int, others: str) -> None:
    written = document(battery(rows))
    written["sections"][0]["pages"][0]["items"][0]["name"] = "b" * 30

    (warning,) = warnings(written)

    assert warning.code == "long_name"
    assert warning.message.endswith(others)


def test_translations_are_counted_and_listed() -> None:
    written = document(item(), item("y"))
    written = mark(written, "items.x.label", "nb", "Hvilken?")
    written = mark(written, "items.y.label", "nb", "Hvilken?")
    written["sections"][0]["pages"][0]["items"][1]["label"] = "Which one?"
    written["translations"]["nb"]["items.gone.label"] = {"text": "Borte", "of": "0"}

    found = {problem.code: problem for problem in warnings(written)}

    assert list(found) == [
        "missing_translations",
        "outdated_translations",
        "leftover_translations",
    ]
    assert "3 of 5 texts" in found["missing_translations"].message
    assert "sections.s.title" in found["missing_translations"].message
    assert "items.y.label" in found["outdated_translations"].message
    assert "items.gone.label" in found["leftover_translations"].message
    assert {problem.where for problem in found.values()} == {"translations nb"}


def routed(*conditions: str) -> dict[str, Any]:
    """Three items, and then a page of one item for each condition."""
    written = document(
        choice("one"),
        item("many", "multiple_choice", codes=[*YES_NO, {"value": "other", "label": "Other"}]),
        item("number", "number", decimals=1),
    )
    written["sections"][0]["pages"] += [
        {"name": f"p{at}", "title": f"P{at}", "when": condition, "items": [item(f"t{at}")]}
        for at, condition in enumerate(conditions)
    ]
    return written


@pytest.mark.parametrize(
    "condition",
    [
        "one = 'yes' and one = 'no'",
        "one = 'yes' and not (one = 'yes')",
        "one != 'yes' and one != 'no'",
        "not one in ('yes', 'no')",
        "many has 'yes' and not many has 'yes'",
        "number > 5 and number < 3",
        "number > 5 and number <= 5",
        "number = 1 and 2 = number",
        "5 > number and 6 <= number",
        "answered(one) and not answered(one)",
        "one = 'yes' and not answered(one)",
        "(one = 'yes' or one = 'no') and not answered(one)",
        "not (one = 'yes' or one = 'no')",
        "(number > 5 or number < 1) and number = 3 and number > 5",
    ],
)
def test_a_condition_that_contradicts_itself_is_never_met(condition: str) -> None:
    assert told(routed(condition)) == [("unreachable", "page p0")]


@pytest.mark.parametrize(
    "condition",
    [
        "one = 'yes' or one = 'no'",
        "many has 'yes' and many has 'no'",
        "many has 'yes' and not many has 'no'",
        "not answered(one)",
        "number >= 5 and number <= 5",
        "number + 1 > 5 and number + 1 < 3",
        "not (one = 'yes')",
        "(one = 'yes' or number > 3) and one = 'no'",
    ],
)
def test_what_may_hold_or_is_not_understood_is_let_be(condition: str) -> None:
    assert told(routed(condition)) == []


def test_what_earlier_pages_exclude_is_seen() -> None:
    assert told(routed("one = 'yes'", "answered(t0) and one = 'no'")) == [
        ("unreachable", "page p1")
    ]


def test_what_reads_a_page_that_is_never_asked_is_never_asked() -> None:
    assert [where for _, where in told(routed("number > 1 and number < 0", "answered(t0)"))] == [
        "page p0",
        "page p1",
    ]


def test_an_item_that_its_page_excludes_is_told() -> None:
    written = routed("one = 'yes'")
    written["sections"][0]["pages"][1]["items"].append(item("late", when="one = 'no'"))

    assert told(written) == [("unreachable", "item late")]


ATOMS = st.sampled_from(
    [
        "one = 'yes'",
        "one != 'yes'",
        "one in ('yes', 'no')",
        "many has 'yes'",
        "many in ('no', 'other')",
        "number > 2",
        "number <= 2",
        "3 > number",
        "number != 2",
        "answered(one)",
        "answered(many)",
    ]
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
        )
        | inner.map(lambda part: f"not ({part})")
    ),
    max_leaves=6,
)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "one": st.sampled_from([None, "yes", "no"]),
        "many": st.lists(st.sampled_from(["yes", "no", "other"]), max_size=3, unique=True),
        "number": st.none() | st.sampled_from([0, 2, 2.5, 3, 7]),
        "t0": st.none() | st.just("said"),
    },
)


@settings(max_examples=150, deadline=None)
@given(first=CONDITIONS, second=CONDITIONS, answers=st.lists(ANSWERS, min_size=5, max_size=25))
def test_no_answers_lead_to_what_is_told_to_be_unreachable(
    first: str, second: str, answers: list[dict[str, Any]]
) -> None:
    instrument = compile_document(routed(first, f"answered(t0) and {second}"))
    never = {warning.where.removeprefix("page ") for warning in lint(instrument)}

    for each in answers:
        assert not never & {page.name for page in route(instrument, each).pages}


@pytest.mark.parametrize("name", NAMES)
def test_warnings_are_of_the_catalogue_and_say_the_way_out(name: str) -> None:
    for warning in lint(small(name)):
        assert warning.code in WARNINGS
        assert warning.where
        assert warning.message.endswith((".", ")"))
        assert warning.remedy.endswith(".")


def test_nothing_of_the_shipped_instrument_is_unreachable_or_unused() -> None:
    codes = {warning.code for warning in lint(core())}

    assert not codes & {"unreachable", "unused_codes", "crowded_page", "required_hard"}


def test_the_reference_has_every_warning_as_the_code_has_it_and_no_other() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", PAGE, re.M)

    assert dict(rows) == WARNINGS


def test_every_warning_has_a_case_here() -> None:
    tests = (ROOT / "tests/surveys/questionnaire/test_lint.py").read_text()

    assert [code for code in WARNINGS if f'"{code}"' not in tests] == []
