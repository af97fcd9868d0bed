"""Quotations of the wave before work alike in every text, and are checked with the file."""

from typing import Any

import pytest

from surveys.questionnaire import FillContext, InstrumentErrors, check_page, compile_text, fill
from surveys.questionnaire.fills import quoted
from surveys.questionnaire.playing import play

THIN = "\u2009"
QUOTING = """
instrument: panel
version: '1'
title: Panel
intro: 'Last time: {answer:last.staff}'
sections:
  - name: all
    title: 'Then {answer:last.staff}'
    intro: 'Then {answer:last.staff}'
    pages:
      - name: size
        title: 'Then {answer:last.staff}'
        intro: 'Then {answer:last.staff}'
        items:
          - {name: told, kind: note, label: 'Then {answer:last.staff}', hint: 'Then {answer:last.staff}'}
          - name: staff
            kind: number
            label: 'Then {answer:last.staff}'
            hint: 'Then {answer:last.staff}'
            definition: 'Then {answer:last.staff}'
            period: 'Then {answer:last.staff}'
            unit: persons
          - name: work
            kind: single_choice
            label: Work
            codes: [{value: a, label: Alone}, {value: b, label: Both, definition: 'As {answer:last.work}'}]
        edits:
          - name: jump
            severity: soft
            when: staff > 3 * last.staff
            message: 'You told us {answer:last.staff} then and {answer:staff} now ({answer:last.work}).'
            items: [staff]
      - name: partners
        title: Partners
        items:
          - name: partners
            kind: roster
            label: 'Partners of {answer:last.staff}'
            thing: partner
            things: partners
            pages:
              - title: 'The partner, {answer:last.work}'
                items: [{name: name, kind: text, label: 'Name ({answer:last.staff})'}]
"""
INSTRUMENT = compile_text(QUOTING)
KNOWN = {"last.staff": 1200, "last.work": "b"}


def told(known: dict[str, Any]) -> FillContext:
    return FillContext("Nord AS", 2023, 2025, {"staff": 9000}, INSTRUMENT, known=known)


def test_a_text_quotes_the_wave_before_in_the_words_of_its_item() -> None:
    text = "{answer:last.staff}, {answer:staff}, {answer:last.work}"

    assert fill(text, told(KNOWN)) == f"1{THIN}200 persons, 9{THIN}000 persons, Both"


def test_what_was_not_said_in_the_wave_before_is_not_provided() -> None:
    assert fill("{answer:last.staff}", told({})) == "Not provided"


def test_an_edit_quotes_the_wave_before() -> None:
    page = INSTRUMENT.page("size")

    (found,) = check_page(page, {"staff": 9000, **KNOWN}, told(KNOWN))

    assert found.message == (
        f"You told us 1{THIN}200 persons then and 9{THIN}000 persons now (Both)."
    )


def test_a_played_questionnaire_quotes_the_wave_before() -> None:
    played = play(INSTRUMENT, {"staff": 9000}, KNOWN, FillContext("Nord AS", 2023, 2025))

    assert played.pages[0].title == f"Then 1{THIN}200 persons"
    assert [each.message for each in played.edits] == [
        f"You told us 1{THIN}200 persons then and 9{THIN}000 persons now (Both)."
    ]


def test_a_text_says_which_answers_it_quotes() -> None:
    assert quoted("{firm}: {answer:last.staff}, {answer:partners.name}") == {
        "last.staff",
        "partners.name",
    }


@pytest.mark.parametrize(
    ("quotation", "code", "said"),
    [
        ("last.nobody", "unknown_item", "names no item"),
        ("last.told", "type_mismatch", "a note"),
        ("told", "type_mismatch", "a note"),
        ("last.partners", "type_mismatch", "roster"),
        ("last.partners.name", "type_mismatch", "roster"),
        ("last.work.b", "unknown_item", "names no item"),
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        "intro: 'Last time: {answer:last.staff}'",
        "title: 'Then {answer:last.staff}'\n    intro",
        "hint: 'Then {answer:last.staff}'\n            definition",
        "message: 'You told us {answer:last.staff} then",
        "title: 'The partner, {answer:last.work}'",
        "label: 'Name ({answer:last.staff})'",
    ],
)
def test_a_quotation_is_checked_wherever_it_stands(
    text: str, quotation: str, code: str, said: str
) -> None:
    assert text in QUOTING
    spoilt = text.replace("{answer:last.staff}", f"{{answer:{quotation}}}").replace(
        "{answer:last.work}", f"{{answer:{quotation}}}"
    )

    with pytest.raises(InstrumentErrors) as errors:
        compile_text(QUOTING.replace(text, spoilt, 1))

    assert {problem.code for problem in errors.value.problems} == {code}
    assert all(said in problem.message and problem.remedy for problem in errors.value.problems)


def test_a_unit_holds_no_fill_because_nothing_fills_it() -> None:
    with pytest.raises(InstrumentErrors) as errors:
        compile_text(QUOTING.replace("unit: persons", "unit: 'persons in {last_year}'"))

    (problem,) = errors.value.problems
    assert (problem.code, problem.where) == ("unknown_fill", "item staff > unit")
    assert "persons in {last_year}" in problem.message
