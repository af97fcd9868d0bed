"""Replicate weights: known values, properties, refusals."""

from typing import Any

import numpy as np
import pytest

from analysis.estimation.calibration.margins import Margin
from analysis.estimation.calibration.raking import post_stratify
from analysis.estimation.design import Stage, SurveyDesign, survey_design
from analysis.estimation.replication import (
    ReplicateWeights,
    failed_replicates,
    given_replicates,
    replicate_variance,
    replicate_weights,
)
from analysis.estimation.variance import linearized_variance
from analysis.refusals import Refusal
from mathematics.hadamard import hadamard

EXACT = 1e-12
# Of a variance from 4,000 draws: sqrt(2 / 4,000) = 0.022, three of them.
DRAWN = 0.07

Y = np.array([3.0, 5.0, 4.0, 10.0, 14.0, 9.0])
STRATA = np.array(["a", "a", "a", "b", "b", "b"])
POPULATION = np.array([12.0, 12, 12, 9, 9, 9])
EVERYONE = np.ones(6, dtype=bool)


def drawn(**parts: Any) -> SurveyDesign:
    settings: dict[str, Any] = {
        "count": 6,
        "weight": POPULATION / 3,
        "stratum": STRATA,
        "population": POPULATION,
    }
    return survey_design(**(settings | parts))


def variance_of_total(replicates: ReplicateWeights, weight: np.ndarray, y: np.ndarray = Y) -> float:
    each = (y @ replicates.weights)[:, None]
    return float(replicate_variance(each, np.array([y @ weight]), replicates)[0, 0])


def test_the_worked_example_of_the_jackknife() -> None:
    # docs/methods/replication.md.
    replicates = replicate_weights(drawn(), method="JKn")

    assert replicates.weights[:3, 0].tolist() == [0, 6, 6]
    assert (Y @ replicates.weights).tolist() == [153, 141, 147, 151.5, 133.5, 156]
    assert replicates.rscales == pytest.approx([0.5, 0.5, 0.5, 4 / 9, 4 / 9, 4 / 9], rel=EXACT)
    assert variance_of_total(replicates, drawn().weight) == pytest.approx(36 + 126, rel=EXACT)


@pytest.mark.parametrize("mse", [False, True])
@pytest.mark.parametrize("correction", [False, True])
def test_the_jackknife_of_a_total_is_the_linearised_variance(mse: bool, correction: bool) -> None:
    design = drawn() if correction else drawn(population=None)
    made = replicate_weights(drawn(), method="JKn", correction=correction, mse=mse)

    linearised = linearized_variance(Y[:, None], design, EVERYONE)[0, 0]
    assert variance_of_total(made, design.weight) == pytest.approx(linearised, rel=EXACT)


def test_the_jackknife_without_strata_leaves_out_one_cluster_at_a_time() -> None:
    design = survey_design(count=6, cluster=["x", "x", "y", "y", "z", "z"])

    made = replicate_weights(design, method="jackknife")

    assert made.method == "JK1"
    assert made.weights.T.tolist() == [
        [0, 0, 1.5, 1.5, 1.5, 1.5],
        [1.5, 1.5, 0, 0, 1.5, 1.5],
        [1.5, 1.5, 1.5, 1.5, 0, 0],
    ]
    assert made.degrees_of_freedom == 2


def test_a_stratum_enumerated_in_full_has_no_replicates() -> None:
    population = np.array([12.0, 12, 12, 3, 3, 3])
    made = replicate_weights(drawn(population=population), method="JKn")

    assert made.count == 3
    with pytest.raises(Refusal) as refused:
        replicate_weights(drawn(population=np.full(6, 3.0)), method="JKn")
    assert refused.value.code == "whole_population"


@pytest.mark.parametrize(("method", "fay"), [("BRR", 0.0), ("Fay", 0.3), ("Fay", 0.5)])
@pytest.mark.parametrize("strata", [1, 2, 3, 5, 11, 20])
def test_balanced_halves_of_a_total_are_the_linearised_variance(
    strata: int, method: str, fay: float
) -> None:
    random = np.random.default_rng(strata)
    n = 2 * strata
    design = survey_design(
        count=n, weight=random.uniform(1, 4, n), stratum=np.repeat(np.arange(strata), 2)
    )
    y = random.normal(size=n)

    made = replicate_weights(design, method=method, fay=fay)  # type: ignore[arg-type]

    linearised = linearized_variance(y[:, None], design, np.ones(n, dtype=bool))[0, 0]
    assert variance_of_total(made, design.weight, y) == pytest.approx(linearised, rel=1e-10)
    assert made.degrees_of_freedom == strata


@pytest.mark.parametrize("least", [1, 2, 3, 5, 12, 13, 21, 25, 37, 50, 60, 93, 101])
def test_hadamard_matrices_have_orthogonal_columns(least: int) -> None:
    H = hadamard(least)
    order = len(H)

    assert least <= order <= 1.25 * least + 4
    assert np.array_equal(H @ H.T, order * np.eye(order))
    assert np.array_equal(H[0], np.ones(order))


@pytest.mark.parametrize("method", ["Rao-Wu", "bootstrap"])
def test_the_bootstrap_of_a_total_is_near_the_linearised_variance(method: str) -> None:
    made = replicate_weights(
        drawn(population=None),
        method=method,  # type: ignore[arg-type]
        count=4000,
        seed=3,
    )

    linearised = linearized_variance(Y[:, None], drawn(population=None), EVERYONE)[0, 0]
    assert variance_of_total(made, drawn().weight) == pytest.approx(linearised, rel=DRAWN)


def test_the_rao_wu_bootstrap_knows_the_finite_population() -> None:
    made = replicate_weights(drawn(), method="Rao-Wu", count=4000, seed=3)

    linearised = linearized_variance(Y[:, None], drawn(), EVERYONE)[0, 0]
    assert variance_of_total(made, drawn().weight) == pytest.approx(linearised, rel=DRAWN)
    assert made.weights.sum(axis=0) == pytest.approx(np.full(4000, 21.0), rel=EXACT)


def test_the_same_seed_draws_the_same_weights() -> None:
    one, same, other = (
        replicate_weights(drawn(), method="Rao-Wu", count=5, seed=seed) for seed in (1, 1, 2)
    )

    assert np.array_equal(one.weights, same.weights)
    assert not np.array_equal(one.weights, other.weights)


def test_firms_of_a_cluster_are_drawn_together() -> None:
    design = survey_design(count=6, cluster=["x", "x", "y", "y", "z", "z"])

    made = replicate_weights(design, method="bootstrap", count=9, seed=1)

    assert np.array_equal(made.weights[::2], made.weights[1::2])


def test_replicates_of_a_domain_keep_the_whole_design() -> None:
    domain = np.array([True, False, True, True, True, False])
    made = replicate_weights(drawn(), method="JKn")

    found = variance_of_total(made, drawn().weight, np.where(domain, Y, 0.0))

    linearised = linearized_variance(Y[:, None], drawn(), domain)[0, 0]
    assert found == pytest.approx(linearised, rel=EXACT)
    assert made.degrees_of_freedom_in(domain) == 3


def test_a_lonely_unit_that_is_certain_stays_in_every_replicate() -> None:
    stratum = np.array(["lone", "a", "a", "b", "b", "b"])
    design = survey_design(count=6, stratum=stratum, lonely="certainty")

    jackknife = replicate_weights(design, method="JKn")
    bootstrap = replicate_weights(design, method="Rao-Wu", count=7, seed=1)

    assert jackknife.count == 5
    assert set(jackknife.weights[0]) == set(bootstrap.weights[0]) == {1.0}


def test_the_mean_of_replicates_or_the_estimate_itself_is_the_centre() -> None:
    weights = np.ones((2, 4))
    settings = {"weights": weights, "scale": 0.5, "rscales": np.array([1.0, 1, 1, 0])}
    each, full = np.array([[1.0], [2], [6], [50]]), np.array([1.0])

    about_mean = replicate_variance(each, full, ReplicateWeights(**settings))
    about_full = replicate_variance(each, full, ReplicateWeights(**settings, mse=True))

    # A replicate of no weight in the sum has none in the mean, as in R.
    assert about_mean[0, 0] == pytest.approx(0.5 * (4 + 1 + 9))
    assert about_full[0, 0] == pytest.approx(0.5 * (0 + 1 + 25))


def test_a_bootstrap_counts_the_draws_that_failed_and_rests_on_the_others() -> None:
    made = replicate_weights(drawn(), method="Rao-Wu", count=100, seed=1)
    each = (Y @ made.weights)[:, None]
    spoilt = each.copy()
    spoilt[4], spoilt[60] = np.nan, np.inf

    found = replicate_variance(spoilt, np.zeros(1), made)[0, 0]

    assert failed_replicates(spoilt) == 2
    assert failed_replicates(each) == 0
    kept = np.delete(each, [4, 60])
    assert found == pytest.approx(made.scale * 100 / 98 * ((kept - kept.mean()) ** 2).sum())


@pytest.mark.parametrize(("method", "lost"), [("JKn", 1), ("Rao-Wu", 6)])
def test_too_many_failed_replicates_are_refused_with_their_number(method: str, lost: int) -> None:
    made = replicate_weights(drawn(), method=method, count=100, seed=1)  # type: ignore[arg-type]
    each = (Y @ made.weights)[:, None]
    each[2 : 2 + lost] = np.nan

    with pytest.raises(
        Refusal, match=rf"{lost} of {made.count} replicates .* replicate 3"
    ) as refused:
        replicate_variance(each, np.zeros(1), made)

    assert refused.value.code == "replicates_failed"


def test_a_replicate_that_cannot_be_calibrated_is_kept_as_failed() -> None:
    # Without its only firm of class "y" the margin of "y" has nobody.
    design = survey_design(count=6, weight=np.full(6, 2.0))
    margin = Margin("class", np.array(["x", "x", "x", "x", "x", "y"]), {"x": 9.0, "y": 3.0})
    calibrated = post_stratify(design, margin)

    made = replicate_weights(calibrated, method="JK1")

    assert made.count == 6
    assert made.usable.tolist() == [True] * 5 + [False]
    with pytest.raises(Refusal, match="1 of 6 replicates"):
        replicate_variance((Y @ made.weights)[:, None], np.zeros(1), made)


def test_weights_and_factors_of_weights_may_be_given() -> None:
    factors = np.array([[0.0, 2.0], [2.0, 0.0]])

    found = given_replicates(factors, method="BRR", factors_of=np.array([3.0, 5.0]))

    assert found.weights.tolist() == [[0, 6], [10, 0]]
    assert found.scale == 0.5
    assert given_replicates(factors, method="Fay", fay=0.5).scale == 2
    assert given_replicates(factors, method="JKn", rscales=np.array([0.5, 0.5])).scale == 1


def test_a_design_takes_replicates_of_its_own_length_only() -> None:
    made = replicate_weights(drawn(), method="JKn")

    assert drawn().with_replicates(made).replicates is made
    assert drawn().with_replicates(made).with_replicates(None).replicates is None
    with pytest.raises(ValueError, match="differ in length"):
        survey_design(count=5, replicates=made)
    with pytest.raises(ValueError, match="differ in length"):
        survey_design(count=5).with_replicates(made)


def pairs(**parts: Any) -> SurveyDesign:
    return survey_design(count=4, stratum=np.array(["a", "a", "b", "b"]), **parts)


@pytest.mark.parametrize(
    ("design", "settings", "code", "words"),
    [
        (drawn(), {"method": "JK1"}, "strata_for_jk1", "2 strata"),
        (drawn(population=None), {"method": "BRR"}, "halves_need_pairs", "'a', 'b'"),
        (pairs(), {"method": "Fay", "fay": 1.0}, "fay_invalid", "is 1"),
        (
            pairs(population=np.full(4, 9.0)),
            {"method": "BRR"},
            "replicates_without_correction",
            "BRR has no finite",
        ),
        (
            drawn(),
            {"method": "bootstrap", "seed": 1},
            "replicates_without_correction",
            "bootstrap has no finite",
        ),
        (
            drawn(stages=[Stage(np.arange(6))]),
            {"method": "JKn"},
            "replicates_without_correction",
            "one stage",
        ),
        (drawn(), {"method": "Rao-Wu"}, "no_seed", "without a seed"),
        (
            survey_design(count=6, stratum=np.array(["lone", "a", "a", "b", "b", "b"])),
            {"method": "JKn"},
            "singleton_stratum",
            "'lone'",
        ),
        (
            survey_design(
                count=6, stratum=np.array(["lone", "a", "a", "b", "b", "b"]), lonely="adjust"
            ),
            {"method": "Rao-Wu", "seed": 1},
            "singleton_stratum",
            "'lone'",
        ),
        (
            survey_design(count=20_000),
            {"method": "JK1"},
            "too_many_replicates",
            "20000 replicates of 20000 firms",
        ),
    ],
)
def test_replicates_that_cannot_be_made_are_refused(
    design: SurveyDesign, settings: dict[str, Any], code: str, words: str
) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        replicate_weights(design, **settings)

    assert refused.value.code == code
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ([1.0, -1.0], "replicate_weight_negative"),
        ([1.0, np.nan], "replicate_weight_missing"),
        ([1.0, np.inf], "replicate_weight_infinite"),
    ],
)
def test_replicate_weights_that_cannot_be_are_refused(column: list[float], code: str) -> None:
    weights = np.column_stack([np.ones(2), column])

    with pytest.raises(Refusal, match=r"1 of 2 replicates .* replicate 2") as refused:
        ReplicateWeights(weights, 1.0, np.ones(2))

    assert refused.value.code == code


def test_scales_that_cannot_be_are_refused() -> None:
    for settings in (
        {"method": "JKn"},
        {"method": "x", "scale": -1.0},
        {"method": "BRR", "rscales": np.zeros(2)},
    ):
        with pytest.raises(Refusal) as refused:
            given_replicates(np.ones((2, 2)), **settings)  # type: ignore[arg-type]
        assert refused.value.code == "replicate_scale"


def test_misuse_is_an_error() -> None:
    with pytest.raises(ValueError, match="no way 'delete'"):
        replicate_weights(drawn(), method="delete")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at least two draws"):
        replicate_weights(drawn(), method="Rao-Wu", count=1, seed=1)
    with pytest.raises(ValueError, match=r"\(n, R\)"):
        ReplicateWeights(np.ones((2, 2)), 1.0, np.ones(3))
