"""Truth functions to texts of the language of conditions."""

import re

from surveys.interchange.ons import atoms
from surveys.interchange.ons.atoms import Atom
from surveys.interchange.ons.logic import FALSE, TRUE, Cube, Logic
from surveys.questionnaire.condition_language import (
    DEEPEST_NESTING,
    LONGEST_CONDITION,
    MOST_WORDS,
    deepest_nesting,
)

_WORD = re.compile(r"[\w.]+|[^\w\s.]")
_MOST_RELATED = 60  # atoms between which relations are looked for


class TooLong(Exception):
    """The condition does not fit the bounds of the language."""


def condition_text(function: int, logic: Logic) -> str:
    """The condition that holds exactly when the function is true; empty if it always is.

    What is beyond the language counts as true where that lets a question be asked. Raises
    TooLong; and ValueError if the function is never true.
    """
    function = logic.possible(function, lambda key: isinstance(key, Atom) and bool(key.beyond))
    possible = _possible(function, logic)
    function = logic.both(function, possible)
    if function == FALSE:
        raise ValueError("never true")
    any_of = logic.cubes(function, logic.either(function, logic.negation(possible)))
    if () in any_of:
        return ""
    against = logic.both(logic.negation(function), possible)
    none_of = logic.cubes(against, logic.negation(function))
    texts = [_sum(any_of, logic), _product(none_of, logic)]
    fitting = [text for text in texts if fits(text)]
    if not fitting:
        raise TooLong
    return min(fitting, key=len)


def fits(text: str) -> bool:
    return (
        len(text) <= LONGEST_CONDITION
        and len(_WORD.findall(text)) <= MOST_WORDS
        and deepest_nesting(text) <= DEEPEST_NESTING
    )


def _possible(function: int, logic: Logic) -> int:
    """Which truths of the function's atoms can occur together at all."""
    places = logic.support(function)[:_MOST_RELATED]
    keys = [(logic.keys[place], logic.variable(logic.keys[place])) for place in places]
    possible = TRUE
    for first, f in keys:
        for second, g in keys:
            if f == g or not (isinstance(first, Atom) and isinstance(second, Atom)):
                continue
            if atoms.excludes(first, second):
                possible = logic.both(possible, logic.negation(logic.both(f, g)))
            if atoms.implies(first, second):
                possible = logic.both(possible, logic.either(logic.negation(f), g))
    return possible


def _sum(cubes: list[Cube], logic: Logic) -> str:
    terms = [[_literal(logic, place, truth) for place, truth in cube] for cube in cubes]
    return _joined(terms, " and ", " or ")


def _product(cubes: list[Cube], logic: Logic) -> str:
    """The negation of a sum of products."""
    terms = [[_literal(logic, place, not truth) for place, truth in cube] for cube in cubes]
    return _joined(terms, " or ", " and ")


def _joined(terms: list[list[str]], within: str, between: str) -> str:
    if len(terms) == 1:
        return _bare(within.join(terms[0]), terms[0])
    texts = [within.join(term) if len(term) == 1 else f"({within.join(term)})" for term in terms]
    return between.join(texts)


def _bare(text: str, term: list[str]) -> str:
    """Without the brackets of a term that stands alone."""
    alone = len(term) == 1 and text.startswith("(") and text.endswith(")")
    return text[1:-1] if alone else text


def _literal(logic: Logic, place: int, truth: bool) -> str:
    atom = logic.keys[place]
    if not isinstance(atom, Atom):
        raise TypeError("a variable that is no question about an answer")
    return atom.text if truth else atom.denied
