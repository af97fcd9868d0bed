"""The data page and the files it hands over."""

import csv
import io
import json

import openpyxl
import pytest
from django.test import Client

from surveys.actions.instruments import publish
from surveys.exports import spreadsheet
from surveys.models import AuditEvent, CaseEvent, Response, Survey, User, Wave
from surveys.views import files
from tests.factories import NOON, make_case, make_response, make_stratum, make_wave
from tests.surveys.views.world import INSTRUMENT

DATA = "/research/knowledge/2025/data/"
KINDS = ["begun", "layouts"]


@pytest.fixture
def client(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


@pytest.fixture
def wave(survey: Survey) -> Wave:
    """Two of three eligible firms submitted, one of them with a blank."""
    wave = make_wave(survey, instrument=publish(text=INSTRUMENT, by=None, at=NOON), state="open")
    stratum = make_stratum(wave, "=1+1", population=30, drawn=3)
    for pseudonym, answer in (("F1", 12), ("F2", None)):
        case = make_case(wave, stratum, pseudonym, firm_name="Nordic AS", disposition="complete")
        make_response(
            case,
            {"employment_last": answer, "comment": "call me at Nordic"},
            page_revisions={"size": 1},
            submitted_at=NOON,
            reference=pseudonym,
        )
    make_case(wave, stratum, "F3")
    CaseEvent.objects.create(case=wave.cases.get(pseudonym="F1"), kind="begun", at=NOON)
    Response.objects.update(layouts={"sources": "rows"})
    return wave


def rows(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.getvalue().decode(), newline="")))


def test_the_page_lists_the_variables_with_the_firms_that_have_a_value(client, wave) -> None:
    page = client.get(DATA)

    assert page.context["firms"] == 2
    assert [(each.name, each.n) for each in page.context["variables"]] == [
        ("control.employment", 1),
        ("weight", 2),
        ("stratum", 2),
        ("cluster", 2),
        ("population", 2),
    ]


def test_the_csv_has_a_row_a_firm_with_its_adjusted_weight(client, wave) -> None:
    response = client.post(f"{DATA}extract.csv")

    assert response["Content-Disposition"] == 'attachment; filename="knowledge-2025.csv"'
    assert rows(response) == [
        {
            "pseudonym": pseudonym,
            "control.employment": employment,
            "weight": "15",
            "stratum": "'=1+1",
            "cluster": pseudonym,
            "population": "30",
        }
        for pseudonym, employment in (("F1", "12"), ("F2", ""))
    ]


def test_no_name_and_no_free_text_leaves_with_the_extract(client, wave) -> None:
    content = client.post(f"{DATA}extract.csv").getvalue()

    assert b"Nordic" not in content


def test_the_workbook_has_data_codebook_and_origin_and_no_formula(client, wave) -> None:
    content = client.post(f"{DATA}extract.xlsx").getvalue()

    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["data", "codebook", "about"]
    types = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert types <= {"s", "n"}
    assert book["data"]["D2"].value == "=1+1"
    assert book["about"]["B3"].value == "Wave 2025"


def test_taking_the_extract_is_audited(client, wave, ada: User) -> None:
    client.post(f"{DATA}extract.xlsx").getvalue()

    assert AuditEvent.objects.filter(action="extract_downloaded").values_list(
        "user", "detail"
    ).get() == (ada.pk, {"wave": "2025", "format": "xlsx", "firms": 2})


def test_answers_go_out_item_by_item_without_words_and_with_a_note(client, wave, ada: User) -> None:
    response = client.post(f"{DATA}answers/firms.csv")
    answers = rows(response)

    assert response["Content-Disposition"] == 'attachment; filename="knowledge-2025-answers.csv"'
    assert [(row["pseudonym"], row["employment_last"]) for row in answers] == [
        ("F1", "12"),
        ("F2", ".b"),
    ]
    assert {row["comment"] for row in answers} == {".z"}
    assert AuditEvent.objects.filter(action="answers_downloaded").values_list(
        "user", "detail"
    ).get() == (
        ada.pk,
        {"wave": "2025", "format": "csv", "firms": 2, "with_words": False, "table": "firms"},
    )


def test_answers_come_long_as_a_workbook_and_with_their_codebook(client, wave) -> None:
    long = client.post(f"{DATA}answers/batteries.csv").getvalue().decode()
    book = openpyxl.load_workbook(io.BytesIO(client.post(f"{DATA}answers/all.xlsx").getvalue()))
    described = rows(client.get(f"{DATA}answers/codebook.csv"))

    assert long.splitlines() == ["pseudonym,battery,row,facet,column,value"]
    assert book.sheetnames == ["answers", "codebook", "batteries"]
    assert [row["variable"] for row in described] == [
        "response__completeness",
        "response__mode",
        "response__entered_by",
        "employment_last",
        "comment",
    ]


def test_the_page_offers_what_it_hands_over(client, wave, ben: User) -> None:
    offered = client.get(DATA).content.decode()
    client.force_login(ben)
    for_field_staff = client.get(DATA).content.decode()

    for file in ("firms.csv", "all.xlsx"):
        assert f"{DATA}answers/{file}" in offered
        assert f"{DATA}answers/{file}" not in for_field_staff
    assert f"{DATA}answers/codebook.csv" in for_field_staff


@pytest.mark.parametrize("file", ["extract.xlsx", "answers/all.xlsx"])
def test_a_workbook_that_takes_long_is_not_made_while_the_page_waits(
    client, wave, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    monkeypatch.setattr(files, "MOST_CELLS", 11)

    page = client.post(f"{DATA}{file}", follow=True).content.decode()

    assert "is not made while a page waits" in page
    assert "Download CSV" in page
    assert not AuditEvent.objects.filter(action__endswith="_downloaded").exists()


def test_every_file_is_told_with_its_size(client, wave) -> None:
    files = {each.title: (each.rows, each.columns) for each in client.get(DATA).context["files"]}

    assert files == {
        "Data": (2, 6),
        "Codebook of the data": (5, 7),
        "Answers, wide": (2, 6),
        "All answers": (None, None),
        "Codebook of the answers": (5, 10),
        "Paradata": (2, 30),
    }


def test_the_paradata_go_out_as_many_as_were_told(client, wave) -> None:
    as_csv = rows(client.post(f"{DATA}paradata.csv"))
    as_json = json.loads(client.post(f"{DATA}paradata.json").getvalue())

    taken = AuditEvent.objects.filter(action="paradata_downloaded").values_list("detail", flat=True)
    assert [row["kind"] for row in as_csv] == [row["kind"] for row in as_json] == KINDS
    assert [each["events"] for each in taken] == [len(KINDS)] * 2


def test_answers_that_do_not_fit_a_worksheet_are_offered_as_csv(
    client, wave, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_COLUMNS", 1)

    page = client.post(f"{DATA}answers/all.xlsx", follow=True)

    assert "a worksheet holds 1. Download CSV" in page.content.decode()
    assert not AuditEvent.objects.filter(action="answers_downloaded").exists()


@pytest.mark.parametrize("file", ["firms.xlsx", "all.csv", "words.csv"])
def test_a_table_of_answers_that_there_is_not_is_not_found(client, wave, file: str) -> None:
    assert client.post(f"{DATA}answers/{file}").status_code == 404


def test_an_imported_wave_has_no_answers_item_by_item(client, survey) -> None:
    make_wave(survey, instrument=None, state="closed")

    assert client.post(f"{DATA}answers/firms.csv").status_code == 404
    assert client.get(f"{DATA}answers/codebook.csv").status_code == 404
    assert b"answers/" not in client.get(DATA).content


def test_a_file_of_made_data_says_so_in_its_name_and_in_itself(client, wave) -> None:
    Wave.objects.update(made_data=True)

    response = client.post(f"{DATA}extract.xlsx")

    assert "knowledge-2025-made-data.xlsx" in response["Content-Disposition"]
    about = openpyxl.load_workbook(io.BytesIO(response.getvalue()))["about"]
    assert "generated by a program" in about["B5"].value


def test_a_format_that_there_is_not_is_not_found(client, wave) -> None:
    assert client.post(f"{DATA}extract.dta").status_code == 404


def test_a_wave_without_responses_says_what_will_stand_here(client, survey) -> None:
    make_wave(survey)

    page = client.get(DATA)

    assert b"No firm has submitted yet" in page.content
    assert b"extract.csv" not in page.content
