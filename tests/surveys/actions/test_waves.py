import pytest

from surveys.actions import waves
from surveys.models import AuditEvent, Survey, User, Wave
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


def test_a_draft_takes_another_instrument_and_an_open_wave_does_not(draft: Wave, ada: User) -> None:
    other = make_instrument({}, fingerprint="e" * 64, version="2")

    waves.use_instrument(wave=draft, instrument=other, by=ada, at=NOON)
    waves.open_field(wave=draft, by=ada, at=NOON)

    with pytest.raises(waves.WaveNotReady, match="keeps the instrument"):
        waves.use_instrument(wave=draft, instrument=other, by=ada, at=NOON)
    assert Wave.objects.get().instrument == other
