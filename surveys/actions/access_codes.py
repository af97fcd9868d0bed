"""Access codes: 128 random bits in letters that people can read out and type.

A code is 26 characters of Crockford's base 32 and one check character, written in groups
of four. The check is a sum over the field of 32 elements with a different weight for each
place, so that every single wrong character and every exchange of two characters is seen:
a typing mistake can be told apart from a code that was never issued.
"""

import hashlib
import hmac
import re
import secrets

from django.conf import settings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BODY_LENGTH = 26
LENGTH = BODY_LENGTH + 1
_GROUP = 4
_CONFUSED = str.maketrans("OIL", "011")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u200b]+")
_FIELD_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1: x generates all 31 non-zero elements


class MistypedCode(ValueError):
    """The text cannot be an access code: wrong length, a foreign character, or a failed check."""


def new_code() -> str:
    """A fresh code of 27 characters, without separators."""
    number = int.from_bytes(secrets.token_bytes(16), "big")
    digits = [(number >> (5 * place)) & 31 for place in reversed(range(BODY_LENGTH))]
    body = "".join(ALPHABET[digit] for digit in digits)
    return body + check_character(body)


def grouped(code: str) -> str:
    """The code as a letter shows it: ``7K3F-92QX-...``."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def normalised(typed: str) -> str:
    """The code that a person meant by what was typed.

    Lower case, spaces and hyphens do not matter; O is read as 0, I and L as 1.
    Raises MistypedCode if no code can have been meant.
    """
    code = _SEPARATORS.sub("", typed).upper().translate(_CONFUSED)
    if len(code) != LENGTH or any(character not in ALPHABET for character in code):
        raise MistypedCode
    if check_character(code[:BODY_LENGTH]) != code[BODY_LENGTH]:
        raise MistypedCode
    return code


def typed_length(typed: str) -> int:
    """Number of characters that were typed, separators apart."""
    return len(_SEPARATORS.sub("", typed))


def check_character(body: str) -> str:
    """The weighted sum of the characters, as a character; the weights are powers of x."""
    total, weight = 0, 1
    for character in body:
        weight = _product(weight, 2)
        total ^= _product(ALPHABET.index(character), weight)
    return ALPHABET[total]


def keyed_hash(code: str) -> str:
    """What is stored of a code: HMAC-SHA-256 under the pepper, in hexadecimal.

    The code has 128 random bits, so that a slow hash would add nothing.
    """
    key = settings.ACCESS_CODE_PEPPER.encode()
    return hmac.new(key, code.encode("ascii"), hashlib.sha256).hexdigest()


def _product(left: int, right: int) -> int:
    """Product of two elements of the field of 32 elements."""
    result = 0
    while right:
        if right & 1:
            result ^= left
        left <<= 1
        if left & 32:
            left ^= _FIELD_POLYNOMIAL
        right >>= 1
    return result
