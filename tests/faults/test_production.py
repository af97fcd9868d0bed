"""The production shape with real processes: settings, static files, headers, a first page."""

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.demo.children import Child
from tests.faults.place import ROOT, Place, eventually
from tests.faults.test_demo import free_port

pytestmark = pytest.mark.slow
BEHIND_PROXY = {"Host": "milieu.example.org", "X-Forwarded-Proto": "https"}


@pytest.fixture(scope="module")
def site(place_of_module: Place) -> Iterator[int]:
    """The port of a web server under production settings, its static files collected."""
    place = place_of_module
    environment = {
        "SECRET_KEY": "only-for-a-test-0123456789-abcdefghijklmnopqrstuvwxyz",
        "ACCESS_CODE_PEPPER": "only-for-a-test-9876543210-zyxwvutsrqponmlkjihgfedcba",
        "ALLOWED_HOSTS": "milieu.example.org",
        "TRUSTED_PROXIES": "1",
        "DATABASE_URL": place.database_url,
        "BROKER_URL": place.broker_url,
        "MILIEU_VAR": str(place.folder),
        "MILIEU_DEMO": "0",
        "DEBUG": "0",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        cwd=ROOT,
        env=os.environ | environment,
        check=True,
    )
    port = free_port()
    command = (sys.executable, "-m", "gunicorn", "config.wsgi", "--no-control-socket")
    log = place.folder / "site.log"
    server = Child("site", (*command, "--bind", f"127.0.0.1:{port}"), log, environment, ROOT)
    server.start()
    eventually(lambda: answer(port, "/login/", BEHIND_PROXY)[0] == 200, "the site answers")
    yield port
    server.stop(time.monotonic())


def answer(port: int, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        found = dict(response.getheaders())
        return response.status, found, response.read().decode(errors="replace")
    except OSError:
        return 0, {}, ""
    finally:
        connection.close()


def test_a_page_comes_with_secure_cookies_and_transport(site: int) -> None:
    status, headers, page = answer(site, "/login/", BEHIND_PROXY)

    assert status == 200
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert headers["Set-Cookie"].startswith("__Host-csrf=")
    for word in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert word in headers["Set-Cookie"]
    assert "csrfmiddlewaretoken" in page


def test_plain_http_is_sent_to_https(site: int) -> None:
    status, headers, _ = answer(site, "/login/", {"Host": "milieu.example.org"})

    assert (status, headers["Location"]) == (301, "https://milieu.example.org/login/")


def test_a_host_that_is_not_ours_is_refused(site: int) -> None:
    status, _, _ = answer(site, "/login/", BEHIND_PROXY | {"Host": "evil.example.org"})

    assert status == 400


def test_static_files_have_lasting_names_and_are_compressed(site: int) -> None:
    _, _, page = answer(site, "/login/", BEHIND_PROXY)
    sheet = re.search(r'href="(/static/\S+?\.[0-9a-f]{12}\.css)"', page)
    assert sheet is not None

    status, headers, _ = answer(site, sheet.group(1), BEHIND_PROXY | {"Accept-Encoding": "gzip"})

    assert status == 200
    assert headers["Content-Encoding"] == "gzip"
    assert "immutable" in headers["Cache-Control"]


def test_an_access_link_leaves_no_trace_of_its_code_in_the_log(
    site: int, place_of_module: Place
) -> None:
    code = "7K3F92QX00000000000000000000"
    answer(site, f"/answer/{code}/", BEHIND_PROXY)
    answer(site, f"/answer/{code}/nothing/here/", BEHIND_PROXY)

    log = Path(place_of_module.folder / "site.log")
    eventually(lambda: "/answer/" in log.read_text(), "something was logged of it", within=10)
    assert code not in log.read_text()
