"""The formula of a model: terms joined by +, each a product of factors.

``partners.local + partners.global^2 + log(control.employment) + factor(control.industry)
+ indicator(control.region = '17') + partners.local:partners.global + a*b``

``a*b`` is ``a + b + a:b``. A formula is parsed by a grammar into frozen terms; it is never
given to `eval` or to a formula library.
"""

from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

from lark import Lark, Token, Transformer

from analysis.refusals import Refusal
from analysis.specification.language import NAME_OVER_WAVES, OVER_WAVES, normal_name, parse

FUNCTIONS = ("log", "factor", "indicator", *OVER_WAVES)
HIGHEST_POWER = 4
MOST_TERMS = 200

_GRAMMAR = rf"""
?start: sum
sum: crossing ("+" crossing)*
?crossing: interaction ("*" interaction)*   -> crossed
?interaction: atom (":" atom)*              -> interacted
?atom: NAME                                 -> variable
     | NAME "^" DIGITS                      -> power
     | LOG "(" NAME ")"                     -> log
     | FACTOR "(" NAME ")"                  -> categories
     | FACTOR "(" NAME "," BASE "=" CODE ")" -> categories
     | INDICATOR "(" NAME "=" CODE ")"      -> indicator
     | ONE                                  -> one
     | "(" sum ")"
LOG.2: /log(?=\s*\()/
FACTOR.2: /factor(?=\s*\()/
INDICATOR.2: /indicator(?=\s*\()/
BASE: "base"
ONE: "1"
NAME: {NAME_OVER_WAVES}
CODE: /'[^'\n]{{0,80}}'/ | /"[^"\n]{{0,80}}"/
DIGITS: /[0-9]{{1,2}}/
%import common.WS
%ignore WS
"""


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """One factor of a term: a variable as it is, its power, log, one level, or all levels."""

    variable: str
    transform: Literal["identity", "power", "log", "indicator", "categories"] = "identity"
    exponent: int = 1
    level: str = ""

    def __str__(self) -> str:
        match self.transform:
            case "power":
                return f"{self.variable}^{self.exponent}"
            case "log":
                return f"log({self.variable})"
            case "indicator":
                return f"indicator({self.variable} = {quoted(self.level)})"
            case "categories":
                base = f", base = {quoted(self.level)}" if self.level else ""
                return f"factor({self.variable}{base})"
            case _:
                return self.variable


def quoted(code: str) -> str:
    return f"'{code}'" if "'" not in code else f'"{code}"'


@dataclass(frozen=True, slots=True)
class Term:
    """A product of parts."""

    parts: tuple[Part, ...]

    def __str__(self) -> str:
        return ":".join(str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Formula:
    """Terms in the order written, each once. The intercept is always in."""

    terms: tuple[Term, ...]

    def __str__(self) -> str:
        return " + ".join(str(term) for term in self.terms) or "1"

    def __add__(self, other: "Formula") -> "Formula":
        return Formula(_once([*self.terms, *other.terms]))

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(part.variable for term in self.terms for part in term.parts))


_Terms = list[Term]


class _Builder(Transformer[Token, Any]):
    def sum(self, parts: list[_Terms]) -> _Terms:
        return list(_once([term for terms in parts for term in terms]))

    def crossed(self, parts: list[_Terms]) -> _Terms:
        terms = parts[0]
        for other in parts[1:]:
            terms = [*terms, *other, *_times(terms, other)]
            _check_count(len(terms))
        return terms

    def interacted(self, parts: list[_Terms]) -> _Terms:
        terms = parts[0]
        for other in parts[1:]:
            terms = _times(terms, other)
        return terms

    def variable(self, parts: list[Token]) -> _Terms:
        return [Term((Part(normal_name(str(parts[0]))),))]

    def power(self, parts: list[Token]) -> _Terms:
        exponent = int(parts[1])
        if not 2 <= exponent <= HIGHEST_POWER:
            raise Refusal(
                "bad_power",
                f"The power {exponent} of “{parts[0]}” is not allowed.",
                f"Powers are whole numbers from 2 to {HIGHEST_POWER}.",
            )
        return [Term((Part(normal_name(str(parts[0])), "power", exponent),))]

    def log(self, parts: list[Token]) -> _Terms:
        return [Term((Part(normal_name(str(parts[1])), "log"),))]

    def categories(self, parts: list[Token]) -> _Terms:
        base = str(parts[3])[1:-1] if len(parts) > 2 else ""
        return [Term((Part(normal_name(str(parts[1])), "categories", level=base),))]

    def indicator(self, parts: list[Token]) -> _Terms:
        return [Term((Part(normal_name(str(parts[1])), "indicator", level=str(parts[2])[1:-1]),))]

    def one(self, _: list[Token]) -> _Terms:
        return []


def _once(terms: list[Term]) -> tuple[Term, ...]:
    """Each term once; ``a:b`` and ``b:a`` are one."""
    found: dict[tuple[Part, ...], Term] = {}
    for term in terms:
        found.setdefault(tuple(sorted(term.parts)), term)
    return tuple(found.values())


def _times(left: _Terms, right: _Terms) -> _Terms:
    """Every product of a left with a right term; ``a:a`` is ``a``, the square is ``a^2``."""
    _check_count(len(left) * len(right))
    return [
        Term(tuple(dict.fromkeys((*one.parts, *two.parts)))) for one, two in product(left, right)
    ]


def _check_count(count: int) -> None:
    if count > MOST_TERMS:
        raise Refusal(
            "too_many_terms",
            f"The formula has more than {MOST_TERMS} terms once its products are written out.",
            "Name fewer interactions.",
        )


_PARSER = Lark(_GRAMMAR, parser="lalr", maybe_placeholders=False, transformer=_Builder())


def parse_formula(text: str, *, what: str = "The formula") -> Formula:
    """The terms that a formula says.

    Raises: Refusal ``cannot_read``, ``unknown_function``, ``too_long``, ``too_complex``,
    ``bad_power`` or ``too_many_terms``.
    """
    terms: _Terms = parse(_PARSER, text, what=what, functions=FUNCTIONS)
    _check_count(len(terms))
    return Formula(_once(terms))
