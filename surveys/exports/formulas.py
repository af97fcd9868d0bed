"""Text that a spreadsheet would take for a formula, and how it is made harmless.

A cell that opens with ``= + - @``, a tab or a carriage return, also behind quotation marks,
spaces or invisible characters, and in full width, may be executed when the file is opened
(CWE-1236; OWASP, "CSV Injection"). Such text gets a leading apostrophe. `restored` takes it
away again, so that nothing is lost on the way through a file.
"""

import unicodedata

_MARKS = frozenset("=+-@\t\r＝＋－＠")
_QUOTES = frozenset("'\"`´‘’‚“”„«»")
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})

GUARD = "'"


def opens_a_formula(text: str) -> bool:
    """True if the first character that a spreadsheet heeds is one that begins a formula."""
    for character in text:
        if character in _MARKS:
            return True
        if character in _QUOTES or unicodedata.category(character) in _INVISIBLE:
            continue
        return False
    return False


def neutralised(text: str) -> str:
    """The text, with an apostrophe before it if it opens a formula."""
    return GUARD + text if opens_a_formula(text) else text


def restored(text: str) -> str:
    """What `neutralised` was given: ``restored(neutralised(text)) == text`` for every text."""
    rest = text.removeprefix(GUARD)
    return rest if rest != text and opens_a_formula(rest) else text
