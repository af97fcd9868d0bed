"""Several people of one firm: what each of them may see, write and end."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from surveys.actions import contributors
from surveys.models import Case, CaseEvent, Contributor, Invitation, PageVersion, Response
from tests.factories import make_case, make_stratum
from tests.surveys.firms import DECLARED, admitted, answer_everything, answers_of, page_path, save

INVITED = {
    "name": "Per Vik",
    "email": "per@nord.example",
    "role": "section",
    "sections": ["partners"],
    "own_name": "Kari Nord",
    "own_email": "kari@nord.example",
}


@pytest.fixture
def holder(case: Case) -> Client:
    return admitted(case)


def path(case: Case, rest: str = "") -> str:
    return f"/firm/{case.public_id}/{rest}"


def invite(holder: Client, case: Case, **changed: object) -> str:
    """Invite, and give the path of the link that the e-mail has."""
    answer = holder.post(path(case, "team/invite/"), INVITED | changed)
    assert answer.status_code == 302, answer.content.decode()
    return link_of(str(mail.outbox[-1].body))


def link_of(text: str) -> str:
    found = re.search(r"http://testserver(/answer/[^/]+/)", text)
    assert found is not None, text
    return found.group(1)


def accepted(link: str) -> Client:
    client = Client()
    answer = client.post(link)
    assert answer.status_code == 302, answer.content.decode()
    return client


def test_a_colleague_sees_and_writes_only_the_section_that_was_shared(
    case: Case, holder: Client
) -> None:
    colleague = accepted(invite(holder, case))

    hub = colleague.get(path(case)).content.decode()
    assert "Cooperation" not in hub
    assert "Partners" in hub
    assert "Your firm" not in hub
    assert colleague.get(page_path(case, "activity")).status_code == 200
    assert save(colleague, case, "activity", activity=["research"]).status_code == 302
    for rest in ("check/", "receipt/", "questions/", "team/", "copy.pdf", "section/firm/"):
        assert colleague.get(path(case, rest)).status_code == 404, rest
    for rest in ("submit/", "section/firm/finished/"):
        assert colleague.post(path(case, rest), DECLARED).status_code == 404, rest
    assert colleague.get(page_path(case, "size")).status_code == 404
    assert save(colleague, case, "size", employment="3").status_code == 404
    assert (
        colleague.post(page_path(case, "size") + "draft/", {"employment": "3"}).status_code == 404
    )
    assert colleague.get(page_path(case, "no_such_page")).status_code == 404
    assert answers_of(case) == {"activity": ["research"]}


def test_opening_a_link_changes_nothing_until_it_is_accepted(case: Case, holder: Client) -> None:
    link = invite(holder, case)
    client = Client()

    seen = client.get(link)

    assert seen.status_code == 200
    assert "Kari Nord invites you" in seen.content.decode()
    assert Contributor.objects.get(email="per@nord.example").accepted_at is None
    assert client.get(path(case)).status_code == 403
    accepted(link)
    assert Contributor.objects.get(email="per@nord.example").accepted_at is not None


def test_the_letter_says_who_invites_and_holds_no_answer(case: Case, holder: Client) -> None:
    save(holder, case, "size", employment="4711", employment_first="4712")
    invite(holder, case)

    letter = mail.outbox[0]
    assert letter.to == ["per@nord.example"]
    assert letter.reply_to == ["kari@nord.example"]
    assert "Kari Nord asks you to answer a part" in letter.body
    assert "4711" not in letter.subject + str(letter.body)


@pytest.mark.parametrize(
    ("language", "words"),
    [("nb", "Åpne denne lenken"), ("de", "Öffnen Sie"), ("it", "Apra questo"), ("sv", "Open this")],
)
def test_the_letter_is_in_the_language_of_the_response(
    case: Case, holder: Client, language: str, words: str
) -> None:
    save(holder, case, "size", employment="1")
    Response.objects.update(language=language)

    invite(holder, case)

    assert words in str(mail.outbox[0].body)


def test_a_name_cannot_add_lines_to_the_head_of_a_letter(case: Case, holder: Client) -> None:
    invite(holder, case, name="Per\r\nBcc: all@nord.example")

    assert mail.outbox[0].recipients() == ["per@nord.example"]
    assert "\n" not in mail.outbox[0].subject


def test_a_link_runs_out_after_72_hours_and_a_new_one_ends_the_old(
    case: Case, holder: Client
) -> None:
    link = invite(holder, case)
    Contributor.objects.filter(invited_by__isnull=False).update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    late = Client().post(link)
    assert late.status_code == 410
    assert "72 hours" in late.content.decode()

    person = Contributor.objects.get(email="per@nord.example")
    assert holder.post(path(case, f"team/{person.pk}/send/")).status_code == 302
    fresh = link_of(str(mail.outbox[-1].body))

    assert fresh != link
    assert Client().get(link).status_code == 404
    accepted(fresh)


def test_withdrawing_ends_the_visit_at_once_and_keeps_what_was_saved(
    case: Case, holder: Client
) -> None:
    link = invite(holder, case)
    colleague = accepted(link)
    save(colleague, case, "activity", activity=["research"])
    person = Contributor.objects.get(email="per@nord.example")

    holder.post(path(case, f"team/{person.pk}/withdraw/"))

    assert colleague.get(page_path(case, "activity")).status_code == 410
    assert "ended your access" in Client().get(link).content.decode()
    assert answers_of(case) == {"activity": ["research"]}
    assert holder.post(path(case, f"team/{person.pk}/send/")).status_code == 404


def test_who_answered_what_is_kept_and_shown_before_submitting(case: Case, holder: Client) -> None:
    colleague = accepted(invite(holder, case))
    save(colleague, case, "activity", activity=["research"])
    save(holder, case, "new_good", new_good="no")

    kept = {version.page: str(version.contributor) for version in PageVersion.objects.all()}
    assert kept == {"activity": "Per Vik", "new_good": "Kari Nord"}
    sheet = holder.get(path(case, "check/")).content.decode()
    assert "Answered by Per Vik" in sheet
    assert "Answered by Kari Nord" in sheet


def test_a_sharer_answers_everything_but_invites_nobody(case: Case, holder: Client) -> None:
    sharer = accepted(invite(holder, case, role="whole", sections=[]))

    assert save(sharer, case, "new_good", new_good="no").status_code == 302
    assert sharer.get(path(case, "check/")).status_code == 200
    assert sharer.get(path(case, "team/")).status_code == 404
    assert sharer.post(path(case, "team/invite/"), INVITED).status_code == 404


def test_a_successor_takes_over_and_the_former_access_ends(case: Case, holder: Client) -> None:
    save(holder, case, "new_good", new_good="no")
    link = invite(holder, case, role="successor", sections=[])
    successor = Client()

    taken = successor.post(link)

    assert taken.status_code == 200
    code = re.search(r'class="team-code">([^<]+)<', taken.content.decode())
    assert code is not None
    assert holder.get(path(case)).status_code == 410
    assert successor.get(path(case, "team/")).status_code == 200
    assert successor.get(page_path(case, "new_good")).status_code == 200
    assert Invitation.objects.filter(case=case, revoked_at=None).count() == 1
    assert Client().post("/answer/", {"access_code": code.group(1)}).status_code == 302
    assert Client().post(link).status_code == 410
    assert answers_of(case) == {"new_good": "no"}
    person = contributors.responsible_of(case)
    assert person is not None
    assert person.name == "Per Vik"


def test_nobody_is_admitted_by_the_row_of_the_responsible_person(
    case: Case, holder: Client
) -> None:
    invite(holder, case)
    own = Contributor.objects.get(email="kari@nord.example")

    assert own.expires_at <= timezone.now()
    assert holder.post(path(case, f"team/{own.pk}/send/")).status_code == 404
    assert holder.post(path(case, f"team/{own.pk}/withdraw/")).status_code == 404


def test_people_of_another_firm_are_not_found(case: Case, holder: Client) -> None:
    other = make_case(case.wave, make_stratum(case.wave, "more"), "F0002")
    invite(admitted(other), other)
    person = Contributor.objects.get(case=other, email="per@nord.example")

    for what in ("send", "withdraw"):
        assert holder.post(path(case, f"team/{person.pk}/{what}/")).status_code == 404
    person.refresh_from_db()
    assert person.revoked_at is None


def test_the_eleventh_letter_of_an_hour_is_not_sent(case: Case, holder: Client) -> None:
    for _ in range(10):
        invite(holder, case)

    answer = holder.post(path(case, "team/invite/"), INVITED, follow=True)

    assert "Wait an hour" in answer.content.decode()
    assert len(mail.outbox) == 10


def test_a_mail_server_that_is_down_is_told_and_the_link_can_be_sent_again(
    case: Case, holder: Client, settings, monkeypatch
) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise ConnectionRefusedError("per@nord.example")

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", broken)
        answer = holder.post(path(case, "team/invite/"), INVITED, follow=True)
    assert "could not be sent" in answer.content.decode()

    person = Contributor.objects.get(email="per@nord.example")
    holder.post(path(case, f"team/{person.pk}/send/"))
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"sections": []}, "Choose the sections"),
        ({"email": "per"}, "Enter an e-mail address"),
        ({"name": ""}, "Enter the name of your colleague"),
        ({"email": ""}, "Enter the e-mail address of your colleague"),
        ({"role": ""}, "Choose what you share"),
        ({"own_name": ""}, "so that your colleague knows who invites"),
        ({"own_email": ""}, "so that your colleague can reply"),
        ({"sections": ["nothing"]}, "Select a valid choice"),
        ({"role": "king"}, "Select a valid choice"),
        ({"name": "<b>Per</b>"}, "Leave out the characters"),
    ],
)
def test_an_invitation_that_cannot_be_sent_says_why(
    case: Case, holder: Client, changed: dict[str, object], sentence: str
) -> None:
    answer = holder.post(path(case, "team/invite/"), INVITED | changed)

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not mail.outbox


def test_no_address_and_no_name_gets_into_events_or_logs(
    case: Case, holder: Client, caplog: pytest.LogCaptureFixture
) -> None:
    colleague = accepted(invite(holder, case))
    save(colleague, case, "activity", activity=["research"])

    events = str(list(CaseEvent.objects.values_list("kind", "detail")))

    for secret in ("per@nord.example", "Per Vik", "kari@nord.example"):
        assert secret not in events
        assert secret not in caplog.text
    assert "colleague_invited" in events


def test_a_section_is_signed_off_once_and_withdrawn_when_it_changes(
    case: Case, holder: Client
) -> None:
    colleague = accepted(invite(holder, case))
    save(colleague, case, "sources-fairs")
    assert colleague.post(path(case, "section/partners/finished/")).status_code == 302
    assert "partners" not in sign_offs(case)  # its pages have not been gone through
    save(colleague, case, "activity", activity=["none"])
    assert "I have finished this section" in colleague.get(path(case)).content.decode()

    colleague.post(path(case, "section/partners/finished/"), {"finished": "yes"})

    assert sign_offs(case)["partners"]["name"] == "Per Vik"
    assert "Signed off" in holder.get(path(case)).content.decode()
    save(holder, case, "size", employment="1")
    assert "partners" in sign_offs(case)
    save(holder, case, "activity", activity=["other"])
    assert "partners" not in sign_offs(case)


def test_submitting_waits_for_sign_offs_unless_the_responsible_person_decides(
    case: Case, holder: Client
) -> None:
    sharer = accepted(invite(holder, case, role="whole", sections=[]))
    invite(holder, case)
    answer_everything(holder, case)

    refused = holder.post(path(case, "submit/"), DECLARED)
    assert "have not said that they are finished" in refused.content.decode()
    assert not Response.objects.get().is_submitted
    assert "Submit the questionnaire" not in sharer.get(path(case, "check/")).content.decode()

    holder.post(path(case, "submit/"), DECLARED | {"without": "on"})

    assert Response.objects.get().is_submitted
    assert sign_offs(case)[""]["without"] == ["partners"]


def test_a_sharer_cannot_override_a_colleague_who_is_not_finished(
    case: Case, holder: Client
) -> None:
    sharer = accepted(invite(holder, case, role="whole", sections=[]))
    invite(holder, case)
    answer_everything(holder, case)

    sharer.post(path(case, "submit/"), DECLARED | {"without": "on"})

    assert not Response.objects.get().is_submitted


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Enter your name, so that it can be kept with the answers."),
        ({"declarant": "Kari"}, "Tick the declaration"),
        ({"authorised": "on"}, "Enter your name, so that it can be kept with the answers."),
        ({"authorised": "on", "declarant": " "}, "Enter your name, so that it can be kept"),
    ],
)
def test_nothing_is_submitted_without_a_declaration(
    case: Case, holder: Client, sent: dict[str, str], sentence: str
) -> None:
    answer_everything(holder, case)

    answer = holder.post(path(case, "submit/"), sent)

    assert sentence in answer.content.decode()
    assert not Response.objects.get().is_submitted


def test_who_declared_the_answers_is_kept(case: Case, holder: Client) -> None:
    answer_everything(holder, case)

    holder.post(path(case, "submit/"), DECLARED)

    said = sign_offs(case)[""]
    assert (said["name"], said["without"]) == ("Kari Nord", [])


def sign_offs(case: Case) -> dict[str, dict[str, object]]:
    return dict(Response.objects.get(case=case).sign_offs)
