"""Firms of several waves in long form: a row a firm and wave, or an entry of a roster and wave.

Of every firm a few words are held, for weights are shared over all of them; answers are read
some hundred firms at a time, from each wave in turn, and are let go once their rows are made.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from surveys import questionnaire
from surveys.models import Response, Wave
from surveys.queries.answer_tables import without_words
from surveys.queries.panel import Standing, standings_of
from surveys.queries.pooling import Pooled, PooledRoster, pooled_of, pooled_rosters
from surveys.queries.wave_reading import WaveReading, reading_of
from surveys.questionnaire import RosterTable
from surveys.weighting.panel import longitudinal

DESIGN = (
    *("firm", "wave", "reference_last_year", "stratum"),
    *("weight", "weights_version", "longitudinal_weight"),
)
_AT_ONCE = 250

Row = tuple[Any, ...]


class NotLinked(Exception):
    """The waves make no panel; `reason` says why, in a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Member:
    """A firm of the panel: its name in each of the waves, and what it stands for in all."""

    pseudonyms: tuple[str, ...]
    longitudinal_weight: float

    @property
    def firm(self) -> str:
        """By what it goes: its pseudonym in the first wave."""
        return self.pseudonyms[0]


@dataclass(frozen=True, slots=True, eq=False)
class Linked:
    """Firms that answered in every wave, ordered by the name that they go by.

    `version` is a SHA-256 over the firms and their longitudinal weights: two files of the same
    version have the same ones.
    """

    readings: tuple[WaveReading, ...]
    members: tuple[Member, ...]
    pooled: Pooled
    rosters: tuple[PooledRoster, ...]
    version: str

    @property
    def firms(self) -> int:
        return len(self.members)

    @property
    def n_rows(self) -> int:
        return len(self.members) * len(self.readings)

    @property
    def header(self) -> tuple[str, ...]:
        return (*DESIGN, *self.pooled.names)

    def rows(self) -> Iterator[Row]:
        """A row a firm and wave, in the columns of `header`; missing values are None."""
        for member, reading, response in self._responses():
            values = reading.values(response, reading.route(response))
            measured = (values.get(name) for name in self.pooled.names)
            yield (*_design(member, reading, response), *measured)

    def roster(self, name: str) -> PooledRoster:
        """Raises KeyError if not every wave has a roster of that name."""
        for each in self.rosters:
            if each.name == name:
                return each
        raise KeyError(name)

    def entries(self, roster: PooledRoster, *, with_words: bool = False) -> Iterator[Row]:
        """A row an entry and wave, in the columns `DESIGN` and those of the roster.

        Entries of the wave before that are off the list have a row, too. Without `with_words`
        texts are withheld.
        """
        of_wave = dict(
            zip(self.readings, map(_Entries.of, self.readings, roster.tables), strict=True)
        )
        for member, reading, response in self._responses():
            design = _design(member, reading, response)
            for row in of_wave[reading].rows(reading, response, with_words=with_words):
                yield (*design, *(row[name] for name in roster.names))

    def _responses(self) -> Iterator[tuple[Member, WaveReading, Response]]:
        """The firms in order, each with its response in every wave, oldest first."""
        for start in range(0, len(self.members), _AT_ONCE):
            some = self.members[start : start + _AT_ONCE]
            found = [
                _read(reading, [member.pseudonyms[place] for member in some])
                for place, reading in enumerate(self.readings)
            ]
            for member in some:
                for name, reading, responses in zip(
                    member.pseudonyms, self.readings, found, strict=True
                ):
                    # What was withdrawn since the firms were linked has no row.
                    if name in responses:
                        yield member, reading, responses[name]


@dataclass(frozen=True, slots=True)
class _Entries:
    """How the entries of a roster are read in one wave."""

    table: RosterTable
    texts: tuple[str, ...]

    @classmethod
    def of(cls, reading: WaveReading, table: RosterTable) -> "_Entries":
        columns = questionnaire.wide_columns(reading.instrument) if reading.instrument else ()
        return cls(table, tuple(column.name for column in columns if column.type == "text"))

    def rows(
        self, reading: WaveReading, response: Response, *, with_words: bool
    ) -> Iterator[dict[str, Any]]:
        """The entries of one firm, by name of column."""
        route = reading.route(response)
        if reading.instrument is None or route is None:
            return
        values = questionnaire.wide_values(reading.instrument, route)
        for name in () if with_words else self.texts:
            values[name] = without_words(values[name])
        names = [column.name for column in self.table.columns]
        for row in questionnaire.roster_rows(self.table, route, values, response.prior_flags):
            yield dict(zip(names, row, strict=True))


def linked(waves: Sequence[Wave]) -> Linked:
    """Firms that answered in all of the waves, oldest first. Raises: NotLinked, Refusal.

    A firm goes by its pseudonym in the first wave. The longitudinal weight starts from the
    largest of its design weights: with permanent random numbers a firm is in every wave with
    the least of its chances. It is then raised for firms that were lost, within the strata of
    the first wave.
    """
    if len(waves) < 2:
        raise NotLinked("A panel needs two closed waves that were drawn from the survey's frames.")
    readings = tuple(reading_of(wave) for wave in waves)
    standings = [standings_of(wave) for wave in waves]
    firms = sorted(set.intersection(*(set(each) for each in standings)))
    answered = [
        _answered(reading, each, firms) for reading, each in zip(readings, standings, strict=True)
    ]
    stayed = [all(in_each) for in_each in zip(*answered, strict=True)]
    if not any(stayed):
        raise NotLinked("No firm answered in all of these waves.")
    weights = _longitudinal(standings, firms, np.array(answered).T)
    members = [
        Member(tuple(each[firm].pseudonym for each in standings), weight)
        for firm, has_stayed, weight in zip(firms, stayed, weights, strict=True)
        if has_stayed
    ]
    members.sort(key=lambda member: member.firm)
    return Linked(
        readings, tuple(members), pooled_of(waves), pooled_rosters(waves), _version(members)
    )


def _version(members: Sequence[Member]) -> str:
    told = [(member.firm, repr(member.longitudinal_weight)) for member in members]
    return hashlib.sha256(json.dumps(sorted(told)).encode()).hexdigest()


def _answered(
    reading: WaveReading, standings: Mapping[str, Standing], firms: Sequence[str]
) -> list[bool]:
    """Whether each firm has a response that stands for it."""
    names = set(reading.responses().values_list("case__pseudonym", flat=True).iterator())
    return [standings[firm].pseudonym in names for firm in firms]


def _longitudinal(
    standings: Sequence[Mapping[str, Standing]],
    firms: Sequence[str],
    answered: npt.NDArray[np.bool_],
) -> list[float]:
    """Longitudinal weights of firms drawn in every wave. Raises: Refusal."""
    base = [max(each[firm].weight for each in standings) for firm in firms]
    in_scope = np.array(
        [[each[firm].disposition != "not_eligible" for firm in firms] for each in standings]
    ).T
    stratum: dict[str, Any] = {"stratum": [standings[0][firm].stratum for firm in firms]}
    weights = longitudinal(base, answered, in_scope, [stratum] * len(standings), classes=True)
    found: list[float] = weights.final.tolist()
    return found


def _read(reading: WaveReading, names: Sequence[str]) -> dict[str, Response]:
    """The responses of these firms by pseudonym."""
    found = reading.responses().filter(case__pseudonym__in=names)
    return {response.case.pseudonym: response for response in found}


def _design(member: Member, reading: WaveReading, response: Response) -> Row:
    # None published: the weight is the design weight times drawn over responding.
    version = None if reading.published is None else reading.published.weighting.number
    wave, stratum = reading.wave, response.case.stratum.label
    weight = reading.weight(response)
    return (
        *(member.firm, wave.slug, wave.reference_last_year, stratum),
        *(weight, version, member.longitudinal_weight),
    )
