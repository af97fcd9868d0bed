"""Texts of other programs as plain texts with the fills of the instrument language.

An answer that a text quotes is marked while the file is read, because only the whole
document tells whether it is given earlier; `settling` turns the mark into a fill.
"""

import html
import re
from collections.abc import Callable

QUOTED = re.compile("\ue001([^\ue001\ue002]*)\ue002")
UNTRANSLATED = "\ue000"
_OWN_FILLS = re.compile(r"\{(firm|period|first_year|last_year)\}")
_MARKS = re.compile("[\ue000-\ue00f]")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile(r"<\s*(?:br\s*/?|/p|/div|/li|/h[1-6]|/tr)\s*>", re.IGNORECASE)
_FORMATTING = re.compile(
    r"</?(?:p|br|b|i|u|em|strong|span|div|a|ul|ol|li|font|h[1-6]|hr|sup|sub|small|big|center"
    r"|table|tbody|thead|tr|td|th|img|blockquote|label)(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"[ \t\xa0]+")
_LINES = re.compile(r"\s*\n\s*")


def printable(text: str) -> str:
    """The text without what cannot be printed, and without marks of ours."""
    return _MARKS.sub("", _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def without_markup(text: str) -> str:
    """HTML as a plain text. Tags that only format are dropped; all others stay as text."""
    if "<" not in text and "&" not in text:
        return text
    lines = _FORMATTING.sub("", _BREAKS.sub("\n", text))
    return _LINES.sub("\n", _BLANKS.sub(" ", html.unescape(lines))).strip()


def quote(name: str) -> str:
    """The mark for the answer to a question, by its name in the other program."""
    return f"\ue001{name}\ue002"


def with_quotes(text: str, reference: re.Pattern[str]) -> str:
    """The text with references marked; the pattern's first group is the name.

    Fills of the instrument language stay. Any other brace becomes a round bracket, because
    braces have a meaning in it.
    """
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found.group(0))
        return f"\ue003{len(kept) - 1}\ue004"

    held = _OWN_FILLS.sub(keep, text)
    marked = reference.sub(lambda found: quote(found.group(1)), held)
    plain = marked.replace("{", "(").replace("}", ")")
    return re.sub("\ue003(\\d+)\ue004", lambda found: kept[int(found.group(1))], plain)


def settled(text: str, fill_of: Callable[[str], str]) -> str:
    """The text with every mark replaced by what `fill_of` gives for the name."""
    return QUOTED.sub(lambda found: fill_of(found.group(1)), text)
