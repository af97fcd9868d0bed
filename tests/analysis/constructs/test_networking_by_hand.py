"""Partner counts, breadth and depth, counted by hand on a handful of firms."""

import numpy as np
import pytest

from analysis.constructs import measures
from tests.analysis.datasets import dataset_of

NAN = float("nan")


def values(dataset, name, scales=None):
    return measures(dataset, scales)[name].values.tolist()


def same(found, expected):
    return np.array_equal(np.array(found), np.array(expected), equal_nan=True)


def cooperation(**cells):
    """Columns such as suppliers_local=[...]: the partner, the scale."""
    return {
        f"networking.cooperation[{name.replace('_', ',')}]": column
        for name, column in cells.items()
    }


PARTNERS = cooperation(
    #                 none two blank all-blank
    suppliers_local=[0, 1, None, None],
    suppliers_global=[0, 0, None, None],
    universities_local=[0, 1, 1, None],
    universities_global=[0, 1, None, None],
)


def test_partner_types_are_counted_at_each_scale():
    dataset = dataset_of(PARTNERS)

    assert same(values(dataset, "partners.local"), [0, 2, 1, NAN])
    assert same(values(dataset, "partners.global"), [0, 1, NAN, NAN])


def test_a_partner_type_at_two_scales_is_one_partner_type_overall():
    assert same(values(dataset_of(PARTNERS), "partners"), [0, 2, 1, NAN])


def test_a_blank_row_counts_as_none_if_another_row_was_answered():
    dataset = dataset_of(cooperation(suppliers_local=[None, None], universities_local=[0, None]))

    assert same(values(dataset, "partners.local"), [0, NAN])


def test_a_coarse_scale_of_the_plan_is_the_union_within_a_partner_type():
    dataset = dataset_of(
        cooperation(
            suppliers_local=[1, 1, 0],
            suppliers_region=[1, 0, 0],
            universities_local=[0, 0, None],
            universities_region=[0, 1, None],
        )
    )

    near = values(dataset, "partners.near", {"near": ("local", "region")})

    assert near == [1, 2, 0]


def test_a_coarse_scale_with_a_part_that_was_not_asked_is_not_made_of_the_rest():
    dataset = dataset_of(PARTNERS)

    assert "partners.far" not in measures(dataset, {"far": ("europe", "global")})


def test_breadth_counts_sources_used_and_depth_sources_rated_high():
    dataset = dataset_of(
        {
            "sourcing.importance[suppliers]": [0, 1, 3, None, None],
            "sourcing.importance[fairs]": [0, 3, 3, 2, None],
            "sourcing.importance[journals]": [0, 2, 3, None, None],
        }
    )

    assert same(values(dataset, "searches"), [0, 1, 1, 1, NAN])
    assert same(values(dataset, "breadth"), [0, 3, 3, 1, NAN])
    assert same(values(dataset, "depth"), [0, 1, 3, 0, NAN])


@pytest.mark.parametrize("internal", ["inside", "group"])
def test_sources_inside_the_firm_and_its_group_are_no_search(internal):
    dataset = dataset_of(
        {
            "sourcing.importance[suppliers]": [1],
            f"sourcing.importance[{internal}]": [3],
        }
    )

    assert (values(dataset, "breadth"), values(dataset, "depth")) == ([1], [0])


def test_the_own_group_is_a_partner_type():
    dataset = dataset_of(cooperation(suppliers_local=[0], group_local=[1]))

    assert values(dataset, "partners.local") == [1]


def test_breadth_and_depth_at_a_scale_need_the_source_to_be_used_and_to_be_there():
    dataset = dataset_of(
        {
            #                        used there, used elsewhere, high there, not used, blank
            "sourcing.importance[suppliers]": [1, 1, 3, 0, None],
            "sourcing.scale[suppliers,local]": [1, 0, 1, None, None],
            "sourcing.scale[suppliers,global]": [0, 1, 1, None, None],
        }
    )

    assert same(values(dataset, "searches.local"), [1, 0, 1, 0, NAN])
    assert same(values(dataset, "breadth.local"), [1, 0, 1, 0, NAN])
    assert same(values(dataset, "depth.local"), [0, 0, 1, 0, NAN])
    assert same(values(dataset, "breadth.global"), [0, 1, 1, 0, NAN])


def test_the_length_of_the_list_is_kept_with_the_measure():
    dataset = dataset_of(PARTNERS)

    assert measures(dataset)["partners.local"].definition.endswith("0 to 2.")


def test_a_measure_at_a_scale_is_named_by_it():
    measure = measures(dataset_of(PARTNERS))["partners.global"]

    assert (measure.label, measure.scale) == ("Partner types, elsewhere in the world", "global")
    assert measure.definition == (
        "Number of partner types with at least one partner at the scale "
        "“elsewhere in the world”. 0 to 2."
    )
    assert (measure.range, measure.needs) == ((0, 2), (("networking.cooperation",),))


def test_nothing_is_measured_that_the_wave_did_not_ask():
    assert measures(dataset_of({"control.employment": [3.0]})).keys() == {"ln_employment"}
