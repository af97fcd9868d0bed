"""The JSON Schema of authored documents: made by code, and no stricter than the compiler."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from surveys.questionnaire import InstrumentErrors, compile_document, read_document
from surveys.questionnaire.authored.items import KIND_KEYS
from surveys.questionnaire.json_schema import schema, schema_text
from tests.surveys.questionnaire.authored import NAMES, ROOT, SMALL, any_json
from tests.surveys.questionnaire.test_problems import BASE, SPOILT, places, spoilt

PUBLISHED = ROOT / "docs" / "reference" / "instrument.schema.json"
VALIDATOR = Draft202012Validator(schema())
SHAPES = ("missing_key", "unknown_key", "unknown_kind", "bad_name", "bad_severity", "empty")
# What rests on two places of the file no schema says.
ONLY_THE_COMPILER = [
    ("missing_key", "sections/0/pages/2/items/0/layout", "grouped"),
]
DOCUMENTS = [read_document((SMALL / f"{name}.yaml").read_text()) for name in NAMES]


def test_the_published_schema_is_the_one_that_the_code_makes() -> None:
    # To write it anew: python -c "from surveys.questionnaire.json_schema import schema_text;
    # print(schema_text(), end='')" > docs/reference/instrument.schema.json
    assert PUBLISHED.read_text() == schema_text()


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())
    assert set(KIND_KEYS) == {
        name.removeprefix("kind_") for name in schema()["$defs"] if name.startswith("kind_")
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_small_instrument_is_valid(name: str) -> None:
    document = read_document((SMALL / f"{name}.yaml").read_text())

    assert [error.message for error in VALIDATOR.iter_errors(document)] == []


def test_the_shipped_instrument_is_valid() -> None:
    text = (ROOT / "surveys" / "instruments" / "knowledge_sourcing.yaml").read_text()

    assert [error.message for error in VALIDATOR.iter_errors(read_document(text))] == []


def test_between_them_the_small_instruments_have_every_kind() -> None:
    text = json.dumps(DOCUMENTS)

    assert [kind for kind in KIND_KEYS if f'"kind": "{kind}"' not in text] == []


@pytest.mark.parametrize(
    ("code", "place", "value"),
    [case for case in SPOILT if case[0] in SHAPES and case not in ONLY_THE_COMPILER],
)
def test_what_the_compiler_refuses_in_shape_is_not_valid(code: str, place: str, value: Any) -> None:
    assert VALIDATOR.is_valid(read_document(BASE))
    assert not VALIDATOR.is_valid(spoilt(place, value))


@given(st.data())
def test_what_compiles_is_valid(data: st.DataObject) -> None:
    document = copy.deepcopy(data.draw(st.sampled_from(DOCUMENTS)))
    *path, last = data.draw(st.sampled_from(places(document)))
    holder: Any = document
    for step in path:
        holder = holder[step]
    holder[last] = data.draw(any_json())
    try:
        compiled = compile_document(document)
    except InstrumentErrors:
        return

    assert [
        e.message for e in VALIDATOR.iter_errors(json.loads(json.dumps(compiled.document)))
    ] == []
