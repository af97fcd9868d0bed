"""Shares, E-I, entropy, concentration and reach, counted by hand on four firms."""

from math import log

import pytest

from analysis.constructs import measures, what_is_lacking
from tests.analysis.constructs.by_hand import cells, same, values
from tests.analysis.datasets import dataset_of

# Three ties of A: suppliers local and in Europe, universities in Europe. B one, at home. C has
# none, D left all blank.
TIES = cells(
    "networking.cooperation",
    suppliers__local=[1, 1, 0, None],
    suppliers__country=[0, 0, 0, None],
    suppliers__europe=[1, 0, 0, None],
    universities__local=[0, None, 0, None],
    universities__country=[0, 0, None, None],
    universities__europe=[1, 0, 0, None],
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ties", [3, 1, 0, None]),
        ("cooperates", [1, 1, 0, None]),
        ("cooperates.europe", [1, 0, 0, None]),
        ("partner_share.local", [1 / 3, 1, None, None]),
        ("partner_share.country", [0, 0, None, None]),
        ("partner_share.europe", [2 / 3, 0, None, None]),
        # Two ties outside the region less one inside, over three.
        ("ei_index", [1 / 3, -1, None, None]),
        ("ei_index.local", [1 / 3, -1, None, None]),
        ("ei_index.europe", [-1 / 3, 1, None, None]),
        ("scale_entropy", [log(3) / 3 + 2 / 3 * log(3 / 2), 0, None, None]),
        ("scale_herfindahl", [5 / 9, 1, None, None]),
        # Suppliers two of three ties, universities one.
        ("type_entropy", [log(3) / 3 + 2 / 3 * log(3 / 2), 0, None, None]),
        ("type_herfindahl", [5 / 9, 1, None, None]),
        ("reach", [4, 1, None, None]),
    ],
)
def test_what_a_network_is_made_of(name, expected):
    assert same(values(TIES, name), expected)


def test_no_firm_without_a_tie_has_a_share_of_nought():
    found = measures(dataset_of(TIES))

    of_ties = [
        name for name in found if name.startswith(("partner_share", "ei_", "scale_", "type_"))
    ]
    assert [name for name in of_ties if not found[name].missing[2]] == []


def test_a_coarse_scale_has_the_sum_of_the_shares_of_its_parts():
    far = {"far": ("country", "europe")}

    assert same(values(TIES, "partner_share.far", far), [2 / 3, 0, None, None])
    assert same(values(TIES, "ei_index.far", far), [-1 / 3, 1, None, None])


def test_the_greatest_entropy_is_told_with_the_length_of_the_list():
    found = measures(dataset_of(TIES))

    assert found["scale_entropy"].range == (0, log(3))
    assert found["type_herfindahl"].range == (0.5, 1)


def test_sources_have_shares_and_a_reach_but_those_inside_the_firm_do_not_count():
    where = cells(
        "sourcing.scale",
        inside__local=[1, 1],
        suppliers__local=[1, 0],
        suppliers__global=[1, 0],
        fairs__local=[0, 0],
        fairs__global=[1, 0],
    )

    assert same(values(where, "source_share.global"), [2 / 3, None])
    assert same(values(where, "source_reach"), [5, None])


def test_scales_of_other_names_have_shares_but_no_order_and_no_border():
    abroad = cells("networking.cooperation", suppliers__home=[1], suppliers__farther=[1])
    found = measures(dataset_of(abroad))

    assert same(found["ei_index.home"].values, [0])
    assert {"reach", "ei_index", "pipelines"}.isdisjoint(found)
    assert what_is_lacking("ei_index", abroad) == (
        "The measure “ei_index” needs networking.cooperation of local or region, "
        "which this wave did not ask."
    )


def test_one_scale_without_a_place_in_the_order_leaves_no_reach():
    mixed = cells("networking.cooperation", suppliers__local=[1], suppliers__latin_america=[1])

    assert "reach" not in measures(dataset_of(mixed))
    assert what_is_lacking("reach", mixed).startswith(
        "The measure “reach” cannot be made of what this wave asked of networking.cooperation: "
        "Farthest scale with a partner"
    )
