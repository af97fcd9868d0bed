"""Every page is sent with the headers that keep a browser from doing what we did not mean."""

import pytest
from django.test import Client


@pytest.mark.django_db
def test_a_page_may_load_only_our_own_files_and_sit_in_no_frame(client: Client) -> None:
    page = client.get("/login/")

    policy = dict(
        part.strip().split(" ", 1) for part in page.headers["Content-Security-Policy"].split(";")
    )
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    }
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.django_db
def test_a_sixth_wrong_password_is_locked_out(client: Client, settings) -> None:
    settings.AXES_ENABLED = True

    answers = [
        client.post("/login/", {"username": "ada", "password": f"guess {number}"}).status_code
        for number in range(6)
    ]

    assert answers[:4] == [200] * 4
    assert answers[-1] == 429
