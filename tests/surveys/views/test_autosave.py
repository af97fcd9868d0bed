"""Typed and not saved: kept on the server, shown again anywhere, never an answer."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from surveys.actions.closing import close_field
from surveys.models import Case, CaseEvent, PageDraft, Response
from tests.factories import NOON
from tests.surveys.firms import (
    DECLARED,
    QUESTIONNAIRE,
    admitted,
    answer_everything,
    answers_of,
    code_of,
    open_case,
    save,
)

pytestmark = pytest.mark.django_db


def page(case: Case, name: str = "size") -> str:
    return f"/firm/{case.public_id}/page/{name}/"


def keep(client: Client, case: Case, name: str = "size", **typed):
    return client.post(f"{page(case, name)}draft/", {"_typed": "1", "_built_on": "0"} | typed)


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_what_was_typed_is_shown_again_on_another_device(browser: Client, case: Case):
    answer = keep(browser, case, employment="12 perhaps", **{"turnover-unit": "thousands"})
    assert answer.status_code == 200
    assert re.fullmatch(r"\d\d:\d\d", answer.json()["kept"])

    shown = admitted(case).get(page(case))

    assert "have not saved it yet" in words(shown)
    assert 'value="12 perhaps"' in shown.content.decode()
    assert answers_of(case) == {}


def test_the_hub_leads_back_to_what_was_typed(browser: Client, case: Case):
    keep(browser, case, employment="12")

    hub = browser.get(f"/firm/{case.public_id}/").content.decode()

    assert "Go back to it" in hub
    assert page(case) in hub


def test_ticks_taken_away_stay_away(browser: Client, case: Case):
    save(browser, case, "activity", activity=["research", "other"])
    keep(browser, case, "activity", activity=["research"], _built_on="1")

    shown = browser.get(page(case, "activity")).content.decode()

    assert len(re.findall(r'type="checkbox"[^>]* checked', shown)) == 1


def test_saving_the_page_removes_its_draft_and_no_other(browser: Client, case: Case):
    keep(browser, case, employment="12")
    keep(browser, case, "last", comment="Fine")

    save(browser, case, "size", employment="12", employment_first="10")

    assert [draft.page for draft in PageDraft.objects.all()] == ["last"]


def test_a_draft_can_be_discarded(browser: Client, case: Case):
    keep(browser, case, employment="12")

    answer = browser.post(f"{page(case)}draft/discard/", {"employment": "12"})

    assert answer.status_code == 302
    assert 'value="12"' not in browser.get(page(case)).content.decode()
    assert not PageDraft.objects.exists()


def test_drafts_are_kept_at_most_every_three_seconds_but_the_last_word_counts(
    browser: Client, case: Case
):
    with time_machine.travel(NOON, tick=False) as clock:
        admitted_then = admitted(case)
        assert keep(admitted_then, case, employment="1").status_code == 200
        clock.shift(1)
        assert keep(admitted_then, case, employment="2").status_code == 429
        assert keep(admitted_then, case, employment="3", _leaving="1").status_code == 200
    assert PageDraft.objects.get().typed["employment"] == ["3"]


def test_a_draft_has_a_limit(browser: Client, case: Case):
    assert keep(browser, case, "last", comment="x" * 70_000).status_code == 413
    assert keep(browser, case, "last", comment="x" * 200_000).status_code == 413
    assert not PageDraft.objects.exists()


def test_only_fields_of_the_page_are_kept(browser: Client, case: Case):
    keep(browser, case, employment="1", access_code="SECRET", comment="of another page")

    assert set(PageDraft.objects.get().typed) == {"employment"}


def test_a_stranger_and_a_forged_request_keep_nothing(case: Case):
    assert keep(Client(), case, employment="1").status_code == 403
    assert (
        keep(
            admitted(open_case(QUESTIONNAIRE.replace("every-kind", "other-kind"), slug="other")),
            case,
            employment="1",
        ).status_code
        == 403
    )
    strict = Client(enforce_csrf_checks=True)
    assert keep(strict, case, employment="1").status_code == 403
    assert not PageDraft.objects.exists()


def test_a_page_that_is_not_asked_keeps_nothing(browser: Client, case: Case):
    answer = keep(browser, case, "turnover_newness", **{"turnover_newness-new": "30"})

    assert answer.status_code == 404


def test_a_draft_that_someone_overtook_offers_both_versions(browser: Client, case: Case):
    keep(browser, case, employment="12", employment_first="10")
    save(admitted(case), case, "size", employment="40", employment_first="10")
    PageDraft.objects.create(
        response=Response.objects.get(),
        page="size",
        typed={"employment": ["12"], "employment_first": ["10"]},
        built_on=0,
        kept_at=NOON,
    )

    offered = browser.get(page(case))

    assert "Someone else has saved this page" in words(offered)
    assert {"12", "40"} <= set(re.findall(r"conflict-answer\">(\d+)", offered.content.decode()))
    kept = browser.post(
        page(case),
        {
            "_built_on": Response.objects.get().revision,
            "_conflict": "employment",
            "_keep-employment": "mine",
            "employment": "12",
            "employment_first": "10",
        },
    )
    assert kept.status_code == 302
    assert answers_of(case)["employment"] == 12
    assert not PageDraft.objects.exists()


def test_a_draft_that_arrives_after_its_page_was_saved_is_not_kept(browser: Client, case: Case):
    save(browser, case, "size", employment="12", employment_first="10")

    assert keep(browser, case, employment="1").json()["kept"] == ""
    assert not PageDraft.objects.exists()


def test_submitting_and_closing_the_field_delete_drafts(browser: Client, case: Case):
    answer_everything(browser, case)
    keep(browser, case, employment="99", _built_on="99")
    browser.post(f"/firm/{case.public_id}/submit/", DECLARED)
    assert not PageDraft.objects.exists()
    assert keep(browser, case, employment="99", _built_on="99").status_code == 409

    other = open_case(QUESTIONNAIRE.replace("every-kind", "other-kind"), slug="other")
    keep(admitted(other), other, employment="1")
    assert PageDraft.objects.exists()
    close_field(wave=other.wave, by=None, at=NOON)
    assert not PageDraft.objects.exists()


def test_an_idle_visit_ends_and_the_code_leads_back_to_what_was_typed(case: Case, settings):
    settings.VISIT_IDLE_MINUTES = 60
    with time_machine.travel(NOON, tick=False) as clock:
        browser = admitted(case)
        clock.shift(timedelta(minutes=50))
        keep(browser, case, employment="12")
        clock.shift(timedelta(minutes=50))
        assert browser.get(page(case)).status_code == 200
        clock.shift(timedelta(minutes=61))
        over = browser.get(page(case))
        assert over.status_code == 403
        assert "what you typed since is kept too" in words(over)

        again = browser.post("/answer/", {"access_code": code_of(case)})

        assert again["Location"] == page(case)
        assert 'value="12"' in browser.get(page(case)).content.decode()


def test_staying_puts_the_end_off_and_a_page_says_when_it_comes(case: Case, settings):
    settings.VISIT_IDLE_MINUTES = 60
    with time_machine.travel(NOON, tick=False) as clock:
        browser = admitted(case)
        clock.shift(timedelta(minutes=59))
        told = browser.post(f"/firm/{case.public_id}/stay/", headers={"Accept": "application/json"})
        assert told.json() == {"seconds": 3600}
        assert browser.post(f"/firm/{case.public_id}/stay/").status_code == 302
        shown = browser.get(page(case))
        assert "this visit ends at" in words(shown)
        assert 'data-seconds="3600"' in shown.content.decode()


def test_the_last_word_of_a_script_does_not_keep_the_visit_alive(case: Case, settings):
    settings.VISIT_IDLE_MINUTES = 60
    with time_machine.travel(NOON, tick=False) as clock:
        browser = admitted(case)
        clock.shift(timedelta(minutes=58))
        assert keep(browser, case, employment="1", _leaving="1").json()["seconds"] == 120
        clock.shift(timedelta(minutes=3))
        assert browser.get(page(case)).status_code == 403


def test_a_visit_to_a_page_is_told_without_answers_or_agent(browser: Client, case: Case):
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148"
    with time_machine.travel(NOON, tick=False) as clock:
        visitor = admitted(case)
        shown = visitor.get(page(case)).content.decode()
        entered = re.search(r'name="_entered" value="(\d+)"', shown)
        assert entered is not None
        clock.shift(100)
        visitor.post(
            page(case),
            {
                "_built_on": "0", "_entered": entered[1], "_visible": "40", "_hidden": "2",
                "_gaps": "0", "_changes": '{"employment": 3, "nonsense": 9, "turnover": "x"}',
                "employment": "4711", "employment_first": "4000",
            },
            headers={"User-Agent": phone},
        )  # fmt: skip

    event = CaseEvent.objects.get(kind="page_left")

    assert event.detail["open"] == 100
    assert event.detail["visible"] == 40
    assert event.detail["hidden"] == 2
    assert event.detail["changes"] == {"employment": 3}
    assert event.detail["device"] == "phone"
    assert event.detail["how"] == "saved"
    assert "4711" not in str(event.detail)
    assert "iPhone" not in str(event.detail)


def test_without_a_script_the_clock_of_the_server_tells(browser: Client, case: Case):
    save(browser, case, "size", employment="12", employment_first="10")
    with time_machine.travel(NOON, tick=False):
        now = str(int(NOON.timestamp()) - 1000)
        admitted(case).post(
            page(case),
            {"_built_on": "9", "_entered": now, "employment": "13", "employment_first": "10"},
        )

    event = CaseEvent.objects.get(kind="page_left")

    assert "visible" not in event.detail
    assert (event.detail["open"], event.detail["gaps"]) == (1000, 1)
    assert event.detail["changes"] == {"employment": 1}


def test_a_page_that_is_left_unsaved_is_told_by_the_script(browser: Client, case: Case):
    from django.utils import timezone

    browser.post(
        f"{page(case)}draft/",
        {"_leaving": "1", "_left": "1", "_entered": str(int(timezone.now().timestamp()) - 5)},
    )

    assert CaseEvent.objects.get(kind="page_left").detail["how"] == "left"
    assert not Response.objects.exists()


def test_refused_answers_and_asked_edits_are_told_by_name(browser: Client, case: Case):
    save(browser, case, "size", employment="many")
    save(browser, case, "size", employment="0", turnover="5", turnover__unit="units")

    assert CaseEvent.objects.get(kind="answers_refused").detail["items"] == ["employment"]
    assert CaseEvent.objects.get(kind="edits_asked").detail["edits"] == ["turnover_without_staff"]
