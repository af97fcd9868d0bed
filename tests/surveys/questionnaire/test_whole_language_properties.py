"""What holds of every document that is well formed, and of very large ones."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaire import InstrumentErrors, compile_document, compile_text, read_document
from surveys.questionnaire.reading import LARGEST_FILE
from tests.surveys.questionnaire.whole_language import instrument


@st.composite
def items(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """A well-formed item of any simple kind."""
    words = st.text("abc æøå?", min_size=1, max_size=8).map(lambda text: f"L{text}")
    codes = [{"value": f"c{n}", "label": draw(words)} for n in range(draw(st.integers(2, 4)))]
    own: dict[str, Any] = draw(
        st.sampled_from(
            [
                {"kind": "number", "decimals": 2, "unit": "x"},
                {"kind": "money", "currency": "NOK"},
                {"kind": "date", "precision": "month", "maximum": "2030-12"},
                {"kind": "scale", "points": {"0": "a", "4": "b"}},
                {"kind": "text", "long": "yes"},
                {"kind": "single_choice", "codes": codes},
                {
                    "kind": "multiple_choice",
                    "codes": [*codes, {"value": "z", "label": "Z", "specify": "text"}],
                },
                {"kind": "allocation", "parts": codes, "at_most": "yes"},
                {
                    "kind": "roster",
                    "thing": "a",
                    "things": "b",
                    "items": [{"name": "n", "kind": "text", "label": "N"}],
                },
                {
                    "kind": "battery",
                    "rows": codes,
                    "layout": "filter_first",
                    "facets": [{"name": "f", "label": "F", "choose": "many", "codes": codes}],
                },
            ]
        )
    )
    extra = draw(
        st.sampled_from(
            [{}, {"required": "soft"}, {"missing": ["refused"]}, {"dependent": "shown"}]
        )
    )
    return {"name": name, "label": draw(words), **own, **extra}


@given(st.data())
def test_a_well_formed_document_compiles_to_an_equal_value_twice(data: st.DataObject) -> None:
    authored = [data.draw(items(f"i{n}")) for n in range(data.draw(st.integers(1, 4)))]
    made = instrument(*authored)
    again = compile_document(json.loads(json.dumps(made.document)))

    assert again == made
    assert read_document(json.dumps(made.document, ensure_ascii=False)) == made.document


def test_a_large_file_compiles_whole() -> None:
    page = "      - name: p{n}\n        title: Page {n}\n        items:\n          - {{name: i{n}, kind: single_choice, label: 'Did {{firm}} do number {n} in the years {{period}}?', codes: [{{value: 'yes', label: 'Yes'}}, {{value: 'no', label: 'No'}}]}}\n"
    head = "instrument: large\nversion: '1'\ntitle: Large\nsections:\n  - name: s\n    title: S\n    pages:\n"
    text = head + "".join(page.format(n=n) for n in range(1500))
    assert len(text) > 300_000

    assert len(compile_text(text).pages) == 1500


def test_the_largest_file_is_read_and_its_open_list_refused() -> None:
    with pytest.raises(InstrumentErrors):
        compile_text(("a: [" + "x, " * LARGEST_FILE)[:LARGEST_FILE])
