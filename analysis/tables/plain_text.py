"""Text from plans and codebooks made fit for files: no control marks, no formulas."""

_SPACES = dict.fromkeys((9, 10, 11, 12, 13, 0x85, 0x2028, 0x2029), " ")
_LEFT_OUT: dict[int, str | None] = dict.fromkeys(
    (
        *(code for code in range(32) if code not in _SPACES),
        *(code for code in range(127, 160) if code not in _SPACES),
        # Marks that turn the direction of the text that follows the label.
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        # Half of a pair, and what XML does not hold.
        *range(0xD800, 0xE000),
        0xFFFE,
        0xFFFF,
    )
)
_FORMULA_MARKS = frozenset("=+-@\t\r＝＋－＠")


def without_control_marks(text: str) -> str:
    """The text without control and direction marks, its line breaks and tabs as they are."""
    return text.translate(_LEFT_OUT)


def on_one_line(text: str) -> str:
    """The text without control and direction marks; line breaks and tabs become spaces."""
    return text.translate({**_LEFT_OUT, **_SPACES})


def is_like_a_formula(text: str) -> bool:
    """True for text that a spreadsheet might carry out, also behind quotes and spaces."""
    return text.lstrip(" \u00a0'\"")[:1] in _FORMULA_MARKS and text != ""


def neutralised(text: str) -> str:
    """The text behind an apostrophe if a spreadsheet might carry it out."""
    return f"'{text}" if is_like_a_formula(text) else text


def restored(text: str) -> str:
    """The text before `neutralised`."""
    return text[1:] if text.startswith("'") and is_like_a_formula(text[1:]) else text
