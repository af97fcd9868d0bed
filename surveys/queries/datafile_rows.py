"""The rows of a wave's data file one after the other, however many there are.

Responses are read by a cursor of the database in the order of pseudonyms, and nothing of a row
is kept once it was handed on but how many firms had a value. Replicate weights alone are held
whole: they lie in one file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet

from surveys.models import Response, Wave
from surveys.queries import extracts
from surveys.queries.datafile_outline import MINUTES, Cell, Datafile, counted, outline_of
from surveys.queries.prior_flags import prior_cells, prior_items, prior_rosters
from surveys.queries.wave_reading import WaveReading, comments_of, reading_of
from surveys.questionnaire.items import Item, Roster

_AT_ONCE = 500

Between = tuple[str | None, str | None]
WHOLE: Between = (None, None)


@dataclass(frozen=True, slots=True, eq=False)
class _Of:
    """What every row of the wave needs, read once."""

    reading: WaveReading
    measured: tuple[str, ...]
    items: tuple[Item, ...]
    rosters: tuple[Roster, ...]
    has_minutes: bool
    replicates: Mapping[str, Any]


@dataclass(slots=True, eq=False)
class Rows:
    """The rows of a data file, to be gone through once.

    Attributes
    ----------
    outline : the data file without rows: its variables and what it is about
    firms, present : rows handed on so far, and firms with a value by column
    """

    outline: Datafile
    _of: _Of
    between: Between = WHOLE
    firms: int = 0
    present: list[int] = field(default_factory=list)

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        self.present = [0] * len(self.outline.variables)
        for row in _rows(self._of, self.between):
            self.firms += 1
            for place, cell in enumerate(row[1:]):
                if cell is not None:
                    self.present[place] += 1
            yield row

    @property
    def counted(self) -> Datafile:
        """The outline with the number of firms that had a value, of the rows handed on so far."""
        return replace(self.outline, variables=counted(self.outline, self.present))

    def comments(self) -> Iterator[tuple[str, str]]:
        """Pseudonyms with what firms wrote after submission, which is no column."""
        return comments_of(self._of.reading)


def counted_outline(wave: Wave) -> Datafile:
    """The data file without rows, every variable with its number of values: goes through all."""
    rows = rows_of(wave)
    for _ in rows:
        pass
    return rows.counted


def rows_of(wave: Wave, between: Between = WHOLE) -> Rows:
    """The rows whose pseudonyms lie from the first up to, but not at, the second."""
    reading = reading_of(wave)
    published = reading.published
    outline = outline_of(wave, published, reading.responses())
    replicates: dict[str, Any] = {}
    if published is not None and (made := published.all_replicates()) is not None:
        replicates = made
    of = _Of(
        reading=reading,
        measured=tuple(column.name for column in extracts.columns_of(wave)),
        items=prior_items(wave),
        rosters=prior_rosters(wave),
        has_minutes=any(each.name == MINUTES for each in outline.variables),
        replicates=replicates,
    )
    return Rows(outline, of, between)


def borders(wave: Wave, parts: int) -> tuple[Between, ...]:
    """Intervals of pseudonyms with about as many responses each."""
    found = reading_of(wave).responses().order_by("case__pseudonym")
    names = found.values_list("case__pseudonym", flat=True)
    count = names.count()
    if count < 2 * parts:
        return (WHOLE,)
    cuts = [names[count * part // parts] for part in range(1, parts)]
    return tuple(zip((None, *cuts), (*cuts, None), strict=True))


def _rows(of: _Of, between: Between) -> Iterator[tuple[Cell, ...]]:
    for response in _between(of.reading.responses(), between):
        yield tuple(_row(of, response))


def _between(found: QuerySet[Response], between: Between) -> Iterator[Response]:
    low, high = between
    if low is not None:
        found = found.filter(case__pseudonym__gte=low)
    if high is not None:
        found = found.filter(case__pseudonym__lt=high)
    return found.order_by("case__pseudonym").iterator(chunk_size=_AT_ONCE)


def _row(of: _Of, response: Response) -> Iterator[Cell]:
    yield response.case.pseudonym
    route = of.reading.route(response)
    values = of.reading.values(response, route)
    for name in of.measured:
        yield values.get(name)
    if of.items or of.rosters:
        yield from prior_cells(of.items, of.rosters, response.prior_flags, route)
    if of.has_minutes:
        yield (response.feedback or {}).get("minutes")
    yield from _design(of, response)


def _design(of: _Of, response: Response) -> Iterator[Cell]:
    case, stratum = response.case, response.case.stratum
    yield of.reading.weight(response)
    yield stratum.label
    yield case.cluster or case.pseudonym
    yield None if stratum.population is None else float(stratum.population)
    if of.reading.published is not None:
        yield case.design_weight
    if of.replicates:
        for weight in of.replicates[case.pseudonym]:
            yield None if weight != weight else float(weight)
