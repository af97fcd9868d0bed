"""Paradata as files: every kind documented, pseudonymous, without answers, notes or codes."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from surveys.fieldwork.paradata import EVENT_KINDS, PageVisit, device_class, visit_from
from surveys.models import AuditEvent, Case, CaseEvent, Response
from surveys.queries.paradata import COLUMNS
from tests.factories import NOON
from tests.surveys.firms import admitted, save

DOCUMENT = Path("docs/explanation/paradata.md")
SOURCE = Path("surveys")


@pytest.fixture
def filled(case: Case) -> Case:
    client = admitted(case)
    save(client, case, "size", employment="4711", employment_first="4000", turnover="")
    CaseEvent.objects.create(
        case=case,
        kind="disposition",
        at=NOON,
        detail={"before": "started", "after": "refusal", "note": "angry Mr Smith", "by": "ben"},
    )
    Response.objects.update(layouts={"cooperation": "stacked"})
    return case


def exported(case: Case, capsys, file_format: str) -> str:
    call_command("export_paradata", case.wave.survey.slug, case.wave.slug, "--format", file_format)
    return capsys.readouterr().out


def test_every_kind_of_event_is_documented_and_no_other():
    told = {}
    for kind, meaning, details in re.findall(
        r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", DOCUMENT.read_text(encoding="utf-8"), re.M
    ):
        told[kind] = (meaning, tuple(re.findall(r"`(\w+)`", details)))

    assert told == {kind: (each.meaning, each.details) for kind, each in EVENT_KINDS.items()}


def test_no_event_is_written_that_has_no_kind():
    written = {
        kind
        for path in SOURCE.rglob("*.py")
        for kind in re.findall(
            r'(?:CaseEvent[^"]{0,80}kind=|_note\([^"]{0,40})"(\w+)"', path.read_text("utf-8")
        )
    }

    assert len(written) > 5
    assert written - set(EVENT_KINDS) == set()


def test_every_exported_detail_has_a_column():
    assert {detail for each in EVENT_KINDS.values() for detail in each.details} <= set(COLUMNS)


def test_the_csv_has_a_row_an_event_and_nothing_that_was_said(filled: Case, capsys):
    text = exported(filled, capsys, "csv")
    rows = list(csv.DictReader(io.StringIO(text)))

    assert {row["kind"] for row in rows} >= {"admitted", "begun", "page_saved", "layouts"}
    assert {row["pseudonym"] for row in rows} == {filled.pseudonym}
    assert json.loads(rows[-1]["layouts"]) == {"cooperation": "stacked"}
    for secret in ("4711", "Smith", "Nord AS", "127.0.0.1", "hint"):
        assert secret not in text


def test_the_json_says_the_same(filled: Case, capsys):
    events = json.loads(exported(filled, capsys, "json"))

    recorded = next(each for each in events if each["kind"] == "disposition")
    assert recorded["after"] == "refusal"
    assert "note" not in recorded


def test_a_file_that_cannot_be_written_and_a_wave_that_is_not_there_are_named(case: Case):
    names = (case.wave.survey.slug, case.wave.slug)
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_paradata", *names, "--out", "/nowhere/at/all.csv")
    with pytest.raises(CommandError, match="no wave"):
        call_command("export_paradata", names[0], "absent")


def test_analysts_download_it_and_are_audited(filled: Case, ada, eve):
    from tests.factories import make_member

    make_member(ada, filled.wave.survey)
    address = f"/research/{filled.wave.survey.slug}/{filled.wave.slug}/data/paradata.csv"
    stranger, analyst = Client(), Client()
    stranger.force_login(eve)
    analyst.force_login(ada)

    assert stranger.post(address).status_code == 404
    answer = analyst.post(address)

    assert answer.status_code == 200
    assert answer.getvalue().startswith(b"pseudonym,at,kind")
    assert AuditEvent.objects.filter(action="paradata_downloaded", user=ada).exists()
    assert analyst.post(address.replace("csv", "exe")).status_code == 404


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148", "phone"),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/120 Mobile Safari/537.36", "phone"),
        ("Mozilla/5.0 (Linux; Android 13; SM-X700) Chrome/120 Safari/537.36", "tablet"),
        ("Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X)", "tablet"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120", "desktop"),
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/120", "desktop"),
        ("curl/8.0", "unknown"),
        ("", "unknown"),
    ],
)
def test_of_the_browser_only_the_class_of_device_is_known(agent: str, device: str):
    assert device_class(agent) == device


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"_entered": "yesterday"},
        {"_entered": "99999999999999"},
        {"_entered": str(int(NOON.timestamp()) + 5)},
        {"_entered": "-1"},
    ],
)
def test_a_visit_that_cannot_be_is_no_visit(told: dict[str, str]):
    assert visit_from(told, {"x"}, NOON) is None


@pytest.mark.parametrize(
    "changes", ["[", "[1]", '{"x": -1}', '{"x": true}', '{"y": 3}', "[" * 9999]
)
def test_nonsense_of_a_browser_is_left_out(changes: str):
    entered = str(int(NOON.timestamp()) - 10)
    visit = visit_from(
        {"_entered": entered, "_visible": "999999999", "_hidden": "9" * 10, "_changes": changes},
        {"x"},
        NOON,
    )

    assert isinstance(visit, PageVisit)
    assert (visit.open, visit.visible, visit.hidden, visit.changes) == (10, 11, 10_000, {})
