"""Answers into columns, some hundred firms at a time, so that one wave's fit into memory."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from django.db.models import QuerySet

from surveys.models import Response
from surveys.questionnaire import BoundColumn

FIRMS_AT_A_TIME = 500
_TEXTS = ("category", "text")


class Firm(NamedTuple):
    """How a firm was drawn, by its pseudonym."""

    pseudonym: str
    design_weight: float
    stratum: str
    cluster: str
    population: float | None


def firm_of(response: Response) -> Firm:
    case, stratum = response.case, response.case.stratum
    return Firm(
        case.pseudonym,
        case.design_weight,
        stratum.label,
        case.cluster or case.pseudonym,
        stratum.population,
    )


def portions(found: QuerySet[Response]) -> Iterator[tuple[Response, ...]]:
    """The responses in no order, never all of them at once."""
    responses = found.iterator(chunk_size=FIRMS_AT_A_TIME)
    while portion := tuple(islice(responses, FIRMS_AT_A_TIME)):
        yield portion


@dataclass(slots=True)
class Columns:
    """An (n, p) table to be filled row by row: floats with NaN, or texts with None.

    `places` says which row each pseudonym has.
    """

    columns: Sequence[BoundColumn]
    places: Mapping[str, int]
    _numbers: Any = field(init=False)
    _texts: dict[str, Any] = field(init=False)
    _names: list[str] = field(init=False)

    def __post_init__(self) -> None:
        texts = [column.name for column in self.columns if column.measure in _TEXTS]
        self._names = [column.name for column in self.columns if column.measure not in _TEXTS]
        self._numbers = np.full((len(self._names), len(self.places)), np.nan)
        self._texts = {name: np.full(len(self.places), None, dtype=object) for name in texts}

    def fill(self, records: Mapping[str, Mapping[str, Any]]) -> None:
        """Put in what firms gave, by pseudonym and name of the column."""
        rows = [self.places[pseudonym] for pseudonym in records]
        given = [[each.get(name) for name in self._names] for each in records.values()]
        if self._names:
            self._numbers[:, rows] = np.array(given, dtype=float).T
        for name, values in self._texts.items():
            for row, each in zip(rows, records.values(), strict=True):
                values[row] = each.get(name)

    def frame(self, firms: pd.Index) -> pd.DataFrame:
        """What was filled in of these firms, in the order of the columns."""
        index = pd.Index(list(self.places), dtype=object)
        whole = self._whole(index)
        return whole if index.equals(firms) else whole.loc[firms]

    def _whole(self, index: pd.Index) -> pd.DataFrame:
        # Of one block without a copy: a wave of 100,000 firms has a quarter of a gigabyte.
        numbers = pd.DataFrame(self._numbers.T, index=index, columns=self._names, copy=False)
        if not self._texts:
            return numbers
        texts = {
            name: pd.Series(values, index=index, dtype=object)
            for name, values in self._texts.items()
        }
        whole = pd.concat([numbers, pd.DataFrame(texts, index=index)], axis=1)
        return whole[[column.name for column in self.columns]]
