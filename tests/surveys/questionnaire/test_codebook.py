"""Variables of the data file, as the instrument defines them."""

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaire import CodebookVariable, codebook, kind_of, route
from surveys.questionnaire.authored.items import KIND_KEYS
from surveys.questionnaire.data_names import stata_name, stata_names
from surveys.questionnaire.wide_form import wide_columns
from surveys.questionnaire.wide_values import LongRow, long_rows, wide_values
from tests.surveys.questionnaire.authored import NAMES, answers_to, small

WHOLE = small("whole_language")


def test_a_variable_has_universe_codes_and_constructs() -> None:
    variables = {variable.name: variable for variable in codebook(small("bound_cells"))}

    assert variables["novelty"] == CodebookVariable(
        name="novelty",
        label="How new?",
        kind="single_choice",
        universe="(new_machine = 'yes' or new_material = 'yes')",
        section="innovation",
        page="novelty",
        codes=(("1", "To us"), ("2", "To the market")),
        constructs=("innovation.novelty",),
        missing=((".a", "Not asked"), (".b", "Skipped")),
        item="novelty",
        stata_name="novelty",
    )
    assert variables["persons"].universe == "always"


def test_a_battery_has_a_variable_a_row_and_facet() -> None:
    variables = codebook(small("partners_by_scale"))
    rows = {v.name: (v.label, v.constructs, v.universe) for v in variables if v.kind == "battery"}

    assert rows["cooperation.group.scale"] == (
        "Where were the firms of your group? Where",
        ("networking.cooperation",),
        "(cooperated in ('research', 'other') and in_group = 'yes')",
    )
    assert rows["sources.clients.importance"][1] == ("sourcing.importance",)
    assert rows["sources.clients.scale"][1] == ("sourcing.scale",)
    assert len(rows) == 2 + 3 * 2


def test_an_allocation_has_a_variable_a_part() -> None:
    names = [variable.name for variable in codebook(small("one_of_every_kind"))]

    assert [name for name in names if name.startswith("parts")] == [
        "parts.new",
        "parts.old",
        "parts.other",
    ]


def test_labels_speak_of_every_firm() -> None:
    labels = {variable.name: variable.label for variable in codebook(small("edits_that_speak"))}

    assert labels["now"] == "Persons in the last year"


def test_kinds_are_called_as_authors_call_them() -> None:
    kinds = {kind_of(item) for item in small("whole_language").items}
    kinds |= {kind_of(item) for item in small("one_of_every_kind").items}

    assert kinds == set(KIND_KEYS)


def test_a_variable_says_unit_origin_and_why_it_may_be_missing() -> None:
    variables = {variable.name: variable for variable in codebook(WHOLE)}

    assert variables["employment_last"].variable == "0501"
    assert variables["employment_last"].missing == (
        (".a", "Not asked"),
        (".b", "Skipped"),
        (".c", "Don't know"),
        (".d", "Refused"),
    )
    assert variables["turnover"].unit == variables["turnover_home"].unit == "NOK"
    assert variables["after"].unit == "%"
    assert variables["sources.suppliers.visits.local"].unit == "visits"
    assert variables["sources.suppliers.used"].variable == "0701"
    assert variables["municipality"].code_list == "municipalities@2024"
    assert variables["anchored"].codes == (("0", "Not at all"), ("4", "Very"))
    assert "welcome" not in variables


def test_the_universe_is_that_of_page_and_item_together() -> None:
    variables = {variable.name: variable for variable in codebook(WHOLE)}

    assert variables["large"].universe == "employment_last > 10"
    assert variables["partners.why"].universe.endswith(
        "partners.scale = 'local') and partners.close > 2)"
    )


def test_the_wide_form_has_a_column_an_answer_that_can_be_given() -> None:
    columns = {column.name: column for column in wide_columns(WHOLE)}

    assert [name for name in columns if name.startswith("origin.")] == [
        "origin.staff", "origin.group", "origin.other", "origin.patents", "origin.none",
        "origin.other.specify", "origin.patents.specify",
    ]  # fmt: skip
    assert columns["origin.staff"].type == "flag"
    assert [name for name in columns if name.startswith("sources.suppliers.")] == [
        "sources.suppliers.used",
        "sources.suppliers.scale.local",
        "sources.suppliers.scale.country",
        "sources.suppliers.visits.local",
        "sources.suppliers.visits.country",
        "sources.suppliers.years",
    ]
    entries = [name for name in columns if name.startswith("partners.") and name.endswith(".name")]
    assert entries == ["partners.1.name", "partners.2.name", "partners.3.name"]
    assert columns["partners.2.scale"].entry == 2
    assert columns["partners.2.scale"].label == "Partner 2: Where is it?"


PARTNER = {"entry": "ab12", "name": "Nord AS", "type": "supplier", "scale": "country"}


def test_a_value_or_the_reason_why_there_is_none_stands_in_every_column() -> None:
    answers = {
        "employment_last": 12,
        "large": {"missing": "refused"},
        "origin": ["staff"],
        "turnover_home": {"amount": 5, "unit": "units"},
        "turnover_abroad": {"amount": 7, "unit": "units"},
        "sources.filter": ["suppliers"],
        "sources.suppliers": {"used": "yes", "scale": ["local"], "visits": {"local": 3}},
        "partners": [PARTNER],
    }
    values = wide_values(WHOLE, route(WHOLE, answers))

    assert list(values) == [column.name for column in wide_columns(WHOLE)]
    expected = {
        "employment_last": 12,
        "large": ".d",
        "founded": ".b",
        "origin.staff": 1,
        "origin.other": 0,
        "turnover_home": 5,
        "turnover": 12,
        "sources.suppliers.scale.local": 1,
        "sources.suppliers.scale.country": 0,
        "sources.suppliers.visits.local": 3,
        "sources.suppliers.visits.country": ".b",
        "sources.group.used": ".a",
        "partners.entries": 1,
        "partners.1.name": "Nord AS",
        "partners.1.began": ".a",
        "partners.2.name": ".a",
    }
    assert {name: values[name] for name in expected} == expected


def test_a_battery_is_long_with_a_row_a_cell_whoever_was_asked() -> None:
    asked = {"employment_last": 5, "sources.filter": ["suppliers"]}
    rows = long_rows(WHOLE, route(WHOLE, {**asked, "sources.suppliers": {"years": 2.5}}))
    nobody = long_rows(WHOLE, route(WHOLE, {"employment_last": 0}))

    assert LongRow("sources", "suppliers", "years", "", 2.5) in rows
    assert LongRow("sources", "suppliers", "scale", "local", ".b") in rows
    assert LongRow("sources", "group", "scale", "local", ".a") in rows
    assert len(rows) == len(nobody) == 2 * 6 + 2
    assert {row.value for row in nobody if row.battery == "sources"} == {".a"}


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("sources.suppliers.scale.local", "sources_suppliers_scale_local"),
        ("a" * 32, "a" * 32),
        ("a" * 33, "a" * 23 + "_" + hashlib.sha256(b"a" * 33).hexdigest()[:8]),
        ("long", "long_" + hashlib.sha256(b"long").hexdigest()[:8]),
    ],
)
def test_a_name_for_stata_is_short_and_the_same_everywhere(name: str, short: str) -> None:
    assert stata_name(name) == short
    assert stata_names(["x", name])[name] == short


def test_names_that_would_be_one_are_told_apart() -> None:
    names = stata_names(["a.b_c", "a_b.c", "a_b_c"])

    assert names["a_b_c"] == "a_b_c"
    assert len(set(names.values())) == 3


@given(st.lists(st.from_regex(r"\A[a-z][a-z0-9_]{0,40}(\.[a-z0-9_]{1,20}){0,3}\Z"), unique=True))
def test_names_for_stata_are_valid_and_unique(names: list[str]) -> None:
    short = stata_names(names)

    assert len(set(short.values())) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,31}", each) for each in short.values())


@given(st.data())
def test_every_firm_has_a_value_in_every_column(data: st.DataObject) -> None:
    values = wide_values(WHOLE, route(WHOLE, data.draw(answers_to(WHOLE))))

    assert list(values) == [column.name for column in wide_columns(WHOLE)]
    assert all(isinstance(value, int | float | str) for value in values.values())


@pytest.mark.parametrize("name", NAMES)
def test_every_variable_has_a_name_of_its_own(name: str) -> None:
    names = [variable.name for variable in codebook(small(name))]

    assert len(names) == len(set(names))
