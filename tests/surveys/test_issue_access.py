import csv
import io
import json
import stat

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from surveys.actions import invitations
from surveys.models import AuditEvent, Invitation
from tests.factories import make_case, make_stratum
from tests.surveys.views.world import case_with_code, open_wave

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave(survey):
    """One firm without a code, one with, one that has submitted."""
    wave = open_wave(survey)
    stratum = make_stratum(wave)
    make_case(wave, stratum, "F0001", firm_name="=HYPERLINK(1)")
    case_with_code(wave, "F0002")
    make_case(wave, stratum, "F0003", disposition="complete")
    return wave


def issue(path, *more: str) -> list[dict[str, str]]:
    call_command(
        "issue_access", "--survey", "knowledge", "--wave", "2025", "--out", str(path), *more
    )
    return list(csv.DictReader(io.StringIO(path.read_text())))


def test_codes_of_the_file_open_the_questionnaires_of_their_firms(wave, tmp_path, capsys):
    path = tmp_path / "codes.csv"

    rows = issue(path)

    assert [row["pseudonym"] for row in rows] == ["F0001"]
    assert invitations.admit(code=rows[0]["access_code"], at=timezone.now()).pseudonym == "F0001"
    assert rows[0]["path"] == f"/answer/{rows[0]['access_code']}/"
    assert rows[0]["firm"] == "'=HYPERLINK(1)"
    assert json.loads(capsys.readouterr().out) == {"issued": 1, "file": str(path)}
    assert AuditEvent.objects.filter(action="codes_issued").count() == 1


def test_only_the_owner_can_read_the_file(wave, tmp_path):
    issue(tmp_path / "codes.csv")

    assert stat.S_IMODE((tmp_path / "codes.csv").stat().st_mode) == 0o600


def test_one_firm_gets_another_code_when_its_letter_was_lost(wave, tmp_path):
    rows = issue(tmp_path / "codes.csv", "--case", "F0002")

    assert [row["pseudonym"] for row in rows] == ["F0002"]
    assert Invitation.objects.filter(case__pseudonym="F0002").count() == 2


def test_no_code_is_issued_when_the_file_cannot_be_written(wave, tmp_path):
    (tmp_path / "codes.csv").write_text("kept")
    before = Invitation.objects.count()

    with pytest.raises(CommandError, match="there already"):
        issue(tmp_path / "codes.csv")
    with pytest.raises(CommandError, match="cannot be written"):
        issue(tmp_path / "nowhere" / "codes.csv")

    assert (tmp_path / "codes.csv").read_text() == "kept"
    assert Invitation.objects.count() == before


def test_a_case_that_cannot_answer_gets_no_code(wave, tmp_path):
    with pytest.raises(CommandError, match="no case “F0003” that may still answer"):
        issue(tmp_path / "codes.csv", "--case", "F0003")

    assert not (tmp_path / "codes.csv").exists()


def test_a_closed_wave_gets_no_codes(wave, tmp_path):
    wave.state = "closed"
    wave.save()

    with pytest.raises(CommandError, match="not open"):
        issue(tmp_path / "codes.csv")


def test_a_rotated_code_ends_the_earlier_ones_of_that_firm(wave, tmp_path):
    [row] = issue(tmp_path / "codes.csv", "--case", "F0002", "--rotate")

    [good] = Invitation.objects.filter(case__pseudonym="F0002", revoked_at=None)
    assert row["access_code"].startswith(good.hint)
    assert Invitation.objects.filter(case__pseudonym="F0002").count() == 2


def test_only_one_firm_s_codes_are_rotated_at_a_time(wave, tmp_path):
    with pytest.raises(CommandError, match="name it with --case"):
        issue(tmp_path / "codes.csv", "--rotate")

    assert not (tmp_path / "codes.csv").exists()
