"""What would become of every case of a wave if its field closed now."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from surveys.fieldwork.codes import final
from surveys.fieldwork.derivation import derive
from surveys.fieldwork.dispositions import at_closing
from surveys.fieldwork.histories import happenings
from surveys.models import Case, Response, Wave
from surveys.queries.histories import History, histories_of
from surveys.queries.key_items import answered_key_share
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.items import Item
from surveys.questionnaire.offering import takes_answer

_CHUNK = 1_000
_BROKE_OFF = final("break_off")
_GROUPS: Mapping[str, frozenset[str]] = {
    "complete": frozenset({"I"}),
    "partial": frozenset({"P"}),
    "refusal": frozenset({"R"}),
    "non_contact": frozenset({"NC", "O", "UH", "UO"}),
    "not_eligible": frozenset({"NE"}),
}
WAITING = (Case.Disposition.NOT_STARTED, Case.Disposition.STARTED)


@dataclass(frozen=True, slots=True)
class Held:
    """That a firm had saved answers without handing them in.

    `share` is that of the key questions it was asked; None where the wave names none.
    """

    share: float | None


@dataclass(frozen=True, slots=True)
class Ending:
    """The final disposition of a case with AAPOR's code; `held` where answers are taken in."""

    case: int
    before: str
    after: str
    code: str
    held: Held | None


@dataclass(frozen=True, slots=True)
class ProspectLine:
    """So many cases that are now one thing and would end as another, in plain words."""

    before: str
    after: str
    code: str
    cases: int


def endings(wave: Wave, *, only_waiting: bool = False) -> Iterator[Ending]:
    """The endings of all cases of the wave, or of those that have none yet."""
    held = dict(_held_by(wave))
    for each in histories_of(wave):
        if not only_waiting or each.disposition in WAITING:
            yield _ending(wave, each, held.get(each.case))


def prospect(wave: Wave) -> tuple[ProspectLine, ...]:
    """What closing would do, as counts; no case is changed."""
    counted = Counter((each.before, each.after, each.code) for each in endings(wave))
    order = {name: number for number, name in enumerate(Case.Disposition.values)}
    lines = sorted(counted.items(), key=lambda line: (order[line[0][0]], line[0][2]))
    words = dict(Case.Disposition.choices)
    return tuple(
        ProspectLine(words[before], told(after, code), code, number)
        for (before, after, code), number in lines
    )


def told(disposition: str, code: str) -> str:
    """A final disposition in words, by what its code adds to it."""
    if code == _BROKE_OFF.code:
        return "Broke off with too little answered; counts with the refusals"
    return dict(Case.Disposition.choices)[disposition]


def key_questions(instrument: Instrument) -> tuple[Item, ...]:
    """Questions that can be key: those that take an answer of their own."""
    return tuple(item for item in instrument.items if takes_answer(item))


def unsettled(wave: Wave) -> int:
    """Cases of a closed wave that were reopened and have no final disposition yet."""
    return Case.objects.filter(wave=wave, disposition__in=WAITING).count()


def _held_by(wave: Wave) -> Iterator[tuple[int, Held]]:
    if wave.instrument is None:
        return
    begun = Response.objects.filter(
        case__wave=wave, case__disposition__in=WAITING, submitted_at=None
    ).exclude(answers={})
    for response in begun.select_related("case__stratum", "case__unit").iterator(_CHUNK):
        response.case.wave = wave
        yield response.case_id, Held(answered_key_share(response))


def _ending(wave: Wave, case: History, held: Held | None) -> Ending:
    before = case.disposition
    if before == Case.Disposition.STARTED and not _is_partial(wave, held):
        return Ending(case.case, before, "refusal", _BROKE_OFF.code, held)
    after = at_closing(before)
    derived = derive(happenings(case.events)).disposition
    # What was recorded decides the finer code, as far as it agrees with the disposition.
    code = derived.code if derived.group in _GROUPS[after] else final(after).code
    return Ending(case.case, before, after, code, held)


def _is_partial(wave: Wave, held: Held | None) -> bool:
    if held is None:
        return False
    return held.share is None or held.share >= wave.partial_share
