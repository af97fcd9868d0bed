"""The command that compares two versions of an instrument."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from surveys.actions import instruments
from tests.surveys.questionnaire.authored import SMALL

pytestmark = pytest.mark.django_db
FILE = SMALL / "skips_when_no.yaml"


def run(*arguments: object) -> str:
    out = io.StringIO()
    call_command("compare_instruments", *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.fixture
def reworded(tmp_path: Path) -> Path:
    path = tmp_path / "new.yaml"
    text = FILE.read_text().replace("version: '1'", "version: '2'")
    path.write_text(text.replace("Share of sales", "Share of all sales"))
    return path


def test_the_report_has_every_variable_with_what_follows(reworded: Path, tmp_path: Path) -> None:
    table = run(FILE, reworded, "--report", tmp_path / "report.json")

    report = json.loads((tmp_path / "report.json").read_text())
    assert report["counts"]["reworded"] == 1
    assert sum(report["counts"].values()) == len(report["variables"])
    (change,) = [each for each in report["variables"] if each["kind"] == "reworded"]
    assert (change["variable"], change["poolable"]) == ("sales", "with_care")
    assert change["details"] == [
        {
            "kind": "reworded",
            "what": "label",
            "old": "Share of sales",
            "new": "Share of all sales",
        }
    ]
    assert (report["old"]["version"], report["new"]["version"]) == ("1", "2")
    assert [each["item"] for each in report["items"] if each["old"] != each["new"]] == ["sales"]
    assert "reworded       1" in table
    assert "sales  Reworded (label)" in table


def test_published_instruments_are_named_by_version(reworded: Path) -> None:
    for path in (FILE, reworded):
        instruments.publish(text=path.read_text(), by=None, at=timezone.now())

    assert run("skips-when-no@1", "skips-when-no@2") == run(FILE, reworded)


@pytest.mark.parametrize("named", ["skips-when-no@9", "gone.yaml"])
def test_what_is_not_there_is_told(named: str) -> None:
    with pytest.raises(CommandError, match=named):
        run(FILE, named)


def test_a_file_with_problems_is_refused_with_all_of_them(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(FILE.read_text().replace("new_good = 'yes'", "new_godd = 'yes'"))

    with pytest.raises(CommandError, match=r"\[unknown_item\]") as error:
        run(FILE, path)

    assert str(error.value).count("\n") >= 2


def test_a_file_that_is_no_text_or_too_large_is_refused(tmp_path: Path) -> None:
    binary, large = tmp_path / "a.yaml", tmp_path / "b.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    with large.open("wb") as file:
        file.truncate(100_000_000)

    with pytest.raises(CommandError, match="not text in UTF-8"):
        run(FILE, binary)
    with pytest.raises(CommandError, match="100000000 bytes"):
        run(FILE, large)
    with pytest.raises(CommandError, match="cannot be read"):
        run(FILE, tmp_path)


def test_a_report_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        run(FILE, FILE, "--report", tmp_path / "no" / "report.json")


def test_a_name_that_no_file_can_have_is_no_file() -> None:
    with pytest.raises(CommandError, match="no published instrument"):
        run(FILE, "a" * 5_000 + "@1")
