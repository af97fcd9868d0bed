"""Names of variables in files that bound them, such as Stata's 32 characters."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

LONGEST_STATA_NAME = 32
_HASH = 8
_WORD_OF_STATA = re.compile(r"byte|double|float|if|in|int|long|strL|str[0-9]+|using|with")


def stata_name(name: str) -> str:
    """The name of a variable as Stata takes it, the same wherever the variable stands.

    Dots become underscores. A name longer than 32 characters keeps the first 23 and gets an
    underscore and the first 8 hexadecimal digits of the SHA-256 of the full name; so does one
    that is a word of Stata.
    """
    plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
    if len(plain) > LONGEST_STATA_NAME or _WORD_OF_STATA.fullmatch(plain):
        return hashed_name(name)
    return plain


def hashed_name(name: str) -> str:
    """Up to 23 characters of the name, an underscore, and 8 digits that tell it from others."""
    plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
    digits = hashlib.sha256(name.encode()).hexdigest()[:_HASH]
    return f"{plain[: LONGEST_STATA_NAME - _HASH - 1]}_{digits}"


def stata_names(names: Iterable[str]) -> dict[str, str]:
    """Every name with that in Stata. Of names that would be one, those with a dot are hashed.

    Stata tells capitals from small letters; so does this.
    """
    all_names = tuple(dict.fromkeys(names))
    short = {name: stata_name(name) for name in all_names}
    times = Counter(short.values())
    return {
        name: hashed_name(name) if times[found] > 1 and found != name else found
        for name, found in short.items()
    }
