"""Two changes of one part of a draft that began from the same state."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from surveys.questionnaire.editing.text import document_text


@dataclass(frozen=True, slots=True)
class Clash:
    """A key that both changed, with what each wrote."""

    key: str
    theirs: str
    mine: str


def merged(
    base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[Clash, ...]]:
    """Both changes together, and the keys that both changed; of these `mine` stands."""
    together: dict[str, Any] = {}
    clashes = []
    for key in dict.fromkeys([*theirs, *mine]):
        was, their, my = base.get(key), theirs.get(key), mine.get(key)
        value = their if my == was else my
        if my != was and their not in (was, my):
            clashes.append(Clash(key, _text(their), _text(my)))
        if value is not None:
            together[key] = value
    return together, tuple(clashes)


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        return document_text({"": value}).partition("\n")[2]
    return "" if value is None else str(value)
