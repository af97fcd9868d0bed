"""The load generator, a process of its own: browsers without a script fill questionnaires in.

    python -m benchmarks.respondents_client < job.json > told.json

The job names the address of the server, how many visits run at once, and the visits: each with
the address it comes from, where it starts, perhaps an access code, and for every page the
fields that are typed; perhaps the page at which the firm leaves. What a browser does is done:
cookies, hidden fields, redirects, the Origin of a form. What a page asks to have another look
at is let stand. A field that the page does not show fails the visit.
"""

import http.client
import json
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

_PAGE = re.compile(r"/page/([^/?]+)/")
_ONWARD = re.compile(r'<a class="btn btn-primary" href="([^"]+)"')
_INPUT = re.compile(r"<input\b[^>]*>")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_ASKED = 'name="_asked"'  # the page asks whether an unlikely answer is right
_IDLE_SECONDS = 1.0  # less than a server keeps a silent connection
_STEPS = 1000  # a visit that is longer goes in circles
Fields = list[tuple[str, str]]


class Stuck(Exception):
    """The visit cannot go on; the text says where and why, without any answer."""


@dataclass(slots=True)
class Told:
    """What a visit saw: milliseconds of every page, by what was asked of the server."""

    shown: list[float] = field(default_factory=list)
    saved: list[float] = field(default_factory=list)
    other: list[float] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    left: bool = False
    failure: str = ""


class Browser:
    """One browser with its cookies and its connection, behind the proxy that ends https."""

    def __init__(self, job: dict[str, Any], address: str) -> None:
        self.server = (job["host"], job["port"])
        self.site = job["site"]
        self.scheme = job.get("scheme", "https")
        self.headers = {
            "Host": self.site,
            "X-Forwarded-For": address,
            "X-Forwarded-Proto": self.scheme,
            "Accept": "text/html",
            "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) benchmark",
        }
        self.cookies: dict[str, str] = {}
        self.connection: http.client.HTTPConnection | None = None
        self.used = 0.0
        self.path = "/"

    def get(self, path: str) -> tuple[int, str, float]:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Fields) -> tuple[int, str, float]:
        return self._ask("POST", path, urlencode(fields).encode())

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()

    def _ask(self, method: str, path: str, body: bytes | None) -> tuple[int, str, float]:
        """Status, text or the address of a redirect, and milliseconds."""
        headers = dict(self.headers)
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        if body is not None:
            headers["Origin"] = f"{self.scheme}://{self.site}"
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = self._connected()
        started = time.perf_counter()
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        took = (time.perf_counter() - started) * 1000
        self.used = time.monotonic()
        self._keep_cookies(answer.headers.get_all("Set-Cookie") or ())
        self.path = path
        if 300 <= answer.status < 400:
            return answer.status, urljoin(path, answer.headers["Location"]), took
        return answer.status, content.decode(), took

    def _connected(self) -> http.client.HTTPConnection:
        if self.connection is None or time.monotonic() - self.used > _IDLE_SECONDS:
            self.close()
            self.connection = http.client.HTTPConnection(*self.server, timeout=60)
            self.connection.connect()
        return self.connection

    def _keep_cookies(self, set_cookies: Any) -> None:
        for line in set_cookies:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value


def visited(job: dict[str, Any], visit: dict[str, Any]) -> Told:
    """One questionnaire from the access code to the receipt."""
    told = Told()
    browser = Browser(job, visit["address"])
    try:
        _fill_in(browser, visit, told)
    except (Stuck, OSError, http.client.HTTPException) as error:
        told.failure = f"{_without_code(browser.path)}: {type(error).__name__}: {error}"
    finally:
        browser.close()
    return told


def _fill_in(browser: Browser, visit: dict[str, Any], told: Told) -> None:
    path, kind = visit["start"], "other"
    for _ in range(_STEPS):
        kind = "shown" if _PAGE.search(path) else "other"
        status, text, took = browser.get(path)
        getattr(told, kind).append(took)
        if 300 <= status < 400:
            path = text
            continue
        if status != 200:
            raise Stuck(f"status {status}")
        if urlsplit(path).path.endswith("/receipt/"):
            return
        if kind == "shown" and _page_of(path) == visit.get("leaves_at"):
            told.left = True
            return
        path = _onward(browser, visit, told, path, text)
    raise Stuck("the visit does not end")


def _onward(browser: Browser, visit: dict[str, Any], told: Told, path: str, html: str) -> str:
    """Do what the page is there for; where it leads."""
    page = _page_of(path)
    if page:
        told.pages.append(page)
        typed = [(name, value) for name, value in visit["pages"][page]]
        return _sent(browser, path, _form(html, "data-page-form"), typed, told.saved)
    if '<input type="hidden" name="access_code"' in html:
        form = _form(html, 'name="access_code"')
        return _sent(browser, form[0], form, [], told.other)
    if 'name="access_code"' in html:
        typed = [("access_code", visit["code"])]
        return _sent(browser, path, _form(html, 'class="code-form"'), typed, told.other)
    if 'class="submit-form' in html:
        form = _form(html, 'class="submit-form')
        return _sent(browser, form[0] or path, form, _declared(form[1]), told.other)
    onward = _ONWARD.search(html)
    if not onward:
        raise Stuck("the page leads nowhere")
    return unescape(onward[1])


def _without_code(path: str) -> str:
    """The path as it may be told: who knows a code can answer for the firm."""
    return "/answer/…/" if path.startswith("/answer/") and path != "/answer/" else path


def _page_of(path: str) -> str:
    """The name of the page of the questionnaire; empty elsewhere."""
    found = _PAGE.search(path)
    return found[1] if found else ""


def _sent(
    browser: Browser, path: str, form: tuple[str, str], typed: Fields, times: list[float]
) -> str:
    """Send a form with what is typed and its hidden fields; where it leads."""
    _, html = form
    for name in {name for name, _ in typed}:
        if f'name="{name}"' not in html:
            raise Stuck(f"no field {name}")
    status, location, took = browser.post(path, _hidden(html) + typed)
    times.append(took)
    if _ASKED in location and _ASKED not in html:
        return _sent(browser, path, _form(location, "data-page-form"), typed, times)
    if not 300 <= status < 400:
        raise Stuck(f"what was sent was not taken: status {status}")
    return location


def _form(html: str, mark: str) -> tuple[str, str]:
    """Where the form with the mark is sent to, empty if to its own page, and what it holds."""
    place = html.find(mark)
    if place < 0:
        raise Stuck(f"no form with {mark}")
    start = html.rindex("<form", 0, place)
    tag = dict(_ATTRIBUTE.findall(html[start : html.index(">", place)]))
    return unescape(tag.get("action", "")), html[start : html.index("</form>", place)]


def _hidden(html: str) -> Fields:
    """The hidden fields that a browser without a script sends along."""
    inputs = [dict(_ATTRIBUTE.findall(tag)) for tag in _INPUT.findall(html)]
    return [
        (each["name"], unescape(each.get("value", "")))
        for each in inputs
        if each.get("type") == "hidden" and "name" in each
    ]


def _declared(html: str) -> Fields:
    """The declaration before handing in: every box ticked, a name, no address for a receipt."""
    fields = []
    for tag in _INPUT.findall(html):
        each = dict(_ATTRIBUTE.findall(tag))
        if each.get("type") == "checkbox":
            fields.append((each["name"], each.get("value", "on")))
        elif each.get("type") == "text":
            fields.append((each["name"], "Kari Nordmann"))
    return fields


def main() -> int:
    job = json.load(sys.stdin)
    started = time.perf_counter()
    with ThreadPoolExecutor(job["concurrency"]) as pool:
        told = list(pool.map(lambda visit: visited(job, visit), job["visits"]))
    seconds = time.perf_counter() - started
    report = {
        "seconds": seconds,
        "completed": sum(not each.failure and not each.left for each in told),
        "left": sum(each.left for each in told),
        "failures": [each.failure for each in told if each.failure],
        "shown_ms": [time for each in told for time in each.shown],
        "saved_ms": [time for each in told for time in each.saved],
        "other_ms": [time for each in told for time in each.other],
        "pages": [each.pages for each in told],
        "processor_seconds": time.process_time(),
    }
    json.dump(report, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
