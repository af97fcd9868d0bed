"""The small language in which linear hypotheses are written.

    hypothesis  = equality { (";" | ",") equality }
    equality    = expression { "=" expression }          alone: "= 0"
    expression  = product { ("+" | "-") product }
    product     = factor { ("*" | "/") factor }
    factor      = { "+" | "-" } ( number | term | "(" expression ")" )

A term is written as the table of coefficients names it, in backquotes where it would be
mistaken for something else. Nothing is ever evaluated but sums and multiples of terms.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from analysis.estimation.design import named
from analysis.refusals import Refusal

NUMBER = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
# What a bare name goes on with: then a shorter term of the same beginning is not meant.
GOES_ON = re.compile(r"[\w.\[|:^(]")
UNKNOWN_WORD = re.compile(r"[^\s+\-*/=<>;,()]+|.")
SYMBOLS = "+-*/()=<>;,"


@dataclass(frozen=True, slots=True)
class Restriction:
    """A weighted sum of coefficients and the value it is said to have.

    Attributes
    ----------
    weights : term to weight
    value : in the unit of the sum
    words : as it was asked
    """

    weights: Mapping[str, float]
    value: float = 0.0
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Sum:
    """Terms with weights, and a number."""

    weights: dict[str, float] = field(default_factory=dict)
    number: float = 0.0

    def plus(self, other: "_Sum", sign: float) -> "_Sum":
        weights = dict(self.weights)
        for term, weight in other.weights.items():
            weights[term] = weights.get(term, 0.0) + sign * weight
        return _Sum(weights, self.number + sign * other.number)

    def times(self, factor: float) -> "_Sum":
        weights = {term: factor * weight for term, weight in self.weights.items()}
        return _Sum(weights, factor * self.number)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


def read_hypothesis(asked: str, terms: Sequence[str]) -> list[Restriction]:
    """The restrictions of a sentence such as "a = b = c; d = 0.5".

    Raises: Refusal ``hypothesis_not_understood``, ``hypothesis_not_linear``, ``unknown_term``.
    """
    return _Parser(asked, _tokens(asked, terms)).hypothesis()


def read_direction(asked: str, terms: Sequence[str]) -> tuple[Restriction, int]:
    """The difference in "a > b" or "a < b", and its sign under the hypothesis: 1 or -1."""
    tokens = _tokens(asked, terms)
    signs = [token for token in tokens if token.text in {"<", ">"} and token.kind == "symbol"]
    if len(signs) != 1:
        raise not_understood(asked, "a directed hypothesis has one '>' or '<' in it")
    parser = _Parser(asked, tokens)
    left = parser.expression()
    parser.take(signs[0].text)
    right = parser.expression()
    parser.finish()
    return _restriction(left.plus(right, -1.0), asked), 1 if signs[0].text == ">" else -1


def _restriction(difference: _Sum, words: str) -> Restriction:
    weights = {term: weight for term, weight in difference.weights.items() if weight}
    if not np.isfinite([*weights.values(), difference.number]).all():
        raise not_understood(words, "a number in it is too large or divided by zero")
    return Restriction(weights, 0.0 - difference.number, words.strip())


class _Parser:
    """Reads tokens from left to right, one function for each line of the grammar."""

    def __init__(self, asked: str, tokens: list[_Token]) -> None:
        self.asked = asked
        self.tokens = tokens
        self.place = 0

    def hypothesis(self) -> list[Restriction]:
        found = self.equality()
        while self.sees(";", ","):
            self.place += 1
            found += self.equality()
        self.finish()
        return found

    def equality(self) -> list[Restriction]:
        sides = [self.side()]
        while self.sees("="):
            self.place += 1
            sides.append(self.side())
        if len(sides) == 1:
            alone, begin, end = sides[0]
            return [_restriction(alone, f"{self.words(begin, end)} = 0")]
        return [
            _restriction(left.plus(right, -1.0), self.words(begin, end))
            for (left, begin, _), (right, _, end) in pairwise(sides)
        ]

    def side(self) -> tuple[_Sum, int, int]:
        """An expression and between which tokens it stands."""
        begin = self.place
        return self.expression(), begin, self.place

    def expression(self) -> _Sum:
        total = self.product()
        while self.sees("+", "-"):
            sign = -1.0 if self.next().text == "-" else 1.0
            total = total.plus(self.product(), sign)
        return total

    def product(self) -> _Sum:
        result = self.factor()
        while self.sees("*", "/"):
            symbol = self.next().text
            other = self.factor()
            if symbol == "/" and not other.weights:
                result = result.times(1 / other.number if other.number else float("inf"))
            elif symbol == "*" and not (result.weights and other.weights):
                sums, factor = (result, other) if not other.weights else (other, result)
                result = sums.times(factor.number)
            else:
                raise Refusal(
                    "hypothesis_not_linear",
                    f"'{self.asked}' multiplies or divides coefficients by each other.",
                    "Test sums and multiples of coefficients only.",
                )
        return result

    def factor(self) -> _Sum:
        token = self.next()
        if token.kind == "symbol" and token.text in "+-":
            return self.factor().times(-1.0 if token.text == "-" else 1.0)
        if token.kind == "number":
            return _Sum({}, float(token.text))
        if token.kind == "term":
            return _Sum({token.text: 1.0})
        if token.text != "(":
            raise not_understood(self.asked, f"a term or a number belongs before '{token.text}'")
        inside = self.expression()
        self.take(")")
        return inside

    def sees(self, *symbols: str) -> bool:
        token = self.tokens[self.place] if self.place < len(self.tokens) else None
        return token is not None and token.kind == "symbol" and token.text in symbols

    def next(self) -> _Token:
        if self.place == len(self.tokens):
            raise not_understood(self.asked, "it ends too early")
        self.place += 1
        return self.tokens[self.place - 1]

    def take(self, symbol: str) -> None:
        if not self.sees(symbol):
            raise not_understood(self.asked, f"'{symbol}' is missing")
        self.place += 1

    def finish(self) -> None:
        if self.place < len(self.tokens):
            raise not_understood(self.asked, f"'{self.tokens[self.place].text}' is out of place")

    def words(self, begin: int, end: int) -> str:
        return self.asked[self.tokens[begin].start : self.tokens[end - 1].end]


def _tokens(asked: str, terms: Sequence[str]) -> list[_Token]:
    bare = sorted((term for term in terms if not NUMBER.fullmatch(term)), key=len, reverse=True)
    tokens: list[_Token] = []
    place = 0
    while place < len(asked):
        if asked[place].isspace():
            place += 1
            continue
        token = _token_at(asked, place, bare, terms)
        tokens.append(token)
        place = token.end
    return tokens


def _token_at(asked: str, place: int, bare: Sequence[str], terms: Sequence[str]) -> _Token:
    if asked[place] == "`":
        return _quoted(asked, place, terms)
    for term in bare:
        end = place + len(term)
        if asked.startswith(term, place) and not GOES_ON.match(asked, end):
            return _Token("term", term, place, end)
    number = NUMBER.match(asked, place)
    if number and not re.match(r"[^\W\d]", asked[number.end() : number.end() + 1]):
        return _Token("number", number.group(), place, number.end())
    if asked[place] in SYMBOLS:
        return _Token("symbol", asked[place], place, place + 1)
    word = UNKNOWN_WORD.match(asked, place)
    raise unknown_term(word.group() if word else asked[place:], terms)


def _quoted(asked: str, place: int, terms: Sequence[str]) -> _Token:
    end = asked.find("`", place + 1)
    if end < 0:
        raise not_understood(asked, "a backquote is not closed")
    name = asked[place + 1 : end]
    if name not in terms:
        raise unknown_term(name, terms)
    return _Token("term", name, place, end + 1)


def unknown_term(name: str, terms: Sequence[str]) -> Refusal:
    near = difflib.get_close_matches(name, terms, n=3) or list(terms)
    return Refusal(
        "unknown_term",
        f"The model has no term '{name}'.",
        f"Write terms as the table names them, such as {named(near)}; a term that was dropped "
        "from the model cannot be tested.",
    )


def not_understood(asked: str, why: str) -> Refusal:
    return Refusal(
        "hypothesis_not_understood",
        f"The hypothesis '{asked}' cannot be read: {why}.",
        "Write it like 'local = national', 'local + global = 0' or '2 * local > global'.",
    )
