"""The rows of a wave's data file one after the other, however many there are.

Responses are read by a cursor of
the database in the order of pseudonyms, and nothing of a row is kept once it was handed on but
how many firms had a value. Replicate weights alone are held whole: they lie in one file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from surveys import questionnaire
from surveys.models import Case, Response, Wave
from surveys.queries import extracts
from surveys.queries.datafile_outline import MINUTES, Cell, Datafile, outline_of
from surveys.queries.instruments import compiled
from surveys.queries.prior_flags import prior_cells, prior_items, prior_rosters
from surveys.queries.published_weights import PublishedWeights, published_weights
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.items import Item, Roster

_AT_ONCE = 500

Between = tuple[str | None, str | None]
WHOLE: Between = (None, None)


@dataclass(frozen=True, slots=True, eq=False)
class _Of:
    """What every row of the wave needs, read once."""

    wave: Wave
    instrument: Instrument | None
    outline: Datafile
    measured: tuple[str, ...]
    items: tuple[Item, ...]
    rosters: tuple[Roster, ...]
    has_minutes: bool
    published: PublishedWeights | None
    replicates: Mapping[str, Any]
    adjustment: Mapping[str, float]


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


def rows_of(wave: Wave, between: Between = WHOLE) -> Rows:
    """The rows whose pseudonyms lie from the first up to, but not at, the second."""
    published = published_weights(wave)
    outline = outline_of(wave, published, _responses(wave, published))
    instrument = compiled(wave.instrument) if wave.instrument is not None else None
    replicates: dict[str, Any] = {}
    if published is not None and (made := published.all_replicates()) is not None:
        replicates = made
    of = _Of(
        wave=wave,
        instrument=instrument,
        outline=outline,
        measured=tuple(column.name for column in extracts.columns_of(wave)),
        items=prior_items(wave),
        rosters=prior_rosters(wave),
        has_minutes=any(each.name == MINUTES for each in outline.variables),
        published=published,
        replicates=replicates,
        adjustment={} if published is not None else _adjustments(wave),
    )
    return Rows(outline, of, between)


def borders(wave: Wave, parts: int) -> tuple[Between, ...]:
    """Intervals of pseudonyms with about as many responses each."""
    found = _responses(wave, published_weights(wave)).order_by("case__pseudonym")
    names = found.values_list("case__pseudonym", flat=True)
    count = names.count()
    if count < 2 * parts:
        return (WHOLE,)
    cuts = [names[count * part // parts] for part in range(1, parts)]
    return tuple(zip((None, *cuts), (*cuts, None), strict=True))


def _rows(of: _Of, between: Between) -> Iterator[tuple[Cell, ...]]:
    for response in _between(_responses(of.wave, of.published), between):
        yield tuple(_row(of, response))


def _between(found: QuerySet[Response], between: Between) -> Iterator[Response]:
    low, high = between
    if low is not None:
        found = found.filter(case__pseudonym__gte=low)
    if high is not None:
        found = found.filter(case__pseudonym__lt=high)
    return found.order_by("case__pseudonym").iterator(chunk_size=_AT_ONCE)


def _responses(wave: Wave, published: PublishedWeights | None) -> QuerySet[Response]:
    """As `extract` takes them: handed in, or with a weight above zero where one is published."""
    ended = Q(submitted_at__isnull=False)
    if published is None:
        return extracts.with_design(Response.objects.filter(ended, case__wave=wave))
    ended |= Q(case__disposition=Case.Disposition.PARTIAL)
    weighted = Response.objects.filter(
        ended,
        case__wave=wave,
        case__weights__weighting=published.weighting,
        case__weights__weight__gt=0,
    )
    return extracts.with_design(weighted).annotate(final_weight=F("case__weights__weight"))


def _adjustments(wave: Wave) -> dict[str, float]:
    """n_h / r_h by stratum; 1 for an imported wave, whose weights came with it."""
    handed_in = Response.objects.filter(case__wave=wave, submitted_at__isnull=False)
    handed_in = handed_in.exclude(case__disposition=Case.Disposition.NOT_ELIGIBLE)
    counted = handed_in.values("case__stratum__label").annotate(number=Count("pk"))
    responding = dict(counted.values_list("case__stratum__label", "number"))
    drawn = extracts.eligible_by_stratum(wave)
    return {label: drawn.get(label, number) / number for label, number in responding.items()}


def _row(of: _Of, response: Response) -> Iterator[Cell]:
    case = response.case
    yield case.pseudonym
    values: dict[str, Any] = extracts.frame_construct_values(case.stratum)
    route = None
    if of.instrument is not None:
        (known,) = extracts.known_of_all(of.wave, [response])
        route = questionnaire.route(of.instrument, response.answers, known)
        values |= questionnaire.values_on_route(of.instrument, route)
    for name in of.measured:
        yield values.get(name)
    if of.items or of.rosters:
        yield from prior_cells(of.items, of.rosters, response.prior_flags, route)
    if of.has_minutes:
        yield (response.feedback or {}).get("minutes")
    yield from _design(of, response)


def _design(of: _Of, response: Response) -> Iterator[Cell]:
    case, stratum = response.case, response.case.stratum
    if of.published is not None:
        yield response.final_weight  # type: ignore[attr-defined]
    else:
        yield case.design_weight * of.adjustment[stratum.label]
    yield stratum.label
    yield case.cluster or case.pseudonym
    yield None if stratum.population is None else float(stratum.population)
    if of.published is not None:
        yield case.design_weight
    if of.replicates:
        for weight in of.replicates[case.pseudonym]:
            yield None if weight != weight else float(weight)
