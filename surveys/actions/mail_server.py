"""Handing one e-mail to the mail server, so that one knows whether it may have been taken."""

import smtplib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from surveys.fieldwork.returned_mail import Refusal, refusal, status_of

Fate = Literal["sent", "later", "refused", "no_such_address", "unknown", "no_server"]

_DJANGOS_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_FATES: Mapping[Refusal, Fate] = {
    "address": "no_such_address",
    "later": "later",
    "message": "refused",
    # Nothing can be sent until the operator has mended it: the others had better wait, too.
    "ours": "no_server",
}


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of a message. `code` is the server's number and status, or the kind of error.

    sent: taken. later: certainly not taken, and may be offered again. no_server: the same,
    because nobody answers, or nothing is taken from this site. refused: certainly not taken,
    for good. no_such_address: the same, and the address takes nothing at all. unknown: the
    connection ended after the message had begun to go over, so it may have been taken: never
    again.
    """

    fate: Fate
    code: str = ""


class _Telling(smtplib.SMTP):
    """Remembers whether the message itself had begun to go over."""

    message_has_begun = False

    def data(self, msg):  # type: ignore[no-untyped-def]
        self.message_has_begun = True
        return super().data(msg)


class _TellingSecretly(_Telling, smtplib.SMTP_SSL):
    pass


class TellingBackend(EmailBackend):
    """Django's SMTP, of which one can ask afterwards how far it had come."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _TellingSecretly if self.use_ssl else _Telling


class MailServer:
    """A connection that is opened at the first message, and again after it broke."""

    def __init__(self) -> None:
        is_smtp = settings.EMAIL_BACKEND == _DJANGOS_SMTP
        path = f"{__name__}.TellingBackend" if is_smtp else settings.EMAIL_BACKEND
        self._backend: BaseEmailBackend = get_connection(path)

    def __enter__(self) -> "MailServer":
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def is_there(self) -> bool:
        """Whether a server answers, so that it is worth preparing messages."""
        try:
            self._backend.open()
        except OSError:
            self._close()
            return False
        return True

    def hand_over(self, message: EmailMultiAlternatives) -> Handed:
        """Offer the message once. Never raises for what a server does; tells no address."""
        try:
            self._backend.open()
        except OSError as error:  # smtplib's errors are among them
            self._close()
            return Handed("no_server", _code(error))
        session = getattr(self._backend, "connection", None)
        if isinstance(session, _Telling):
            session.message_has_begun = False
        try:
            taken = self._backend.send_messages([message])
        except OSError as error:
            handed = _judged(error, session)
            self._close()
            return handed
        return Handed("sent") if taken else Handed("refused", "not_taken")

    def _close(self) -> None:
        with suppress(OSError):  # it may have been broken before
            self._backend.close()


@dataclass(frozen=True, slots=True)
class _Reply:
    """What the server answered. Its words may name the address: they are looked at, not kept."""

    number: int
    words: str
    of_recipient: bool

    @property
    def code(self) -> str:
        return f"{self.number} {status_of(self.words)}".strip()


def _judged(error: OSError, session: object) -> Handed:
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPAuthenticationError):
        return Handed("no_server", _code(error))
    reply = _reply(error)
    if reply is not None:
        told = refusal(reply.number, reply.words, of_recipient=reply.of_recipient)
        return Handed(_FATES[told], reply.code)
    if isinstance(session, _Telling) and not session.message_has_begun:
        return Handed("no_server", _code(error))
    return Handed("unknown", _code(error))


def _reply(error: OSError) -> _Reply | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused) and error.recipients:
        number, words = max(error.recipients.values(), key=lambda reply: reply[0])
        return _Reply(number, _read(words), of_recipient=True)
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code > 0:
        return _Reply(error.smtp_code, _read(error.smtp_error), of_recipient=False)
    return None


def _read(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words


def _code(error: OSError) -> str:
    """The reply of the server as a code, or the name of the error."""
    reply = _reply(error)
    return type(error).__name__ if reply is None else reply.code
