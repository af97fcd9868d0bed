"""The small authored instruments, and answers that fit their items."""

from datetime import date
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
from surveys.questionnaire.items import Computed, Date, Facet, Lookup, Note, Roster, Scale

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
    """Answers of the right shape, blank ones and reasons for a blank included."""
    stated = [{"missing": reason} for reason in item.missing]
    return st.none() | _given_answers(item) | (st.sampled_from(stated) if stated else st.none())


def _given_answers(item: Item) -> st.SearchStrategy[Any]:
    answers: st.SearchStrategy[Any]
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
        case Date():
            days = st.dates(date(1900, 1, 1), date(2026, 12, 31)).map(str)
            answers = days if item.precision == "day" else days.map(lambda day: day[:7])
        case Scale():
            answers = st.integers(item.minimum, item.maximum)
        case Lookup():
            answers = st.sampled_from([code.value for code in item.codes.codes])
        case Note() | Computed():
            answers = st.none()
        case _:
            answers = _of_several(item)
    return answers


def _of_several(item: Item) -> st.SearchStrategy[Any]:
    """Answers that have parts; a whole number for every kind that is left."""
    answers: st.SearchStrategy[Any]
    match item:
        case Allocation():
            answers = st.fixed_dictionaries(
                {part.value: st.none() | st.integers(0, 100) for part in item.parts}
            )
        case BatteryRow():
            answers = st.fixed_dictionaries({f.name: st.none() | _facet(f) for f in item.facets})
        case Roster():
            local = {each.name.split(".", 1)[1]: fitting(each) for each in item.items}
            entry = st.fixed_dictionaries(
                {"entry": st.text("ab1", min_size=4, max_size=4)}, optional=local
            )
            answers = st.lists(entry, max_size=3, unique_by=lambda each: each["entry"])
        case _:
            answers = st.integers(0, 100)
    return answers


def _facet(facet: Facet) -> st.SearchStrategy[Any]:
    codes = st.sampled_from([code.value for code in facet.codes]) if facet.codes else st.none()
    if facet.choose == "one":
        return codes
    if facet.choose == "many":
        return st.lists(codes, max_size=2)
    if not facet.codes:
        return st.integers(0, 100)
    return st.fixed_dictionaries({code.value: st.integers(0, 9) for code in facet.codes})


def answers_to(instrument: Instrument) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the items answered, in any state a response can be in."""
    return st.fixed_dictionaries(
        {}, optional={item.name: fitting(item) for item in instrument.items}
    )
