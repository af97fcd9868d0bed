"""Numbers as firms hold them: typed or pasted, with the separators of any country.

How a number is read:

* spaces of every width, apostrophes and underscores between digits are thousands separators;
* if both ``.`` and ``,`` occur, the last one is the decimal mark and the other groups thousands;
* one mark several times groups thousands (``1.234.567``);
* one mark once, followed by exactly three digits, can mean either: ``1.234`` is one thousand
  two hundred and thirty-four in Berlin and one and a bit in London. It is refused with a
  sentence that says what to type. Only a comma where whole numbers are asked for is read as
  a thousands separator, because there a decimal fraction is out of place;
* otherwise the mark is the decimal mark (``12,5`` and ``12.5``).

Nothing is rounded. Infinity, NaN and exponents are not numbers here.
"""

import re
import unicodedata
from decimal import Decimal

from surveys.questionnaire.speech import say

LARGEST = 10**15
_IN_FIGURES = "Enter a number in figures, like {example}."
_POINT = (
    "{figures} can be read in two ways. Type {whole} if the point separates thousands, or "
    "{small} if it stands before decimals."
)
_COMMA = (
    "{figures} can be read in two ways. Type {whole} if the comma separates thousands, or "
    "{small} if it stands before decimals."
)
_LONGEST = 60
_GROUPING = re.compile(r"[\s'’ʼ‘`´_\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_DIGITS_AND_MARKS = re.compile(r"([-+]?)([0-9.,]*[0-9][.,]?)")
_THOUSANDS = {mark: re.compile(rf"[0-9]{{1,3}}({re.escape(mark)}[0-9]{{3}})+") for mark in ".,"}


class UnreadableNumber(ValueError):
    """The text is not a number that can be read in one way only; the message says what to do."""


def read_number(
    typed: str, *, decimals: int, example: str = "25000", comma_groups: bool | None = None
) -> int | float:
    """The number that was typed; an int if it is whole.

    `comma_groups` says that a comma before three digits separates thousands; if it is not
    said, that holds where no decimals are allowed. Raises UnreadableNumber.
    """
    if comma_groups is None:
        comma_groups = decimals == 0
    if len(typed) > _LONGEST:
        raise UnreadableNumber(say(_IN_FIGURES, example=example))
    text = _GROUPING.sub("", unicodedata.normalize("NFKC", typed).replace("\u2212", "-"))
    match = _DIGITS_AND_MARKS.fullmatch(text)
    if match is None:
        raise UnreadableNumber(say(_IN_FIGURES, example=example))
    sign, figures = match.groups()
    whole, fraction = _parts(figures, decimals, example, comma_groups=comma_groups)
    fraction = fraction.rstrip("0")
    if len(fraction) > decimals:
        raise UnreadableNumber(_too_exact(decimals, example))
    number = Decimal(f"{sign}{whole or '0'}.{fraction or '0'}")
    if abs(number) > LARGEST:
        raise UnreadableNumber(
            say("This number is too large to be right. Check the number of zeros.")
        )
    return int(number) if number == number.to_integral_value() else float(number)


def written(number: float | Decimal) -> str:
    """The number in figures as `read_number` reads it back: ``12``, ``12.5``.

    Three decimals get a nought behind them, so that the point is not taken for a separator.
    """
    exact = number if isinstance(number, Decimal) else Decimal(repr(number))
    if exact == exact.to_integral_value():
        return str(int(exact))
    figures = format(exact.normalize(), "f")
    return figures + "0" if len(figures.rpartition(".")[2]) == 3 else figures


def _parts(figures: str, decimals: int, example: str, *, comma_groups: bool) -> tuple[str, str]:
    """Digits before and after the decimal mark."""
    marks = [character for character in figures if character in ".,"]
    if not marks:
        return figures, ""
    last = marks[-1]
    if len(set(marks)) == 1 and len(marks) > 1:
        return _ungrouped(figures, last, example), ""
    before, _, after = figures.rpartition(last)
    if len(marks) > 1:
        other = "." if last == "," else ","
        if marks.count(last) > 1:
            raise UnreadableNumber(say(_IN_FIGURES, example=example))
        return _ungrouped(before, other, example), after
    if _THOUSANDS[last].fullmatch(figures) and not before.startswith("0"):
        if last == "," and comma_groups:
            return before + after, ""
        raise UnreadableNumber(_ambiguous(figures, before, after, decimals))
    return before, after


def _ungrouped(figures: str, mark: str, example: str) -> str:
    if not _THOUSANDS[mark].fullmatch(figures):
        raise UnreadableNumber(say(_IN_FIGURES, example=example))
    return figures.replace(mark, "")


def _ambiguous(figures: str, before: str, after: str, decimals: int) -> str:
    small = (before + "." + after[:decimals]).rstrip(".")
    if decimals >= 3:
        small += "0"
    sentence = _POINT if "." in figures else _COMMA
    return say(sentence, figures=figures, whole=f"{before}{after}", small=small)


def _too_exact(decimals: int, example: str) -> str:
    if decimals == 0:
        return say("Enter a whole number, like {example}.", example=example)
    one = "Enter a number with at most one decimal place."
    more = "Enter a number with at most {places} decimal places."
    return say(one if decimals == 1 else more, places=decimals)
