"""The phone list in the browser: who sees which firm, filling in, the right contact."""

import logging
import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from surveys.actions import calls, contacts, invitations
from surveys.actions.messages import OPT_OUT_SALT
from surveys.fieldwork.protocols import StepPlan
from surveys.models import (
    AuditEvent,
    Case,
    CaseEvent,
    ContactAttempt,
    CorrectedContact,
    Membership,
    PageVersion,
    PhoneListing,
    Response,
    Survey,
    User,
    Wave,
)
from surveys.queries.contacts import dry_run
from surveys.queries.contributors import WHOLE_ANSWER
from surveys.queries.paradata import paradata_rows
from tests.factories import (
    NOON,
    make_case,
    make_frame,
    make_member,
    make_response,
    make_stratum,
    make_unit,
    make_user,
)
from tests.surveys.views.world import open_wave

pytestmark = pytest.mark.django_db
ROOT = "/research/knowledge/2025/"
RIGHT = {"name": "Kari Right", "email": "kari@firm.example", "phone": "+47 99 88 77 66"}


@pytest.fixture
def wave(survey: Survey) -> Wave:
    today = timezone.localdate()
    wave = open_wave(survey)
    wave.field_start, wave.field_end = today - timedelta(days=30), today + timedelta(days=30)
    wave.save()
    frame, stratum = make_frame(survey), make_stratum(wave)
    for number, phone in enumerate(("+47 22 00 00 01", ""), start=1):
        unit = make_unit(frame, f"R-{number}", phone=phone, email=f"old{number}@firm.example")
        make_case(wave, stratum, f"F000{number}", unit=unit)
    plan = StepPlan("reminder", "phone")
    step = contacts.add_step(wave=wave, plan=plan, by=None, at=NOON)
    calls.list_firms(step=step, by=None, at=timezone.now())
    return wave


@pytest.fixture
def case(wave: Wave) -> Case:
    """On the phone list; the other case of the wave is not."""
    return Case.objects.get(pseudonym="F0001")


@pytest.fixture
def people(survey: Survey, ada: User, ben: User) -> dict[str, User]:
    found = {Membership.Role.OWNER: ada, Membership.Role.FIELDWORK_MANAGER: ben}
    for role in Membership.Role:
        if role not in found:
            found[role] = make_user(f"a-{role}")
            make_member(found[role], survey, role)
    return {str(role): person for role, person in found.items()}


def browser_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def interviewer(people: dict[str, User]) -> Client:
    return browser_of(people["interviewer"])


def page_of(case: Case) -> str:
    return f"{ROOT}fieldwork/{case.public_id}/"


def fill_in(browser: Client, case: Case) -> str:
    """Begin to fill in for the firm; the address of its hub."""
    return browser.post(f"{page_of(case)}fill-in/").url


def answer(browser: Client, case: Case, **typed: object):
    page = f"/firm/{case.public_id}/page/size/"
    return browser.post(page, {"employment_last": 12, "_built_on": 0} | typed)


def hand_in(browser: Client, case: Case):
    said = {"declarant": "Ola Nordmann", "authorised": "on"}
    return browser.post(f"/firm/{case.public_id}/submit/", said)


@pytest.mark.parametrize(
    ("role", "listed", "other", "the_list"),
    [
        ("owner", 200, 200, 200),
        ("fieldwork_manager", 200, 200, 200),
        ("interviewer", 200, 403, 200),
        ("methodologist", 403, 403, 403),
        ("analyst", 403, 403, 403),
        ("viewer", 403, 403, 403),
    ],
)
def test_who_sees_a_firm_of_the_phone_list_and_who_any_other(
    role: str, listed: int, other: int, the_list: int, case: Case, people: dict[str, User]
) -> None:
    browser = browser_of(people[role])
    elsewhere = Case.objects.get(pseudonym="F0002")

    found = [browser.get(page_of(each)).status_code for each in (case, elsewhere)]

    assert [*found, browser.get(f"{ROOT}calls/").status_code] == [listed, other, the_list]
    for act in ("call/", "contact/", "fill-in/"):
        assert (browser.post(page_of(elsewhere) + act).status_code == 403) == (other == 403)


def test_an_interviewer_finds_no_other_firm_on_any_page(case: Case, interviewer: Client) -> None:
    pages = [f"{ROOT}calls/?state=all&caller=", f"{ROOT}fieldwork/", f"{ROOT}contacts/"]

    told = "".join(interviewer.get(page).content.decode() for page in pages)

    assert "Firm F0001" in told
    assert "F0002" not in told
    page = interviewer.get(page_of(case)).content.decode()
    for button in ("Issue a new code", "Record what you learnt", "review the answers"):
        assert button not in page


def test_a_firm_taken_off_the_list_is_seen_no_more(case: Case, interviewer: Client) -> None:
    ContactAttempt.objects.update(state="skipped")

    assert interviewer.get(page_of(case)).status_code == 403


def test_a_call_is_noted_and_told_on_the_timeline(case: Case, interviewer: Client) -> None:
    now = timezone.localtime()
    typed = {"outcome": "no_answer", "called_at": f"{now:%Y-%m-%dT%H:%M}", "note": "desk"}

    interviewer.post(f"{page_of(case)}call/", typed)

    page = interviewer.get(page_of(case)).content.decode()
    assert "Called, no answer (call 1, desk, a-interviewer)" in page


def test_a_call_that_is_refused_stays_typed_with_the_reason_beside_it(
    case: Case, interviewer: Client
) -> None:
    called_at = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    typed = {"outcome": "call_back", "called_at": called_at, "note": "ring the desk"}

    response = interviewer.post(f"{page_of(case)}call/", typed)

    page = response.content.decode()
    assert response.status_code == 422
    assert "ring the desk" in page
    assert "Give the date and time at which to call back." in page


def test_firms_are_given_out_by_the_manager(case: Case, people: dict[str, User]) -> None:
    manager = browser_of(people["fieldwork_manager"])

    manager.post(f"{ROOT}calls/assign/", {"case": ["F0001"], "caller": "a-interviewer"})
    assert PhoneListing.objects.get().assigned_to == people["interviewer"]
    manager.post(f"{ROOT}calls/assign/", {"case": ["F0001"], "caller": ""})
    manager.post(f"{ROOT}calls/share-out/")

    assert PhoneListing.objects.get().assigned_to == people["interviewer"]
    assert "How far each caller is" in manager.get(f"{ROOT}calls/").content.decode()


def test_filling_in_says_for_whom_and_keeps_the_mode(
    case: Case, interviewer: Client, people: dict[str, User]
) -> None:
    hub = interviewer.get(fill_in(interviewer, case)).content.decode()
    assert "You are filling in for Firm F0001." in hub
    assert "colleagues" not in hub
    answer(interviewer, case)

    ended = hand_in(interviewer, case)

    assert ended.url == page_of(case)
    response = Response.objects.get(case=case)
    assert (response.mode, response.is_submitted) == ("phone", True)
    said = response.sign_offs[WHOLE_ANSWER]
    assert (said["name"], said["mode"]) == ("Ola Nordmann", "phone")
    assert set(PageVersion.objects.values_list("by__username")) == {("a-interviewer",)}
    modes = {row["kind"]: row.get("mode") for row in paradata_rows(case.wave)}
    assert modes["page_saved"] == modes["submitted"] == modes["filling_in_begun"] == "phone"
    assert CaseEvent.objects.filter(kind="phone_completed", by=people["interviewer"]).exists()
    page = interviewer.get(page_of(case)).content.decode()
    assert "Opened to be filled in for the firm (a-interviewer)" in page
    assert "By telephone" in page


def test_who_filled_in_sees_the_answers_no_more_once_they_are_handed_in(
    case: Case, interviewer: Client
) -> None:
    fill_in(interviewer, case)
    answer(interviewer, case)
    hand_in(interviewer, case)

    assert interviewer.get(f"/firm/{case.public_id}/receipt/").status_code != 200
    assert fill_in(interviewer, case) == page_of(case)


def test_the_telephone_needs_a_declaration_of_its_own(case: Case, interviewer: Client) -> None:
    fill_in(interviewer, case)
    answer(interviewer, case)

    check = interviewer.get(f"/firm/{case.public_id}/check/").content.decode()
    interviewer.post(f"/firm/{case.public_id}/submit/", {"declarant": "Ola"})

    assert "The firm gave these answers by telephone" in check
    assert not Response.objects.get(case=case).is_submitted


def test_answers_of_the_firm_itself_stay_answers_on_the_web(case: Case) -> None:
    now = timezone.now()
    _, code = invitations.issue(case=case, at=now, expires_at=now + timedelta(days=9))
    firm = Client()
    firm.post("/answer/", {"access_code": code})
    answer(firm, case)
    hand_in(firm, case)

    assert Response.objects.get(case=case).mode == "web"
    assert all("mode" not in row for row in paradata_rows(case.wave))


@pytest.mark.parametrize(
    "ended", ["closed", "frozen", "removed from the survey", "taken off the list", "logged out"]
)
def test_filling_in_ends_with_the_field_and_with_the_right_to(
    ended: str, case: Case, interviewer: Client
) -> None:
    fill_in(interviewer, case)
    answer(interviewer, case)
    page = f"/firm/{case.public_id}/page/size/"
    assert interviewer.get(page).status_code == 200
    if ended in ("closed", "frozen"):
        now = timezone.now()
        frozen_at = now if ended == "frozen" else None
        Wave.objects.update(state="closed", closed_at=now, frozen_at=frozen_at)
    elif ended == "removed from the survey":
        Membership.objects.filter(role="interviewer").delete()
    elif ended == "taken off the list":
        ContactAttempt.objects.update(state="skipped")
    else:
        interviewer.logout()

    shown, saved = interviewer.get(page), answer(interviewer, case, employment_last=99)

    assert shown.status_code != 200
    assert b"employment_last" not in shown.content
    assert saved.status_code != 200 or b"employment_last" not in saved.content
    assert Response.objects.get(case=case).answers["employment_last"] == 12


def test_the_visit_of_one_person_is_not_that_of_another(
    case: Case, interviewer: Client, people: dict[str, User]
) -> None:
    fill_in(interviewer, case)

    assert browser_of(people["owner"]).get(f"/firm/{case.public_id}/").status_code != 200


def test_a_firm_that_handed_in_meanwhile_shows_the_caller_nothing(
    case: Case, interviewer: Client
) -> None:
    fill_in(interviewer, case)
    make_response(case, {"comment": "own words"}, submitted_at=NOON, reference="M-1")

    shown = interviewer.get(f"/firm/{case.public_id}/receipt/", follow=True)

    assert b"own words" not in shown.content
    assert shown.redirect_chain[-1][0] == page_of(case)


def test_leaving_leads_back_to_the_case(case: Case, interviewer: Client) -> None:
    fill_in(interviewer, case)

    left = interviewer.post(f"/firm/{case.public_id}/leave/", follow=True)

    assert left.redirect_chain[-1][0] == page_of(case)


def email_step_of(wave: Wave):
    words = {"en": contacts.Words("About it", "{link}")}
    return contacts.add_step(
        wave=wave, plan=StepPlan("last_call", "email", words=words), by=None, at=NOON
    )


def addresses_of(wave: Wave) -> dict[str, str]:
    return {who.pseudonym: who.address for who in dry_run(email_step_of(wave)).who}


def by_their_own_page(case: Case) -> tuple[Client, str]:
    now = timezone.now()
    _, code = invitations.issue(case=case, at=now, expires_at=now + timedelta(days=9))
    firm = Client()
    firm.post("/answer/", {"access_code": code})
    return firm, f"/firm/{case.public_id}/right-person/"


def by_the_access_link(case: Case) -> tuple[Client, str]:
    now = timezone.now()
    _, code = invitations.issue(case=case, at=now, expires_at=now + timedelta(days=9))
    link = Client().get(f"/answer/{code}/").content.decode()
    return Client(), re.search(r'href="(/answer/[^"]+/right-person/)"', link)[1]


def by_the_foot_of_an_e_mail(case: Case) -> tuple[Client, str]:
    attempt = ContactAttempt.objects.create(case=case, channel="email", queued_at=NOON)
    token = signing.dumps(attempt.pk, salt=OPT_OUT_SALT)
    foot = Client().get(f"/opt-out/{token}/").content.decode()
    return Client(), re.search(r'href="(/right-person/[^"]+)"', foot)[1]


@pytest.mark.parametrize("way", [by_their_own_page, by_the_access_link, by_the_foot_of_an_e_mail])
def test_the_firm_names_the_right_person_and_later_steps_turn_there(
    way, case: Case, caplog, interviewer: Client
) -> None:
    caplog.set_level(logging.DEBUG)
    firm, address = way(case)
    assert firm.get(address).status_code == 200
    assert not CorrectedContact.objects.exists()

    told = firm.post(address, RIGHT)

    assert b"From now on we turn to the person whom you named." in told.content
    assert addresses_of(case.wave)["F0001"] == "kari@firm.example"
    assert "+47 99 88 77 66" in interviewer.get(f"{ROOT}calls/").content.decode()
    page = interviewer.get(page_of(case)).content.decode()
    assert "Kari Right" in page
    assert "The contact was corrected (the firm)" in page
    kept = [*CaseEvent.objects.values_list("detail"), *AuditEvent.objects.values_list("detail")]
    assert "kari" not in (caplog.text + str(kept)).casefold()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Enter the name of the right person."),
        ({"name": "Kari"}, "Enter an e-mail address or a telephone number."),
        ({"name": "Kari", "email": "kari at firm"}, "Enter an e-mail address, like"),
        ({"name": "Kari", "phone": "ring me"}, "Enter a telephone number, like"),
        ({"name": "Kari", "email": "k@firm.example\nBcc: x@y.example"}, "Enter an e-mail"),
    ],
)
def test_a_contact_that_cannot_be_reached_is_refused_beside_its_field(
    typed: dict[str, str], words: str, case: Case
) -> None:
    firm, address = by_the_foot_of_an_e_mail(case)

    response = firm.post(address, typed)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not CorrectedContact.objects.exists()


def test_who_does_not_know_the_right_person_says_so_and_the_office_sees_it(
    case: Case, interviewer: Client
) -> None:
    firm, address = by_the_foot_of_an_e_mail(case)

    firm.post(address, {"unknown": "on"})

    page = interviewer.get(page_of(case)).content.decode()
    assert "The contact does not belong to the firm (the firm)" in page
    assert Case.objects.get(pk=case.pk).final_code == "3.90"
    firm.post(address, RIGHT)
    assert Case.objects.get(pk=case.pk).final_code != "3.90"


def test_a_corrected_contact_brings_a_wrong_number_back_on_the_list(
    case: Case, interviewer: Client, people: dict[str, User]
) -> None:
    call = calls.Call("wrong_number", timezone.now())
    calls.record_call(case=case, call=call, by=people["interviewer"], at=timezone.now())
    assert "F0001" not in interviewer.get(f"{ROOT}calls/?caller=").content.decode()

    interviewer.post(f"{page_of(case)}contact/", RIGHT | {"email": ""})

    assert "Firm F0001" in interviewer.get(f"{ROOT}calls/?caller=").content.decode()
    assert CorrectedContact.objects.get().by == people["interviewer"]
    assert "F0001" not in addresses_of(case.wave)


def test_a_link_that_was_not_signed_here_leads_nowhere(case: Case) -> None:
    assert Client().get("/right-person/made-up/").status_code == 404


def test_a_closed_field_takes_no_corrections(case: Case) -> None:
    firm, address = by_the_foot_of_an_e_mail(case)
    Wave.objects.update(state="closed")

    assert b"Nothing was changed" in firm.post(address, RIGHT).content
    assert not CorrectedContact.objects.exists()
