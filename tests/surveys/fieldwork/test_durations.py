import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathematics.refusals import Refusal
from surveys.fieldwork.durations import durations

MINUTES = [12.0, 15.0, 18.0, 20.0, 22.0, 25.0, 30.0]


def test_quantiles_of_times_that_lie_together() -> None:
    found = durations(MINUTES, quantiles=(0.5,))

    assert found.quantiles == {0.5: 20.0}
    assert found.mean == pytest.approx(142 / 7)
    assert (found.kept, found.too_short, found.too_long) == (7, 0, 0)


def test_a_page_left_open_over_night_and_a_click_through_are_set_apart() -> None:
    found = durations([*MINUTES, 900.0, 0.5], quantiles=(0.5,))

    assert (found.kept, found.too_short, found.too_long) == (7, 1, 1)
    assert found.quantiles == {0.5: 20.0}


def test_the_bounds_are_those_worked_by_hand() -> None:
    """Logarithms 1, 2, 3: median 2, median absolute deviation 1, bounds e^(2 ± 3.5 · 1.4826)."""
    found = durations(np.exp([1.0, 2.0, 3.0]))

    assert np.log([found.shortest, found.longest]) == pytest.approx([2 - 5.1891, 2 + 5.1891])


def test_where_most_times_are_the_same_all_are_kept() -> None:
    assert durations([5.0, 5.0, 5.0, 500.0]).kept == 4


@pytest.mark.parametrize(
    ("times", "code"),
    [([], "no_times"), ([3.0, 0.0], "time_not_positive"), ([np.nan], "time_not_positive")],
)
def test_times_that_are_none_are_refused(times, code) -> None:
    with pytest.raises(Refusal) as refused:
        durations(times)

    assert refused.value.code == code


@given(st.lists(st.floats(0.01, 1e6), min_size=1), st.floats(0.01, 100))
def test_the_unit_of_time_does_not_matter(times, unit) -> None:
    one, other = durations(times), durations(np.array(times) * unit)

    assert one.kept + one.too_short + one.too_long == len(times)
    assert 2 * one.kept >= len(times)
    if one.kept == other.kept:
        assert other.mean == pytest.approx(unit * one.mean)
