"""Conditions are checked by the kinds of what they read, before any firm answers."""

import pytest

from surveys.questionnaire import parse_condition
from surveys.questionnaire.code_lists import CodeList, ListedCode
from surveys.questionnaire.condition_checks import Place, note_condition, note_expression
from surveys.questionnaire.condition_language import parse_expression
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Code,
    Date,
    EntryPage,
    Facet,
    Item,
    Lookup,
    Money,
    MultipleChoice,
    Note,
    Number,
    Roster,
    Scale,
    Share,
    SingleChoice,
    Text,
    Year,
)
from surveys.questionnaire.nodes import Ledger

CODES = (Code("yes", "Yes"), Code("no", "No"))
NACE = CodeList("nace", "2.1", "Industries", (ListedCode("C10", "Food"), ListedCode("J62", "IT")))
LOCAL = (
    Text(name="partners.name", label="Name"),
    SingleChoice(name="partners.kind", label="Kind", codes=CODES),
    Number(name="partners.years", label="Years"),
    Text(name="partners.town", label="Town"),
)
ITEMS: tuple[Item, ...] = (
    Note(name="note", label="Read this"),
    SingleChoice(name="good", label="Good", codes=CODES),
    MultipleChoice(name="kinds", label="Kinds", codes=CODES),
    Number(name="persons", label="Persons"),
    Share(name="share", label="Share"),
    Share(name="other_share", label="Share"),
    Money(name="turnover", label="Turnover"),
    Money(name="wages", label="Wages"),
    Year(name="founded", label="Founded"),
    Year(name="moved", label="Moved"),
    Scale(name="trust", label="Trust"),
    Date(name="opened", label="Opened"),
    Date(name="closed", label="Closed"),
    Date(name="paid", label="Paid", precision="month"),
    Text(name="word", label="Word"),
    Lookup(name="industry", label="Industry", codes=NACE),
    Allocation(name="parts", label="Parts", parts=CODES),
    Allocation(name="heads", label="Heads", parts=CODES, unit="persons"),
    BatteryRow(
        name="sources.fairs",
        label="Fairs",
        battery="sources",
        row=CODES[0],
        facets=(
            Facet("importance", "Importance", "one", CODES),
            Facet("scale", "Scale", "many", CODES),
            Facet("visits", "Visits", "number", ()),
            Facet("people", "People", "number", CODES),
        ),
    ),
    Roster(
        name="partners",
        label="Partners",
        thing="partner",
        things="partners",
        pages=(EntryPage("Partner", LOCAL),),
    ),
    Number(name="later", label="Later"),
)
BY_NAME = {item.name: item for item in ITEMS}
ASKED = set(BY_NAME) - {"later"}


def problems(text: str, *, within_entry: bool = False, expression: bool = False) -> list[str]:
    ledger = Ledger()
    items, asked = dict(BY_NAME), set(ASKED)
    if within_entry:
        items |= {item.name: item for item in LOCAL}
        asked |= {item.name for item in LOCAL[:3]}
    place = Place("page p", items, asked, ledger)
    if expression:
        note_expression(parse_expression(text), place)
    else:
        note_condition(parse_condition(text), place)
    return [problem.code for problem in ledger.problems]


FINE = [
    "share > 50",
    "share > other_share",
    "share > parts.yes",
    "share = persons",
    "100 * wages / turnover > share",
    "turnover > 1000000",
    "turnover / persons > 500000",
    "turnover - wages > 1.5 * last.turnover",
    "wages > turnover * share / 100",
    "founded < 2000",
    "founded + 5 > moved",
    "moved - founded > persons",
    "trust >= 3",
    "opened < closed",
    "opened >= '2024-02-29'",
    "paid = '2024-02'",
    "last.opened != opened",
    "good = 'yes'",
    "good != last.good",
    "word = 'yes' and word != good",
    "industry = 'C10' or industry in ('J62')",
    "frame.region = 'NO11' and frame.size_class in ('10-49', '50-249')",
    "frame.industry = industry",
    "persons > 2 * frame.employees",
    "kinds has 'yes' and count(kinds) = 1",
    "count(sources.fairs.scale) > 1",
    "sources.fairs.visits > 3 and sources.fairs.people.yes > 2",
    "sources.fairs.importance = 'yes'",
    "heads.yes > persons",
    "count(partners) > 2 and answered(partners)",
    "sum(partners.years) > persons",
    "max(partners.years, persons, 3) < 9",
    "partners.kind has 'yes'",
    "count(partners.town) > 2",
    "last.partners.kind in ('yes', 'no')",
    "count(last.partners) > 1",
    "sum(turnover, wages) > last.turnover",
    "min(share, other_share) > 10",
    "round(share, 1) = abs(share)",
    "if(good = 'yes', turnover, 0) > wages",
    "if(good = 'yes', opened, '2020-01-01') < closed",
    "if(good = 'yes', word, good) = 'yes'",
]


@pytest.mark.parametrize("text", FINE)
def test_like_is_compared_with_like(text: str) -> None:
    assert problems(text) == []


MISMATCHES = [
    "share = word",
    "share > turnover",
    "parts.yes > turnover",
    "share > founded",
    "share > trust",
    "turnover > founded",
    "turnover = 'much'",
    "turnover + founded > 1",
    "turnover + share > 1",
    "founded > trust",
    "opened > 2024",
    "opened > founded",
    "opened = word",
    "opened = '2024-02-30'",
    "opened = '2024-02'",
    "paid = '2024-02-01'",
    "opened > paid",
    "opened + 1 > 2",
    "'2024-01-01' < '2024-02-01'",
    "word < 'b'",
    "good < 'yes'",
    "word has 'yes'",
    "kinds = 'yes'",
    "parts > 1",
    "sources.fairs.people > 1",
    "partners = 'x'",
    "partners has 'x'",
    "partners.kind = 'yes'",
    "partners.years > 3",
    "partners.years + 1 > 3",
    "abs(partners.years) > 3",
    "if(good = 'yes', partners.years, 1) > 3",
    "sum(partners.name) > 3",
    "sum(word, 1) > 3",
    "sum(turnover, founded) > 3",
    "max(share, turnover) > 3",
    "count(good) > 1",
    "count(persons) > 1",
    "count(parts) > 1",
    "round(word) = 1",
    "abs(opened) = 1",
    "if(good = 'yes', 1, 'x') = 1",
    "if(good = 'yes', turnover, founded) = 1",
    "if(share = 'x', 1, 2) = 1",
    "if(good = 'yes', kinds, kinds) = 'x'",
    "frame.employees = 'many'",
    "frame.region > 3",
    "last.turnover > share",
]


@pytest.mark.parametrize("text", MISMATCHES)
def test_what_cannot_be_compared_is_said_once(text: str) -> None:
    assert problems(text) == ["type_mismatch"]


@pytest.mark.parametrize(
    "text",
    [
        "nobody = 1",
        "last.nobody = 1",
        "last.parts.maybe = 1",
        "frame.age = 1",
        "note = 'x'",
        "partners.age > 1",
        "sources.fairs.people.men > 1",
        "sources.fairs.importance.yes = 1",
        "good.other = 'x'",
        "sum(persons, nobody) > 1",
        "if(nobody = 1, 1, 2) > 1",
    ],
)
def test_what_is_not_there_is_unknown(text: str) -> None:
    assert problems(text) == ["unknown_item"]


@pytest.mark.parametrize(
    "text",
    [
        "good = 'maybe'",
        "last.good in ('maybe')",
        "industry = 'Z99'",
        "partners.kind has 'maybe'",
        "sources.fairs.scale has 'maybe'",
        "if(good = 'maybe', 1, 2) = 1",
    ],
)
def test_a_code_that_is_not_there_is_unknown(text: str) -> None:
    assert problems(text) == ["unknown_code"]


def test_only_what_was_asked_is_read_except_of_the_wave_before() -> None:
    assert problems("later > 1") == ["reads_ahead"]
    assert problems("sum(later, 1) > 1") == ["reads_ahead"]
    assert problems("if(later > 1, 1, 2) > 1") == ["reads_ahead"]
    assert problems("last.later > 1") == []


def test_within_an_entry_an_item_of_the_roster_has_one_value() -> None:
    assert problems("partners.years > 3 and partners.kind = 'yes'", within_entry=True) == []
    assert problems("partners.town = 'x'", within_entry=True) == ["reads_ahead"]


def test_an_expression_must_give_a_number() -> None:
    assert problems("sum(turnover, wages) / persons", expression=True) == []
    assert problems("word", expression=True) == ["type_mismatch"]
    assert problems("if(good = 'yes', opened, closed)", expression=True) == ["type_mismatch"]
    assert problems("partners.years", expression=True) == ["type_mismatch"]
    assert problems("nobody + 1", expression=True) == ["unknown_item"]


def test_a_mismatch_names_both_sides_and_a_way_out() -> None:
    ledger = Ledger()
    note_condition(parse_condition("share > turnover"), Place("p", BY_NAME, ASKED, ledger))

    (problem,) = ledger.problems
    assert str(problem) == (
        "p: share > turnover compares a share with an amount of money. "
        "Make the amount a share first: 100 * part / whole."
    )
