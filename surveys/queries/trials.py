"""The made firm of a trial: a case that stands in no table, and where it stands."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from surveys import questionnaire
from surveys.models import Case, Response, Survey, Wave
from surveys.queries.prior import Prior, item_names, make_known, prior_from
from surveys.queries.responses import Standing, known_of, saved_pages
from surveys.questionnaire.instrument import Instrument

FIRM = "Example Ltd"
REFERENCE = "TRIAL"
PERIOD, PERIOD_BEFORE = (2023, 2025), (2020, 2022)
TOLD_AT = datetime(2023, 3, 15, 12, tzinfo=UTC)

_QUOTES_LAST_WAVE = re.compile(r"\blast\.[a-z]")


@dataclass(slots=True)
class Kept:
    """What a trial keeps, as a response would, in plain values for the session.

    `last` are the answers of the wave before, None where the firm gave none; `frame` is what
    the sampling frame tells of the firm, as conditions name it; `handed_in` is the moment of
    submission in ISO form, empty before.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    revision: int = 0
    page_revisions: dict[str, int] = field(default_factory=dict)
    decisions: dict[str, Any] = field(default_factory=dict)
    flags: dict[str, str] = field(default_factory=dict)
    last: dict[str, Any] | None = None
    frame: dict[str, Any] = field(default_factory=dict)
    handed_in: str = ""

    @property
    def plain(self) -> dict[str, Any]:
        return asdict(self)


def kept_from(plain: Mapping[str, Any], instrument: Instrument) -> Kept:
    """What was kept, without answers that the draft, as it is now, can no longer have."""
    known = {each.name for each in fields(Kept)}
    kept = Kept(**{name: value for name, value in plain.items() if name in known})
    kept.answers = _fitting(instrument, kept.answers)
    if kept.last is not None:
        kept.last = _fitting(instrument, kept.last)
    return kept


def standing_of(survey: Survey, instrument: Instrument, kept: Kept, language: str) -> Standing:
    """Where the made firm stands. Nothing is read from the database, and nothing can be saved."""
    case = Case(wave=_wave(survey), firm_name=FIRM)
    make_known(case, prior=_prior(instrument, kept.last), frame=kept.frame)
    response = Response(
        case=case,
        answers=kept.answers,
        revision=kept.revision,
        page_revisions=kept.page_revisions,
        edit_decisions=kept.decisions,
        prior_flags=kept.flags,
        language=language,
        submitted_at=datetime.fromisoformat(kept.handed_in) if kept.handed_in else None,
        reference=REFERENCE,
    )
    known = known_of(case)
    return Standing(
        case=case,
        instrument=instrument,
        response=response,
        route=questionnaire.route(instrument, kept.answers, known),
        saved=saved_pages(instrument, response),
        known=known,
    )


def uses_last_wave(instrument: Instrument) -> bool:
    """Whether a question shows last wave's answers, or a text or condition rests on them."""
    if any(item.dependent != "hidden" for item in instrument.items):
        return True
    return bool(_QUOTES_LAST_WAVE.search(str(instrument.document)))


def _wave(survey: Survey) -> Wave:
    before = Wave(
        survey=survey,
        reference_first_year=PERIOD_BEFORE[0],
        reference_last_year=PERIOD_BEFORE[1],
    )
    return Wave(
        survey=survey,
        previous=before,
        reference_first_year=PERIOD[0],
        reference_last_year=PERIOD[1],
    )


def _prior(instrument: Instrument, last: Mapping[str, Any] | None) -> Prior | None:
    """The answers of the wave before, as if it had asked the same questions."""
    if last is None:
        return None
    counting = questionnaire.route(instrument, last).answers
    return prior_from(instrument, counting, frozenset(item_names(instrument)), TOLD_AT)


def _fitting(instrument: Instrument, answers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        item.name: answers[item.name]
        for item in instrument.items
        if item.name in answers and not questionnaire.check_value(item, answers[item.name])
    }
