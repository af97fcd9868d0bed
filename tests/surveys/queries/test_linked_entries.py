"""Entries of rosters over waves: followed by their key, in columns that mean the same."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from surveys.actions.instruments import publish
from surveys.exports.formulas import opens_a_formula, restored
from surveys.models import AuditEvent, Response, Survey, User, Wave
from surveys.queries.linked import DESIGN, linked
from surveys.queries.panel import panel_waves
from tests.factories import (
    NOON,
    make_case,
    make_frame,
    make_response,
    make_stratum,
    make_unit,
    make_wave,
)
from tests.surveys.panel_roster import text_of

SINTRA = {"entry": "sint2345", "name": "Sintra", "type": "firm", "since": 2014}
LUND = {"entry": "lund2345", "name": "Lund", "type": "university", "since": 1999}
FLAGS = {"ties": "shown", "ties/sint2345": "changed", "ties/lund2345": "gone"}
PANEL = "/research/knowledge/panel/"


def wave_of(survey: Survey, year: int, text: str, *listed: Any, flags: Any = None) -> Wave:
    """One firm with these lists of partners, a second that names none."""
    wave = make_wave(
        survey,
        str(year),
        instrument=publish(text=text, by=None, at=NOON),
        frame=make_frame(survey),
        state="closed",
        reference_last_year=year,
    )
    stratum = make_stratum(wave, population=20, drawn=2)
    for number, entries in enumerate((list(listed), [])):
        unit = make_unit(wave.frame, f"R{number}", name="Very Secret AS")
        name = f"{year}-{number}"
        case = make_case(wave, stratum, name, unit=unit, disposition="complete")
        make_response(
            case,
            {"ties": entries},
            prior_flags=(flags or {}) if entries else {},
            submitted_at=NOON,
            reference=f"M-{name}",
            page_revisions={"ties": 1},
        )
    return wave


@pytest.fixture
def waves(survey: Survey) -> tuple[Wave, ...]:
    """Sintra is named again as another kind of partner, Lund has gone, Oslo is new."""
    changed = text_of("confirmed").replace('"1"', '"2"').replace("Since when", "First met")
    changed = changed.replace("kind: year", "kind: number").replace(", maximum: 2026", "")
    wave_of(survey, 2023, text_of("confirmed"), SINTRA, LUND)
    again = {**SINTRA, "type": "university"}
    oslo = {"entry": "oslo2345", "name": "Oslo", "type": "firm", "since": 2024}
    wave_of(survey, 2025, changed, again, oslo, flags=FLAGS)
    return panel_waves(survey)


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_an_entry_is_followed_by_its_key(waves: tuple[Wave, ...]) -> None:
    found = linked(waves)
    roster = found.roster("ties")
    rows = [dict(zip((*DESIGN, *roster.names), row, strict=True)) for row in found.entries(roster)]

    assert [
        (row["firm"], row["wave"], row["ties.entry"], row["ties.entry.prior"], row["ties.type"])
        for row in rows
    ] == [
        ("2023-0", "2023", "sint2345", ".a", "firm"),
        ("2023-0", "2023", "lund2345", ".a", "university"),
        ("2023-0", "2025", "sint2345", "changed", "university"),
        ("2023-0", "2025", "oslo2345", "new", "firm"),
        ("2023-0", "2025", "lund2345", "gone", ".a"),
    ]
    assert {row["longitudinal_weight"] for row in rows} == {10.0}


def test_only_what_means_the_same_of_an_entry_is_pooled(waves: tuple[Wave, ...]) -> None:
    roster = linked(waves).roster("ties")

    assert roster.names[4:] == ("ties.name", "ties.type")
    assert roster.left_out == (("ties.since", "its question changed between the waves"),)
    with pytest.raises(KeyError):
        linked(waves).roster("none")


def test_a_roster_that_a_wave_has_not_is_not_linked(survey: Survey) -> None:
    other = text_of("").replace('"1"', '"2"').replace("ties", "friends")
    wave_of(survey, 2023, text_of(""), SINTRA)
    wave_of(survey, 2025, other)

    assert linked(panel_waves(survey)).rosters == ()


def test_the_command_writes_entries_and_codebook_beside_the_panel(
    waves: tuple[Wave, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("export_panel", "--survey", "knowledge", "--out", str(tmp_path / "p.csv"))

    told = json.loads(capsys.readouterr().out)
    names = ["p.csv", "p-codebook.csv", "p-roster-ties.csv"]
    assert told["files"] == [str(tmp_path / name) for name in names]
    assert list(told["rosters"]["ties"]["left_out"]) == ["ties.since"]
    written = rows_of((tmp_path / "p-roster-ties.csv").read_bytes())
    assert {row["ties.name"] for row in written} == {".z", ".a"}
    described = rows_of((tmp_path / "p-codebook.csv").read_bytes())
    assert [row["variable"] for row in described if row["file"] == "roster-ties"] == [
        *written[0],
        "ties.since",
    ]
    assert described[-1]["pooled"] == "no: its question changed between the waves"
    assert AuditEvent.objects.filter(action="panel_downloaded").values_list(
        "detail", flat=True
    ).get() == {
        "waves": ["2023", "2025"],
        "format": "csv",
        "firms": 2,
        "with_words": False,
        "table": "all",
    }


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map("@{}".format))
def test_words_that_are_asked_for_read_back_and_are_no_formula(
    waves: tuple[Wave, ...], tmp_path: Path, text: str
) -> None:
    entries = {"ties": [{**SINTRA, "name": text}]}
    Response.objects.filter(case__pseudonym="2023-0").update(answers=entries)

    for name in ("p.csv", "p.xlsx"):
        call_command(
            *("export_panel", "--survey", "knowledge", "--with-words"),
            *("--out", str(tmp_path / name)),
        )

    book = openpyxl.load_workbook(tmp_path / "p.xlsx")
    written = rows_of((tmp_path / "p-roster-ties.csv").read_bytes())
    place = [cell.value for cell in book["roster ties"][1]].index("ties.name")
    assert opens_a_formula(text)
    assert written[0]["ties.name"][0] == "'"
    assert restored(written[0]["ties.name"]) == text
    assert unescape(book["roster ties"][2][place].value) == text
    assert {cell.data_type for sheet in book for row in sheet.rows for cell in row} <= {"s", "n"}


def test_an_analyst_downloads_each_file_and_that_is_audited(
    waves: tuple[Wave, ...], ada: User
) -> None:
    client = Client()
    client.force_login(ada)
    page = client.get(PANEL).content.decode()

    panel = rows_of(client.post(f"{PANEL}firms.csv").getvalue())
    entries = client.post(f"{PANEL}roster-ties.csv")
    described = rows_of(client.post(f"{PANEL}codebook.csv").content)
    book = openpyxl.load_workbook(io.BytesIO(client.post(f"{PANEL}all.xlsx").getvalue()))

    assert [(row["firm"], row["wave"]) for row in panel] == [
        *(("2023-0", "2023"), ("2023-0", "2025"), ("2023-1", "2023"), ("2023-1", "2025"))
    ]
    assert entries["Content-Disposition"].endswith('"knowledge-panel-roster-ties.csv"')
    assert len(rows_of(entries.getvalue())) == 5
    assert described[0]["variable"] == "firm"
    assert book.sheetnames == ["panel", "codebook", "roster ties"]
    for file in ("firms.csv", "roster-ties.csv", "codebook.csv", "all.xlsx"):
        assert f"{PANEL}{file}" in page
    taken = AuditEvent.objects.filter(action="panel_downloaded").values_list("detail", flat=True)
    assert [each["table"] for each in taken] == ["firms", "roster-ties", "codebook", "all"]


@pytest.mark.parametrize("file", ["firms.xlsx", "all.csv", "roster-none.csv"])
def test_a_linked_file_that_there_is_not_is_not_found(
    waves: tuple[Wave, ...], ada: User, file: str
) -> None:
    client = Client()
    client.force_login(ada)

    assert client.post(f"{PANEL}{file}").status_code == 404


def test_no_name_of_a_firm_leaves_with_the_panel(waves: tuple[Wave, ...], ada: User) -> None:
    client = Client()
    client.force_login(ada)

    for file in ("firms.csv", "roster-ties.csv"):
        content = client.post(f"{PANEL}{file}").getvalue()
        for secret in (b"ecret", b"Sintra", b"R0"):
            assert secret not in content
