"""Expressions of SurveyJS: ``{new_good} = 'yes' and {partners} anyof ['suppliers', 'clients']``."""

from typing import Any

from lark import Token

from surveys.interchange.expressions.parsing import Builder, parsed
from surveys.interchange.expressions.tree import Call, Listed, Literal, Name, Operation, Tree

_GRAMMAR = r"""
?conjunction: negation (_AND negation)*       -> all_of
?negation: _NOT negation                      -> negated
         | comparison
?comparison: sum (ORDER sum)?                 -> compared
           | sum EMPTY                        -> blank
?operand: NUMBER                              -> number
        | TEXT                                -> text
        | TRUTH                               -> truth
        | "[" [literal ("," literal)*] "]"    -> listed
        | FUNCTION "(" [disjunction ("," disjunction)*] ")" -> call
        | QUESTION                            -> question
        | "(" disjunction ")"
?literal: NUMBER -> number
        | TEXT   -> text
        | TRUTH  -> truth
ORDER.3: "<=" | ">=" | "!=" | "<>" | "==" | "=" | "<" | ">"
       | /(equal|notequal|greaterorequal|lessorequal|greater|less)\b/i
       | /(anyof|allof|noneof|notcontains|contains|contain)\b/i
EMPTY.3: /(notempty|empty)\b/i
TIMES: "*" | "/"
_OR.3: /or\b/i | "||"
_AND.3: /and\b/i | "&&"
_NOT.3: /!(?!=)/ | /not\b/i | /negate\b/i
TRUTH.3: /(true|false)\b/i
FUNCTION.2: /[a-zA-Z_][a-zA-Z0-9_]*(?=\s*\()/
QUESTION: /\{[^{}]{1,200}\}/
"""

_WORDS = {
    "==": "=",
    "equal": "=",
    "<>": "!=",
    "notequal": "!=",
    "greater": ">",
    "less": "<",
    "greaterorequal": ">=",
    "lessorequal": "<=",
}
_MEMBERSHIP = ("anyof", "allof", "noneof", "contains", "contain", "notcontains")


class _Builder(Builder):
    def comparison(self, left: Tree, word: str, right: Tree) -> Tree:
        word = word.lower()
        if word in _MEMBERSHIP:
            return _membership(word, left, right)
        return Operation(_WORDS.get(word, word), (left, right))

    def blank(self, parts: list[Any]) -> Tree:
        return Call(str(parts[1]).lower(), (parts[0],))

    def truth(self, parts: list[Token]) -> Tree:
        return Literal(str(parts[0]).lower() == "true")

    def listed(self, parts: list[Any]) -> Tree:
        return Listed(tuple(part for part in parts if part is not None))

    def question(self, parts: list[Token]) -> Tree:
        return Name(str(parts[0])[1:-1].strip())


def _membership(word: str, left: Tree, right: Tree) -> Tree:
    """``contains`` takes one code or, as its kin do, a list."""
    if word in ("anyof", "allof", "noneof"):
        return Call(word, (left, Listed((right,)) if isinstance(right, Literal) else right))
    if isinstance(right, Listed):
        return Call("noneof" if word == "notcontains" else "allof", (left, right))
    return Call("notcontains" if word == "notcontains" else "contains", (left, right))


def parse_surveyjs(text: str) -> Tree:
    """The tree of an expression of SurveyJS. Raises Untranslatable, which says why."""
    return parsed(text, _GRAMMAR, _Builder(), called="an expression of SurveyJS")
