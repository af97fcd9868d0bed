"""The JSON of a survey, looked at in one language, whatever its values are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from surveys.interchange.foreign.languages import language_tag
from surveys.interchange.foreign.reading import Pending, Reading
from surveys.interchange.foreign.texts import (
    UNTRANSLATED,
    printable,
    with_quotes,
    without_markup,
)

Node = dict[str, Any]
_QUOTED = re.compile(r"\{([A-Za-z_][^{}]{0,100})\}")
DEFAULT = "default"


def languages_in(data: Node) -> tuple[str, ...]:
    """The language of the survey, and the others that any of its texts has."""
    own = language_tag(str(data.get("locale") or "en")) or "en"
    found: dict[str, None] = {}
    stack: list[Any] = [data]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            if isinstance(value.get(DEFAULT), str):
                found |= {language_tag(key): None for key in value if key != DEFAULT}
            stack += value.values()
        elif isinstance(value, list):
            stack += value
    return (own, *(tag for tag in sorted(found) if tag and tag != own))


def mappings(value: Any) -> Iterator[Node]:
    if isinstance(value, list):
        yield from (entry for entry in value if isinstance(entry, dict))


@dataclass(slots=True)
class Source:
    """Reads texts and expressions of one language; `roster` is the panel that is read."""

    reading: Reading
    language: str
    default: str
    roster: str = ""

    def text(self, value: Any) -> str:
        """A text in the language, without markup and with quoted answers marked."""
        raw = self.raw(value)
        if not raw:
            return ""
        return with_quotes(without_markup(printable(raw)), _QUOTED)

    def label(self, value: Any) -> str:
        """A text that quotes nothing, such as that of a code."""
        raw = without_markup(printable(self.raw(value)))
        return raw.replace("{", "(").replace("}", ")")

    def raw(self, value: Any) -> str:
        if isinstance(value, dict):
            return self._localised(value)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return ""
        return self._in_default(str(value))

    def _localised(self, texts: Node) -> str:
        by_tag = {
            language_tag(key) if key != DEFAULT else DEFAULT: text
            for key, text in texts.items()
            if isinstance(text, str)
        }
        own = by_tag.get(self.language)
        if own and (self.language != self.default or DEFAULT not in by_tag):
            return own
        source = by_tag.get(DEFAULT) or by_tag.get(self.default) or next(iter(by_tag.values()), "")
        return self._in_default(source)

    def _in_default(self, text: str) -> str:
        if self.language == self.default or not text.strip():
            return text
        return f"{text}{UNTRANSLATED}"

    def expression(self, value: Any, where: str) -> Pending:
        text = value if isinstance(value, str) else ""
        if self.roster:
            text = text.replace("{panel.", f"{{{self.roster}/").replace(
                "{row.", f"{{{self.roster}/"
            )
        return self.reading.pending(text, where)

    def put_when(self, node: Node, element: Node, where: str) -> None:
        condition = element.get("visibleIf")
        if isinstance(condition, str) and condition.strip():
            node["when"] = [self.expression(condition, where)]
        if element.get("visible") is False:
            self.reading.lack("a hidden element", where, "shown to every firm")

    def note_passed_over(self, element: Node, keys: tuple[str, ...], where: str) -> None:
        """Note each of the keys that the element has, with its value."""
        for key in keys:
            if element.get(key) not in (None, "", False, [], {}):
                self.reading.lack(f"{key}: {str(element[key])[:200]}", where)


def number(value: Any) -> float | int | None:
    """A finite number that the file gives as such, or as a text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value if abs(value) < 10**15 else None
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", value.strip()):
        return float(value) if "." in value else int(value)
    return None


def whole(value: Any, least: int, most: int) -> int | None:
    found = number(value)
    if found is None or found != int(found) or not least <= found <= most:
        return None
    return int(found)


def value_text(value: Any) -> str:
    """A code as expressions write it: 1 and 1.0 are ``1``."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    return printable(str(value)) if isinstance(value, str | int | float) else ""
