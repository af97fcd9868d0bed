"""Where a description stands in a table that is made of several of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

COMPOSED = ("table_one", "correlation", "respondents_against_frame")
"""Statistics of which each makes a table of its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A description's place in its table.

    Attributes
    ----------
    table : number of the table's entry among the plan's descriptives, from 1
    kind : statistic of that entry
    role : what it is in the table, such as ``mean`` or ``shares``
    variable : of the table, which it is of; empty where it is of several
    columns : keys of the table's columns that its groups fill, in their order
    more : what belongs to the table and is no estimate with firms of its own: tests, counts,
        words. It is shown only where nothing of its variable is withheld.
    """

    table: int
    kind: str
    role: str
    variable: str = ""
    columns: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
