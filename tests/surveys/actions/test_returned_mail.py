"""What came back of a message: noted once, on its case, and honoured by every later step."""

from datetime import timedelta

import pytest

from surveys.actions import invitations, sending
from surveys.actions.returned_mail import Returned, record
from surveys.models import Case, CaseEvent, ContactAttempt, MailReturn, Suppression, Unit
from tests.factories import NOON
from tests.mail_sink import MailSink
from tests.surveys.actions.test_sending import a_step, make_firms, send, use
from tests.surveys.views.world import open_wave

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def wave(survey):
    return open_wave(survey)


@pytest.fixture
def firms(wave):
    return make_firms(wave, ["a", "b"])


@pytest.fixture
def sent(wave, firms, settings) -> ContactAttempt:
    """The message to firm a, which the mail server took."""
    with MailSink() as sink:
        use(settings, sink)
        sending.queue(step=a_step(wave), by=None, at=NOON)
        send()
    return ContactAttempt.objects.get(case__pseudonym="a")


def told(kind: str, sent: ContactAttempt, own_id: str = "1", **fields) -> str:
    given = {"message_id": sent.message_id} | fields
    return record(returned=Returned(kind, "test", own_id, **given), at=LATER)


def kinds(case: Case) -> list[str]:
    return list(CaseEvent.objects.filter(case=case, at=LATER).values_list("kind", flat=True))


def who_gets_the_next_step(wave) -> set[str]:
    run = sending.dry_run(a_step(wave, kind="reminder"))
    return {each.pseudonym for each in run.who}


def test_a_hard_bounce_is_on_the_case_and_no_later_step_writes_to_the_address(sent, wave, firms):
    assert told("hard", sent, code="5.1.1") == "noted"

    sent.refresh_from_db()
    assert (sent.state, sent.outcome, sent.note) == ("bounced", "hard", "5.1.1")
    assert set(kinds(firms[0])) == {"access_revoked", "bounced"}
    assert Case.objects.get(pk=firms[0].pk).final_code == "3.30"
    assert Suppression.objects.get().reason == "bounce"
    assert who_gets_the_next_step(wave) == {"b"}
    assert sent.invitation.revoked_at == LATER


def test_a_new_address_of_the_firm_is_written_to_again(sent, wave, firms):
    told("hard", sent)
    Unit.objects.filter(register_id="a").update(email="new@firm.example")
    assert who_gets_the_next_step(wave) == {"a", "b"}


def test_a_report_that_comes_twice_is_seen_once(sent, firms):
    assert [told("hard", sent), told("hard", sent)] == ["noted", "seen"]
    told("hard", sent, "another report of the same")

    assert kinds(firms[0]).count("bounced") == 1
    assert Suppression.objects.count() == 1
    assert MailReturn.objects.count() == 2


def test_a_soft_bounce_bars_nothing(sent, wave, firms):
    told("soft", sent, code="5.2.2")

    sent.refresh_from_db()
    assert (sent.state, sent.outcome) == ("bounced", "soft")
    assert kinds(firms[0]) == ["bounced_for_now"]
    assert who_gets_the_next_step(wave) == {"a", "b"}
    assert sent.invitation.revoked_at is None


def test_a_hard_bounce_after_a_soft_one_counts(sent, wave, firms):
    told("soft", sent)
    told("hard", sent, "2")
    sent.refresh_from_db()
    assert (sent.state, sent.outcome) == ("bounced", "hard")
    told("soft", sent, "3")
    sent.refresh_from_db()
    assert sent.outcome == "hard"


def test_a_complaint_bars_the_address_for_ever_and_leaves_the_link(sent, wave, firms):
    told("complaint", sent)

    sent.refresh_from_db()
    assert sent.state == "complained"
    assert kinds(firms[0]) == ["complained"]
    assert Suppression.objects.get().reason == "complaint"
    assert who_gets_the_next_step(wave) == {"b"}
    assert sent.invitation.revoked_at is None


def test_a_code_that_was_used_outlives_a_bounce(sent, firms):
    sent.invitation.first_used_at = NOON
    sent.invitation.save()
    told("hard", sent)
    sent.invitation.refresh_from_db()
    assert sent.invitation.revoked_at is None


def test_an_opt_out_at_the_provider_is_one_here(sent, wave, firms):
    told("opt_out", sent)
    assert Suppression.objects.get().reason == "opt_out"
    assert who_gets_the_next_step(wave) == {"b"}


def test_a_delivery_settles_what_nobody_knew(sent, firms):
    told("delivered", sent)
    sent.refresh_from_db()
    assert sent.state == "delivered"
    assert kinds(firms[0]) == []

    lost = ContactAttempt.objects.get(case__pseudonym="b")
    ContactAttempt.objects.filter(pk=lost.pk).update(
        state="failed", outcome="unknown", sent_at=None
    )
    CaseEvent.objects.filter(case=firms[1], kind="invited").delete()
    told("delivered", lost, "2")

    lost.refresh_from_db()
    assert (lost.state, lost.outcome, lost.sent_at) == ("delivered", "", LATER)
    assert kinds(firms[1]) == ["invited"]


def test_a_report_of_a_message_that_is_not_of_this_site_changes_nothing(sent, firms):
    assert told("hard", sent, message_id="<other@else.example>") == "of_no_message"
    assert not Suppression.objects.exists()
    assert kinds(firms[0]) == []


def test_a_provider_that_has_an_identifier_of_its_own_is_understood_by_the_address(sent, firms):
    assert told("hard", sent, message_id="esp-77", address="A@Firm.example ") == "noted"
    sent.refresh_from_db()
    assert sent.state == "bounced"


def test_an_identifier_without_its_brackets_is_the_same(sent):
    assert told("soft", sent, message_id=sent.message_id.strip("<>")) == "noted"


def test_a_frozen_wave_keeps_its_cases_and_the_address_is_barred_all_the_same(sent, wave, firms):
    Case.objects.update(disposition="non_contact", final_code="2.20")
    wave.state, wave.frozen_at = "closed", NOON
    wave.save()

    told("hard", sent)

    assert Suppression.objects.get().reason == "bounce"
    assert kinds(firms[0]) == []
    assert Case.objects.get(pk=firms[0].pk).final_code == "2.20"


def test_the_link_of_a_bounced_message_opens_nothing(sent):
    assert invitations.revoke(invitation=sent.invitation, at=NOON)
    assert told("hard", sent) == "noted"
