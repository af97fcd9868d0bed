"""Problems of a draft as an author meets them: in plain words, and with the way to the field."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from crispy_forms.utils import render_crispy_form

from surveys.forms.editor import form_at
from surveys.forms.editor.fault_words_logic import WORDS
from surveys.forms.editor.faults import Told, said, tell
from surveys.questionnaire import (
    PROBLEM_CATALOGUE,
    InstrumentErrors,
    Problem,
    compile_document,
    read_document,
)
from surveys.questionnaire.editing.places import read_place, skeleton_faults
from surveys.questionnaire.linting.lint import WARNINGS, lint
from tests.surveys.questionnaire.test_problems import (
    BASE,
    BIND_SIZE,
    FILTER,
    SIZE,
    SOURCES,
    SPOILT,
    problems_of,
    spoilt,
)

ROOM = Path(__file__).resolve().parents[3] / "surveys" / "questionnaire"
BUTTONS = {"place-heading", "add-section", "add-page", "add-item", "new-kind"}
JARGON = re.compile(
    r"\b(yaml|mapping|keys?|node|facets?|spread|items?|bind|bound by|off_route|dash|"
    r"total_of|filter_first|none_label|max_length|dont_know|required: \w+)\b|'\w*'|[\[\]]"
)
QUOTED = re.compile(r"“[^”]*”|\{answer:[a-z_.]+\}")
TWICE: list[dict[str, Any]] = [
    {**read_document(BASE)["sections"][0]["pages"][1]["items"][0], "name": name}
    for name in ("persons", "staff")
]
WARNED = """
instrument: warned
version: '1'
title: What will hurt
languages: [en, nb]
codes:
  spare: [{value: a, label: A}, {value: b, label: B}]
translations: {nb: {items.h.label: {text: Noe, of: '00000000'}, items.gone.label: {text: Borte, of: '1'}}}
sections:
  - name: all
    title: All
    pages:
      - name: one
        title: One
        items:
          - {name: a_name_that_is_longer_than_programs_take, kind: text, label: Short}
          - {name: b, kind: text, label: 'A label that goes on and on and on, far beyond what statistical programs keep of it'}
          - {name: c, kind: text, label: 'New and better?', required: soft}
          - {name: d, kind: text, label: 'Why?', required: hard, long: yes}
          - {name: e, kind: number, label: 'How many?', required: hard}
          - {name: f, kind: single_choice, label: F, codes: [{value: y, label: Y}, {value: n, label: N}]}
          - {name: g, kind: text, label: G}
          - {name: h, kind: text, label: H}
        edits:
          - {name: odd, severity: soft, when: e > 9, message: Sure?, items: [e]}
      - name: two
        title: Two
        when: f = 'y' and f = 'n'
        items: [{name: i, kind: text, label: I}]
      - name: three
        title: Three
        items:
          - name: b_rows
            kind: battery
            label: 'How was {row}?'
            rows: [ROWS]
            facets: [{name: used, label: 'Used?', choose: one, codes: [{value: y, label: Y}, {value: n, label: N}]}]
"""
ROWS = ", ".join(f"{{value: r{number}, label: Row {number}}}" for number in range(9))


def warned() -> dict[str, Any]:
    return dict(read_document(WARNED.replace("ROWS", ROWS)))


def is_there(line: Told, document: dict[str, Any]) -> bool:
    if line.tab != "draft":
        return True
    form = form_at(document, read_place(line.place))
    return line.aim in BUTTONS or f'id="{line.aim}"' in render_crispy_form(form)


def is_plain(text: str) -> bool:
    return not JARGON.search(QUOTED.sub("", text))


def found_in_the_room() -> set[tuple[str, str]]:
    """Code and finer kind of every problem that the compiler can note, read from its source."""
    found: set[tuple[str, str]] = set()
    for path in ROOM.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and _called(call) in ("note", "Problem", "mismatch"):
                found |= {(code, why) for code in _texts(call.args[:1]) for why in _why(call)}
    return {(code, why) for code, why in found if code in {**PROBLEM_CATALOGUE, **WARNINGS}}


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _texts(nodes: list[Any]) -> list[str]:
    return [str(node.value) for node in nodes if isinstance(node, ast.Constant)]


def _why(call: ast.Call) -> list[str]:
    named = [word.value for word in call.keywords if word.arg == "why"]
    about = [each for each in call.args if isinstance(each, ast.Call) and _called(each) == "About"]
    return _texts(named) or [why for each in about for why in _texts(each.args[:1])] or [""]


def test_every_code_of_the_catalogues_has_words_for_authors() -> None:
    worded = {key.partition(".")[0].partition(":")[0] for key in WORDS}

    assert worded == {*PROBLEM_CATALOGUE, *WARNINGS}


def test_every_fault_that_the_compiler_tells_apart_has_words() -> None:
    without = {
        (code, why)
        for code, why in found_in_the_room()
        if f"{code}.{why}" not in WORDS and code not in WORDS
    }

    told_apart_elsewhere = {"bad_name", "bad_binding", "duplicate_name", "wrong_shape"}
    assert {code for code, why in without if why} == set()
    assert {code for code, _ in without} <= told_apart_elsewhere | {"bad_translation"}


@pytest.mark.parametrize(("message", "remedy"), WORDS.values(), ids=WORDS)
def test_the_words_speak_of_the_form_and_not_of_the_file(message: str, remedy: str) -> None:
    text = f"{message} {remedy}".replace("“Files”", "").replace("as YAML", "")

    assert is_plain(text), text


@pytest.mark.parametrize(
    ("code", "place", "value"),
    # What is no draft at all never comes to the editor.
    [each for each in SPOILT if not skeleton_faults(spoilt(each[1], each[2]))],
)
def test_every_problem_is_said_plainly_and_leads_to_a_field(
    code: str, place: str, value: Any
) -> None:
    document = spoilt(place, value)

    lines = tell(document, problems_of(document))

    assert lines
    for line in lines:
        assert is_plain(re.sub(r"'[a-z]+'", "", line.message)), line
        assert is_plain(line.remedy), line
        assert " > " not in line.subject
        assert is_there(line, document), line


def test_every_warning_is_said_plainly_and_leads_to_a_field() -> None:
    document = warned()
    warnings = lint(compile_document(document))

    assert {warning.code for warning in warnings} == set(WARNINGS)
    for line in tell(document, warnings):
        assert line.is_warning
        assert is_plain(line.message + line.remedy), line
        assert is_there(line, document), line


def first(document: dict[str, Any], code: str) -> Told:
    problems = [problem for problem in problems_of(document) if problem.code == code]
    return tell(document, problems)[0]


@pytest.mark.parametrize(
    ("place", "value", "at", "aim"),
    [
        (f"{FILTER}/items/0/label", None, "0.0.0", "id_label"),
        (f"{FILTER}/items/0/codes", "no_yes", "0.0.0", "id_shared"),
        (f"{FILTER}/items/2/max_length", 10**9, "0.0.2", "id_max_length"),
        (f"{FILTER}/items/0/when", "persons >", "0.0.0", "id_when"),
        (f"{FILTER}/items/0/hint", "About {firm", "0.0.0", "id_hint"),
        (f"{SIZE}/name", "filter", "0.1", "id_name"),
        (f"{SIZE}/items/0/name", "filter", "0.1.0", "id_name"),
        (f"{SIZE}/when", "filtre = 'yes'", "0.1", "id_when"),
        ("sections/0/when", "filtre = 'yes'", "0", "id_when"),
        (f"{SIZE}/edits/0/message", "{answer:person}", "0.1", "id_edits-0-message"),
        (f"{SIZE}/edits/0/when", "parts > 1", "0.1", "id_edits-0-when"),
        (BIND_SIZE, {"construct": "control.employees"}, "0.1.0", "id_bind-0-construct"),
        (f"{SOURCES}/items/0/rows/1/when", "(", "0.2.0", "id_rows-1-when"),
        (f"{SOURCES}/items/0/rows/1/when", "nobody = 1", "0.2.0", "id_rows-1-when"),
        (f"{SOURCES}/items/0/facets/1/when", {"usage": ["yes"]}, "0.2.0", "id_facets-1-when"),
        (f"{SOURCES}/items/0/facets/0/label", "A {company}", "0.2.0", "id_facets-0-label"),
        ("codes/yes_no/0/label", "Yes, {firm}", "", "id_codes-0-codes"),
        ("intro", "About {company}.", "", "id_intro"),
        (f"{FILTER}/items", [], "0.0", "add-item"),
    ],
)
def test_the_link_leads_to_the_very_field(place: str, value: Any, at: str, aim: str) -> None:
    document = spoilt(place, value)

    line = tell(document, problems_of(document))[0]

    assert (line.place, line.aim) == (at, aim)


def test_a_question_is_named_by_its_text_and_its_name() -> None:
    label = "How many persons did the firm employ at the end of the year, all kinds of contract?"
    document = spoilt(f"{SIZE}/items/0/label", label)
    document["sections"][0]["pages"][1]["items"][0]["decimals"] = -1

    line = first(document, "bad_number")

    assert line.subject == (
        "Question “How many persons did the firm employ at the end of the year…” (persons)"
    )
    assert line.message == "“Decimals” is -1."
    assert line.remedy == "Write a whole number from 0 to 9."


def test_a_condition_of_a_section_is_told_once_and_not_for_each_of_its_pages() -> None:
    document = spoilt("sections/0/when", "filtre = 'yes'")

    lines = tell(document, problems_of(document))

    assert [line.subject for line in lines] == ["Section “First” (first)"]


def test_two_questions_that_measure_the_same_name_each_other() -> None:
    document = read_document(BASE)
    bound = [{**item, "bind": {"construct": "control.employment"}} for item in TWICE]
    document["sections"][0]["pages"][1]["items"][:1] = bound

    line = first(document, "bound_twice")

    assert line.message == "Another question, “persons”, measures control.employment already."
    assert (line.place, line.aim) == ("0.1.1", "id_bind-0-construct")


def test_a_translation_leads_to_its_row_among_the_translations() -> None:
    document = warned()
    lines = tell(document, lint(compile_document(document)))

    found = {line.query for line in lines if line.tab == "translations"}

    assert found == {
        "language=nb&only=missing",
        "language=nb&only=out_of_date",
        "language=nb",
    }


def test_the_command_line_keeps_the_place_in_the_file() -> None:
    document = spoilt(f"{FILTER}/items/2/max_length", 10**9)

    with pytest.raises(InstrumentErrors) as refused:
        compile_document(document)

    assert str(refused.value) == (
        "instrument > first > filter > word: max_length is 1000000000. "
        "Write a whole number, 0 to 20000."
    )


def test_a_problem_without_particulars_keeps_the_words_it_has() -> None:
    problem = Problem("duplicate_name", "instrument", "The name was taken.", "Try again.")

    assert said(problem) == ("The name was taken.", "Try again.")
