"""Names of rows and groups that a battery with a filter page takes for itself."""

import pytest

from surveys.questionnaire import InstrumentErrors, Problem, compile_text

BATTERY = """
instrument: base
version: '1'
title: A base to spoil
sections:
  - name: all
    title: All
    pages:
      - name: sources
        title: Sources
        items:
          - name: sources
            kind: battery
            label: 'How was {row}?'
            layout: filter_first
            rows: [{value: fair, label: the fair}, {value: press, label: the press}]
            facets:
              - {name: used, label: 'Used?', choose: one, codes: [{value: a, label: A}, {value: b, label: B}]}
      - name: after
        title: After
        when: sources.filter has 'press' and sources.press.used = 'a'
        items: [{name: after, kind: text, label: After}]
"""
GROUPS = """            groups:
              - {name: one, title: One, rows: [fair]}
              - {name: two, title: Two, rows: [press]}
            facets:"""


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(InstrumentErrors) as errors:
        compile_text(text)
    return errors.value.problems


@pytest.mark.parametrize("groups", [False, True])
@pytest.mark.parametrize(
    ("row", "what"), [("filter", "the page of filter_first"), ("none", "the answer that")]
)
def test_a_row_with_a_name_of_the_filter_is_one_problem_at_its_place(
    row: str, what: str, groups: bool
) -> None:
    text = BATTERY.replace("            facets:", GROUPS) if groups else BATTERY

    (problem,) = problems(text.replace("fair,", f"{row},").replace("[fair]", f"[{row}]"))

    assert problem.code == "duplicate_name"
    assert problem.where == f"instrument > all > sources > sources > row {row}"
    assert what in problem.message
    assert "another value" in problem.remedy


def test_a_group_with_the_name_of_the_filter_is_one_problem() -> None:
    text = BATTERY.replace("            facets:", GROUPS.replace("name: one", "name: filter"))

    (problem,) = problems(text)

    assert "The group 'filter'" in problem.message


@pytest.mark.parametrize("layout", ["one_row_per_page", "stacked"])
def test_other_layouts_take_no_names(layout: str) -> None:
    alone = BATTERY.partition("      - name: after")[0].replace("filter_first", layout)

    compiled = compile_text(alone.replace("fair,", "filter,").replace("press,", "none,"))

    assert [item.name for item in compiled.items] == ["sources.filter", "sources.none"]
