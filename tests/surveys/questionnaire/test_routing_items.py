"""Items, codes and entries that apply; computed values; reasons for a blank."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaire import missing_state, offering, parse_condition, route
from surveys.questionnaire.condition_language import parse_expression
from surveys.questionnaire.conditions import ALWAYS, Condition
from surveys.questionnaire.instrument import Instrument, Page, Section
from surveys.questionnaire.items import (
    Allocation,
    Code,
    Computed,
    EntryPage,
    Item,
    Money,
    MultipleChoice,
    Note,
    Number,
    Roster,
    SingleChoice,
    Text,
)
from surveys.questionnaire.routing import entry_answers, entry_route
from tests.surveys.questionnaire.authored import any_json


def when(text: str) -> Condition:
    return parse_condition(text) if text else ALWAYS


def page(name: str, *items: Item, on: str = "") -> Page:
    return Page(name, name, items, universe=when(on))


YES_NO = (Code("yes", "Yes"), Code("no", "No"))
PARTNERS = Roster(
    name="partners",
    label="Partners",
    thing="partner",
    things="partners",
    universe=when("group = 'yes'"),
    pages=(
        EntryPage(
            "Partner",
            (
                Text(name="partners.name", label="Name"),
                SingleChoice(name="partners.kind", label="Kind", codes=YES_NO),
            ),
        ),
        EntryPage(
            "Ties",
            (
                Number(
                    name="partners.years", label="Years", universe=when("partners.kind has 'yes'")
                ),
                Number(name="partners.size", label="Size", universe=when("persons > 10")),
                Computed(
                    name="partners.age",
                    label="Total",
                    expression=parse_expression("partners.years * 12"),
                ),
            ),
        ),
        EntryPage(
            "Never", (Note(name="partners.note", label="Note"),), when("partners.kind = 'maybe'")
        ),
    ),
)
MADE = Instrument(
    "made",
    "1",
    "Made",
    "en",
    (
        Section(
            "one",
            "One",
            (
                page(
                    "firm",
                    Note(name="welcome", label="Welcome"),
                    SingleChoice(name="group", label="Group?", codes=YES_NO),
                    Number(name="persons", label="Persons"),
                    Number(name="group_persons", label="In it", universe=when("group = 'yes'")),
                    Note(name="big", label="You are big", universe=when("group_persons > 100")),
                ),
                page(
                    "money",
                    Money(name="home", label="At home"),
                    Money(name="abroad", label="Abroad"),
                    Computed(
                        name="turnover",
                        label="Total",
                        expression=parse_expression("sum(home, abroad)"),
                    ),
                    Computed(
                        name="each",
                        label="For each",
                        expression=parse_expression("turnover / persons"),
                        decimals=1,
                    ),
                ),
                page("rich", Text(name="why", label="Why?"), on="turnover > 1000"),
                page("partners", PARTNERS),
                page("close", Text(name="closest", label="Who?"), on="count(partners) > 1"),
                page("kin", Text(name="kin", label="Kin?"), on="sum(partners.age) > 100"),
                page("grown", Text(name="grown", label="How?"), on="persons > last.persons"),
                page("only_a_note", Note(name="thanks", label="Thank you")),
            ),
        ),
    ),
    {},
    "",
)


def pages(answers: dict[str, Any], known: dict[str, Any] | None = None) -> list[str]:
    return [page.name for page in route(MADE, answers, known).pages]


def entry(**answers: Any) -> dict[str, Any]:
    return {"entry": "k3f9", **answers}


def test_an_item_off_its_universe_neither_counts_nor_is_open() -> None:
    found = route(MADE, {"group": "no", "persons": None, "group_persons": 500})

    assert found.answers == {"group": "no", "persons": None}
    assert "group_persons" not in found.open_items | found.asked
    assert missing_state(MADE.item("group_persons"), found) == "not_asked"


def test_an_item_may_read_those_above_it_on_its_page() -> None:
    found = route(MADE, {"group": "yes", "group_persons": 500})

    assert found.asked >= {"group_persons", "big"}
    assert [item.name for item in found.items_of(MADE.page("firm"))] == [
        "welcome",
        "group",
        "persons",
        "group_persons",
        "big",
    ]


def test_an_item_that_rests_on_a_blank_one_is_open() -> None:
    found = route(MADE, {"group": None})

    assert {"group_persons", "partners"} <= found.open_items
    assert "group_persons" not in found.asked
    assert missing_state(MADE.item("group_persons"), found) == "not_reached"


def test_notes_have_no_answers_and_are_never_open() -> None:
    found = route(MADE, {"welcome": "hello", "group": None, "thanks": 1})

    assert not {"welcome", "big", "thanks"} & (set(found.answers) | found.open_items)
    assert found.holds("only_a_note")
    assert {"welcome", "thanks"} <= found.asked


def test_computed_items_are_worked_out_in_order_and_route() -> None:
    amounts = {"home": {"amount": 900, "unit": "units"}, "abroad": {"amount": 111, "unit": "units"}}
    found = route(MADE, {"persons": 4, "turnover": 7, **amounts})

    assert (found.answers["turnover"], found.answers["each"]) == (1011, 252.8)
    assert isinstance(found.answers["turnover"], int)
    assert found.holds("rich")
    assert missing_state(MADE.item("turnover"), found) == "answered"


def test_a_computed_item_without_a_value_is_open_as_long_as_an_answer_could_give_it_one() -> None:
    found = route(MADE, {"persons": 4})
    divided = route(MADE, {"persons": 0, "home": {"amount": 1, "unit": "units"}})

    assert {"turnover", "each"} <= found.open_items
    assert missing_state(MADE.item("each"), found) == "not_reached"
    assert missing_state(MADE.item("each"), divided) == "not_asked"


def test_a_roster_counts_as_one_item_and_its_entries_route() -> None:
    two = [entry(name="A", kind="yes", years=3), entry(name="B", kind="yes", years=7)]

    assert "close" in pages({"group": "yes", "partners": two})
    assert "kin" in pages({"group": "yes", "partners": two})
    assert "close" not in pages({"group": "yes", "partners": two[:1]})
    assert "close" not in pages({"group": "no", "partners": two})
    assert missing_state(PARTNERS, route(MADE, {"group": "yes", "partners": []})) == "answered"


def test_answers_of_an_entry_that_are_off_its_route_do_not_count() -> None:
    saved = [entry(name="A", kind="no", years=3, size=5)]

    assert route(MADE, {"group": "yes", "partners": saved}).answers["partners"] == [
        entry(name="A", kind="no")
    ]
    assert route(MADE, {"group": "yes", "persons": 11, "partners": saved}).answers["partners"] == [
        entry(name="A", kind="no", size=5)
    ]


def applying(answers: dict[str, Any], **said: Any) -> list[list[str]]:
    return [
        [item.name.removeprefix("partners.") for item in page.items]
        for page in entry_route(PARTNERS, entry(**said), answers)
    ]


def test_an_entry_has_a_route_of_its_own() -> None:
    assert applying({}, name="A") == [["name", "kind"], ["age"]]
    assert applying({}, kind="yes") == [["name", "kind"], ["years", "age"]]
    assert applying({"persons": 11}, kind="no") == [["name", "kind"], ["size", "age"]]


def test_an_entry_does_not_read_the_answers_of_other_entries() -> None:
    others = {"partners": [entry(name="B", kind="yes")]}

    assert applying(others, name="A") == [["name", "kind"], ["age"]]


def test_answers_of_an_entry_are_read_by_full_names() -> None:
    assert entry_answers(PARTNERS, entry(name="A", years=2)) == {
        "partners.name": "A",
        "partners.years": 2,
    }


def test_what_is_known_beforehand_routes_and_is_kept_apart_from_the_answers() -> None:
    known = {"last.persons": 10}
    found = route(MADE, {"persons": 12}, known)

    assert found.holds("grown")
    assert found.known == known
    assert "last.persons" not in found.answers
    assert "grown" not in pages({"persons": 12})
    assert "grown" not in pages({"persons": 12}, {"last.persons": 13})


@pytest.mark.parametrize("reason", ["dont_know", "refused", "not_applicable"])
def test_a_reason_for_a_blank_is_its_state_and_routes_as_a_blank(reason: str) -> None:
    found = route(MADE, {"group": {"missing": reason}})

    assert missing_state(MADE.item("group"), found) == reason
    assert "group_persons" not in found.asked
    assert "partners" in found.open_items


def test_codes_are_offered_by_their_universes() -> None:
    codes = (*YES_NO, Code("group", "Another firm of the group", universe=when("group = 'yes'")))
    grown = Code("grown", "Grown", universe=when("last.persons < persons"))
    items: list[Any] = [
        SingleChoice(name="x", label="X", codes=codes),
        MultipleChoice(name="y", label="Y", codes=(*YES_NO, grown)),
        Allocation(name="z", label="Z", parts=codes),
    ]

    def offered(answers: dict[str, Any], known: dict[str, Any] | None = None) -> list[int]:
        found = [offering.offered(item, {**(known or {}), **answers}) for item in items]
        return [len(getattr(item, "parts", None) or item.codes) for item in found]

    assert offered({}) == [2, 2, 2]
    assert offered({"group": "yes"}) == [3, 2, 3]
    assert offered({"persons": 5}, {"last.persons": 4}) == [2, 3, 2]
    assert offering.offered(PARTNERS, {}) is PARTNERS


entries = st.lists(
    st.fixed_dictionaries(
        {"entry": st.sampled_from(["k3f9", "p0aa"])},
        optional={
            "name": st.text(max_size=3),
            "kind": st.sampled_from(["yes", "no", None]),
            "years": st.none() | st.integers(0, 90),
            "size": st.integers(0, 9),
        },
    ),
    max_size=3,
)
reasons = st.sampled_from([{"missing": "dont_know"}, {"missing": "refused"}])
numbers = st.none() | st.integers(0, 1000) | st.floats(0, 500) | reasons
amounts = numbers.map(lambda amount: {"amount": amount, "unit": "units"}) | reasons
made_answers = st.fixed_dictionaries(
    {},
    optional={
        "group": st.sampled_from(["yes", "no", None]) | reasons,
        "persons": numbers,
        "group_persons": numbers,
        "home": amounts,
        "abroad": amounts,
        "partners": st.none() | entries,
        "why": st.text(max_size=3),
        "closest": st.none() | st.text(max_size=3),
        "turnover": numbers,
        "thanks": st.just("x"),
    },
)
knowledge = st.fixed_dictionaries({}, optional={"last.persons": numbers})


@given(made_answers, knowledge)
def test_the_route_is_a_subsequence_of_the_pages(answers, known) -> None:
    found = route(MADE, answers, known)

    assert list(found.pages) == [page for page in MADE.pages if page in found.pages]
    assert found.open_items.isdisjoint(
        name
        for name, answer in found.answers.items()
        if answer not in (None, "", []) and not isinstance(answer, dict)
    )


@given(made_answers, knowledge)
def test_routing_the_answers_that_count_gives_the_same_route(answers, known) -> None:
    found = route(MADE, answers, known)

    assert route(MADE, found.answers, known) == found


@given(made_answers, made_answers, knowledge, st.sampled_from(list(MADE.items)))
def test_an_answer_removes_no_page_before_its_own(answers, others, known, item) -> None:
    place = next(place for place, page in enumerate(MADE.pages) if item in page.items)
    earlier = set(MADE.pages[: place + 1])

    before = route(MADE, answers, known)
    after = route(MADE, answers | {item.name: others.get(item.name)}, known)

    assert [p for p in after.pages if p in earlier] == [p for p in before.pages if p in earlier]


@given(st.dictionaries(st.sampled_from([item.name for item in MADE.items]), any_json()))
def test_any_answers_have_a_route_and_every_item_a_state(answers) -> None:
    found = route(MADE, answers)

    for item in MADE.items:
        missing_state(item, found)
    assert route(MADE, found.answers) == found
