"""The queue is down or hangs: no page fails, what was asked for waits, and the page says so."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from config import broker, workers
from surveys.actions import contacts
from surveys.fieldwork.protocols import StepPlan
from surveys.models import (
    ContactAttempt,
    FieldworkRefresh,
    FrameUpload,
    Mailing,
    Membership,
    SampleWork,
    User,
    WeightingRequest,
)
from surveys.views.waiting import WAITS
from tests.factories import NOON, make_member, make_user, make_wave
from tests.surveys.actions.test_frames import MAPPING, received
from tests.surveys.actions.test_held_works import closed_wave
from tests.surveys.actions.test_sending import WORDS, a_step, make_firms
from tests.surveys.test_draw_sample import make_frame
from tests.surveys.views.test_sample_pages import FIELDS
from tests.surveys.views.world import open_wave

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["refuses", pytest.param("hangs", marks=pytest.mark.slow)])
def dead_queue(request: Any, settings: Any) -> Iterator[None]:
    """A port where nobody listens, and one that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        if request.param == "refuses":
            server.close()
        settings.BROKER_URL = f"redis://127.0.0.1:{port}/0"
        settings.IMPATIENT_TRANSPORT_OPTIONS = broker.impatient_options(
            settings.BROKER_URL, var=settings.VAR
        )
        workers.breaker.reset()
        yield
    workers.breaker.reset()


@pytest.fixture
def page(client: Client, survey: Any, settings: Any, tmp_path: Path, dead_queue: None) -> Client:
    settings.MEDIA_ROOT = tmp_path
    owner: User = make_user("olga")
    make_member(owner, survey, Membership.Role.OWNER)
    client.force_login(owner)
    return client


def asked(page: Client, address: str, data: Any = None) -> tuple[str, float]:
    """What the page says after the request, and how long the request took."""
    began = time.monotonic()
    answer = page.post(address, data or {})
    took = time.monotonic() - began
    assert answer.status_code == 302
    return page.get(answer.url).content.decode(), took


def of(name: str, wave: Any, *more: Any) -> str:
    return reverse(f"surveys:{name}", args=[wave.survey.slug, wave.slug, *more])


def test_weights_wait(page: Client, survey: Any) -> None:
    wave = closed_wave(survey)
    fields = {"method": "none", "least": "10", "count": "200", "seed": "1"}

    said, took = asked(page, of("new_weights", wave), fields)

    assert WAITS in said
    assert "begin by themselves" in said
    assert WeightingRequest.objects.get().state == "waiting"
    assert took < 8


def test_samples_wait(page: Client, survey: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("surveys.actions.sample_work.AT_ONCE", 10)
    wave = make_wave(survey, frame=make_frame(survey))

    said, _ = asked(page, of("plan_sample", wave), FIELDS)

    assert WAITS in said
    assert "Waiting for a worker; it begins by itself" in said
    assert SampleWork.objects.get().state == "waiting"
    again, _ = asked(page, of("sample_work", wave))
    assert WAITS in again
    assert "told once more" not in again


def test_lists_wait(page: Client, survey: Any) -> None:
    found = received(survey)
    address = reverse("surveys:frame_upload", args=[survey.slug, found.pk])
    fields = {f"field_{name}": column for name, column in MAPPING.columns.items()}

    said, _ = asked(page, address, fields | {"decimal": "."})

    assert WAITS in said
    assert FrameUpload.objects.get().state == "loading"


def test_figures_wait(page: Client, survey: Any) -> None:
    wave = open_wave(survey)
    make_firms(wave, ["a"])

    said, _ = asked(page, of("refresh_fieldwork", wave))

    assert WAITS in said
    assert "wait for a worker; the work begins by itself" in said
    assert FieldworkRefresh.objects.get().state == "waiting"


def test_letters_and_e_mails_wait(page: Client, survey: Any) -> None:
    wave = open_wave(survey)
    [case] = make_firms(wave, ["a"])
    case.unit.address = "Road 1\n0150 Oslo"
    case.unit.save()
    plan = StepPlan("reminder", "letter", words=WORDS)
    letter = contacts.add_step(wave=wave, plan=plan, by=None, at=NOON)
    e_mail = a_step(wave)

    said, _ = asked(page, of("make_letters", wave, letter.pk), {"sure": "yes"})
    assert WAITS in said
    assert "Waiting for a worker; it begins by itself" in said
    workers.breaker.reset()
    said, _ = asked(page, of("contact_send", wave, e_mail.pk), {"sure": "yes"})

    assert WAITS in said
    assert Mailing.objects.get().state == "waiting"
    assert ContactAttempt.objects.get(step=e_mail).state == "queued"


def test_after_a_failure_the_next_pages_do_not_wait_at_all(page: Client, survey: Any) -> None:
    wave = open_wave(survey)
    asked(page, of("refresh_fieldwork", wave))

    _, took = asked(page, of("refresh_fieldwork", wave))

    assert took < 1.5
