import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from surveys.actions import invitations
from surveys.actions.access_codes import new_code
from surveys.actions.closing import close_field
from surveys.models import AccessAttempts, Case, CaseEvent, Invitation, Response, User, Wave
from tests.factories import NOON, make_case, make_response, make_stratum
from tests.surveys.firms import admitted, code_of, page_path, save
from tests.surveys.views.page_texts import hub


def test_the_front_door_asks_for_a_code(client: Client, db: None):
    page = client.get("/")

    assert page.status_code == 200
    assert 'name="access_code"' in page.content.decode()


def test_opening_the_link_shows_the_survey_and_changes_nothing(client: Client, case: Case):
    code = code_of(case)
    before = (list(Invitation.objects.values()), CaseEvent.objects.count())

    page = client.get(f"/answer/{code}/")
    client.head(f"/answer/{code}/")

    assert "Firms" in page.content.decode()
    assert "Nord AS" in page.content.decode()
    assert ">Continue</button>" in page.content.decode()
    assert (list(Invitation.objects.values()), CaseEvent.objects.count()) == before
    assert not Response.objects.exists()
    assert not AccessAttempts.objects.exists()
    assert client.get(hub(case)).status_code == 403


@pytest.mark.parametrize("by_link", [True, False])
def test_pressing_continue_admits_the_browser_and_leads_to_a_clean_address(
    client: Client, case: Case, by_link: bool
):
    code = code_of(case)

    if by_link:
        answer = client.post(f"/answer/{code}/")
    else:
        answer = client.post("/answer/", {"access_code": code.lower().replace("-", " ")})

    assert (answer.status_code, answer["Location"]) == (302, hub(case))
    assert client.get(hub(case)).status_code == 200


def test_coming_in_changes_the_key_of_the_session(client: Client, case: Case):
    code = code_of(case)
    client.post("/answer/", {"access_code": code})
    first = client.session.session_key

    client.post("/answer/", {"access_code": code})

    assert client.session.session_key != first


def test_the_link_is_good_for_another_browser(case: Case):
    save(admitted(case), case, "new_good", new_good="yes")

    elsewhere = admitted(case)

    assert "Continue with Your firm" in elsewhere.get(hub(case)).content.decode()
    assert "checked" in elsewhere.get(page_path(case, "new_good")).content.decode()


def test_one_browser_may_answer_for_two_firms(case: Case):
    other = make_case(case.wave, make_stratum(case.wave, "more"), "F0002")
    browser = admitted(case)
    browser.post("/answer/", {"access_code": code_of(other)})

    assert browser.get(hub(case)).status_code == 200
    assert browser.get(hub(other)).status_code == 200


def test_another_firms_pages_are_not_there(case: Case):
    other = make_case(case.wave, make_stratum(case.wave, "more"), "F0002")
    browser = admitted(case)

    for page in ("", "page/new_good/", "check/", "receipt/", "questions/", "submit/"):
        assert browser.get(hub(other) + page).status_code == 404
        assert browser.post(hub(other) + page).status_code in {403, 405}
    assert not Response.objects.exists()


def test_a_page_of_a_firm_one_has_left_keeps_what_was_typed_there(case: Case):
    other = make_case(case.wave, make_stratum(case.wave, "more"), "F0002")
    browser = admitted(case)

    answer = browser.post(f"{hub(other)}page/new_good/", {"new_good": "yes"})

    assert answer.status_code == 403
    assert '<input type="hidden" name="new_good" value="yes">' in answer.content.decode()


def test_a_link_without_its_last_slash_opens_like_the_link(client: Client, case: Case):
    code = code_of(case)

    answer = client.get(f"/answer/{code}")

    assert answer.status_code == 200
    assert "Nord AS" in answer.content.decode()


def test_a_stranger_learns_nothing_about_which_firms_exist(client: Client, case: Case):
    known = client.get(hub(case))
    unknown = client.get("/firm/00000000-0000-4000-8000-000000000000/")

    assert known.status_code == unknown.status_code == 403
    assert "Nord AS" not in known.content.decode()


def refused(client: Client, code: str) -> tuple[int, str]:
    answer = client.post("/answer/", {"access_code": code})
    return answer.status_code, answer.content.decode()


def test_a_typing_mistake_is_named_and_the_code_kept(client: Client, case: Case):
    code = code_of(case)
    wrong = code[:-1] + ("0" if code[-1] != "0" else "2")

    status, page = refused(client, wrong)

    assert status == 400
    assert "<title>Error: " in page
    assert page.count("There is a typing mistake in the code.") == 2
    assert f'value="{wrong}"' in page


def test_a_code_of_the_wrong_length_is_told_so(client: Client, case: Case):
    assert "this one has 8" in refused(client, "7K3F-92QX")[1]


def test_an_unknown_code_is_told_so(client: Client, case: Case):
    status, page = refused(client, new_code())

    assert status == 404
    assert "We do not know this code." in page


@pytest.mark.parametrize("typed", ["", "\x00", "<script>", "x" * 100_000, "🦊" * 27])
def test_nonsense_is_a_typing_mistake(client: Client, case: Case, typed: str):
    status, page = refused(client, typed)

    assert status == 400
    assert "<script>" not in page.replace('<script src="', "")


def test_an_expired_code_has_a_page(client: Client, case: Case):
    _, code = invitations.issue(case=case, at=NOON, expires_at=NOON - timedelta(days=400))

    status, page = refused(client, code)

    assert status == 410
    assert "This code has expired" in page


def test_a_revoked_code_has_a_page_and_ends_the_visit(case: Case):
    browser = admitted(case)
    save(browser, case, "new_good", new_good="yes")
    invitations.revoke(invitation=Invitation.objects.get(), at=NOON)

    page = browser.get(page_path(case, "new_good"))

    assert page.status_code == 410
    assert "This link was replaced" in page.content.decode()
    refusal = save(browser, case, "new_good", new_good="no")
    assert refusal.status_code == 410
    assert Response.objects.get().answers == {"new_good": "yes"}


def test_what_was_typed_as_a_code_was_revoked_is_saved_with_the_newer_code(case: Case):
    browser = admitted(case)
    save(browser, case, "new_good", new_good="yes")
    invitations.revoke(invitation=Invitation.objects.get(), at=NOON)
    refusal = save(browser, case, "new_good", new_good="no").content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', refusal))

    answer = browser.post("/answer/", hidden | {"access_code": code_of(case)})

    assert answer.status_code == 302
    assert Response.objects.get().answers == {"new_good": "no"}


def test_a_wave_that_has_not_begun_says_when_it_does(client: Client, case: Case):
    Wave.objects.update(state="draft")

    status, page = refused(client, code_of(case))

    assert status == 403
    assert "1\u00a0Sep\u00a02026" in page


def test_a_closed_wave_says_that_nothing_is_lost(case: Case):
    browser = admitted(case)
    save(browser, case, "new_good", new_good="yes")
    close_field(wave=case.wave, by=None, at=NOON)

    page = browser.get(hub(case))

    assert page.status_code == 403
    assert "The survey is closed" in page.content.decode()
    assert "21\u00a0Nov\u00a02026" in page.content.decode()


def test_the_code_of_a_submitted_response_opens_its_receipt(case: Case):
    make_response(case, {}, submitted_at=NOON, reference="M-7K3F-92QX")

    page = admitted(case).get(hub(case), follow=True)

    assert page.redirect_chain == [(f"{hub(case)}receipt/", 302)]
    assert "M-7K3F-92QX" in page.content.decode()


def test_the_eleventh_refused_code_in_a_minute_has_to_wait(client: Client, case: Case):
    with time_machine.travel(NOON, tick=False):
        statuses = [refused(client, new_code())[0] for _ in range(10)]
        answer = client.post("/answer/", {"access_code": code_of(case)})
        by_link = client.get(f"/answer/{code_of(case)}/")

    assert statuses == [404] * 10
    assert answer.status_code == by_link.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 61
    with time_machine.travel(NOON + timedelta(seconds=61), tick=False):
        assert client.post("/answer/", {"access_code": code_of(case)}).status_code == 302


def test_good_codes_are_not_counted(client: Client, case: Case):
    code = code_of(case)

    assert [refused(client, code)[0] for _ in range(15)] == [302] * 15


def test_a_forged_address_does_not_loosen_the_brake(client: Client, case: Case):
    with time_machine.travel(NOON, tick=False):
        statuses = [
            client.post(
                "/answer/", {"access_code": new_code()}, headers={"X-Forwarded-For": f"10.0.0.{n}"}
            ).status_code
            for n in range(12)
        ]

    assert statuses == [404] * 10 + [429] * 2


def test_behind_our_proxy_the_address_that_it_wrote_counts(client: Client, case: Case, settings):
    settings.TRUSTED_PROXIES = 1
    with time_machine.travel(NOON, tick=False):
        statuses = [
            client.post(
                "/answer/",
                {"access_code": new_code()},
                headers={"X-Forwarded-For": f"203.0.113.9, 10.{n}.0.1"},
            ).status_code
            for n in range(12)
        ]

    assert statuses == [404] * 12


def test_leaving_asks_signs_out_and_keeps_everything(case: Case):
    browser = admitted(case)
    save(browser, case, "new_good", new_good="yes")

    assert "Leave for now?" in browser.get(f"{hub(case)}leave/").content.decode()
    goodbye = browser.post(f"{hub(case)}leave/", follow=True)

    assert "You have left the questionnaire" in goodbye.content.decode()
    assert browser.get(hub(case)).status_code == 403
    assert Response.objects.get().answers == {"new_good": "yes"}


def test_leaving_one_firm_does_not_leave_the_other(case: Case):
    other = make_case(case.wave, make_stratum(case.wave, "more"), "F0002")
    browser = admitted(case)
    browser.post("/answer/", {"access_code": code_of(other)})

    browser.post(f"{hub(case)}leave/")

    assert browser.get(hub(other)).status_code == 200
    assert browser.get(hub(case)).status_code == 404


def test_a_visit_ends_after_a_day_however_busy_it_is(case: Case, settings):
    settings.VISIT_IDLE_MINUTES = 2 * 24 * 60
    with time_machine.travel(NOON, tick=False):
        browser = admitted(case)
        assert browser.get(hub(case)).status_code == 200
    with time_machine.travel(NOON + timedelta(hours=23, minutes=59), tick=False):
        assert browser.get(hub(case)).status_code == 200
    with time_machine.travel(NOON + timedelta(hours=24, minutes=1), tick=False):
        assert browser.get(hub(case)).status_code == 403


@pytest.mark.parametrize("path", ["/", "/answer/", "/answer/nonsense/", "{hub}", "{hub}check/"])
def test_no_page_of_a_firm_is_cached_or_named_to_others(case: Case, path: str):
    page = admitted(case).get(path.format(hub=hub(case)))

    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "strict-origin"


def test_a_researcher_who_tries_a_code_stays_logged_in_and_the_visit_ends_all_the_same(
    case: Case, ada: User
):
    browser = Client()
    browser.force_login(ada)
    browser.post("/answer/", {"access_code": code_of(case)})
    assert browser.get(hub(case)).status_code == 200

    session = browser.session
    session["admitted"][str(case.public_id)]["at"] -= timedelta(hours=25).total_seconds()
    session.save()

    assert browser.get(f"{hub(case)}page/new_good/").status_code == 403
    browser.post(f"{hub(case)}leave/")
    assert browser.get("/research/").status_code == 200
