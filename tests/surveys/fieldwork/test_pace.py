from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathematics.refusals import Refusal
from surveys.fieldwork.pace import Pace, PaceDay, against, pace
from surveys.fieldwork.progress import progress

FIRST = date(2026, 9, 1)


def test_responses_become_shares_of_the_cases() -> None:
    shown = progress([(FIRST, 2), (FIRST + timedelta(days=2), 3)], FIRST, FIRST + timedelta(days=2))

    assert pace(shown, 10).shares == (0.2, 0.2, 0.5)


def test_a_wave_without_cases_is_refused() -> None:
    with pytest.raises(Refusal, match="no cases"):
        pace(progress([], FIRST, FIRST), 0)


def test_a_day_stands_beside_the_same_day_of_last_wave_and_the_target() -> None:
    rows = against(Pace((0.1, 0.2, 0.3)), Pace((0.05, 0.25)), {4: 0.4})

    assert rows == (
        PaceDay(0, 0.1, 0.05, 0.0),
        PaceDay(1, 0.2, 0.25, 0.1),
        PaceDay(2, 0.3, 0.25, 0.2),
    )


def test_a_target_stays_after_its_last_day() -> None:
    assert [each.target for each in against(Pace((0.0, 0.0, 0.0)), target={0: 0.1, 1: 0.3})] == [
        0.1,
        0.3,
        0.3,
    ]


def test_without_anything_to_compare_there_is_only_now() -> None:
    assert against(Pace((0.5,))) == (PaceDay(0, 0.5, None, None),)


@pytest.mark.parametrize("target", [{1: 1.2}, {1: 0.5, 2: 0.4}])
def test_a_target_that_cannot_be_is_refused(target) -> None:
    with pytest.raises(Refusal) as refused:
        against(Pace((0.5,)), target=target)

    assert refused.value.code == "target_share"


def test_before_the_field_there_is_no_share() -> None:
    assert Pace((0.5,)).on(-1) is None
    assert Pace(()).on(0) is None


@given(
    st.lists(st.tuples(st.dates(FIRST, FIRST + timedelta(days=40)), st.integers(1, 5)), max_size=20)
)
def test_shares_never_fall(by_day) -> None:
    shares = pace(progress(by_day, FIRST, FIRST), 200).shares

    assert list(shares) == sorted(shares)
