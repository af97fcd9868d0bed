"""The small authored instruments, and answers that fit their items."""

from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from surveys.questionnaire import (
    Allocation,
    BatteryRow,
    FillContext,
    Instrument,
    Item,
    Money,
    MultipleChoice,
    SingleChoice,
    Text,
    compile_text,
)

ROOT = Path(__file__).resolve().parents[3]
SMALL = ROOT / "tests" / "instruments"
NAMES = sorted(path.stem for path in SMALL.glob("*.yaml"))


def small(name: str) -> Instrument:
    return compile_text((SMALL / f"{name}.yaml").read_text())


def core() -> Instrument:
    return compile_text((ROOT / "surveys" / "instruments" / "knowledge_sourcing.yaml").read_text())


def context(instrument: Instrument, answers: dict[str, Any]) -> FillContext:
    return FillContext("Nord AS", 2023, 2025, answers, instrument)


def any_json() -> st.SearchStrategy[Any]:
    """Any JSON value, with the keys and codes of the small instruments among its texts."""
    words = st.sampled_from(
        ["a", "b", "none", "amount", "unit", "units", "new", "old", "scale", "importance", "1", ""]
    )
    leaves = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.integers(10**300, 10**320)
        | st.floats()
        | words
        | st.text(max_size=5)
    )
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(words | st.text(max_size=3), inner, max_size=3)
        ),
        max_leaves=8,
    )


def fitting(item: Item) -> st.SearchStrategy[Any]:
    """Answers of the right shape, blank ones included."""
    match item:
        case SingleChoice():
            answers = st.sampled_from([code.value for code in item.codes])
        case MultipleChoice():
            answers = st.lists(st.sampled_from([code.value for code in item.codes]), max_size=2)
        case Text():
            answers = st.text(max_size=5)
        case Money():
            answers = st.fixed_dictionaries(
                {"amount": st.none() | st.integers(0, 10**7), "unit": st.just("units")}
            )
        case Allocation():
            answers = st.fixed_dictionaries(
                {part.value: st.none() | st.integers(0, 100) for part in item.parts}
            )
        case BatteryRow():
            answers = st.fixed_dictionaries(
                {
                    facet.name: st.none() | codes
                    if facet.choose == "one"
                    else st.none() | st.lists(codes, max_size=2)
                    for facet in item.facets
                    for codes in [st.sampled_from([code.value for code in facet.codes])]
                }
            )
        case _:
            answers = st.integers(0, 100)
    return st.none() | answers


def answers_to(instrument: Instrument) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the items answered, in any state a response can be in."""
    return st.fixed_dictionaries(
        {}, optional={item.name: fitting(item) for item in instrument.items}
    )
