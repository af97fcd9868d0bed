"""From an item to form fields, and from what was typed to an answer and back.

Three functions for every kind of item: `fields_of` makes its form fields, `answer_from`
reads the answer out of their cleaned values, `typed_from` writes an answer as the values
the fields would have been given. ``answer_from(typed_from(answer)) == answer``.
"""

# The two modules of kinds are imported so that they register their kinds.
from surveys.forms import items_composite, items_simple
from surveys.forms.items_base import (
    NO_ANSWER,
    STATED_MISSING,
    Fields,
    Typed,
    UnreadableAnswer,
    answer_from,
    field_name,
    fields_of,
    missing_codes,
    stated_missing,
    typed_from,
)
from surveys.forms.items_composite import MONEY_UNITS

KINDS = (items_simple, items_composite)

__all__ = [
    "MONEY_UNITS",
    "NO_ANSWER",
    "STATED_MISSING",
    "Fields",
    "Typed",
    "UnreadableAnswer",
    "answer_from",
    "field_name",
    "fields_of",
    "missing_codes",
    "stated_missing",
    "typed_from",
]
