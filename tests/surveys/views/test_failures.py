import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory

from surveys.views import failures


@pytest.mark.parametrize("path", ["/nowhere/", "/firm/not-a-uuid/", "/firm/", "/answer/a/b/"])
def test_an_address_that_does_not_exist_has_our_page(client: Client, db: None, path: str):
    page = client.get(path)

    assert page.status_code == 404
    assert "There is no such page" in page.content.decode()


def test_a_fault_of_ours_has_our_page_without_what_was_sent(client: Client, db: None, settings):
    settings.ROOT_URLCONF = "tests.surveys.views.faulty_urls"
    client.raise_request_exception = False

    page = client.post("/fault/", {"comment": "canary"})

    html = page.content.decode()
    assert page.status_code == 500
    assert "Something on our side failed" in html
    assert "canary" not in html
    assert "Traceback" not in html


def test_a_person_who_may_not_is_told_why():
    page = failures.forbidden(RequestFactory().get("/"), PermissionDenied("Ask an owner."))

    assert page.status_code == 403
    assert "Ask an owner." in page.content.decode()


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("/answer/7K3F-92QX/", "/answer/.../"),
        ("/answer/7K3F", "/answer/..."),
        ("/answer/", "/answer/"),
        ("/firm/", "/firm/"),
    ],
)
def test_a_code_is_forgotten_from_the_request(path: str, left: str):
    request = RequestFactory().get(path, REQUEST_URI=path)

    failures.forget_code(request)

    assert (request.path, request.path_info, request.META["PATH_INFO"]) == (left, left, left)
    assert request.META["REQUEST_URI"] == left


def test_a_password_is_never_carried_over():
    request = RequestFactory().post("/login/", {"username": "ada", "password": "secret"})

    assert failures.carried_fields(request) == [("username", "ada")]
