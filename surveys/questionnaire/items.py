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
Date           ``"2024-03-31"``, or ``"2024-03"`` where the precision is the month
Scale          ``3``
Lookup         ``"code"`` of its list
Text           ``"..."``
Allocation     ``{"part": 40, ...}`` with every part present
BatteryRow     ``{"facet": "code" or ["code", ...] or 12 or {"column": 12} or None}``
Roster         ``[{"entry": "k3f9", "local_name": answer, ...}, ...]``
Note           never has one
Computed       never saved: `routing` works it out from the other answers
============== =====================================================================

``None`` is an item that was shown and left blank; an absent key was never saved.
``{"missing": "dont_know"}`` is a firm that says why it gives none, for an item that offers it.
The text or number of a code with `specify` is the answer to an item of its own, named
``item.code``, which the reader of the file makes.
"""

from dataclasses import dataclass, field
from typing import Literal

from surveys.questionnaire.code_lists import CodeList
from surveys.questionnaire.conditions import ALWAYS, Condition, Operand

Required = Literal["none", "soft", "hard"]
Dependent = Literal["hidden", "shown", "prefilled", "confirmed"]
StatedMissing = Literal["dont_know", "refused", "not_applicable"]


@dataclass(frozen=True, slots=True)
class Code:
    """One allowed answer, one row of a battery, or one part of an allocation.

    Attributes
    ----------
    specify : what to ask in addition of a firm that chooses it: a text, a number or nothing
    universe : the firms to which the code is offered
    variable : name of the code as a variable of its own in the survey that it comes from
    """

    value: str
    label: str
    definition: str = ""
    exclusive: bool = False
    specify: Literal["", "text", "number"] = ""
    universe: Condition = ALWAYS
    variable: str = ""


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
    """What every kind of question has. Its texts may hold fills.

    Attributes
    ----------
    universe : firms of its page that are asked; may read items before it on the same page
    required : whether a blank is let pass, asked about once, or refused
    period : the reference period in words, where it is not that of the instrument
    missing : reasons for a blank that the firm may give
    dependent : what of last wave's answer the firm is shown; of a roster, of its entries
    variable : name of the variable in the survey that the item comes from
    """

    name: str
    label: str
    hint: str = ""
    definition: str = ""
    bindings: tuple[Binding, ...] = ()
    universe: Condition = ALWAYS
    required: Required = "none"
    period: str = ""
    missing: tuple[StatedMissing, ...] = ()
    dependent: Dependent = "hidden"
    variable: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleChoice(Item):
    codes: tuple[Code, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleChoice(Item):
    """Some of the codes; `most` bounds how many, None does not."""

    codes: tuple[Code, ...]
    most: int | None = None


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
class Date(Item):
    """A day, or a month; bounds are ISO texts of the same precision, or empty."""

    precision: Literal["day", "month"] = "day"
    minimum: str = ""
    maximum: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale(Item):
    """A whole number from `minimum` to `maximum`; `points` labels some of them, ends at least."""

    minimum: int = 0
    maximum: int = 4
    points: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup(Item):
    """One code of a long list, found by typing a part of its label."""

    codes: CodeList


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation(Item):
    """Parts that must sum to a total, such as shares of turnover.

    The total is `total`, or the earlier answer that `total_of` names. With `at_most` the
    parts may sum to less.
    """

    parts: tuple[Code, ...]
    total: float = 100
    total_of: str = ""
    at_most: bool = False
    unit: str = "%"


@dataclass(frozen=True, slots=True)
class Facet:
    """One question asked of every row of a battery.

    `applies_when` names an earlier facet of the same row and the codes of it for which
    this one applies; None means always. Where `choose` is ``number``, the codes are the
    columns that take a number each; without codes the row takes one number.
    """

    name: str
    label: str
    choose: Literal["one", "many", "number"]
    codes: tuple[Code, ...]
    applies_when: tuple[str, frozenset[str]] | None = None
    minimum: float | None = 0
    maximum: float | None = None
    decimals: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatteryRow(Item):
    """One row of a battery, named ``battery.row``; shown as one fieldset.

    `layout` is how the author wanted the battery shown, which is kept as paradata.
    """

    battery: str
    row: Code
    facets: tuple[Facet, ...] = field(default=())
    layout: str = "one_row_per_page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Item):
    """A text without a question: `label` is its heading, `hint` its body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed(Item):
    """A number worked out from earlier answers, shown for the firm to confirm or correct."""

    expression: Operand
    decimals: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Items of a roster that are asked together for one entry."""

    title: str
    items: tuple[Item, ...]
    universe: Condition = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster(Item):
    """The same questions for each of several named things, such as partners or sites.

    Attributes
    ----------
    thing : what one entry is called, such as ``partner``; `things` is its plural
    pages : the questions of one entry; the first item of the first page names the entry.
        Items are named ``roster.local``; conditions read them under that name within the
        entry.
    most : greatest number of entries
    """

    thing: str
    things: str
    pages: tuple[EntryPage, ...]
    most: int = 10

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for page in self.pages for item in page.items)


def codes_of(item: Item) -> tuple[Code, ...]:
    """The codes of a choice, the parts of an allocation, those of every facet of a battery row.

    A long list has too many to be given here.
    """
    match item:
        case SingleChoice() | MultipleChoice():
            return item.codes
        case Allocation():
            return item.parts
        case BatteryRow():
            return tuple(code for facet in item.facets for code in facet.codes)
    return ()
