import json

import pytest
from django.core.management import CommandError, call_command

from surveys.models import ContactAttempt
from tests.surveys.views.test_mailings import files, step  # noqa: F401 -- a step by letter

pytestmark = pytest.mark.django_db
NAMED = ("print_letters", "--survey", "knowledge", "--wave", "2025")


def test_letters_are_written_to_a_new_file_once(step, tmp_path, capsys):  # noqa: F811
    file = tmp_path / "letters.pdf"

    call_command(*NAMED, "--step", str(step.pk), "--output", str(file))

    told = json.loads(capsys.readouterr().out)
    assert (told["asked"], told["printed"], told["left_out"], told["pages"]) == (1, 1, 0, 1)
    assert file.read_bytes()[:4] == b"%PDF"
    with pytest.raises(CommandError, match="is there already"):
        call_command(*NAMED, "--step", str(step.pk), "--output", str(file))
    with pytest.raises(CommandError, match="Nobody would get a letter now"):
        call_command(*NAMED, "--step", str(step.pk), "--output", str(tmp_path / "more.pdf"))
    assert ContactAttempt.objects.get().state == "printed"

    again = tmp_path / "again.pdf"
    call_command(*NAMED, "--step", str(step.pk), "--made", "--output", str(again))
    assert again.read_bytes() == file.read_bytes()
    assert json.loads(capsys.readouterr().out)["printed"] == 1


def test_letters_that_are_not_made_are_not_written(step, tmp_path):  # noqa: F811
    file = tmp_path / "letters.pdf"

    with pytest.raises(CommandError, match="No letters of the step are ready"):
        call_command(*NAMED, "--step", str(step.pk), "--made", "--output", str(file))

    assert not file.exists()
    assert not ContactAttempt.objects.exists()
