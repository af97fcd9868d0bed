"""Universes made from gotos lead every firm through the questions that the gotos lead it to."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.interchange import ons
from surveys.questionnaire import compile_document, route
from tests.surveys.interchange.eq_answers import instrument_answers, paired
from tests.surveys.interchange.eq_router import Router, questions

OPTIONS = ("Often", "Sometimes", "Never")


def option(value):
    return {"label": value, "value": value}


@st.composite
def answers_to(draw, schema):
    """Some answers, chosen at random; many are left blank."""
    given = {}
    for _, question in questions(schema):
        parts = question["answers"]
        if question["type"] == "MutuallyExclusive":
            parts = [parts[draw(st.integers(0, len(parts) - 1))]]
        for answer in parts:
            values = [each["value"] for each in answer.get("options", ())]
            if answer["type"] == "Radio":
                value = draw(st.sampled_from([None, *values]))
            elif answer["type"] == "Checkbox":
                value = draw(st.lists(st.sampled_from(values), unique=True))
            else:
                value = draw(st.sampled_from([None, 0, 5, 100]))
            given[answer["id"]] = value
    return given


@st.composite
def schemas(draw):
    """Small schemas: sections with conditions, gotos forward, skips, and every operator."""
    asked = []
    sections = []
    number = 0
    for place in range(draw(st.integers(1, 3))):
        section = {"id": f"s{place}", "title": f"Part {place}"}
        if asked and draw(st.booleans()):
            section["enabled"] = {"when": draw(rules(asked))}
        names = [f"b{number + each}" for each in range(draw(st.integers(1, 6)))]
        number += len(names)
        blocks = []
        for at, name in enumerate(names):
            block = draw(block_called(name, list(asked)))
            asked += [(answer["id"], answer["type"]) for answer in block["question"]["answers"]]
            if at + 1 < len(names) and draw(st.booleans()):
                block["routing_rules"] = draw(gotos(asked, names[at + 1 :]))
            blocks.append(block)
        sections.append({**section, "groups": [{"id": f"g{place}", "blocks": blocks}]})
    return {"title": "Generated", "language": "en", "sections": sections}


@st.composite
def block_called(draw, name, asked):
    kind = draw(st.sampled_from(["Radio", "Checkbox", "Number", "MutuallyExclusive"]))
    answers = [{"id": f"a-{name}", "mandatory": False, "type": "Checkbox"}]
    if kind != "MutuallyExclusive":
        answers[0]["type"] = kind
    if kind == "Number":
        answers[0] |= {"label": "How many?", "maximum": {"value": 1000}}
    else:
        answers[0]["options"] = [option(value) for value in OPTIONS]
    if kind == "MutuallyExclusive":
        none = {"id": f"x-{name}", "mandatory": False, "type": "Checkbox"}
        answers.append({**none, "options": [option("None of these")]})
    question = {"id": f"q-{name}", "title": f"Question {name}?", "answers": answers}
    question["type"] = "MutuallyExclusive" if kind == "MutuallyExclusive" else "General"
    block = {"id": name, "type": "Question", "page_title": f"Page {name}", "question": question}
    if asked and draw(st.integers(0, 3)) == 0:
        block["skip_conditions"] = {"when": draw(rules(asked))}
    return block


@st.composite
def gotos(draw, asked, later):
    listed = [
        {**draw(targets(later)), "when": draw(rules(asked))} for _ in range(draw(st.integers(1, 2)))
    ]
    return [*listed, draw(targets(later))] if draw(st.booleans()) else listed


def targets(later):
    blocks = st.sampled_from(later).map(lambda name: {"block": name})
    return st.one_of(blocks, st.just({"section": "End"}))


def rules(asked):
    return st.recursive(
        st.sampled_from(asked).flatmap(comparisons),
        lambda inner: st.one_of(
            st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, min_size=1, max_size=3)).map(
                lambda pair: {pair[0]: pair[1]}
            ),
            inner.map(lambda each: {"not": [each]}),
        ),
        max_leaves=4,
    )


def comparisons(asked):
    name, kind = asked
    source = {"source": "answers", "identifier": name}
    if kind == "Number":
        operators = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
        values = st.sampled_from([0, 5, 50, None])
        return st.tuples(operators, values).map(
            lambda pair: {
                pair[0] if pair[1] is not None or pair[0] in ("==", "!=") else "==": [
                    source,
                    pair[1],
                ]
            }
        )
    listed = st.lists(st.sampled_from(OPTIONS), min_size=1, unique=True)
    if kind == "Radio":
        return st.one_of(
            listed.map(lambda values: {"in": [source, values]}),
            st.sampled_from([*OPTIONS, None]).map(lambda value: {"==": [source, value]}),
            st.sampled_from([*OPTIONS, None]).map(lambda value: {"!=": [source, value]}),
        )
    return st.one_of(
        listed.map(lambda values: {"any-in": [values, source]}),
        listed.map(lambda values: {"all-in": [values, source]}),
        st.sampled_from(OPTIONS).map(lambda value: {"in": [value, source]}),
        st.tuples(st.sampled_from(["==", ">", "<", ">=", "!="]), st.integers(0, 2)).map(
            lambda pair: {pair[0]: [{"count": [source]}, pair[1]]}
        ),
        st.just({"==": [source, None]}),
    )


def imported(schema):
    return ons.read(json.dumps(schema).encode())


def same_way(schema, instrument, answers):
    """The blocks that eq shows are the pages on the route."""
    router = Router(schema, answers).run()
    own = route(instrument, instrument_answers(schema, instrument, answers))
    shown = [block["id"] for block, page in paired(schema, instrument) if own.holds(page.name)]
    assert shown == router.blocks


def without_dropped_blocks(schema, instrument):
    """Blocks that no firm reaches have no page."""
    blocks = sum(len(group["blocks"]) for s in schema["sections"] for group in s["groups"])
    return blocks == len(instrument.pages)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_way_through_a_generated_schema_is_that_of_the_gotos(data):
    check_generated(data)


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(st.data())
def test_the_way_through_very_many_generated_schemas_is_that_of_the_gotos(data):
    check_generated(data)


def check_generated(data):
    schema = data.draw(schemas())
    brought = imported(schema)
    instrument = compile_document(brought.document)
    assert "asked of all firms" not in [each.kept_as for each in brought.unsupported]
    if not without_dropped_blocks(schema, instrument):
        lost = {e.what for e in brought.unsupported}
        assert lost & {"a page that no firm reaches", "a section that no firm is asked"}
        return
    for _ in range(4):
        same_way(schema, instrument, data.draw(answers_to(schema)))


@pytest.fixture
def ukis(shared_data):
    return json.loads((shared_data / "ukis_2022_2024.json").read_bytes())


def check_ukis(ukis, instrument, data):
    same_way(ukis, instrument, data.draw(answers_to(ukis)))


@pytest.mark.shared_data
def test_a_firm_goes_through_the_innovation_survey_as_eq_leads_it(ukis):
    instrument = compile_document(imported(ukis).document)

    @settings(max_examples=15, deadline=None)
    @given(st.data())
    def check(data):
        check_ukis(ukis, instrument, data)

    check()


@pytest.mark.slow
@pytest.mark.shared_data
def test_thousands_of_firms_go_through_the_innovation_survey_as_eq_leads_them(ukis):
    instrument = compile_document(imported(ukis).document)
    chance = random.Random(20_240_301)
    for _ in range(3000):
        answers = some_answers(ukis, chance)
        same_way(ukis, instrument, answers)


def some_answers(schema, chance):
    """As `answers_to`, without Hypothesis, which is slow for 140 answers at once."""
    given = {}
    blank = chance.choice([0.0, 0.2, 0.6])
    for _, question in questions(schema):
        parts = question["answers"]
        if question["type"] == "MutuallyExclusive":
            parts = [chance.choice(parts)]
        for answer in parts:
            values = [each["value"] for each in answer.get("options", ())]
            if chance.random() < blank:
                continue
            if answer["type"] == "Radio":
                given[answer["id"]] = chance.choice(values)
            elif answer["type"] == "Checkbox":
                given[answer["id"]] = chance.sample(values, chance.randint(1, len(values)))
            else:
                given[answer["id"]] = chance.choice([0, 5, 100])
    return given
