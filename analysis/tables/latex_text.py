r"""Any text as LaTeX that prints it and does nothing else.

The result is plain ASCII but for letters that pdfTeX has no font for: those go through
`\milieuletter`, which prints them where the engine reads Unicode and their code point where
it does not. So every label compiles under pdfTeX, XeTeX and LuaTeX.
"""

import unicodedata

LETTER_COMMAND = r"\providecommand{\milieuletter}[2]{\ifdefined\Umathchar#1\else#2\fi}"

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "%": r"\%",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\char34{}",
    "`": r"\`{}",
    # At the start of a line these would be read as an argument of the line break before it.
    "[": "{[}",
    "]": "{]}",
    "*": "{*}",
}
# Two of these in a row would join to another sign.
_JOINING = frozenset("-',")
_PRINTED = {
    "\u2212": "$-$",
    "\u202f": r"\,",
    "\u2009": r"\,",
    "\u00a0": "~",
    "\u2010": "-",
    "\u2011": r"\mbox{-}",
    "–": r"\textendash{}",
    "—": r"\textemdash{}",
    "‘": r"\textquoteleft{}",
    "’": r"\textquoteright{}",
    "“": r"\textquotedblleft{}",
    "”": r"\textquotedblright{}",
    "…": r"\dots{}",
    "²": r"$^{2}$",
    "³": r"$^{3}$",
    "×": r"$\times$",
    "·": r"$\cdot$",
    "±": r"$\pm$",
    "≤": r"$\leq$",
    "≥": r"$\geq$",
    "≠": r"$\neq$",
    "≈": r"$\approx$",
    "→": r"$\rightarrow$",
    "§": r"\S{}",
    "†": r"\dag{}",
    "‡": r"\ddag{}",
    "€": r"\milieuletter{€}{EUR}",
    "ß": r"\ss{}",
    "æ": r"\ae{}",
    "Æ": r"\AE{}",
    "œ": r"\oe{}",
    "Œ": r"\OE{}",
    "ø": r"\o{}",
    "Ø": r"\O{}",
    "ł": r"\l{}",
    "Ł": r"\L{}",
    "ı": r"\i{}",
}
_ACCENTS = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0302": "^",
    "\u0303": "~",
    "\u0308": '"',
    "\u030a": "r",
    "\u030c": "v",
    "\u0306": "u",
    "\u0304": "=",
    "\u0307": ".",
    "\u030b": "H",
    "\u0327": "c",
}
_SPACES = frozenset("\t\n\r\v\f\u0085\u2028\u2029")


def escape(text: str) -> str:
    """The text, printed literally."""
    letters = unicodedata.normalize("NFC", text)
    return "".join(
        f"{{{letter}}}" if letter in _JOINING and letter == before else _printed(letter)
        for before, letter in zip(" " + letters, letters, strict=False)
    )


def _printed(letter: str) -> str:
    if letter in _SPECIAL:
        return _SPECIAL[letter]
    if letter in _PRINTED:
        return _PRINTED[letter]
    if letter in _SPACES:
        return " "
    # Control, format (bidirectional marks, joiners), surrogate, private and unassigned.
    if unicodedata.category(letter).startswith("C"):
        return ""
    if letter.isascii():
        return letter
    return _accented(letter) or f"\\milieuletter{{{letter}}}{{{{[}}U+{ord(letter):04X}{{]}}}}"


def _accented(letter: str) -> str:
    """An ASCII letter under one accent, or nothing."""
    decomposed = unicodedata.normalize("NFD", letter)
    if len(decomposed) != 2 or not decomposed[0].isascii() or decomposed[1] not in _ACCENTS:
        return ""
    return f"\\{_ACCENTS[decomposed[1]]}{{{decomposed[0]}}}"
