"""The made population a wave later, against the equations that it is drawn from."""

from collections import Counter
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from surveys import demonstration as made
from surveys import questionnaire
from tests.demonstration.test_population import logit

INSTRUMENT = Path("surveys/instruments/knowledge_sourcing.yaml")
STAYS = ("size_class", "industry", "region", "in_group", "foreign_share", "openness")


@pytest.fixture(scope="module")
def waves():
    before = made.make_population(made.SEED)
    return before, made.a_wave_later(before, made.SEED)


@pytest.fixture(scope="module")
def large():
    before = made.make_population(3, firms=200_000)
    return before, made.a_wave_later(before, 3)


def columns(before, truth, **others) -> np.ndarray:
    known = made.lagged(before) | others
    return np.column_stack([known[term] for term in truth])


def won(before, after) -> np.ndarray:
    return after.cooperation & ~before.cooperation


def test_a_wave_later_is_always_the_same_and_what_does_not_move_stays(waves):
    before, after = waves
    again = made.a_wave_later(before, made.SEED)

    for field in fields(made.Population):
        assert np.array_equal(getattr(after, field.name), getattr(again, field.name))
    for name in STAYS:
        assert np.array_equal(getattr(after, name), getattr(before, name))
    assert not after.cooperation[~after.in_group, 0].any()
    assert after.employees.min() >= 3


def test_success_is_followed_by_ties_more_than_ties_by_success(waves):
    """The two numbers that docs/methods/made-data.md tells of all firms."""

    def standardised(values):
        return (values - values.mean()) / values.std()

    ties, size = (
        [standardised(each) for each in pair]
        for pair in (
            [wave.cooperation.sum(axis=(1, 2)) for wave in waves],
            [np.log(wave.employees) for wave in waves],
        )
    )
    earlier = np.column_stack([ties[0], size[0]])
    to_ties = np.linalg.lstsq(earlier, ties[1], rcond=None)[0][1]
    to_size = np.linalg.lstsq(earlier, size[1], rcond=None)[0][0]

    assert (round(to_ties, 2), round(to_size, 2)) == (0.13, 0.04)


@pytest.mark.slow
def test_growth_and_innovation_of_a_large_population_find_their_equations(large):
    before, after = large
    growth = np.log(after.employees / before.employees)
    new = won(before, after).sum(axis=(1, 2))

    X = columns(before, made.EMPLOYMENT_GROWTH)
    found = np.linalg.lstsq(X, growth, rcond=None)[0]
    later = columns(before, made.LATER_INNOVATION, ties_new=new)
    chances = logit(after.product.astype(float), later, np.ones(len(new)))

    assert found == pytest.approx(list(made.EMPLOYMENT_GROWTH.values()), abs=0.003)
    assert chances == pytest.approx(list(made.LATER_INNOVATION.values()), abs=0.06)


@pytest.mark.slow
def test_ties_of_a_large_population_are_kept_and_won_as_the_equations_say(large):
    before, after = large
    kept = [after.cooperation[..., at][before.cooperation[..., at]].mean() for at in range(5)]
    log_odds = np.log(np.array(kept) / (1 - np.array(kept)))
    # Of 50 boxes hardly any firm that reaches out wins none, unless it holds most of them.
    few = before.cooperation.sum(axis=(1, 2)) < 5
    reached = won(before, after).any(axis=(1, 2)).astype(float)[few]
    chances = logit(reached, columns(before, made.REACHING_OUT)[few], np.ones(few.sum()))

    assert log_odds == pytest.approx(list(made.TIES_KEPT.values()), abs=0.04)
    assert chances == pytest.approx(list(made.REACHING_OUT.values()), abs=0.1)


def test_what_firms_tell_a_wave_later_goes_with_what_they_told_and_passes_the_checks(waves):
    before, after = waves
    instrument = questionnaire.compile_text(INSTRUMENT.read_text())
    wrong, blank = Counter(), Counter()
    numbers = made.responding(before, made.SEED).firm.tolist()[:400]
    for number in numbers:
        firm = made.firm_of(before, number, made.SEED + 2023)
        told = made.answers_of(firm, first_year=2021, last_year=2023)
        given = made.answers_a_wave_later(
            made.firm_of(after, number, made.SEED + 2025),
            before=firm,
            told=told,
            first_year=2023,
            last_year=2025,
        )
        route = questionnaire.route(instrument, given)
        context = questionnaire.FillContext("A firm", 2023, 2025, route.answers, instrument)
        for page in route.pages:
            for item in page.items:
                wrong.update(f.message for f in questionnaire.check_value(item, given[item.name]))
            wrong.update(
                each.edit for each in questionnaire.check_page(page, route.answers, context)
            )
        assert given["start_year"] == told["start_year"]
        assert given["employment_first"] in (None, before.employees[number])
        assert given["employment_last"] in (None, after.employees[number])
        if told["turnover_last"] and given["turnover_first"]:
            assert given["turnover_first"] == told["turnover_last"]
        blank.update(name for name, answer in given.items() if answer is None)

    assert not wrong
    assert 0 < blank["employment_first"] < 40
