"""What a mail provider tells by its webhook: with its credentials only, and once."""

import base64
import hashlib
import hmac
import json

import pytest

from config import env, logs
from surveys.models import CaseEvent, MailReturn, Suppression
from tests.surveys.test_read_bounces import sent  # noqa: F401 -- the message that is told of

pytestmark = pytest.mark.django_db
URL = "/mail-events/"
SECRET = "milieu:a long random password of ours"
SIGNING_KEY = "the signing key"


def bounce(**fields) -> dict:
    """Postmark's report of a bounce."""
    return {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "ID": 4323372036854775807,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Email": "one@firm.example",
        "Details": "smtp; 550 5.1.1 one@firm.example unknown",
        "BouncedAt": "2026-11-21T12:00:00Z",
    } | fields


@pytest.fixture
def provider(settings, sent):  # noqa: F811
    from surveys.queries.contacts import address_hash

    settings.MAIL_EVENTS_FROM, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": SECRET}
    sent.address_hash = address_hash("one@firm.example")
    sent.save()
    return sent


def tell(client, event: object, secret: str | None = SECRET):
    headers = {}
    if secret is not None:
        headers["Authorization"] = f"Basic {base64.b64encode(secret.encode()).decode()}"
    body = event if isinstance(event, str) else json.dumps(event)
    return client.post(URL, body, content_type="application/json", headers=headers)


def test_a_hard_bounce_is_noted_on_the_case_and_bars_the_address(client, provider):
    assert tell(client, bounce()).status_code == 200

    provider.refresh_from_db()
    assert (provider.state, provider.outcome) == ("bounced", "hard")
    assert Suppression.objects.get().reason == "bounce"


@pytest.mark.parametrize("secret", [None, "milieu:wrong", ""])
def test_without_the_credentials_nothing_is_believed(client, provider, secret):
    assert tell(client, bounce(), secret).status_code == 400
    assert not MailReturn.objects.exists()
    provider.refresh_from_db()
    assert provider.state == "sent"


def test_an_event_is_seen_once(client, provider):
    for _ in range(3):
        assert tell(client, bounce()).status_code == 200
    assert MailReturn.objects.count() == 1
    assert CaseEvent.objects.filter(kind="bounced").count() == 1


def test_events_without_a_number_are_seen_once_too(client, provider):
    delivered = {
        "RecordType": "Delivery",
        "MessageID": provider.message_id,
        "Recipient": "one@firm.example",
        "DeliveredAt": "2026-11-21T12:00:00Z",
    }
    tell(client, delivered)
    tell(client, delivered)
    assert MailReturn.objects.get().kind == "delivered"
    provider.refresh_from_db()
    assert provider.state == "delivered"


@pytest.mark.parametrize(
    ("event", "reason", "state"),
    [
        (bounce(Type="SpamComplaint", RecordType="SpamComplaint"), "complaint", "complained"),
        (bounce(Type="BadEmailAddress"), "bounce", "bounced"),
        (bounce(Type="SoftBounce"), None, "bounced"),
        (bounce(Type="Transient"), None, "sent"),
        (bounce(Type="Blocked"), None, "bounced"),
    ],
)
def test_what_a_provider_says_counts_as_what_it_means(client, provider, event, reason, state):
    tell(client, event)
    provider.refresh_from_db()
    assert provider.state == state
    assert list(Suppression.objects.values_list("reason", flat=True)) == (
        [reason] if reason else []
    )


def test_opening_and_clicking_are_nobodys_business(client, provider):
    tell(
        client,
        {"RecordType": "Open", "MessageID": provider.message_id, "Recipient": "one@firm.example"},
    )
    assert not MailReturn.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"one@firm.example"', '{"Type": 4}'])
def test_what_cannot_be_read_is_refused_without_an_address_in_the_log(
    client, provider, body, caplog
):
    caplog.set_level("DEBUG")
    assert tell(client, body).status_code in (200, 400)
    assert "firm.example" not in caplog.text
    assert not MailReturn.objects.exists()


def test_no_address_is_in_a_log(client, provider, caplog):
    caplog.set_level("DEBUG")
    tell(client, bounce())
    tell(client, bounce(), "milieu:wrong")
    assert "firm.example" not in caplog.text


def test_an_error_of_ours_is_told_as_one_and_without_an_address(
    client, provider, monkeypatch, caplog
):
    def broken(**_):
        raise AttributeError("one@firm.example has no attribute")

    monkeypatch.setattr("surveys.views.inbound.record", broken)
    client.raise_request_exception = False

    assert tell(client, bounce()).status_code == 500

    [told] = [record for record in caplog.records if record.levelname == "ERROR"]
    written = logs.DiscreetFormatter().format(told)
    assert "AttributeError" in written
    assert "firm.example" not in written


def test_a_provider_that_tries_the_address_is_answered(client, provider):
    assert client.head(URL).status_code == 200
    assert not MailReturn.objects.exists()


def test_where_no_provider_is_named_there_is_no_page(client, settings):
    settings.MAIL_EVENTS_FROM = ""
    assert tell(client, bounce()).status_code == 404


def test_a_signed_report_is_believed_and_a_forged_one_is_not(client, provider, settings):
    settings.MAIL_EVENTS_FROM = "mailgun"
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": SIGNING_KEY}

    def event(key: str) -> dict:
        signature = hmac.new(key.encode(), b"1700000000token", hashlib.sha256).hexdigest()
        return {
            "signature": {"timestamp": "1700000000", "token": "token", "signature": signature},
            "event-data": {
                "event": "failed",
                "severity": "permanent",
                "timestamp": 1700000000.0,
                "recipient": "one@firm.example",
                "reason": "bounce",
                "message": {"headers": {"message-id": provider.message_id.strip("<>")}},
                "delivery-status": {"code": 550, "message": "5.1.1 no such user"},
            },
        }

    assert tell(client, event("another key")).status_code == 400
    assert not MailReturn.objects.exists()
    assert tell(client, event(SIGNING_KEY)).status_code == 200
    assert Suppression.objects.get().reason == "bounce"


@pytest.mark.parametrize(
    ("named", "secret", "said"),
    [
        ("postmark", "", "MAIL_EVENTS_SECRET must be user:password"),
        ("postmark", "milieu:short", "20 characters"),
        ("pigeon", SECRET, "MAIL_EVENTS_FROM must be one of"),
        ("mailgun", SECRET, "SIGNING_KEY"),
    ],
)
def test_a_start_without_what_reports_are_checked_by_is_refused(named, secret, said):
    with pytest.raises(env.ImproperlyConfigured, match=said):
        env.mail_events(named, secret=secret, signing_key="")
