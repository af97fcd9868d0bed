import pytest

from analysis.constructs import measures
from analysis.constructs.proximities import KINDS
from tests.analysis.constructs.by_hand import cells, same, values
from tests.analysis.datasets import dataset_of


@pytest.mark.parametrize("kind", KINDS)
def test_each_proximity_is_rated_by_scale_and_averaged_over_those_with_a_partner(kind):
    columns = cells(f"proximity.{kind}", local=[4, 2, None], country=[1, None, None])

    assert same(values(columns, f"{kind}_proximity.local"), [4, 2, None])
    assert same(values(columns, f"{kind}_proximity"), [2.5, 2, None])


def test_squares_are_of_the_rating_and_of_the_mean():
    columns = {"proximity.social[local]": [4, 3], "proximity.social[global]": [1, None]}

    assert same(values(columns, "social_proximity_squared.local"), [16, 9])
    assert same(values(columns, "social_proximity_squared"), [6.25, 9])


def test_no_single_score_of_nearness_is_made_of_the_five():
    found = measures(dataset_of({f"proximity.{kind}[local]": [2] for kind in KINDS}))

    assert {name.partition("_")[0] for name in found} == set(KINDS)
