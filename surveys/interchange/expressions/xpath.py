"""Expressions of XLSForms, a small part of XPath: ``selected(${source}, 'fairs') and ${n} > 3``."""

from lark import Token

from surveys.interchange.expressions.parsing import Builder, parsed
from surveys.interchange.expressions.tree import Call, Literal, Name, Tree, Untranslatable

_GRAMMAR = r"""
?conjunction: comparison (_AND comparison)*        -> all_of
?comparison: sum (ORDER sum)?                      -> compared
?operand: NUMBER                                   -> number
        | TEXT                                     -> text
        | "$" "{" QUESTION "}"                     -> question
        | "."                                      -> itself
        | FUNCTION "(" [disjunction ("," disjunction)*] ")" -> call
        | "(" disjunction ")"
ORDER: "<=" | ">=" | "!=" | "=" | "<" | ">"
TIMES.2: "*" | /div\b/ | /mod\b/
_OR.2: /or\b/
_AND.2: /and\b/
FUNCTION: /[a-zA-Z][a-zA-Z0-9:_-]*(?=\s*\()/
QUESTION: /[a-zA-Z_][a-zA-Z0-9_.\-]*/
"""

ITSELF = "."


class _Builder(Builder):
    def sign(self, word: str) -> str:
        if word == "mod":
            raise Untranslatable("mod has no counterpart")
        return "/" if word == "div" else word

    def itself(self, _: list[Token]) -> Tree:
        return Name(ITSELF)

    def function(self, name: str, arguments: tuple[Tree, ...]) -> Tree:
        if not arguments and name in ("true", "false"):
            return Literal(name == "true")
        return Call(name, arguments)


def parse_xpath(text: str) -> Tree:
    """The tree of an expression of an XLSForm. Raises Untranslatable, which says why."""
    return parsed(text, _GRAMMAR, _Builder(), called="an expression of XLSForm")
