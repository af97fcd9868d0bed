"""A trial of a draft, from the first page to the receipt, which writes nothing."""

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.urls import reverse

from surveys.models import Response
from tests.surveys.views.editing import ITEM_FORM, draft, page

__all__ = ["draft", "page"]

pytestmark = pytest.mark.django_db


def test_a_trial_follows_the_route_and_writes_nothing(page, draft, client):
    def trial(name: str) -> str:
        return reverse("surveys:trial_page", args=[draft.survey.slug, draft.slug, name])

    page("try_draft", "get")
    small = client.post(trial("staff"), {"persons": "5"})
    large = client.post(trial("staff"), {"persons": "50"})
    wrong = client.post(trial("staff"), {"persons": "-1"})

    assert small.url == reverse("surveys:trial_check", args=[draft.survey.slug, draft.slug])
    assert large.url == trial("research")
    assert wrong.status_code == 422
    assert "Trial: nothing is kept." in client.get(trial("research")).content.decode()
    assert not Response.objects.exists()
    page("reset_trial")
    assert client.get(trial("research")).status_code == 302


def test_a_roster_is_tried_entry_by_entry(page, draft, client):
    page("change_draft", op="item@0.0", kind="roster")
    draft.refresh_from_db()
    name = draft.document["sections"][0]["pages"][1]["name"]
    place = [draft.survey.slug, draft.slug, name]
    client.post(reverse("surveys:trial_page", args=[*place[:2], "staff"]), {"persons": "3"})
    listed = client.get(reverse("surveys:trial_page", args=place))
    step = client.get(listed.context["add"])
    (field,) = step.context["form"].fields
    added = client.post(listed.context["add"], {field: "Nordic Steel"}, follow=True)

    assert "Nordic Steel" in added.content.decode()
    assert client.post(reverse("surveys:trial_page", args=place)).status_code == 302


@pytest.fixture
def counted():
    """The rows of every table; of the visit of the browser only that there is one."""

    def count() -> dict[str, int]:
        return {
            model.__name__: model._default_manager.count()
            for model in apps.get_models()
            if model is not Session
        }

    return count


def test_a_trial_is_checked_handed_in_and_receipted_without_a_row_written(page, counted):
    before = counted()

    filled = page("fill_in_trial")
    checked = page("trial_check", "get")
    unsigned = page("trial_check", declarant="")
    signed = page("trial_check", declarant="Ada", authorised="on")
    receipt = page("trial_receipt", "get")

    assert filled.url == checked.request["PATH_INFO"]
    assert "Persons employed" in checked.content.decode()
    assert unsigned.status_code == 422
    assert "Tick the declaration" in unsigned.content.decode()
    assert signed.url == receipt.request["PATH_INFO"]
    assert "TRIAL" in receipt.content.decode()
    assert counted() == before


def test_a_trial_that_is_not_gone_through_is_not_handed_in(page):
    checked = page("trial_check", "get").content.decode()
    tried = page("trial_check", declarant="Ada", authorised="on")

    assert "One page has not been gone through" in checked
    assert tried.status_code == 422
    assert page("trial_receipt", "get").status_code == 302


def test_an_answer_changed_after_the_receipt_takes_it_back(page, draft, client):
    page("fill_in_trial")
    page("trial_check", declarant="Ada", authorised="on")
    place = reverse("surveys:trial_page", args=[draft.survey.slug, draft.slug, "staff"])
    client.post(place, {"persons": "3"})

    assert page("trial_receipt", "get").status_code == 302


def test_a_changed_answer_leads_back_to_the_check_by_way_of_what_it_opens(page, draft, client):
    def trial(name: str) -> str:
        return reverse("surveys:trial_page", args=[draft.survey.slug, draft.slug, name])

    client.post(trial("staff"), {"persons": "5"})
    opened = client.post(trial("staff"), {"persons": "50"})
    closed = client.post(trial("research"), {"lab": "yes"})
    again = client.post(trial("staff"), {"persons": "60"})

    check = reverse("surveys:trial_check", args=[draft.survey.slug, draft.slug])
    assert opened.url == trial("research")
    assert closed.url == check
    assert again.url == check


def test_an_edit_that_a_later_answer_breaks_is_told_on_the_check(page, draft, client):
    document = draft.document
    document["sections"][0]["pages"][1]["edits"] = [
        {
            "name": "no_small_labs",
            "severity": "hard",
            "when": "lab = 'yes' and persons < 20",
            "message": "So few people have no laboratory.",
            "items": ["lab"],
        }
    ]
    draft.document = document
    draft.save()
    place = [draft.survey.slug, draft.slug]
    client.post(reverse("surveys:trial_page", args=[*place, "staff"]), {"persons": "50"})
    client.post(reverse("surveys:trial_page", args=[*place, "research"]), {"lab": "yes"})
    client.post(reverse("surveys:trial_page", args=[*place, "staff"]), {"persons": "15"})

    checked = page("trial_check", declarant="Ada", authorised="on")

    assert checked.status_code == 422
    assert "So few people have no laboratory." in checked.content.decode()


def test_a_trial_is_played_in_a_language_of_the_draft(page, draft, client):
    page("draft_translations", language="nb", **{"text-items.persons.label": "Ansatte"})
    place = reverse("surveys:trial_page", args=[draft.survey.slug, draft.slug, "staff"])

    chosen = page("trial_language", _language="nb", _next=place)
    shown = client.get(chosen.url).content.decode()
    page("trial_language", _language="fr", _next="//elsewhere.example/")
    still = client.get(place).content.decode()

    assert chosen.url == place
    assert "Ansatte" in shown
    assert "Lagre og fortsett" in shown
    assert "Ansatte" in still


def test_a_choice_of_language_leads_to_no_other_site(page, draft):
    away = page("trial_language", _language="en", _next="//elsewhere.example/")

    assert away.url == reverse("surveys:try_draft", args=[draft.survey.slug, draft.slug])


def test_a_draft_with_problems_says_what_is_in_the_way_of_a_trial(page, draft):
    page(at="0.0.0", **ITEM_FORM | {"label": ""})

    for name in ("try_draft", "trial_check", "trial_receipt"):
        assert "can be tried once these are solved" in page(name, "get").content.decode()
