"""k-means against R, by hand, and under designs. R minimises by Hartigan & Wong's steps."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.estimation.design import survey_design
from analysis.profiles.clusters import clusters, nearest_overlaps
from analysis.profiles.described import NOT_A_VERDICT
from analysis.profiles.gap import gap_statistic
from analysis.profiles.k_means import partitioned, silhouettes
from analysis.refusals import Refusal

WITNESS = Path(__file__).parents[2] / "witness"


def irises():
    table = pd.read_csv(WITNESS / "irises.csv")
    return {name: table[name].to_numpy() for name in table.columns}


def by_r(label):
    table = pd.read_csv(WITNESS / "clusters.csv").set_index("name")["value"]
    lead = f"{label}."
    return {name.removeprefix(lead): v for name, v in table.items() if name.startswith(lead)}


def blobs(seed=0, each=40):
    generator = np.random.default_rng(seed)
    centres = np.array([[0.0, 0.0], [6.0, 0.0], [0.0, 7.0]])
    points = np.vstack([centre + generator.normal(size=(each, 2)) for centre in centres])
    return {"rd": points[:, 0], "ties": points[:, 1]}


@pytest.mark.parametrize(
    ("label", "count", "standard"),
    [("plain3", 3, "none"), ("plain2", 2, "none"), ("scaled3", 3, "z")],
)
def test_irises_fall_into_the_clusters_that_r_finds(label, count, standard):
    r, columns = by_r(label), irises()

    found = clusters(
        columns, count=count, design=survey_design(count=150), standard=standard, draws=5
    )

    assert found.within.sum() == pytest.approx(r["within"], rel=1e-9)
    assert found.total == pytest.approx(r["total"], rel=1e-9)
    assert found.mean_silhouette == pytest.approx(r["silhouette"], rel=1e-9)
    order = range(1, count + 1)
    assert found.sizes * 150 == pytest.approx([r[f"size.{k}"] for k in order])
    assert found.within == pytest.approx([r[f"within.{k}"] for k in order], rel=1e-9)
    assert found.silhouette == pytest.approx([r[f"silhouette.{k}"] for k in order], rel=1e-9)
    if standard == "none":
        means = [[r[f"mean.{name}.{k}"] for name in columns] for k in order]
        assert found.means == pytest.approx(np.array(means), rel=1e-9)


def test_four_points_by_hand():
    # Clusters {0, 2} and {10, 14}: means 1 and 12, squares 2 and 8, of 128.75 + … = 131 in all.
    points, one = np.array([[0.0], [2.0], [10.0], [14.0]]), np.ones(4)

    found = partitioned(points, one, 2, 5, np.random.default_rng(0))

    assert sorted(found.centres[:, 0]) == [1, 12]
    assert sorted(found.within) == [2, 8]
    # Of the first point: a = 2, b = (10 + 14) / 2 = 12, so (12 - 2) / 12.
    assert silhouettes(points, found.of_point, one)[0] == pytest.approx(10 / 12)


def test_a_weight_of_three_is_a_point_three_times_for_the_centres():
    points, weight = np.array([[1.0], [5.0], [20.0], [22.0]]), np.array([3.0, 1.0, 1.0, 1.0])

    found = partitioned(points, weight, 2, 5, np.random.default_rng(0))

    assert sorted(found.centres[:, 0]) == pytest.approx([2, 21])
    assert sorted(found.within) == pytest.approx([2, 3 * 1 + 9])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-50, 50), min_size=4, max_size=9, unique=True))
def test_no_division_of_points_on_a_line_is_better(numbers):
    """On a line, clusters are runs of neighbours: all can be tried."""
    points = np.array(sorted(numbers), dtype=float)

    found = partitioned(points[:, None], np.ones(len(points)), 2, 30, np.random.default_rng(0))

    losses = [
        sum(((run - run.mean()) ** 2).sum() for run in np.split(points, [cut]))
        for cut in range(1, len(points))
    ]
    assert found.loss == pytest.approx(min(losses), abs=1e-9)


def test_clear_groups_are_stable_and_a_cut_through_one_cloud_is_not():
    clear = clusters(blobs(), count=3, design=survey_design(count=120), draws=30)
    generator = np.random.default_rng(3)
    cloud = {"rd": generator.normal(size=120), "ties": generator.normal(size=120)}
    cut = clusters(cloud, count=3, design=survey_design(count=120), draws=30)

    assert (clear.stability > 0.95).all()
    assert cut.stability.min() < 0.75
    assert clear.notes == (NOT_A_VERDICT,)
    assert any("Jaccard" in note for note in cut.notes)
    assert clear.mean_silhouette > 0.6 > cut.mean_silhouette


def test_overlaps_are_of_firms_in_both_over_firms_in_either():
    one = np.array([0, 0, 0, 1, 1, 1])
    other = np.array([0, 0, 1, 1, 1, 1])

    assert nearest_overlaps(one, other, 3) == pytest.approx([2 / 3, 3 / 4, np.nan], nan_ok=True)


def test_means_of_clear_groups_are_as_sure_as_means_of_given_groups():
    columns = blobs(seed=1, each=100)

    found = clusters(columns, count=3, design=survey_design(count=300), draws=200)

    errors = dict(zip(found.estimates.terms, found.estimates.std_errors, strict=True))
    for k in range(3):
        rd = columns["rd"][found.of_firm == k]
        by_hand = rd.std() / np.sqrt(len(rd))
        assert errors[f"rd | cluster {k + 1}"] == pytest.approx(by_hand, rel=0.25)
    share = np.sqrt(found.sizes[0] * (1 - found.sizes[0]) / 300)
    assert errors["cluster 1"] == pytest.approx(share, rel=0.25)
    assert (found.intervals[:, 0] < found.estimates.coefficients).all()


def test_firms_drawn_together_make_the_means_less_sure():
    columns = {name: np.repeat(values, 4) for name, values in blobs(seed=2).items()}
    alone = clusters(columns, count=3, design=survey_design(count=480), draws=60)

    together = clusters(
        columns,
        count=3,
        design=survey_design(count=480, cluster=np.repeat(np.arange(120), 4)),
        draws=60,
    )

    ratio = together.estimates.std_errors / alone.estimates.std_errors
    assert np.median(ratio) == pytest.approx(2, rel=0.25)


def test_the_gap_finds_three_clear_groups_and_none_in_a_cloud():
    generator = np.random.default_rng(4)
    cloud = {"rd": generator.uniform(size=90), "ties": generator.uniform(size=90)}

    clear = gap_statistic(blobs(), most=5, design=survey_design(count=120), draws=15)
    none = gap_statistic(cloud, most=4, design=survey_design(count=90), draws=15)

    assert clear.chosen == 3
    assert none.chosen == 1
    assert clear.counts == (1, 2, 3, 4, 5)


def test_firms_without_a_measure_or_outside_the_subpopulation_take_no_part():
    columns = blobs()
    columns["rd"] = columns["rd"].copy()
    columns["rd"][0] = np.nan
    inside = np.arange(120) != 5

    found = clusters(
        columns, count=3, design=survey_design(count=120), domain=inside, standard="range", draws=10
    )

    assert found.of_firm[[0, 5]].tolist() == [-1, -1]
    assert (found.of_firm >= 0).sum() == 118
    assert "1 firms left out for a missing measure." in found.notes


def test_too_few_different_firms_for_a_bootstrap_are_told():
    columns = {"rd": np.array([1.0, 2.0, 3.0] + [1.0] * 5), "ties": np.zeros(8)}

    with pytest.raises(Refusal) as refused:
        clusters(columns, count=2, design=survey_design(count=8), standard="none", draws=10)

    assert refused.value.code == "replicates_failed"


def test_one_cluster_and_a_constant_are_refused():
    design = survey_design(count=120)

    with pytest.raises(Refusal) as few:
        clusters(blobs(), count=1, design=design)
    with pytest.raises(Refusal, match="“same”") as constant:
        clusters(blobs() | {"same": np.full(120, 2.0)}, count=2, design=design)

    assert few.value.code == "too_few_points"
    assert constant.value.code == "constant_measure"
