"""Truth functions and the conditions they are written as."""

import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.interchange import ons
from surveys.interchange.ons import atoms, logic, writing
from surveys.interchange.ons.known import Known
from surveys.interchange.ons.logic import FALSE, TRUE, Logic, TooIntricate
from surveys.interchange.problems import UnreadableFile
from surveys.questionnaire import compile_document, parse_condition, route
from tests.surveys.interchange.eq import block, checkbox, of_answer, radio, schema, section

LETTERS = "abcd"

formulas = st.recursive(
    st.sampled_from(LETTERS),
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.sampled_from(["and", "or"]), inner, inner),
    ),
    max_leaves=10,
)


def built(formula, diagram):
    match formula:
        case str():
            return diagram.variable(formula)
        case ("not", inner):
            return diagram.negation(built(inner, diagram))
        case ("and", first, second):
            return diagram.both(built(first, diagram), built(second, diagram))
        case (_, first, second):
            return diagram.either(built(first, diagram), built(second, diagram))


def truth(formula, world):
    match formula:
        case str():
            return world[formula]
        case ("not", inner):
            return not truth(inner, world)
        case ("and", first, second):
            return truth(first, world) and truth(second, world)
        case (_, first, second):
            return truth(first, world) or truth(second, world)


WORLDS = [
    dict(zip(LETTERS, each, strict=True)) for each in itertools.product([True, False], repeat=4)
]


@settings(max_examples=150, deadline=None)
@given(formulas, formulas)
def test_equal_functions_are_one_node(first, second):
    diagram = Logic()
    same = all(truth(first, world) == truth(second, world) for world in WORLDS)
    assert (built(first, diagram) == built(second, diagram)) == same


@settings(max_examples=150, deadline=None)
@given(formulas)
def test_a_sum_of_products_is_the_function(formula):
    diagram = Logic()
    function = built(formula, diagram)
    cubes = diagram.cubes(function, function)
    for world in WORLDS:
        holds = any(
            all(world[diagram.keys[place]] == wanted for place, wanted in cube) for cube in cubes
        )
        assert holds == truth(formula, world)


@settings(max_examples=150, deadline=None)
@given(formulas)
def test_what_is_unknown_may_be_either(formula):
    diagram = Logic()
    possible = diagram.possible(built(formula, diagram), lambda key: key == "a")
    for world in WORLDS:
        either = any(truth(formula, world | {"a": each}) for each in (True, False))
        assert (diagram.cubes(possible, possible) != []) or not either
        restricted = any(
            all(world[diagram.keys[place]] == wanted for place, wanted in cube)
            for cube in diagram.cubes(possible, possible)
        )
        assert restricted == either


def test_a_diagram_beyond_the_limit_is_given_up(monkeypatch):
    monkeypatch.setattr(logic, "MOST_NODES", 50)
    diagram = Logic()
    firsts = [diagram.variable(f"a{number}") for number in range(12)]
    seconds = [diagram.variable(f"b{number}") for number in range(12)]
    with pytest.raises(TooIntricate):
        diagram.any_of([diagram.both(a, b) for a, b in zip(firsts, seconds, strict=True)])


def test_codes_of_one_choice_exclude_each_other_in_what_is_written():
    known = Known("x", "choice", {"yes": "yes", "no": "no"})
    diagram = Logic()
    yes, no = (diagram.variable(atoms.chose(known, [code])) for code in ("yes", "no"))
    assert writing.condition_text(diagram.both(yes, diagram.negation(no)), diagram) == "x = 'yes'"
    with pytest.raises(ValueError, match="never"):
        writing.condition_text(diagram.both(yes, no), diagram)
    assert writing.condition_text(TRUE, diagram) == ""
    with pytest.raises(ValueError, match="never"):
        writing.condition_text(FALSE, diagram)


@settings(max_examples=100, deadline=None)
@given(formulas)
def test_what_is_written_holds_where_eq_says_so(formula):
    """Every answer may be blank; to eq a comparison with a blank is false."""
    diagram = Logic()
    known = {letter: Known(letter, "choice", {"yes": "yes"}) for letter in LETTERS}
    variables = {letter: atoms.chose(known[letter], ["yes"]) for letter in LETTERS}

    def named(part):
        return (
            variables[part]
            if isinstance(part, str)
            else (part[0], *(named(each) for each in part[1:]))
        )

    function = _built_of_atoms(named(formula), diagram)
    for world in itertools.product(["yes", "no", None], repeat=4):
        answers = {letter: each for letter, each in zip(LETTERS, world, strict=True) if each}
        wanted = truth(formula, {letter: answers.get(letter) == "yes" for letter in LETTERS})
        assert _holds(function, diagram, answers) == wanted


def _built_of_atoms(formula, diagram):
    if isinstance(formula, atoms.Atom):
        return diagram.variable(formula)
    parts = [_built_of_atoms(each, diagram) for each in formula[1:]]
    if formula[0] == "not":
        return diagram.negation(parts[0])
    return diagram.both(*parts) if formula[0] == "and" else diagram.either(*parts)


def _holds(function, diagram, answers):
    try:
        text = writing.condition_text(function, diagram)
    except ValueError:
        return False
    return not text or parse_condition(text).holds(answers)


def test_routes_that_are_too_intricate_are_refused(monkeypatch):
    monkeypatch.setattr(logic, "MOST_NODES", 4)
    with pytest.raises(UnreadableFile, match="too intricate"):
        ons.read(json.dumps(schema(section("main", *_skipping(6)))).encode())


def test_a_condition_beyond_the_language_is_listed_and_the_page_asked_of_all():
    imported = ons.read(json.dumps(schema(section("main", *_skipping(60)))).encode())
    assert "a condition beyond 2,000 characters or 200 words" in [
        each.what for each in imported.unsupported
    ]
    instrument = compile_document(imported.document)
    assert route(instrument, {}).holds("last")


def _skipping(number):
    """A last block that is skipped unless one of very many things was said."""
    blocks = [block(f"b{place}", checkbox(f"a{place}", "One", "Two")) for place in range(number)]
    said = [{"any-in": [["One"], of_answer(f"a{place}")]} for place in range(number)]
    return [*blocks, block("last", radio("z"), skip_conditions={"when": {"not": [{"or": said}]}})]
