"""What must hold of the measures of any network that a firm can tick."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.constructs import measures
from tests.analysis.datasets import dataset_of

PARTNERS = ("suppliers", "clients_private", "competitors", "universities")
SCALES = ("local", "region", "country", "global")
CELLS = [f"networking.cooperation[{partner},{scale}]" for partner in PARTNERS for scale in SCALES]
TICK = st.sampled_from([0.0, 1.0, float("nan")])
FIRMS = st.lists(st.lists(TICK, min_size=16, max_size=16), min_size=1, max_size=6)
EXACT = 1e-12


def found(firms):
    columns = dict(zip(CELLS, np.array(firms).T.tolist(), strict=True))
    return {name: each.values for name, each in measures(dataset_of(columns)).items()}


def all_or_none(values):
    return values[~np.isnan(values)]


@settings(max_examples=25)
@given(FIRMS)
def test_shares_add_up_to_one_or_are_all_missing(firms):
    of = found(firms)

    by_scale = sum(of[f"partner_share.{scale}"] for scale in SCALES)

    assert np.allclose(all_or_none(by_scale), 1.0, atol=EXACT)
    assert np.array_equal(np.isnan(by_scale), ~(of["ties"] > 0))


@settings(max_examples=25)
@given(FIRMS)
def test_the_e_i_index_lies_between_the_poles_and_follows_from_shares(firms):
    of = found(firms)

    inside = of["partner_share.local"] + of["partner_share.region"]

    assert (np.abs(all_or_none(of["ei_index"])) <= 1 + EXACT).all()
    assert np.allclose(of["ei_index"], 1 - 2 * inside, atol=EXACT, equal_nan=True)


@settings(max_examples=25)
@given(FIRMS)
def test_entropy_and_concentration_keep_to_their_bounds(firms):
    of = found(firms)

    for kind, count in (("scale", len(SCALES)), ("type", len(PARTNERS))):
        entropy = all_or_none(of[f"{kind}_entropy"])
        assert ((entropy >= 0) & (entropy <= np.log(count) + EXACT)).all()
        concentration = all_or_none(of[f"{kind}_herfindahl"])
        assert ((concentration >= 1 / count - EXACT) & (concentration <= 1 + EXACT)).all()


@settings(max_examples=25)
@given(FIRMS, st.integers(0, 15))
def test_one_more_partner_never_lowers_a_count_nor_the_reach(firms, cell):
    more = [[*firm[:cell], 1.0, *firm[cell + 1 :]] for firm in firms]

    before, after = found(firms), found(more)

    for name in ("partners", "ties", "cooperates", "pipelines", "sti_partners", "reach"):
        known = ~np.isnan(before[name])
        assert (after[name][known] >= before[name][known]).all(), name


@settings(max_examples=25)
@given(FIRMS, st.randoms())
def test_another_order_of_firms_is_another_order_of_values(firms, random):
    order = list(range(len(firms)))
    random.shuffle(order)

    before, after = found(firms), found([firms[place] for place in order])

    for name, values in before.items():
        assert np.array_equal(after[name], values[order], equal_nan=True), name


@settings(max_examples=25)
@given(FIRMS)
def test_every_value_lies_in_the_range_of_its_measure(firms):
    columns = dict(zip(CELLS, np.array(firms).T.tolist(), strict=True))

    for measure in measures(dataset_of(columns)).values():
        low, high = measure.range
        given_values = all_or_none(measure.values)
        assert ((given_values >= low - EXACT) & (given_values <= high + EXACT)).all(), measure.name


@settings(max_examples=25)
@given(
    st.lists(st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.0]), min_size=4, max_size=4), min_size=1)
)
def test_depth_is_never_more_than_breadth_and_a_source_more_never_lowers_it(firms):
    rated = np.array(firms)
    names = [f"sourcing.importance[{each}]" for each in PARTNERS]

    def of(values):
        columns = dict(zip(names, values.T.tolist(), strict=True))
        return measures(dataset_of(columns))

    before, after = of(rated), of(np.maximum(rated, [1, 0, 0, 0]))

    assert (before["depth"].values <= before["breadth"].values).all()
    assert (after["breadth"].values >= before["breadth"].values).all()
