"""A section filled in as a spreadsheet: there and back, and everything that can be wrong."""

import io
import json
import zipfile
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.exports import offline as sheets
from surveys.exports import offline_reading
from surveys.forms.offline import checked, filled_cells, sheet_of
from surveys.models import Case, PageVersion, Response
from surveys.queries.offline_sheets import Mark
from surveys.queries.responses import standing
from tests.factories import NOON, make_case, make_stratum
from tests.surveys.firms import QUESTIONNAIRE, admitted, answers_of, open_case, save
from tests.surveys.views.test_teams import accepted, invite

EVERY = QUESTIONNAIRE.replace(
    "          - {name: comment, kind: text",
    """          - {name: founded, kind: date, label: Founded}
          - {name: trust, kind: scale, label: Trust, points: {0: None, 4: Full}}
          - {name: kept, kind: number, label: Kept, minimum: -1000, maximum: 10000, decimals: 3, missing: [dont_know, refused]}
          - {name: comment, kind: text""",
)


def path(case: Case, rest: str = "") -> str:
    return f"/firm/{case.public_id}/offline/{rest}"


@pytest.fixture
def case(db: None) -> Case:
    return open_case(EVERY)


@pytest.fixture
def browser(case: Case) -> Client:
    return admitted(case)


def downloaded(browser: Client, case: Case, section: str) -> Any:
    answer = browser.get(path(case, f"{section}.xlsx"))
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def cell_beside(book: Any, label: str, column: int = 2) -> Any:
    """The cell to fill in beside the first label that begins so."""
    sheet = book["Questions"]
    for row in sheet.iter_rows(max_col=1):
        if str(row[0].value or "").strip().startswith(label):
            return sheet.cell(row[0].row, column)
    raise AssertionError(label)


def uploaded(browser: Client, case: Case, book: Any) -> Any:
    target = io.BytesIO()
    book.save(target)
    return sent(browser, case, target.getvalue())


def sent(browser: Client, case: Case, data: bytes) -> Any:
    return browser.post(path(case), {"file": SimpleUploadedFile("a.xlsx", data)})


def confirmed(browser: Client, case: Case, answer: Any, section: str, pages: list[str]) -> Any:
    context = answer.context
    fields = {
        "payload": context["payload"],
        "_built_on": context["built_on"],
        "_seen": context["seen"],
        "page": pages,
    }
    return browser.post(path(case, f"{section}/"), fields)


def test_a_sheet_is_filled_in_looked_at_and_saved(case: Case, browser: Client) -> None:
    book = downloaded(browser, case, "firm")
    cell_beside(book, "Did Nord AS introduce").value = "Yes"
    cell_beside(book, "New goods (%)").value = "30"
    cell_beside(book, "Unchanged goods (%)").value = 70
    cell_beside(book, "Persons employed").value = 12
    cell_beside(book, "Amount, EUR").value = "2 500"
    cell_beside(book, "Amount in units").value = "thousands"

    answer = uploaded(browser, case, book)

    assert answer.status_code == 200
    assert [page.name for page in answer.context["pages"]] == [
        "new_good",
        "turnover_newness",
        "size",
    ]
    assert answers_of(case) == {}
    pages = ["new_good", "turnover_newness", "size"]
    assert confirmed(browser, case, answer, "firm", pages).status_code == 302
    assert answers_of(case) == {
        "new_good": "yes",
        "turnover_newness": {"new": 30, "unchanged": 70},
        "employment": 12,
        "employment_first": None,
        "turnover": {"amount": 2_500_000, "unit": "thousands"},
    }
    assert PageVersion.objects.count() == 3


def test_batteries_are_rows_with_yes_in_columns(case: Case, browser: Client) -> None:
    book = downloaded(browser, case, "partners")
    cell_beside(book, "On research").value = "yes"
    cell_beside(book, "suppliers", 2).value = "yes"
    cell_beside(book, "suppliers", 4).value = "x"
    cell_beside(book, "fairs", 2).value = "High"

    answer = uploaded(browser, case, book)
    pages = ["activity", "cooperation-suppliers", "sources-fairs"]
    confirmed(browser, case, answer, "partners", pages)

    assert answers_of(case)["cooperation.suppliers"] == {"scale": ["local", "global"]}
    assert answers_of(case)["sources.fairs"]["importance"] == "3"


def test_what_is_saved_comes_filled_in_and_locked_labels_stay(case: Case, browser: Client) -> None:
    save(browser, case, "size", employment="12", turnover="5", turnover__unit="thousands")

    book = downloaded(browser, case, "firm")

    assert cell_beside(book, "Persons employed").value == "12"
    assert book["Questions"].protection.sheet
    assert cell_beside(book, "Persons employed").protection.locked is False
    assert book["Questions"]["A1"].protection.locked is True
    assert len(book["Questions"].data_validations.dataValidation) >= 1
    assert book["Milieu"].sheet_state == "veryHidden"


@pytest.mark.parametrize(
    ("label", "value", "sentence"),
    [
        ("Persons employed", "a dozen", "Enter a number in figures"),
        ("Persons employed", "=1+1", "holds a formula"),
        ("Persons employed", "-4", "Enter a number of 0 or more"),
        ("Did Nord AS introduce", "perhaps", "is not in its list"),
        ("Amount, EUR", "500", "Say whether the amount"),
    ],
)
def test_what_cannot_be_taken_is_told_with_its_question_and_nothing_is_saved(
    case: Case, browser: Client, label: str, value: str, sentence: str
) -> None:
    book = downloaded(browser, case, "firm")
    cell_beside(book, label).value = value

    answer = uploaded(browser, case, book)

    assert sentence in answer.content.decode()
    assert not answer.context["may_save"]
    confirmed(browser, case, answer, "firm", ["new_good", "size"])
    assert answers_of(case) == {}


def test_soft_edits_are_shown_and_kept_as_confirmed(case: Case, browser: Client) -> None:
    book = downloaded(browser, case, "firm")
    cell_beside(book, "Persons employed").value = "0"
    cell_beside(book, "Amount, EUR").value = "500"
    cell_beside(book, "Amount in units").value = "units"

    answer = uploaded(browser, case, book)
    assert "turnover without staff" in answer.content.decode()
    confirmed(browser, case, answer, "firm", ["size"])

    assert Response.objects.get().edit_decisions["turnover_without_staff"]["kept"] is True


def test_a_page_that_does_not_apply_is_left_out(case: Case, browser: Client) -> None:
    book = downloaded(browser, case, "firm")
    cell_beside(book, "Did Nord AS introduce").value = "No"
    cell_beside(book, "New goods (%)").value = "100"

    answer = uploaded(browser, case, book)

    assert "not asked this page" in answer.content.decode()
    confirmed(browser, case, answer, "firm", ["new_good", "turnover_newness"])
    assert answers_of(case) == {"new_good": "no"}


def test_a_newer_answer_is_shown_and_kept_unless_it_is_to_be_replaced(
    case: Case, browser: Client
) -> None:
    book = downloaded(browser, case, "firm")
    cell_beside(book, "Persons employed").value = "12"
    save(browser, case, "size", employment="40")

    answer = uploaded(browser, case, book)

    page = answer.content.decode()
    assert "Saved since you downloaded" in page
    assert "40" in page
    confirmed(browser, case, answer, "firm", [])
    assert answers_of(case)["employment"] == 40
    confirmed(browser, case, answer, "firm", ["size"])
    assert answers_of(case)["employment"] == 12


def test_an_answer_saved_while_the_sheet_was_looked_at_is_not_overwritten(
    case: Case, browser: Client
) -> None:
    book = downloaded(browser, case, "firm")
    cell_beside(book, "Persons employed").value = "12"
    answer = uploaded(browser, case, book)
    save(browser, case, "size", employment="40")

    again = confirmed(browser, case, answer, "firm", ["size"])

    assert "Saved since you downloaded" in again.content.decode()
    assert answers_of(case)["employment"] == 40


def test_a_sheet_of_another_firm_is_refused(case: Case, browser: Client) -> None:
    other = make_case(case.wave, make_stratum(case.wave, "more"), "F0002")
    book = downloaded(admitted(other), other, "firm")
    cell_beside(book, "Persons employed").value = "12"

    assert "another firm" in uploaded(browser, case, book).content.decode()


def test_a_sheet_of_another_version_is_refused(case: Case, browser: Client) -> None:
    book = downloaded(browser, case, "firm")
    book["Milieu"]["B2"].value = "0" * 64

    assert "another version" in uploaded(browser, case, book).content.decode()


def test_a_colleague_uploads_only_what_was_shared(case: Case, browser: Client) -> None:
    colleague = accepted(invite(browser, case))

    assert colleague.get(path(case, "firm.xlsx")).status_code == 404
    assert colleague.post(path(case, "firm/"), {"payload": "{}"}).status_code == 404
    book = downloaded(browser, case, "firm")
    assert "not shared with you" in uploaded(colleague, case, book).content.decode()
    assert downloaded(colleague, case, "partners")


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/workbook.xml", b"0" * 30_000_000)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (b"PK\x03\x04 nothing", "not a sheet that was downloaded here"),
        (b"a;b;c", "not an XLSX workbook"),
        (bomb(), "would unpack"),
        (b"PK" + b"0" * 2_000_001, "larger than 2 MB"),
    ],
)
def test_a_file_that_is_no_sheet_of_ours_is_refused_with_a_sentence(
    case: Case, browser: Client, data: bytes, sentence: str
) -> None:
    answer = sent(browser, case, data)

    assert answer.status_code == 200
    assert sentence in answer.content.decode()


@pytest.mark.parametrize("payload", ["", "{", "[]", '{"size": 3}', '{"size": {"employment": 3}}'])
def test_a_payload_that_was_tampered_with_saves_nothing(
    case: Case, browser: Client, payload: str
) -> None:
    fields = {"payload": payload, "_built_on": "x", "_seen": "-1", "page": ["size"]}

    assert browser.post(path(case, "firm/"), fields).status_code == 302
    assert answers_of(case) == {}


def test_a_changed_payload_is_checked_again(case: Case, browser: Client) -> None:
    payload = json.dumps({"size": {"employment": ["-5"]}})

    browser.post(path(case, "firm/"), {"payload": payload, "_seen": "0", "page": ["size"]})

    assert answers_of(case) == {}


TEXT = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cs", "Cc", "Cf"]),
    min_size=1,
    max_size=60,
)
SCALES = st.lists(st.sampled_from(["local", "country", "global"]), unique=True).map(
    lambda chosen: [each for each in ("local", "country", "global") if each in chosen] or None
)
ANSWERS = st.fixed_dictionaries(
    {
        "new_good": st.just("yes"),
        "turnover_newness": st.integers(0, 100).map(lambda n: {"new": n, "unchanged": 100 - n}),
        "employment": st.integers(0, 1_000_000) | st.none(),
        "employment_first": st.just(1_000_000),
        "turnover": st.tuples(st.integers(0, 10**12), st.sampled_from(["units", "thousands"])).map(
            lambda pair: {"amount": pair[0], "unit": pair[1]}
        ),
        "activity": st.just(["research"]),
        "cooperation.suppliers": SCALES.map(lambda chosen: {"scale": chosen}),
        "sources.fairs": SCALES.map(lambda chosen: {"importance": "3", "scale": chosen}),
        "start_year": st.integers(1500, 2025) | st.none(),
        "graduate_share": st.integers(0, 1000).map(lambda n: n // 10 if n % 10 == 0 else n / 10),
        "founded": st.dates().filter(lambda day: day.year >= 1000).map(str),
        "trust": st.integers(0, 4) | st.none(),
        "kept": st.integers(-(10**6), 10**7).map(lambda n: n // 1000 if n % 1000 == 0 else n / 1000)
        | st.sampled_from([{"missing": "dont_know"}, {"missing": "refused"}, None]),
        "comment": TEXT.map(lambda text: " ".join(text.split()) or None),
    }
)


def test_every_answer_survives_the_way_into_a_sheet_and_back(case: Case) -> None:
    case.response = Response(case=case, begun_at=NOON)
    mark = Mark("case", "fingerprint", "section", "en", 0)

    @given(answers=ANSWERS)
    @settings(max_examples=15)
    def survives(answers: dict[str, Any]) -> None:
        case.response.answers = answers
        firm = standing(case)
        blank = standing(case)
        for section in firm.instrument.sections:
            sheet = sheet_of(firm, section)
            data = sheets.render(sheet, mark, filled_cells(firm, section, sheet))
            typed, unreadable = offline_reading.read_answers(data, sheet)
            assert unreadable == ()
            for page in checked(blank, section, typed, 0):
                assert page.problems == (), (page.name, page.problems)
                for name, value in page.answers.items():
                    assert value == answers.get(name), name

    survives()
