"""Items: the questions of an instrument, as frozen values.

An answer is a JSON value whose shape follows from the kind of its item:

============== =====================================================================
kind           answer
============== =====================================================================
SingleChoice   ``"code"``
MultipleChoice ``["code", ...]`` in the order of the item's codes
Number         ``12`` or ``12.5`` (``decimals`` > 0)
Money          ``{"amount": 2500000, "unit": "thousands"}``; amount in whole currency
               units whatever unit the firm typed it in
Share          ``12`` or ``12.5``, per cent, 0 to 100
Year           ``2021``
Text           ``"..."``
Allocation     ``{"part": 40, ...}`` with every part present
BatteryRow     ``{"facet": "code" or ["code", ...] or None}``
============== =====================================================================

``None`` is an item that was shown and left blank; an absent key was never saved.
"""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Code:
    """One allowed answer, one row of a battery, or one part of an allocation."""

    value: str
    label: str
    definition: str = ""
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Binding:
    """What an answer measures: the tie between an item and a construct.

    Attributes
    ----------
    construct : str
        Name in `constructs.CATALOGUE`, such as ``networking.cooperation``.
    at : tuple of (dimension, value)
        Fixed coordinates, such as ``(("partner", "suppliers"),)``.
    facet : str
        For a battery row, the facet whose answer is meant; otherwise empty.
    spread : str
        Dimension along which every code of a multiple choice, or every part of an
        allocation, is a cell of its own; empty when the answer is one value.
    values : tuple of (code, value)
        What a code counts as; codes not named are missing. Empty: the answer itself.
    off_route : float or None
        Value of the cells of a firm that the item does not apply to.
    """

    construct: str
    at: tuple[tuple[str, str], ...] = ()
    facet: str = ""
    spread: str = ""
    values: tuple[tuple[str, float | str], ...] = ()
    off_route: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What every kind of question has. `label` and `hint` may hold fills."""

    name: str
    label: str
    hint: str = ""
    definition: str = ""
    bindings: tuple[Binding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleChoice(Item):
    codes: tuple[Code, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleChoice(Item):
    codes: tuple[Code, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Item):
    minimum: float | None = None
    maximum: float | None = None
    decimals: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Money(Item):
    """An amount that a firm may give in units or in thousands."""

    currency: str = "EUR"
    minimum: float | None = 0
    maximum: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Item):
    decimals: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Year(Item):
    minimum: int = 1500
    maximum: int = 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Item):
    max_length: int = 200
    long: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation(Item):
    """Parts that must sum to `total`, such as shares of turnover."""

    parts: tuple[Code, ...]
    total: float = 100
    unit: str = "%"


@dataclass(frozen=True, slots=True)
class Facet:
    """One question asked of every row of a battery.

    `applies_when` names an earlier facet of the same row and the codes of it for which
    this one applies; None means always.
    """

    name: str
    label: str
    choose: Literal["one", "many"]
    codes: tuple[Code, ...]
    applies_when: tuple[str, frozenset[str]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryRow(Item):
    """One row of a battery, named ``battery.row``; shown as one fieldset."""

    battery: str
    row: Code
    facets: tuple[Facet, ...] = field(default=())
