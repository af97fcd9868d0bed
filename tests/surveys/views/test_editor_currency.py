"""A draft that begins from modules has its money in the currency of the study."""

import pytest
from django.urls import reverse

from surveys.models import InstrumentDraft

pytestmark = pytest.mark.django_db


def begun(client, survey, **more):
    fields = {"how": "modules", "modules-title": "Core", "modules-modules": ["a_firm"], **more}
    return client.post(reverse("surveys:new_draft", args=[survey.slug]), fields)


def test_a_draft_begins_in_the_currency_that_is_named(client, ada, survey):
    client.force_login(ada)

    response = begun(client, survey, **{"modules-currency": "NOK"})

    assert response.status_code == 302
    made = str(InstrumentDraft.objects.get(slug="core").document["sections"])
    assert made.count("'currency': 'NOK'") == 2
    assert "EUR" not in made


def test_a_currency_that_there_is_not_begins_nothing(client, ada, survey):
    client.force_login(ada)

    response = begun(client, survey, **{"modules-currency": "DEM"})

    assert response.status_code == 422
    assert "Give the code of a currency in three letters, such as NOK." in response.content.decode()
    assert not InstrumentDraft.objects.exists()
