"""A bootstrap or a permutation of which some, or all, gave nothing."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis import pipeline
from analysis.refusals import Refusal
from analysis.tables.resampled_words import resampled_words
from tests.analysis.test_pieces import DATASET, PLAN


@pytest.mark.parametrize("of_the_model", [True, False])
def test_a_permutation_without_a_t_is_refused_and_the_model_stands(of_the_model: bool) -> None:
    prepared = pipeline.Prepared(DATASET, PLAN)
    found = [(piece, _without_t(prepared, piece, of_the_model)) for piece in prepared.pieces]

    document = pipeline.joined(prepared, found, ()).estimates_document

    told = document["models"][0]["permutation"]
    assert told["refusal"]["code"] == "no_permutation"
    json.dumps(document, allow_nan=False)


def _without_t(prepared: pipeline.Prepared, piece: pipeline.Piece, of_the_model: bool) -> Any:
    """What the piece finds, but that the model, or its permutations, have no t."""
    if piece.kind == "curve_permutation":
        return Refusal("left_out", "Not asked for here.", "")
    try:
        found = pipeline.worked(prepared, piece)
    except Refusal as refusal:
        return refusal
    if piece.kind == "permutation" and not of_the_model:
        return replace(found, values=np.full_like(found.values, np.nan))
    if piece.kind == "model" and piece.place == 0 and of_the_model:
        nothing = np.full_like(found.fit.estimates.covariance, np.nan)
        estimates = replace(found.fit.estimates, covariance=nothing)
        return replace(found, fit=replace(found.fit, estimates=estimates))
    return found


def test_samples_and_permutations_that_failed_are_not_counted_in_words() -> None:
    made = {
        "bootstrap": {"replicates": 40, "failed": 2, "seed": 1, "terms": [], "refusal": None},
        "permutation": {
            "of": "a", "replicates": 99, "failed": 9, "seed": 1, "p_value": 0.5, "refusal": None,
        },
    }  # fmt: skip

    words = resampled_words(made)

    assert "of 38 bootstrap samples" in words
    assert "by 90 permutations" in words
