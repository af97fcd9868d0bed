"""What an entry of a roster cannot hold is refused once, with its place and a way out."""

from typing import Any

import pytest

from surveys.questionnaire import InstrumentErrors, Problem, compile_document

NAME: dict[str, Any] = {"name": "name", "kind": "text", "label": "Name"}
SITES: dict[str, Any] = {
    "name": "sites",
    "kind": "roster",
    "label": "Sites",
    "thing": "site",
    "things": "sites",
    "items": [NAME],
}
WAY_OUT = {
    "roster": "a roster of its own on a later page",
    "battery": "a question for each row",
    "computed": "sum, min, max or count over its entries",
}


def problems(**parts: Any) -> tuple[Problem, ...]:
    roster = {
        "name": "projects",
        "kind": "roster",
        "label": "Projects",
        "thing": "project",
        "things": "projects",
        **parts,
    }
    document = {
        "instrument": "base",
        "version": "1",
        "title": "Base",
        "sections": [
            {
                "name": "all",
                "title": "All",
                "pages": [{"name": "projects", "title": "Projects", "items": [roster]}],
            }
        ],
    }
    with pytest.raises(InstrumentErrors) as errors:
        compile_document(document)
    return errors.value.problems


@pytest.mark.parametrize("kind", list(WAY_OUT))
@pytest.mark.parametrize("others", [[NAME], []])
def test_a_kind_that_an_entry_cannot_hold_is_one_problem(kind: str, others: list[Any]) -> None:
    (problem,) = problems(items=[*others, {**SITES, "kind": kind}])

    assert problem.code == "bad_roster"
    assert problem.where == "instrument > all > projects > projects > sites"
    assert kind in problem.message
    assert WAY_OUT[kind] in problem.remedy


def test_it_is_one_problem_on_a_page_of_its_own_too() -> None:
    (problem,) = problems(
        pages=[{"title": "One", "items": [NAME]}, {"title": "Two", "items": [SITES]}]
    )

    assert problem.where == "instrument > all > projects > projects > pages 2 > sites"


@pytest.mark.parametrize("parts", [{"items": []}, {"pages": []}])
def test_a_roster_without_items_is_one_problem(parts: dict[str, Any]) -> None:
    (problem,) = problems(**parts)

    assert problem.code == "empty"


def test_a_roster_whose_entries_have_no_name_is_still_refused() -> None:
    (problem,) = problems(items=[{**NAME, "kind": "number"}])

    assert problem.code == "bad_roster"
    assert "no text" in problem.message
