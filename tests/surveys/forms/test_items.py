"""An answer goes into the form and comes back the same, for every kind of item."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.forms import Form
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from surveys import questionnaire
from surveys.forms.drawing import Drawing, control
from surveys.forms.items import answer_from, fields_of, typed_from
from surveys.forms.pages import PageForm
from surveys.forms.text import plain
from surveys.questionnaire import FillContext, Page
from surveys.questionnaire.code_lists import CodeList, ListedCode
from surveys.questionnaire.conditions import Literally
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Code,
    Computed,
    Date,
    Facet,
    Item,
    Lookup,
    Money,
    MultipleChoice,
    Note,
    Number,
    Scale,
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


COUNTED = BatteryRow(
    name="visits.fairs",
    label="Fairs",
    battery="visits",
    row=Code("fairs", "Fairs"),
    facets=(
        Facet("number", "How many?", "number", (Code("here", "Here"), Code("there", "There"))),
        Facet("hours", "Hours", "number", (), decimals=1, unit="hours"),
    ),
)
COUNTRIES = CodeList(
    "countries",
    "1",
    "Countries",
    (ListedCode("NO", "Norway"), ListedCode("SE", "Sweden"), ListedCode("SX", "Sweden")),
)


@given(st.none() | st.dates(min_value=date(1000, 1, 1)))
def test_a_date_comes_back(day):
    assert_round_trip(Date(name="x", label="X"), None if day is None else day.isoformat())


@given(st.none() | st.dates(min_value=date(1000, 1, 1)))
def test_a_month_comes_back(day):
    item = Date(name="x", label="X", precision="month")

    assert_round_trip(item, None if day is None else day.isoformat()[:7])


@given(st.none() | st.integers(-2, 7))
def test_a_point_of_a_scale_comes_back(point):
    assert_round_trip(Scale(name="x", label="X", minimum=-2, maximum=7), point)


@given(st.sampled_from([None, "NO", "SE", "SX"]))
def test_a_code_of_a_long_list_comes_back_though_its_label_has_a_twin(code):
    assert_round_trip(Lookup(name="x", label="X", codes=COUNTRIES), code)


@given(
    st.dictionaries(st.sampled_from(["here", "there"]), st.integers(0, 999)).map(
        lambda d: d or None
    ),
    st.none() | st.decimals(0, 99, places=1).map(float),
)
def test_numbers_of_a_row_come_back(number, hours):
    answer = {"number": number, "hours": hours}

    assert_round_trip(COUNTED, answer if number or hours is not None else None)


@pytest.mark.parametrize("reason", ["dont_know", "refused", "not_applicable"])
def test_a_reason_for_no_answer_comes_back_from_every_kind(reason):
    for item in EVERY_KIND:
        asked = replace(item, missing=("dont_know", "refused", "not_applicable"))
        assert_round_trip(asked, {"missing": reason})


def test_what_asks_nothing_has_no_fields():
    for item in (Note(name="x", label="X"), Computed(name="x", label="X", expression=Literally(1))):
        form = form_of(item, QueryDict(""))
        assert form.is_valid()
        assert form.answers == {}
        assert not form.fields


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
    COUNTED,
    Date(name="x", label="X"),
    Date(name="x", label="X", precision="month", minimum="2000-01"),
    Scale(name="x", label="X"),
    Lookup(name="x", label="X", codes=COUNTRIES),
)
anything = st.text(st.characters(), max_size=60) | st.sampled_from(
    [
        "nan",
        "1e309",
        "1.234,5",
        "-0",
        "\x00",
        "\ud800",
        "\u202e12",
        "a",
        "b",
        "thousands",
        "3",
        "Sweden",
        "NO",
        "31",
        "2",
        "2024",
    ]
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
        control(item, Drawing(Form(), str))


def test_a_plain_item_reads_what_was_cleaned():
    item = Text(name="x", label="X")

    assert answer_from(item, {"x": "said"}) == "said"
    assert typed_from(item, "said") == {"x": "said"}
