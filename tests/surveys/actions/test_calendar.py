from datetime import UTC, date, datetime

from surveys.actions.calendar import codes_expire_at
from surveys.models import Survey
from tests.factories import make_wave


def test_a_code_is_good_through_the_last_day_of_the_field(survey: Survey) -> None:
    wave = make_wave(survey, field_end=date(2026, 12, 31))

    ends = codes_expire_at(wave, datetime(2026, 11, 1, tzinfo=UTC))

    assert ends == datetime(2026, 12, 31, 23, 0, tzinfo=UTC)


def test_a_code_issued_at_the_end_is_good_for_two_weeks(survey: Survey) -> None:
    wave = make_wave(survey, field_end=date(2026, 12, 31))

    ends = codes_expire_at(wave, datetime(2026, 12, 30, tzinfo=UTC))

    assert ends == datetime(2027, 1, 13, tzinfo=UTC)
