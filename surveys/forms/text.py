"""What people paste, made plain before it is read.

Signs that carry no meaning for the answer and harm whoever handles it later are taken out
silently: NUL and other control characters, lone surrogates, and the marks that turn the
direction of writing (they let a text look like another one). Letters, including those
written from right to left, joiners and emoji stay as they are.
"""

import unicodedata

_DIRECTION_MARKS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_INVISIBLE = frozenset("\u200b\u2060\ufeff\ufffe\uffff")
_KEPT_CONTROLS = frozenset("\n\t")


def plain(typed: str) -> str:
    """The text without unseen signs, with one kind of line end, trimmed, in NFC."""
    unified = typed.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(character for character in unified if _is_kept(character))
    return unicodedata.normalize("NFC", kept).strip()


def _is_kept(character: str) -> bool:
    if character in _DIRECTION_MARKS or character in _INVISIBLE:
        return False
    if character in _KEPT_CONTROLS:
        return True
    return unicodedata.category(character) not in {"Cc", "Cs"}
