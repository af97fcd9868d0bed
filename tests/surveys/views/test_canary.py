"""What a firm says, and the code it enters with, appear in no log, address or error page."""

import logging
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from surveys.actions.access_codes import new_code
from surveys.models import AuditEvent, Case, CaseEvent
from tests.surveys.firms import DECLARED, WHOLE_ROUTE, code_of, page_path, save

ANSWER = "CANARY-ANSWER-4711"
NUMBER = "4711471147"


class Journey:
    """A browser that remembers every address it was sent to and every error page it saw."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False)
        self.addresses: list[str] = []
        self.error_pages: list[str] = []

    def post(self, path: str, fields: dict[str, Any]) -> None:
        self._remember(self.client.post(path, fields))

    def get(self, path: str) -> None:
        self._remember(self.client.get(path))

    def _remember(self, answer: Any) -> None:
        self.addresses.append(answer.headers.get("Location", ""))
        if answer.status_code in {400, 404, 413, 429, 500}:
            self.error_pages.append(answer.content.decode())


def play(journey: Journey, case: Case, code: str) -> None:
    journey.get(f"/answer/{code}/")
    journey.post(f"/answer/{code}/", {})
    for page, typed in WHOLE_ROUTE.items():
        journey.post(page_path(case, page), {"_built_on": "99", "canary": ANSWER} | typed)
    journey.post(page_path(case, "last"), {"_built_on": "99", "comment": ANSWER})
    journey.post(page_path(case, "last"), {"_built_on": "99", "start_year": ANSWER})
    journey.post(page_path(case, "size"), {"_built_on": "99", "employment": NUMBER})
    journey.post(page_path(case, "nowhere"), {"comment": ANSWER})
    journey.post(page_path(case, "last"), {"comment": ANSWER + "x" * 3_000_000})
    journey.get(f"/firm/{case.public_id}/check/")
    journey.post(f"/firm/{case.public_id}/submit/", DECLARED | {"comment": ANSWER})
    journey.get(f"/firm/{case.public_id}/receipt/")
    journey.post(page_path(case, "last"), {"comment": ANSWER})


def assert_silent(written: str, code: str) -> None:
    for secret in (ANSWER, NUMBER, code, code.replace("-", "")):
        assert secret not in written


def test_no_answer_and_no_code_appears_where_it_should_not(
    case: Case, caplog: pytest.LogCaptureFixture
):
    code, journey = code_of(case), Journey()

    with caplog.at_level(logging.DEBUG):
        play(journey, case, code)

    assert caplog.records
    assert_silent("\n".join(str(vars(record)) for record in caplog.records), code)
    assert_silent(caplog.text, code)
    assert_silent("\n".join(journey.addresses), code)
    assert_silent("\n".join(journey.error_pages), code)
    assert_silent(str(list(CaseEvent.objects.values())), code)
    assert_silent(str(list(AuditEvent.objects.values())), code)


def test_a_refused_code_in_an_address_is_not_logged(
    client: Client, db: None, caplog: pytest.LogCaptureFixture
):
    code = new_code()

    with caplog.at_level(logging.DEBUG):
        client.get(f"/answer/{code}/")
        client.post(f"/answer/{code}/")
        Client(enforce_csrf_checks=True).post(f"/answer/{code}/")
        client.get(f"/answer/{code}/more/")
        client.put(f"/answer/{code}/")

    assert caplog.records
    assert_silent(caplog.text, code)


def test_a_fault_of_ours_while_saving_shows_and_logs_no_answer(
    case: Case, caplog: pytest.LogCaptureFixture
):
    def disk_is_gone(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "surveys_pageversion" in sql:
            raise OSError("The disk is gone")
        return execute(sql, params, many, context)

    client = Client(raise_request_exception=False)
    client.post("/answer/", {"access_code": code_of(case)})

    with caplog.at_level(logging.DEBUG), connection.execute_wrapper(disk_is_gone):
        page = save(client, case, "last", comment=ANSWER)

    assert page.status_code == 500
    assert ANSWER not in page.content.decode()
    assert ANSWER not in caplog.text
