"""Sheets of rosters that are odd, come from the wave before, or go there and back."""

import json
import unicodedata
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.actions.rosters import new_entry
from surveys.exports import offline as sheets
from surveys.exports import offline_reading
from surveys.forms.offline import checked, filled_cells, sheet_of
from surveys.forms.offline_rosters import marked_rows
from surveys.models import Case, Response
from surveys.queries.offline_sheets import Mark
from surveys.queries.responses import standing
from tests.factories import NOON
from tests.surveys.firms import admitted, answers_of, open_case, page_path
from tests.surveys.panel_roster import flags_of, panel_case
from tests.surveys.roster_sheets import (
    SHEET,
    TEXT,
    cell,
    confirmed,
    downloaded,
    fates,
    fill,
    ties,
    two_partners,
)
from tests.surveys.views.test_offline import path, sent, uploaded
from tests.surveys.views.test_prior import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(db: None) -> Case:
    return open_case(TEXT)


@pytest.fixture
def browser(case: Case) -> Client:
    return admitted(case)


def test_an_untouched_roster_stays_as_it_is(case: Case, browser: Client) -> None:
    assert "No cell of this sheet is filled in" in words(
        uploaded(browser, case, downloaded(browser, case))
    )
    assert answers_of(case) == {}


def test_a_missing_sheet_or_mark_refuses_the_file(case: Case, browser: Client) -> None:
    two_partners(browser, case)
    before = ties(case)
    book = downloaded(browser, case)
    book[SHEET].title = "Friends"
    assert "The sheet “Partners” of this file is missing or was renamed" in words(
        uploaded(browser, case, book)
    )
    book = downloaded(browser, case)
    book["Milieu"].delete_rows(10, 30)
    assert "not a sheet that was downloaded here" in words(uploaded(browser, case, book))
    book = downloaded(browser, case)
    for row in book["Milieu"].iter_rows(min_row=11):
        row[3].value = "same2345"
    assert "not a sheet that was downloaded here" in words(uploaded(browser, case, book))
    assert ties(case) == before


@pytest.mark.parametrize(
    "fields",
    [
        {"../1/ties.name": ["A"]}, {"sint2345/x/ties.name": ["A"]}, {"sint2345/": ["A"]},
        {"sint2345/1/": []}, {"none": []}, {"sint2345/99999999999/ties.name": ["A"]},
    ],
)  # fmt: skip
def test_a_payload_that_was_tampered_with_adds_nothing(
    case: Case, browser: Client, fields: dict[str, list[str]]
) -> None:
    posted = {"payload": json.dumps({"ties": fields}), "_seen": "0", "page": ["ties"]}

    assert browser.post(path(case, "network/"), posted).status_code == 302
    assert ties(case) == []


def test_a_file_that_is_no_workbook_takes_nothing(case: Case, browser: Client) -> None:
    two_partners(browser, case)

    assert "not a sheet that was downloaded here" in words(sent(browser, case, b"PK\x03\x04 no"))
    assert len(ties(case)) == 2


def test_the_wave_before_comes_filled_in_and_every_row_says_what_became_of_it(survey) -> None:
    case = panel_case(survey, "confirmed")
    browser = admitted(case)
    book = downloaded(browser, case)
    assert [cell(book, number, "Name").value for number in (1, 2)] == ["Sintra", "Lund"]

    held_up = uploaded(browser, case, book)
    assert "Sheet “Partners”, row 12: Say of “Sintra” whether it is still right." in words(held_up)
    cell(book, 1, "Compared with").value = "Still right"
    cell(book, 2, "Compared with").value = "No longer applies"
    fill(book, 3, "Oslo", What="A firm")
    answer = uploaded(browser, case, book)
    assert fates(answer) == [("Sintra", "unchanged"), ("Lund", "removed"), ("Oslo", "added")]
    confirmed(browser, case, answer)

    assert [each["name"] for each in ties(case)] == ["Sintra", "Oslo"]
    assert flags_of(case) == {"sint2345": "confirmed", "lund2345": "gone"}
    assert "ties" in Response.objects.get(case=case).page_revisions


def test_a_name_of_the_wave_before_is_known_in_a_file(survey) -> None:
    case = panel_case(survey, "shown")
    browser = admitted(case)
    book = downloaded(browser, case)
    assert cell(book, 1, "Name").value is None
    fill(book, 1, "Sintra", What="A firm", Since="2014")

    confirmed(browser, case, uploaded(browser, case, book))

    assert [each["entry"] for each in ties(case)] == ["sint2345"]
    assert flags_of(case) == {"sint2345": "confirmed", "lund2345": "left_out"}


def test_prefilled_rows_that_are_left_stay_and_changed_ones_are_changed(survey) -> None:
    case = panel_case(survey, "prefilled")
    browser = admitted(case)
    book = downloaded(browser, case)
    cell(book, 2, "What").value = "A firm"

    confirmed(browser, case, uploaded(browser, case, book))

    assert [each["type"] for each in ties(case)] == ["firm", "firm"]
    assert flags_of(case) == {"sint2345": "prefilled", "lund2345": "changed"}
    assert "Not finished" not in words(browser.get(page_path(case, "ties")))


NAMES = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cs", "Cc", "Cf"]),
    min_size=1,
    max_size=40,
).map(lambda text: " ".join(unicodedata.normalize("NFC", text).split()))
FIRM = st.fixed_dictionaries(
    {
        "name": NAMES.filter(bool),
        "type": st.just("firm"),
        "type.other": st.none(),
        "content": st.sampled_from([None, ["research"], ["trade"], ["research", "trade"]]),
        "sales": st.none()
        | st.tuples(st.integers(0, 10**9), st.sampled_from(["units", "thousands"])).map(
            lambda pair: {"amount": pair[0], "unit": pair[1]}
        ),
        "visits": st.none() | st.integers(0, 400),
    }
)
OTHER = st.fixed_dictionaries(
    {
        "name": NAMES.filter(bool),
        "type": st.sampled_from([None, "university", {"missing": "dont_know"}]),
        "type.other": st.none(),
        "content": st.sampled_from([None, ["trade"]]),
    }
)
LISTS = st.lists(FIRM | OTHER, max_size=3).map(
    lambda entries: [{"entry": f"entry{number}"} | entry for number, entry in enumerate(entries, 1)]
)


def test_every_list_survives_the_way_into_a_workbook_and_back(case: Case) -> None:
    case.response = Response(case=case, begun_at=NOON)

    @given(entries=LISTS)
    @settings(max_examples=15)
    def survives(entries: list[dict[str, Any]]) -> None:
        case.response.answers = {"ties": entries}
        firm = standing(case)
        case.response.answers = {}
        blank = standing(case)
        case.response.answers = {"ties": entries}
        (section,) = firm.instrument.sections
        sheet = sheet_of(firm, section)
        rows = marked_rows(firm, section, new_entry)
        mark = Mark("case", "fingerprint", "network", "en", 0, rows)
        data = sheets.render(sheet, mark, filled_cells(firm, section, sheet))
        marked = offline_reading.read_mark(data).rows
        assert marked == rows
        typed, unreadable = offline_reading.read_answers(data, sheet, marked)
        assert unreadable == ()
        case.response.answers = {}
        pages = checked(blank, section, typed, 0)
        assert [page.problems for page in pages] == [()] * len(pages)
        back = [each for page in pages for each in page.answers["ties"]]
        assert back == entries

    survives()
