"""Bootstrap and permutation of a model, from the replicates of all pieces, as plain data."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from analysis.estimation.estimates import Floats
from analysis.estimation.resampling import permutation_p, spread
from analysis.pipeline.estimating import Finding, Replicated, place_of
from analysis.pipeline.imputed import Found
from analysis.pipeline.pieces import Piece
from analysis.refusals import Refusal
from analysis.specification.model import Specification

Findings = Sequence[tuple[Piece, Finding | Refusal]]


def resampled(
    specification: Specification, found: Found, place: int, findings: Findings
) -> dict[str, Any]:
    """Bootstrap and permutation of a model as plain data, each with why it failed, if it did."""
    told: dict[str, Any] = {}
    for kind, tell in (("bootstrap", _bootstrap), ("permutation", _permutation)):
        parts = [each for piece, each in findings if (piece.kind, piece.place) == (kind, place)]
        if not parts:
            continue
        try:
            told[kind] = {**tell(specification, found, values_of(parts)), "refusal": None}
        except Refusal as refusal:
            told[kind] = {"refusal": refusal.document()}
    return told


def values_of(parts: Iterable[Finding | Refusal]) -> Floats:
    """(R, k) of all replicates in the order of their numbers. Raises: the first Refusal."""
    values = []
    for part in parts:
        if isinstance(part, Refusal):
            raise part
        assert isinstance(part, Replicated)  # noqa: S101 -- what such a piece finds
        values.append(part.values)
    return np.vstack(values)


def _bootstrap(specification: Specification, found: Found, values: Floats) -> dict[str, Any]:
    assert specification.bootstrap is not None  # noqa: S101 -- its pieces were cut from it
    made = spread(values)
    return {
        "replicates": len(values),
        "failed": made.failed,
        "seed": specification.bootstrap.seed,
        "terms": [
            {"term": term, "std_error": error, "conf_low": low, "conf_high": high}
            for term, error, (low, high) in zip(
                found.fit.estimates.terms,
                made.std_errors.tolist(),
                made.intervals.tolist(),
                strict=True,
            )
        ],
    }


def _permutation(specification: Specification, found: Found, values: Floats) -> dict[str, Any]:
    asked = specification.permutation
    assert asked is not None  # noqa: S101 -- its pieces were cut from it
    estimates = found.fit.estimates
    observed = float(estimates.statistics[place_of(asked.of, estimates)])
    failed = int((~np.isfinite(values[:, 0])).sum())
    if failed == len(values) or not np.isfinite(observed):
        raise Refusal(
            "no_permutation",
            f"{asked.of} has no t in the model or in any of its {len(values)} permutations, so "
            "there is nothing to hold against each other.",
            "Leave out what fits the outcome perfectly, or the permutation.",
        )
    return {
        "of": asked.of,
        "replicates": len(values),
        "failed": failed,
        "seed": asked.seed,
        "statistic": observed,
        "p_value": permutation_p(observed, values[:, 0]),
    }
