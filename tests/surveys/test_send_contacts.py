import json

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from surveys.models import ContactAttempt, ContactStep
from tests.factories import make_case, make_frame, make_stratum, make_unit
from tests.surveys.views.world import open_wave

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave(survey):
    wave = open_wave(survey)
    frame, stratum = make_frame(survey), make_stratum(wave)
    for name, email in (("F0001", "one@firm.example"), ("F0002", "")):
        make_case(wave, stratum, name, unit=make_unit(frame, name, email=email))
    return wave


@pytest.fixture
def send(wave, capsys):
    def run(*more: str) -> dict:
        call_command("send_contacts", "--survey", "knowledge", "--wave", "2025", *more)
        return json.loads(capsys.readouterr().out)

    return run


def test_a_dry_run_lists_exactly_who_would_get_what_and_sends_nothing(send):
    told = send("--offer", "--dry-run")

    assert [(step["kind"], step["on"]) for step in told["steps"]] == [
        ("invitation", "2026-09-01"),
        ("thank_you", "2026-09-02"),
        ("reminder", "2026-09-15"),
        ("reminder", "2026-09-22"),
        ("nudge", "2026-12-24"),
        ("last_call", "2026-12-29"),
    ]
    assert told["steps"][0]["who"] == ["F0001"]
    assert told["steps"][0]["left_out"] == [{"case": "F0002", "reason": "no_address"}]
    assert ContactAttempt.objects.count() == len(mail.outbox) == 0


def test_one_step_goes_out_now_and_only_once(send):
    send("--offer", "--dry-run")
    key = str(ContactStep.objects.get(kind="invitation").pk)

    first, second = send("--step", key), send("--step", key)

    assert (first["queued"], first["sent"]) == (1, 1)
    assert (second["queued"], second["sent"]) == (0, 0)
    assert [message.to for message in mail.outbox] == [["one@firm.example"]]


def test_what_cannot_be_sent_is_refused_in_a_sentence(send, wave, settings):
    send("--offer", "--dry-run")
    key = str(ContactStep.objects.get(kind="invitation").pk)
    with pytest.raises(CommandError, match="no step 999999"):
        send("--step", "999999")
    settings.PRODUCTION, usual = True, settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    with pytest.raises(CommandError, match="EMAIL_URL"):
        send("--step", key)
    settings.PRODUCTION, settings.EMAIL_BACKEND = False, usual
    settings.PUBLIC_URL = ""
    with pytest.raises(CommandError, match="PUBLIC_URL"):
        send("--step", key)
    wave.state = "closed"
    wave.save()
    with pytest.raises(CommandError, match="not open"):
        send("--step", key)
