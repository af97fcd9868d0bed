"""Making a survey and a wave in the browser, saying what they are, and who may."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from surveys.models import Survey, Wave
from tests.factories import make_user, make_wave

SURVEY = {"title": "Networks", "slug": "", "contact_email": ""}
WAVE = {
    "title": "Autumn 2028",
    "slug": "",
    "like": "",
    "reference_first_year": "2025",
    "reference_last_year": "2027",
    "field_start": "2028-09-01",
    "field_end": "2028-10-31",
    "corrections_until": "",
}


def test_an_owner_makes_a_survey_and_its_first_wave(client, ada):
    client.force_login(ada)

    made = client.post(reverse("surveys:new_survey"), SURVEY)
    wave = client.post(reverse("surveys:new_wave", args=["networks"]), WAVE, follow=True)

    assert made.url == reverse("surveys:survey", args=["networks"])
    assert wave.redirect_chain == [("/research/networks/autumn-2028/", 302)]
    assert "The wave is made" in wave.content.decode()
    assert Wave.objects.get().reference_period == "2025 to 2027"


def test_who_owns_nothing_is_told_whom_to_ask(client, db):
    zoe = make_user("zoe")
    client.force_login(zoe)

    refused = client.post(reverse("surveys:new_survey"), SURVEY)
    zoe.user_permissions.add(Permission.objects.get(codename="add_survey"))
    made = client.post(reverse("surveys:new_survey"), SURVEY)

    assert refused.status_code == 403
    assert "Ask the operator" in refused.content.decode()
    assert made.status_code == 302
    assert Survey.objects.get().slug == "networks"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"title": ""}, "Give the wave a title."),
        ({"slug": "not a name"}, "Use letters, digits and hyphens only"),
        ({"slug": "people"}, "is the address of another page"),
        ({"field_end": "2028-08-01"}, "The last day to answer lies before the first."),
        ({"field_start": "soon"}, "Give a day, such as 2026-03-31."),
        ({"reference_last_year": "2024"}, "The period ends before it begins."),
        ({"like": "0"}, "Choose a wave of the list."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(changes, told, client, survey, ada):
    client.force_login(ada)

    page = client.post(reverse("surveys:new_wave", args=["knowledge"]), WAVE | changes)

    text = page.content.decode()
    assert page.status_code == 422
    assert told in text
    assert 'value="2027"' in text or "reference_last_year" in changes
    assert not Wave.objects.exists()


def test_the_periods_of_a_draft_are_changed_on_its_page(client, survey, ada):
    client.force_login(ada)
    wave = make_wave(survey)
    address = reverse("surveys:plan_wave", args=["knowledge", wave.slug])

    shown = client.get(address).content.decode()
    client.post(address, WAVE)

    wave.refresh_from_db()
    assert 'value="2026-12-31"' in shown
    assert (wave.title, wave.slug) == ("Autumn 2028", "2025")


def test_the_periods_of_an_open_wave_are_not_offered(client, survey, ada):
    client.force_login(ada)
    wave = make_wave(survey, state="closed")
    address = reverse("surveys:plan_wave", args=["knowledge", wave.slug])

    shown = client.get(address).content.decode()
    refused = client.post(address, WAVE, follow=True).content.decode()

    assert "<form" not in shown.partition('<div class="page-content">')[2]
    assert "firms were told the periods" in refused


def test_what_firms_read_of_the_survey_is_changed_by_its_owner(client, survey, ada):
    client.force_login(ada)
    address = reverse("surveys:describe", args=["knowledge"])

    wrong = client.post(address, SURVEY | {"contact_email": "nobody"})
    right = client.post(address, SURVEY | {"contact_email": "ask@example.org"})

    survey.refresh_from_db()
    assert "This is not an e-mail address." in wrong.content.decode()
    assert right.status_code == 302
    assert (survey.title, survey.slug) == ("Networks", "knowledge")


def test_a_wave_says_of_every_stage_what_it_holds(client, ada):
    wave = make_wave(ada.memberships.get().survey)
    client.force_login(ada)

    said = " ".join(client.get(wave.get_absolute_url()).content.decode().split())

    assert said.count("<td>None yet</td>") == 4  # instrument, frame, sample, contacts
    assert "<td>Not open yet</td>" in said
    assert "<td>None published</td>" in said
