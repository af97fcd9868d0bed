"""What the formula grammar and the expression grammar share: bounds, and errors with a place."""

import difflib
import re
from collections.abc import Collection, Iterable
from typing import Any

from lark import Lark
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from analysis.refusals import Refusal

LONGEST = 4000
DEEPEST_NESTING = 30
MOST_WORDS = 400
NEARLY_AS_CLOSE = 0.08

_WORDS = r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*"
_PLACES = r"\[[ ]*[A-Za-z0-9_]+([ ]*,[ ]*[A-Za-z0-9_]+)*[ ]*\]"
OVER_WAVES = ("lag", "lead", "change", "first")
"""Functions of what the same firm said in other waves; formulas may name one of a variable."""
_OF_A_FIRM = rf"({'|'.join(OVER_WAVES)})[ ]*\([ ]*{_WORDS}({_PLACES})?[ ]*\)"
NAME = rf"/{_WORDS}({_PLACES})?/"
NAME_OVER_WAVES = rf"/{_OF_A_FIRM}|{_WORDS}({_PLACES})?/"
_IS_OVER_WAVES = re.compile(_OF_A_FIRM)
_WORD = re.compile(r"[\w.]+|[^\w\s.]")
_CALLED_AT_END = re.compile(r"([A-Za-z_][\w.]*)\s*$")
_CALLED_AHEAD = re.compile(r"([A-Za-z_]\w*)\s*\(")


def parse(parser: Lark, text: str, *, what: str, functions: Collection[str]) -> Any:
    """What the parser makes of a text, or a Refusal that says what is wrong and where.

    `what` names the text in messages, such as ``The formula``; `functions` are those that
    the grammar knows.
    """
    _check_size(text, what)
    try:
        return parser.parse(text)
    except UnexpectedInput as error:
        raise _unreadable(error, text, what, functions) from None


def normal_name(name: str) -> str:
    """The name without spaces in its brackets."""
    return re.sub(r"\s+", "", name)


def is_over_waves(name: str) -> bool:
    """Whether the name is one such as ``lag(partners.local)``."""
    return _IS_OVER_WAVES.fullmatch(name) is not None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question with the known words nearly as close as the closest; empty if none is close."""
    close = difflib.get_close_matches(word, list(known), n=3, cutoff=0.6)
    nearness = [difflib.SequenceMatcher(None, word, each).ratio() for each in close]
    near = [
        each
        for each, how_near in zip(close, nearness, strict=True)
        if how_near > nearness[0] - NEARLY_AS_CLOSE
    ]
    return f"Did you mean {' or '.join(near)}?" if near else ""


def _check_size(text: str, what: str) -> None:
    if not text.strip():
        raise Refusal("cannot_read", f"{what} is empty.", _remedy(what))
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


def _unreadable(
    error: UnexpectedInput, text: str, what: str, functions: Collection[str]
) -> Refusal:
    at_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    if at_end or not isinstance(error, UnexpectedCharacters | UnexpectedToken):
        return Refusal("cannot_read", f"{what} ends too early: {text[-40:]!r}.", _remedy(what))
    place = max(int(error.pos_in_stream or 0), 0)
    called = _function_at(text, place)
    if called is not None and called.group(1) not in functions:
        word, start = called.group(1), called.start(1)
        return Refusal(
            "unknown_function",
            f"{what} calls “{word}” at character {start + 1}, which is not one of its functions.",
            did_you_mean(word, functions) or f"Its functions are {', '.join(functions)}.",
        )
    message = f"{what} cannot be read at character {place + 1}, near {text[place : place + 20]!r}."
    return Refusal("cannot_read", message, _remedy(what))


def _function_at(text: str, place: int) -> re.Match[str] | None:
    """The word before the parenthesis that stands at `place`, or that is called there."""
    if text[place : place + 1] == "(":
        return _CALLED_AT_END.search(text, 0, place)
    return _CALLED_AHEAD.match(text, place)


def _remedy(what: str) -> str:
    if what.startswith("The formula"):
        return "Write terms joined by +, such as  a + log(b) + c^2 + factor(d) + a:b."
    return "Write arithmetic, comparisons, and, or, not, such as  control.age >= 5."
