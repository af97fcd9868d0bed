"""Who is not the firm's contact any more: what their link and their messages still open."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from surveys.actions import code_batches, invitations
from surveys.actions.contact_corrections import GivenContact, correct_contact
from surveys.actions.messages import OPT_OUT_SALT
from surveys.models import Case, ContactAttempt, CorrectedContact, Membership, Survey
from surveys.queries.case_contacts import contact_of
from tests.factories import make_case, make_frame, make_member, make_stratum, make_unit, make_user
from tests.surveys.views.world import open_wave

pytestmark = pytest.mark.django_db

RIGHT = {"name": "Kari Right", "email": "kari@firm.example"}
REPLACED = "This link was replaced"


@pytest.fixture
def case(survey: Survey) -> Case:
    wave = open_wave(survey)
    unit = make_unit(make_frame(survey), email="ola@firm.example", contact_name="Ola")
    return make_case(wave, make_stratum(wave), unit=unit)


@pytest.fixture
def code(case: Case) -> str:
    now = timezone.now()
    return invitations.issue(case=case, at=now, expires_at=now + timedelta(days=9))[1]


@pytest.fixture
def firm(code: str) -> Client:
    browser = Client()
    browser.post("/answer/", {"access_code": code})
    return browser


@pytest.fixture
def manager(survey: Survey) -> Client:
    ben = make_user("ben")
    make_member(ben, survey, Membership.Role.FIELDWORK_MANAGER)
    browser = Client()
    browser.force_login(ben)
    return browser


def page_of(case: Case) -> str:
    return f"/research/{case.wave.survey.slug}/{case.wave.slug}/fieldwork/{case.public_id}/"


def test_a_link_that_was_replaced_says_so_and_names_nobody(
    case: Case, code: str, firm: Client
) -> None:
    page = f"/firm/{case.public_id}/page/size/"
    firm.post(page, {"comment": "kept", "_built_on": "0"})
    now = timezone.now()
    correct_contact(case=case, contact=GivenContact(**RIGHT), by=None, at=now)
    code_batches.rotate(case=case, by=None, at=now, expires_at=now + timedelta(days=9))

    for shown in (Client().get(f"/answer/{code}/"), firm.get(page)):
        told = shown.content.decode()
        assert shown.status_code == 410
        assert re.search(rf"<h1[^>]*>\s*{REPLACED}\s*</h1>", told)
        assert "kari" not in told.casefold()
    case.refresh_from_db()
    assert case.response.answers["comment"] == "kept"


def test_the_link_ends_at_once_if_the_firm_says_that_the_person_has_left(
    case: Case, code: str, firm: Client
) -> None:
    told = firm.post(f"/firm/{case.public_id}/right-person/", RIGHT | {"has_left": "on"})

    assert "The former link no longer opens the questionnaire." in told.content.decode()
    assert REPLACED in Client().get(f"/answer/{code}/").content.decode()


def test_who_was_replaced_cannot_name_another_contact_from_an_old_message(
    case: Case, code: str
) -> None:
    attempt = ContactAttempt.objects.create(
        case=case, channel="email", queued_at=timezone.now(), invitation=case.invitations.get()
    )
    address = f"/right-person/{signing.dumps(attempt.pk, salt=OPT_OUT_SALT)}/"
    assert Client().post(address, RIGHT).status_code == 200

    code_batches.end_codes(cases=[case.pk], at=timezone.now())
    again = Client().post(address, {"name": "Ola", "email": "ola@firm.example"})

    assert again.status_code == 410
    assert contact_of(case).name == "Kari Right"


def test_the_manager_replaces_the_codes_on_the_case_s_page(
    case: Case, code: str, manager: Client
) -> None:
    correct_contact(case=case, contact=GivenContact(**RIGHT), by=None, at=timezone.now())
    assert "The former contact’s code still opens" in manager.get(page_of(case)).content.decode()

    shown = manager.post(f"{page_of(case)}codes/rotate/")

    assert REPLACED in Client().get(f"/answer/{code}/").content.decode()
    [new] = case.invitations.filter(revoked_at=None)
    assert f'code-once mb-1">{new.hint}' in shown.content.decode()
    assert "The former contact’s code still" not in shown.content.decode()


def test_the_office_ends_the_codes_of_who_has_left_with_the_correction(
    case: Case, code: str, manager: Client
) -> None:
    manager.post(f"{page_of(case)}contact/", RIGHT | {"former_has_left": "on"})

    assert CorrectedContact.objects.get().name == "Kari Right"
    assert REPLACED in Client().get(f"/answer/{code}/").content.decode()


def test_a_correction_of_an_earlier_wave_says_where_it_comes_from(
    case: Case, survey: Survey, manager: Client
) -> None:
    correct_contact(case=case, contact=GivenContact(**RIGHT), by=None, at=timezone.now())
    type(case.wave).objects.update(title="Spring wave")
    later = open_wave(survey, slug="later")
    type(later).objects.filter(pk=later.pk).update(title="Autumn wave")

    shown = manager.get(page_of(make_case(later, make_stratum(later), "F9", unit=case.unit)))

    assert "by the firm, in Spring wave" in shown.content.decode()
