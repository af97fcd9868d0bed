"""Reports of mail servers, as RFC 3464, 3463 and 5965 have them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.fieldwork import returned_mail
from surveys.fieldwork.returned_mail import Report, is_hard
from tests.surveys.returned_mails import SENT, answer, complaint, delivery_report


@pytest.mark.parametrize(
    ("status", "hard"),
    [
        ("5.1.1", True),  # no such mailbox
        ("5.1.2", True),  # no such host
        ("5.1.10", True),  # takes no mail
        ("5.2.1", True),  # mailbox disabled
        ("5.0.0", True),  # permanent, no more is said
        ("5.2.2", False),  # mailbox full
        ("5.7.1", False),  # a filter
        ("5.4.4", False),  # the way there
        ("4.1.1", False),  # temporary
        ("4.2.2", False),
        ("2.1.5", False),
        ("", False),
        ("15.1.1", False),
    ],
)
def test_only_what_is_said_of_the_address_for_good_is_hard(status, hard):
    assert is_hard(status) is hard


@pytest.mark.parametrize(
    ("status", "action", "kind"),
    [
        ("5.1.1", "failed", "hard"),
        ("5.2.2", "failed", "soft"),
        ("4.4.7", "failed", "soft"),
        ("4.4.1", "delayed", "delayed"),
        ("2.0.0", "delivered", "delivered"),
        ("2.0.0", "Relayed", "delivered"),
    ],
)
def test_a_delivery_report_names_the_message_and_what_became_of_it(status, action, kind):
    read = returned_mail.read(delivery_report(status, action))
    assert read == Report(kind, SENT, "<r1@mx.example>", status)


def test_of_several_recipients_the_worst_counts():
    other = b"Action: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; two@firm.example\n"
    raw = delivery_report("2.0.0", "delivered").replace(
        b"Final-Recipient", other + b"Final-Recipient", 1
    )
    assert returned_mail.read(raw).kind == "hard"


def test_a_complaint_names_the_message_that_it_quotes():
    assert returned_mail.read(complaint()) == Report("complaint", SENT, "<c1@mx.example>", "abuse")
    assert returned_mail.read(complaint("not-spam")) is None


def test_line_ends_of_the_network_are_read_the_same():
    raw = delivery_report().replace(b"\n", b"\r\n")
    assert returned_mail.read(raw) == returned_mail.read(delivery_report())


def test_what_a_person_or_an_absence_notice_wrote_is_no_report():
    assert returned_mail.read(answer()) is None


def test_a_report_inside_a_quoted_message_is_not_about_ours():
    """Somebody forwards a bounce: what it quotes was not sent from here."""
    inner = b"Content-Type: message/rfc822\n\n" + delivery_report()
    raw = b'Content-Type: multipart/mixed; boundary="o"\n\n--o\n' + inner + b"\n--o--\n"
    assert returned_mail.read(raw) is None


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=400), st.integers(0, 900), st.sampled_from([delivery_report(), complaint()])
)
def test_no_bytes_make_it_fail(junk, place, report):
    returned_mail.read(junk)
    returned_mail.read(report[:place] + junk + report[place:])
    returned_mail.read(report[:place])


@pytest.mark.parametrize(
    ("code", "words", "of_recipient", "speaks_of"),
    [
        (550, "5.1.1 <a@b>: Recipient address rejected: unknown in relay table", True, "address"),
        (550, "No such user here", True, "address"),
        (550, "Unrouteable address", True, "address"),
        (553, "sorry, no mailbox here by that name", True, "address"),
        (550, "5.2.1 mailbox disabled", False, "address"),
        (550, "message not wanted", False, "message"),
        (554, "transaction failed", True, "message"),
        (550, "5.7.1 blocked by policy", True, "message"),
        (550, "blocked: see our list", True, "message"),
        (550, "relay not permitted", True, "ours"),
        (554, "5.7.1 Relay access denied", True, "ours"),
        (550, "5.1.8 bad sender", True, "ours"),
        (552, "storage exceeded", True, "later"),
        (552, "5.2.2 over quota", False, "later"),
        (550, "5.2.2 mailbox full", True, "later"),
        (552, "5.3.4 message too big", False, "message"),
        (452, "4.2.2 full", True, "later"),
        (421, "", False, "later"),
    ],
)
def test_what_a_refusal_speaks_of(code, words, of_recipient, speaks_of):
    assert returned_mail.refusal(code, words, of_recipient=of_recipient) == speaks_of


@given(st.integers(200, 599), st.text(max_size=60), st.booleans())
def test_whatever_a_server_says_is_told_one_of_four_ways(code, words, of_recipient):
    told = returned_mail.refusal(code, words, of_recipient=of_recipient)

    assert told in ("address", "later", "ours", "message")
    assert told == "later" or code >= 500
