"""What the formula grammar and the expression grammar share: bounds, and errors with a place."""

import difflib
import re
from collections.abc import Iterable
from typing import Any

from lark import Lark
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from analysis.refusals import Refusal

LONGEST = 4000
DEEPEST_NESTING = 30
MOST_WORDS = 400

_WORDS = r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*"
_PLACES = r"\[[ ]*[A-Za-z0-9_]+([ ]*,[ ]*[A-Za-z0-9_]+)*[ ]*\]"
NAME = rf"/{_WORDS}({_PLACES})?/"
_WORD = re.compile(r"[\w.]+|[^\w\s.]")


def parse(parser: Lark, text: str, *, what: str) -> Any:
    """The tree of a text, or a Refusal that says what is wrong and where.

    `what` names the text in messages, such as ``The formula``.
    """
    _check_size(text, what)
    try:
        return parser.parse(text)
    except UnexpectedInput as error:
        raise Refusal("cannot_read", _cannot_read(error, text, what), _remedy(what)) from None


def normal_name(name: str) -> str:
    """The name without spaces in its brackets."""
    return re.sub(r"\s+", "", name)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=3, cutoff=0.6)
    return f"Did you mean {', '.join(close)}?" if close else ""


def _check_size(text: str, what: str) -> None:
    if len(text) > LONGEST:
        raise Refusal("too_long", f"{what} is longer than {LONGEST} characters.", "Shorten it.")
    depth = deepest = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    if deepest > DEEPEST_NESTING or len(_WORD.findall(text)) > MOST_WORDS:
        raise Refusal(
            "too_complex",
            f"{what} is nested too deeply ({DEEPEST_NESTING} are allowed) or has too many words.",
            "Split it with names under define.",
        )


def _cannot_read(error: UnexpectedInput, text: str, what: str) -> str:
    if isinstance(error, UnexpectedCharacters | UnexpectedToken) and (error.column or 0) > 0:
        place = max(int(error.pos_in_stream or 0), 0)
        return f"{what} cannot be read at character {place + 1}, near {text[place : place + 20]!r}."
    return f"{what} ends too early: {text[-40:]!r}."


def _remedy(what: str) -> str:
    if what.startswith("The formula"):
        return "Write terms joined by +, such as  a + log(b) + c^2 + factor(d) + a:b."
    return "Write arithmetic, comparisons, and, or, not, such as  control.age >= 5."
