"""What each key and kind of the language compiles to."""

import pytest

from surveys.questionnaire import CodeList, InstrumentErrors, ListedCode, compile_document
from surveys.questionnaire.items import (
    Allocation,
    BatteryRow,
    Computed,
    Date,
    Lookup,
    MultipleChoice,
    Note,
    Number,
    Roster,
    Scale,
    Text,
)
from tests.surveys.questionnaire.whole_language import WHOLE, instrument


def test_what_every_item_may_say_is_kept() -> None:
    item = WHOLE.item("employment_last")

    assert (item.required, item.period, item.missing) == (
        "soft",
        "{last_year}",
        ("dont_know", "refused"),
    )
    assert (item.dependent, item.variable) == ("confirmed", "0501")
    assert str(WHOLE.item("large").universe) == "employment_last > 10"


def test_every_kind_is_of_its_type() -> None:
    types = {
        "welcome": Note,
        "founded": Date,
        "municipality": Lookup,
        "anchored": Scale,
        "origin": MultipleChoice,
        "turnover": Computed,
        "staff_by_place": Allocation,
        "sources.suppliers": BatteryRow,
        "partners": Roster,
    }

    assert {name: type(WHOLE.item(name)) for name in types} == types


def test_a_section_says_how_the_hub_shows_it() -> None:
    about, ties = WHOLE.sections

    assert (about.opens, about.on_hub, about.summary) == (True, False, True)
    assert (ties.opens, ties.on_hub, ties.summary) == (False, True, False)
    assert "employment_last" in ties.universe.reads
    assert all("employment_last" in page.universe.reads for page in ties.pages)


def test_a_code_that_asks_for_more_brings_an_item_right_after_its_own() -> None:
    names = [item.name for item in WHOLE.page("origin").items]
    other, patents = WHOLE.item("origin.other"), WHOLE.item("origin.patents")

    assert names[:3] == ["origin", "origin.other", "origin.patents"]
    assert isinstance(other, Text)
    assert other.label == "Another place: please specify"
    assert isinstance(patents, Number)
    assert patents.label == "How many patents?"
    assert other.universe.holds({"origin": ["other"]})
    assert not other.universe.holds({"origin": ["staff"]})


def test_a_battery_with_a_filter_asks_first_which_rows_apply() -> None:
    question = WHOLE.item("sources.filter")
    assert isinstance(question, MultipleChoice)
    pages = {page.name: page for page in WHOLE.pages if page.name.startswith("sources")}

    assert list(pages) == ["sources-filter", "sources-suppliers", "sources-group"]
    assert question.label == "From whom did you learn?"
    assert [(code.value, code.label, code.exclusive) for code in question.codes][-1] == (
        "none",
        "From nobody",
        True,
    )
    assert str(question.codes[1].universe) == "large = 'yes'"
    answers = {"employment_last": 1, "sources.filter": ["suppliers"]}
    assert pages["sources-suppliers"].universe.holds(answers)
    assert not pages["sources-group"].universe.holds(answers)


def test_stacked_rows_share_their_page_and_keep_their_conditions() -> None:
    page = WHOLE.page("channels")

    assert [item.name for item in page.items] == ["channels.fairs", "channels.mail"]
    assert str(page.items[1].universe) == "large = 'no'"
    assert {item.layout for item in page.items if isinstance(item, BatteryRow)} == {"stacked"}


def test_groups_go_with_a_filter() -> None:
    rows = [{"value": value, "label": value} for value in ("a", "b", "c")]
    facet = {"name": "used", "label": "Used?", "choose": "number"}
    groups = [
        {"name": "first", "title": "First", "rows": ["a", "b"]},
        {"name": "second", "title": "Second", "rows": ["c"]},
    ]
    made = instrument(
        {
            "name": "x",
            "kind": "battery",
            "label": "{row}?",
            "layout": "filter_first",
            "rows": rows,
            "facets": [facet],
            "groups": groups,
        }
    )

    assert [str(page.universe) for page in made.pages] == [
        "always",
        "x.filter in ('a', 'b')",
        "x.filter in ('c')",
    ]
    assert str(made.item("x.a").universe) == "x.filter in ('a')"


def test_items_of_an_entry_are_named_after_their_roster() -> None:
    roster = WHOLE.item("partners")
    assert isinstance(roster, Roster)

    assert [item.name for item in roster.items] == [
        "partners.name",
        "partners.type",
        "partners.type.other",
        "partners.scale",
        "partners.began",
        "partners.close",
        "partners.why",
    ]
    assert roster.items[2].universe.holds({"partners.type": "other"})
    assert (roster.thing, roster.things, roster.most) == ("partner", "partners", 3)
    assert str(roster.pages[1].universe) == "partners.scale = 'local'"


def test_a_lookup_finds_lists_of_the_file_before_those_of_the_platform() -> None:
    def find(name: str, version: str) -> CodeList | None:
        codes = (ListedCode("x", f"{name} of the platform"),)
        return CodeList(name, version, "T", codes) if version == "1" else None

    own = [{"name": "own", "version": "1", "codes": [{"value": "x", "label": "Of the file"}]}]
    made = instrument(
        {"name": "a", "kind": "lookup", "label": "A", "codes": "own@1"},
        {"name": "b", "kind": "lookup", "label": "B", "codes": "nace@1"},
        code_lists=find,
    )
    with_own = compile_document({**made.document, "code_lists": own}, code_lists=find)

    labels = [i.codes.label("x") for i in with_own.items if isinstance(i, Lookup)]
    assert labels == ["Of the file", "nace of the platform"]
    with pytest.raises(InstrumentErrors, match="There is no code list"):
        compile_document(made.document)


def test_another_language_has_other_texts_and_the_same_fingerprint() -> None:
    norwegian = compile_document(WHOLE.document, language="nb")

    assert norwegian.sections[0].title == "Om {firm}"
    assert (norwegian.language, norwegian.languages) == ("nb", ("en", "nb"))
    assert norwegian.fingerprint == WHOLE.fingerprint
    assert norwegian.document == WHOLE.document
