import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from surveys.models import Frame, FrameUpload, Survey

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def told(path: Path, *options: str, fails: bool = False) -> dict[str, Any]:
    out = StringIO()
    arguments = ("load_frame", str(path), "--survey", "knowledge", *options)
    if fails:
        with pytest.raises(CommandError, match="Nothing was loaded"):
            call_command(*arguments, stdout=out)
    else:
        call_command(*arguments, stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "register.csv"
    path.write_text("Orgnr;Navn;Ansatte\n1;Ås;20\n2;Bø;300\n", encoding="utf-8")
    return path


def test_a_file_is_loaded_by_its_names(survey: Survey, register: Path) -> None:
    answer = told(register)

    assert (answer["usable"], answer["frame"], answer["units"]) == (True, 1, 2)
    assert answer["mapping"]["columns"]["employees"] == "Ansatte"
    assert Frame.objects.get().fingerprint == answer["fingerprint"]


def test_a_check_writes_nothing(survey: Survey, register: Path) -> None:
    answer = told(register, "--check")

    assert (answer["usable"], answer["rows"], answer["total"]) == (True, 2, 0)
    assert not FrameUpload.objects.exists()


def test_problems_are_told_and_nothing_is_left(survey: Survey, register: Path) -> None:
    register.write_text("id,name,employees\n1,A,-2\n1,B,3\n1,C,3\n")

    for option in ((), ("--check",)):
        answer = told(register, *option, fails=True)

        assert answer["total"] == 2
        assert {each["code"] for each in answer["problems"]} == {
            "negative_size",
            "duplicate_register_id",
        }
    assert not FrameUpload.objects.exists()
    assert not Frame.objects.exists()


def test_a_mapping_file_is_used_and_a_wrong_one_refused(
    survey: Survey, register: Path, tmp_path: Path
) -> None:
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps({"columns": {"register_id": "Orgnr", "name": "Navn"}}))
    assert "employees" not in told(register, "--mapping", str(mapping), "--check")["mapping"]

    mapping.write_text(json.dumps({"columns": {"register_id": "Orgnr"}}))
    assert told(register, "--mapping", str(mapping), fails=True)["problems"][0]["code"] == (
        "unmapped"
    )
    mapping.write_text("{")
    with pytest.raises(CommandError, match="JSON"):
        told(register, "--mapping", str(mapping))
