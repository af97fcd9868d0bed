"""Names that the questionnaire's language allows, for the columns and codes of a file."""

import re
from collections.abc import Iterable

_OTHERS = re.compile(r"[^a-z0-9]+")
_LONGEST = 50


def allowed_names(texts: Iterable[str], *, prefix: str) -> dict[str, str]:
    """A name for every text: lower case, underscores, a letter or digit first, no two alike.

    `prefix` goes before what would begin otherwise, such as ``c`` for columns that begin
    with a digit; codes may begin with one.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for text in texts:
        if text not in names:
            names[text] = next_free(allowed_name(text, prefix=prefix), taken)
            taken.add(names[text])
    return names


def allowed_name(text: str, *, prefix: str) -> str:
    """One text as a name, whatever other names there are; “value” if nothing is left of it."""
    plain = _OTHERS.sub("_", text.lower().replace("-", " minus ", int(text.startswith("-"))))
    plain = plain.strip("_")[:_LONGEST].strip("_")
    if prefix and not plain[:1].isalpha():
        return f"{prefix}_{plain}".rstrip("_")
    return plain or "value"


def next_free(name: str, taken: set[str]) -> str:
    """The name itself, or with the first number behind it that makes it free."""
    if name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"
