"""Answers item by item, on the command line."""

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from surveys import questionnaire
from surveys.exports import spreadsheet
from surveys.exports.formulas import opens_a_formula, restored
from surveys.models import AuditEvent, Case, PageVersion, Response, User, Wave
from surveys.queries.answer_tables import answer_tables
from tests.factories import (
    NOON,
    make_case,
    make_instrument,
    make_response,
    make_stratum,
    make_survey,
    make_wave,
)
from tests.surveys.questionnaire.authored import small

pytestmark = pytest.mark.django_db

NAMED = ("--survey", "knowledge", "--wave", "2025")
WHOLE = small("whole_language")
OF_RESPONSE = ["response__completeness", "response__mode", "response__entered_by"]
ANSWERS: dict[str, Any] = {
    "employment_last": 12,
    "origin": ["staff"],
    "sources.filter": ["suppliers"],
    "sources.suppliers": {"used": "yes", "scale": ["local"], "visits": {"local": 3}},
    "partners": [{"entry": "ab12", "name": "Very Secret AS", "type": "supplier"}],
}


@pytest.fixture
def wave() -> Wave:
    instrument = make_instrument(dict(WHOLE.document), fingerprint=WHOLE.fingerprint)
    wave = make_wave(make_survey(), instrument=instrument, state=Wave.State.CLOSED)
    stratum = make_stratum(wave)
    for name, answers, handed_in in (("F1", ANSWERS, NOON), ("F2", {}, NOON), ("F3", {}, None)):
        make_response(
            make_case(wave, stratum, name), answers, submitted_at=handed_in, reference=f"R-{name}"
        )
    return wave


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_variable_stands_in_the_file_for_every_firm_that_handed_in(wave, tmp_path, capsys):
    call_command("export_answers", *NAMED, "--out", str(tmp_path / "a.csv"))

    told = json.loads(capsys.readouterr().out)
    first, second = rows_of(tmp_path / "a.csv")
    columns = [column.name for column in questionnaire.wide_columns(WHOLE)]
    assert list(first) == ["pseudonym", *OF_RESPONSE, *columns]
    assert (told["firms"], told["variables"]) == (2, len(columns))
    assert (first["pseudonym"], first["employment_last"], first["origin.staff"]) == (
        "F1",
        "12",
        "1",
    )
    assert first["sources.suppliers.visits.local"] == "3"
    assert (first["partners.entries"], second["partners.entries"]) == ("1", ".b")
    assert all(second.values())
    described = [row["variable"] for row in rows_of(tmp_path / "a-codebook.csv")]
    of_roster = rows_of(tmp_path / "a-roster-partners.csv")
    assert described == [*OF_RESPONSE, *columns, *list(of_roster[0])[1:]]


def test_partials_by_the_rule_of_the_closing_are_in_and_flagged(wave, tmp_path):
    Case.objects.filter(pseudonym="F3").update(disposition="partial", final_code="1.2")

    call_command("export_answers", *NAMED, "--out", str(tmp_path / "a.csv"))

    told = {row["pseudonym"]: row["response__completeness"] for row in rows_of(tmp_path / "a.csv")}
    assert told == {"F1": "complete", "F2": "complete", "F3": "partial"}


def test_how_answers_came_stands_beside_them_with_no_name(wave, tmp_path):
    office = User.objects.create_user("very.secret", last_name="Secret")
    response = Response.objects.get(case__pseudonym="F2")
    PageVersion.objects.create(
        response=response, page="size", revision=1, answers={}, saved_at=NOON, by=office
    )

    call_command("export_answers", *NAMED, "--out", str(tmp_path / "a.csv"))

    told = [
        (row["pseudonym"], row["response__mode"], row["response__entered_by"])
        for row in rows_of(tmp_path / "a.csv")
    ]
    assert told == [("F1", "web", "firm"), ("F2", "phone", "office")]
    assert "ecret" not in (tmp_path / "a.csv").read_text()
    (described,) = (
        row
        for row in rows_of(tmp_path / "a-codebook.csv")
        if row["variable"] == "response__entered_by"
    )
    assert "office = Other persons of the institute" in described["codes"]


def test_batteries_are_long(wave, tmp_path):
    call_command("export_answers", *NAMED, "--out", str(tmp_path / "a.csv"))

    cells = rows_of(tmp_path / "a-batteries.csv")
    assert {
        "pseudonym": "F1", "battery": "sources", "row": "suppliers",
        "facet": "visits", "column": "local", "value": "3",
    } in cells  # fmt: skip
    of = [sum(cell["pseudonym"] == firm for cell in cells) for firm in ("F1", "F2")]
    assert of[0] == of[1] > 0


def test_a_roster_is_a_table_with_a_row_an_entry(wave, tmp_path, capsys):
    call_command("export_answers", *NAMED, "--out", str(tmp_path / "a.csv"))

    (entry,) = rows_of(tmp_path / "a-roster-partners.csv")
    assert entry["pseudonym"] == "F1"
    assert (entry["partners.entry"], entry["partners.entry.number"]) == ("ab12", "1")
    assert (entry["partners.entry.prior"], entry["partners.entry.last"]) == (".a", ".a")
    assert (entry["partners.name"], entry["partners.type"]) == (".z", "supplier")
    assert json.loads(capsys.readouterr().out)["roster_entries"] == 1


def test_what_firms_wrote_is_withheld_unless_it_is_asked_for(wave, tmp_path):
    call_command("export_answers", *NAMED, "--out", str(tmp_path / "a.csv"))
    call_command("export_answers", *NAMED, "--out", str(tmp_path / "b.csv"), "--with-words")

    withheld, given = rows_of(tmp_path / "a.csv")[0], rows_of(tmp_path / "b.csv")[0]
    assert (withheld["partners.1.name"], withheld["partners.2.name"]) == (".z", ".a")
    assert given["partners.1.name"] == "Very Secret AS"
    assert [event.detail["with_words"] for event in AuditEvent.objects.order_by("pk")] == [
        False,
        True,
    ]


def test_a_workbook_has_the_same_tables(wave, tmp_path):
    call_command("export_answers", *NAMED, "--out", str(tmp_path / "a.xlsx"))

    book = openpyxl.load_workbook(tmp_path / "a.xlsx", read_only=True)
    assert book.sheetnames == ["answers", "codebook", "batteries", "roster partners"]


@pytest.mark.parametrize(("out", "why"), [("a.txt", "must end in"), ("no/a.csv", "be written")])
def test_a_file_that_cannot_be_written_is_told(wave, tmp_path, out, why):
    with pytest.raises(CommandError, match=why):
        call_command("export_answers", *NAMED, "--out", str(tmp_path / out))
    assert not AuditEvent.objects.exists()


def test_an_imported_wave_has_no_items(db, tmp_path):
    make_wave(make_survey(), instrument=None, state=Wave.State.CLOSED)

    with pytest.raises(CommandError, match="no items"):
        call_command("export_answers", *NAMED, "--out", str(tmp_path / "a.csv"))


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map("={}".format))
def test_what_is_exported_reads_back_as_what_was_answered(wave, tmp_path, text):
    answers = ANSWERS | {"partners": [{"entry": "ab12", "name": text, "type": "supplier"}]}
    Response.objects.filter(case__pseudonym="F1").update(answers=answers)

    for name in ("a.csv", "a.xlsx"):
        call_command("export_answers", *NAMED, "--out", str(tmp_path / name), "--with-words")

    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    header, first, _ = book["answers"].values
    read = dict(zip(header, first, strict=True))
    (entry,) = rows_of(tmp_path / "a-roster-partners.csv")
    wide = rows_of(tmp_path / "a.csv")[0]
    assert opens_a_formula(text)
    assert restored(entry["partners.name"]) == restored(wide["partners.1.name"]) == text
    assert not opens_a_formula(entry["partners.name"]) or entry["partners.name"][0] == "'"
    assert unescape(read["partners.1.name"]) == text
    assert (read["employment_last"], wide["employment_last"]) == (12, "12")
    assert {cell.data_type for sheet in book for row in sheet.rows for cell in row} <= {"s", "n"}


def test_a_wave_too_long_for_a_worksheet_is_refused_and_leaves_no_file(wave, tmp_path, monkeypatch):
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 2)

    with pytest.raises(CommandError, match=r"“answers” would have 2 rows or more.*Write CSV\."):
        call_command("export_answers", *NAMED, "--out", str(tmp_path / "a.xlsx"))

    assert list(tmp_path.iterdir()) == []
    assert not AuditEvent.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_firms(wave):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            list(answer_tables(Wave.objects.select_related("survey", "instrument").get(pk=wave.pk)))
        return len(caught)

    before = queries()
    for number in range(10, 30):
        case = make_case(wave, wave.strata.get(), f"F{number}")
        make_response(case, ANSWERS, submitted_at=NOON, reference=f"R-{number}")

    assert queries() == before
