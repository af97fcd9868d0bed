"""Relevance equations of LimeSurvey: ``Q1.NAOK == "Y" and !is_empty(Q2)``."""

from lark import Token

from surveys.interchange.expressions.parsing import Builder, parsed
from surveys.interchange.expressions.tree import Call, Name, Operation, Tree

_GRAMMAR = r"""
?conjunction: negation (_AND negation)*       -> all_of
?negation: _NOT negation                      -> negated
         | comparison
?comparison: sum (ORDER sum)?                 -> compared
?operand: NUMBER                              -> number
        | TEXT                                -> text
        | FUNCTION "(" [disjunction ("," disjunction)*] ")" -> call
        | QUESTION                            -> question
        | "(" disjunction ")"
ORDER.3: "<=" | ">=" | "!=" | "==" | "=" | "<" | ">" | /(eq|ne|lt|le|gt|ge)\b/
TIMES: "*" | "/"
_OR.3: /or\b/i | "||"
_AND.3: /and\b/i | "&&"
_NOT.3: /!(?!=)/ | /not\b(?!\s*\()/i
FUNCTION.2: /[a-zA-Z_][a-zA-Z0-9_]*(?=\s*\()/
QUESTION: /[a-zA-Z_][a-zA-Z0-9_]*(\.[a-zA-Z]+)*/
"""

_WORDS = {"==": "=", "eq": "=", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_SUFFIXES = ("naok", "value", "code", "shown")


class _Builder(Builder):
    def comparison(self, left: Tree, word: str, right: Tree) -> Tree:
        return Operation(_WORDS.get(word, word), (left, right))

    def question(self, parts: list[Token]) -> Tree:
        name, _, suffix = str(parts[0]).partition(".")
        if suffix and suffix.lower() not in _SUFFIXES:
            return Name(str(parts[0]))
        return Name(name)

    def function(self, name: str, arguments: tuple[Tree, ...]) -> Tree:
        return Call("is_empty" if name == "empty" else name, arguments)


def parse_limesurvey(text: str) -> Tree:
    """The tree of a relevance equation. Raises Untranslatable, which says why."""
    return parsed(text, _GRAMMAR, _Builder(), called="an equation of LimeSurvey")
