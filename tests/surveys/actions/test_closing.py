"""Closing a wave: deadlines, partials, final dispositions, freezing, reopening."""

from datetime import date, timedelta

import pytest

from surveys.actions import closing, responses
from surveys.actions.instruments import publish
from surveys.actions.waves import WaveNotReady
from surveys.models import AuditEvent, Case, CaseEvent, Response, Survey, User, Wave
from surveys.queries.closing import prospect
from tests.factories import NOON, make_case, make_response, make_stratum, make_wave
from tests.surveys.actions.test_concurrency import at_once, shared_database
from tests.surveys.actions.test_responses import COMPLETE
from tests.surveys.firms import open_case
from tests.surveys.views.world import INSTRUMENT

__all__ = ["shared_database"]


@pytest.fixture
def field(survey: Survey) -> Wave:
    """An open wave with one case of every disposition, and one that saved an answer."""
    instrument = publish(text=INSTRUMENT, by=None, at=NOON)
    wave = make_wave(survey, instrument=instrument, state="open")
    stratum = make_stratum(wave)
    for disposition in ["not_started", "started", "complete", "refusal", "not_eligible"]:
        make_case(wave, stratum, disposition, disposition=disposition)
    saved = make_case(wave, stratum, "saved", disposition="started")
    make_response(saved, {"comment": "Busy"}, page_revisions={"size": 1}, revision=1)
    return wave


def ends(wave: Wave) -> dict[str, tuple[str, str]]:
    cases = wave.cases.values_list("pseudonym", "disposition", "final_code")
    return {name: (disposition, code) for name, disposition, code in cases}


def test_closing_gives_every_case_its_final_disposition(field: Wave, ada: User) -> None:
    closing.close_field(wave=field, by=ada, at=NOON)

    assert ends(field) == {
        "not_started": ("non_contact", "3.11"),
        "started": ("refusal", "2.12"),
        "saved": ("partial", "1.2"),
        "complete": ("complete", "1.1"),
        "refusal": ("refusal", "2.111"),
        "not_eligible": ("not_eligible", "4.90"),
    }
    assert Wave.objects.values("state", "closed_at", "frozen_at").get() == {
        "state": "closed",
        "closed_at": NOON,
        "frozen_at": NOON,
    }


def test_the_page_says_beforehand_what_closing_does(field: Wave, ada: User) -> None:
    told = {(line.code, line.cases) for line in prospect(field)}

    closing.close_field(wave=field, by=ada, at=NOON)

    assert told == {(code, 1) for _, code in ends(field).values()}


@pytest.mark.parametrize(
    ("share", "disposition"), [(0.5, "partial"), (0.51, "refusal"), (1.0, "refusal")]
)
def test_a_partial_has_the_stated_share_of_key_questions(
    field: Wave, ada: User, share: float, disposition: str
) -> None:
    Wave.objects.update(key_items=["employment_last", "comment"], partial_share=share)
    field.refresh_from_db()

    closing.close_field(wave=field, by=ada, at=NOON)

    assert ends(field)["saved"][0] == disposition
    harvested = CaseEvent.objects.get(case__pseudonym="saved", kind="partial")
    assert harvested.detail == {"share": 0.5}
    assert Response.objects.get().answers == {"comment": "Busy"}


def test_closing_tells_it_in_the_timeline_and_the_audit(field: Wave, ada: User) -> None:
    closing.close_field(wave=field, by=ada, at=NOON)

    told = CaseEvent.objects.filter(kind="field_closed").values_list("case__pseudonym", "detail")
    assert dict(told) == {
        "not_started": {"before": "not_started", "after": "non_contact"},
        "started": {"before": "started", "after": "refusal"},
        "saved": {"before": "started", "after": "partial"},
    }
    assert AuditEvent.objects.get(action="field_closed").detail == {
        "wave": "2025",
        "ended": {"not_started": 1, "started": 2},
    }
    assert field.cases.get(pseudonym="refusal").disposition_at is None


def test_a_closed_wave_is_not_closed_again(field: Wave, ada: User) -> None:
    closing.close_field(wave=field, by=ada, at=NOON)

    with pytest.raises(WaveNotReady):
        closing.close_field(wave=field, by=ada, at=NOON)


def test_a_wave_freezes_when_its_correction_period_is_over(field: Wave, ada: User) -> None:
    Wave.objects.update(corrections_until=NOON.date() + timedelta(days=7))
    closing.close_field(wave=field, by=ada, at=NOON)
    assert Wave.objects.get().frozen_at is None

    assert closing.freeze_due(at=NOON + timedelta(days=7)) == 0
    assert closing.freeze_due(at=NOON + timedelta(days=8)) == 1
    assert closing.freeze_due(at=NOON + timedelta(days=9)) == 0
    assert Wave.objects.get().frozen_at == NOON + timedelta(days=8)


def test_a_reopened_case_is_answered_and_ends_again(field: Wave, ada: User) -> None:
    closing.close_field(wave=field, by=ada, at=NOON)
    case = field.cases.select_related("wave").get(pseudonym="saved")
    with pytest.raises(responses.WaveClosed):
        responses.save_page(case=case, page="size", answers={}, built_on=1, at=NOON)

    closing.reopen_case(case=case, reason="Called: a wrong figure", by=ada, at=NOON)
    case = Case.objects.select_related("wave").get(pk=case.pk)
    later = NOON + timedelta(hours=1)
    responses.save_page(
        case=case, page="size", answers={"employment_last": 9}, built_on=1, at=later
    )

    with pytest.raises(WaveNotReady, match="1 reopened"):
        closing.freeze(wave=unfrozen(field), by=ada, at=later)
    assert closing.end_reopened(wave=field, by=ada, at=later) == 1
    assert ends(field)["saved"][0] == "partial"
    audit = AuditEvent.objects.get(action="case_reopened")
    assert audit.detail["reason"] == "Called: a wrong figure"
    assert audit.user == ada


def unfrozen(wave: Wave) -> Wave:
    Wave.objects.update(frozen_at=None)
    return Wave.objects.get()


def test_a_case_is_not_reopened_without_a_reason(field: Wave, ada: User) -> None:
    closing.close_field(wave=field, by=ada, at=NOON)
    case = field.cases.get(pseudonym="complete")

    with pytest.raises(closing.NotReopened, match="Say why"):
        closing.reopen_case(case=case, reason="  ", by=ada, at=NOON)

    assert ends(field)["complete"][0] == "complete"


def rules(wave: Wave, **changed: object) -> Wave:
    plain = {
        "key_items": ["comment"],
        "partial_share": 0.25,
        "answering_until": date(2026, 12, 1),
        "corrections_until": date(2026, 12, 8),
    }
    return closing.set_closing_rules(wave=wave, by=None, at=NOON, **plain | changed)


def test_the_rules_of_closing_are_stated_while_the_field_is_open(field: Wave) -> None:
    kept = rules(field)

    assert (kept.key_items, kept.partial_share) == (["comment"], 0.25)
    assert (kept.answering_until, kept.corrections_until) == (
        date(2026, 12, 1),
        date(2026, 12, 8),
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"key_items": ["none_such"]}, "Not a question"),
        ({"partial_share": 1.5}, "between 0 and 100"),
        ({"answering_until": date(2026, 8, 1)}, "before the first day"),
        ({"corrections_until": date(2026, 11, 1)}, "before the last day to answer"),
    ],
)
def test_wrong_rules_are_refused_with_a_sentence(
    field: Wave, changed: dict[str, object], sentence: str
) -> None:
    with pytest.raises(WaveNotReady, match=sentence):
        rules(field, **changed)


def test_the_rules_stay_once_the_field_has_closed(field: Wave, ada: User) -> None:
    closing.close_field(wave=field, by=ada, at=NOON)

    with pytest.raises(WaveNotReady, match="stay what they were"):
        rules(field)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_when_the_field_closes_while_firms_submit(shared_database: None) -> None:
    case = open_case(disposition="started")
    wave = case.wave
    make_response(case, COMPLETE)

    def act(number: int) -> None:
        if number:
            now = Case.objects.select_related("wave").get(pk=case.pk)
            responses.submit(case=now, at=NOON)
        else:
            closing.close_field(wave=Wave.objects.get(pk=wave.pk), by=None, at=NOON)

    outcomes = at_once(act, people=3)

    kept, response = Case.objects.get(pk=case.pk), Response.objects.get()
    assert Wave.objects.get(pk=wave.pk).state == "closed"
    assert kept.disposition == ("complete" if response.is_submitted else "partial")
    assert response.answers
    assert outcomes.count("WaveClosed") == (0 if response.is_submitted else 2)
