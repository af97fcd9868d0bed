"""All modules of the core instrument, answered by a firm that does much and one that does little."""

import math
from dataclasses import replace

import pandas as pd
import pytest

from analysis.constructs import CATALOGUE, measures, what_is_lacking
from analysis.dataset import Dataset, Roster, Variable
from surveys.queries.modules import library
from surveys.questionnaire import bound_columns, bound_values
from surveys.questionnaire.binding_entries import bound_rosters, entry_cells
from tests.analysis.constructs.by_hand import same
from tests.surveys.questionnaire.core_firms import SHOP, composed, innovator

FIRMS = ("much", "little")


@pytest.fixture(scope="module")
def core():
    instrument = composed(dict(library()))
    answers = (innovator(instrument), SHOP)
    columns = bound_columns(instrument)
    records = [bound_values(instrument, each) for each in answers]
    frame = pd.DataFrame(records, index=FIRMS).reindex(columns=[each.name for each in columns])
    texts = [each.name for each in columns if each.measure in ("category", "text")]
    numbers = [name for name in frame.columns if name not in texts]
    (bound,) = bound_rosters(instrument)
    entries = pd.DataFrame(
        [entry_cells(bound.columns, entry) for entry in answers[0]["ties"]],
        columns=[each.name for each in bound.columns],
        index=["much"] * 2,
    )
    return Dataset(
        frame.astype(dict.fromkeys(numbers, float)).astype(dict.fromkeys(texts, object)),
        tuple(
            Variable(each.name, each.construct, each.measure, each.label, each.coordinates)
            for each in columns
        ),
        pd.DataFrame(index=FIRMS),
        {"reference_last_year": 2025},
        rosters=(Roster("ties", FIRMS, FIRMS, entries),),
    )


@pytest.fixture(scope="module")
def found(core):
    return measures(core)


def test_the_core_instrument_asks_what_every_measure_needs_but_density(core, found):
    made = {(name.partition(".")[0], "." in name) for name in found}
    lacking = [entry.name for entry in CATALOGUE if (entry.stem, bool(entry.dimension)) not in made]

    assert lacking == ["ego_density"]
    assert what_is_lacking("ego_density", core.frame.columns) == (
        "The measure “ego_density” is made of networking.partner_pairs, "
        "which this wave does not hold."
    )


def test_a_firm_that_answered_everything_misses_no_measure(found):
    missing = {name for name, each in found.items() if each.missing[0]}

    assert missing == set()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("partners", [10, 0]),
        ("ties", [50, 0]),
        ("partner_share.local", [0.2, None]),
        ("ei_index", [0.2, None]),
        ("scale_entropy", [math.log(5), None]),
        ("reach", [5, None]),
        ("vertical_share", [0.3, None]),
        ("pipelines", [10, 0]),
        ("buzz", [3, None]),
        # Fully trusted, two fifths of the ties inside the region, all twelve years old.
        ("lock_in", [0.4, None]),
        ("ego_size", [2, 0]),
        ("ego_begun_near_now_far", [0.5, None]),
        ("ego_newcomers", [0, None]),
        ("ego_lock_in", [0.5 * 0.75, None]),
        ("ego_proximity.cognitive", [3, None]),
        ("cognitive_proximity.global", [4, None]),
        ("process_types", [7, 0]),
        ("new_to.world", [1, 0]),
        ("turnover_new", [25, 0]),
        ("employment_growth", [math.log(45 / 38), None]),
        ("recruitment_index", [0.6, None]),
        ("labour_turnover", [3.5 / 45, None]),
        ("innovator", [1, 0]),
        ("tacit_share", [40, None]),
        ("absorptive_capacity", [(0.22 + 1 + 0.5) / 3, None]),
        ("research_intensity", [400 / 9750, None]),
        ("airport_within_hour", [1, None]),
    ],
)
def test_measures_of_the_two_firms(found, name, expected):
    assert same(found[name].values, expected)


def test_types_of_the_two_firms(found):
    assert found["knowledge_base"].values.tolist() == ["synthetic", None]
    assert found["innovator_type"].values.tolist() == ["both", None]


def test_every_measure_says_what_it_is_how_far_it_goes_and_when_it_is_missing(found):
    unsaid = [
        name
        for name, each in found.items()
        if not (
            each.label
            and each.definition.endswith(".")
            and each.range
            and each.missing_rule.endswith(".")
            and each.needs
        )
    ]

    assert unsaid == []
    assert [name for name, each in found.items() if "{" in each.definition + each.label] == []


def test_of_a_firm_that_said_nothing_nothing_is_known(core):
    found = measures(replace(core, frame=core.frame.reindex(["said nothing"])))

    assert [name for name, each in found.items() if not each.missing[0]] == []


def test_a_wave_without_firms_has_measures_without_values(core, found):
    empty = measures(replace(core, frame=core.frame.iloc[:0]))

    assert set(empty) == set(found)
    assert {len(each.values) for each in empty.values()} == {0}


def test_numbers_lie_in_the_range_that_is_told(found):
    outside = [
        name
        for name, each in found.items()
        if not isinstance(each.range, str)
        and not (each.range[0] - 1e-9 <= each.values[0] <= each.range[1] + 1e-9)
    ]

    assert outside == []
