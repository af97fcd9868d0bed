"""Who must not be contacted any more, and by which number a firm can be called."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from surveys.models import Suppression, Wave

ASKED_FOR_SILENCE = ("do_not_contact", "opt_out", "complaint")
"""Reasons of a suppression that a firm gave itself."""

_PHONE = re.compile(r"\+?[0-9 ()/.\-]+( ?(ext\.?|x) ?[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Barred:
    """Addresses (by hash) and enterprises that must not be written to, with the reason.

    `uncalled` are enterprises that asked by any address for no more messages: an address
    says which e-mails are to end, a telephone is the firm's.
    """

    addresses: Mapping[str, str]
    enterprises: Mapping[int, str]
    uncalled: Mapping[int, str]


def barred(wave: Wave) -> Barred:
    addresses: dict[str, str] = {}
    enterprises: dict[int, str] = {}
    uncalled: dict[int, str] = {}
    rows = Suppression.objects.filter(survey=wave.survey_id).values_list(
        "address_hash", "enterprise", "reason"
    )
    for hashed, enterprise, reason in rows:
        if hashed:
            addresses.setdefault(hashed, reason)
        # A bounce bars the address; only what the firm itself wants bars the firm.
        if enterprise is not None and (reason == "do_not_contact" or not hashed):
            enterprises[enterprise] = reason
        if enterprise is not None and reason in ASKED_FOR_SILENCE:
            uncalled[enterprise] = reason
    return Barred(addresses, enterprises, uncalled)


def phone_hash(phone: str) -> str:
    """What is kept of a telephone number: the same for every way of writing it."""
    key = settings.ACCESS_CODE_PEPPER.encode()
    return hmac.new(key, b"phone:" + _digits_of(phone).encode(), hashlib.sha256).hexdigest()


def is_callable(phone: str) -> bool:
    """Whether it is one telephone number, in any usual way of writing."""
    return bool(_PHONE.fullmatch(phone.strip())) and 5 <= len(_digits_of(phone)) <= 20


def _digits_of(phone: str) -> str:
    return "".join(character for character in phone if character in "0123456789")
