"""The field is closed twice while many firms save and hand in: every answer is in or refused.

Real threads on the database that is configured. On PostgreSQL rows are locked one by one and
firms go in side by side with the close; SQLite lets one writer in at a time, and the others
wait for it: the same must come out.
"""

import threading
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from surveys.actions import closing, responses
from surveys.actions.responses import WaveClosed
from surveys.actions.waves import WaveNotReady
from surveys.models import Case, CaseEvent, PageVersion, Response, Wave
from tests.factories import NOON, make_case, make_response
from tests.surveys.actions.test_concurrency import at_once, shared_database
from tests.surveys.actions.test_responses import COMPLETE
from tests.surveys.firms import open_case

__all__ = ["shared_database"]

pytestmark = pytest.mark.django_db(transaction=True)

FIRMS = 14
CLOSERS = 2
CLOSE = NOON + timedelta(hours=1)
PAGES = (
    ("new_good", {"new_good": "no"}),
    ("size", {"employment": 12, "employment_first": 10}),
    ("activity", {"activity": ["none"]}),
    ("last", {"comment": "Fine"}),
)


@dataclass
class Told:
    """What the platform told one firm: the pages it took, and whether it took the whole."""

    pages: list[str] = field(default_factory=list)
    handed_in: bool = False
    refused: int = 0


def answer(case: Case, told: Told, *, hands_in: bool) -> None:
    """Save page after page, or the last page and hand in, as far as the platform lets one."""
    for page, answers in PAGES[-1:] if hands_in else PAGES:
        now = Case.objects.select_related("wave").get(pk=case.pk)
        try:
            responses.save_page(case=now, page=page, answers=answers, built_on=0, at=NOON)
        except WaveClosed:
            told.refused += 1
        else:
            told.pages.append(page)
    if not hands_in:
        return
    try:
        responses.submit(case=Case.objects.select_related("wave").get(pk=case.pk), at=NOON)
    except WaveClosed:
        told.refused += 1
    else:
        told.handed_in = True


def fire(cases: list[Case]) -> tuple[list[Told], list[str]]:
    """All firms at once, half of which hand in; the field closes twice as one is through."""
    told, outcomes = [Told() for _ in cases], []
    one_is_through = threading.Event()

    def act(number: int) -> None:
        if number < len(cases):
            answer(cases[number], told[number], hands_in=number % 2 == 0)
            one_is_through.set()
            return
        one_is_through.wait()  # the others are in the middle
        wave = Wave.objects.get(pk=cases[0].wave_id)
        try:
            closing.close_field(wave=wave, by=None, at=CLOSE)
        except WaveNotReady:
            outcomes.append("refused")
        else:
            outcomes.append("closed")

    assert at_once(act, people=len(cases) + CLOSERS) == ["done"] * (len(cases) + CLOSERS)
    return told, sorted(outcomes)


def test_no_answer_is_lost_or_half_frozen_when_the_field_closes_under_fire(
    shared_database: None,
) -> None:
    first = open_case()
    wave, stratum = first.wave, first.stratum
    cases = [first, *(make_case(wave, stratum, f"G{number}") for number in range(1, FIRMS))]
    for case in cases[::2]:
        make_response(case, COMPLETE)
    Case.objects.filter(response__isnull=False).update(disposition="started")

    told, outcomes = fire(cases)

    assert outcomes == ["closed", "refused"]
    for case, firm in zip(cases, told, strict=True):
        kept = Case.objects.select_related("wave").get(pk=case.pk)
        response = getattr(kept, "response", None)
        saved = response.answers if response else {}
        wanted: dict[str, object] = {}
        for page, answers in PAGES:
            wanted |= answers if page in firm.pages else {}
        assert {name: value for name, value in saved.items() if name in wanted} == wanted
        assert PageVersion.objects.filter(response__case=case).count() == len(firm.pages)
        assert bool(response and response.is_submitted) == firm.handed_in
        is_over = kept.disposition not in ("started", "not_started")
        assert is_over
        assert (kept.disposition == "complete") == firm.handed_in
        harvested = CaseEvent.objects.filter(case=case, kind="partial")
        assert harvested.count() == (response is not None and not firm.handed_in)
        assert CaseEvent.objects.filter(case=case, kind="submitted").count() == firm.handed_in


def test_nothing_is_written_after_the_wave_froze(shared_database: None) -> None:
    case = open_case()
    closing.close_field(wave=Wave.objects.get(pk=case.wave_id), by=None, at=CLOSE)
    before = list(CaseEvent.objects.values_list("kind", "at"))

    told, outcomes = fire([case])

    assert outcomes == ["refused"] * CLOSERS
    assert (told[0].pages, told[0].handed_in) == ([], False)
    assert list(CaseEvent.objects.values_list("kind", "at")) == before


def test_a_page_that_was_opened_before_the_close_does_not_begin_a_response_after_it(
    transactional_db: None,
) -> None:
    case = open_case()
    seen = Case.objects.select_related("wave").get(pk=case.pk)
    closing.close_field(wave=Wave.objects.get(pk=case.wave_id), by=None, at=CLOSE)

    with pytest.raises(WaveClosed):
        responses.save_page(case=seen, page="last", answers={}, built_on=0, at=NOON)

    assert not Response.objects.exists()
