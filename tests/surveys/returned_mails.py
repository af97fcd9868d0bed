"""Reports as mail servers write them, for the tests that read them."""

from textwrap import dedent

SENT = "<0b8e2a1c-1111-4222-8333-944455556666@milieu.example.org>"


def delivery_report(
    status: str = "5.1.1", action: str = "failed", *, sent: str = SENT, own: str = "<r1@mx.example>"
) -> bytes:
    """Postfix's form of RFC 3464, with the headers of the message that was sent."""
    return dedent(f"""\
        From: MAILER-DAEMON@mx.example
        To: survey@milieu.example.org
        Subject: Undelivered Mail Returned to Sender
        Message-ID: {own}
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="x1"

        --x1
        Content-Type: text/plain

        I could not deliver to one@firm.example.

        --x1
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example

        Final-Recipient: rfc822; one@firm.example
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; 550 one@firm.example unknown

        --x1
        Content-Type: text/rfc822-headers

        From: survey@milieu.example.org
        To: one@firm.example
        Message-ID: {sent}
        Subject: Knowledge

        --x1--
        """).encode()


def complaint(feedback: str = "abuse", *, sent: str = SENT, own: str = "<c1@mx.example>") -> bytes:
    """RFC 5965, with the message that was complained of."""
    return dedent(f"""\
        From: fbl@mx.example
        To: survey@milieu.example.org
        Message-ID: {own}
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary="x2"

        --x2
        Content-Type: text/plain

        This is an abuse report.

        --x2
        Content-Type: message/feedback-report

        Feedback-Type: {feedback}
        User-Agent: Reporter/1.0
        Version: 1

        --x2
        Content-Type: message/rfc822

        From: survey@milieu.example.org
        To: one@firm.example
        Message-ID: {sent}
        Subject: Knowledge

        Dear firm

        --x2--
        """).encode()


def answer() -> bytes:
    return b"From: one@firm.example\nSubject: Away\nMessage-ID: <a@b>\n\nI am away.\n"


def mailbox(*messages: bytes) -> bytes:
    return b"".join(
        b"From MAILER-DAEMON Sun Nov 22 08:00:00 2026\n" + each + b"\n" for each in messages
    )
