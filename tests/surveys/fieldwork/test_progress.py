from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.fieldwork.progress import Progress, curve, nice_ceiling, progress

FIRST, THIRD = date(2026, 9, 1), date(2026, 9, 3)


def test_responses_accumulate_over_days_without_one() -> None:
    shown = progress([(FIRST, 2), (THIRD, 3)], FIRST, THIRD)

    assert shown == Progress((FIRST, date(2026, 9, 2), THIRD), (2, 2, 5))


def test_a_response_before_the_field_counts_on_its_first_day() -> None:
    shown = progress([(date(2026, 8, 30), 1), (FIRST, 1)], FIRST, FIRST)

    assert shown == Progress((FIRST,), (2,))


def test_a_response_after_the_field_prolongs_the_period() -> None:
    shown = progress([(THIRD, 1)], FIRST, FIRST)

    assert shown.days[-1] == THIRD
    assert shown.total == 1


@given(
    st.lists(st.tuples(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(1, 50))),
    st.dates(date(2026, 3, 1), date(2026, 10, 31)),
)
def test_no_response_is_left_out(by_day, start) -> None:
    shown = progress(by_day, start, start)

    assert shown.total == sum(number for _, number in by_day)


@pytest.mark.parametrize(
    ("number", "ceiling"), [(0, 4), (4, 4), (5, 8), (9, 20), (21, 40), (81, 200), (1200, 2000)]
)
def test_an_axis_ends_at_a_number_with_whole_quarters(number, ceiling) -> None:
    assert nice_ceiling(number) == ceiling


def test_the_curve_climbs_in_steps_from_the_axis() -> None:
    drawn = curve(progress([(FIRST, 2), (THIRD, 2)], FIRST, THIRD), until=THIRD)

    assert drawn.points == "52,113 392,113 392,113 732,113 732,18"
    assert [tick.label for tick in drawn.vertical] == ["0", "1", "2", "3", "4"]
    assert [tick.label for tick in drawn.horizontal] == ["1 Sep", "2 Sep", "3 Sep"]


def test_the_curve_stops_today_while_the_axis_goes_on() -> None:
    drawn = curve(progress([(FIRST, 2)], FIRST, THIRD), until=date(2026, 9, 2))

    assert drawn.end_x == 392
