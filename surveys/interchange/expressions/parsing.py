"""What the languages of other programs have in common: rules, and the trees made by them."""

from functools import cache
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken
from lark.exceptions import VisitError

from surveys.interchange.expressions.tree import (
    Call,
    Literal,
    Name,
    Operation,
    Tree,
    Untranslatable,
    refuse_nested,
    refuse_unwieldy,
    too_nested,
)

_SHOWN = 20  # characters of what is not read

# A language adds what joins with `and`, compares and is an operand, and its words for these.
_SHARED = r"""
?start: disjunction
?disjunction: conjunction (_OR conjunction)*  -> any_of
?sum: product (SIGN product)*                 -> calculated
?product: negative (TIMES negative)*          -> calculated
?negative: "-" negative                       -> negative
         | operand
SIGN: "+" | "-"
TEXT: /'[^']*'/ | /"[^"]*"/
NUMBER: /[0-9]{1,18}(\.[0-9]{1,12})?|\.[0-9]{1,12}/
%import common.WS
%ignore WS
"""


class Builder(Transformer[Token, Tree]):
    """Trees from the rules that the grammars share; a language overrides what it says its way."""

    def any_of(self, parts: list[Tree]) -> Tree:
        return parts[0] if len(parts) == 1 else Operation("or", tuple(parts))

    def all_of(self, parts: list[Tree]) -> Tree:
        return parts[0] if len(parts) == 1 else Operation("and", tuple(parts))

    def negated(self, parts: list[Tree]) -> Tree:
        return Operation("not", (parts[0],))

    def compared(self, parts: list[Any]) -> Tree:
        if len(parts) == 1:
            return parts[0]  # type: ignore[no-any-return]  # lark's parts are of any type
        return self.comparison(parts[0], str(parts[1]), parts[2])

    def comparison(self, left: Tree, word: str, right: Tree) -> Tree:
        return Operation(word, (left, right))

    def calculated(self, parts: list[Any]) -> Tree:
        tree = parts[0]
        for sign, part in zip(parts[1::2], parts[2::2], strict=True):
            tree = Operation(self.sign(str(sign)), (tree, part))
        return tree  # type: ignore[no-any-return]  # lark's parts are of any type

    def sign(self, word: str) -> str:
        return word

    def negative(self, parts: list[Tree]) -> Tree:
        if isinstance(parts[0], Literal) and not isinstance(parts[0].value, str):
            return Literal(-parts[0].value)
        return Operation("-", (parts[0],))

    def number(self, parts: list[Token]) -> Tree:
        text = str(parts[0])
        return Literal(float(text) if "." in text else int(text))

    def text(self, parts: list[Token]) -> Tree:
        return Literal(str(parts[0])[1:-1])

    def question(self, parts: list[Token]) -> Tree:
        return Name(str(parts[0]))

    def call(self, parts: list[Any]) -> Tree:
        arguments = tuple(part for part in parts[1:] if part is not None)
        return self.function(str(parts[0]).lower(), arguments)

    def function(self, name: str, arguments: tuple[Tree, ...]) -> Tree:
        return Call(name, arguments)


def parsed(text: str, grammar: str, builder: Builder, *, called: str) -> Tree:
    """The tree of an expression, by the grammar of its language beside what all share.

    `called` is what such an expression is called: ``an equation of LimeSurvey``. Raises
    Untranslatable, which says why.
    """
    refuse_unwieldy(text)
    try:
        tree = builder.transform(_parser(grammar).parse(text))
    except UnexpectedInput as error:
        raise Untranslatable(_unread(text, error, called)) from None
    except (VisitError, RecursionError) as error:
        raise _refusal(error) from None
    refuse_nested(tree)
    return tree


def _unread(text: str, error: UnexpectedInput, called: str) -> str:
    """Where the expression stops to be one that is read, and with what."""
    rest = text[error.pos_in_stream :].strip() if _is_within(error) else ""
    if not rest:
        return f"it ends where {called} has to go on"
    character = len(text) - len(text[error.pos_in_stream :].lstrip()) + 1
    shown = rest if len(rest) <= _SHOWN else f"{rest[:_SHOWN]} …"
    return f"“{shown}”, at character {character}, cannot be read in {called}"


def _is_within(error: UnexpectedInput) -> bool:
    """Whether it lies before the end of the expression; lark's end has no place, or the last's."""
    at_end = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    return not at_end and error.pos_in_stream is not None


def _refusal(error: VisitError | RecursionError) -> Exception:
    """What the builder raised, which lark wraps in most places."""
    raised: Exception = error.orig_exc if isinstance(error, VisitError) else error
    return too_nested() if isinstance(raised, RecursionError) else raised


@cache
def _parser(grammar: str) -> Lark:
    """Built at its first use: that takes longer than all else that an import of this room does."""
    return Lark(_SHARED + grammar, parser="lalr", lexer="contextual", maybe_placeholders=True)
