"""Gaps that cannot be decomposed honestly, in a researcher's words."""

from typing import Any

import numpy as np
import pytest

from analysis.estimation.after.decomposition import independent_pieces
from analysis.estimation.after.fairlie import fairlie
from analysis.estimation.after.oaxaca import oaxaca_blinder
from analysis.estimation.design import survey_design
from analysis.estimation.design_matrix import INTERCEPT, Column, Factor, design_matrix
from analysis.estimation.estimates import Estimates
from tests.analysis.estimation.after.refusing import THREE, WEIGHTED, N, X, Y, Z, logit, refused
from tests.analysis.estimation.small import plain

GROUP = (np.arange(N) % 3 == 0).astype(float)
SECTOR = np.where(np.arange(N) % 2 == 0, "food", "metal")


def gap(**changes: Any) -> Any:
    settings: dict[str, Any] = {
        "y": X + Z,
        "X": plain(x=X, sector=list(SECTOR)),
        "group": GROUP,
        "design": survey_design(count=N),
        "domain": np.ones(N, dtype=bool),
        "covariance": "HC1",
        "titles": ("exporters", "other firms"),
    }
    return oaxaca_blinder(**(settings | changes))


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"group": GROUP + 1}, "group_not_binary", "also is 2"),
        (
            {"group": np.where(np.arange(N) < 5, 1.0, 0.0)},
            "group_too_small",
            "Among exporters are 5 firms",
        ),
        ({"X": plain(x=X, member=GROUP)}, "no_overlap", "'member' of exporters"),
        ({"X": plain(x=X + 9 * GROUP)}, "no_overlap", "'x' of exporters"),
        ({"X": plain(x=X, z=Z * GROUP)}, "not_estimable_in_group", "In other firms 'z' is 0"),
        ({"y": np.full(N, np.inf)}, "outcome_infinite", "infinite for 80"),
        ({"covariance": "HC3"}, "covariance_not_defined", "HC3"),
        ({"covariance": "model"}, "covariance_not_defined", "'pooled with group'"),
        (
            {"covariance": "model", "reference": "half", "design": WEIGHTED},
            "model_covariance_with_weights",
            "Sampling weights",
        ),
        ({"covariance": "replicate"}, "no_replicates", "no replicate weights"),
        (
            {"covariance": "cluster", "design": survey_design(count=N, cluster=[0] * N)},
            "too_few_clusters",
            "one cluster",
        ),
    ],
)
def test_a_gap_that_cannot_be_decomposed(changes: dict[str, Any], code: str, words: str) -> None:
    refusal = refused(gap, **changes)

    assert refusal.code == code
    assert words in refusal.message


def test_a_level_that_only_one_group_has_is_named() -> None:
    sector = np.where((GROUP == 1) & (X > 0.5), "mining", SECTOR)

    refusal = refused(gap, X=plain(x=X, sector=list(sector)))

    assert refusal.code == "no_overlap"
    assert "Among other firms is no firm of 'sector' 'mining'" in refusal.message


def test_a_category_in_an_interaction_is_named() -> None:
    columns = (
        Column(INTERCEPT),
        Column("x", (Factor("x"),)),
        Column("sector[metal]", (Factor("sector", "indicator", "metal"),)),
        Column("x:sector[metal]", (Factor("x"), Factor("sector", "indicator", "metal"))),
    )
    X_ = design_matrix(
        columns,
        {"x": X, "sector": SECTOR.astype(object)},
        {"x": "continuous", "sector": "category"},
    )

    refusal = refused(gap, X=X_)

    assert refusal.code == "category_in_interaction"
    assert "'x:sector[metal]'" in refusal.message


def test_groups_modelled_on_different_terms() -> None:
    other = Estimates(("local", "national", "size"), np.ones(3), np.eye(3), 5)

    refusal = refused(independent_pieces, (THREE, other), (THREE, THREE), {})

    assert refusal.code == "terms_differ"
    assert "size, world" in refusal.message


@pytest.mark.parametrize(
    ("choices", "changes", "code"),
    [
        ({"estimator": "linear"}, {}, "not_a_share_model"),
        ({}, {"X": plain(x=X)}, "unknown_term"),
        ({}, {"order": ("x",)}, "order_incomplete"),
    ],
)
def test_shares_that_cannot_be_decomposed(
    choices: dict[str, Any], changes: dict[str, Any], code: str
) -> None:
    settings: dict[str, Any] = {
        "y": Y,
        "X": plain(x=X, z=Z),
        "group": GROUP,
        "model": logit(**choices),
        "domain": np.ones(N, dtype=bool),
    }

    assert refused(fairlie, **(settings | changes)).code == code


def test_groups_that_hardly_overlap_are_said() -> None:
    result = gap(X=plain(x=X + 1.5 * GROUP), reference="half")

    assert any("outside the range" in note for note in result.notes)
    assert any(note.startswith("The unexplained part of 'x'") for note in result.notes)
