"""The component gallery draws every kind in every state, for people who are logged in."""

import pytest
from django.test import Client

from surveys.models import User
from surveys.questionnaire import kind_of
from surveys.questionnaire.items import Roster
from surveys.views.gallery import STATES, exhibited

KINDS = {
    "single_choice",
    "multiple_choice",
    "number",
    "money",
    "share",
    "year",
    "text",
    "allocation",
    "battery",
    "date",
    "scale",
    "lookup",
    "note",
    "computed",
    "roster",
}


def test_every_kind_there_is_has_its_exhibit() -> None:
    shown = {kind_of(item) for page in exhibited() for item in page.items}

    assert shown == KINDS


@pytest.mark.parametrize("state", STATES)
def test_every_item_is_drawn_in_every_state(client: Client, ada: User, state: str) -> None:
    client.force_login(ada)

    drawn = client.get(f"/research/gallery/{state}/").content.decode()

    for page in exhibited():
        for item in page.items:
            if not isinstance(item, Roster):
                assert f'data-item="{item.name}"' in drawn, item.name


def test_everything_that_can_be_wrong_is_wrong_in_words(client: Client, ada: User) -> None:
    client.force_login(ada)

    exhibits = client.get("/research/gallery/wrong/").context["exhibits"]

    silent = {each["name"] for each in exhibits if not each["form"].summary}
    # A note, a number worked out and a list ask nothing that could be typed wrong.
    assert silent == {"welcome", "turnover", "partners"}


def test_the_gallery_is_for_people_who_are_logged_in(client: Client) -> None:
    for path in ("", "wrong/"):
        answer = client.get(f"/research/gallery/{path}")
        assert answer.status_code == 302
        assert answer.url.startswith("/login/")
    assert client.post("/research/gallery/search/country/", {"q": "no"}).status_code == 302


def test_a_state_or_list_that_is_not_there_is_not_found(client: Client, ada: User) -> None:
    client.force_login(ada)

    assert client.get("/research/gallery/upside-down/").status_code == 404
    assert client.post("/research/gallery/search/comment/", {"q": "no"}).status_code == 404


def test_the_type_ahead_of_the_gallery_finds_codes(client: Client, ada: User) -> None:
    client.force_login(ada)

    hits = client.post("/research/gallery/search/country/", {"q": "norge"}).json()["hits"]

    assert hits == [{"value": "NO", "label": "Norway", "within": ""}]
