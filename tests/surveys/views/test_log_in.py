"""Logging in, and being kept out after too many wrong passwords."""

from django.test import Client, override_settings

from surveys.models import User

WRONG = {"username": "ada", "password": "not her password"}


def test_the_log_in_page_leads_where_the_person_was_going(ada: User) -> None:
    client = Client()
    page = client.get("/research/knowledge/", follow=True)

    assert 'name="next" value="/research/knowledge/"' in page.content.decode()

    answer = client.post(
        "/login/",
        {"username": "ada", "password": "a long password", "next": "/research/knowledge/"},
    )
    assert answer.url == "/research/knowledge/"


def test_a_wrong_password_is_told_without_saying_which_half_was_wrong(ada: User) -> None:
    known = Client().post("/login/", WRONG).content.decode()
    unknown = Client().post("/login/", WRONG | {"username": "nobody"}).content.decode()

    assert "do not match an account" in known
    assert "do not match an account" in unknown
    assert 'value="ada"' in known
    assert "not her password" not in known


@override_settings(AXES_ENABLED=True)
def test_after_five_wrong_passwords_the_log_in_pauses(ada: User) -> None:
    client = Client()
    answers = [client.post("/login/", WRONG) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert "Log-in is paused" in answers[-1].content.decode()

    right = client.post("/login/", WRONG | {"password": "a long password"})
    assert right.status_code == 429


def test_logging_out_needs_a_button_and_ends_the_session(ada: User) -> None:
    client = Client()
    client.force_login(ada)

    assert client.get("/logout/").status_code == 405
    client.post("/logout/")

    assert client.get("/research/").status_code == 302
