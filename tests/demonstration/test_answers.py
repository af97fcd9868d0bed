"""Every answer of the closed wave against the instrument that asks it."""

import random
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from surveys import demonstration as made
from surveys import questionnaire

FIRST, LAST = 2021, 2023
INSTRUMENT = Path("surveys/instruments/knowledge_sourcing.yaml")


@pytest.fixture(scope="module")
def instrument():
    return questionnaire.compile_text(INSTRUMENT.read_text())


@pytest.fixture(scope="module")
def population():
    return made.make_population(made.SEED)


@pytest.fixture(scope="module")
def answers(population):
    """Answers of 1,200 responding firms by their number."""
    numbers = made.responding(population, made.SEED).firm.tolist()
    return {
        number: made.answers_of(
            made.firm_of(population, number, made.SEED), first_year=FIRST, last_year=LAST
        )
        for number in numbers
    }


def test_every_answer_on_the_route_passes_its_checks_and_edits(instrument, answers):
    wrong = Counter()
    for given in answers.values():
        route = questionnaire.route(instrument, given)
        context = questionnaire.FillContext("A firm", FIRST, LAST, route.answers, instrument)
        for page in route.pages:
            wrong.update(item.name for item in page.items if item.name not in given)
            for item in page.items:
                wrong.update(f.message for f in questionnaire.check_value(item, given[item.name]))
            found = questionnaire.check_page(page, route.answers, context)
            wrong.update(finding.edit for finding in found)

    assert len(answers) == 1_200
    assert not wrong


def test_answers_measure_what_the_population_holds(instrument, population, answers):
    """Cells of constructs, by way of the instrument's bindings, against the arrays."""
    for number, given in answers.items():
        cells = questionnaire.bound_values(instrument, given)
        boxes = {
            name: value
            for name, value in cells.items()
            if name.startswith("networking.cooperation[")
        }
        assert len(boxes) == 50
        if None not in boxes.values():
            assert sum(boxes.values()) == population.cooperation[number].sum()
        products = cells["innovation.product[good]"] + cells["innovation.product[service]"]
        assert (products > 0) == population.product[number]
        if cells["control.employment"] is not None:
            assert cells["control.employment"] == population.employees[number]
        assert cells["research.inside"] == population.research[number]


def test_a_little_is_left_blank_and_never_the_outcome(instrument, answers):
    blank = Counter(
        name
        for given in answers.values()
        for name, answer in questionnaire.route(instrument, given).answers.items()
        if answer is None
    )

    assert blank["new_good"] == blank["new_service"] == blank["research_inside"] == 0
    assert 5 < blank["employment_last"] < 40
    assert 15 < blank["graduate_share"] < 70
    assert 0 < blank["cooperation.suppliers"] < 25


def test_a_firm_tells_the_same_whenever_it_is_asked(population):
    def told() -> dict:
        firm = made.firm_of(population, 17, made.SEED)
        return made.answers_of(firm, first_year=FIRST, last_year=LAST)

    assert told() == told()


def test_a_story_goes_forward_in_time_within_the_field():
    latest = datetime(2024, 6, 14, 18, tzinfo=UTC)
    for seed in range(300):
        story = made.tell(
            random.Random(seed),
            ["a", "b", "c"],
            start=date(2024, 3, 4),
            latest=latest,
            submits=True,
        )
        moments = [story.admitted, *(at for _, at in story.saves), story.submitted]

        assert moments == sorted(moments)
        assert datetime(2024, 3, 4, tzinfo=UTC) <= moments[0]
        assert moments[-1] <= latest


def test_a_case_that_stops_has_no_time_of_submission():
    story = made.tell(
        random.Random(1),
        ["a"],
        start=date(2024, 3, 4),
        latest=datetime(2024, 6, 1, tzinfo=UTC),
        submits=False,
    )

    assert (story.submitted, story.ended) == (None, story.saves[0][1])
