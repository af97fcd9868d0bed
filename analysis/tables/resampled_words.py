"""What bootstrap and permutation of a model gave, in sentences."""

from collections.abc import Mapping
from typing import Any


def resampled_words(made: Mapping[str, Mapping[str, Any]]) -> str:
    """`made` is by kind, ``bootstrap`` and ``permutation``, as estimates.json has them."""
    return " ".join(_words(kind, each) for kind, each in made.items())


def _words(kind: str, made: Mapping[str, Any]) -> str:
    if made["refusal"] is not None:
        refusal = made["refusal"]
        return f"No {kind}: {refusal['message']} {refusal['remedy']}".strip()
    worked = made["replicates"] - made["failed"]
    if kind == "bootstrap":
        intervals = "; ".join(
            f"{term['term']} {term['conf_low']:.3f} to {term['conf_high']:.3f}"
            for term in made["terms"]
        )
        return (
            f"95 % percentile intervals of {worked} bootstrap samples (seed "
            f"{made['seed']}): {intervals}."
        )
    return (
        f"Permutation test of {made['of']}: p = {made['p_value']:.3f} by {worked} "
        f"permutations (seed {made['seed']})."
    )
