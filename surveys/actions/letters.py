"""E-mails to the people of a firm. None of them says what was answered."""

from datetime import datetime
from typing import Any

from django.core.mail import EmailMessage
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import timezone

from surveys.models import CaseEvent, Contributor, Response

_AUTHORS_LANGUAGE = "en"


class LetterNotSent(Exception):
    """The mail server did not take the e-mail."""


def send_invitation(contributor: Contributor, *, link: str, language: str) -> None:
    """Tell a colleague what was shared with them. Raises LetterNotSent."""
    case = contributor.case
    _send(
        "invitation",
        language,
        contributor.email,
        reply_to=contributor.invited_by.email if contributor.invited_by else "",
        case=case,
        survey=case.wave.survey,
        person=contributor,
        by=contributor.invited_by,
        link=link,
        expires_at=timezone.localtime(contributor.expires_at),
    )


def send_receipt(response: Response, *, email: str, language: str, at: datetime) -> None:
    """Send the reference and the time of a submission. Raises LetterNotSent."""
    case = response.case
    if response.submitted_at is None:
        raise ValueError("A response that was not submitted has no receipt")
    _send(
        "receipt",
        language,
        email,
        case=case,
        survey=case.wave.survey,
        reference=response.reference,
        submitted_at=timezone.localtime(response.submitted_at),
    )
    CaseEvent.objects.create(case=case, kind="receipt_sent", at=at)


def _send(letter: str, language: str, to: str, *, reply_to: str = "", **told: Any) -> None:
    """Render the letter, whose first line is its subject, and hand it to the mail server."""
    subject, _, body = _text(letter, language, told).strip().partition("\n")
    message = EmailMessage(
        " ".join(subject.split()),
        body.strip() + "\n",
        to=[to],
        reply_to=[reply_to] * bool(reply_to),
    )
    try:
        message.send()
    except OSError as error:  # smtplib's errors are among them; their text names the address
        raise LetterNotSent(type(error).__name__) from None


def _text(letter: str, language: str, told: dict[str, Any]) -> str:
    base = language.partition("-")[0]
    for spoken in (base, _AUTHORS_LANGUAGE):
        try:
            return render_to_string(f"letters/{letter}.{spoken}.txt", told)
        except TemplateDoesNotExist:
            continue
    raise TemplateDoesNotExist(letter)
