"""A log-in that ends while an author types: what is typed is kept, and saved after it."""

import re

import pytest
from django.test import Client

from tests.surveys.views.editing import ITEM_FORM, draft, item, page

__all__ = ["draft", "page"]

pytestmark = pytest.mark.django_db

TYPED = {"revision": "1", "at": "0.0.0", **ITEM_FORM, "label": "Long\r\nthought about"}
SCRIPT = {"HX-Request": "true"}
SECRET = "a long password"


@pytest.fixture
def address(draft) -> str:
    return f"/research/{draft.survey.slug}/drafts/{draft.slug}/"


def hidden(html: str) -> dict[str, str]:
    """The hidden fields of the page's last form, as a browser sends them."""
    form = html.rpartition("<form")[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form, re.DOTALL)
    return {name: value.replace("&#x27;", "'") for name, value in found}


def aim(html: str) -> str:
    return html.rpartition('<form method="post" action="')[2].partition('"')[0]


def test_a_script_is_told_and_gets_no_log_in_page(address) -> None:
    answer = Client().post(address, TYPED, headers=SCRIPT)

    assert answer.status_code == 403
    assert answer["Milieu-Form"] == "logged-out"
    assert "Milieu-Token" not in answer
    assert answer.content == b""


def test_a_form_goes_along_through_the_log_in_and_is_saved(draft, address, ada) -> None:
    client = Client()
    asked = client.post(address, TYPED)
    assert asked.status_code == 403
    assert "no-store" in asked["Cache-Control"]

    log_in = hidden(asked.content.decode())
    wrong = client.post("/login/", log_in | {"username": "ada", "password": "no"})
    assert "do not match" in wrong.content.decode()
    log_in = hidden(wrong.content.decode())
    again = client.post("/login/", log_in | {"username": "ada", "password": SECRET})
    html = again.content.decode()
    assert "One step is left" in html
    client.post(aim(html), hidden(html))

    assert item(draft, 0, 0, 0)["label"] == "Long\nthought about"


def test_what_was_typed_is_in_no_address_and_not_in_the_session(address, ada) -> None:
    client = Client()
    asked = client.post(address, TYPED).content.decode()

    assert aim(asked) == "/login/"
    assert hidden(asked)["next"] == address
    client.post("/login/", hidden(asked) | {"username": "ada", "password": SECRET})
    assert "thought" not in str(dict(client.session))


def test_who_logged_in_in_another_tab_keeps_what_was_typed_too(draft, address, ada) -> None:
    client = Client()
    asked = client.post(address, TYPED).content.decode()
    client.force_login(ada)

    html = client.post("/login/", hidden(asked) | {"username": "", "password": ""}).content.decode()
    client.post(aim(html), hidden(html))

    assert item(draft, 0, 0, 0)["label"] == "Long\nthought about"


def test_the_log_in_leads_to_no_other_site(address, ada) -> None:
    fields = {"next": "https://elsewhere.example/", "carried:label": "x"}

    html = (
        Client().post("/login/", fields | {"username": "ada", "password": SECRET}).content.decode()
    )

    assert "elsewhere" not in html


def test_a_form_from_before_the_log_in_is_told_the_new_token(draft, address, ada) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)

    stale = client.post(address, TYPED, headers=SCRIPT)
    assert (stale.status_code, stale["Milieu-Form"]) == (403, "stale")
    fresh = TYPED | {"csrfmiddlewaretoken": stale["Milieu-Token"]}
    client.post(address, fresh, headers=SCRIPT)

    assert item(draft, 0, 0, 0)["label"] == "Long\nthought about"


def test_another_site_is_told_no_token(address, ada) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)

    answer = client.post(address, TYPED, headers=SCRIPT | {"Origin": "https://elsewhere.example"})

    assert answer.status_code == 403
    assert "Milieu-Token" not in answer
    assert "thought" not in answer.content.decode()


def test_a_page_that_is_only_looked_at_leads_to_the_log_in_as_before(address) -> None:
    assert Client().get(address).url == f"/login/?next={address}"
