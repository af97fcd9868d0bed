import pytest
from django.core import mail

from surveys.actions import contacts
from surveys.models import ContactAttempt, ContactStep, Unit
from tests.factories import NOON, make_case, make_frame, make_stratum, make_unit
from tests.surveys.views.world import open_wave

pytestmark = pytest.mark.django_db
ROOT = "/research/knowledge/2025/contacts/"
TYPED = {
    "kind": "reminder",
    "channel": "email",
    "offset_days": "7",
    "day_from": "start",
    "standing": "not_opened",
    "subject-en": "About {survey}",
    "body-en": "Dear {person},\n\n{link}",
}


@pytest.fixture
def wave(survey):
    wave = open_wave(survey)
    frame, stratum = make_frame(survey), make_stratum(wave)
    for name, email in (("F0001", "one@firm.example"), ("F0002", "")):
        make_case(wave, stratum, name, unit=make_unit(frame, name, email=email))
    return wave


@pytest.fixture
def manager(client, ben, wave):
    client.force_login(ben)
    return client


@pytest.fixture
def step(wave) -> ContactStep:
    return contacts.offer_protocol(wave=wave, languages=["en"], by=None, at=NOON)[0]


def test_the_usual_protocol_is_there_at_one_press(manager):
    manager.post(f"{ROOT}offer/")

    page = manager.get(ROOT).content.decode()
    assert ContactStep.objects.count() == 6
    for words in ("Invitation", "Last call", "Thank-you", "31 Aug 2026", "29 Dec 2026"):
        assert (words in page) == (words != "31 Aug 2026")


def test_a_step_is_added_and_changed(manager):
    assert manager.post(f"{ROOT}new/", TYPED).status_code == 302
    key = ContactStep.objects.get().pk
    assert manager.post(f"{ROOT}{key}/change/", TYPED | {"offset_days": "9"}).status_code == 302

    step = ContactStep.objects.get()
    assert (step.kind, step.offset_days, step.audience["standing"]) == ("reminder", 9, "not_opened")
    assert step.templates.get().subject == "About {survey}"


def test_words_that_are_refused_stay_with_their_place_beside_them(manager):
    response = manager.post(f"{ROOT}new/", TYPED | {"body-en": "Dear\n{lnik} <b>{link}"})

    page = response.content.decode()
    assert response.status_code == 422
    assert "Line 2, character 1: there is no fill {lnik}." in page
    assert "{lnik} &lt;b&gt;{link}" in page
    assert not ContactStep.objects.exists()


def test_the_run_names_who_would_get_it_and_who_not(manager, step):
    page = manager.get(f"{ROOT}{step.pk}/").content.decode()

    assert "one@firm.example" in page
    assert "<li>Firm F0002: No address</li>" in page
    assert "/answer/0000-0000-0000-0000-0000-0000-000/" in page


def test_nothing_is_sent_without_a_tick(manager, step):
    manager.post(f"{ROOT}{step.pk}/send/")
    assert not ContactAttempt.objects.exists()

    manager.post(f"{ROOT}{step.pk}/send/", {"sure": "yes"})
    manager.post(f"{ROOT}{step.pk}/send/", {"sure": "yes"})
    assert ContactAttempt.objects.count() == 1
    progress = manager.get(f"{ROOT}{step.pk}/progress/").content.decode()
    assert 'hx-trigger="every 3s"' in progress

    manager.post(f"{ROOT}{step.pk}/withdraw/")
    progress = manager.get(f"{ROOT}{step.pk}/progress/").content.decode()
    assert "hx-trigger" not in progress


def test_a_used_step_is_neither_changed_nor_removed(manager, step):
    manager.post(f"{ROOT}{step.pk}/send/", {"sure": "yes"})

    assert manager.post(f"{ROOT}{step.pk}/change/", TYPED).status_code == 422
    manager.post(f"{ROOT}{step.pk}/remove/")
    assert ContactStep.objects.filter(pk=step.pk, kind="invitation").exists()


def test_a_test_goes_to_oneself_and_its_code_opens_nothing(manager, step, ben):
    manager.post(f"{ROOT}{step.pk}/test/")
    assert mail.outbox == []
    ben.email = "ben@institute.example"
    ben.save()

    manager.post(f"{ROOT}{step.pk}/test/", {"firm": "F0001"})

    assert [message.to for message in mail.outbox] == [["ben@institute.example"]]
    assert "0000-0000" in mail.outbox[0].body
    assert not ContactAttempt.objects.exists()


def test_a_step_of_another_wave_is_not_found(manager, survey):
    other = open_wave_of(survey)
    assert manager.get(f"{ROOT}{other.pk}/").status_code == 404


def open_wave_of(survey) -> ContactStep:
    from tests.factories import make_wave

    wave = make_wave(survey, "2027")
    return contacts.offer_protocol(wave=wave, languages=["en"], by=None, at=NOON)[0]


def test_a_step_by_letter_is_made_in_the_browser_and_needs_a_code(manager):
    without = manager.post(f"{ROOT}new/", TYPED | {"channel": "letter"})
    assert "{code} is missing" in without.content.decode()

    manager.post(f"{ROOT}new/", TYPED | {"channel": "letter", "body-en": "Dear firm,\n\n{code}"})

    assert ContactStep.objects.get().channel == "letter"


def test_a_letter_goes_to_who_has_a_postal_address(manager, wave, step):
    step.channel = "letter"
    step.save()
    Unit.objects.filter(register_id="F0002").update(address="Kaia 2\n0150 Oslo")

    page = manager.get(f"{ROOT}{step.pk}/").content.decode()

    assert "<li>Firm F0001: No postal address</li>" in page
    assert "Kaia 2" in page
