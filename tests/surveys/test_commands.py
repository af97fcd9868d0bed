"""The commands about waves and instruments."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from surveys.fieldwork.codes import final
from surveys.fieldwork.rates import FORMULAS
from surveys.models import AuditEvent, Case, Survey, Wave
from tests.factories import NOON, make_case, make_response, make_stratum
from tests.surveys.views.world import INSTRUMENT, open_wave

pytestmark = pytest.mark.django_db
NAMED = ("--survey", "knowledge", "--wave", "2025")


@pytest.fixture
def wave(survey: Survey) -> Wave:
    """Stratum a: one complete and one started case; stratum b: one without a reply."""
    wave = open_wave(survey)
    first, second = make_stratum(wave, "a"), make_stratum(wave, "b", population=None)
    make_case(wave, first, "A1", disposition="complete", design_weight=30)
    make_case(wave, first, "A2", disposition="started")
    make_case(wave, second, "B1")
    return wave


def run(name: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def test_the_fieldwork_report_has_dispositions_and_rates_by_stratum(wave: Wave) -> None:
    report = json.loads(run("fieldwork_report", *NAMED))

    assert (report["survey"], report["wave"], report["cases"]) == ("knowledge", "2025", 3)
    assert report["dispositions"]["complete"] == 1
    assert report["rates"][0] == {
        "name": "RR1",
        "formula": "I / ((I + P) + (R + NC + O) + U)",
        "plain": 1 / 3,
        "weighted": 30 / 50,
    }
    assert [(each["stratum"], each["cases"]) for each in report["strata"]] == [("a", 2), ("b", 1)]


def test_the_fieldwork_report_by_what_the_frame_has_not_is_refused(wave: Wave) -> None:
    with pytest.raises(CommandError, match="--by is one of size_class, industry, region"):
        run("fieldwork_report", *NAMED, "--by", "nothing")


def test_the_fieldwork_report_as_csv_has_a_row_a_stratum_and_one_for_all(wave: Wave) -> None:
    rows = list(csv.DictReader(io.StringIO(run("fieldwork_report", *NAMED, "--format", "csv"))))

    assert [(row["stratum"], row["complete"], row["RR1"]) for row in rows] == [
        ("a", "1", "0.5"),
        ("b", "0", "0"),
        ("all", "1", str(1 / 3)),
    ]


def test_every_row_of_the_csv_has_all_sixteen_rates_under_one_eligibility(wave: Wave) -> None:
    other = make_stratum(wave, "c", population=10, drawn=4)
    for number, ending in enumerate(("undelivered", "undelivered", "not_eligible", "complete")):
        told = final(ending)
        disposition = {"I": "complete", "NE": "not_eligible"}.get(told.group, "non_contact")
        make_case(wave, other, f"C{number}", disposition=disposition, final_code=told.code)

    rows = list(csv.DictReader(io.StringIO(run("fieldwork_report", *NAMED, "--format", "csv"))))

    assert {name for name in rows[0] if name in FORMULAS} == set(FORMULAS)
    assert all(f"{name}_weighted" in rows[0] for name in FORMULAS)
    stratum = next(row for row in rows if row["stratum"] == "c")
    e = 4 / 5
    assert float(stratum["RR1"]) == pytest.approx(1 / 3)
    assert float(stratum["RR3"]) == pytest.approx(1 / (1 + 2 * e))
    assert float(stratum["RR5"]) == 1


def test_a_wave_is_opened_and_closed(wave: Wave) -> None:
    Wave.objects.update(state="draft")

    assert json.loads(run("open_wave", *NAMED)) == {"wave": "2025", "state": "open"}
    closed = json.loads(run("close_wave", *NAMED))

    assert closed["state"] == Wave.objects.get().state == "closed"
    assert {name: number for name, number in closed["dispositions"].items() if number} == {
        "complete": 1,
        "refusal": 1,
        "non_contact": 1,
    }


@pytest.mark.parametrize("command", ["open_wave", "close_wave"])
def test_a_closed_wave_is_neither_opened_nor_closed(wave: Wave, command: str) -> None:
    Wave.objects.update(state="closed")

    with pytest.raises(CommandError):
        run(command, *NAMED)

    assert Case.objects.filter(disposition="started").count() == 1


def submitted(wave: Wave) -> None:
    make_response(
        wave.cases.get(pseudonym="A1"),
        {"employment_last": 12},
        page_revisions={"size": 1},
        submitted_at=NOON,
        reference="R1",
    )


def test_the_extract_is_written_as_csv_with_its_codebook_beside(wave: Wave, tmp_path: Path) -> None:
    submitted(wave)
    target = tmp_path / "wave.csv"

    told = json.loads(run("export_wave", *NAMED, "--out", str(target)))

    beside = tmp_path / "wave-codebook.csv"
    assert told == {
        "files": [str(target), str(beside)],
        "firms": 1,
        "variables": 5,
        "made_data": False,
    }
    assert target.read_text().splitlines() == [
        "pseudonym,control.employment,weight,stratum,cluster,population",
        "A1,12,60,a,A1,100",
    ]
    assert beside.read_text().splitlines()[1].startswith("control.employment,")
    assert AuditEvent.objects.get(action="extract_downloaded").detail == {
        "wave": "2025",
        "format": "csv",
        "firms": 1,
    }


def test_the_extract_is_written_as_a_workbook(wave: Wave, tmp_path: Path) -> None:
    submitted(wave)
    target = tmp_path / "wave.xlsx"

    run("export_wave", *NAMED, "--out", str(target))

    assert openpyxl.load_workbook(target).sheetnames == ["data", "codebook", "about"]


@pytest.mark.parametrize("name", ["wave.dta", "absent/wave.csv"])
def test_a_file_that_cannot_be_written_is_named(wave: Wave, tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError, match=r"wave\.\w+"):
        run("export_wave", *NAMED, "--out", str(tmp_path / name))

    assert not AuditEvent.objects.exclude(action="instrument_published").exists()


@pytest.mark.parametrize("command", ["open_wave", "close_wave", "fieldwork_report"])
def test_a_wave_that_is_not_there_is_named(survey: Survey, command: str) -> None:
    with pytest.raises(CommandError, match="no wave “2025” in a survey “knowledge”"):
        run(command, *NAMED)


def test_an_instrument_is_published_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(INSTRUMENT)

    told = json.loads(run("publish_instrument", str(file)))

    assert (told["instrument"], told["version"], len(told["fingerprint"])) == ("small", "1", 64)


def test_every_problem_of_a_file_is_printed_with_exit_status_1(tmp_path: Path, capsys) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(INSTRUMENT.replace("kind: number", "kind: nubmer"))

    with pytest.raises(SystemExit) as caught:
        call_command("publish_instrument", str(file))

    problems = json.loads(capsys.readouterr().out)["problems"]
    assert caught.value.code == 1
    assert [problem["code"] for problem in problems] == ["unknown_kind"]
    assert set(problems[0]) == {"code", "where", "message", "remedy"}


def test_a_version_in_use_for_other_content_is_a_problem(tmp_path: Path, capsys) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(INSTRUMENT)
    run("publish_instrument", str(file))
    file.write_text(INSTRUMENT.replace("Persons", "People"))

    with pytest.raises(SystemExit):
        call_command("publish_instrument", str(file))

    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "version_taken"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run("publish_instrument", str(tmp_path / "absent.yaml"))
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match="it is not text in UTF-8"):
        run("publish_instrument", str(tmp_path / "binary.yaml"))
