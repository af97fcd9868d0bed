"""The partners that firms named, counted by hand; their turnover between two waves."""

import numpy as np
import pytest

from analysis.constructs import measures, partner_turnover, what_is_lacking
from tests.analysis.constructs.by_hand import cells, same, values
from tests.analysis.datasets import dataset_of, roster_of

# A named two suppliers (one near, one far) and a university near; B nobody; C was not asked.
NAMED = {
    **cells(
        "networking.partners",
        suppliers__local=[1, 0, None],
        suppliers__europe=[1, 0, None],
        universities__local=[1, 0, None],
        universities__europe=[0, 0, None],
    ),
    **cells(
        "networking.ties_by_beginning",
        trade__local=[1, 0, None],
        trade__country=[0, 0, None],
        study__local=[1, 0, None],
        study__country=[1, 0, None],
    ),
}


def partner(firm, place, began_at, *, social=None, year=None, meetings=None):
    return {
        "firm": firm,
        "networking.partners[scale]": place,
        "networking.ties_by_beginning[scale]": began_at,
        "tie.social": social,
        "tie.beginning_year": year,
        "tie.meetings": meetings,
    }


ENTRIES = roster_of(
    [
        partner(0, "local", "local", social=4, year=2010, meetings=3),
        partner(0, "europe", "region", social=1, year=2024, meetings=2),
        partner(0, "local", None, social=2, year=None, meetings=None),
        partner(2, None, "local"),
    ],
    asked=[0, 1, 2],
)
OF_2025 = {"provenance": {"reference_last_year": 2025}, "rosters": [ENTRIES]}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ego_size", [3, 0, None]),
        ("ego_type_heterogeneity", [1 - (4 + 1) / 9, None, None]),
        ("ego_scale_heterogeneity", [1 - (4 + 1) / 9, None, None]),
        ("ego_share.local", [2 / 3, None, None]),
        ("ego_share.europe", [1 / 3, None, None]),
        # Two of three ties of which the place of the beginning is known.
        ("ego_begun_local", [2 / 3, None, None]),
    ],
)
def test_counts_of_named_partners_give_the_shape_of_the_network(name, expected):
    assert same(values(NAMED, name), expected)


def test_a_coarse_scale_has_the_partners_of_all_its_parts():
    anywhere = {"anywhere": ("local", "europe")}

    assert same(values(NAMED, "ego_share.anywhere", anywhere), [1, None, None])


def test_density_is_over_the_pairs_that_there_can_be():
    columns = NAMED | {"networking.partner_pairs": [2, 0, 1]}

    assert same(values(columns, "ego_density"), [2 / 3, None, None])


def test_more_pairs_than_there_can_be_make_a_density_of_one():
    columns = cells("networking.partners", suppliers__local=[2]) | {"networking.partner_pairs": [9]}

    assert same(values(columns, "ego_density"), [1])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # Of the two with both places known one began in the region and is in Europe now.
        ("ego_begun_near_now_far", [1 / 2, None, None]),
        # 2024 is within 2023 to 2025, 2010 is not; the third is not known.
        ("ego_newcomers", [1 / 2, None, None]),
        # Two of three near, with social proximity 3 of 4 on average, half of the ties old.
        ("ego_lock_in", [2 / 3 * 3 / 4 * 1 / 2, None, None]),
        ("ego_temporary_proximity", [1 / 2, None, None]),
        ("ego_proximity.social", [7 / 3, None, None]),
    ],
)
def test_what_joins_two_answers_about_one_partner_comes_from_the_entries(name, expected):
    assert same(values(NAMED, name, **OF_2025), expected)


def test_a_firm_without_a_partner_near_is_not_locked_in_whoever_it_knows():
    roster = roster_of([partner(0, "europe", "europe", year=2010)], asked=[0])

    found = values(
        {"control.employment": [5]}, "ego_lock_in",
        provenance={"reference_last_year": 2025}, rosters=[roster],
    )  # fmt: skip

    assert same(found, [0])


def test_counts_alone_do_not_join_two_answers_and_the_plan_is_told():
    columns = NAMED | {
        "tie.social[local]": [3, None, None],
        "tie.beginning_year[local]": [2010] * 3,
    }
    found = measures(dataset_of(columns))

    assert "ego_lock_in" not in found
    assert what_is_lacking("ego_lock_in", [*columns, *found]) == (
        "The measure “ego_lock_in” needs what was said of each partner named; this wave holds "
        "counts of partners only."
    )


def entries(*keys):
    return [{"firm": firm, "entry": key} for firm, key in keys]


def test_turnover_is_over_partners_named_in_either_wave():
    before = roster_of(entries((0, "a"), (0, "b"), (1, "a"), (3, "a")), asked=[0, 1, 2, 3])
    after = roster_of(entries((0, "b"), (0, "c"), (0, "d"), (4, "a")), asked=[0, 1, 2, 4])

    found = partner_turnover(before, after)

    assert list(found.index) == ["F0000", "F0001", "F0002"]
    assert found[["before", "after", "kept"]].to_numpy().tolist() == [
        [2, 3, 1],
        [1, 0, 0],
        [0, 0, 0],
    ]
    # Of b, c, d one was there before; of a, b, c, d one stayed.
    assert same(found["kept_share"], [1 / 2, 0, None])
    assert same(found["new_share"], [2 / 3, None, None])
    assert same(found["turnover"], [3 / 4, 1, None])


def test_the_same_key_in_two_firms_is_two_partners():
    before = roster_of(entries((0, "a"), (1, "b")), asked=[0, 1])
    after = roster_of(entries((0, "b"), (1, "a")), asked=[0, 1])

    assert partner_turnover(before, after)["kept"].tolist() == [0, 0]


def test_two_waves_without_a_firm_in_common_have_no_turnover():
    found = partner_turnover(
        roster_of(entries((0, "a")), asked=[0]), roster_of(entries((1, "a")), asked=[1])
    )

    assert found.empty


def test_entries_of_firms_that_are_not_in_the_data_count_for_nobody():
    roster = roster_of([partner(0, "local", "local"), partner(7, "europe", "local")], asked=[0, 7])

    found = values({"control.employment": [5]}, "ego_begun_near_now_far", rosters=[roster])

    assert np.array_equal(found, [0])
