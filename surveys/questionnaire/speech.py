"""In which language the sentences of the questionnaire itself are said; English by default.

Checks and fills write their sentences with `say`, from a template and values. Who serves a
person in another language wraps the work in `speaking`: the room itself knows no catalogue.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


def _as_it_is(template: str) -> str:
    return template


@dataclass(frozen=True, slots=True)
class Speech:
    """How templates are put into words, and which sign stands before decimals.

    `translate` takes the English template and gives one with the same names in braces.
    """

    translate: Callable[[str], str] = _as_it_is
    decimal_mark: str = "."


ENGLISH = Speech()


def in_english(_language: str) -> Speech:
    """English, whatever the language: what there is without a catalogue."""
    return ENGLISH


_SPOKEN: ContextVar[Speech] = ContextVar("speech", default=ENGLISH)


def say(template: str, **values: object) -> str:
    """The sentence in the language that is spoken, with the values in it."""
    words = _SPOKEN.get().translate(template)
    return words.format(**values) if values else words


def decimal_mark() -> str:
    return _SPOKEN.get().decimal_mark


@contextmanager
def speaking(speech: Speech) -> Iterator[None]:
    """Everything said within is said so."""
    token = _SPOKEN.set(speech)
    try:
        yield
    finally:
        _SPOKEN.reset(token)
