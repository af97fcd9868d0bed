"""An answer goes into the form and comes back the same, for every kind of item."""

from typing import Any

import pytest
from django.forms import Form
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from surveys import questionnaire
from surveys.forms.drawing import control
from surveys.forms.items import answer_from, fields_of, typed_from
from surveys.forms.pages import PageForm
from surveys.forms.text import plain
from surveys.questionnaire import FillContext, Page
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Code,
    Facet,
    Item,
    Money,
    MultipleChoice,
    Number,
    Share,
    SingleChoice,
    Text,
    Year,
)

CODES = (Code("a", "A"), Code("b", "B"), Code("none", "None", exclusive=True))
CONTEXT = FillContext(firm="Nord AS", first_year=2023, last_year=2025)
ROW = BatteryRow(
    name="sources.fairs",
    label="Fairs",
    battery="sources",
    row=Code("fairs", "Fairs"),
    facets=(
        Facet("importance", "Importance", "one", (Code("0", "Not used"), Code("3", "High"))),
        Facet("scale", "Place", "many", CODES, ("importance", frozenset({"3"}))),
    ),
)
some_codes = st.sampled_from([["a"], ["b"], ["a", "b"], ["none"]])
texts = st.text(max_size=200).map(plain).filter(bool)


def browser(item: Item, typed: dict[str, Any]) -> QueryDict:
    """What a browser sends for a form that shows these values."""
    data = QueryDict(mutable=True)
    for name, value in typed.items():
        data.setlist(name, value if isinstance(value, list) else [str(value)])
    return data


def form_of(item: Item, data: QueryDict) -> PageForm:
    return PageForm(page=Page("p", "P", (item,)), context=CONTEXT, data=data)


def assert_round_trip(item: Item, answer: Any) -> None:
    shown = PageForm(page=Page("p", "P", (item,)), context=CONTEXT, answers={item.name: answer})
    sent = browser(item, {name: shown[name].value() for name in shown.fields})
    form = form_of(item, sent)

    assert form.is_valid(), form.errors
    assert form.answers == {item.name: answer}


@given(st.sampled_from(["a", "b", "none", None]))
def test_a_single_choice_comes_back(answer):
    assert_round_trip(SingleChoice(name="x", label="X", codes=CODES), answer)


@given(st.none() | some_codes)
def test_a_multiple_choice_comes_back(answer):
    assert_round_trip(MultipleChoice(name="x", label="X", codes=CODES), answer)


@given(st.none() | st.integers(-(10**15), 10**15))
def test_a_whole_number_comes_back(answer):
    assert_round_trip(Number(name="x", label="X"), answer)


@given(st.none() | st.decimals(0, 10**6, places=3).map(float), st.just(3))
def test_a_number_with_decimals_comes_back(answer, decimals):
    assert_round_trip(Number(name="x", label="X", decimals=decimals, unit="tonnes"), answer)


@given(st.none() | st.integers(0, 10**15), st.sampled_from(["units", "thousands"]))
def test_money_comes_back_with_its_unit(amount, unit):
    answer = None if amount is None else {"amount": amount, "unit": unit}

    assert_round_trip(Money(name="x", label="X", currency="NOK"), answer)


@given(st.none() | st.decimals(0, 100, places=1).map(float))
def test_a_share_comes_back(answer):
    assert_round_trip(Share(name="x", label="X", decimals=1), answer)


@given(st.none() | st.integers(1500, 2100))
def test_a_year_comes_back(answer):
    assert_round_trip(Year(name="x", label="X"), answer)


@given(st.none() | texts, st.booleans())
def test_a_text_comes_back(answer, is_long):
    assert_round_trip(Text(name="x", label="X", max_length=200, long=is_long), answer)


@given(st.none() | st.integers(0, 10_000))
def test_an_allocation_comes_back(hundredths):
    answer = (
        None
        if hundredths is None
        else {"new": hundredths / 100, "old": (10_000 - hundredths) / 100}
    )

    assert_round_trip(
        Allocation(name="x", label="X", parts=(Code("new", "New"), Code("old", "Old"))), answer
    )


@given(st.sampled_from(["3", None]), st.none() | some_codes)
def test_a_battery_row_comes_back(importance, scale):
    answer = {"importance": importance, "scale": scale}

    assert_round_trip(ROW, answer if importance or scale else None)


EVERY_KIND: tuple[Item, ...] = (
    SingleChoice(name="x", label="X", codes=CODES),
    MultipleChoice(name="x", label="X", codes=CODES),
    Number(name="x", label="X", decimals=1),
    Money(name="x", label="X"),
    Share(name="x", label="X"),
    Year(name="x", label="X"),
    Text(name="x", label="X"),
    Allocation(name="x", label="X", parts=CODES),
    ROW,
)
anything = st.text(st.characters(), max_size=60) | st.sampled_from(
    ["nan", "1e309", "1.234,5", "-0", "\x00", "\ud800", "\u202e12", "a", "b", "thousands", "3"]
)


@pytest.mark.parametrize("item", EVERY_KIND, ids=lambda item: type(item).__name__)
@given(data=st.data())
def test_whatever_is_sent_is_a_valid_answer_or_an_error_with_the_input_kept(item, data):
    sent = QueryDict(mutable=True)
    for name in fields_of(item):
        sent.setlist(name, data.draw(st.lists(anything, max_size=3)))
    form = form_of(item, sent)

    if form.is_valid():
        answer = form.answers[item.name]
        assert questionnaire.check_value(item, answer) == ()
    else:
        assert form.summary
        for name, field in form.fields.items():
            assert form[name].value() == field.widget.value_from_datadict(sent, {}, name)


def test_an_unknown_kind_of_item_is_a_mistake_of_ours():
    item = Item(name="x", label="X")

    with pytest.raises(TypeError, match="No form for Item"):
        fields_of(item)
    with pytest.raises(TypeError, match="No control for Item"):
        control(item, Form(), str, leads=False)


def test_a_plain_item_reads_what_was_cleaned():
    item = Text(name="x", label="X")

    assert answer_from(item, {"x": "said"}) == "said"
    assert typed_from(item, "said") == {"x": "said"}
