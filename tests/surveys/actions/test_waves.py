import pytest

from surveys.actions import waves
from surveys.models import AuditEvent, CaseEvent, Survey, User, Wave
from tests.factories import NOON, make_case, make_instrument, make_stratum, make_wave


@pytest.fixture
def draft(survey: Survey) -> Wave:
    wave = make_wave(survey, instrument=make_instrument({}, fingerprint="f" * 64))
    make_case(wave, make_stratum(wave))
    return wave


def test_a_draft_with_instrument_and_cases_opens(draft: Wave, ada: User) -> None:
    waves.open_field(wave=draft, by=ada, at=NOON)

    assert Wave.objects.get().state == "open"
    assert AuditEvent.objects.values("user", "survey", "action", "at", "detail").get() == {
        "user": ada.pk,
        "survey": draft.survey_id,
        "action": "field_opened",
        "at": NOON,
        "detail": {"wave": "2025"},
    }


def test_a_wave_without_an_instrument_does_not_open(survey: Survey, ada: User) -> None:
    wave = make_wave(survey)
    make_case(wave, make_stratum(wave))

    with pytest.raises(waves.WaveNotReady, match="no instrument"):
        waves.open_field(wave=wave, by=ada, at=NOON)

    assert Wave.objects.get().state == "draft"


def test_a_wave_without_cases_does_not_open(draft: Wave, ada: User) -> None:
    draft.cases.all().delete()

    with pytest.raises(waves.WaveNotReady, match="no cases"):
        waves.open_field(wave=draft, by=ada, at=NOON)


def test_an_open_wave_is_not_opened_twice(draft: Wave, ada: User) -> None:
    waves.open_field(wave=draft, by=ada, at=NOON)

    with pytest.raises(waves.WaveNotReady, match="only a draft"):
        waves.open_field(wave=draft, by=ada, at=NOON)

    assert AuditEvent.objects.count() == 1


def test_an_imported_wave_has_no_field_to_open(draft: Wave, ada: User) -> None:
    Wave.objects.update(origin="imported")

    with pytest.raises(waves.WaveNotReady, match="imported"):
        waves.open_field(wave=draft, by=ada, at=NOON)


@pytest.fixture
def field(survey: Survey) -> Wave:
    """An open wave with one case of every disposition."""
    wave = make_wave(survey, instrument=make_instrument({}, fingerprint="f" * 64), state="open")
    stratum = make_stratum(wave)
    for disposition in ["not_started", "started", "complete", "refusal", "not_eligible"]:
        make_case(wave, stratum, disposition, disposition=disposition)
    return wave


def test_closing_gives_every_case_its_final_disposition(field: Wave, ada: User) -> None:
    waves.close_field(wave=field, by=ada, at=NOON)

    assert dict(field.cases.values_list("pseudonym", "disposition")) == {
        "not_started": "non_contact",
        "started": "partial",
        "complete": "complete",
        "refusal": "refusal",
        "not_eligible": "not_eligible",
    }
    assert Wave.objects.values("state", "closed_at").get() == {"state": "closed", "closed_at": NOON}


def test_closing_tells_it_in_the_timeline_of_the_cases_it_ends(field: Wave, ada: User) -> None:
    waves.close_field(wave=field, by=ada, at=NOON)

    assert dict(CaseEvent.objects.values_list("case__pseudonym", "detail")) == {
        "not_started": {"before": "not_started", "after": "non_contact"},
        "started": {"before": "started", "after": "partial"},
    }
    assert set(CaseEvent.objects.values_list("kind", "at")) == {("field_closed", NOON)}


def test_closing_is_audited_with_the_number_of_cases_it_ended(field: Wave, ada: User) -> None:
    waves.close_field(wave=field, by=ada, at=NOON)

    assert AuditEvent.objects.get().detail == {
        "wave": "2025",
        "ended": {"not_started": 1, "started": 1},
    }


def test_a_case_that_was_final_keeps_its_date(field: Wave, ada: User) -> None:
    waves.close_field(wave=field, by=ada, at=NOON)

    assert field.cases.get(pseudonym="refusal").disposition_at is None


def test_a_closed_wave_is_not_closed_again(field: Wave, ada: User) -> None:
    waves.close_field(wave=field, by=ada, at=NOON)

    with pytest.raises(waves.WaveNotReady):
        waves.close_field(wave=field, by=ada, at=NOON)


def test_a_draft_takes_another_instrument_and_an_open_wave_does_not(draft: Wave, ada: User) -> None:
    other = make_instrument({}, fingerprint="e" * 64, version="2")

    waves.use_instrument(wave=draft, instrument=other, by=ada, at=NOON)
    waves.open_field(wave=draft, by=ada, at=NOON)

    with pytest.raises(waves.WaveNotReady, match="keeps the instrument"):
        waves.use_instrument(wave=draft, instrument=other, by=ada, at=NOON)
    assert Wave.objects.get().instrument == other
