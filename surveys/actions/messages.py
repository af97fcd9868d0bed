"""One e-mail of a contact step: its words filled in, as plain text and as HTML."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from surveys.fieldwork import wording
from surveys.models import ContactStep, ContactTemplate, Wave
from surveys.queries.contacts import Recipient
from surveys.queries.instruments import languages_of

OPT_OUT_SALT = "surveys.contacts.opt_out"
NO_WORKING_CODE = "0000-0000-0000-0000-0000-0000-000"
_FALLBACK = "en"


class NoPublicAddress(Exception):
    """PUBLIC_URL is not set: no link in an e-mail could lead back here."""


@dataclass(frozen=True, slots=True)
class Written:
    """A message as a person reads it."""

    language: str
    subject: str
    body: str


def template_for(step: ContactStep, language: str) -> ContactTemplate:
    """The words in the firm's language, else in that of the questionnaire, else in any."""
    templates = {template.language: template for template in step.templates.all()}
    wanted = [language, language.partition("-")[0]]
    if step.wave.instrument is not None:
        wanted.append(languages_of(step.wave.instrument)[0])
    found = next((templates[each] for each in [*wanted, _FALLBACK] if each in templates), None)
    return found or next(iter(templates.values()))


def write(step: ContactStep, to: Recipient, *, code: str) -> Written:
    """The words of the step for a firm. Raises NoPublicAddress."""
    template = template_for(step, to.language)
    # Django's plain English writes the month first; the pages here write British dates.
    spoken = "en-gb" if template.language == "en" else template.language
    with translation.override(spoken):
        values = _values(step.wave, to, code)
    subject = wording.one_line(wording.filled(template.subject, values))
    return Written(template.language, subject, wording.filled(template.body, values))


def new_message_id() -> str:
    """An identifier that bounces quote; it says nothing of the firm."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{uuid.uuid4()}@{domain}>"


def message(
    written: Written, *, to: str, wave: Wave, message_id: str = "", attempt: int | None = None
) -> EmailMultiAlternatives:
    """The e-mail; with an attempt, one that tells mail programs how to opt out (RFC 8058)."""
    headers = {"Message-ID": message_id or new_message_id(), "Auto-Submitted": "auto-generated"}
    opt_out = opt_out_address(attempt) if attempt is not None else ""
    if opt_out:
        headers["List-Unsubscribe"] = f"<{opt_out}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    survey = wave.survey
    email = EmailMultiAlternatives(
        written.subject,
        written.body.strip() + "\n",
        to=[to],
        reply_to=[survey.contact_email] if survey.contact_email else None,
        headers=headers,
    )
    shown = {"language": written.language, "subject": written.subject, "body": written.body}
    html = render_to_string("letters/contact.html", shown | {"opt_out": opt_out})
    email.attach_alternative(html, "text/html")
    return email


def opt_out_address(attempt: int) -> str:
    """Where the receiver of that message opts out: signed, and without an address in it."""
    token = signing.dumps(attempt, salt=OPT_OUT_SALT)
    return public_address(reverse("surveys:opt_out", args=[token]))


def link_of(code: str) -> str:
    """The address that opens the questionnaire of a code. Raises NoPublicAddress."""
    return public_address(reverse("surveys:enter_link", args=[code]))


def public_address(path: str) -> str:
    if not settings.PUBLIC_URL:
        raise NoPublicAddress
    return settings.PUBLIC_URL.rstrip("/") + path


def _values(wave: Wave, to: Recipient, code: str) -> Mapping[str, str]:
    survey = wave.survey
    plain = {
        "firm": to.firm,
        "person": to.person or to.firm,
        "survey": survey.title,
        "wave": wave.title,
        "institute": survey.institute or survey.title,
        "due_date": date_format(wave.answering_until, "DATE_FORMAT"),
        "help": _help(wave),
        "code": code,
    }
    values = {name: wording.one_line(value) for name, value in plain.items()}
    return values | {"link": link_of(code)}


def _help(wave: Wave) -> str:
    survey = wave.survey
    known = [survey.contact_name, survey.contact_phone, survey.contact_email]
    return ", ".join(part for part in known if part) or survey.institute or survey.title
