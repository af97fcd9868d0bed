"""What the same firm answered in the wave before: found by its register number, or nothing.

Only answers that a firm submitted and that counted are quoted, and only to items that ask
the same with the same codes: `comparison` says which those are. Entries of a roster come back
under their own keys, with the answers that their roster lets come back.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils import dateformat, timezone

from surveys import questionnaire
from surveys.models import Case, Response
from surveys.queries.instruments import compiled
from surveys.questionnaire.conditions import is_blank, stated_missing
from surveys.questionnaire.dependent_entries import LastEntry, is_quotable, last_entries
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.items import Note, Roster

_KEPT = "_prior_answers"
_MADE_FRAME = "_made_frame_values"
_DEPTH = 3  # waves that are followed back, for routes that rest on an earlier answer themselves


@dataclass(frozen=True, slots=True)
class Prior:
    """Answers of the former wave by item, entries by roster, and when they were handed in."""

    given_at: datetime
    answers: Mapping[str, Any] = field(default_factory=dict)
    entries: Mapping[str, tuple[LastEntry, ...]] = field(default_factory=dict)


def prior_of(case: Case, depth: int = _DEPTH) -> Prior | None:
    """What the firm answered in the wave before this one; None if it did not.

    Asked twice of the same case, it is read once.
    """
    if not hasattr(case, _KEPT):
        if case.wave.previous_id is None or case.unit is None or depth == 0:
            return None
        setattr(case, _KEPT, _read(case, depth))
    found: Prior | None = getattr(case, _KEPT)
    return found


def make_known(case: Case, *, prior: Prior | None, frame: Mapping[str, Any]) -> None:
    """Tell a case that stands in no table what is known of its firm; `frame` as conditions name it.

    Nothing is read of it from then on.
    """
    setattr(case, _KEPT, prior)
    setattr(case, _MADE_FRAME, dict(frame))


def is_made(case: Case) -> bool:
    """Whether it is the case of a made firm, which stands in no table."""
    return hasattr(case, _MADE_FRAME)


def month_in_words(moment: datetime) -> str:
    """When something was told, as firms are reminded of it: ``March 2023``."""
    return dateformat.format(timezone.localtime(moment), "F Y")


def frame_values(case: Case) -> dict[str, Any]:
    """What the frame tells of the firm, under the names that conditions read."""
    if is_made(case):
        made: dict[str, Any] = getattr(case, _MADE_FRAME)
        return made
    stratum, unit = case.stratum, case.unit
    attributes = {
        name: getattr(stratum, name) or (getattr(unit, name) if unit else "")
        for name in ("size_class", "industry", "region")
    }
    known = {f"frame.{name}": value for name, value in attributes.items() if value}
    if unit is not None and unit.employees is not None:
        known["frame.employees"] = unit.employees
    return known


def last_values(case: Case, depth: int = _DEPTH) -> dict[str, Any]:
    """The former answers as conditions read them: ``last.employment``."""
    prior = prior_of(case, depth)
    return {f"last.{name}": value for name, value in prior.answers.items()} if prior else {}


def _read(case: Case, depth: int) -> Prior | None:
    if case.unit is None:
        return None
    response = (
        Response.objects.select_related("case__wave__instrument", "case__stratum", "case__unit")
        .defer("case__wave__instrument__document")
        .filter(
            case__wave=case.wave.previous_id,
            case__unit__register_id=case.unit.register_id,
            submitted_at__isnull=False,
        )
        .first()
    )
    if response is None or response.submitted_at is None:
        return None
    former = response.case.wave.instrument
    if former is None or case.wave.instrument is None:
        return None
    old, new = compiled(former), compiled(case.wave.instrument)
    known = {**frame_values(response.case), **last_values(response.case, depth - 1)}
    counting = questionnaire.route(old, response.answers, known).answers
    return prior_from(new, counting, comparable_items(old, new), response.submitted_at)


def prior_from(
    instrument: Instrument, counting: Mapping[str, Any], alike: Collection[str], at: datetime
) -> Prior:
    """What the instrument takes up of the answers that counted in the wave before.

    `alike` names the items that mean the same in both waves; `at` is when they were handed in.
    """
    answers = {
        item.name: counting[item.name]
        for item in instrument.items
        if item.name in alike and _is_quotable(item, counting.get(item.name))
    }
    entries = {
        item.name: last_entries(item, counting.get(item.name), alike)
        for item in instrument.items
        if isinstance(item, Roster)
    }
    return Prior(at, answers, entries)


def _is_quotable(item: Any, answer: Any) -> bool:
    if isinstance(item, Note | Roster):
        return False
    if isinstance(item, questionnaire.Computed):
        return not is_blank(answer) and not stated_missing(answer)
    return is_quotable(item, answer)


class _Pair:
    """Two instruments known by their fingerprints, so that comparing them can be remembered."""

    __slots__ = ("new", "old")

    def __init__(self, old: Instrument, new: Instrument) -> None:
        self.old, self.new = old, new

    def __hash__(self) -> int:
        return hash((self.old.fingerprint, self.new.fingerprint))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Pair) and (
            (self.old.fingerprint, self.new.fingerprint)
            == (other.old.fingerprint, other.new.fingerprint)
        )


def comparable_items(old: Instrument, new: Instrument) -> frozenset[str]:
    """Items all of whose variables mean the same in both versions."""
    return _comparable(_Pair(old, new))


def item_names(instrument: Instrument) -> Iterator[str]:
    """The names of all items, those of the entries of rosters among them."""
    for item in instrument.items:
        yield item.name
        if isinstance(item, Roster):
            yield from (local.name for local in item.items)


@lru_cache(maxsize=64)
def _comparable(pair: _Pair) -> frozenset[str]:
    if pair.old.fingerprint == pair.new.fingerprint:
        return frozenset(item_names(pair.new))
    changes = questionnaire.compare(pair.old, pair.new).changes
    kept = {each.item for each in changes if each.poolable != "no"}
    return frozenset(kept - {each.item for each in changes if each.poolable == "no"})
