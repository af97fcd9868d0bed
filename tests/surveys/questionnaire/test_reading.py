"""From the text of a file to plain data."""

from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaire import (
    InstrumentErrors,
    compile_document,
    compile_text,
    fingerprint,
    read_document,
)
from surveys.questionnaire.reading import DEEPEST_FILE, LARGEST_FILE
from tests.surveys.questionnaire.authored import NAMES, any_json, small

BILLION_LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [*{before}, *{before}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)

REFUSED = {
    "an anchor": ("a: &x 1", "not_yaml"),
    "an alias": ("a: *x", "not_yaml"),
    "a recursive anchor": ("a: &a [*a]", "not_yaml"),
    "a billion laughs": (BILLION_LAUGHS, "not_yaml"),
    "a tag that runs code": ("a: !!python/object/apply:os.system ['ls']", "not_yaml"),
    "a tag for bytes": ("a: !!binary aGVsbG8=", "not_yaml"),
    "a key twice": ("a: 1\nb: 2\na: 3", "not_yaml"),
    "a key twice in another writing": ("1: a\n'1': b", "not_yaml"),
    "a list as a key": ("? [a]\n: 1", "not_yaml"),
    "two documents": ("a: 1\n---\nb: 2", "not_yaml"),
    "a list": ("- a\n- b", "not_yaml"),
    "a word": ("hello", "not_yaml"),
    "nothing": ("", "not_yaml"),
    "an open bracket": ("a: [1, 2", "not_yaml"),
    "a tab": ("a:\n\t- b", "not_yaml"),
    "a NUL": ("a: b\x00c", "not_yaml"),
    "an escaped NUL": ('a: "b\\0c"', "not_plain"),
    "half a surrogate": ('a: "\\ud800"', "not_yaml"),
    "too many lists": ("a: " + "[" * (DEEPEST_FILE + 1) + "]" * (DEEPEST_FILE + 1), "not_plain"),
    "ten thousand lists": ("a: " + "[" * 10_000, "not_yaml"),
    "ten thousand mappings": ("{a: " * 10_000, "not_yaml"),
    "a file that is too large": ("a: " + "x" * LARGEST_FILE, "too_large"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_plain_data_is_refused_soon(name: str) -> None:
    text, code = REFUSED[name]
    started = monotonic()

    with pytest.raises(InstrumentErrors) as refused:
        read_document(text)

    assert [problem.code for problem in refused.value.problems] == [code]
    assert monotonic() - started < 5


def test_the_problem_says_line_and_column() -> None:
    with pytest.raises(InstrumentErrors) as refused:
        read_document("a: 1\nb: *a")

    assert refused.value.problems[0].where == "line 2, column 4"


def test_only_plain_numbers_are_numbers() -> None:
    numbers = [None, 7, -7, 2.5, "7"]
    text = "[yes, no, true, 012, 1:30, 0x1F, 2025-01-01, .inf, 1e5, ~, 7, -7, 2.50, '7']"

    assert read_document(f"a: {text}") == {
        "a": ["yes", "no", "true", "012", "1:30", "0x1F", "2025-01-01", ".inf", "1e5", *numbers]
    }


def test_keys_are_texts_so_that_a_database_gives_the_same_document_back() -> None:
    assert read_document("a: {0: no, 1: yes, high: 3}") == {"a": {"0": "no", "1": "yes", "high": 3}}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1}, b"x", object()])
def test_a_document_holds_only_what_json_can(value: object) -> None:
    with pytest.raises(InstrumentErrors) as refused:
        compile_document({"title": [value]})

    assert [problem.code for problem in refused.value.problems] == ["not_plain"]


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_document_gives_the_same_instrument(name: str) -> None:
    instrument = small(name)

    assert compile_document(instrument.document) == instrument
    assert fingerprint(instrument.document) == instrument.fingerprint


def test_the_fingerprint_is_of_the_content_and_not_of_its_writing() -> None:
    assert read_document("{b: 1, a: 'ø'}") == read_document("# a comment\na: ø\nb: 1")
    assert fingerprint({"b": 1, "a": "ø"}) == fingerprint({"a": "ø", "b": 1})
    # SHA-256 of {"a":"ø","b":1} in UTF-8, by sha256sum
    assert fingerprint({"b": 1, "a": "ø"}) == (
        "602cd4b2ede00f7bf1946ef9ec097b73d42a29b67e972061e35239e1859ffdc3"
    )


@given(st.text())
def test_any_text_is_an_instrument_or_problems(text: str) -> None:
    with pytest.raises(InstrumentErrors) as refused:
        compile_text(text)

    assert refused.value.problems


@given(st.dictionaries(st.sampled_from(["sections", "codes", "version", "title", "x"]), any_json()))
def test_any_document_is_an_instrument_or_problems(document: dict[str, object]) -> None:
    with pytest.raises(InstrumentErrors) as refused:
        compile_document(document)

    assert refused.value.problems
